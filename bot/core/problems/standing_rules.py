"""Where a problem can stand: who may read it, what is being done about it, and how it came to an end.

What leads from one place to another is the table of `lifecycle_rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Who may read a problem."""

    TAGGED = "tagged"  # an emoji on a message; no words yet
    NEW = "new"  # stewards may read it
    ASKED = "asked"  # the teams that would have to change something are heard first
    OPEN = "open"  # published
    RESTING = "resting"  # published, and nobody has spoken of it for long
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # its words are destroyed
    TAKEN_DOWN = "taken_down"  # its title is the sentence that says why; the words are withheld or destroyed


class Course(StrEnum):
    """What is being done about a problem, as long as it is not over."""

    WAITING = "waiting"  # nobody has answered yet
    ACKNOWLEDGED = "acknowledged"  # a person has answered; what comes next is not decided
    HANDED = "handed"  # a team was asked to take it, and has neither said yes nor "not ours"
    TAKEN = "taken"  # that team said yes
    OBSERVED = "observed"  # watched until a day
    TRIED = "tried"  # a decision runs
    SPONSOR = "sponsor"  # the sponsor answers by a day
    NOT_NOW = "not_now"  # put off, with the reason and the day of the next look


class Ending(StrEnum):
    """How a problem came to be closed."""

    SOLVED = "solved"
    BACK_TO_TEAM = "back_to_team"
    NOT_FOR_US = "not_for_us"
    NOT_NOW = "not_now"
    RESTS = "rests"
    MERGED = "merged"
    OTHER = "other"


class Outcome(StrEnum):
    """What the raiser says of the ending; silence is never a yes."""

    WAITING = "waiting"  # the raiser can still say
    CONFIRMED = "confirmed"  # it is settled
    PARTLY = "partly"
    DENIED = "denied"  # it is not
    NOT_CONFIRMED = "not_confirmed"  # closed by us, and the raiser can't be heard or has said nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a problem is."""

    state: State
    course: Course


UNPUBLISHED: Final = frozenset({State.NEW, State.ASKED})
READ_BY_ALL: Final = frozenset({State.OPEN, State.RESTING})
#: It is not over, and has words.
STANDING: Final = UNPUBLISHED | READ_BY_ALL
ENDS: Final = frozenset({State.CLOSED, State.WITHDRAWN})
#: What takes up stewards' and teams' time, and counts towards the limit on open work.
UNDER_WAY: Final = frozenset({Course.HANDED, Course.TAKEN, Course.TRIED, Course.SPONSOR})
