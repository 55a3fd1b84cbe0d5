"""Prints docs/lifecycle.md from the table that the acts obey.

`python -m bot.lifecycle write` writes the file, `python -m bot.lifecycle check` fails when it is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot import printed
from bot.core.problems.lifecycle_rules import LIFECYCLE, Move, Role, Step
from bot.core.problems.standing_rules import (
    READ_BY_ALL,
    STANDING,
    UNPUBLISHED,
    Course,
    Ending,
    Outcome,
    State,
)

PAGE: Final = Path(__file__).parent.parent / "docs" / "lifecycle.md"

_STATES: Final = {
    State.TAGGED: "an emoji on a message; no words yet",
    State.NEW: "the stewards and the raiser read it",
    State.ASKED: "the teams that would have to change something are heard first",
    State.OPEN: "everybody reads it",
    State.RESTING: "everybody reads it, and nobody has spoken of it for long; one voice wakes it",
    State.CLOSED: "everybody reads it, with the stewards' sentence",
    State.WITHDRAWN: "its words are destroyed",
    State.TAKEN_DOWN: "a sentence stands in the place of its words",
}
_COURSES: Final = {
    Course.WAITING: "nobody has answered yet",
    Course.ACKNOWLEDGED: "a person has answered; what comes next is open",
    Course.HANDED: "a team was asked to take it",
    Course.TAKEN: "that team said yes",
    Course.OBSERVED: "watched until a day",
    Course.TRIED: "a decision runs",
    Course.SPONSOR: "the sponsor answers by a day",
    Course.NOT_NOW: "put off, with the reason and the day of the next look",
}
_ENDINGS: Final = {
    Ending.SOLVED: "something changed, and the raiser is asked whether it did",
    Ending.BACK_TO_TEAM: "the team that feels it can end it, with help",
    Ending.NOT_FOR_US: "somebody else looks after such things, and is named",
    Ending.NOT_NOW: "nothing will be done, and why",
    Ending.RESTS: "it was watched, and let rest",
    Ending.MERGED: "it goes on in another problem",
    Ending.OTHER: "the sentence says how",
}
_OUTCOMES: Final = {
    Outcome.WAITING: 'the raiser can still say; everybody reads "closed by us, not confirmed"',
    Outcome.CONFIRMED: "the raiser says that it is settled",
    Outcome.PARTLY: "the raiser says: in part",
    Outcome.DENIED: "the raiser says no; it is on the desk again",
    Outcome.NOT_CONFIRMED: "closed by us, not confirmed: the raiser can't be heard, or has said nothing",
}
_ROLES: Final = {
    Role.STEWARD: "Stewards",
    Role.TEAM: "The team that it was handed to",
    Role.SPONSOR: "The sponsor",
    Role.RAISER: "Whoever raised it (at the batch hour)",
    Role.ANYBODY: "Everybody who may read it",
    Role.TIME: "Nobody: a day has come",
}
_WHAT: Final = (
    "Printed from `bot/core/problems/lifecycle_rules.py` by `python -m bot.lifecycle write`; why it is so stands in "
    "[decision 10](decisions/0010-lifecycle.md). A problem has a *state* (who may read it) and, as long as it "
    "stands, a *course* (what is being done)."
)
_GROUPS: Final = {STANDING: "whatever stands", UNPUBLISHED: "not published", READ_BY_ALL: "published"}


def page() -> str:
    """The whole file."""
    parts = [
        "# The lifecycle",
        _WHAT,
        _listed("State", _STATES.items()),
        _listed("Course", _COURSES.items()),
        _listed("Ending", _ENDINGS.items()),
        _listed("Outcome", _OUTCOMES.items()),
        "A sentence marked * has to be there: without it nothing happens.",
    ]
    for role, name in _ROLES.items():
        rows = [_row(step, move) for step, move in LIFECYCLE.items() if move.who is role]
        parts.append(
            f"## {name}\n\n| step | from | to | what is said |\n|---|---|---|---|\n" + "\n".join(rows)
        )
    return "\n\n".join(parts) + "\n"


def _listed(head: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"| {head} | |\n|---|---|\n" + "\n".join(f"| {_plain(name)} | {said} |" for name, said in rows)


def _row(step: Step, move: Move) -> str:
    star = " *" if move.sentence else ""
    said = "; ".join(f"{hearer.value}: {text}" for hearer, text in move.says.items()) or "nothing: it is gone"
    ways = [_plain(way) for way in (move.to_state, move.to_course) if way]
    return f"| {_plain(step)}{star} | {_from(move)} | {', '.join(ways) or 'stays'} | {said} |"


def _from(move: Move) -> str:
    states = _GROUPS.get(move.states) or ", ".join(_plain(state) for state in State if state in move.states)
    if move.courses is None:
        return states
    missing = [course for course in Course if course not in move.courses]
    if 0 < len(missing) < len(move.courses):
        return f"{states}, but not {' or '.join(_plain(course) for course in missing)}"
    return f"{states}, {' or '.join(_plain(course) for course in Course if course in move.courses)}"


def _plain(word: str) -> str:
    return str(word).replace("_", " ")


def main(arguments: list[str]) -> int:
    """`write` writes the file; `check` says whether it is stale."""
    return printed.main(arguments, file=PAGE, made=page(), module="bot.lifecycle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
