"""Decisions on both databases: who decides, who pays, what a review does, and what becomes of them when all else changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.decisions import acts, ledger, paying, queries, reviews
from bot.core.decisions.drafts import Draft, Load
from bot.core.decisions.queries import Told
from bot.core.decisions.records import Comment, Decision, Guardrail, Payer
from bot.core.decisions.rules import DecisionState, Door, Hours, PayersWord, ReviewWord, working_day
from bot.core.editions.acts import compose
from bot.core.editions.corrections import review_take_down, take_down
from bot.core.editions.queries import composed
from bot.core.editions.records import Section
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import courses, triage
from bot.core.problems.records import Audit, Problem
from bot.core.problems.standing_rules import Course, State
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies import forgetting
from bot.core.store import Sessions
from bot.core.teams.acts import name_contact
from bot.core.teams.records import Team
from tests.company import AMARA, JONAS, STRANGER, appoint, person, published, raised, refused, team, together

TODAY = dt.date(2026, 11, 18)
REVIEW = TODAY + dt.timedelta(weeks=6)
CONTACT = person(70)


def never(_day: dt.date) -> bool:
    return False


class World:
    """A published problem, Checkout that pays and somebody answers for, and four teams that gain."""

    def __init__(self, sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
        self.sessions, self.kit, self.at = sessions, kit, at
        appoint(sessions)
        with sessions.begin() as session:
            self.problem = published(session, kit, at - dt.timedelta(hours=1)).id
            self.checkout = team(session, kit, "Checkout", [CONTACT]).id
            name_contact(session, AMARA, team=self.checkout, contact=CONTACT.person)
            self.gaining = [team(session, kit, f"Team {letter}").id for letter in "ABCD"]

    @property
    def when(self) -> dict[str, Any]:
        return {"kit": self.kit, "at": self.at, "news_at": self.at}

    def draft(self, **changed: Any) -> Draft:
        made = Draft(
            sentence="One list of launches, a week ahead.",
            stop_rule="Two launches in a row miss the list.",
            review_on=REVIEW,
            payers=(Load(self.checkout, "keeps the list", Hours(3, 3)),),
            gains=tuple((each, Hours(1.5, 1.5)) for each in self.gaining),
            guardrails=("slow a hotfix down",),
        )
        return replace(made, **changed)

    def record(self, actor: Actor = AMARA, **changed: Any) -> int:
        with self.sessions.begin() as session:
            draft = self.draft(**changed)
            made = acts.record(session, actor, self.problem, draft, today=TODAY, free=never, **self.when)
            return made.id

    def told(self) -> Told:
        with self.sessions.reading() as session:
            return queries.of_problem(session, session.get_one(Problem, self.problem))[0]

    def row(self) -> Problem:
        with self.sessions.reading() as session:
            return session.get_one(Problem, self.problem)

    def morning(self, day: dt.date) -> None:
        with self.sessions.begin() as session:
            reviews.each_day(session, today=day, free=never, kit=self.kit, at=self.at)

    def say(self, act: Callable[..., object], *args: object, actor: Actor = CONTACT, **values: Any) -> None:
        with self.sessions.begin() as session:
            act(session, actor, *args, **values)

    def kinds(self) -> list[str]:
        with self.sessions.reading() as session:
            return sorted(session.scalars(sa.select(Message.kind)))


@pytest.fixture
def world(sessions: Sessions, kit: Kit, at: dt.datetime) -> World:
    return World(sessions, kit, at)


def test_a_two_way_door_runs_at_once_and_says_who_pays_and_what_it_saves(world: World) -> None:
    world.record()
    told = world.told()
    assert (told.state, told.cost.hours, told.cost.saved) == (DecisionState.RUNNING, Hours(3, 3), Hours(6, 6))
    assert [(payer.name, payer.word, payer.until) for payer in told.payers] == [
        ("Checkout", PayersWord.INFORMED, REVIEW)
    ]
    assert [line.line for line in told.guardrails] == ["slow a hotfix down"]
    row = world.row()
    assert (row.course, row.course_until, row.course_sentence) == (Course.TRIED.value, REVIEW, told.sentence)
    assert "payer_asked" in world.kinds()


def test_what_a_decision_needs_is_asked_for_and_nobody_but_stewards_decides(world: World) -> None:
    given: list[dict[str, Any]] = [
        {"sentence": " "},
        {"stop_rule": ""},
        {"review_on": TODAY},
        {"review_on": TODAY + dt.timedelta(days=400)},
        {"guardrails": tuple(str(line) for line in range(9))},
        {"guardrails": ("x" * 301,)},
        {"payers": (Load(1),)},
        {"payers": (Load(world.checkout, since=REVIEW, until=TODAY),)},
    ]
    for changed in given:
        assert refused(world.sessions, _record, world, AMARA, **changed)
    assert "stewards" in refused(world.sessions, _record, world, STRANGER)
    with world.sessions.begin() as session:
        world.problem = raised(session, world.kit, world.at, title="Not public").id
    assert "publish it first" in refused(world.sessions, _record, world, AMARA)


def _record(session: Any, world: World, actor: Actor, **changed: Any) -> None:
    acts.record(session, actor, world.problem, world.draft(**changed), today=TODAY, free=never, **world.when)


def test_of_two_stewards_at_once_one_decides_and_the_other_is_told(world: World) -> None:
    def decide(number: int) -> str:
        try:
            world.record((AMARA, JONAS)[number])
        except Stale as stale:
            return stale.text
        return "won"

    assert sorted(each[:10] for each in together(2, decide)) == ["A decision", "won"]


def test_a_team_agrees_or_disagrees_by_whoever_answers_for_it(world: World) -> None:
    ident = world.record()
    of = (ident, world.checkout)
    with pytest.raises(NotFound):
        world.say(paying.agree, *of, version=1, actor=STRANGER)
    with pytest.raises(Refusal):
        world.say(paying.disagree, *of, " ", version=1)
    world.say(paying.disagree, *of, "Our list is our work.", version=1)
    assert (world.told().payers[0].word, world.told().payers[0].words) == (
        PayersWord.DISAGREES,
        "Our list is our work.",
    )
    assert world.row().others_spoke
    world.say(paying.agree, *of, version=1)
    assert world.told().payers[0].word is PayersWord.AGREED
    with world.sessions.reading() as session:
        assert queries.waiting_for(session, CONTACT) == []


def test_a_changed_load_is_asked_anew_and_an_old_form_says_so(world: World) -> None:
    ident = world.record()
    of = (ident, world.checkout)
    world.say(paying.agree, *of, version=1)
    changes = {"today": TODAY, "kit": world.kit, "at": world.at}
    more = (Load(world.checkout, "keeps the list", Hours(5, 6)),)
    world.say(acts.change, ident, world.draft(payers=more), version=1, actor=JONAS, **changes)
    assert (world.told().payers[0].word, world.told().cost.hours) == (PayersWord.INFORMED, Hours(5, 6))
    with pytest.raises(Stale, match="have changed"):
        world.say(paying.agree, *of, version=1)
    with pytest.raises(Stale, match="was changed"):
        world.say(acts.change, ident, world.draft(), version=1, actor=AMARA, **changes)
    # The same load in another sentence leaves the team's word as it is.
    world.say(paying.agree, *of, version=2)
    again = world.draft(payers=more, sentence="In other words.", guardrails=())
    world.say(acts.change, ident, again, version=2, actor=JONAS, **changes)
    told = world.told()
    assert (told.payers[0].word, told.guardrails) == (PayersWord.AGREED, ())
    assert world.row().course_sentence == "In other words."


def test_a_one_way_door_takes_comments_and_then_a_second_steward(world: World) -> None:
    ident = world.record(door=Door.ONE_WAY)
    told = world.told()
    assert told.state is DecisionState.PROPOSED
    assert told.counts_from == working_day(TODAY, 5, never)
    assert world.row().course == Course.WAITING.value
    world.say(paying.comment, ident, world.checkout, "It can't be undone in March.")
    with pytest.raises(NotFound):
        world.say(paying.comment, ident, world.checkout, "Me too.", actor=STRANGER)
    assert world.told().comments == (("Checkout", "It can't be undone in March."),)
    over = told.counts_from
    for actor, day in ((AMARA, over), (JONAS, TODAY)):
        with pytest.raises(Refusal, match="hard to undo"):
            world.say(acts.second, ident, today=day, actor=actor, **world.when)
    world.say(acts.second, ident, today=over, actor=JONAS, **world.when)
    assert world.told().state is DecisionState.RUNNING
    assert world.row().course == Course.TRIED.value
    with pytest.raises(Stale):
        world.say(paying.comment, ident, world.checkout, "Too late.")


def test_those_who_pay_are_asked_first_at_the_review_and_then_stewards_keep_it(world: World) -> None:
    ident = world.record()
    steward = {"today": REVIEW, "free": never, "kit": world.kit, "at": world.at, "actor": AMARA}
    later = REVIEW + dt.timedelta(weeks=4)
    world.morning(REVIEW - dt.timedelta(days=1))
    assert not world.told().review_asked
    with pytest.raises(Refusal, match="has not begun"):
        world.say(paying.answer_review, ident, world.checkout, ReviewWord.KEEP, "", version=1)
    world.morning(REVIEW)
    world.morning(REVIEW + dt.timedelta(days=1))
    assert world.told().review_asked
    assert world.kinds().count("payer_asked") == 2
    with pytest.raises(Refusal, match="asked first"):
        world.say(acts.keep, ident, "It helps.", review_on=later, version=1, **steward)
    with pytest.raises(Refusal, match="what should change"):
        world.say(paying.answer_review, ident, world.checkout, ReviewWord.END, "", version=1)
    world.say(paying.answer_review, ident, world.checkout, ReviewWord.KEEP, "", version=1)
    world.say(acts.keep, ident, "It helps.", review_on=later, version=1, **steward)
    told = world.told()
    assert (told.review_on, told.review_asked, told.payers[0].review) == (later, False, None)
    assert told.payers[0].until == later
    assert world.row().course_until == later


def test_without_an_answer_a_two_way_door_lapses_and_a_one_way_one_is_flagged(world: World) -> None:
    ident = world.record()
    world.morning(REVIEW)
    last = working_day(REVIEW, 5, never)
    world.morning(last)
    assert world.told().state is DecisionState.RUNNING
    world.morning(last + dt.timedelta(days=1))
    told = world.told()
    assert (told.state, told.over_sentence) == (DecisionState.LAPSED, None)
    row = world.row()
    assert (row.course, row.course_sentence, row.others_spoke) == (Course.ACKNOWLEDGED.value, None, True)
    with pytest.raises(Stale):
        world.say(acts.end, ident, "Over.", version=told.version, today=last, actor=AMARA, **world.when)

    ident = world.record(door=Door.ONE_WAY)
    world.say(acts.second, ident, today=working_day(TODAY, 5, never), actor=JONAS, **world.when)
    for day in (REVIEW, last + dt.timedelta(days=1), last + dt.timedelta(days=30)):
        world.morning(day)
    told = world.told()
    assert (told.state, told.flagged) == (DecisionState.RUNNING, True)
    keep = {"today": last + dt.timedelta(days=30), "free": never, "kit": world.kit, "at": world.at}
    later = REVIEW + dt.timedelta(weeks=20)
    world.say(acts.keep, ident, "We looked.", review_on=later, version=told.version, actor=AMARA, **keep)
    assert not world.told().flagged


def test_a_review_whose_day_the_bot_missed_begins_when_it_is_back(world: World) -> None:
    world.record()
    back = REVIEW + dt.timedelta(days=40)
    world.morning(back)
    told = world.told()
    assert (told.state, told.review_asked, told.review_on) == (DecisionState.RUNNING, True, back)


def test_stewards_end_it_with_a_sentence_or_drop_what_does_not_count_yet(world: World) -> None:
    ident = world.record()
    over: dict[str, Any] = {"today": TODAY, "actor": JONAS, **world.when}
    with pytest.raises(Refusal):
        world.say(acts.end, ident, "", version=1, **over)
    world.say(acts.end, ident, "Two launches missed the list.", version=1, **over)
    assert (world.told().state, world.told().over_sentence) == (
        DecisionState.ENDED,
        "Two launches missed the list.",
    )
    assert world.row().course == Course.ACKNOWLEDGED.value
    ident = world.record(door=Door.ONE_WAY)
    world.say(acts.end, ident, "Too many objections.", version=1, **over)
    with world.sessions.reading() as session:
        assert session.get_one(Decision, ident).state == DecisionState.DROPPED.value


def test_what_was_found_of_a_guardrail_stands_beside_it(world: World) -> None:
    world.record()
    line = world.told().guardrails[0]
    checked = {"held": False, "kit": world.kit, "at": world.at}
    world.say(acts.found, line.id, "A hotfix waited two days.", actor=AMARA, **checked)
    assert [(each.held, each.found) for each in world.told().guardrails] == [
        (False, "A hotfix waited two days.")
    ]
    with pytest.raises(NotFound):
        world.say(acts.found, 2**70, "x", actor=AMARA, **checked)


def test_a_problem_that_ends_takes_its_decision_along(world: World) -> None:
    world.record()
    with world.sessions.begin() as session:
        triage.close(session, AMARA, world.problem, "Done.", **world.when)
    world.morning(TODAY)
    with world.sessions.reading() as session:
        decision = session.scalars(sa.select(Decision)).one()
        assert (decision.state, decision.over_on) == (DecisionState.ENDED.value, TODAY)
        assert ledger.ledger(session) == []


def test_closed_and_open_again_before_the_morning_is_over_all_the_same(world: World) -> None:
    world.record()
    with world.sessions.begin() as session:
        triage.close(session, AMARA, world.problem, "Done.", **world.when)
        courses.reopen(session, AMARA, world.problem, "Not done.", **world.when)
    world.morning(TODAY)
    assert world.told().state is DecisionState.ENDED


def test_of_a_withdrawn_problem_no_word_is_left_and_the_ledger_keeps_the_hours(world: World) -> None:
    ident = world.record(door=Door.ONE_WAY, disagreement="Not everybody is for it.")
    world.say(paying.comment, ident, world.checkout, "It can't be undone.")
    world.say(acts.second, ident, today=working_day(TODAY, 5, never), actor=JONAS, **world.when)
    with world.sessions.begin() as session:
        session.get_one(Problem, world.problem).state = State.WITHDRAWN.value
    world.morning(TODAY)
    with world.sessions.reading() as session:
        decision = session.scalars(sa.select(Decision)).one()
        assert (decision.state, decision.sentence, decision.disagreement) == ("ended", "", "")
        assert list(session.scalars(sa.select(Comment))) == []
        assert list(session.scalars(sa.select(Guardrail))) == []
        assert session.scalars(sa.select(Payer)).one().what == ""
        past = ledger.ledger(session, past=True)
    assert [(each.name, each.hours, each.title) for each in past] == [("Checkout", Hours(3, 3), None)]


def test_words_that_are_down_are_shown_nowhere_and_the_decision_goes_on_when_they_are_back(
    world: World,
) -> None:
    world.record()
    with world.sessions.begin() as session:
        take_down(session, AMARA, world.problem, "It named somebody.", kit=world.kit, at=world.at)
    world.morning(REVIEW)
    with world.sessions.reading() as session:
        assert queries.of_problem(session, session.get_one(Problem, world.problem)) == []
        assert [each.title for each in ledger.ledger(session)] == [None]
        assert queries.waiting_for(session, CONTACT) == []
    with world.sessions.begin() as session:
        review_take_down(session, JONAS, world.problem, restore=True, **world.when)
    world.morning(REVIEW)
    assert (world.told().state, world.told().review_asked) == (DecisionState.RUNNING, True)


def test_destroyed_words_end_the_decision(world: World) -> None:
    world.record()
    with world.sessions.begin() as session:
        take_down(session, AMARA, world.problem, "It named somebody.", kit=world.kit, at=world.at)
        review_take_down(session, JONAS, world.problem, restore=False, **world.when)
    world.morning(TODAY)
    with world.sessions.reading() as session:
        assert session.scalars(sa.select(Decision.sentence)).one() == ""
        assert ledger.ledger(session) == []


def test_the_ledger_follows_a_teams_name_and_says_when_it_is_gone(world: World) -> None:
    world.record()
    with world.sessions.begin() as session:
        session.get_one(Team, world.checkout).name = "Payments"
    with world.sessions.reading() as session:
        found = ledger.ledger(session, team=world.checkout)
    assert [(each.name, each.gaining, each.saved, each.gone) for each in found] == [
        ("Payments", 4, Hours(6, 6), False)
    ]
    with world.sessions.begin() as session:
        session.get_one(Team, world.checkout).dissolved = True
    with world.sessions.reading() as session:
        assert ledger.ledger(session)[0].gone
        assert queries.waiting_for(session, CONTACT) == []
    # Nobody can be asked for it any more: at the review it is the stewards' turn at once.
    world.morning(REVIEW)
    with world.sessions.reading() as session:
        (_, told), *_ = queries.up_for_review(session, until=REVIEW)
        assert queries.due_of(told, today=REVIEW, free=never).value == "stewards"


def test_three_decisions_on_one_team_are_seen(world: World) -> None:
    for number in range(3):
        with world.sessions.begin() as session:
            world.problem = published(session, world.kit, world.at, title=f"Problem {number}").id
        world.record()
    with world.sessions.reading() as session:
        assert ledger.much(ledger.ledger(session)) == {world.checkout}


def test_a_forgotten_steward_leaves_the_decision_and_any_other_is_a_second(world: World) -> None:
    ident = world.record(door=Door.ONE_WAY)
    with world.sessions.begin() as session:
        forgetting.forget(session, AMARA, kit=world.kit)
    with world.sessions.reading() as session:
        act = sa.select(Audit.steward).where(Audit.act == acts.PROPOSED)
        assert session.scalars(act).one() is None
    world.say(acts.second, ident, today=working_day(TODAY, 5, never), actor=JONAS, **world.when)
    assert world.told().state is DecisionState.RUNNING


def test_no_row_of_a_decision_names_a_person(world: World) -> None:
    ident = world.record(door=Door.ONE_WAY)
    world.say(paying.agree, ident, world.checkout, version=1)
    world.say(paying.comment, ident, world.checkout, "Fine with us.")
    with world.sessions.reading() as session:
        for table in ("decisions", "decision_payers", "decision_comments", "decision_gains"):
            for row in session.execute(sa.text(f"SELECT * FROM {table}")):
                assert not any(who.person in str(row) for who in (AMARA, CONTACT))


def test_an_edition_says_which_decisions_are_looked_at_this_week_and_who_carries_them(world: World) -> None:
    world.record()
    with world.sessions.begin() as session:
        world.problem = published(session, world.kit, world.at, title="Looked at much later").id
    world.record(review_on=REVIEW + dt.timedelta(weeks=8))
    monday = dt.datetime.combine(REVIEW - dt.timedelta(days=2), dt.time(9), dt.UTC)
    with world.sessions.begin() as session:
        edition = compose(
            session, period="2026-W53", due_at=monday, late=False, channel="C1", kit=world.kit, at=monday
        )
        assert edition is not None
    with world.sessions.reading() as session:
        lines = composed(session, edition).section(Section.REVIEW)
    (line,) = lines
    assert line.cost is not None
    assert (line.cost.teams, line.cost.gaining, line.cost.review_on) == (("Checkout",), 4, REVIEW)
    # What has not changed since is found by its review alone.
    with world.sessions.begin() as session:
        later = monday + dt.timedelta(days=7)
        again = compose(
            session, period="2027-W01", due_at=later, late=False, channel="C1", kit=world.kit, at=later
        )
        assert again is not None
        assert [each.number for each in composed(session, again).section(Section.REVIEW)] == [line.number]
