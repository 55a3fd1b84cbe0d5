"""Every act that takes a person, by every role, in every state of a problem: it works exactly where it should.

The acts are found by looking: one that is in no table here fails the first test. What is refused writes nothing.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

import bot.core
from bot.core.editions import acts as editions
from bot.core.editions import corrections
from bot.core.identity import hearing
from bot.core.identity.installation import Mode
from bot.core.identity.people import Actor
from bot.core.identity.records import Hears
from bot.core.kit import Kit
from bot.core.problems import (
    absence,
    acts,
    courses,
    flagging,
    handing,
    helping,
    merging,
    queries,
    sponsoring,
    tagging,
    trackers,
    triage,
    writing,
)
from bot.core.problems.acts import Told
from bot.core.problems.flag_records import Flag, Review, Why
from bot.core.problems.records import Confirmation, Problem, RaisedAs, State, Tag
from bot.core.problems.rules import Ownership, Verdict
from bot.core.problems.standing_rules import Course
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import Hand, Help, SponsorsAnswer
from bot.core.refusal import NotFound, Refusal
from bot.core.replies import acts as relay
from bot.core.replies import careful, forgetting, reviews, right_of_reply, stored, withholding
from bot.core.replies import queries as replies
from bot.core.replies.records import Clock, Proposal, Reply, Withheld
from bot.core.store import Sessions, monday
from bot.core.teams import acts as teams
from tests.adversary import databases
from tests.adversary.may import (
    ASKED,
    CLOSED,
    DOWN,
    ELSEWHERE,
    INSIDE,
    NEW,
    OF_A_PROBLEM,
    OPEN,
    OTHERS,
    READ,
    RESTING,
    STANDING,
    TAGGED,
    WITH_A_TABLE,
    WITHDRAWN,
)
from tests.company import AMARA, JONAS, appoint, person, team
from tests.conftest import new_kit

AT = dt.datetime(2026, 11, 18, 14, 7, tzinfo=dt.UTC)
LATER = AT.date() + dt.timedelta(days=5)
ROLES: dict[str, Actor] = {
    "reader": person(1),
    "confirmer": person(2),
    "raiser": person(3),
    "contact": person(4),  # answers for a team that was asked
    "steward": AMARA,
    "sponsor": person(5),  # whom the operator named: answers what needs a word from above
    "forger": Actor("U0NOBODY"),  # has never been seen here, and sends what a steward's button would send
}
ROOMS = (
    acts,
    queries,
    tagging,
    triage,
    relay,
    right_of_reply,
    replies,
    corrections,
    editions,
    teams,
    forgetting,
    stored,
    absence,
    careful,
    courses,
    flagging,
    handing,
    hearing,
    helping,
    merging,
    reviews,
    sponsoring,
    trackers,
    withholding,
)

WORDS = Wording("Other words", "For us this means other things.")


def named(room: ModuleType) -> str:
    return (
        "relay" if room is relay else room.__name__.rpartition(".")[2] if room is not replies else "replies"
    )


def found() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of these rooms that takes a person."""
    for room in ROOMS:
        # Two rooms are called acts, and two are called queries.
        name = {editions: "editions", teams: "teams"}.get(room, named(room))
        for each, act in inspect.getmembers(room, inspect.isfunction):
            mine = act.__module__ == room.__name__ and not each.startswith("_")
            if mine and "actor" in inspect.signature(act).parameters:
                yield f"{name}.{each}", act


