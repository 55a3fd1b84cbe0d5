"""The pulse's screens and messages: within Slack's limits, from the catalogue, and with nothing in them that is hidden."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.identity.installation import Mode
from bot.core.pulse.instrument import Instrument, Item, Kind, load
from bot.core.pulse.records import Side
from bot.core.pulse.results import EVERYBODY, About, Change, Figure, Named, Results
from bot.core.refusal import Refusal
from bot.slack.pulse import answer_views, desk_views, result_views, views
from bot.words import Words
from tests.slack.limits import check_blocks, check_message, check_view, hostile, past_the_catalogue, texts

WORDS = Words.of("en")
AT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
OURS = load()
IDS = st.integers(1, 2**63 - 1)


def figure(n: int = 23) -> Figure:
    return Figure(n, {"2": 3, "4": 8, "6": n - 11}, 4.64, 4.1, 5.18)


def results(**changed: object) -> Results:
    named = (
        Named(EVERYBODY, ""),
        Named("f1", "Support", function=1),
        Named("t2", "Phones", team=True, function=1),
    )
    items = {item.id: {EVERYBODY: figure(), "f1": figure(12)} for item in OURS.page(1, Kind.AGREE)}
    items["D1"] = {EVERYBODY: Figure(20, {"raised": 15, "saw_none": 5}, ranges={"raised": (0.531, 0.888)})}
    change = Change(20, 23, 0.36, -0.1, 0.82, 0.62, 0.2)
    made = {
        "invited": 40,
        "answered": 23,
        "intervals": True,
        "figures_from": 5,
        "groups": named,
        "items": items,
        "about": (About(1, "Support", 2, "Platform", {"C1": figure(8)}),),
        "about_from": "2026-12-09",
        "texts": {},
        "changes": {"A1": {EVERYBODY: change}},
        "linked": {"A1": Figure(19, {}, 1.0, 0.5, 1.5)},
        "rate_moved": True,
    }
    return Results(**{**made, **changed})  # type: ignore[arg-type]


def said(view: object) -> str:
    return "\n".join(texts(view))


def test_results_say_how_many_where_it_may_lie_and_how_it_changed() -> None:
    seen = result_views.Seen(7, AT, OURS, results(), about=results().about)
    form = result_views.results_form(WORDS, seen)
    check_view(form)
    text = said(form)
    assert "23 of 40 answered" in text
    assert "4.6 of 7 (from 4.1 to 5.2), 23 answers" in text
    assert "rather agree 52 %, in between 35 %, rather not 13 %" in text
    assert "Since the last time: +0.4 (between −0.1 and +0.8)" in text
    assert "higher in 62 % of cases, lower in 20 %" in text
    assert "Of the 19 who chose to be compared: +1.0 (between +0.5 and +1.5)" in text
    assert "by over 15 points" in text
    assert "not a validated scale" in text
    assert "*Platform and Support*" in text
    assert "• Support says of Platform: 4.6 of 7" in text
    assert "I saw one and raised it: 75 % (from 53 % to 89 %)" in text
    assert "significant" not in text


def test_whoever_is_asked_hears_how_many_questions_there_really_are() -> None:
    ours = len(OURS.page(1))
    assert ours == 11, "nine statements, and whether something was seen and not raised, and why"
    assert "11 questions, 3 minutes, until" in views.invite(WORDS, 7, AT, ours)[0]
    assert "1 question, 1 minute, until" in views.invite(WORDS, 7, AT, 1)[0]
    assert said(answer_views.first_page(WORDS, 7, OURS, None, AT)).count("3 minutes. Leave out") == 1


def test_another_cut_shows_that_group_and_says_what_is_hidden() -> None:
    form = result_views.results_form(WORDS, result_views.Seen(7, AT, OURS, results(), "f1", results().about))
    text = said(form)
    assert "12 answers" in text
    assert "Not shown: too few here" in text
    assert "says of Platform" not in text, "what has no cut stands with everybody"
    listed = [each["text"]["text"] for each in form["blocks"][1]["accessory"]["options"]]
    assert listed == ["Everybody who was asked", "Support", "Team Phones"]


def test_results_begin_with_what_was_found_and_caveats_come_after_it() -> None:
    agree = OURS.page(1, Kind.AGREE)
    turned = next(item for item in agree if item.reversed)
    plain = [item for item in agree if not item.reversed]
    figures = {item.id: {EVERYBODY: Figure(20, {}, 4.0, 3.5, 4.5)} for item in agree}
    figures[plain[0].id] = {EVERYBODY: Figure(20, {}, 6.0, 5.5, 6.5)}
    figures[turned.id] = {EVERYBODY: Figure(20, {}, 6.5, 6.0, 7.0)}  # agreeing is the harder news here
    form = result_views.results_form(WORDS, result_views.Seen(7, AT, OURS, results(items=figures)))
    check_view(form)
    first, second = form["blocks"][0]["text"]["text"].splitlines()[:2]
    assert plain[0].text in first
    assert "6.0 of 7 (from 5.5 to 6.5), 20 answers" in first
    assert turned.text in second
    assert "6.5 of 7" in second
    texts_ = said(form)
    last_item = max(texts_.rindex(item.text) for item in agree)
    assert texts_.index("not a validated scale") > last_item
    hidden = result_views.Seen(7, AT, OURS, results(items=figures), "f1")
    top = result_views.results_form(WORDS, hidden)["blocks"][0]["text"]["text"]
    assert top.startswith("*Closed on"), "a group whose figures are held back gets no finding"


def test_a_wave_with_four_answers_says_so_without_the_four() -> None:
    few = results(answered=None, items={}, groups=(), about=(), changes={}, linked={}, rate_moved=False)
    form = result_views.results_form(WORDS, result_views.Seen(7, AT, OURS, few))
    check_view(form)
    assert "Fewer than 5 of the 40 who were asked" in said(form)
    assert len(form["blocks"]) == 2


def test_two_functions_stand_together_with_both_directions_and_nothing_that_only_eyes_can_read() -> None:
    both = (
        About(1, "Support", 2, "Platform & <Core>", {"C1": figure(8), "C2": figure(7)}),
        About(2, "Platform & <Core>", 1, "Support", {"C2": figure(9)}),
        About(1, "Support", 3, "Legal", {"C1": figure(6)}),
    )
    seen = result_views.Seen(7, AT, OURS, results(about=both), about=both)
    form = result_views.results_form(WORDS, seen)
    check_view(form)
    texts = [block["text"]["text"] for block in form["blocks"] if "text" in block]
    pair = next(text for text in texts if text.startswith("*Platform &amp; &lt;Core&gt; and Support*"))
    asked = {item.id: item.text for item in OURS.items}
    lines = pair.splitlines()
    assert lines[1] == f"_{asked['C1']}_"
    assert lines[2].startswith("• Support says of Platform &amp; &lt;Core&gt;: ")
    assert lines[3] == f"_{asked['C2']}_"
    assert [line.split(" says")[0] for line in lines[4:]] == ["• Platform &amp; &lt;Core&gt;", "• Support"]
    assert "8 answers" in lines[2]
    assert any(text.startswith("*Legal and Support*") for text in texts)
    told = pair + next(text for text in texts if text.startswith("*How functions"))
    assert not any(mark in told for mark in "▰▱→")


def test_more_than_a_form_holds_is_said() -> None:
    many = tuple(replace(each, of=number) for number, each in enumerate(results().about * 120, 2))
    form = result_views.results_form(WORDS, result_views.Seen(7, AT, OURS, results(about=many), about=many))
    check_view(form)
    assert "There is more than fits here." in said(form)


def test_without_the_libraries_results_say_what_is_missing() -> None:
    plain = {item: {EVERYBODY: Figure(9, {"4": 9}, 4.0)} for item in ("A1",)}
    bare = results(intervals=False, items=plain, changes={}, linked={})
    text = said(result_views.results_form(WORDS, result_views.Seen(7, AT, OURS, bare)))
    assert "install the extra `reports`" in text
    assert "4.0 of 7, 9 answers" in text


def test_the_form_has_cant_say_everywhere_and_shows_ones_own_answers_again() -> None:
    form = answer_views.first_page(WORDS, 7, OURS, {"A1": 6, "D2": "harm"}, AT)
    check_view(form)
    menus = [
        block["element"]
        for block in form["blocks"]
        if block["type"] == "input" and "options" in block["element"]
    ]
    assert len(menus) == 11
    assert all(menu["options"][-1]["text"]["text"] == "Can't say" for menu in menus)
    assert all(block["optional"] for block in form["blocks"] if block["type"] == "input")
    assert [menu["initial_option"]["value"] for menu in menus if "initial_option" in menu] == ["6", "harm"]
    assert views.WITHDRAW in json.dumps(form)
    assert views.WITHDRAW not in json.dumps(answer_views.first_page(WORDS, 7, OURS, None, AT))


def test_the_second_page_shows_again_what_was_said_of_functions() -> None:
    mine = {"about": [{"function": 2, "items": {"C1": 5}}]}
    form = answer_views.second_page(WORDS, 7, OURS, mine, [(1, "Legal"), (2, "Platform")])
    check_view(form)
    chosen = [
        block["element"]["initial_option"]["value"]
        for block in form["blocks"]
        if block["type"] == "input" and "initial_option" in block["element"]
    ]
    assert chosen == ["2", "5"]


def test_what_comes_back_of_a_form_is_read_whatever_it_says() -> None:
    def picked(value: str) -> dict[str, object]:
        return {"given": {"selected_option": {"value": value}}}

    state = {
        "q:A1": picked("6"),
        "q:A2": picked("none"),
        "q:D1": picked("raised"),
        "f:0": picked("17"),
        "f:0:C1": picked("3"),
    }
    view = {"state": {"values": state}}
    first = answer_views.read_page(view, OURS, 1)
    assert (first["A1"], first["A2"], first["A3"], first["D1"]) == (6, None, None, "raised")
    second = answer_views.read_page(view, OURS, 2)
    assert second["about"][0] == {"function": 17, "items": {"C1": 3, "C2": None, "C3": None, "C4": None}}
    assert answer_views.read_page({}, OURS, 2)["about"][2]["function"] is None


@pytest.mark.parametrize(
    "value", ["", "steward:1:2", "nobody:1:2:3", "steward:1:2:x", "steward:1:2:3:4", f"steward:1:2:{9:030}"]
)
def test_a_forged_tap_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        views.read_tone(value)
    with pytest.raises(Refusal):
        views.read_wave(f"x{value}")


_ITEMS = st.builds(
    Item,
    id=st.just("X1"),
    page=st.just(1),
    kind=st.sampled_from([Kind.AGREE, Kind.TEXT]),
    text=hostile(300),
    reversed=st.booleans(),
)
_CHOICES = st.builds(
    Item,
    id=st.just("X2"),
    page=st.just(1),
    kind=st.just(Kind.CHOICE),
    text=hostile(300),
    options=st.lists(hostile(75), min_size=2, max_size=20).map(
        lambda all_: tuple((f"o{n}", said) for n, said in enumerate(all_))
    ),
)
_ABOUT = st.builds(Item, id=st.just("X3"), page=st.just(2), kind=st.just(Kind.ABOUT), text=hostile(300))
_ASKS = st.builds(
    Instrument,
    name=hostile(100),
    about=hostile(300),
    least=hostile(60),
    middle=hostile(60),
    most=hostile(60),
    items=st.tuples(_ITEMS, _CHOICES, _ABOUT),
)
_NAMES = st.lists(st.tuples(IDS, hostile(200)), min_size=1, max_size=4, unique_by=lambda each: each[0])


@settings(max_examples=30, deadline=None)
@given(_ASKS, IDS, _NAMES)
def test_forms_of_any_questions_stay_within_slacks_limits(
    asks: Instrument, wave: int, names: list[tuple[int, str]]
) -> None:
    check_view(answer_views.first_page(WORDS, wave, asks, {"X1": 3, "X2": "o1"}, AT))
    check_view(answer_views.second_page(WORDS, wave, asks, None, names))
    check_view(desk_views.plan_form(WORDS, names, names, least=(5, 10), today=AT.date()))
    check_view(desk_views.thresholds_form(WORDS, wave, (7, 12)))


@settings(max_examples=30, deadline=None)
@given(_ASKS, hostile(200), hostile(200), st.lists(hostile(1000), max_size=12))
def test_results_with_any_words_stay_within_slacks_limits(
    asks: Instrument, one: str, other: str, several: list[str]
) -> None:
    groups = (Named(EVERYBODY, ""), Named("f1", one, function=1), Named("f2", other, function=2))
    found = results(
        groups=groups,
        items={"X1": {EVERYBODY: figure()}, "X2": {EVERYBODY: Figure(9, {"o0": 9})}},
        about=(About(1, one, 2, other, {"X3": figure()}),) * 3,
        texts={"X1": tuple(several)},
        changes={},
        linked={},
    )
    check_view(result_views.results_form(WORDS, result_views.Seen(2**62, AT, asks, found, about=found.about)))


@settings(max_examples=30, deadline=None)
@given(st.lists(hostile(200), max_size=40), st.booleans(), hostile(200), IDS)
def test_messages_stay_within_slacks_limits(names: list[str], fell: bool, team: str, ident: int) -> None:
    for message in (
        views.invite(WORDS, ident, AT, len(names)),
        views.reminder(WORDS, ident, AT),
        views.results_ready(WORDS, ident),
        views.tone_message(WORDS, team, ident, ident),
        views.silence(WORDS, [*names, "Legal"], fell=fell),
    ):
        check_message(*message)
    check_blocks(views.rows(WORDS, waiting=(ident, AT), results=(ident, AT)), None)


OVERVIEWS = [
    desk_views.Overview(None, False),
    desk_views.Overview(Mode.OPEN, True, closed=[(number, AT) for number in range(1, 30)]),
    desk_views.Overview(
        Mode.CAREFUL,
        True,
        running=desk_views.Running(7, True, AT, AT),
        offered=(5.1, 4.6, 5.6),
        quiet=["DATA"] * 30,
        fell=True,
        tones={Side.STEWARD: {1: 2, 5: 3}},
    ),
    desk_views.Overview(Mode.CAREFUL, False, running=desk_views.Running(7, False, AT, AT)),
]


@pytest.mark.parametrize("seen", OVERVIEWS)
def test_the_stewards_overview_stays_within_slacks_limits_and_the_catalogue(
    seen: desk_views.Overview,
) -> None:
    check_view(desk_views.overview(WORDS, seen))
    check_view(desk_views.mode_form(WORDS, seen.mode))
    pseudo = Words.pseudo()
    for view in (
        desk_views.overview(pseudo, seen),
        desk_views.mode_form(pseudo, seen.mode),
        desk_views.row(pseudo, seen.mode, ever_run=seen.ever_run),
        desk_views.row(pseudo, seen.mode, ever_run=True, offered=True),
        desk_views.plan_form(pseudo, [(1, "DATA")], [(2, "DATA")], least=(5, 10), today=AT.date()),
        desk_views.thresholds_form(pseudo, 7, (5, 10)),
    ):
        assert past_the_catalogue(view, data=["DATA", "5", "10"]) == []


def test_every_text_for_those_who_are_asked_comes_from_the_catalogue() -> None:
    pseudo = Words.pseudo()
    data = [
        OURS.about,
        *[item.text for item in OURS.items],
        *[said for item in OURS.items for _, said in item.options],
    ]
    data += [OURS.least, OURS.middle, OURS.most, *"1234567", "Support", "Phones", "Platform", "Legal"]
    seen = result_views.Seen(7, AT, OURS, results(), about=results().about)
    figures = [f"{number} %" for number in (75, 25, 0)]
    for view, more in (
        (answer_views.first_page(pseudo, 7, OURS, {"A1": 6}, AT), []),
        (answer_views.second_page(pseudo, 7, OURS, None, [(1, "Legal")]), []),
        (result_views.results_form(pseudo, seen), figures),
    ):
        assert past_the_catalogue(view, data=[*data, *more]) == []
    for text, blocks in (
        views.invite(pseudo, 7, AT, 11),
        views.reminder(pseudo, 7, AT),
        views.results_ready(pseudo, 7),
        views.tone_message(pseudo, "Legal", 7, 8),
        views.silence(pseudo, ["Legal"], fell=True),
    ):
        assert past_the_catalogue(text, data=data) == []
        assert past_the_catalogue(blocks, data=data) == []
