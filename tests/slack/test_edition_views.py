"""An edition as its channel reads it: short, in plain words, whole within Slack's limits."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.editions.queries import PARTS, Composed, Line, Told
from bot.core.editions.records import Section
from bot.core.editions.rules import Moved
from bot.core.problems.breadth_rules import Breadth
from bot.core.problems.rules import Ownership, Verdict
from bot.slack.editions.fitting import length
from bot.slack.editions.preview import Coming, preview
from bot.slack.editions.thread_views import edition_thread
from bot.slack.editions.views import edition_message, metadata, week
from bot.words import Words
from tests.slack.limits import buttons, check_message, hostile, past_the_catalogue, texts
from tests.slack.test_cards import BARE, FULL, findings

EN = Words.of("en")
COMMAND = "/problem"
MOST = {
    Section.LEAD: 5,
    Section.NEW: 10,
    Section.REVIEW: 5,
    Section.LEAST_SEEN: 1,
    Section.WAITING_ON_ONE: 5,
    Section.STILL_THERE: 5,
    Section.DONE: 1,
}


@dataclass(frozen=True)
class Head:
    period: str = "2026-W47"
    late: bool = False
    due_at: dt.datetime = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def told(**changed: Any) -> Told:
    base = Told(
        moved=Moved(answered=2, solved=1, new=4),
        quiet=False,
        rest=0,
        more_new=0,
        more_decisions=0,
        more_waiting_on_one=0,
        oldest_waiting=3,
    )
    return replace(base, **changed)


FIRST = Line(Section.LEAD, 1, 101, 12, "Customers hear about releases from us last", finding=FULL, by="score")
SECOND = Line(
    Section.LEAD,
    2,
    102,
    9,
    "Two dashboards, two numbers of active users",
    finding=replace(
        FULL,
        likely=True,
        teams=Breadth.SEVERAL,
        functions=Breadth.TWO,
        needed_low=2,
        needed_high=5,
        ownership=Ownership.CONTESTED,
        attempts=0,
        came_back=0,
        mechanism=None,
        hours=None,
    ),
    by="hours",
)
NEW = Line(
    Section.NEW,
    1,
    103,
    14,
    "Four survey tools, no shared contact limit",
    finding=replace(BARE, teams=Breadth.ONE),
)
MISSED = Line(Section.LEAST_SEEN, 1, 104, 5, "Flags are never removed", finding=replace(FULL, hours=None))
WAITING = Line(
    Section.WAITING_ON_ONE,
    1,
    105,
    7,
    "Reviews by Legal take three weeks",
    finding=replace(
        FULL,
        verdict=Verdict.ONE_OWNER_MANY_WAITING,
        needed_low=1,
        needed_high=1,
        ownership=Ownership.ONE_TEAM,
        attempts=0,
        came_back=0,
        mechanism=None,
    ),
)
DONE = Line(Section.DONE, 1, 106, 2, "Event names", finding=FULL)
WHOLE = Composed(told(rest=6, more_new=3), (FIRST, SECOND, NEW, MISSED, WAITING, DONE))
QUIET = Composed(told(moved=Moved(0, 0, 0), quiet=True), ())


def said(blocks: list[dict[str, Any]]) -> str:
    """Sections and contexts as they are read; buttons in brackets."""
    lines = []
    for block in blocks:
        pressed = " ".join(f"[{b['text']['text']}]" for b in buttons(block))
        read = "\n".join(words for words in texts(block) if f"[{words}]" not in pressed)
        lines.append(" ".join(each for each in (read, pressed) if each))
    return "\n".join(lines)


# Read aloud: whoever changes the words sees it here.


def test_a_full_edition_reads_like_this() -> None:
    text, blocks = edition_message(EN, Head(), WHOLE, command=COMMAND)
    assert said(blocks) == (
        "What no single team can solve · week 47\n"
        "Since last week: two answered, one solved, four new.\n"
        "*1. Customers hear about releases from us last.* Many teams in several functions feel it; 3 to 4 teams "
        "would have to change; nobody owns it; tried twice; came back. Why it stays: nobody gains enough alone. "
        "About 30 to 60 hours a week.\n"
        "[Hits us too] [Details] [We can help]\n"
        "*2. Two dashboards, two numbers of active users.* Likely no single team: several teams in two functions "
        "feel it; 2 to 5 teams would have to change; teams see it differently whose it is.\n"
        "[Hits us too] [Details] [We can help]\n"
        "*You said, we did.* Event names: whoever raised it says that it is solved.\n"
        "6 more need more than one team; my Home tab shows them.\n"
        "In the thread: new, one you may have missed, one owner with many waiting, how long the oldest has "
        "waited."
    )
    assert text == "\n".join(
        line for line in said(blocks).replace("*", "").split("\n") if not line.startswith("[")
    )


def test_its_thread_reads_like_this() -> None:
    assert WHOLE.parts() == [1, 2]
    assert len(WHOLE.parts()) == 2
    text, blocks = edition_thread(EN, WHOLE, 1)
    assert said(blocks) == (
        "*New*\n"
        "*Four survey tools, no shared contact limit*\n"
        "Too early to tell: one team feels it. It takes one more person whom it hits, or the word of another "
        "team that it doesn't.\n"
        "[Hits us too] [Details]\n"
        "3 more do not fit here; my Home tab shows them."
    )
    assert text == (
        "New:\n"
        "Four survey tools, no shared contact limit\n"
        "Too early to tell: one team feels it. It takes one more person whom it hits, or the word of another "
        "team that it doesn't.\n"
        "3 more do not fit here; my Home tab shows them."
    )
    _, blocks = edition_thread(EN, WHOLE, 2)
    assert said(blocks) == (
        "*One you may have missed*\n"
        "*Flags are never removed*\n"
        "No single team: many teams in several functions feel it; 3 to 4 teams would have to change; nobody owns "
        "it; tried twice; came back. Why it stays: nobody gains enough alone.\n"
        "[Hits us too] [Details]\n"
        "*One owner, many waiting*\n"
        "*Reviews by Legal take three weeks*\n"
        "Many teams in several functions feel it; one team would have to change; one team owns it. About 30 to "
        "60 hours a week. [Details]\n"
        "Oldest without an answer: up to 3 working days."
    )


def test_a_quiet_week_is_one_short_line() -> None:
    text, blocks = edition_message(EN, Head("2026-W48"), QUIET, command=COMMAND)
    assert said(blocks) == (
        "*Week 48.* Nothing new that needs more than one team. Oldest without an answer: up to 3 working days. "
        "Something in your way? `/problem`"
    )
    assert text == said(blocks).replace("*", "")
    assert len(blocks) == 1
    assert len(QUIET.parts()) == 0


def test_a_quiet_week_with_something_new_says_where_it_is() -> None:
    quiet = replace(QUIET, lines=(NEW,))
    _, blocks = edition_message(EN, Head(), quiet, command=COMMAND)
    assert said(blocks).endswith("`/problem`\nIn the thread: new.")


def test_a_late_edition_a_note_and_a_correction_say_so() -> None:
    noted = replace(WHOLE, note="Thank you for *forty* stories <!channel>.")
    text, blocks = edition_message(
        EN, Head(late=True), noted, command=COMMAND, correction="The second title was changed."
    )
    whole = said(blocks)
    assert "Corrected after it was posted: The second title was changed." in whole
    assert (
        "This edition is late: it was due on <!date^1794819600^{date_long_pretty}|16 November 2026>." in whole
    )
    assert (
        "From the stewards: Thank you for \u2060*\u2060forty\u2060*\u2060 stories &lt;!channel&gt;." in whole
    )
    assert "This edition is late" in text
    check_message(text, blocks)


@pytest.mark.parametrize(
    ("moved", "line"),
    [
        (Moved(0, 0, 0), "Since last week: nothing has moved."),
        (Moved(0, 0, 1), "Since last week: one new."),
        (Moved(13, 0, 12), "Since last week: 13 answered, twelve new."),
    ],
)
def test_the_first_line_says_what_moved(moved: Moved, line: str) -> None:
    text, _ = edition_message(EN, Head(), replace(WHOLE, told=told(moved=moved)), command=COMMAND)
    assert text.split("\n")[1] == line


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (0, "Oldest without an answer: from this week."),
        (1, "Oldest without an answer: up to 1 working day."),
        (12, "Oldest without an answer: up to 12 working days."),
    ],
)
def test_the_last_line_says_how_long_the_oldest_has_waited(days: int, line: str) -> None:
    _, blocks = edition_thread(EN, Composed(told(oldest_waiting=days), (FIRST,)), 2)
    assert said(blocks) == line


def test_a_title_that_asks_gets_no_full_stop() -> None:
    lead = replace(FIRST, title="Who owns the glossary?")
    text, _ = edition_message(EN, Head(), Composed(told(), (lead,)), command=COMMAND)
    assert "1. Who owns the glossary? Many teams" in text


def test_a_stewards_sentence_stands_with_what_it_decided() -> None:
    lead = replace(FIRST, because="Three teams share the calendar.")
    text, _ = edition_message(EN, Head(), Composed(told(), (lead,)), command=COMMAND)
    assert "The stewards place it here: “Three teams share the calendar.”" in text


def test_a_part_that_has_nothing_to_say_is_an_error_of_the_sender() -> None:
    for part in (0, 1, 3):
        with pytest.raises(ValueError, match="nothing to say"):
            edition_thread(EN, Composed(told(), (FIRST,)), part)


def test_the_mark_of_an_edition_is_an_opaque_id() -> None:
    assert metadata(2**62) == {
        "event_type": "groundswell_edition",
        "event_payload": {"edition": "4611686018427387904"},
    }


@pytest.mark.parametrize(("period", "number"), [("2026-W47", "47"), ("2026-W05", "5"), ("2026-W53", "53")])
def test_the_week_is_said_as_people_say_it(period: str, number: str) -> None:
    assert week(Head(period)) == number


# Whatever it holds


@st.composite
def editions(draw: st.DrawFn) -> Composed:
    lines = []
    for section, most in MOST.items():
        # The two ends are where a limit breaks.
        for position in range(1, draw(st.sampled_from([0, 1, most])) + 1):
            lines.append(
                Line(
                    section,
                    position,
                    draw(st.integers(1, 2**63 - 1)),
                    draw(st.integers(1, 2**31 - 1)),
                    draw(hostile(200)),
                    finding=draw(st.none() | findings()),
                    because=draw(st.none() | hostile(3000)),
                )
            )
    counts = st.sampled_from([0, 1, 10_000])
    numbers = Told(
        moved=Moved(draw(counts), draw(counts), draw(counts)),
        quiet=not any(line.section in (Section.LEAD, Section.DONE) for line in lines),
        rest=draw(counts),
        more_new=draw(counts),
        more_decisions=draw(counts),
        more_waiting_on_one=draw(counts),
        oldest_waiting=draw(st.none() | counts),
    )
    return Composed(numbers, tuple(lines), draw(st.none() | hostile(500)))


heads = st.builds(Head, late=st.booleans())


def test_the_thread_asks_whether_it_is_still_there_and_says_how_to_answer() -> None:
    stale = Line(Section.STILL_THERE, 1, 107, 3, "The newsletter that six teams write")
    quiet = replace(QUIET, lines=(stale,))
    assert (
        "In the thread: what may not be there any more."
        in edition_message(EN, Head(), quiet, command=COMMAND)[0]
    )
    text, blocks = edition_thread(EN, quiet, 2)
    asked = "Nobody has spoken of these for a while, so from today they rest. If one still hits you, say so: that wakes it."
    assert text.split("\n") == ["Still there?", asked, "The newsletter that six teams write"]
    assert asked in said(blocks)
    assert [button["text"]["text"] for button in buttons(blocks)] == ["Hits us too", "Details"]


@settings(deadline=None, max_examples=60)
@given(editions(), heads, st.none() | hostile(3000))
def test_any_edition_fits(composed: Composed, head: Head, correction: str | None) -> None:
    text, blocks = edition_message(EN, head, composed, command=COMMAND, correction=correction)
    check_message(text, blocks)
    for part in composed.parts():
        check_message(*edition_thread(EN, composed, part))


@pytest.mark.parametrize("typed", ["&", "x", "*", "ﷺ", "👩‍👩‍👧‍👦"])
def test_the_fullest_edition_fits(typed: str) -> None:
    long = (typed * 3000)[:3000]
    lines = [
        Line(section, position, 100 + position, 7, long[:200], finding=FULL, because=long)
        for section, most in MOST.items()
        for position in range(1, most + 1)
    ]
    full = Composed(
        told(rest=9, more_new=9, more_decisions=9, more_waiting_on_one=9), tuple(lines), long[:500]
    )
    check_message(*edition_message(EN, Head(late=True), full, command=COMMAND, correction=long))
    for part in full.parts():
        check_message(*edition_thread(EN, full, part))


@settings(deadline=None, max_examples=30)
@given(editions())
def test_every_problem_of_an_edition_can_be_pressed_where_it_stands(composed: Composed) -> None:
    _, blocks = edition_message(EN, Head(), composed, command=COMMAND)
    for part in composed.parts():
        blocks = [*blocks, *edition_thread(EN, composed, part)[1]]
    pressed = {button["value"] for button in buttons(blocks)}
    sections = {Section.LEAD, *[section for part in PARTS for section in part]}
    assert pressed == {str(line.problem) for line in composed.lines if line.section in sections}


@settings(deadline=None, max_examples=30)
@given(editions())
def test_the_top_level_text_names_every_problem(composed: Composed) -> None:
    marked = replace(
        composed,
        lines=tuple(replace(line, title=f"T{number}x") for number, line in enumerate(composed.lines)),
    )
    text, _ = edition_message(EN, Head(), marked, command=COMMAND)
    for part in marked.parts():
        text += "\n" + edition_thread(EN, marked, part)[0]
    named = set(re.findall(r"T\d+x", text))
    sections = {Section.LEAD, Section.DONE, *[section for part in PARTS for section in part]}
    assert named == {line.title for line in marked.lines if line.section in sections}


@settings(deadline=None, max_examples=30)
@given(editions())
def test_nobody_is_named_or_linked(composed: Composed) -> None:
    text, blocks = edition_message(EN, Head(), composed, command=COMMAND)
    assert not re.search(r"<@|<#|https?://\w", text + "".join(texts(blocks)))


@settings(deadline=None, max_examples=30)
@given(editions())
def test_every_text_comes_from_the_catalogue(composed: Composed) -> None:
    pseudo = Words.pseudo()
    bare = replace(
        composed,
        note=composed.note and "DATA",
        lines=tuple(replace(line, title="DATA", because=line.because and "DATA") for line in composed.lines),
    )
    text, blocks = edition_message(pseudo, Head(late=True), bare, command=COMMAND)
    assert past_the_catalogue(blocks, data=["DATA"]) == []
    assert past_the_catalogue(text, data=["DATA"]) == []
    for part in bare.parts():
        text, blocks = edition_thread(pseudo, bare, part)
        assert past_the_catalogue(blocks, data=["DATA"]) == []
        assert past_the_catalogue(text, data=["DATA"]) == []


# The preview


@settings(deadline=None, max_examples=25)
@given(editions())
def test_any_preview_fits_and_can_not_be_pressed(composed: Composed) -> None:
    coming = Coming("2026-W48", dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    text, blocks = preview(EN, coming, composed, command=COMMAND)
    check_message(text, blocks)
    assert buttons(blocks) == []


def test_a_preview_shows_the_message_and_its_thread() -> None:
    coming = Coming("2026-W48", dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    text, blocks = preview(EN, coming, WHOLE, command=COMMAND)
    assert text.startswith(
        "Only you see this: the edition of <!date^1795424400^{date_long}|23 November 2026> as it would be now. "
        "What people say until then changes it.\nWhat no single team can solve · week 48"
    )
    whole = said(blocks)
    for line in WHOLE.lines:
        assert line.title in text
        assert line.title in whole


def test_a_preview_says_what_it_has_no_room_for() -> None:
    lines = [replace(NEW, position=n, problem=n, title="&" * 200) for n in range(1, 11)]
    lines += [
        replace(FIRST, position=n, problem=50 + n, title="&" * 200, because="&" * 900) for n in range(1, 6)
    ]
    full = Composed(told(), tuple(lines), "&" * 500)
    coming = Coming("2026-W48", dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    text, blocks = preview(EN, coming, full, command=COMMAND)
    assert "One message of the thread does not fit here." in said(blocks)
    assert "One message of the thread does not fit here." in text or "The rest stands in the message" in text
    assert length(blocks) <= 12_000
