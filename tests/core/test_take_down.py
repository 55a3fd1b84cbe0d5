"""Take it down now: the words are gone for readers at once, everywhere, until a second steward has looked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.core.editions import acts as editions
from bot.core.editions import queries as edition_queries
from bot.core.editions.corrections import correct_withdrawn, points_at_me, review_take_down, take_down
from bot.core.editions.records import Edition, EditionItem
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, queries, triage
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.wording import TITLE_MOST, Wording
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies import forgetting, moving, raising, right_of_reply
from bot.core.replies.acts import settle_words
from bot.core.replies.desk import on_desk
from bot.core.replies.queries import (
    as_raiser,
    beside,
    for_raiser,
    for_steward,
    waiting_for_review,
    words_withheld,
)
from bot.core.replies.records import Withheld
from bot.core.store import Sessions
from bot.core.teams.acts import name_contact
from tests.company import AMARA, JONAS, RAISER, STRANGER, WORDS, appoint, refused, run_batch, team

TELLING = Wording("Bo of Legal sits on reviews", "Bo makes us wait.", "We asked Bo.", "Not without Bo.")
WHY = "A text pointed at a person, so it was taken down."
CONTACT = Actor("U0CONTACT")
LATER = dt.datetime(2026, 12, 31, tzinfo=dt.UTC)


@pytest.fixture
def ident(sessions: Sessions, kit: Kit, at: dt.datetime) -> int:
    """A published problem with telling words."""
    appoint(sessions)
    with sessions.begin() as session:
        problem = acts.raise_named(session, RAISER, TELLING, form="V1", kit=kit, at=at)
        assert problem is not None
        triage.publish(session, AMARA, problem.id, kit=kit, at=at, news_at=at)
        return problem.id


def down(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, *, who: Actor = AMARA) -> None:
    with sessions.begin() as session:
        take_down(session, who, ident, WHY, kit=kit, at=at)


def edition(sessions: Sessions, kit: Kit, at: dt.datetime, *, period: str = "2026-W47", posted: bool) -> int:
    with sessions.begin() as session:
        made = editions.compose(session, period=period, due_at=at, late=False, channel="C1", kit=kit, at=at)
        assert made is not None
        if posted:
            editions.posted(session, made.id, "1.2", kit=kit, at=at)
        return made.id


def readable(sessions: Sessions, kit: Kit, ident: int, who: Actor) -> str:
    """All that a person can read of a problem, by every way to it."""
    with sessions.reading() as session:
        found = [*queries.published(session, before=None, most=50), *queries.mine(session, who, kit).problems]
        try:
            found.append(queries.visible(session, who, ident, kit))
            found.append(queries.visible_by_number(session, who, found[-1].number or 0, kit))
        except NotFound:
            pass
        texts = [(each.title, each.hardship, each.tried, each.guardrails) for each in found]
        desk = on_desk(session, at=LATER, today=LATER.date(), most=50).of.values() if who.steward else ()
        texts += [(row.title,) for some in desk for row in some.rows]
        texts += [
            tuple(line.title for line in edition_queries.composed(session, each).lines)
            for each in session.scalars(sa.select(Edition))
        ]
        return str(texts)


def test_nobody_reads_the_words_any_more_and_everybody_reads_why(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    edition(sessions, kit, at, posted=True)
    assert "Bo" in readable(sessions, kit, ident, STRANGER)
    down(sessions, kit, at, ident)
    for who in (STRANGER, RAISER, AMARA):
        assert "Bo" not in readable(sessions, kit, ident, who)
        assert WHY in readable(sessions, kit, ident, who)
    with sessions.reading() as session:
        assert words_withheld(session, JONAS, ident, kit).title == TELLING.title
        assert [problem.id for problem in waiting_for_review(session)] == [ident]
    with sessions.begin() as session, pytest.raises(Refusal, match="took this down yourself"):
        review_take_down(session, AMARA, ident, restore=True, kit=kit, at=at, news_at=at)
    with sessions.reading() as session:
        for who in (STRANGER, RAISER):
            with pytest.raises(Refusal, match="for the stewards"):
                words_withheld(session, who, ident, kit)
        entry = session.scalars(sa.select(Audit).where(Audit.act == "taken_down")).one()
        assert (entry.steward, entry.sentence) == (AMARA.person, WHY)


def test_every_edition_that_holds_it_is_set_right_also_one_on_its_way(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    posted = edition(sessions, kit, at, posted=True)
    later = at + dt.timedelta(days=7)
    under_way = edition(sessions, kit, later, period="2026-W48", posted=False)
    down(sessions, kit, later, ident)
    with sessions.reading() as session:
        rows = session.scalars(sa.select(Message).where(Message.kind == "correct_edition")).all()
        assert {(row.channel, row.about["edition"], row.about["problem"]) for row in rows} == {
            ("C1", posted, ident),
            ("C1", under_way, ident),
        }
        assert {row.due_at for row in rows} == {later}


def test_an_edition_without_it_is_left_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        other = acts.raise_named(session, RAISER, WORDS, form="V2", kit=kit, at=at)
        assert other is not None
    edition(sessions, kit, at, posted=True)
    down(sessions, kit, at, other.id)
    with sessions.reading() as session:
        assert session.scalar(sa.select(Message).where(Message.kind == "correct_edition")) is None
    assert "Bo" in readable(sessions, kit, ident, STRANGER)


@pytest.mark.parametrize("who", [STRANGER, RAISER, AMARA])
def test_anybody_who_reads_it_can_say_that_it_points_at_them_and_leaves_no_name(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, who: Actor
) -> None:
    with sessions.begin() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Audit))
        points_at_me(session, who, ident, "That is me.", sentence=WHY, kit=kit, at=at)
        kept = session.get_one(Withheld, ident)
        assert (kept.steward, kept.reason) == (None, "That is me.")
        assert session.scalar(sa.select(sa.func.count()).select_from(Audit)) == before
    assert "Bo" not in readable(sessions, kit, ident, STRANGER)


def test_whoever_answers_for_an_asked_team_can_say_so_before_others_read(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
        name_contact(session, AMARA, team=legal, contact=CONTACT.person)
        problem = acts.raise_named(session, RAISER, TELLING, form="V1", kit=kit, at=at)
        assert problem is not None
        for who in (CONTACT, STRANGER):
            with pytest.raises(NotFound):
                points_at_me(session, who, problem.id, "Me.", sentence=WHY, kit=kit, at=at)
        right_of_reply.ask_teams(
            session,
            AMARA,
            problem.id,
            [legal],
            zone=ZoneInfo("UTC"),
            holidays=lambda _day: False,
            kit=kit,
            at=at,
            news_at=at,
        )
        with pytest.raises(NotFound):
            points_at_me(session, STRANGER, problem.id, "Me.", sentence=WHY, kit=kit, at=at)
        points_at_me(session, CONTACT, problem.id, "Me.", sentence=WHY, kit=kit, at=at)
        assert problem.state == State.TAKEN_DOWN.value
        with pytest.raises(NotFound):
            queries.visible(session, STRANGER, problem.id, kit)
        review_take_down(session, AMARA, problem.id, restore=True, kit=kit, at=at, news_at=at)
        assert (problem.state, problem.title) == (State.ASKED.value, TELLING.title)


def test_a_second_steward_gives_the_words_back_as_they_were(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    edition(sessions, kit, at, posted=True)
    down(sessions, kit, at, ident)
    values = {"restore": True, "kit": kit, "at": at, "news_at": at}
    assert "second steward" in refused(sessions, review_take_down, AMARA, ident, **values)
    assert "for the stewards" in refused(sessions, review_take_down, STRANGER, ident, **values)
    with sessions.begin() as session:
        problem = review_take_down(session, JONAS, ident, **values)
        assert (problem.state, problem.number) == (State.OPEN.value, 1)
        kept = Wording(problem.title, problem.hardship, problem.tried, problem.guardrails)
        assert kept == TELLING
        assert session.scalar(sa.select(sa.func.count()).select_from(Withheld)) == 0
        corrections = session.scalars(sa.select(Message).where(Message.kind == "correct_edition")).all()
        # Once for taking it down, and once for giving it back.
        assert len(corrections) == 2 * len({row.about.get("part") for row in corrections})
    assert "Bo" in readable(sessions, kit, ident, STRANGER)


def test_a_second_steward_destroys_the_words_and_the_sentence_stays(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        acts.confirm(session, STRANGER, ident, kit=kit)
    run_batch(sessions, kit, at)
    down(sessions, kit, at, ident)
    values = {"restore": False, "kit": kit, "at": at, "news_at": at}
    with sessions.begin() as session:
        problem = review_take_down(session, JONAS, ident, **values)
        assert (problem.state, problem.title, problem.salt) == (State.TAKEN_DOWN.value, WHY, None)
        with pytest.raises(NotFound):
            words_withheld(session, JONAS, ident, kit)
        with pytest.raises(Stale):
            review_take_down(session, AMARA, ident, **values)
    assert waiting_for_review_count(sessions) == 0
    assert WHY in readable(sessions, kit, ident, STRANGER)


def test_what_stewards_wrote_beside_destroyed_words_goes_with_them(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        problem.would_help, problem.way_around, problem.course_sentence = "As they said.", "Ask them.", "So."
    down(sessions, kit, at, ident)
    with sessions.begin() as session:
        gone = review_take_down(session, JONAS, ident, restore=False, kit=kit, at=at, news_at=at)
        assert (gone.would_help, gone.way_around, gone.course_sentence) == (None, None, None)


def waiting_for_review_count(sessions: Sessions) -> int:
    with sessions.reading() as session:
        return len(waiting_for_review(session))


def test_where_a_reader_took_it_down_any_steward_looks(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        points_at_me(session, AMARA, ident, "", sentence=WHY, kit=kit, at=at)
        review_take_down(session, AMARA, ident, restore=True, kit=kit, at=at, news_at=at)
        assert session.get_one(Problem, ident).title == TELLING.title


@pytest.mark.parametrize("sentence", ["", " \n ", "\u200b", "x" * (TITLE_MOST + 1)])
def test_nothing_is_taken_down_without_one_line_that_says_why(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, sentence: str
) -> None:
    assert refused(sessions, take_down, AMARA, ident, sentence, kit=kit, at=at)
    assert "Bo" in readable(sessions, kit, ident, STRANGER)


def test_what_is_down_is_taken_down_once_and_takes_no_voices_and_no_other_act(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    down(sessions, kit, at, ident)
    assert "already" in refused(sessions, take_down, JONAS, ident, WHY, kit=kit, at=at)
    assert "closed" in refused(sessions, acts.confirm, STRANGER, ident, kit=kit)
    values = {"kit": kit, "at": at, "news_at": at}
    for work in (
        lambda s: triage.close(s, AMARA, ident, "Done.", **values),
        lambda s: right_of_reply.publish(s, AMARA, ident, **values),
    ):
        with pytest.raises(Stale), sessions.begin() as session:
            work(session)
    assert "for the stewards" in refused(sessions, take_down, STRANGER, ident, WHY, kit=kit, at=at)


@pytest.mark.parametrize("state", [State.RESTING, State.CLOSED])
def test_it_comes_back_in_the_state_it_was_in(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, state: State
) -> None:
    with sessions.begin() as session:
        if state is State.CLOSED:
            triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
        else:
            session.get_one(Problem, ident).state = state.value
    down(sessions, kit, at, ident)
    with sessions.begin() as session:
        problem = review_take_down(session, JONAS, ident, restore=True, kit=kit, at=at, news_at=at)
        assert problem.state == state.value


def test_replies_go_with_the_words_that_they_answer(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
        name_contact(session, AMARA, team=legal, contact=CONTACT.person)
        right_of_reply.ask_teams(
            session,
            AMARA,
            ident,
            [legal],
            zone=ZoneInfo("UTC"),
            holidays=lambda _day: False,
            kit=kit,
            at=at,
            news_at=at,
        )
        right_of_reply.reply(session, CONTACT, ident, legal, "Bo is one of three.")
        assert beside(session, session.get_one(Problem, ident))
        take_down(session, AMARA, ident, WHY, kit=kit, at=at)
        assert beside(session, session.get_one(Problem, ident)) == []


def test_the_raiser_may_send_kinder_words_while_it_is_down_and_a_steward_lets_them_in(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    down(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.edit_words(session, as_raiser(session, RAISER, ident, kit), WORDS, kit=kit)
    run_batch(sessions, kit, at)
    values = {"kit": kit, "at": at, "news_at": at}
    with sessions.begin() as session:
        suggested = for_steward(session, JONAS, ident, kit).suggested
        assert suggested is not None
        settle_words(session, JONAS, ident, suggested.id, accept=True, **values)
        assert session.get_one(Problem, ident).title == WHY
        assert review_take_down(session, JONAS, ident, restore=True, **values).title == WORDS.title


def test_once_the_words_are_destroyed_none_take_their_place_and_the_raiser_is_told_so(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    down(sessions, kit, at, ident)
    with sessions.begin() as session:  # on its way while a second steward looks
        raising.edit_words(session, as_raiser(session, RAISER, ident, kit), WORDS, kit=kit)
        review_take_down(session, JONAS, ident, restore=False, kit=kit, at=at, news_at=at)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        assert for_steward(session, JONAS, ident, kit).suggested is None
        raiser = as_raiser(session, RAISER, ident, kit)
        assert for_raiser(session, raiser).words_gone
        with pytest.raises(Refusal, match="closed or gone"):
            raising.edit_words(session, raiser, WORDS, kit=kit)
    assert WHY in readable(sessions, kit, ident, STRANGER)


def test_the_address_of_words_that_were_destroyed_has_its_time_like_any_other(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, TELLING, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        ident = session.scalars(sa.select(Problem.id)).one()
    down(sessions, kit, at, ident)
    with sessions.begin() as session:
        review_take_down(session, JONAS, ident, restore=False, kit=kit, at=at, news_at=at)
    for days, kept in ((43, True), (44, False)):
        forgetting.sweep(sessions, kit=kit, at=at + dt.timedelta(days=days), path=tmp_path / "destroyed")
        with sessions.reading() as session:
            assert (session.get_one(Problem, ident).sealed_address is not None) is kept


def test_a_withdrawal_destroys_withheld_words_too(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    down(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.withdraw(session, as_raiser(session, RAISER, ident, kit), kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Withheld)) == 0
    assert "Bo" not in readable(sessions, kit, ident, AMARA)


def test_the_words_of_a_withdrawn_problem_leave_posted_editions_once(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    edition(sessions, kit, at, posted=True)
    with sessions.begin() as session:
        moving.destroy_all(session, session.get_one(Problem, ident))
        assert correct_withdrawn(session, "Withdrawn.", kit=kit, at=at) == 1
        assert correct_withdrawn(session, "Withdrawn.", kit=kit, at=at) == 0
    with sessions.reading() as session:
        assert set(session.scalars(sa.select(EditionItem.title))) == {"Withdrawn."}
        assert session.scalar(sa.select(sa.func.count()).where(Message.kind == "correct_edition"))
