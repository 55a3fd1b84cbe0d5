"""The pilot at the desk: its week in one line, what was written down, and the forms of what stewards do with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.decisions.rules import hours_of
from bot.core.pilot.facts_rules import Facts, Stage, funnel
from bot.core.pilot.naming import changes_read, figure_names, line_read
from bot.core.pilot.queries import Standing
from bot.core.pilot.rules import (
    FOLLOW_MOST,
    INTAKE_MOST,
    LINES,
    REVIEW_MOST,
    UNITS,
    Definition,
    Figure,
    Line,
    Phase,
    Unfit,
    check,
)
from bot.core.pilot.shown import day
from bot.core.pilot.written import number, shown
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import field, form, given, option, text_input, typed
from bot.words import Words

OPEN, WRITE, START, CHANGE, END = "pilot.open", "pilot.write", "pilot.start", "pilot.change", "pilot.end"
HOURS, READ, POST = "pilot.hours", "pilot.read", "pilot.post"
QUESTION, DECIDES, NOT_FOR, WHERE = "question", "decides", "not_used_for", "functions"
#: Weeks of each part; and what begins the block of a figure's line.
INTAKE, FOLLOW, REVIEW, LINE = "intake", "follow", "review", "line"
BECAUSE, GAVE = "because", "hours"
#: Characters of what stewards write down.
_MOST: Final = 1000
_OPTIONS: Final = 100


class Slips(Exception):
    """What was filled in and can't be so, by block."""

    def __init__(self, faults: Mapping[str, Refusal]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def desk_rows(
    words: Words, standing: Standing | None, facts: Facts | None, *, today: dt.date
) -> list[dict[str, Any]]:
    """The pilot in one line, for stewards alone."""
    said = _week(words, standing, facts, today=today)
    label = words("The pilot") if standing else words("Set up a pilot")
    return [
        t.section(said, accessory=t.button(words("Open") if standing else label, OPEN, "desk", label=label))
    ]


def _week(words: Words, standing: Standing | None, facts: Facts | None, *, today: dt.date) -> str:
    if standing is None:
        return words("*No pilot is set up.* Write down what this is to be judged by before you start.")
    times = standing.times
    if times is None:
        return words("*A pilot is written down* and has not started.")
    if times.phase(today) is Phase.BEFORE:
        return words("*The pilot starts on {date}.*", date=t.date(times.starts))
    counts = _counts(words, facts)
    if times.phase(today) is Phase.OVER:
        return words("*The pilot is over.* {counts} Its report waits to be read.", counts=counts)
    phase = words("intake") if times.phase(today) is Phase.INTAKE else words("follow-through")
    return words(
        "*Pilot, week {week} of {weeks}* ({phase}). {counts}",
        week=times.week(today), weeks=times.weeks, phase=phase, counts=counts,
    )  # fmt: skip


def _counts(words: Words, facts: Facts | None) -> str:
    if facts is None:
        return words("Nothing is counted before its first whole week is over.")
    counts = funnel(facts.problems)
    return words(
        "Counted up to {date}: {raised} raised, {answered} answered, {decided} decided, {confirmed} confirmed.",
        date=t.date(facts.counted_to - dt.timedelta(days=1)),
        raised=counts[Stage.RAISED],
        answered=counts[Stage.ANSWERED],
        decided=counts[Stage.DECIDED],
        confirmed=counts[Stage.CONFIRMED],
    )


def pilot_form(
    words: Words, standing: Standing, facts: Facts | None, *, today: dt.date, figures: bool, channel: bool
) -> dict[str, Any]:
    """What was written down, and what can be done now; `figures`: whether they can be worked out here."""
    phase, names = standing.phase(today), figure_names(words)
    definition = standing.definition
    drawn = [
        f"• {names[figure]}: {line_read(words, figure, definition.lines[figure])}"
        for figure in Figure
        if figure in definition.lines
    ]
    blocks = [
        t.section(_week(words, standing, facts, today=today)),
        t.section(f"*{words('The question')}*\n{t.cut_escaped(definition.question, _MOST)}"),
        t.section(f"*{words('Who decides')}*\n{t.cut_escaped(definition.decides, _MOST)}"),
        t.section(
            f"*{words('What the data will not be used for')}*\n{t.cut_escaped(definition.not_used_for, _MOST)}"
        ),
        t.section(
            f"*{words('Functions')}*\n{t.cut_escaped(', '.join(standing.functions) or words('all'), _MOST)}"
        ),
        t.section(
            words(
                "{intake} weeks of intake, {follow} of follow-through; decisions are reviewed after {review}.",
                intake=definition.intake_weeks,
                follow=definition.follow_weeks,
                review=definition.review_weeks,
            )
        ),
        t.section(f"*{words('Lines')}*\n" + "\n".join(drawn)),
        *[t.context(t.cut_escaped(each, 1000)) for each in changes_read(words, standing)[-10:]],
    ]
    if standing.ended_because:
        ended = t.cut_escaped(standing.ended_because, _MOST)
        blocks.append(t.section(words("*Ended early:* {because}", because=ended)))
    if not figures:
        blocks.append(
            t.section(
                words(
                    "Figures and pictures can't be worked out here: the operator installs the extra `reports` for them."
                )
            )
        )
    blocks.append(
        t.buttons(*_buttons(words, phase, standing, counted=facts is not None and figures, channel=channel))
    )
    return form(words, words("The pilot"), "pilot", blocks)


def _buttons(
    words: Words, phase: Phase, standing: Standing, *, counted: bool, channel: bool
) -> Sequence[dict[str, Any]]:
    made = []
    if standing.times is None:
        start = t.button(words("Start it"), START, "pilot", style="primary")
        confirm = {
            "title": {"type": "plain_text", "text": words("Start the pilot?")},
            "text": {
                "type": "plain_text",
                "text": words(
                    "It begins on a Monday and is locked: what is changed later is shown as a change."
                ),
            },
            "confirm": {"type": "plain_text", "text": words("Start it")},
            "deny": {"type": "plain_text", "text": words("Not yet")},
        }
        return [{**start, "confirm": confirm}, t.button(words("Write it anew"), WRITE, "pilot")]
    if counted:
        made.append(t.button(words("Read the report"), READ, "pilot", style="primary"))
        if channel:
            made.append(t.button(words("Post it in the channel"), POST, "pilot"))
    if phase is Phase.OVER:
        return [*made, t.button(words("Set up another"), WRITE, "pilot")]
    made.append(t.button(words("My hours"), HOURS, "pilot"))
    made.append(t.button(words("Change it"), CHANGE, "pilot"))
    return [*made, t.button(words("End it early"), END, "pilot", style="danger")]


def write_form(
    words: Words,
    functions: Sequence[tuple[int, str]],
    before: Definition | None,
    *,
    started: bool,
) -> dict[str, Any]:
    """Everything that is written down, with what stands now; a started pilot asks why as well."""
    now = before or Definition("", "", "")
    blocks = [
        text_input(QUESTION, words("What should it answer?"), words("One question that a yes or no could answer."),
                   most=_MOST, initial=now.question),
        text_input(DECIDES, words("Who decides at the end?"), words("By their role, and when."), most=_MOST,
                   lines=False, initial=now.decides),
        text_input(NOT_FOR, words("What will the data not be used for?"),
                   words("Everybody reads this. Judging people, comparing teams, staffing: say it."),
                   most=_MOST, initial=now.not_used_for),
    ]  # fmt: skip
    picks = [option(name, str(ident)) for ident, name in functions[:_OPTIONS]]
    if picks:
        element: dict[str, Any] = {"type": "multi_static_select", "options": picks}
        chosen = [pick for pick in picks if int(pick["value"]) in now.functions]
        if chosen:
            element["initial_options"] = chosen
        blocks.append(field(WHERE, words("Which functions? None picked: all"), element, optional=True))
    for block, label, most, number_now in (
        (INTAKE, words("Weeks in which problems are raised"), INTAKE_MOST, now.intake_weeks),
        (FOLLOW, words("Weeks after that, to see them through"), FOLLOW_MOST, now.follow_weeks),
        (REVIEW, words("Weeks until a decision is looked at again"), REVIEW_MOST, now.review_weeks),
    ):
        hint = words("At most {most}.", most=most)
        blocks.append(text_input(block, label, hint, most=3, lines=False, initial=str(number_now)))
    blocks.append(
        t.section(
            words(
                "*What is it judged by?* Of each figure: from where you continue, then where you stop. What lies between "
                "the two says: change something. Leave empty what you don't want to be judged by."
            )
        )
    )
    blocks += _line_fields(words, now.lines if before else LINES)
    if started:
        blocks.append(
            text_input(
                BECAUSE,
                words("Why is it changed?"),
                words("It stands in the report beside the change."),
                most=_MOST,
            )
        )
    act = CHANGE if started else WRITE
    return form(words, words("Write down a pilot"), act, blocks, submit=words("Write it down"))


def typed_line(figure: Figure, line: Line) -> str:
    """A line as it is typed: continue, then stop."""
    return f"{shown(line.carry_on, UNITS[figure])}, {shown(line.stop, UNITS[figure])}"


def _line_fields(words: Words, lines: Mapping[Figure, Line]) -> list[dict[str, Any]]:
    """A field for each figure, by its name; an empty one is not judged by."""
    names = figure_names(words)
    return [
        field(
            f"{LINE}.{figure.value}",
            names[figure][:1].upper() + names[figure][1:],
            {
                "type": "plain_text_input",
                "max_length": 40,
                **({"initial_value": typed_line(figure, lines[figure])} if figure in lines else {}),
            },
            optional=True,
        )
        for figure in Figure
    ]


def read_definition(view: Mapping[str, Any]) -> Definition:
    """What was filled in; raises `Slips` with a refusal beside each field that can't be so."""
    faults: dict[str, Refusal] = {}
    weeks, lines = [1, 1, 1], {}
    for at, block in enumerate((INTAKE, FOLLOW, REVIEW)):
        try:
            weeks[at] = int(typed(view, block))
        except ValueError:
            faults[block] = Refusal("A whole number of weeks, please.")
    for figure in Figure:
        block = f"{LINE}.{figure.value}"
        said = typed(view, block).strip()
        try:
            lines.update({figure: read_line(said, figure)} if said else {})
        except ValueError:
            faults[block] = Refusal(
                "Two numbers, please: continue, then stop, like {example}.",
                example=typed_line(figure, LINES.get(figure, Line(0.8, 0.5))),
            )
    picked = given(view, WHERE).get("selected_options") or []
    made = Definition(
        typed(view, QUESTION), typed(view, DECIDES), typed(view, NOT_FOR),
        tuple(sorted(int(each["value"]) for each in picked if str(each.get("value", "")).isdecimal())),
        weeks[0], weeks[1], weeks[2], lines,
    )  # fmt: skip
    if not faults:
        try:
            check(made)
        except Unfit as unfit:
            block, refusal = _beside(unfit.field)
            faults[block] = refusal
    if faults:
        raise Slips(faults)
    return made


def _beside(name: str) -> tuple[str, Refusal]:
    """Where a fault of the whole is said, and how to mend it."""
    weeks = {
        "intake_weeks": (INTAKE, INTAKE_MOST),
        "follow_weeks": (FOLLOW, FOLLOW_MOST),
        "review_weeks": (REVIEW, REVIEW_MOST),
    }
    if name in (QUESTION, DECIDES, NOT_FOR):
        return name, Refusal("Please say it in a sentence.")
    if name in weeks:
        block, most = weeks[name]
        return block, Refusal("Between 1 and {most} weeks, please.", most=most)
    if name == "lines":
        return f"{LINE}.{Figure.IN_TIME.value}", Refusal("Please keep at least one line to judge it by.")
    return f"{LINE}.{name}", Refusal(
        "This can't be: continue comes first, then stop, and a share lies between 0 and 100 %."
    )


def read_line(text: str, figure: Figure) -> Line:
    """A line as it is typed; raises ValueError for what is none."""
    ends = re.split(r",\s+|\s*;\s*", text.strip())
    carry_on, stop = ends if len(ends) == 2 else text.split(",")
    return Line(number(carry_on, UNITS[figure]), number(stop, UNITS[figure]))


def hours_form(words: Words, week: dt.date) -> dict[str, Any]:
    asks = text_input(
        GAVE,
        words("Hours of the week of {date}, from to", date=day(week)),
        words(
            "What looking after problems took you, as a range: 2-4. The report knows the sum of all alone."
        ),
        most=20,
        lines=False,
    )
    return form(words, words("My hours"), HOURS, [asks], submit=words("Send"), metadata=week.isoformat())


def read_hours(view: Mapping[str, Any]) -> tuple[float, float]:
    """A range of hours; raises `Slips`."""
    try:
        found = hours_of(typed(view, GAVE))
    except ValueError:
        found = None
    if found is None:
        raise Slips({GAVE: Refusal("A number or a range, please: 3, or 2-4.")})
    return found.low, found.high


def end_form(words: Words) -> dict[str, Any]:
    asks = text_input(
        BECAUSE, words("Why does it end now?"), words("It stands at the top of the report."), most=_MOST
    )
    return form(words, words("End it early"), END, [asks], submit=words("End it"))
