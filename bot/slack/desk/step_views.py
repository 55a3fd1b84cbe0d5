"""What next? The ways on from where a problem stands, and a small form for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.problems.catalogue import catalogue
from bot.core.problems.courses import HELP_MOST
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.standing_rules import Ending
from bot.core.problems.wording import TEXT_MOST
from bot.core.refusal import Refusal
from bot.slack import fields
from bot.slack import text as t
from bot.slack.fields import form, given, option, picked, text_input, typed
from bot.words import Words, mark

CHOSEN, STEP = "step.chosen", "step.form"
WAY, SENTENCE, DAY, TEAM, INSTEAD, LABEL = "way", "sentence", "day", "team", "instead", "label"
_NO_LABEL: Final = "none"

#: What a steward can do next, as it stands in the list, in its order.
WAYS: Final[Mapping[Step, str]] = {
    Step.ACKNOWLEDGED: mark("Answer the raiser"),
    Step.WROTE: mark("Tell the raiser something; all else stays as it is"),
    Step.HANDED: mark("Hand it to a team"),
    Step.ASKED_SPONSOR: mark("Ask the sponsor to decide"),
    Step.OBSERVED: mark("Do nothing and watch, until a day"),
    Step.NOT_NOW: mark("Not now, because ..."),
    Step.TOOK_BACK: mark("Take it back"),
    Step.NOT_FOR_US: mark("Not for us, and who instead"),
    Step.REOPENED: mark("Open it again"),
    Step.SAID_WAY_AROUND: mark("Say how to get by until then"),
    Step.SAID_WHAT_HELPS: mark("Say what would help"),
    Step.LABELLED: mark("Put a label on it"),
}
_TITLES: Final[Mapping[Step, str]] = {
    Step.ACKNOWLEDGED: mark("Answer the raiser"),
    Step.WROTE: mark("Tell the raiser"),
    Step.HANDED: mark("Hand it to a team"),
    Step.ASKED_SPONSOR: mark("Ask the sponsor"),
    Step.OBSERVED: mark("Watch it"),
    Step.NOT_NOW: mark("Not now"),
    Step.TOOK_BACK: mark("Take it back"),
    Step.NOT_FOR_US: mark("Not for us"),
    Step.REOPENED: mark("Open it again"),
    Step.SAID_WAY_AROUND: mark("A way around it"),
    Step.SAID_WHAT_HELPS: mark("What would help"),
    Step.LABELLED: mark("Label"),
}
_ASKS: Final[Mapping[Step, tuple[str, str]]] = {
    Step.ACKNOWLEDGED: (
        mark("What do you say?"),
        mark("The raiser alone reads it, with the next morning's news. What happens next, and by when?"),
    ),
    Step.WROTE: (
        mark("What do you say?"),
        mark("The raiser alone reads it, with the next morning's news. A question has a button of its own."),
    ),
    Step.HANDED: (
        mark("What do you ask of the team?"),
        mark("Whoever answers for the team reads it in private, and the raiser too."),
    ),
    Step.ASKED_SPONSOR: (
        mark("What has to be decided?"),
        mark("The sponsor and the raiser read it. The answer stands beside the problem for everybody."),
    ),
    Step.OBSERVED: (
        mark("What do you watch for?"),
        mark("Everybody who can read the problem reads it. On the day it is on your desk again."),
    ),
    Step.NOT_NOW: (
        mark("Not now, because ..."),
        mark("Everybody who can read the problem reads it. On the day it is on your desk again."),
    ),
    Step.TOOK_BACK: (
        mark("Why is it taken back?"),
        mark("Everybody who can read the problem reads it."),
    ),
    Step.NOT_FOR_US: (
        mark("Why is it not for us?"),
        mark("Everybody who can read the problem reads it; it is closed with this sentence."),
    ),
    Step.REOPENED: (
        mark("Why is it open again?"),
        mark(
            "Everybody who can read the problem reads it. It counts as coming back, and people say anew whom it hits."
        ),
    ),
    Step.SAID_WAY_AROUND: (
        mark("How can people get by until something changes?"),
        mark(
            "The raiser reads it with the next morning's news; once the problem is published, everybody who can read "
            "it does. A newer one takes its place."
        ),
    ),
    Step.SAID_WHAT_HELPS: (
        mark("What would help, in one line?"),
        mark(
            "Everybody reads it, in the edition too. Say what the teams concerned agreed to. Empty takes it away."
        ),
    ),
}
_DAYS: Final[Mapping[Step, str]] = {
    Step.HANDED: mark("By when does the team answer?"),
    Step.ASKED_SPONSOR: mark("By when does the sponsor answer?"),
    Step.OBSERVED: mark("Until when?"),
    Step.NOT_NOW: mark("When do you look again?"),
}
ENDINGS: Final[Mapping[Ending, str]] = {
    Ending.SOLVED: mark("Something changed: it should be solved"),
    Ending.BACK_TO_TEAM: mark("The team that feels it ends it itself, with help"),
    Ending.RESTS: mark("It was watched, and may rest"),
    Ending.NOT_NOW: mark("Nothing will be done"),
    Ending.OTHER: mark("Something else; the sentence says it"),
}


_MOST_IN_A_ROW: Final = 10


def next_form(words: Words, ident: int, ways: Sequence[Step]) -> dict[str, Any]:
    """The list of ways on."""
    options = [option(words(WAYS[step]), step.value) for step in WAYS if step in ways]
    if not options:
        return form(
            words, words("What next?"), CHOSEN, [t.section(words("Nothing more is to be done here."))]
        )
    # Slack takes ten options in a row of radio buttons, and a hundred in a menu.
    kind = "radio_buttons" if len(options) <= _MOST_IN_A_ROW else "static_select"
    blocks = [fields.field(WAY, words("What comes next?"), {"type": kind, "options": options})]
    said = words("Whoever raised it hears that there is news, and reads your sentence there.")
    return form(
        words,
        words("What next?"),
        CHOSEN,
        [*blocks, t.context(said)],
        submit=words("Go on"),
        metadata=str(ident),
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed into a step's form so far."""

    sentence: str = ""
    day: str = ""
    instead: str = ""
    team: dict[str, Any] | None = None


