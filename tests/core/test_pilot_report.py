"""What the report says, and above all what it says where the data carry nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import figures
from bot.core.pilot import drawing
from bot.core.pilot.facts_rules import (
    Facts,
    Range,
    Side,
    Stage,
    TeamActed,
    Told,
    Wait,
    by_function,
    crossings,
    funnel,
    leverage,
    total,
)
from bot.core.pilot.kept import read, stored
from bot.core.pilot.page import page
from bot.core.pilot.report import report, said_of
from bot.core.pilot.rules import Call, Changed, Figure, Line, Unit
from bot.core.pilot.sheet import sheet
from bot.core.pilot.shown import Report, Shown, rounded, written
from bot.words import Words
from tests.core.pilots import MONDAY, PILOT, WEEK, facts, nothing, standing, wave, with_one_function

WORDS = Words.of("en")
HEAVY = settings(deadline=None, max_examples=15)


def told(facts: Facts, **more: object) -> Report:
    return report(WORDS, standing(**more), facts, pictures=False)  # type: ignore[arg-type]  # passed on


def figure(of: Report, key: str) -> Shown:
    return next(each for each in of.figures if each.key == key)


def everything(of: Report) -> str:
    """All texts, as somebody reads them."""
    kept = [of.title, *of.lead, *of.cannot, *of.changes, *of.methods, *(said for _, said in of.written)]
    kept += [text for each in of.figures for text in (each.name, each.sentence, each.says)]
    kept += [note for section in of.sections for note in section.notes]
    return "\n".join(kept)


# The bad days


def test_a_wave_with_four_answers_says_nothing_of_a_change() -> None:
    few = replace(facts(), after=wave([4.0, 5.0, 6.0, 7.0]))
    found = figure(told(few), "pulse")
    assert "under five" in found.sentence
    assert (found.value, found.low, found.n) == (None, None, 0)


def test_everybody_in_one_function_draws_no_comparison_of_functions() -> None:
    found = told(with_one_function(facts()))
    sections = {each.key: each for each in found.sections}
    assert "one function" in " ".join(sections["participation"].notes)
    assert sections["participation"].table is None
    assert "No two functions" in " ".join(sections["crossings"].notes)
    assert figure(found, "participation").there


def test_a_pilot_with_no_resolved_problem_says_so_wherever_it_matters() -> None:
    unsolved = replace(
        facts(),
        problems=tuple(replace(each, stage=min(each.stage, Stage.TRIED)) for each in facts().problems),
        given_back=(),
    )
    found = told(unsolved)
    assert "No problem is confirmed as solved" in " ".join(found.cannot)
    assert figure(found, "confirmed").value == 0
    assert "Nobody who raised" in figure(found, "confirmed").sentence
    assert "Nothing can be counted as given back" in figure(found, "hours_given_back").sentence
    # Over, and nobody can still say: nothing for so many hours is an answer.
    assert figure(found, "leverage").call is Call.STOP
    waiting = replace(unsolved, problems=(replace(unsolved.problems[0], asked=True), *unsolved.problems[1:]))
    assert figure(told(waiting), "leverage").call is Call.NOTHING
    assert "Nothing is confirmed yet" in figure(told(waiting), "leverage").sentence


def test_hours_that_nobody_gave_are_not_read_as_nothing_given_back() -> None:
    some = figure(told(replace(facts(), without_hours=3)), "leverage")
    assert (some.low, some.call) == (None, Call.NOTHING)
    assert "at the least" in some.sentence
    found = told(replace(facts(), given_back=(), without_hours=3))
    assert figure(found, "leverage").call is Call.NOTHING
    assert "not one hour can be counted" in figure(found, "hours_given_back").sentence
    assert figure(found, "hours_net").low is None


def test_one_working_day_is_one_and_no_hours_given_back_are_no_range() -> None:
    soon = told(replace(facts(), waits=tuple(Wait(1, True) for _ in range(9))))
    assert "after 1 working day;" in figure(soon, "median_wait").sentence
    nothing_back = figure(told(replace(facts(), given_back=(), without_hours=0)), "leverage")
    assert "no ending was said to have helped" in nothing_back.sentence
    assert (nothing_back.low, nothing_back.high, nothing_back.call) == (0, 0, Call.STOP)


def test_what_did_not_help_is_said_and_is_no_longer_being_tried() -> None:
    tried = tuple(Told(Stage.TRIED, denied=number < 6) for number in range(8))
    found = told(replace(facts(), problems=tried))
    assert "6 did not help." in figure(found, "confirmed").sentence
    assert any(each.startswith("For 2 problems something is being tried") for each in found.cannot)


def test_intervals_that_are_all_huge_answer_no_line_and_the_report_says_so_first() -> None:
    chance = (Wait(1, True), Wait(5, True), Wait(6, True), Wait(2, True), Wait(9, True), Wait(1, True))
    huge = Facts(
        MONDAY,
        MONDAY + 14 * WEEK,
        over=True,
        waits=chance,
        problems=tuple(Told(stage) for stage in (Stage.CONFIRMED, *[Stage.ANSWERED] * 6)),
        teams=tuple(TeamActed("Engineering", bool(n % 2)) for n in range(6)),
        given_back=(Range(1, 50, 400),),
        spent=(Range(10, 30, 50),),
        tone={Side.STEWARDS: {1: 3, 5: 3}},
        cost={"no": 4, "little": 1, "yes": 1},
    )
    found = told(huge)
    assert {each.call for each in said_of(found)} == {Call.OPEN}
    assert any("No line can be answered" in each for each in found.lead)
    assert "says next to nothing" in figure(found, "participation").sentence
    assert "too wide" in figure(found, "tone").sentence
    assert "can't be told" in figure(found, "leverage").sentence


def test_a_year_of_data_reads_like_eight_weeks() -> None:
    long = replace(PILOT, intake_weeks=46)
    found = told(facts(problems=6_000, weeks=52), definition=long, weeks=52)
    assert "52 of 52 whole weeks" in found.lead[0]
    low, high = figure(found, "answered_in_time").low, figure(found, "answered_in_time").high
    assert low is not None
    assert high is not None
    assert high - low < 0.03
    table = next(each.table for each in found.sections if each.key == "answers")
    assert table is not None
    assert len(table.rows) <= 12


def test_nothing_at_all_is_a_report_too() -> None:
    found = told(nothing())
    assert {each.call for each in said_of(found)} == {Call.NOTHING}
    assert all(not each.there for each in found.figures if each.unit is not Unit.HOURS)
    assert "Silence is a question" in " ".join(found.cannot)
    assert "No contact" in " ".join(found.cannot)
    page(WORDS, found)
    sheet(found)


def test_waves_whose_change_would_tell_of_a_few_are_not_compared() -> None:
    given = facts()
    assert given.after is not None
    found = told(replace(given, after=replace(given.after, counts={})))
    assert "can't be compared" in figure(found, "pulse").sentence
    assert figure(found, "pulse").low is None
    assert not next(each for each in found.sections if each.key == "pulse").table


# What it says


def test_what_was_written_down_is_read_back_and_changes_are_shown_as_changes() -> None:
    change = Changed("tone", "3.5 2.5", "4 2", "We know better.", MONDAY + WEEK)
    found = told(facts(), definition=PILOT)
    assert ("The question", "Does it help?") in found.written
    assert "Judging people" in dict(found.written).values()
    assert found.changes == []
    lines = dict(found.written)["Lines"].splitlines()
    assert len(lines) == len(PILOT.lines)
    assert f"<dd><ul><li>{lines[0]}</li><li>{lines[1]}</li>" in page(WORDS, found)
    found = report(WORDS, standing(change), facts(), pictures=False)
    (change_said,) = found.changes
    assert change_said == (
        "30 November 2026: how contacts felt, 1 to 5, “continue from 3.5, stop at 2.5 or less” became "
        "“continue from 4.0, stop at 2.0 or less”. We know better."
    )


def test_every_figure_has_its_number_its_interval_and_a_sentence() -> None:
    found = told(facts())
    keys = {each.key for each in found.figures}
    assert {each.value for each in Figure} <= keys
    for each in found.figures:
        assert each.there, each.key
        assert each.n > 0, each.key
        assert len(each.sentence) > 20, each.key
        if each.value is not None:
            assert each.low is not None
            assert each.high is not None
            assert each.low <= each.value <= each.high, each.key


def test_leverage_is_never_a_single_number() -> None:
    found = figure(told(facts()), "leverage")
    assert found.value is None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.high
    given, spent = total(facts().given_back), total(facts().spent) + total(facts().costs)
    assert (found.low, found.high) == (given.low / spent.high, given.high / spent.low)
    assert "guess" in figure(told(replace(facts(), spent=())), "leverage").sentence


def test_it_never_says_what_we_never_say() -> None:
    for each in (facts(), nothing(), with_one_function(facts())):
        said = everything(told(each))
        assert not re.search(r"significan|p-value|p =|\d\.\d\d|rank|best team|worst", said, re.IGNORECASE)


def test_stop_is_said_as_plainly_as_continue() -> None:
    late = replace(facts(), waits=tuple(Wait(20, True) for _ in range(60)))
    found = told(late)
    assert figure(found, "answered_in_time").call is Call.STOP
    assert any("respectable" in each for each in found.lead)
    soon = told(replace(facts(), waits=tuple(Wait(1, True) for _ in range(60))))
    assert figure(soon, "answered_in_time").call is Call.CONTINUE


def test_those_who_still_wait_count_as_waiting() -> None:
    # Ten answered at once, ninety who have waited one day only: nobody knows yet.
    young = replace(facts(), waits=(Wait(1, True),) * 10 + (Wait(1, False),) * 90)
    found = figure(told(young), "answered_in_time")
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.value < 0.2
    assert "90 still wait" in found.sentence
    # The same after a week: then it is known.
    old = figure(
        told(replace(young, waits=(Wait(1, True),) * 10 + (Wait(6, False),) * 90)), "answered_in_time"
    )
    assert old.value == pytest.approx(0.1)


def test_a_moved_response_rate_is_said() -> None:
    moved = replace(facts(), after=wave([4.0, 5.0, 6.0] * 13, invited=200))
    assert "other people may have answered" in figure(told(moved), "pulse").sentence
    assert "other people" not in figure(told(facts()), "pulse").sentence


def test_texts_come_from_the_catalogue() -> None:
    found = report(Words.pseudo(), standing(), facts(), pictures=False)
    for text in (*found.lead, *found.cannot, *found.methods, *(each.sentence for each in found.figures)):
        assert text.startswith("⟦"), text


# Small groups


@HEAVY
@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.booleans()), max_size=40))
def test_no_function_with_fewer_than_five_teams_is_shown_or_can_be_worked_out(
    teams: list[tuple[str, bool]],
) -> None:
    given = [TeamActed(name, acted) for name, acted in teams]
    shown = by_function(given, "others")
    sizes = {name: sum(team.function == name for team in given) for name in "ABCDE"}
    for name, (acted, there) in shown.items():
        assert there >= 5
        assert acted <= there
        assert name == "others" or sizes[name] == there
    if shown:
        # What the whole leaves over is shown itself, or there is nothing left.
        assert sum(there for _, there in shown.values()) == len(given)


def test_pairs_under_three_are_blank() -> None:
    pair, other = frozenset({"A", "B"}), frozenset({"A", "C"})
    problems = [Told(Stage.RAISED, crosses=pair)] * 3 + [Told(Stage.RAISED, crosses=other)] * 2
    assert crossings(problems) == (("A", "B"), {("A", "B"): 3})


@given(st.lists(st.sampled_from(Stage)))
def test_the_funnel_never_widens(stages: list[Stage]) -> None:
    counts = list(funnel([Told(stage) for stage in stages]).values())
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(stages)


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0.1, 1e4))
def test_ranges_stay_ranges(a: float, b: float, c: float, d: float) -> None:
    one, other = Range.of(*sorted((a, b))), Range.of(*sorted((c, d)))
    for made in (one + other, one - other, one.times(3)):
        assert made.low <= made.high
    found = leverage(one, other)
    assert found is None or found[0] <= found[1]


def test_numbers_are_no_finer_than_they_are_known() -> None:
    assert [rounded(hours) for hours in (0, 0.4, 9.6, 44.4, 1234, -29.3)] == [
        *("0", "0", "10", "44", "1\u202f200", "\u221229")
    ]
    assert written(0.666, Unit.SHARE) == "67\u00a0%"
    assert (written(3.04, Unit.DAYS), written(2.5, Unit.DAYS)) == ("3", "2.5")


@pytest.mark.parametrize("given", [facts(), nothing(), facts(problems=3, over=False)])
def test_what_is_kept_for_a_week_is_what_was_counted(given: Facts) -> None:
    again = read(json.loads(json.dumps(stored(given))))
    assert Counter(again.problems) == Counter(given.problems)
    assert (again.starts, again.counted_to, again.over) == (given.starts, given.counted_to, given.over)
    assert told(again).figures == told(given).figures


# The files


class Read(HTMLParser):
    """What a screen reader meets, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.alts: list[str | None] = []
        self.captions = self.tables = 0
        self.ids: list[str] = []
        self.links: list[str] = []
        self.lang: str | None = None
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("meta", "img"):
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img":
            self.alts.append(given.get("alt"))
            self.sources.append(given.get("src") or "")
        if tag == "html":
            self.lang = given.get("lang")
        self.captions += tag == "caption"
        self.tables += tag == "table"
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append((given.get("href") or "").removeprefix("#"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_one_file_that_reads_aloud_in_order() -> None:
    found = report(WORDS, standing(), facts())
    text = page(WORDS, found)
    seen = Read()
    seen.feed(text)
    assert seen.open == []
    assert seen.lang == "en"
    assert seen.headings[0] == 1
    assert seen.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(seen.headings, seen.headings[1:], strict=False))
    assert len(seen.alts) == len(found.pictures) == 7
    assert all(alt and len(alt) > 40 for alt in seen.alts)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in seen.sources)
    assert seen.tables == seen.captions > 4
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.links) <= set(seen.ids)
    assert not re.search(r"https?://", re.sub(r"data:image/svg\+xml;base64,[\w+/=]+", "", text))
    for picture in found.pictures:
        assert picture.png.startswith(b"\x89PNG")
    again = report(WORDS, standing(), facts())
    assert page(WORDS, again) == text  # the same facts are the same file