class World:
    """One problem in each state, with everything on it that an act could need."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.kit = sessions, new_kit()
        self.problems: dict[State, int] = {}
        appoint(sessions)
        with sessions.begin() as session:
            self.asked = team(
                session, self.kit, "Identity", [person(n) for n in range(4, 10)], function="Engineering"
            )
            self.asked.contact = ROLES["contact"].person
            self.marked = team(
                session, self.kit, "Checkout", [person(n) for n in range(1, 4)], function="Engineering"
            )
            self.marked.group = "S0CHECKOUT"
            self.team = self.asked.id
            for number, state in enumerate(State, start=1):
                self.problems[state] = self._problem(session, number, state)

    def _problem(self, session: Session, number: int, state: State) -> int:
        raised_as = RaisedAs.TAGGED if state is TAGGED else RaisedAs.NAMED
        problem = writing.fresh(self.kit, raised_as, state, at=AT)
        problem.title, problem.hardship = f"Problem {number}", "For us this means waiting."
        problem.raiser = None if state is WITHDRAWN else ROLES["raiser"].person
        if state in READ:
            problem.number, problem.published_week = number, monday(AT)
        if state is CLOSED:
            problem.closing = "It is solved."
        session.add(problem)
        session.flush()
        if state is TAGGED:
            session.add(Tag(channel="C0GENERAL1", message_ts="1.1", problem_id=problem.id, place="public"))
        if state is DOWN:
            words = {"title": "Was here", "hardship": "Was here too", "tried": "", "guardrails": ""}
            session.add(
                Withheld(problem_id=problem.id, state="open", steward=JONAS.person, reason="", **words)
            )
        if state in STANDING or state is DOWN:
            self._beside(session, problem, state)
        return problem.id

    def _beside(self, session: Session, problem: Problem, state: State) -> None:
        voice = queries.voice_of(problem, ROLES["confirmer"].person, self.kit)
        row = {
            "problem_id": problem.id,
            "voice": voice,
            "team_id": None,
            "trusted": False,
            "week": monday(AT),
        }
        session.add(Confirmation(**row))
        for by_raiser in (True, False):
            ident = problem.id - 1 - by_raiser
            words = {"title": "Other", "hardship": "Words", "tried": "", "guardrails": ""}
            session.add(Proposal(id=ident, problem_id=problem.id, by_raiser=by_raiser, **words))
        if state is not NEW:
            session.add(
                Clock(
                    problem_id=problem.id,
                    began_at=AT - dt.timedelta(days=9),
                    due_at=AT - dt.timedelta(days=1),
                )
            )
            session.add(Reply(problem_id=problem.id, team_id=self.team, holds=True, text=None))
        session.flush()

    def other(self, ident: int) -> int:
        """An open problem beside this one."""
        return next(each for each in (self.problems[OPEN], self.problems[RESTING]) if each != ident)

    def arguments(self, act: Callable[..., Any], state: State, session: Session) -> dict[str, Any]:
        """What the act asks for, by the name of each parameter."""
        ident = self.problems[state]
        by_name: dict[str, Any] = {
            "kit": self.kit,
            "sealing": self.kit.sealing,
            "at": AT,
            "news_at": AT,
            "ident": ident,
            "idents": [ident],
            "wording": WORDS,
            "zone": ZoneInfo("UTC"),
            "text": "A sentence.",
            "sentence": "A sentence.",
            "typed": "https://tracker.example/browse/AB-1",
            "link": 7,
            "reason": "A reason.",
            "period": "2026-W48",
            "needed_from": frozenset({self.team}),
            "felt_by": frozenset({self.team}),
            "accept": True,
            "ownership": Ownership.NOBODY,
            "told": Told((1, 2)),
            "verdict": Verdict.TWO_TEAMS,
            "days": 9,
            "proposal": ident - 2,
            "team": self.team,
            "asked": [self.team],
            "restore": True,
            "form": "V1",
            "holidays": lambda _day: False,
            "group": "S0CHECKOUT",
            "contact": person(5).person,
            "today": AT.date(),
            **dict.fromkeys(("until", "review_on", "due_on"), LATER),
            "asks": "A sentence.",
            "instead": "Somewhere else.",
            "code": None,
            "most": 20,
            "offer": 7,
            "into": self.other(ident),
            "sponsor": ROLES["sponsor"].person,
            "chosen": Mode.CAREFUL,
            "how": Hears.NEVER,
            "number": session.get_one(Problem, ident).number or 0,
            "problem": session.get_one(Problem, ident),
        }
        return {name: by_name[name] for name in _asked_for(act) if name in by_name}


def _asked_for(act: Callable[..., Any]) -> Iterator[str]:
    """The names of an act's parameters, those of a typed `**when` too."""
    for each in inspect.signature(act).parameters.values():
        if each.kind is inspect.Parameter.VAR_KEYWORD:
            (several,) = get_args(get_type_hints(act)[each.name])
            yield from several.__required_keys__
        else:
            yield each.name


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with databases.sqlite() as fresh:
        yield World(fresh())


def _agreed(session: Session, _world: World, _ident: int) -> None:
    """No words wait for a yes."""
    session.query(Proposal).delete()


def _handed(session: Session, world: World, ident: int) -> None:
    """The team was asked to take it."""
    session.add(Hand(id=7, problem_id=ident, team_id=world.team, asks="Take it.", due_on=LATER))
    session.get_one(Problem, ident).course = Course.HANDED.value


def _answered_first(session: Session, _world: World, ident: int) -> None:
    session.get_one(Problem, ident).course = Course.ACKNOWLEDGED.value


def _with_the_sponsor(session: Session, _world: World, ident: int) -> None:
    session.add(SponsorsAnswer(id=7, problem_id=ident, asks="Say who decides.", due_on=LATER))
    session.get_one(Problem, ident).course = Course.SPONSOR.value


def _help_is_offered(session: Session, _world: World, ident: int) -> None:
    session.add(Help(id=7, problem_id=ident, person=ROLES["confirmer"].person, text="We can."))


def _flagged(session: Session, _world: World, ident: int) -> None:
    session.add(Flag(problem_id=ident, why=Why.BURST.value, week=monday(AT - dt.timedelta(weeks=2))))


def _concerns_the_team(session: Session, world: World, ident: int) -> None:
    with suppress(Refusal):  # in a state in which nobody says so
        triage.set_inputs(
            *(session, AMARA, ident),
            felt_by=frozenset(),
            needed_from=frozenset({world.team}),
            ownership=None,
            kit=world.kit,
            at=AT,
        )


