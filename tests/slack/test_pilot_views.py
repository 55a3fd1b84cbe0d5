"""The pilot's line, form and messages hold Slack's limits whatever was typed, and read back what was written."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.pilot.queries import Standing
from bot.core.pilot.report import report
from bot.core.pilot.rules import LINES, Changed, Definition, Figure, Line, Times
from bot.slack.pilot import report_views, views
from bot.words import Words
from tests.core.pilots import MONDAY, PILOT, WEEK, facts, nothing, standing
from tests.slack.limits import buttons, check_blocks, check_message, check_view, hostile, texts

WORDS = Words.of("en")
FACTS = facts()
TEXT = hostile(1000)
DAYS = st.sampled_from([MONDAY - WEEK, MONDAY, MONDAY + 10 * WEEK, MONDAY + 40 * WEEK])


@settings(deadline=None, max_examples=40)
@given(TEXT, TEXT, st.lists(hostile(200), max_size=30), DAYS, st.booleans(), st.booleans())
def test_whatever_was_written_down_fits(
    question: str, other: str, functions: list[str], day: dt.date, started: bool, yes: bool
) -> None:
    definition = Definition(question, other, other, tuple(range(len(functions))))
    changes = tuple(Changed("decides", other, question, other, MONDAY) for _ in range(12))
    times = Times(MONDAY, 8, 6) if started else None
    seen = Standing(definition, tuple(functions), times, question if yes else None, changes)
    counted = FACTS if yes else None
    check_blocks(views.desk_rows(WORDS, seen, counted, today=day), None)
    check_view(views.pilot_form(WORDS, seen, counted, today=day, figures=yes, channel=yes))
    listed = [(number + 1, name) for number, name in enumerate(functions * 5)]
    check_view(views.write_form(WORDS, listed, definition, started=started))
    check_view(views.hours_form(WORDS, day))
    check_view(views.end_form(WORDS))


@settings(deadline=None, max_examples=10)
@given(TEXT, hostile(200))
def test_the_report_fits_a_message_whatever_was_written_down(question: str, name: str) -> None:
    definition = replace(PILOT, question=question, decides=question)
    for seen in (FACTS, nothing()):
        named = replace(
            seen, teams=tuple(replace(each, function=name + each.function) for each in seen.teams)
        )
        made = report(WORDS, standing(definition=definition), named, pictures=False)
        check_message(report_views.post(WORDS, made), report_views.blocks(WORDS, made))
        read_out = report_views.text(WORDS, made)
        check_message(read_out, report_views.blocks(WORDS, made))
        heads = [block["text"]["text"].split("\n")[0] for block in report_views.blocks(WORDS, made)[:8]]
        assert [read_out.find(head) for head in heads] == sorted(read_out.find(head) for head in heads)
        assert read_out.find(heads[0]) == 0 <= read_out.find(heads[5])


def filled(**changed: str) -> dict[str, Any]:
    values = {
        views.QUESTION: "Does it help?",
        views.DECIDES: "The heads",
        views.NOT_FOR: "Judging",
        views.INTAKE: "8",
        views.FOLLOW: "6",
        views.REVIEW: "3",
        **{f"{views.LINE}.{figure}": views.typed_line(figure, line) for figure, line in LINES.items()},
        **changed,
    }
    typed = {block: {"given": {"value": value}} for block, value in values.items()}
    typed[views.WHERE] = {"given": {"selected_options": [{"value": "2"}, {"value": "x"}]}}  # type: ignore[dict-item]
    return {"state": {"values": typed}}


def test_what_the_form_shows_is_what_it_reads() -> None:
    found = views.read_definition(filled())
    assert found == Definition("Does it help?", "The heads", "Judging", (2,))
    none = {f"{views.LINE}.{figure}": "" for figure in LINES}
    drawn = views.read_definition(filled(**{**none, "line.tone": "4,5; 2", "line.raising_cost": "10 %,30"}))
    assert drawn.lines == {Figure.TONE: Line(4.5, 2), Figure.COST: Line(0.1, 0.3)}
    shown = views.write_form(WORDS, [], None, started=False)["blocks"]
    assert {block["block_id"] for block in shown if "block_id" in block} >= {
        f"line.{each}" for each in Figure
    }
    assert "answered_in_time" not in " ".join(texts(shown)), "figures are called by their names"


@pytest.mark.parametrize(
    ("changed", "block"),
    [
        ({views.INTAKE: ""}, views.INTAKE),
        ({views.FOLLOW: "six"}, views.FOLLOW),
        ({views.REVIEW: "800"}, views.REVIEW),
        ({"line.tone": "1"}, "line.tone"),
        ({"line.tone": "much, little"}, "line.tone"),
        ({"line.tone": "2, 4"}, "line.tone"),
        ({"line.participation": "120 %, 20 %"}, "line.participation"),
        ({f"line.{figure}": "" for figure in LINES}, "line.answered_in_time"),
        ({views.QUESTION: " "}, views.QUESTION),
    ],
)
def test_a_slip_stands_beside_its_field(changed: dict[str, str], block: str) -> None:
    with pytest.raises(views.Slips) as caught:
        views.read_definition(filled(**changed))
    assert list(caught.value.faults) == [block]


@pytest.mark.parametrize("text", ["", "much", "4-", "-1"])
def test_hours_are_a_range(text: str) -> None:
    with pytest.raises(views.Slips):
        views.read_hours({"state": {"values": {views.GAVE: {"given": {"value": text}}}}})
    given = {"state": {"values": {views.GAVE: {"given": {"value": "2 - 4,5"}}}}}
    assert views.read_hours(given) == (2, 4.5)


def test_the_line_in_the_desk_says_where_the_pilot_is() -> None:
    def said(seen: Standing | None, day: dt.date, counted: bool = True) -> str:
        return " ".join(texts(views.desk_rows(WORDS, seen, FACTS if counted else None, today=day)))

    assert "No pilot is set up" in said(None, MONDAY)
    assert "has not started" in said(Standing(PILOT, ()), MONDAY)
    assert "starts on" in said(standing(), MONDAY - WEEK)
    assert "week 1 of 14* (intake). Nothing is counted" in said(standing(), MONDAY, counted=False)
    assert "week 10 of 14* (follow-through). Counted up to" in said(standing(), MONDAY + 9 * WEEK)
    assert "over" in said(standing(), MONDAY + 20 * WEEK)


@pytest.mark.parametrize(
    ("seen", "day", "expected"),
    [
        (Standing(PILOT, ()), MONDAY, {views.START, views.WRITE}),
        (standing(), MONDAY + 2 * WEEK, {views.READ, views.POST, views.HOURS, views.CHANGE, views.END}),
        (standing(), MONDAY + 20 * WEEK, {views.READ, views.POST, views.WRITE}),
    ],
)
def test_only_what_can_be_done_is_offered(seen: Standing, day: dt.date, expected: set[str]) -> None:
    view = views.pilot_form(WORDS, seen, FACTS, today=day, figures=True, channel=True)
    assert {button["action_id"] for button in buttons(view)} == expected
    bare = views.pilot_form(WORDS, seen, FACTS, today=day, figures=False, channel=True)
    assert not {views.READ, views.POST} & {button["action_id"] for button in buttons(bare)}
    assert "extra `reports`" in " ".join(texts(bare))
