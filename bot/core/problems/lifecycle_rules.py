"""What can become of a problem: who may do what, from where to where, and what is said to whom.

One table. The acts look up here whether they may; `docs/lifecycle.md` is printed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.core.problems.standing_rules import (
    READ_BY_ALL,
    STANDING,
    UNDER_WAY,
    UNPUBLISHED,
    Course,
    Standing,
    State,
)


class Role(StrEnum):
    STEWARD = "steward"
    TEAM = "team"  # whoever answers for the team that it was handed to
    SPONSOR = "sponsor"
    RAISER = "raiser"
    ANYBODY = "anybody"  # who may read it
    TIME = "time"  # nobody: a day has come


class Hearer(StrEnum):
    """To whom something is said, and where: raisers always by the same words, at the batch hour."""

    RAISER = "raiser"
    READERS = "readers"  # it stands beside the problem, for everybody who may read it
    TEAM = "team"
    SPONSOR = "sponsor"
    STEWARDS = "stewards"  # on the desk, and in the one message of a working morning


class Step(StrEnum):
    """What can be done with a problem; the audit trail and the screens use these words."""

    WORDED = "worded"
    PUBLISHED = "published"
    ASKED_TEAMS = "asked_teams"
    ASKED_MORE_TEAMS = "asked_more_teams"
    ASKED_RAISER = "asked_raiser"
    PROPOSED_WORDS = "proposed_words"
    SET_RIGHT = "set_right"
    LABELLED = "labelled"
    SAID_WHAT_HELPS = "said_what_helps"
    SAID_WAY_AROUND = "said_way_around"
    ANSWERED_HELP = "answered_help"
    ACKNOWLEDGED = "acknowledged"
    WROTE = "wrote"
    HANDED = "handed"
    TOOK_BACK = "took_back"
    OBSERVED = "observed"
    TRIED = "tried"
    TRIAL_OVER = "trial_over"
    ASKED_SPONSOR = "asked_sponsor"
    NOT_NOW = "not_now"
    CLOSED = "closed"
    NOT_FOR_US = "not_for_us"
    MERGED = "merged"
    REOPENED = "reopened"
    TAKEN_DOWN = "taken_down"
    RESTORED = "restored"
    TEAM_YES = "team_yes"
    TEAM_NOT_OURS = "team_not_ours"
    SPONSOR_ANSWERED = "sponsor_answered"
    CONFIRMED = "confirmed"
    OFFERED_HELP = "offered_help"
    POINTED_AT = "pointed_at"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    SAID_OUTCOME = "said_outcome"
    SAID_HOLDS = "said_holds"
    SAID_COST = "said_cost"
    RESTED = "rested"
    NO_ANSWER = "no_answer"
    DAY_CAME = "day_came"
    TRIAL_LAPSED = "trial_lapsed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    courses: where it may come from within standing states; None: from any. to_state, to_course: None stays.
    sentence: a person has to say something, and it is kept. says: what each hearer gets, in plain words.
    """

    who: Role
    states: frozenset[State]
    courses: frozenset[Course] | None = None
    to_state: State | None = None
    to_course: Course | None = None
    sentence: bool = False
    #: The raiser gets a person's own words with it: from "waiting" it leads on at least to "acknowledged".
    answers: bool = False
    says: Mapping[Hearer, str] = field(default_factory=dict)


_NEWS: Final = "that there is news; the sentence opens with it"
_NEWS_ALONE: Final = "that there is news"
_TO_RAISER: Final = {Hearer.RAISER: _NEWS}
_TO_ALL: Final = {Hearer.RAISER: _NEWS, Hearer.READERS: "the sentence"}
#: A trial runs to its review, a team that has it is spoken to first.
_FREE: Final = frozenset(Course) - {Course.TRIED}


def _stewards(
    states: frozenset[State] = STANDING,
    *,
    courses: frozenset[Course] | None = None,
    to_state: State | None = None,
    to_course: Course | None = None,
    sentence: bool = False,
    answers: bool = False,
    says: Mapping[Hearer, str] | None = None,
) -> Move:
    answers = answers or (sentence and Hearer.RAISER in (says or {}))
    return Move(Role.STEWARD, states, courses, to_state, to_course, sentence, answers, says or {})


