"""What stewards do about a problem: each with a sentence back, in the trail, and told to whoever has to know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import absence, courses, due, handing, helping, sponsoring, triage
from bot.core.problems.acts import confirm
from bot.core.problems.evidence import evidence
from bot.core.problems.lifecycle import seen_of
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Audit, FeltBy, Problem, Tally
from bot.core.problems.standing_rules import Course, Ending, Outcome, State
from bot.core.problems.work_records import Away, Hand, Help, TeamsAnswer
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies import acts as relay
from bot.core.replies.destroyed import note, replay
from bot.core.replies.forgetting import forget
from bot.core.replies.moving import destroy_all
from bot.core.replies.queries import as_raiser, for_steward, raisers_spoke, sentences_to_raiser
from bot.core.replies.raising import answer_question
from bot.core.store import Sessions
from bot.core.teams.acts import name_contact
from tests.company import (
    AMARA,
    JONAS,
    RAISER,
    STRANGER,
    appoint,
    person,
    published,
    raised,
    refused,
    run_batch,
    team,
    together,
)

TODAY = dt.date(2026, 11, 18)
SOON = TODAY + dt.timedelta(days=14)
SPONSOR = Actor("U0SPONSOR")
CONTACT = person(70)


@pytest.fixture
def when(kit: Kit, at: dt.datetime) -> dict[str, object]:
    return {"kit": kit, "at": at, "news_at": at}


@pytest.fixture
def ident(sessions: Sessions, kit: Kit, at: dt.datetime) -> int:
    """A published problem."""
    appoint(sessions)
    with sessions.begin() as session:
        return published(session, kit, at).id


@pytest.fixture
def identity_team(sessions: Sessions, kit: Kit) -> int:
    """A team of five that somebody answers for."""
    with sessions.begin() as session:
        made = team(session, kit, "Identity", [person(n) for n in range(70, 75)], function="Engineering").id
        name_contact(session, AMARA, team=made, contact=CONTACT.person)
        return made


def standing(sessions: Sessions, ident: int) -> Problem:
    with sessions.reading() as session:
        return session.get_one(Problem, ident)


def trail(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return sorted(session.scalars(sa.select(Audit.act)))


def told(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return sorted(session.scalars(sa.select(Message.kind)))


def test_an_acknowledgement_answers_the_raiser_once(
    sessions: Sessions, ident: int, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        courses.acknowledge(session, AMARA, ident, "We read it, and look at it on Friday.", **when)
    assert standing(sessions, ident).course == Course.ACKNOWLEDGED
    assert trail(sessions) == ["acknowledged", "published"]
    assert told(sessions).count("news") == 2
    with sessions.begin() as session, pytest.raises(Stale):
        courses.acknowledge(session, JONAS, ident, "Once more.", **when)


@pytest.mark.parametrize("act", [courses.write, courses.say_way_around])
def test_the_same_sentence_sent_twice_by_a_second_click_is_said_once(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime, act: Callable[..., Problem]
) -> None:
    """These steps move nothing, so a form that is sent again is not stale."""
    hour = dt.timedelta(hours=1)

    def said(by: Actor, sentence: str, hours: int, *, news: int = 24) -> int:
        """How many messages the raiser gets of it."""
        before = told_now(session)
        act(session, by, ident, sentence, kit=kit, at=at + hours * hour, news_at=at + news * hour)
        return told_now(session) - before

    with sessions.begin() as session:
        courses.acknowledge(session, AMARA, ident, "We read it.", kit=kit, at=at, news_at=at + 24 * hour)
        assert said(AMARA, "It is still with us.", 1) == 1
        assert said(AMARA, "It is still with us.", 2) == 0
        assert said(JONAS, "It is still with us.", 3) == 1, "another steward's is another word"
        assert said(JONAS, "By Friday we know more.", 4) == 1
        assert said(JONAS, "By Friday we know more.", 28, news=48) == 1, "with other news it is said again"


def test_after_the_first_answer_something_can_be_said_to_the_raiser_whatever_is_being_done(
    sessions: Sessions, ident: int, when: dict[str, object], at: dt.datetime
) -> None:
    with sessions.begin() as session, pytest.raises(Stale):
        courses.write(session, AMARA, ident, "The first one is the answer.", **when)
    with sessions.begin() as session:
        courses.observe(session, AMARA, ident, "We count for two weeks.", until=SOON, today=TODAY, **when)
        before = told_now(session)
        courses.write(session, AMARA, ident, "So far it is about twice a day.", **when)
        courses.write(session, JONAS, ident, "Three times, since Monday.", **when)
        assert told_now(session) == before + 2
        with pytest.raises(Refusal):
            courses.write(session, JONAS, ident, "  ", **when)
    problem = standing(sessions, ident)
    assert (problem.course, problem.course_until) == (Course.OBSERVED, SOON)
    assert problem.course_sentence == "We count for two weeks.", (
        "readers do not get what the raiser alone is told"
    )
    with sessions.reading() as session:
        found = sentences_to_raiser(session, session.get_one(Problem, ident))
        assert {said for step, said in found if step is Step.WROTE} == {
            "So far it is about twice a day.",
            "Three times, since Monday.",
        }
        assert sentences_to_raiser(session, session.get_one(Problem, ident), until=at - dt.timedelta(1)) == []


def told_now(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.kind == "news")) or 0


def test_a_question_to_the_raiser_is_an_answer_too(
    sessions: Sessions, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        assert [each.id for each in due.unanswered(session)] == [ident]
        relay.ask(session, AMARA, ident, "Since when?", **when)
        assert due.unanswered(session) == []


def test_observing_and_putting_off_have_a_day_and_come_back(
    sessions: Sessions, ident: int, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        courses.observe(session, AMARA, ident, "We count for two weeks.", until=SOON, today=TODAY, **when)
    assert standing(sessions, ident).course_sentence == "We count for two weeks."
    with sessions.begin() as session:
        assert due.come(session, today=SOON - dt.timedelta(days=1)) == []
        assert [each.id for each in due.come(session, today=SOON)] == [ident]
        courses.not_now(
            session, AMARA, ident, "Because two others come first.", until=SOON, today=TODAY, **when
        )
        assert courses.under_way(session) == 0
    problem = standing(sessions, ident)
    assert (problem.course, problem.course_until) == (Course.NOT_NOW, SOON)
    for wrong in (TODAY, TODAY + dt.timedelta(days=400)):
        refused(sessions, courses.observe, AMARA, ident, "We watch.", until=wrong, today=TODAY, **when)


@pytest.mark.parametrize(
    "act",
    [
        lambda s, i, w: courses.acknowledge(s, AMARA, i, " ", **w),
        lambda s, i, w: courses.observe(s, AMARA, i, "\u200b", until=SOON, today=TODAY, **w),
        lambda s, i, w: courses.not_now(s, AMARA, i, "", until=SOON, today=TODAY, **w),
        lambda s, i, w: courses.try_out(s, AMARA, i, "", review_on=SOON, **w),
        lambda s, i, w: courses.not_for_us(s, AMARA, i, "No.", instead=" ", **w),
        lambda s, i, w: courses.not_for_us(s, AMARA, i, " ", instead="The IT desk", **w),
        lambda s, i, w: triage.close(s, AMARA, i, " ", **w),
    ],
)
def test_nothing_is_done_without_a_sentence_back(
    sessions: Sessions, ident: int, when: dict[str, object], act: Callable[..., object]
) -> None:
    refused(sessions, act, ident, when)
    assert standing(sessions, ident).course == Course.WAITING


def test_two_stewards_at_once_one_wins_and_the_other_hears_what_happened(
    sessions: Sessions, ident: int, at: dt.datetime, when: dict[str, object]
) -> None:
    seen, later = seen_of(standing(sessions, ident)), {**when, "at": at + dt.timedelta(hours=1)}

    def work(number: int) -> str:
        try:
            with sessions.begin() as session:
                if number:
                    courses.observe(
                        session, AMARA, ident, "We watch.", until=SOON, today=TODAY, seen=seen, **later
                    )
                else:
                    courses.not_now(
                        session, JONAS, ident, "Not now.", until=SOON, today=TODAY, seen=seen, **later
                    )
        except Stale as stale:
            return stale.text
        return ""

    first, second = sorted(together(2, work))
    assert first == ""
    problem = standing(sessions, ident)
    assert ("observation" in second) == (problem.course == Course.OBSERVED.value)
    assert "Nothing was saved" in second


def test_a_full_desk_says_so_and_what_to_do(
    sessions: Sessions, ident: int, identity_team: int, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    hand = {"due_on": SOON, "today": TODAY, **when}
    with sessions.begin() as session:
        courses.set_limit(session, AMARA, 1, kit=kit, at=at)
        other = published(session, kit, at, title="Another one").id
        handing.hand(session, AMARA, ident, identity_team, "Could you take it?", **hand)
    said = refused(sessions, handing.hand, AMARA, other, identity_team, "And this one?", **hand)
    assert "Not now, because" in said
    refused(sessions, courses.try_out, AMARA, other, "We try it.", review_on=SOON, **when)
    refused(sessions, sponsoring.ask_sponsor, AMARA, other, "Who decides?", sponsor="U9", **hand)
    with sessions.begin() as session:
        # What is under way already needs no more room.
        sponsoring.ask_sponsor(session, AMARA, ident, "Who decides?", sponsor="U9", **hand)
        courses.take_back(session, AMARA, ident, "The team has too much on.", **when)
        handing.hand(session, AMARA, other, identity_team, "And this one?", **hand)
    refused(sessions, courses.set_limit, STRANGER, None, kit=kit, at=at)
    refused(sessions, courses.set_limit, AMARA, 0, kit=kit, at=at)


def test_a_team_says_yes_or_not_ours_or_nothing_in_time(
    sessions: Sessions, ident: int, identity_team: int, when: dict[str, object], kit: Kit, at: dt.datetime
) -> None:
    hand = {"due_on": SOON, "today": TODAY, **when}
    with sessions.begin() as session:
        handing.hand(session, AMARA, ident, identity_team, "Could you take it?", **hand)
        assert [each.team.id for each in handing.waiting_for(session, CONTACT)] == [identity_team]
        assert handing.waiting_for(session, STRANGER) == []
    assert "handed_team" in told(sessions)
    with sessions.begin() as session, pytest.raises(NotFound):
        handing.say_not_ours(session, STRANGER, ident, identity_team, "Not mine.")
    refused(sessions, handing.say_not_ours, CONTACT, ident, identity_team, " ")
    with sessions.begin() as session:
        handing.say_not_ours(session, CONTACT, ident, identity_team, "Billing owns the flow.")
    problem = standing(sessions, ident)
    assert (problem.course, problem.not_ours, problem.others_spoke) == (Course.ACKNOWLEDGED, 1, True)
    with sessions.begin() as session:
        handing.hand(session, AMARA, ident, identity_team, "Are you sure?", **hand)
        assert not session.get_one(Problem, ident).others_spoke
        handing.say_yes(
            session, CONTACT, ident, identity_team, "We look at it in March.", kit=kit, news_at=at
        )
    problem = standing(sessions, ident)
    assert (problem.course, problem.not_ours) == (Course.TAKEN, 1)
    with sessions.begin() as session:
        # A team that said yes is looked at again; no row tells when it spoke.
        assert [each.id for each in due.come(session, today=SOON + handing.LOOK_AGAIN)] == [ident]
        handing.hand(session, AMARA, ident, identity_team, "Once more?", **hand)
        assert handing.lapse(session, today=SOON) == 0
        assert handing.lapse(session, today=SOON + dt.timedelta(days=1)) == 1
        assert [row.answer for _, row in handing.hands_of(session, session.get_one(Problem, ident))].count(
            TeamsAnswer.SILENT
        ) == 1
    problem = standing(sessions, ident)
    assert (problem.course, problem.not_ours, problem.others_spoke) == (Course.ACKNOWLEDGED, 1, True)


def test_a_team_that_is_dissolved_or_without_a_contact_holds_nothing_up(
    sessions: Sessions, ident: int, identity_team: int, when: dict[str, object]
) -> None:
    hand = {"due_on": SOON, "today": TODAY, **when}
    with sessions.begin() as session:
        handing.hand(session, AMARA, ident, identity_team, "Could you take it?", **hand)
        session.get_one(handing.Team, identity_team).dissolved = True
        session.flush()
        assert handing.lapse(session, today=TODAY) == 1
        assert session.scalars(sa.select(Hand.answer)).all() == [TeamsAnswer.GONE]
    with sessions.begin() as session, pytest.raises(Stale):
        handing.hand(session, AMARA, ident, identity_team, "Could you take it?", **hand)


def test_a_small_team_that_feels_it_is_not_given_its_own_peoples_problem(
    sessions: Sessions, ident: int, kit: Kit, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        small = team(session, kit, "Small", [person(80), person(81)]).id
        name_contact(session, AMARA, team=small, contact=person(80).person)
        session.add(FeltBy(problem_id=ident, team_id=small, by_steward=True))
    hand = {"due_on": SOON, "today": TODAY, **when}
    assert "too small" in refused(sessions, handing.hand, AMARA, ident, small, "Yours?", **hand)


def test_the_sponsor_answers_by_a_day_and_nobody_else_does(
    sessions: Sessions, ident: int, when: dict[str, object], kit: Kit, at: dt.datetime
) -> None:
    ask = {"due_on": SOON, "today": TODAY, **when}
    refused(sessions, sponsoring.ask_sponsor, AMARA, ident, "Who may say no?", sponsor=None, **ask)
    me = {"sponsor": SPONSOR.person}
    with sessions.begin() as session:
        sponsoring.ask_sponsor(session, AMARA, ident, "Who may say no?", **me, **ask)
        assert len(sponsoring.asked_of(session, SPONSOR, **me)) == 1
        assert sponsoring.asked_of(session, AMARA, **me) == []
        assert [each.id for each in due.come(session, today=SOON)] == [ident]
        with pytest.raises(NotFound):
            sponsoring.answer(session, AMARA, ident, "I may.", kit=kit, news_at=at, **me)
        sponsoring.answer(session, SPONSOR, ident, "From May on the CPO decides.", kit=kit, news_at=at, **me)
        with pytest.raises(NotFound):
            sponsoring.answer(session, SPONSOR, ident, "Twice.", kit=kit, news_at=at, **me)
    problem = standing(sessions, ident)
    assert (problem.course, problem.course_sentence) == (Course.ACKNOWLEDGED, "From May on the CPO decides.")
    assert problem.others_spoke


def test_what_is_not_published_goes_to_no_team_and_no_sponsor(
    sessions: Sessions, identity_team: int, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
    ask = {"due_on": SOON, "today": TODAY, **when}
    refused(sessions, handing.hand, AMARA, ident, identity_team, "Yours?", **ask)
    refused(sessions, sponsoring.ask_sponsor, AMARA, ident, "Who?", sponsor="U9", **ask)


def test_closing_lets_everybody_go_and_asks_the_raiser(
    sessions: Sessions, ident: int, identity_team: int, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        handing.hand(session, AMARA, ident, identity_team, "Yours?", due_on=SOON, today=TODAY, **when)
        triage.close(session, JONAS, ident, "One list of releases.", ending=Ending.SOLVED, **when)
        assert handing.waiting_for(session, CONTACT) == []
    problem = standing(sessions, ident)
    assert (problem.course, problem.course_until) == (Course.WAITING, None)
    assert (problem.ending, problem.outcome, problem.closed_on) == (Ending.SOLVED, Outcome.WAITING, TODAY)


def test_not_for_us_says_who_instead(sessions: Sessions, ident: int, when: dict[str, object]) -> None:
    with sessions.begin() as session:
        courses.not_for_us(session, AMARA, ident, "One team's backlog.", instead="Checkout's lead", **when)
    problem = standing(sessions, ident)
    assert problem.ending == Ending.NOT_FOR_US
    assert problem.closing == "One team's backlog.\n→ Checkout's lead"


def test_reopening_is_a_new_round_in_which_a_team_counts_once(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        made = team(session, kit, "Checkout", [person(n) for n in range(1, 6)]).id
        for number in (1, 2, 3):
            confirm(session, person(number), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        first = session.get_one(Problem, ident).salt
        triage.close(session, AMARA, ident, "Solved, we think.", **when)
        courses.reopen(session, JONAS, ident, "It came back in March.", **when)
        problem = session.get_one(Problem, ident)
        assert (problem.state, problem.came_back, problem.closing) == (State.OPEN, 1, None)
        assert problem.salt not in (None, first)
        confirm(session, person(1), ident, kit=kit)
        confirm(session, person(4), ident, kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        assert evidence(session, [ident])[ident].felt == {str(made): 3}
        triage.close(session, AMARA, ident, "Once more.", **when)
        assert session.get_one(Tally, (ident, made)).voices == 3


def test_a_reopened_problem_keeps_its_voices_through_a_restart(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime, when: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "destroyed.txt"
    with sessions.begin() as session:
        triage.close(session, AMARA, ident, "Solved.", **when)
        note(session, path, at=at)
        courses.reopen(session, AMARA, ident, "Not so.", **when)
        confirm(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        salt = session.get_one(Problem, ident).salt
        replay(session, path, kit=kit)
        assert session.get_one(Problem, ident).salt == salt


def test_what_was_never_published_reopens_unpublished(
    sessions: Sessions, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        triage.close(session, AMARA, ident, "Not ours.", **when)
        assert courses.reopen(session, AMARA, ident, "It is.", **when).state == State.NEW


def test_a_steward_who_leaves_in_the_middle_leaves_nothing_behind_that_waits_for_them(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime, when: dict[str, object]
) -> None:
    with sessions.begin() as session:
        asked = relay.ask(session, JONAS, ident, "Since when?", **when).id
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        absence.say_away(session, JONAS, until=SOON, today=TODAY, kit=kit, at=at)
        helping.offer_help(session, JONAS, ident, "I can look.", kit=kit)
        forget(session, JONAS, kit=kit, left=True)
        answer_question(session, as_raiser(session, RAISER, ident, kit), asked, "Since May.", kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        assert [each.id for each in raisers_spoke(session)] == [ident]
        found = for_steward(session, AMARA, ident, kit)
        assert [(each.steward, each.answer) for each in found.questions] == [(None, "Since May.")]
        assert session.scalars(sa.select(Away)).all() == []
        assert [each.person for each in helping.offers(session, AMARA, ident, kit=kit)] == [None]


def test_help_is_offered_by_name_to_stewards_and_stands_as_the_teams(
    sessions: Sessions, ident: int, identity_team: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        helping.offer_help(session, CONTACT, ident, "We", kit=kit)
        helping.offer_help(session, CONTACT, ident, "We can lend a tester.", kit=kit)
        assert helping.teams_that_help(session, session.get_one(Problem, ident)) == []
        (offer,) = helping.offers(session, AMARA, ident, kit=kit)
        assert (offer.person, offer.team, offer.text) == (CONTACT.person, "Identity", "We can lend a tester.")
    refused(sessions, helping.offers, STRANGER, ident, kit=kit)
    with sessions.begin() as session:
        assert session.get_one(Problem, ident).others_spoke
        helping.answer_help(session, AMARA, ident, offer.id, accept=True, kit=kit, at=at)
        assert helping.teams_that_help(session, session.get_one(Problem, ident)) == ["Identity"]
        assert helping.take_help_back(session, CONTACT, ident, kit=kit)
        assert session.scalars(sa.select(Help)).all() == []


@pytest.mark.parametrize("publish", [True, False])
def test_a_way_around_is_help_at_once_and_changes_no_course(
    sessions: Sessions, kit: Kit, at: dt.datetime, when: dict[str, object], publish: bool
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        problem = (published if publish else raised)(session, kit, at, title="Another one")
        courses.say_way_around(session, AMARA, problem.id, "The old form still works.", **when)
        ident = problem.id
    problem = standing(sessions, ident)
    assert (problem.way_around, problem.course) == ("The old form still works.", Course.ACKNOWLEDGED)
    with sessions.begin() as session:
        first, *_ = sentences_to_raiser(session, session.get_one(Problem, ident))
        assert first == (Step.SAID_WAY_AROUND, "The old form still works.")
        assert "news" in session.scalars(sa.select(Message.kind)).all()
        courses.observe(session, AMARA, ident, "We count.", until=SOON, today=TODAY, **when)
        courses.say_way_around(session, JONAS, ident, "Or ask Ada.", **when)
    problem = standing(sessions, ident)
    assert (problem.way_around, problem.course, problem.course_until) == (
        "Or ask Ada.",
        Course.OBSERVED,
        SOON,
    )
    refused(sessions, courses.say_way_around, AMARA, ident, " ", **when)
    refused(sessions, courses.say_way_around, RAISER, ident, "Mine.", **when)
    with sessions.begin() as session:
        destroy_all(session, session.get_one(Problem, ident))
        assert session.get_one(Problem, ident).way_around is None


def test_a_label_comes_from_the_catalogue_and_what_helps_is_one_line(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        courses.label(session, AMARA, ident, "F9", kit=kit, at=at)
        courses.say_what_helps(session, AMARA, ident, "One place\nfor launches", kit=kit, at=at)
    problem = standing(sessions, ident)
    assert problem.label
    assert problem.would_help == "One place for launches"
    refused(sessions, courses.label, AMARA, ident, "F99", kit=kit, at=at)
    refused(sessions, courses.say_what_helps, AMARA, ident, "x" * 201, kit=kit, at=at)
    refused(sessions, courses.say_what_helps, RAISER, ident, "More tea", kit=kit, at=at)
