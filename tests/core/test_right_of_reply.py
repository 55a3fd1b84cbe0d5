"""Teams that would have to change something are heard first: in private, on one clock, and beside the problem."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import add_working_days
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, queries, triage
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.wording import Wording
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies import acts as relay
from bot.core.replies import right_of_reply as right
from bot.core.replies.queries import (
    as_raiser,
    asked_of,
    beside,
    early_sentences,
    for_contact,
    for_raiser,
    for_steward,
)
from bot.core.replies.records import Clock, Reply
from bot.core.store import Sessions
from bot.core.teams.acts import forget_person, name_contact
from tests.company import AMARA, JONAS, RAISER, STRANGER, WORDS, appoint, refused, team

BERLIN = ZoneInfo("Europe/Berlin")
CONTACT = Actor("U0CONTACT")
NEXT = Actor("U0NEXT00")
WORKDAYS = {"zone": BERLIN, "holidays": lambda _day: False}


class Asking:
    """One new problem that two teams would have to change, and how stewards go about it."""

    def __init__(self, sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
        self.sessions, self.kit, self.at = sessions, kit, at
        appoint(sessions)
        with sessions.begin() as session:
            self.identity, self.legal, self.lonely = (
                team(session, kit, name).id for name in ("Identity", "Legal", "Lonely")
            )
            for named in (self.identity, self.legal):
                name_contact(session, AMARA, team=named, contact=CONTACT.person)
            wording = Wording(WORDS.title, WORDS.hardship, needed_from=frozenset({self.identity}))
            problem = acts.raise_named(session, RAISER, wording, form="V1", kit=kit, at=at)
            assert problem is not None
            self.ident = problem.id

    @property
    def values(self) -> dict[str, object]:
        return {"kit": self.kit, "at": self.at, "news_at": self.at}

    def ask(self, *teams: int, at: dt.datetime | None = None) -> Clock:
        with self.sessions.begin() as session:
            values = {**self.values, "at": at or self.at}
            return right.ask_teams(session, AMARA, self.ident, teams, **WORKDAYS, **values)

    def publish(self, *, at: dt.datetime | None = None) -> Problem:
        with self.sessions.begin() as session:
            return right.publish(session, AMARA, self.ident, **{**self.values, "at": at or self.at})

    def reply(self, text: str, *, who: Actor = CONTACT, of: int | None = None) -> None:
        with self.sessions.begin() as session:
            right.reply(session, who, self.ident, of or self.identity, text)

    def messages(self, session: Session) -> list[tuple[str, object, str]]:
        return [
            (
                row.kind,
                row.about,
                self.kit.sealing.unseal(row.sealed_person or b"", bound_to=f"outbox:{row.id}"),
            )
            for row in session.scalars(sa.select(Message).where(Message.kind != "home"))
        ]


@pytest.fixture
def asking(sessions: Sessions, kit: Kit, at: dt.datetime) -> Asking:
    return Asking(sessions, kit, at)


def test_what_another_team_would_have_to_change_is_not_published_unasked(asking: Asking) -> None:
    for publish in (triage.publish, right.publish):
        told = refused(asking.sessions, publish, AMARA, asking.ident, **asking.values)
        assert told == triage.ASK_FIRST


def test_a_team_that_nobody_answers_for_is_in_nobodys_way(asking: Asking) -> None:
    with asking.sessions.begin() as session:
        forget_person(session, CONTACT.person)
        assert queries.to_ask(session, session.get_one(Problem, asking.ident)) == []
    assert asking.publish().number == 1


def test_asking_tells_the_contact_in_private_and_the_raiser_at_the_batch_hour(asking: Asking) -> None:
    clock = asking.ask(asking.identity, asking.lonely)
    assert clock.due_at == add_working_days(asking.at, 5, BERLIN, lambda _day: False)
    with asking.sessions.reading() as session:
        assert session.get_one(Problem, asking.ident).state == State.ASKED.value
        assert sorted(asking.messages(session), key=str) == [
            ("asked_team", {"problem": asking.ident, "team": asking.identity}, CONTACT.person),
            ("news", {}, RAISER.person),
        ]
        assert [row.act for row in session.scalars(sa.select(Audit))] == ["asked_teams"]
        # Nothing shows which of the two nobody answers for.
        found = for_steward(session, AMARA, asking.ident, asking.kit)
        assert [(each.name, each.text) for each in found.replies] == [("Identity", None), ("Lonely", None)]
        with pytest.raises(NotFound):
            queries.visible(session, STRANGER, asking.ident, asking.kit)


def test_asking_twice_asks_once(asking: Asking) -> None:
    first = asking.ask(asking.identity).due_at
    assert asking.ask(asking.identity, at=asking.at + dt.timedelta(days=2)).due_at == first
    with asking.sessions.reading() as session:
        assert [kind for kind, *_ in asking.messages(session)].count("asked_team") == 1


def test_nothing_is_asked_before_the_raiser_has_agreed_to_the_words(asking: Asking) -> None:
    with asking.sessions.begin() as session:
        kinder = Wording("Other words", "For us this means waiting.")
        relay.propose(session, AMARA, asking.ident, kinder, **asking.values)
    told = refused(
        asking.sessions,
        right.ask_teams,
        AMARA,
        asking.ident,
        [asking.identity],
        **WORKDAYS,
        **asking.values,
    )
    assert told == triage.UNAGREED


@pytest.mark.parametrize("teams", [[], [4711], [2**70]])
def test_only_teams_that_there_are_can_be_asked(asking: Asking, teams: list[int]) -> None:
    with pytest.raises(Refusal):
        asking.ask(*teams)
    with asking.sessions.reading() as session:
        assert session.get_one(Problem, asking.ident).state == State.NEW.value


def test_it_is_published_once_all_have_answered(asking: Asking) -> None:
    asking.ask(asking.identity, asking.legal)
    asking.reply("One review queue would do.")
    with pytest.raises(Refusal, match="still have time"):
        asking.publish()
    asking.reply("We can help.", of=asking.legal)
    with asking.sessions.reading() as session:
        assert [problem.id for problem in right.ready(session, at=asking.at)] == [asking.ident]
        assert beside(session, session.get_one(Problem, asking.ident)) == []
    problem = asking.publish()
    assert (problem.number, problem.state) == (1, State.OPEN.value)
    with asking.sessions.reading() as session:
        said = [(each.name, each.text) for each in beside(session, problem)]
        assert said == [("Identity", "One review queue would do."), ("Legal", "We can help.")]
        assert for_raiser(session, as_raiser(session, RAISER, asking.ident, asking.kit)).replies


def test_it_is_published_once_the_time_is_over_and_not_a_moment_before(asking: Asking) -> None:
    due = asking.ask(asking.identity, asking.lonely).due_at
    with pytest.raises(Refusal, match="still have time"):
        asking.publish(at=due - dt.timedelta(seconds=1))
    with asking.sessions.reading() as session:
        assert right.ready(session, at=due - dt.timedelta(seconds=1)) == []
    problem = asking.publish(at=due)
    with asking.sessions.reading() as session:
        assert beside(session, problem) == []
    asking.reply("Late, and still welcome.")
    with asking.sessions.reading() as session:
        assert [each.text for each in beside(session, problem)] == ["Late, and still welcome."]


def test_a_team_added_later_is_heard_and_holds_nothing_up(asking: Asking) -> None:
    due = asking.ask(asking.identity).due_at
    later = asking.at + dt.timedelta(days=5)
    assert asking.ask(asking.legal, at=later).due_at == due
    asking.reply("One queue.")
    problem = asking.publish(at=later)
    assert problem.number == 1
    asking.ask(asking.lonely, at=later)
    with asking.sessions.reading() as session:
        assert session.get_one(Problem, asking.ident).state == State.OPEN.value
        assert session.get_one(Reply, (asking.ident, asking.legal)).holds is False
        assert [kind for kind, *_ in asking.messages(session)].count("asked_team") == 2


@pytest.mark.parametrize("days", [0, 5, 11, -3])
def test_asked_teams_get_ten_working_days_in_all_at_the_most(asking: Asking, days: int) -> None:
    began = asking.ask(asking.identity)
    values = {**WORKDAYS, "kit": asking.kit, "at": asking.at}
    told = refused(asking.sessions, right.give_time, AMARA, asking.ident, days=days, **values)
    assert "at the most" in told
    with asking.sessions.begin() as session:
        later = asking.at + dt.timedelta(days=6)
        given = right.give_time(session, AMARA, asking.ident, days=10, **WORKDAYS, kit=asking.kit, at=later)
        assert given.due_at == add_working_days(began.began_at, 10, BERLIN, lambda _day: False)
        # Less than was given is not taken away again.
        again = right.give_time(session, AMARA, asking.ident, days=7, **values)
        assert again.due_at == given.due_at


def test_only_the_person_who_answers_for_the_team_now_reads_and_replies(asking: Asking) -> None:
    asking.ask(asking.identity)
    for who in (STRANGER, AMARA, RAISER, NEXT):
        with pytest.raises(NotFound):
            asking.reply("Mine now", who=who)
    with pytest.raises(NotFound):
        asking.reply("Not asked", of=asking.legal)
    asking.reply("One queue.")
    with asking.sessions.begin() as session:
        assert asked_of(session, CONTACT) == []
        assert for_contact(session, CONTACT, asking.ident, asking.identity).text == "One queue."
        name_contact(session, AMARA, team=asking.identity, contact=NEXT.person)
        with pytest.raises(NotFound):
            for_contact(session, CONTACT, asking.ident, asking.identity)
    asking.reply("Two queues.", who=NEXT)
    with asking.sessions.reading() as session:
        assert for_contact(session, NEXT, asking.ident, asking.identity).text == "Two queues."
        assert CONTACT.person not in str([vars(row) for row in session.scalars(sa.select(Reply))])
        for ident in (0, -1, 2**70):
            with pytest.raises(NotFound):
                for_contact(session, NEXT, ident, asking.identity)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x\x00", "x" * 3001])
def test_a_reply_is_a_sentence(asking: Asking, text: str) -> None:
    asking.ask(asking.identity)
    with pytest.raises(Refusal):
        asking.reply(text)


def test_what_waits_for_a_contact_is_listed_until_it_is_answered_or_closed(asking: Asking) -> None:
    due = asking.ask(asking.identity, asking.legal).due_at
    with asking.sessions.begin() as session:
        waiting = asked_of(session, CONTACT)
        assert [(each.team.name, each.text, each.due_at) for each in waiting] == [
            ("Identity", None, due),
            ("Legal", None, due),
        ]
        assert asked_of(session, STRANGER) == []
        triage.close(session, AMARA, asking.ident, "Done.", **asking.values)
        assert asked_of(session, CONTACT) == []
    with pytest.raises(NotFound):
        asking.reply("Too late.")


def test_two_stewards_publish_early_each_with_a_sentence_that_everybody_reads(asking: Asking) -> None:
    asking.ask(asking.identity)

    def early(who: Actor, sentence: str) -> bool:
        with asking.sessions.begin() as session:
            return right.publish_early(session, who, asking.ident, sentence, **asking.values)

    with pytest.raises(Refusal, match="sentence"):
        early(AMARA, " ")
    with pytest.raises(Refusal, match="for the stewards"):
        early(STRANGER, "Now.")
    assert not early(AMARA, "Customers are locked out.")
    with pytest.raises(Refusal, match="second steward"):
        early(AMARA, "Really.")
    with asking.sessions.reading() as session:
        problem = session.get_one(Problem, asking.ident)
        assert (problem.number, early_sentences(session, problem)) == (None, [])
        assert for_steward(session, JONAS, asking.ident, asking.kit).early == ["Customers are locked out."]
    assert early(JONAS, "Every day counts.")
    with asking.sessions.reading() as session:
        problem = session.get_one(Problem, asking.ident)
        assert problem.state == State.OPEN.value
        said = early_sentences(session, problem)
        assert sorted(said) == ["Customers are locked out.", "Every day counts."]
        trail = {(row.act, row.steward) for row in session.scalars(sa.select(Audit))}
        assert {("said_early", AMARA.person), ("published_early", JONAS.person)} <= trail
    asking.reply("It helped us to hear it.")  # asked all the same
    with pytest.raises(Stale):
        early(AMARA, "Again.")


def test_readers_and_raisers_ask_and_publish_nothing(asking: Asking) -> None:
    for who in (STRANGER, RAISER, CONTACT):
        for work in (
            lambda s, who=who: right.ask_teams(
                s, who, asking.ident, [asking.identity], **WORKDAYS, **asking.values
            ),
            lambda s, who=who: right.publish(s, who, asking.ident, **asking.values),
            lambda s, who=who: right.give_time(
                s, who, asking.ident, days=7, **WORKDAYS, kit=asking.kit, at=asking.at
            ),
        ):
            assert "for the stewards" in refused(asking.sessions, work)
