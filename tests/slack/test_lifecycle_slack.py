"""From a first answer to a confirmed outcome, over the wire; and every new view against Slack's limits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Course, Ending, Outcome, State
from bot.core.problems.waits import Share
from bot.core.problems.work_records import Help, TeamsAnswer
from bot.core.replies import mornings
from bot.core.replies.outcomes import CostRate
from bot.core.teams.records import Team
from bot.slack import cards
from bot.slack.desk import cover_views, doing_views, forms, step_views
from bot.slack.desk import views as desk
from bot.slack.desk.cover_views import Cover
from bot.slack.desk.doing_views import Doing, Handed, Offered, Sponsored
from bot.slack.desk.step_views import Typed
from bot.slack.doing import Done
from bot.slack.handing import views as hands
from bot.slack.helping import views as helping
from bot.slack.receipt import ending_views
from bot.slack.receipt import views as letters
from bot.slack.shown import Shown
from bot.words import Words
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_message, check_view, hostile, past_the_catalogue, texts
from tests.slack.test_home_and_desk import raised
from tests.slack.test_right_of_reply_slack import look

SOON = dt.date(2026, 12, 16)


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def said(view: Any) -> str:
    return "\n".join(texts(view["blocks"]))


def of(office: Office, problem: Problem) -> Problem:
    with office.sessions.reading() as session:
        return session.get_one(Problem, problem.id)


def published(office: Office) -> Problem:
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    return of(office, problem)


def next_step(office: Office, who: str, problem: Problem, step: Step) -> Any:
    """Open the form of a step, by way of the problem and the list of ways on."""
    look(office, who, problem)
    office.practice.press(who, doing_views.NEXT)
    return office.practice.submit(who, {step_views.WAY: step.value})


def team_of(office: Office, name: str, contact: str) -> str:
    with office.sessions.begin() as session:
        found = session.scalars(sa.select(Team).where(Team.name == name)).one()
        found.contact = office.id(contact)
        return str(found.id)


def test_from_the_desk_to_a_team_and_to_the_raisers_yes(jobs: Jobs) -> None:
    office = jobs.office
    problem = published(office)
    identity = team_of(office, "Identity", "kwame")
    shown = look(office, "amara", problem)
    assert "Nobody has answered the raiser yet" in said(shown)

    next_step(office, "amara", problem, Step.ACKNOWLEDGED)
    done = office.practice.submit("amara", {step_views.SENTENCE: "We look at it on Friday."})
    assert "Nobody has answered" not in said(done.views[-1])
    assert of(office, problem).course == Course.ACKNOWLEDGED.value
    undecided = "1 answered, and nobody has said what comes next"
    assert undecided in said(office.practice.open_home("jonas").views[-1])

    next_step(office, "amara", problem, Step.HANDED)
    typed = {step_views.TEAM: identity, step_views.SENTENCE: "Could you take it?"}
    handed = office.practice.submit("amara", typed)
    assert "was asked to take it" in said(handed.views[-1])
    assert undecided not in said(office.practice.open_home("jonas").views[-1])
    next_step(office, "jonas", problem, Step.WROTE)
    office.practice.submit("jonas", {step_views.SENTENCE: "Identity answers by Friday."})
    assert of(office, problem).course == Course.HANDED.value
    jobs.sender.run()
    assert [each["text"] for each in office.practice.dms("kwame")] == ["Something waits for Identity."]
    opened = office.practice.press("kwame", hands.TEAM_OPEN).views[-1]
    assert "Could you take it?" in said(opened)
    thanked = office.practice.submit("kwame", {hands.ANSWER: hands.YES, hands.WORDS: "In March."})
    assert "Identity has it now" in said(thanked.views[-1])
    assert of(office, problem).course == Course.TAKEN.value

    seen = look(office, "jonas", problem)
    assert "In March." in said(seen)
    office.practice.press("jonas", desk.CLOSE)
    office.practice.submit("jonas", {forms.ENDING: "solved", forms.SENTENCE: "One list of releases."})
    assert (of(office, problem).ending, of(office, problem).outcome) == ("solved", "waiting")

    office.practice.slash(office.command, "mine", user="priya")
    mine = office.practice.press("priya", f"{letters.OPEN}:{problem.id}").views[-1]
    assert "We look at it on Friday." not in said(mine), "it is on its way until the batch hour"
    office.practice.close("priya", everything=True)
    jobs.later(days=1)
    jobs.calendar.batch()
    office.practice.slash(office.command, "mine", user="priya")
    mine = office.practice.press("priya", f"{letters.OPEN}:{problem.id}").views[-1]
    assert "We look at it on Friday." in said(mine)
    assert "The stewards told you" in said(mine)
    assert "Identity answers by Friday." in said(mine)
    assert "Did it help?" in json.dumps(mine)
    assert ending_views.COST not in json.dumps(mine)
    taken = office.practice.submit("priya", {ending_views.OUTCOME: "confirmed"})
    assert "Thank you, that is taken." in said(taken.views[-1])
    assert of(office, problem).outcome == Outcome.WAITING.value
    jobs.later(days=1)
    jobs.calendar.batch()
    assert of(office, problem).outcome == Outcome.CONFIRMED.value


def test_two_weeks_and_a_month_later_the_raiser_is_asked_again(jobs: Jobs) -> None:
    office = jobs.office
    problem = published(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.CLOSE)
    office.practice.submit("amara", {forms.ENDING: "solved", forms.SENTENCE: "One list."})
    with office.sessions.begin() as session:
        later = office.now + dt.timedelta(days=30)
        mornings.each_day(session, today=later.date(), kit=office.kit, at=later)
    office.practice.slash(office.command, "mine", user="priya")
    mine = office.practice.press("priya", f"{letters.OPEN}:{problem.id}").views[-1]
    assert "Does it still hold?" in json.dumps(mine)
    answer = {ending_views.HOLDS: "no", ending_views.COST: "yes"}
    taken = office.practice.submit("priya", answer)
    assert "in confidence" in said(taken.views[-1])
    jobs.later(days=1)
    jobs.calendar.batch()
    stored = of(office, problem)
    assert (stored.holds, stored.said_cost, stored.raiser_spoke) == (False, True, True)

    # It did not hold, so a steward opens it again; everybody says anew whom it hits.
    next_step(office, "jonas", problem, Step.REOPENED)
    office.practice.submit("jonas", {step_views.SENTENCE: "It came back within a month."})
    assert (of(office, problem).state, of(office, problem).came_back) == (State.OPEN.value, 1)


def test_a_stale_form_says_what_happened_and_keeps_the_words(lite_office: Office) -> None:
    office = lite_office
    problem = published(office)
    next_step(office, "amara", problem, Step.OBSERVED)
    next_step(office, "jonas", problem, Step.NOT_NOW)
    office.practice.submit("jonas", {step_views.SENTENCE: "Two others come first."})
    stale = office.practice.submit("amara", {step_views.SENTENCE: "We count for a month."}).views[-1]
    assert "Another steward has put it off meanwhile." in said(stale)
    assert "We count for a month." in json.dumps(stale)
    office.practice.submit("amara")
    assert of(office, problem).course_sentence == "We count for a month."

    # Where the step is not possible any more, the words are there to be copied.
    next_step(office, "amara", problem, Step.OBSERVED)
    look(office, "jonas", problem)
    office.practice.press("jonas", desk.CLOSE)
    office.practice.submit("jonas", {forms.SENTENCE: "Nothing will be done."})
    gone = office.practice.submit("amara", {step_views.SENTENCE: "We go on counting."}).views[-1]
    assert "has closed it meanwhile" in said(gone)
    assert "We go on counting." in said(gone)


def test_the_sponsor_is_asked_in_private_and_answers_for_everybody(jobs: Jobs) -> None:
    office = jobs.office
    problem = published(office)
    next_step(office, "amara", problem, Step.ASKED_SPONSOR)
    office.practice.submit("amara", {step_views.SENTENCE: "Who may say no?"})
    jobs.sender.run()
    assert [each["text"] for each in office.practice.dms("ingrid")] == ["Something waits for your decision."]
    office.practice.open_home("ingrid")
    office.settle()
    assert "Something waits for your decision" in json.dumps(office.practice.home("ingrid"))
    opened = office.practice.press("ingrid", f"{hands.SPONSOR_OPEN}:{problem.id}", at="home")
    assert "Who may say no?" in said(opened.views[-1])
    jobs.later(days=1)
    jobs.calendar.batch()
    office.practice.slash(office.command, "mine", user="priya")
    mine = office.practice.press("priya", f"{letters.OPEN}:{problem.id}").views[-1]
    assert "*The stewards asked the sponsor*\nWho may say no?" in said(mine)
    office.practice.submit("ingrid", {hands.WORDS: "From May on, product decides."})
    shown = office.practice.slash(office.command, f"show {problem.number}", user="niamh")
    assert "From May on, product decides." in json.dumps(shown.ephemerals)


def test_somebody_offers_help_and_a_steward_says_yes(lite_office: Office) -> None:
    office = lite_office
    problem = published(office)
    next_step(office, "amara", problem, Step.SAID_WHAT_HELPS)
    office.practice.submit("amara", {step_views.SENTENCE: "One place for launches."})
    shown = office.practice.slash(office.command, f"show {problem.number}", user="kwame")
    assert "One place for launches." in json.dumps(shown.ephemerals)
    office.practice.press("kwame", f"{cards.WE_HELP}:{problem.id}", at=shown.ephemerals[0])
    thanked = office.practice.submit("kwame", {helping.WORDS: "We lend a tester."})
    assert "come back to you" in said(thanked.views[-1])
    office.practice.close("kwame", everything=True)
    seen = look(office, "amara", problem)
    assert "We lend a tester." in said(seen)
    with office.sessions.reading() as session:
        offer = session.scalars(sa.select(Help)).one()
    office.practice.press("amara", f"{doing_views.ACCEPT}:{offer.id}")
    shown = office.practice.slash(office.command, f"show {problem.number}", user="niamh")
    assert "Ready to help: " in json.dumps(shown.ephemerals)
    assert office.id("kwame") not in json.dumps(shown.ephemerals)
    look(office, "amara", problem)
    office.practice.press("amara", desk.CLOSE)
    office.practice.submit("amara", {forms.ENDING: "solved", forms.SENTENCE: "One place it is."})
    late = office.practice.press("niamh", f"{cards.WE_HELP}:{problem.id}", at=shown.ephemerals[0])
    assert "not any more" in json.dumps(late.ephemerals)
    assert office.practice.views("niamh") == [], "nobody writes what can't be taken"


def test_the_desk_opens_anywhere_for_stewards_with_who_is_away_and_the_limit(lite_office: Office) -> None:
    office = lite_office
    opened = office.slash("amara", "desk").views[-1]
    assert "no limit is set" in said(opened)
    office.practice.press("amara", cover_views.LIMIT)
    office.practice.submit("amara", {cover_views.MOST: "7"})
    office.practice.close("amara", everything=True)
    for who in ("amara", "jonas"):
        office.slash(who, "desk")
        office.practice.press(who, cover_views.AWAY)
        told = office.practice.submit(who)
        office.practice.close(who, everything=True)
    assert "All of you are away now" in said(told.views[-1])
    opened = office.slash("jonas", "desk").views[-1]
    assert "0 of at most 7 are under way." in said(opened)
    assert "All stewards are away until" in said(opened)
    office.practice.press("jonas", cover_views.BACK)
    office.practice.close("jonas", everything=True)
    assert "Away: <@" in said(office.slash("jonas", "desk").views[-1])
    refused = office.slash("kwame", "desk")
    assert "for the stewards" in json.dumps(refused.ephemerals)


# Every view with hostile text

_TEXT = hostile()
_DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1))
_DOING = st.builds(
    Doing,
    course=st.sampled_from(Course),
    until=_DAYS,
    due=st.booleans(),
    sentence=_TEXT,
    would_help=_TEXT,
    hands=st.lists(st.builds(Handed, _TEXT, _TEXT, _DAYS, st.sampled_from(TeamsAnswer), _TEXT), max_size=6),
    sponsor=st.lists(st.builds(Sponsored, _TEXT, _DAYS, st.none() | _TEXT), max_size=4),
    offers=st.lists(
        st.builds(Offered, st.integers(1, 9), st.just("U1"), st.none() | _TEXT, _TEXT, st.booleans()),
        max_size=7,
    ),
    outcome=st.none() | st.sampled_from(Outcome),
    outcome_words=_TEXT,
    holds=st.none() | st.booleans(),
    ways=st.just(tuple(step_views.WAYS)),
)


@given(_DOING)
def test_what_is_done_keeps_to_slacks_limits(doing: Doing) -> None:
    words = Words.pseudo()
    blocks = doing_views.doing_blocks(words, 2**62, doing)
    assert len(blocks) < 30
    check_view(_modal(blocks))


def _modal(blocks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "x",
        "title": _title(),
        "close": _title(),
        "blocks": blocks,
        **more,
    }


def _title() -> dict[str, Any]:
    return {"type": "plain_text", "text": "One problem", "emoji": False}


@given(st.sampled_from(list(step_views.WAYS)), _TEXT, _TEXT)
def test_every_steps_form_keeps_to_slacks_limits(step: Step, text: str, changed: str) -> None:
    groups = [{"label": _title(), "options": [forms.option("Identity", "1")]}]
    for words in (Words.of("en"), Words.pseudo()):
        view = step_views.step_form(
            words,
            step,
            2**62,
            seen="open.waiting.",
            day=SOON,
            groups=groups,
            has=Typed(text, "", text),
            changed=step_views.t.cut_escaped(changed, 500),
        )
        check_view(view)
    check_view(step_views.next_form(Words.of("en"), 1, list(step_views.WAYS)))
    assert past_the_catalogue(step_views.next_form(Words.pseudo(), 1, list(step_views.WAYS))) == []


@given(_TEXT, _TEXT, _TEXT)
def test_the_other_forms_keep_to_slacks_limits(title: str, text: str, name: str) -> None:
    done = Done(Course.OBSERVED, SOON, text, text, text, (name, name), Outcome.PARTLY)
    shown = Shown(2**62, title, text, text, text, number=7, done=done)
    words = Words.of("en")
    check_view(
        hands.team_form(words, shown, team=2**62, name=name, asks=text, due_on=SOON, command="/problem")
    )
    check_view(hands.sponsor_form(words, shown, asks=text, due_on=SOON, command="/problem"))
    check_view(helping.help_form(words, shown, team=name))
    for message in (hands.team_waits(words, name, 1, 2), hands.sponsor_waits(words, 1)):
        check_message(*message)
    cover = Cover("U1", {"U1": SOON, "U2": SOON}, SOON, 3, 7, Share(5, 9), CostRate(5, 1, 2))
    blocks = cover_views.cover_blocks(words, cover)
    check_view(_modal(blocks))
    problem = Problem(
        state="closed", ending=Ending.SOLVED.value, outcome="partly", asked_holds=True, asked_cost=True
    )
    problem.said_cost = False
    blocks = ending_views.ending_blocks(words, problem)
    check_view(_modal(blocks, submit=_title()))
