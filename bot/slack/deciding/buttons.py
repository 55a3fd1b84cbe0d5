"""A decision on a steward's look at its problem: all of it, and what can be done with it now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.decisions.queries import Told
from bot.core.decisions.rules import DecisionState, Due
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.deciding import forms
from bot.slack.deciding.saying import line, whole
from bot.words import Words

DECIDE, CHANGE, SECOND = "decide.open", "decide.change", "decide.second"
COMMENT: Final = "decide.comment"
_CHECKS: Final = 3
#: Blocks that one decision may take on a look.
_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class OnLook:
    """A problem's decisions on a steward's look. stands: the one that does, with its buttons; it is read first.

    further: those before, in a line each. opens: the button for a new one, where there may be one.
    """

    stands: Sequence[dict[str, Any]] = ()
    further: Sequence[dict[str, Any]] = ()
    opens: dict[str, Any] | None = None


def on_look(
    words: Words,
    decisions: Sequence[Told],
    due: Due | None,
    *,
    today: dt.date,
    may_decide: int | None,
) -> OnLook:
    """due: what the review of the one that runs waits for. may_decide: the problem that may get a new one."""
    stands: list[dict[str, Any]] = []
    standing = next((told for told in decisions if told.stands), None)
    if standing is not None:
        acts = t.buttons(*_acts(words, standing, due, today))
        checks = _checks(words, standing, today)
        said = [*whole(words, standing), *_gains(words, standing)]
        stands = [*said[: _MOST - len(checks) - 1], acts, *checks]
    before = [told for told in decisions if not told.stands][:3]
    opens = decides(words, may_decide) if may_decide is not None and standing is None else None
    return OnLook(stands, [block for told in before for block in whole(words, told)[:1]], opens)


def decides(words: Words, problem: int) -> dict[str, Any]:
    """The way to a new decision."""
    return t.button(words("Decide"), DECIDE, str(problem), label=words("Decide what is tried, and who pays"))


def _gains(words: Words, told: Told) -> list[dict[str, Any]]:
    if not told.gains:
        return []
    names = t.cut_escaped(", ".join(t.one_line(name) for _, name, _ in told.gains), 1500)
    return [t.context(words("Who gains (read by stewards alone): {teams}", teams=names))]


def _acts(words: Words, told: Told, due: Due | None, today: dt.date) -> list[dict[str, Any]]:
    value = f"{told.id}:{told.version}"
    made = []
    if told.state is DecisionState.PROPOSED:
        if told.counts_from is not None and told.counts_from <= today:
            made.append(t.button(words("Let it count"), SECOND, value, style="primary"))
        made.append(t.button(words("Change the decision"), CHANGE, value))
        made.append(t.button(words("Take the proposal back"), forms.END, value))
        return made
    if due in (Due.STEWARDS, Due.FLAGGED):
        made.append(t.button(words("Keep it"), forms.KEEP, value, style="primary"))
    made.append(t.button(words("Change the decision"), CHANGE, value))
    made.append(t.button(words("End it"), forms.END, value))
    return made


def _checks(words: Words, told: Told, today: dt.date) -> list[dict[str, Any]]:
    """A button for each line whose day has come and that nobody has looked at."""
    waiting = [each for each in told.guardrails if each.held is None and each.check_on <= today]
    if told.state is not DecisionState.RUNNING or not waiting:
        return []
    return [
        t.buttons(
            *[
                t.button(
                    words("Say what was found: {line}", line=each.line),
                    f"{forms.FOUND}:{each.id}",
                    str(each.id),
                )
                for each in waiting[:_CHECKS]
            ]
        )
    ]


def comment_buttons(words: Words, told: Told, teams: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """For whoever answers for a team, before a one-way door counts."""
    if told.state is not DecisionState.PROPOSED or not teams:
        return []
    return [
        t.buttons(
            *[
                t.button(
                    words("Object or agree for {team}", team=t.one_line(name)),
                    f"{COMMENT}:{team}",
                    f"{told.id}:{team}",
                )
                for team, name in teams[:3]
            ]
        )
    ]


def up_for_review(words: Words, title: str, told: Told, due: Due, button: dict[str, Any]) -> dict[str, Any]:
    """One line of the desk, with what it waits for; `title` is escaped."""
    waits = _waits(words, told, due)
    return t.section(f"*{title}*\n{line(words, told.cost)}\n{waits}", accessory=button)


def _waits(words: Words, told: Told, due: Due) -> str:
    if told.state is DecisionState.PROPOSED:
        return words("Teams had their time to object: it waits for a second steward.")
    match due:
        case Due.PAYERS:
            return words("Those who pay are asked first.")
        case Due.FLAGGED:
            return words("Its time is over, and it is hard to undo: it waits for a steward's word.")
        case Due.LAPSES:
            return words(
                "Its time is over, and no steward said that it goes on: it ends with the next morning."
            )
    return words("Those who pay had their time: it waits for a steward's word.")


def read_pair(value: object) -> tuple[int, int]:
    """Two numbers, as "decision:version" or "decision:team"; a request, not proof."""
    first, _, second = str(value).partition(":")
    for each in (first, second):
        if not (each.isascii() and each.isdigit() and len(each) < 20):
            raise Refusal("This can't be read any more. Please open it again.")
    return int(first), int(second)