def test_hostile_words_stay_words() -> None:
    evil = "<script>alert(1)</script>\"' & $x^2$ \u202e 大丈夫"
    definition = replace(PILOT, question=evil, decides=evil, not_used_for=evil)
    given = replace(
        facts(), teams=tuple(replace(each, function=evil + each.function) for each in facts().teams)
    )
    found = report(WORDS, standing(definition=definition), given)
    text = page(WORDS, found)
    assert "<script" not in text
    seen = Read()
    seen.feed(text)
    assert seen.open == []


def test_the_sheet_holds_every_shown_figure_and_no_formula() -> None:
    named = replace(
        facts(), teams=tuple(replace(each, function="=cmd|" + each.function) for each in facts().teams)
    )
    found = told(named)
    rows = list(csv.reader(io.StringIO(sheet(found))))
    assert rows[0][:5] == ["part", "figure", "value", "low", "high"]
    kept = {row[1]: row for row in rows[1 : 1 + len(found.figures)]}
    assert set(kept) == {each.key for each in found.figures}
    assert kept["leverage"][2] == ""
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    assert [row for row in rows if row[:2] == ["participation", "'=cmd|Engineering"]]


# Without the extra


def test_without_the_libraries_it_is_said_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "find_spec", lambda _name: None)
    found = report(WORDS, standing(), facts())
    assert found.pictures == []
    assert "without the extra" in page(WORDS, found)
    monkeypatch.setattr(figures, "find_spec", lambda _name: None)
    with pytest.raises(figures.MissingLibraries):
        told(facts())


def test_lines_that_were_not_drawn_call_nothing() -> None:
    found = told(facts(), definition=replace(PILOT, lines={Figure.TONE: Line(4.0, 2.0)}))
    assert [each.key for each in said_of(found)] == ["tone"]
