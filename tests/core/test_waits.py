"""Absence pauses the clocks, and the wait for a first answer is told as it was."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import set_stewards
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import absence, courses, due, triage, waits
from bot.core.problems.acts import raise_confidential, raise_named
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.waits import Share, Wait
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import Arrival, PausedDay
from bot.core.replies import acts as relay
from bot.core.replies import moving
from bot.core.store import Sessions
from tests.company import AMARA, JONAS, STRANGER, appoint, person, raised, refused, run_batch

UTC = ZoneInfo("UTC")
MONDAY = dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC)


def no_holidays(_day: dt.date) -> bool:
    return False


def arrive(sessions: Sessions, kit: Kit, number: int, day: dt.datetime) -> None:
    """So many confidential problems reach the stewards with this day's batch."""
    with sessions.begin() as session:
        for each in range(number):
            words = Wording(f"{day} {each}", "For us it is slow.")
            raise_confidential(session, person(each), words, form=f"{day} {each}", kit=kit)
    run_batch(sessions, kit, day)


def answer(sessions: Sessions, kit: Kit, number: int, at: dt.datetime) -> None:
    """Any so many of those that wait are answered."""
    with sessions.begin() as session:
        waiting = session.scalars(
            sa.select(Problem.id).where(Problem.course == "waiting", Problem.state == State.NEW.value)
        )
        for ident in list(waiting)[:number]:
            courses.acknowledge(session, AMARA, ident, "We read it.", kit=kit, at=at, news_at=at)


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def test_waits_are_told_without_a_row_that_dates_a_problem(sessions: Sessions, kit: Kit) -> None:
    appoint(sessions)
    arrive(sessions, kit, 2, MONDAY)
    arrive(sessions, kit, 1, MONDAY + days(1))
    answer(sessions, kit, 1, MONDAY + days(1.2))
    answer(sessions, kit, 1, MONDAY + days(4))
    with sessions.reading() as session:
        found = waits.waits(session, at=MONDAY + days(4), zone=UTC, free=no_holidays)
        assert found == [Wait(1, True), Wait(3, False), Wait(4, True)]
        assert waits.share(found) == Share(1, 3)
        assert not waits.share(found).known
        assert {row.number for row in session.scalars(sa.select(Arrival))} == {1, 2}
        mondays = set(session.scalars(sa.select(Problem.raised_week)))
        assert mondays == {MONDAY.date()}


@pytest.mark.parametrize("how", ["taken back", "replaced", "the raiser's own came first"])
def test_words_that_were_never_sent_end_no_wait(
    sessions: Sessions, kit: Kit, at: dt.datetime, how: str
) -> None:
    """Before the batch carries them nobody has heard anything: the wait is as long as it was."""
    appoint(sessions)
    kinder = Wording("Kinder", "For us it is slow.")
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        first = relay.propose(session, AMARA, ident, kinder, kit=kit, at=at, news_at=at)
        assert session.get_one(Problem, ident).course == "acknowledged"
        if how == "taken back":
            relay.take_back_proposal(session, JONAS, ident, kit=kit, at=at)
        elif how == "replaced":
            later = at + days(1)
            again = Wording("Kinder still", "For us it is slow.")
            second = relay.propose(session, AMARA, ident, again, kit=kit, at=later, news_at=later)
            assert second.id != first.id
            relay.take_back_proposal(session, AMARA, ident, kit=kit, at=later)
        else:
            moving.drop_proposals(session, session.get_one(Problem, ident), kit)
        assert session.get_one(Problem, ident).course == "waiting"
        assert [each.id for each in due.unanswered(session)] == [ident]
    with sessions.reading() as session:
        (wait,) = waits.waits(session, at=at + days(7), zone=UTC, free=no_holidays)
        assert not wait.answered
        assert wait.days >= 5