def _asked_again(session: Session, world: World, ident: int) -> None:
    session.add(Review(problem_id=ident, team_id=world.team, sentence="Look again."))


def _answered(session: Session, world: World, ident: int) -> None:
    _concerns_the_team(session, world, ident)
    session.add(Review(problem_id=ident, team_id=world.team, sentence="Look again.", answer="We did."))


def _merged(session: Session, world: World, ident: int) -> None:
    with suppress(Refusal):
        merging.merge(
            *(session, AMARA, ident),
            into=world.other(ident),
            sentence="The same.",
            due_on=LATER,
            kit=world.kit,
            at=AT,
            news_at=AT,
        )


def _tried(session: Session, _world: World, ident: int) -> None:
    session.get_one(Problem, ident).course = Course.TRIED.value


#: What has to be there first.
PREPARED: dict[str, Callable[[Session, World, int], None]] = {
    **dict.fromkeys(
        (
            "triage.publish",
            "right_of_reply.publish",
            "right_of_reply.publish_early",
            "right_of_reply.ask_teams",
        ),
        _agreed,
    ),
    **dict.fromkeys(
        ("handing.for_contact", "handing.say_yes", "handing.say_not_ours", "courses.take_back"), _handed
    ),
    **dict.fromkeys(("sponsoring.answer", "sponsoring.for_sponsor"), _with_the_sponsor),
    **dict.fromkeys(("helping.answer_help", "helping.take_help_back"), _help_is_offered),
    "courses.trial_over": _tried,
    "courses.write": _answered_first,
    "flagging.looked": _flagged,
    "reviews.ask_review": _concerns_the_team,
    "reviews.answer_review": _asked_again,
    "reviews.answered": _answered,
    "merging.undo": _merged,
}


def outcome(world: World, act: Callable[..., Any], name: str, actor: Actor, state: State) -> str:
    """What came of it; nothing of it stays."""
    with Session(world.sessions.engine, expire_on_commit=False) as session:
        given = world.arguments(act, state, session)
        prepare = PREPARED.get(name)
        if prepare:
            prepare(session, world, world.problems[state])
        parameters = inspect.signature(act).parameters
        given |= {"actor": actor} | ({"session": session} if "session" in parameters else {})
        session.flush()
        raw: Any = session.connection().connection.driver_connection
        before = raw.total_changes
        try:
            made = act(**given)
        except Refusal as refusal:
            session.flush()
            assert raw.total_changes == before, f"{name} refused {actor} and wrote"
            return type(refusal).__name__
        says_no = made is False and name in ("queries.may_see", "replies.is_asked")
        return "refused" if says_no else "done"


def test_every_act_that_takes_a_person_stands_in_a_table() -> None:
    assert {name for name, _ in found()} == set(OF_A_PROBLEM) | set(OTHERS) | INSIDE


def test_every_room_with_an_act_that_takes_a_person_is_looked_at() -> None:
    rooms = set()
    for each in pkgutil.walk_packages(bot.core.__path__, "bot.core."):
        room = importlib.import_module(each.name)
        for name, act in inspect.getmembers(room, inspect.isfunction):
            if act.__module__ == each.name and not name.startswith("_"):
                rooms |= {each.name} if "actor" in inspect.signature(act).parameters else set()
    assert rooms - {room.__name__ for room in ROOMS} == ELSEWHERE | WITH_A_TABLE


@pytest.mark.parametrize("name", OF_A_PROBLEM)
def test_an_act_on_a_problem_is_for_these_roles_in_these_states_and_no_others(
    name: str, world: World
) -> None:
    act = dict(found())[name]
    was = {
        (role, state.value)
        for role, actor in ROLES.items()
        for state in State
        if outcome(world, act, name, actor, state) == "done"
    }
    assert was == {(role, state.value) for role, states in OF_A_PROBLEM[name].items() for state in states}


@pytest.mark.parametrize("name", OTHERS)
def test_an_act_on_no_problem_is_for_these_roles_and_no_others(name: str, world: World) -> None:
    act = dict(found())[name]
    was = {role for role, actor in ROLES.items() if outcome(world, act, name, actor, OPEN) == "done"}
    assert was == set(OTHERS[name])


@pytest.mark.parametrize("name", [each for each, where in OF_A_PROBLEM.items() if set(where) > {"steward"}])
def test_what_is_not_for_somebody_is_told_apart_from_nothing(name: str, world: World) -> None:
    """Somebody who may not see a problem is told what an unknown number is told."""
    act = dict(found())[name]
    if "ident" not in inspect.signature(act).parameters:
        return
    hidden = {outcome(world, act, name, ROLES["reader"], state) for state in (TAGGED, NEW, ASKED, WITHDRAWN)}
    assert hidden <= {NotFound.__name__, "refused"}


def test_an_id_that_nobody_has_and_one_out_of_bounds_are_not_there(world: World, kit: Kit) -> None:
    for ident in (0, -1, 7, 2**63, 2**200):
        with world.sessions.reading() as session, pytest.raises(NotFound):
            queries.visible(session, AMARA, ident, kit)