LIFECYCLE: Final[Mapping[Step, Move]] = {
    Step.WORDED: Move(
        Role.RAISER,
        frozenset({State.TAGGED}),
        to_state=State.NEW,
        says={Hearer.STEWARDS: "one more new problem"},
    ),
    # Stewards
    Step.ACKNOWLEDGED: _stewards(
        courses=frozenset({Course.WAITING, Course.OBSERVED, Course.NOT_NOW}),
        to_course=Course.ACKNOWLEDGED,
        sentence=True,
        says=_TO_RAISER,
    ),
    # The first sentence is the answer above; after it something can be said at any time, and what is done goes on.
    Step.WROTE: _stewards(courses=frozenset(Course) - {Course.WAITING}, sentence=True, says=_TO_RAISER),
    Step.ASKED_RAISER: _stewards(
        sentence=True, says={Hearer.RAISER: "that there is news; the question opens with it"}
    ),
    Step.PROPOSED_WORDS: _stewards(
        UNPUBLISHED, answers=True, says={Hearer.RAISER: "that there is news; the words open with it"}
    ),
    Step.ASKED_TEAMS: _stewards(
        UNPUBLISHED,
        to_state=State.ASKED,
        says={
            Hearer.RAISER: _NEWS_ALONE,
            Hearer.TEAM: "that something waits; the words open with it",
        },
    ),
    Step.ASKED_MORE_TEAMS: _stewards(
        READ_BY_ALL, says={Hearer.TEAM: "that something waits; the words open with it"}
    ),
    Step.PUBLISHED: _stewards(
        UNPUBLISHED,
        to_state=State.OPEN,
        says={Hearer.RAISER: _NEWS_ALONE, Hearer.READERS: "the words that the raiser agreed to"},
    ),
    Step.SET_RIGHT: _stewards(says={Hearer.READERS: "the verdict, with the next edition"}),
    Step.LABELLED: _stewards(says={Hearer.READERS: "the label"}),
    # Needs no publication and changes no course: it is help at once.
    Step.SAID_WAY_AROUND: _stewards(sentence=True, says=_TO_ALL),
    Step.SAID_WHAT_HELPS: _stewards(READ_BY_ALL, says={Hearer.READERS: "what would help"}),
    Step.ANSWERED_HELP: _stewards(
        READ_BY_ALL, says={Hearer.READERS: "which teams help, once a steward has said yes"}
    ),
    Step.HANDED: _stewards(
        READ_BY_ALL,
        courses=_FREE - {Course.HANDED},
        to_course=Course.HANDED,
        sentence=True,
        says={**_TO_RAISER, Hearer.TEAM: "that something waits; the words and what is asked open with it"},
    ),
    Step.TOOK_BACK: _stewards(
        courses=frozenset({Course.HANDED, Course.TAKEN, Course.SPONSOR}),
        to_course=Course.ACKNOWLEDGED,
        sentence=True,
        says=_TO_ALL,
    ),
    Step.OBSERVED: _stewards(courses=_FREE, to_course=Course.OBSERVED, sentence=True, says=_TO_ALL),
    Step.TRIED: _stewards(courses=_FREE, to_course=Course.TRIED, sentence=True, says=_TO_ALL),
    Step.TRIAL_OVER: _stewards(
        courses=frozenset({Course.TRIED}), to_course=Course.ACKNOWLEDGED, sentence=True, says=_TO_ALL
    ),
    Step.ASKED_SPONSOR: _stewards(
        READ_BY_ALL,
        courses=_FREE - {Course.SPONSOR},
        to_course=Course.SPONSOR,
        sentence=True,
        says={**_TO_RAISER, Hearer.SPONSOR: "that something waits; the question opens with it"},
    ),
    Step.NOT_NOW: _stewards(courses=_FREE, to_course=Course.NOT_NOW, sentence=True, says=_TO_ALL),
    Step.CLOSED: _stewards(to_state=State.CLOSED, to_course=Course.WAITING, sentence=True, says=_TO_ALL),
    Step.NOT_FOR_US: _stewards(to_state=State.CLOSED, to_course=Course.WAITING, sentence=True, says=_TO_ALL),
    # What is under way goes on: the other one is merged into it.
    Step.MERGED: _stewards(
        courses=frozenset(Course) - UNDER_WAY,
        to_state=State.CLOSED,
        to_course=Course.WAITING,
        sentence=True,
        says=_TO_ALL,
    ),
    # One that was never published goes back to "new": that needs the raiser's yes as before.
    Step.REOPENED: _stewards(
        frozenset({State.CLOSED}),
        to_state=State.OPEN,
        to_course=Course.ACKNOWLEDGED,
        sentence=True,
        says=_TO_ALL,
    ),
    Step.TAKEN_DOWN: _stewards(
        STANDING | {State.CLOSED},
        to_state=State.TAKEN_DOWN,
        sentence=True,
        says={Hearer.READERS: "the sentence, in the place of the words"},
    ),
    Step.RESTORED: _stewards(
        frozenset({State.TAKEN_DOWN}),
        to_state=State.OPEN,
        says={
            Hearer.RAISER: _NEWS_ALONE,
            Hearer.READERS: "the words again, as far as they could be read",
        },
    ),
    # The team that it was handed to, and the sponsor
    Step.TEAM_YES: Move(
        Role.TEAM,
        STANDING,
        frozenset({Course.HANDED}),
        to_course=Course.TAKEN,
        says={Hearer.RAISER: _NEWS_ALONE, Hearer.STEWARDS: "that a team has answered"},
    ),
    Step.TEAM_NOT_OURS: Move(
        Role.TEAM,
        STANDING,
        frozenset({Course.HANDED}),
        to_course=Course.ACKNOWLEDGED,
        sentence=True,
        says={Hearer.STEWARDS: 'that a team has answered; "not ours" is counted'},
    ),
    Step.SPONSOR_ANSWERED: Move(
        Role.SPONSOR,
        STANDING,
        frozenset({Course.SPONSOR}),
        to_course=Course.ACKNOWLEDGED,
        sentence=True,
        says={**_TO_ALL, Hearer.STEWARDS: "that the sponsor has answered"},
    ),
    # Whoever raised it; everything moves at the batch hour
    Step.ANSWERED: Move(
        Role.RAISER,
        STANDING | {State.TAKEN_DOWN},
        sentence=True,
        says={Hearer.STEWARDS: "that the raiser has written"},
    ),
    Step.WITHDRAWN: Move(
        Role.RAISER, frozenset(State) - {State.WITHDRAWN, State.TAGGED}, to_state=State.WITHDRAWN
    ),
    Step.SAID_OUTCOME: Move(
        Role.RAISER, frozenset({State.CLOSED}), says={Hearer.STEWARDS: "the outcome; a no asks for a look"}
    ),
    Step.SAID_HOLDS: Move(
        Role.RAISER,
        frozenset({State.CLOSED}),
        says={Hearer.STEWARDS: "whether it still holds; a no asks for a look"},
    ),
    Step.SAID_COST: Move(
        Role.RAISER, frozenset({State.CLOSED}), says={Hearer.STEWARDS: "a rate, from five answers on"}
    ),
    # Everybody who may read it
    Step.CONFIRMED: Move(
        Role.ANYBODY,
        STANDING | {State.TAGGED},
        says={Hearer.READERS: "words for breadth, with the next edition; one that rests wakes"},
    ),
    Step.OFFERED_HELP: Move(
        Role.ANYBODY, READ_BY_ALL, sentence=True, says={Hearer.STEWARDS: "who offers what"}
    ),
    Step.POINTED_AT: Move(
        Role.ANYBODY,
        frozenset({State.OPEN, State.RESTING, State.CLOSED, State.ASKED}),
        to_state=State.TAKEN_DOWN,
        says={Hearer.STEWARDS: "that a second look is needed"},
    ),
    # Nobody: a day has come
    Step.RESTED: Move(
        Role.TIME,
        frozenset({State.OPEN}),
        to_state=State.RESTING,
        says={Hearer.READERS: '"still there?", once, in an edition'},
    ),
    Step.NO_ANSWER: Move(
        Role.TIME,
        STANDING,
        frozenset({Course.HANDED}),
        to_course=Course.ACKNOWLEDGED,
        says={Hearer.STEWARDS: 'that a team has not answered; it is not counted as "not ours"'},
    ),
    Step.DAY_CAME: Move(
        Role.TIME,
        STANDING,
        frozenset({Course.TAKEN, Course.OBSERVED, Course.NOT_NOW, Course.SPONSOR, Course.TRIED}),
        says={Hearer.STEWARDS: "that its day has come, until a steward does something"},
    ),
    Step.TRIAL_LAPSED: Move(
        Role.TIME,
        STANDING,
        frozenset({Course.TRIED}),
        to_course=Course.ACKNOWLEDGED,
        says={Hearer.RAISER: _NEWS_ALONE, Hearer.READERS: "that it lapsed at its review"},
    ),
    Step.UNCONFIRMED: Move(
        Role.TIME, frozenset({State.CLOSED}), says={Hearer.READERS: '"closed by us, not confirmed"'}
    ),
}


#: Steps with which a person answers the raiser: the first of them ends the wait for a first answer.
FIRST_ANSWERS: Final = frozenset(step for step, move in LIFECYCLE.items() if move.answers)


class NotNow(Exception):
    """The table knows no such step from here, or not by this role."""


def after(step: Step, role: Role, standing: Standing) -> Standing:
    """Where the step leads; raises `NotNow` where the role may not, or where the problem stands elsewhere."""
    move = LIFECYCLE[step]
    if role is not move.who or not fits(step, standing):
        raise NotNow
    course = move.to_course or standing.course
    if move.answers and course is Course.WAITING and move.to_course is None:
        course = Course.ACKNOWLEDGED
    return Standing(move.to_state or standing.state, course)


def fits(step: Step, standing: Standing) -> bool:
    """Whether a problem that stands here can take this step at all."""
    move = LIFECYCLE[step]
    return standing.state in move.states and (move.courses is None or standing.course in move.courses)


def steps_of(role: Role, standing: Standing) -> list[Step]:
    """What this role may do with a problem that stands here, in the order of the table."""
    return [step for step, move in LIFECYCLE.items() if move.who is role and fits(step, standing)]