def test_of_words_that_were_never_sent_the_raiser_gets_no_message(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    words = Wording("Kinder", "For us it is slow.")
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        theirs = raise_named(
            session, person(7), Wording("Theirs", "For us it is slow."), form="V7", kit=kit, at=at
        )
        assert theirs is not None
        other = theirs.id
        before = set(session.scalars(sa.select(Message.id)))
        for each in (ident, other):
            relay.propose(session, AMARA, each, words, kit=kit, at=at, news_at=at + days(1))
        relay.take_back_proposal(session, AMARA, ident, kit=kit, at=at)
        news = [
            row
            for row in session.scalars(sa.select(Message).where(Message.kind == "news"))
            if row.id not in before
        ]
        (left,) = news
        told = kit.sealing.unseal(left.sealed_person or b"", bound_to=f"outbox:{left.id}")
        assert told == person(7).person, "the other's stays"


def test_which_message_goes_with_unsent_words_tells_of_no_other_problem_whose_it_is(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    """Else a steward who reads the outbox proposes and takes back until the news of the raiser's other one goes."""
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        too = raised(session, kit, at, title="Theirs as well").id
        courses.acknowledge(session, AMARA, too, "We look at it.", kit=kit, at=at, news_at=at + days(1))
        (other,) = _news(session)
        for turn in range(16):
            for words in ("Kinder", "Kinder still"):
                wording = Wording(words, f"For us it is slow ({turn}).")
                relay.propose(session, AMARA, ident, wording, kit=kit, at=at, news_at=at + days(1))
                assert len(_news(session) - {other}) == 1, (
                    "words that replace unsent ones are one piece of news"
                )
            relay.take_back_proposal(session, AMARA, ident, kit=kit, at=at)
            assert _news(session) == {other}
        relay.propose(session, AMARA, ident, wording, kit=kit, at=at, news_at=at + days(1))
        moving.carry(session)
        once = session.scalars(sa.select(Message.once).where(Message.kind == "news")).all()
        assert once == [None, None], "on its way it is a message like others"


def _news(session: Session) -> set[int]:
    return set(session.scalars(sa.select(Message.id).where(Message.kind == "news")))


def test_words_that_the_raiser_has_had_were_an_answer_also_once_they_are_taken_back(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        words = Wording("Kinder", "For us it is slow.")
        relay.propose(session, AMARA, ident, words, kit=kit, at=at, news_at=at)
        moving.carry(session)
        session.expire_all()
        relay.take_back_proposal(session, JONAS, ident, kit=kit, at=at + days(1))
        assert session.get_one(Problem, ident).course == "acknowledged"
    with sessions.reading() as session:
        (wait,) = waits.waits(session, at=at + days(7), zone=UTC, free=no_holidays)
        assert wait.answered


def test_only_a_persons_sentence_to_the_raiser_ends_the_wait(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
        triage.hold(session, AMARA, ident, "Later", kit=kit, at=at)
    with sessions.reading() as session:
        (wait,) = waits.waits(session, at=at, zone=UTC, free=no_holidays)
        assert not wait.answered
    with sessions.begin() as session:
        triage.close(session, AMARA, ident, "We can't end it.", kit=kit, at=at, news_at=at)
        assert waits.waits(session, at=at, zone=UTC, free=no_holidays) == [Wait(0, True)]
        # An answer stays one when its steward is forgotten.
        session.execute(sa.update(Audit).values(steward=None))
        assert waits.waits(session, at=at, zone=UTC, free=no_holidays) == [Wait(0, True)]


def test_everybodys_share_is_kept_for_a_week_and_only_from_five_on(sessions: Sessions, kit: Kit) -> None:
    appoint(sessions)
    arrive(sessions, kit, 6, MONDAY)
    answer(sessions, kit, 4, MONDAY + days(1))
    with sessions.begin() as session:
        calendar = {"zone": UTC, "free": no_holidays}
        assert waits.keep_share(session, at=MONDAY + days(1), **calendar) is None
        assert waits.kept_share(session) is None
        assert waits.keep_share(session, at=MONDAY + days(4), **calendar) == Share(4, 6)
        courses.set_limit(session, AMARA, 3, kit=kit, at=MONDAY)
        assert waits.kept_share(session) == Share(4, 6)


def test_a_weekend_and_holidays_are_no_wait(sessions: Sessions, kit: Kit) -> None:
    appoint(sessions)
    friday = MONDAY + days(4)
    arrive(sessions, kit, 1, friday)
    holiday = (friday + days(3)).date()
    with sessions.reading() as session:
        later = friday + days(4)
        (wait,) = waits.waits(session, at=later, zone=UTC, free=lambda day: day == holiday)
        assert wait == Wait(1, False)
        assert waits.share([wait]) == Share(0, 0)


def test_while_all_stewards_are_away_the_clock_stands_still_and_says_until_when(
    sessions: Sessions, kit: Kit
) -> None:
    appoint(sessions)
    today = MONDAY.date()
    away = {"today": today, "kit": kit, "at": MONDAY}
    refused(sessions, absence.say_away, STRANGER, until=today, **away)
    refused(sessions, absence.say_away, AMARA, until=today - days(1), **away)
    with sessions.begin() as session:
        absence.say_away(session, AMARA, until=today + days(9), **away)
        assert absence.all_away_until(session, today=today) is None
        assert not absence.keep_paused(session, today=today)
        absence.say_away(session, JONAS, until=today + days(2), **away)
        assert absence.all_away_until(session, today=today) == today + days(2)
        assert absence.away(session, today=today) == {
            AMARA.person: today + days(9),
            JONAS.person: today + days(2),
        }
        assert absence.keep_paused(session, today=today)
    arrive(sessions, kit, 1, MONDAY)
    with sessions.begin() as session:
        free = absence.free_days(session, no_holidays, today=today)
        assert [free(today + days(each)) for each in range(4)] == [True, True, True, False]
        absence.say_back(session, JONAS, kit=kit, at=MONDAY)
        # What was paused stays paused, whoever is a steward later.
        set_stewards(session, [person(1).person, person(2).person])
        assert session.scalars(sa.select(PausedDay.day)).all() == [today]
        free = absence.free_days(session, no_holidays, today=today + days(1))
        assert [free(today + days(each)) for each in range(2)] == [True, False]


def test_what_is_withdrawn_before_an_answer_counts_nowhere(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    arrive(sessions, kit, 2, MONDAY)
    with sessions.begin() as session:
        session.scalars(sa.select(Problem)).first().state = State.WITHDRAWN.value
    with sessions.reading() as session:
        assert len(waits.waits(session, at=at, zone=UTC, free=no_holidays)) == 1