def step_form(
    words: Words,
    step: Step,
    ident: int,
    *,
    seen: str,
    day: dt.date | None = None,
    groups: Sequence[Mapping[str, Any]] = (),
    has: Typed | None = None,
    changed: str = "",
) -> dict[str, Any]:
    """The small form of one step. `changed`: what happened since it was opened first, with what was typed kept."""
    has = has or Typed()
    blocks: list[dict[str, Any]] = [t.section(changed)] if changed else []
    if step is Step.HANDED:
        if not groups:
            said = words("No team is known yet. Teams come from user groups, or from a list.")
            return form(words, words(_TITLES[step]), STEP, [t.section(said)])
        pick: dict[str, Any] = {"type": "static_select", "option_groups": list(groups)}
        if has.team:
            pick["initial_option"] = has.team
        blocks.append(fields.field(TEAM, words("Which team?"), pick))
    if step is Step.LABELLED:
        options = [option(each.name, each.code) for each in catalogue()]
        options.append(option(words("No label"), _NO_LABEL))
        blocks.append(
            fields.field(LABEL, words("Which label?"), {"type": "static_select", "options": options[:100]})
        )
    if step in _ASKS:
        ask, hint = _ASKS[step]
        line = step is Step.SAID_WHAT_HELPS
        most = HELP_MOST if line else TEXT_MOST
        blocks.append(
            text_input(
                SENTENCE,
                words(ask),
                words(hint),
                most=most,
                lines=not line,
                initial=has.sentence,
                optional=line,
            )
        )
    if step is Step.NOT_FOR_US:
        hint = words("A team, a role, a place: where this goes instead.")
        blocks.append(
            text_input(INSTEAD, words("Who instead?"), hint, most=300, lines=False, initial=has.instead)
        )
    if step in _DAYS:
        pick = {"type": "datepicker"}
        if has.day or day:
            pick["initial_date"] = has.day or (day.isoformat() if day else "")
        blocks.append(fields.field(DAY, words(_DAYS[step]), pick))
    metadata = f"{ident}|{step.value}|{seen}"
    return form(words, words(_TITLES[step]), STEP, blocks, submit=words("Send"), metadata=metadata)


# What came back


def read_step(value: object) -> Step:
    """The way on that was picked; a request, not proof."""
    for step in WAYS:
        if step.value == value:
            return step
    raise Refusal("Please pick what comes next.")


def read_metadata(value: object) -> tuple[int, Step, str]:
    """The problem, the step, and where the problem stood when the form was opened."""
    ident, _, rest = str(value).partition("|")
    step, _, seen = rest.partition("|")
    if not (ident.isascii() and ident.isdigit() and len(ident) < 20):
        raise Refusal("That form is out of date. Please open the desk again.")
    return int(ident), read_step(step), seen[:80]


def read_typed(view: Mapping[str, Any]) -> Typed:
    """What the form holds, to be kept where it has to be shown again."""
    found = given(view, TEAM).get("selected_option")
    team = dict(found) if isinstance(found, dict) else None
    return Typed(typed(view, SENTENCE), _iso(view), typed(view, INSTEAD), team)


def read_day(view: Mapping[str, Any]) -> dt.date:
    said = _iso(view)
    if not said:
        raise Refusal("Please pick a day.")
    return dt.date.fromisoformat(said)


def read_team(view: Mapping[str, Any]) -> int:
    value = picked(view, TEAM)
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise Refusal("Please pick a team.")
    return int(value)


def read_label(view: Mapping[str, Any]) -> str | None:
    value = picked(view, LABEL)
    return None if value == _NO_LABEL else value


def read_ending(value: str) -> Ending:
    """How it ends; what a form of an older release does not say is "something else"."""
    return Ending(value) if value in [ending.value for ending in ENDINGS] else Ending.OTHER


def _iso(view: Mapping[str, Any]) -> str:
    said = str(given(view, DAY).get("selected_date") or "")
    try:
        return dt.date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        return ""
