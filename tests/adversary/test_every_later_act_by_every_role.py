"""Every act on decisions, the pulse and the pilot, by every role, in every state that these can be in.

As with problems: the acts are found by looking, and what is refused writes nothing.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions import acts as decisions
from bot.core.decisions import paying
from bot.core.decisions import queries as told
from bot.core.decisions.drafts import Draft, Load
from bot.core.decisions.records import Decision, Guardrail, Payer
from bot.core.decisions.rules import DecisionState, Door, ReviewWord
from bot.core.identity.people import Actor
from bot.core.pilot import acts as pilots
from bot.core.problems import triage
from bot.core.problems.records import Audit, Problem
from bot.core.pulse import acts as pulse
from bot.core.pulse import instrument, tone, waves
from bot.core.pulse import queries as asking
from bot.core.pulse.records import Side, Wave, WaveState
from bot.core.refusal import Refusal
from bot.core.replies.records import Reply
from bot.core.teams.queries import functions
from tests.adversary import databases, exports
from tests.adversary.may import WITH_A_TABLE
from tests.adversary.test_every_act_by_every_role import AT, ROLES
from tests.company import AMARA, JONAS, appoint, person, published, team
from tests.conftest import new_kit

DAY = dt.timedelta(days=1)
REVIEW = AT.date() + 30 * DAY
DECISION = ("none", *(state.value for state in DecisionState))
PULSE = ("none", *(state.value for state in WaveState))
PILOT = ("none", "draft", "running", "counted", "over")
#: Of a team that the pulse asks; the others are of none.
ASKED = {"confirmer", "raiser", "contact"}
Where = dict[str, set[str]]


def may(who: set[str], *states: str) -> Where:
    return {role: set(states) for role in who}


STEWARD, CONTACT = {"steward"}, {"contact"}
STANDS, OVER = ("proposed", "running"), ("ended", "lapsed", "dropped")
#: By room and act: for whom it is in which states; everywhere else it is refused, or finds nothing.
TABLE: dict[ModuleType, dict[str, Where]] = {
    decisions: {
        "record": may(STEWARD, "none", *OVER),
        "second": may(STEWARD, "proposed"),
        "change": may(STEWARD, *STANDS),
        "keep": may(STEWARD, "running"),
        "end": may(STEWARD, *STANDS),
        "found": may(STEWARD, "running"),
        "mine_to_decide": may(STEWARD, *STANDS),
    },
    paying: {
        "agree": may(CONTACT, *STANDS),
        "disagree": may(CONTACT, *STANDS),
        "answer_review": may(CONTACT, *STANDS),
        "comment": may(CONTACT, "proposed"),
    },
    told: {
        "for_steward": may(STEWARD, *STANDS, *OVER),
        "guardrail_for_steward": may(STEWARD, *STANDS, *OVER),
        "for_payer": may(CONTACT, *STANDS),
        "for_comment": may(CONTACT, "proposed"),
        "waiting_for": may(CONTACT, *STANDS),
    },
    pulse: {
        "plan": may(STEWARD, "none", "closed", "called_off"),
        "call_off": may(STEWARD, "planned", "open"),
        "raise_thresholds": may(STEWARD, *PULSE[1:]),
        "answer": may(ASKED, "open"),
        "withdraw": may(ASKED, "open"),
    },
    asking: {
        "asked": may(ASKED, "open"),
        "waiting_for": may(ASKED, "open"),
        "mine": may({"confirmer"}, "open"),  # who has answered finds the own answers
        "to_be_seen": may(ASKED | STEWARD, "closed"),
        "may_see": may(ASKED, "open", "closed") | may(STEWARD, *PULSE),
        "stored_of": may(ASKED, "open", "closed"),
    },
    tone: {"rate": may(CONTACT, *PULSE), "sides": may(CONTACT, *PULSE)},
    pilots: {
        "write_down": may(STEWARD, "none", "draft", "over"),
        "start": may(STEWARD, "draft"),
        "change": may(STEWARD, "running", "counted"),
        "end": may(STEWARD, "running", "counted"),
        "give_hours": may(STEWARD, "running", "counted"),
        "stored_of": may(STEWARD, "running", "counted", "over"),  # who gave hours
        "send_report": may(STEWARD, "counted", "over"),
        "post_report": may(STEWARD, "counted", "over"),
    },
}
#: Of a wave or of results that were loaded for somebody.
INSIDE = {"about_for", "function_of"}
STATES = {
    **dict.fromkeys((decisions, paying, told), DECISION),
    **dict.fromkeys((pulse, asking, tone), PULSE),
    pilots: PILOT,
}


class World:
    """A published problem, a team that pays, is asked by the pulse and has answered; `put` brings about a state."""

    def __init__(self, fresh: databases.Fresh) -> None:
        self.sessions, self.kit = fresh(), new_kit()
        appoint(self.sessions)
        with self.sessions.begin() as session:
            contact = ROLES["contact"]
            asked = [ROLES["confirmer"], ROLES["raiser"], contact, *map(person, range(6, 12))]
            made = team(session, self.kit, "Identity", asked, function="Engineering")
            made.contact = contact.person
            self.team = made.id
            self.problem = published(session, self.kit, AT - DAY).id
            session.add(Reply(problem_id=self.problem, team_id=self.team, holds=False, text="We know it."))

    def put(self, session: Session, room: ModuleType, state: str, *, at_review: bool) -> None:
        if state != "none":
            if room in (decisions, paying, told):
                self._decided(session, state, at_review)
            elif room in (pulse, asking, tone):
                self._wave(session, state)
            else:
                self._pilot(session, state)
        session.flush()

    def _decided(self, session: Session, state: str, at_review: bool) -> None:
        """By Jonas, so that Amara is the second one; what is over is over by its own word alone."""
        when = {"kit": self.kit, "at": AT, "news_at": AT, "today": AT.date()}
        door = Door.ONE_WAY if state in ("proposed", "dropped") else Door.TWO_WAY
        made = decisions.record(session, JONAS, self.problem, self.draft(door), free=_never, **when)
        if state in OVER:
            decisions.end(session, JONAS, made.id, "It is over.", version=made.version, **when)
            made.state = state
        if at_review:
            made.review_asked, made.review_on = True, AT.date()

    def draft(self, door: Door = Door.TWO_WAY) -> Draft:
        load = (Load(self.team, "keeps a list"),)
        return Draft("One list.", "It slips.", REVIEW, payers=load, door=door, guardrails=("slow us down",))

    def _wave(self, session: Session, state: str) -> None:
        opens = AT + DAY if state == "planned" else AT - 3 * DAY
        closes = AT - DAY / 2 if state == "closed" else AT + 9 * DAY
        plan = self.plan(session, opens, closes)
        wave = pulse.plan(session, AMARA, plan, instrument=instrument.load(), kit=self.kit, at=opens - DAY)
        if state in ("open", "closed"):
            waves.go_on(session, kit=self.kit, at=opens)
            pulse.answer(session, ROLES["confirmer"], wave.id, 1, {"A1": 3}, kit=self.kit, at=opens)
        if state == "closed":
            waves.go_on(session, kit=self.kit, at=closes)
        if state == "called_off":
            pulse.call_off(session, AMARA, wave.id, kit=self.kit, at=opens - DAY)
        assert wave.state == state

    @staticmethod
    def plan(session: Session, opens: dt.datetime, closes: dt.datetime) -> pulse.Plan:
        return pulse.Plan(sorted(functions(session)), [], opens, closes)

    def _pilot(self, session: Session, state: str) -> None:
        begins = AT - 21 * DAY
        pilots.write_down(session, AMARA, exports.PILOT, kit=self.kit, at=begins)
        if state != "draft":
            pilots.start(session, AMARA, kit=self.kit, at=begins)
        if state != "draft":
            pilots.give_hours(session, AMARA, 1.0, 2.0, week=AT.date(), kit=self.kit, at=AT - 2 * DAY)
        if state in ("counted", "over"):
            exports.count_pilot(session, at=AT)
        if state == "over":
            pilots.end(session, AMARA, "It was enough.", kit=self.kit, at=AT - DAY)

    def arguments(self, act: Callable[..., Any], session: Session, room: ModuleType) -> dict[str, Any]:
        decision = session.scalar(sa.select(Decision))
        guardrail = session.scalar(sa.select(Guardrail.id))
        wave = session.scalar(sa.select(Wave))
        about = decision.id if decision else 7
        idents = {
            decisions: about,
            told: about,
            pulse: wave.id if wave else 7,
            asking: wave.id if wave else 7,
        }
        by_name: dict[str, Any] = {
            "kit": self.kit,
            "at": AT,
            "news_at": AT,
            "today": AT.date(),
            "free": _never,
            "ident": self.problem if act is decisions.record else idents.get(room, 7),
            **({"ident": guardrail or 7} if act is told.guardrail_for_steward else {}),
            "draft": self.draft(),
            "decided": self.plan(session, AT + DAY, AT + 9 * DAY),
            "version": decision.version if decision else 1,
            "decision": about,
            "team": self.team,
            "sentence": "A sentence.",
            "text": "A sentence.",
            "because": "A sentence.",
            "review_on": REVIEW,
            "guardrail": guardrail or 7,
            "held": True,
            "word": ReviewWord.KEEP,
            "instrument": instrument.load(),
            "page": 1,
            "given": {"A1": 4},
            "phrase": "",
            "figures_from": 6,
            "texts_from": 11,
            "wave": wave,
            "side": Side.FUNCTION,
            "problem": self.problem,
            "value": 3,
            "definition": exports.PILOT,
            "low": 1.0,
            "high": 2.0,
            "week": AT.date(),
            "channel": "C0PILOT",
            "most": 10,
        }
        asks = inspect.signature(act).parameters
        return {name: by_name[name] for name in asks if name in by_name}


def _never(_day: dt.date) -> bool:
    return False


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with databases.sqlite() as fresh:
        yield World(fresh)


def acts_of(room: ModuleType) -> set[str]:
    return {
        name
        for name, act in inspect.getmembers(room, inspect.isfunction)
        if act.__module__ == room.__name__
        and not name.startswith("_")
        and name not in INSIDE
        and "actor" in inspect.signature(act).parameters
    }


def works(world: World, room: ModuleType, name: str, actor: Actor, state: str) -> bool:
    """Whether it does or finds something; nothing of it stays."""
    act = getattr(room, name)
    with Session(world.sessions.engine, expire_on_commit=False) as session:
        world.put(session, room, state, at_review=name in ("keep", "answer_review"))
        if name == "second" and state != "none":
            decided = session.scalars(sa.select(Decision)).one()
            decided.counts_from = AT.date() if decided.counts_from else None
        if name == "keep" and state != "none":
            session.execute(sa.update(Payer).values(review_word=ReviewWord.KEEP.value))
        given = {**world.arguments(act, session, room), "session": session, "actor": actor}
        states = (DecisionState.PROPOSED, DecisionState.RUNNING) if name == "mine_to_decide" else ()
        session.flush()
        if name == "mine" and (given["wave"] is None or given["wave"].salt is None):
            return False  # whoever asks has loaded an open wave first
        raw: Any = session.connection().connection.driver_connection
        before = raw.total_changes
        try:
            made = act(session, actor, given["ident"], world.kit, *states) if states else act(**given)
        except Refusal:
            session.flush()
            assert raw.total_changes == before, f"{name} refused {actor} and wrote"
            return False
        finds = room in (told, asking) or name in ("sides", "stored_of")
        return bool(made) if finds else True


def test_every_act_of_these_rooms_stands_in_the_table() -> None:
    assert {room.__name__ for room in TABLE} == WITH_A_TABLE
    assert {room.__name__: acts_of(room) for room in TABLE} == {
        room.__name__: set(acts) for room, acts in TABLE.items()
    }


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, acts in TABLE.items() for name in acts],
    ids=lambda each: each if isinstance(each, str) else each.__name__.removeprefix("bot.core."),
)  # fmt: skip
def test_a_later_act_is_for_these_roles_in_these_states_and_no_others(
    room: ModuleType, name: str, world: World
) -> None:
    was = {
        (role, state)
        for state in STATES[room]
        for role, actor in ROLES.items()
        if works(world, room, name, actor, state)
    }
    assert was == {(role, state) for role, states in TABLE[room][name].items() for state in states}


def test_nobody_lets_the_own_one_way_door_count(world: World) -> None:
    with Session(world.sessions.engine, expire_on_commit=False) as session:
        world.put(session, decisions, "proposed", at_review=False)
        made = session.scalars(sa.select(Decision)).one()
        made.counts_from = AT.date()
        when = {"today": AT.date(), "kit": world.kit, "at": AT, "news_at": AT}
        with pytest.raises(Refusal):
            decisions.second(session, JONAS, made.id, **when)
        assert (
            session.scalars(sa.select(Audit.steward).where(Audit.act == decisions.PROPOSED)).one()
            == JONAS.person
        )


def test_of_a_decision_on_what_is_taken_down_those_who_pay_see_nothing(world: World) -> None:
    with Session(world.sessions.engine, expire_on_commit=False) as session:
        world.put(session, decisions, "running", at_review=False)
        problem = session.get_one(Problem, world.problem)
        triage.close(session, AMARA, problem.id, "It is over.", kit=world.kit, at=AT, news_at=AT)
        assert told.waiting_for(session, ROLES["contact"]) == []
