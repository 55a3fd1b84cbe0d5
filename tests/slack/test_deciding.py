"""Stewards decide from the desk, those who pay say what they think, and everybody reads who carries what; over the wire."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.decisions.ledger import Carried
from bot.core.decisions.queries import AskedPayer, Checked, Pays, Told
from bot.core.decisions.records import Decision, Payer
from bot.core.decisions.rules import DecisionState, Door, Due, Hours, PayersWord, ReviewWord
from bot.core.problems import triage
from bot.core.problems.records import Problem
from bot.core.teams.records import Team
from bot.slack import text as t
from bot.slack.deciding import buttons, forms, ledger_views, payer_views, saying
from bot.slack.deciding.forms import About, Pick
from bot.slack.desk import look_views
from bot.slack.shown import Shown
from bot.slack.teams.views import team_groups
from bot.words import Words
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_blocks, check_view, hostile, texts
from tests.slack.test_home_and_desk import raised
from tests.slack.test_right_of_reply_slack import look

WORDS = Words.of("en")
DAY = dt.date(2027, 6, 12)
TODAY = dt.date(2026, 11, 18)
FOUR = "four teams save about 6."
HARD = "Undo: hard. Review: 12 June."


def pays(**changed: Any) -> Pays:
    made: dict[str, Any] = {
        "team": 1,
        "name": "Checkout",
        "gone": False,
        "askable": True,
        "what": "keeps the list",
        "hours": Hours(3, 3),
        "since": TODAY,
        "until": DAY,
        "word": PayersWord.INFORMED,
        "words": "",
        "review": None,
        "review_words": "",
    }
    return Pays(**{**made, **changed})


def told(**changed: Any) -> Told:
    made: dict[str, Any] = {
        "id": 7,
        "problem": 8,
        "version": 1,
        "state": DecisionState.RUNNING,
        "door": Door.TWO_WAY,
        "sentence": "One list of launches.",
        "stop_rule": "Two launches miss it.",
        "options": "",
        "disagreement": "",
        "decided_on": TODAY,
        "counts_from": None,
        "review_on": DAY,
        "review_asked": False,
        "flagged": False,
        "over_on": None,
        "over_sentence": None,
        "payers": (pays(),),
        "gains": tuple((number, f"Team {number}", Hours(1.5, 1.5)) for number in range(4)),
    }
    return Told(**{**made, **changed})


def plain(said: str) -> str:
    """Date tokens as a reader of June sees them."""
    while "<!date" in said:
        start = said.index("<!date")
        end = said.index(">", start)
        said = said[:start] + said[start:end].split("|")[1].removesuffix(" 2027") + said[end + 1 :]
    return said


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {},
            f"Checkout carries about 3 h a week until 12 June so that {FOUR} Undo: easy. Review: 12 June.",
        ),
        (
            {"payers": (pays(), pays(name="Identity", hours=Hours(1, 2))), "door": Door.ONE_WAY},
            f"Checkout, Identity carry about 4 to 5 h a week together until 12 June so that {FOUR} {HARD}",
        ),
        (
            {"payers": (pays(hours=None),), "gains": ((1, "Data", None),)},
            "Checkout carries it until 12 June so that another team saves time. Undo: easy. Review: 12 June.",
        ),
        ({"payers": (), "gains": ()}, "Nobody carries anything extra for it. Undo: easy. Review: 12 June."),
    ],
)
def test_the_public_line_says_who_carries_what_so_that_who_gains(changed: dict[str, Any], line: str) -> None:
    assert plain(saying.line(WORDS, told(**changed).cost)) == line


def test_a_teams_word_is_shown_as_it_is() -> None:
    told = "Checkout was told, and has not said whether it agrees."
    assert saying.payer_line(WORDS, pays(askable=True)) == told
    assert saying.payer_line(WORDS, pays(askable=False)) == "Checkout: informed only."
    assert saying.payer_line(WORDS, pays(word=PayersWord.AGREED)) == "Checkout has agreed."
    against = pays(word=PayersWord.DISAGREES, words="It is ours to plan.", review=ReviewWord.END)
    said = saying.payer_line(WORDS, against)
    assert said == "Checkout does not agree: It is ours to plan. At the review: End it."


def test_do_nothing_and_watch_is_always_among_what_was_considered() -> None:
    for options in ("", "Buy a tool"):
        assert "Do nothing and watch." in "\n".join(texts(saying.whole(WORDS, told(options=options))))


HOURS = st.none() | st.builds(Hours, st.just(1.0), st.just(2.5))
PAYS = st.builds(
    pays,
    name=hostile(200),
    gone=st.booleans(),
    what=hostile(1000),
    hours=HOURS,
    word=st.sampled_from(PayersWord),
    words=hostile(3000),
    review=st.none() | st.sampled_from(ReviewWord),
    review_words=hostile(3000),
)
TOLD = st.builds(
    told,
    state=st.sampled_from(DecisionState),
    door=st.sampled_from(Door),
    sentence=hostile(3000),
    stop_rule=hostile(3000),
    options=hostile(3000),
    disagreement=hostile(3000),
    counts_from=st.just(TODAY),
    flagged=st.booleans(),
    over_on=st.just(TODAY),
    over_sentence=st.none() | hostile(3000),
    payers=st.lists(PAYS, max_size=4).map(tuple),
    gains=st.lists(st.tuples(st.integers(1, 99), hostile(200), HOURS), max_size=12).map(tuple),
    guardrails=st.lists(
        st.builds(
            Checked,
            st.integers(1, 99),
            hostile(300),
            st.just(TODAY),
            st.none() | st.booleans(),
            hostile(3000),
        ),
        max_size=8,
        unique_by=lambda each: each.id,
    ).map(tuple),
    comments=st.lists(st.tuples(hostile(200), hostile(3000)), max_size=14).map(tuple),
)


@given(TOLD)
@settings(max_examples=25, deadline=None)
def test_whatever_is_typed_every_form_and_message_fits_into_slack(told: Told) -> None:
    problem = Problem(id=8, title=told.sentence[:200])
    groups: list[dict[str, Any]] = []
    check_blocks(saying.short(WORDS, told), None)
    assert len(saying.short_text(WORDS, told)) < 12_000
    shown = buttons.on_look(WORDS, [told, told], Due.STEWARDS, today=TODAY, may_decide=8)
    check_blocks([*shown.stands, *shown.further, t.buttons(buttons.decides(WORDS, 8))], None)
    around = look_views.Around(raised="so", decided=shown)
    check_view(look_views.look_form(WORDS, Shown(8, "A title"), around, command="/x"))
    check_blocks(buttons.comment_buttons(WORDS, told, [(1, told.sentence)]), None)
    about = About(8, 7, 1, "open.waiting.")
    picks = [Pick(payer.team + number, payer.name) for number, payer in enumerate(told.payers)]
    check_view(forms.decide_form(WORDS, about, groups, today=TODAY, unfolded=picks))
    check_view(forms.found_form(WORDS, about, told.sentence))
    for payer in told.payers:
        for reviewed in (True, False):
            check_view(payer_views.payer_form(WORDS, AskedPayer(problem, told, payer, reviewed)))
    check_view(payer_views.comment_form(WORDS, told, 1, told.sentence))
    carried = [
        Carried(
            *(number // 3, told.sentence, False, 8, None, told.stop_rule, Hours(1, 2), "", TODAY, DAY),
            *(3, None, False, Door.TWO_WAY, DAY, None),
        )
        for number in range(40)
    ]
    check_view(ledger_views.ledger_form(WORDS, carried, carried))
    check_blocks(ledger_views.of_team(WORDS, told.sentence, carried), None)


def test_many_teams_to_choose_from_fit_into_the_form() -> None:
    teams = [Team(id=number, name=f"Team {number} {'x' * 190}") for number in range(1, 250)]
    groups = team_groups(WORDS, teams)
    check_view(forms.decide_form(WORDS, About(1), groups, today=TODAY, unfolded=[Pick(1, "A")]))


# Over the wire


@pytest.fixture
def jobs(lite_office: Office) -> Any:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def open_problem(office: Office) -> Problem:
    """A published problem, and Identity that kwame answers for."""
    problem = raised(office)
    with office.sessions.begin() as session:
        found = session.scalars(sa.select(Team).where(Team.name == "Identity")).one()
        found.contact = office.id("kwame")
        amara = office.actor("amara")
        when = {"kit": office.kit, "at": office.now, "news_at": office.now}
        triage.publish(session, amara, problem.id, **when)
        return session.get_one(Problem, problem.id)


def identity(office: Office) -> str:
    with office.sessions.reading() as session:
        return str(session.scalars(sa.select(Team.id).where(Team.name == "Identity")).one())


def decision(office: Office) -> Decision:
    with office.sessions.reading() as session:
        return session.scalars(sa.select(Decision)).one()


def decide(office: Office, problem: Problem, **given: Any) -> Any:
    look(office, "amara", problem)
    office.practice.press("amara", buttons.DECIDE)
    values = {
        forms.SENTENCE: "One list of launches.",
        forms.STOP: "Two launches miss it.",
        forms.PAYERS: [identity(office)],
        forms.COST: "2-4",
        **given,
    }
    return office.practice.submit("amara", values)


def test_a_decision_from_the_desk_to_the_payers_yes_and_its_review(jobs: Jobs) -> None:
    office = jobs.office
    problem = open_problem(office)
    decide(office, problem)
    assert decision(office).review_on == (office.now + dt.timedelta(weeks=6)).date()
    jobs.sender.run()
    office.practice.close("amara", everything=True)

    (waiting,) = office.practice.dms("kwame")
    assert waiting["text"] == "Something waits for Identity."
    assert "launches" not in json.dumps(waiting)
    office.practice.press("kwame", payer_views.OPEN)
    assert office.practice.submit("kwame", {payer_views.WORD: PayersWord.AGREED.value}).ok
    office.practice.close("kwame", everything=True)
    shown = office.slash("priya", f"show {problem.number}").ephemerals[-1]
    assert "Identity carries about 2 to 4 h a week until" in json.dumps(shown)
    assert "Identity has agreed." in json.dumps(shown)

    jobs.later(days=42)
    jobs.calendar.run()
    assert decision(office).review_asked
    jobs.sender.run()
    assert len(office.practice.dms("kwame")) == 2
    morning = office.practice.dms("amara")[-1]["text"]
    assert "1 decision is up for review. Identity is asked first." in morning
    office.slash("amara", "desk")
    told = json.dumps(office.practice.view("amara"))
    assert "Decisions up for review" in told
    assert "Those who pay are asked first." in told
    office.practice.close("amara", everything=True)
    office.practice.press("kwame", payer_views.OPEN)
    office.practice.submit("kwame", {payer_views.REVIEW: ReviewWord.KEEP.value})
    look(office, "amara", problem)
    told = json.dumps(office.practice.view("amara"))
    assert told.index("carries about 2 to 4 h a week") < told.index('"What next?"'), (
        "read before anything is done"
    )
    office.practice.press("amara", forms.KEEP)
    office.practice.submit("amara", {forms.SENTENCE: "It helps."})
    kept = decision(office)
    assert (kept.state, kept.review_asked) == (DecisionState.RUNNING.value, False)


def test_a_payer_who_does_not_agree_says_why_and_hears_what_comes_of_it_until_it_lapses(jobs: Jobs) -> None:
    office = jobs.office
    problem = open_problem(office)
    decide(office, problem)
    jobs.sender.run()
    office.practice.close("amara", everything=True)
    office.practice.press("kwame", payer_views.OPEN)
    silent = office.practice.submit("kwame", {payer_views.WORD: PayersWord.DISAGREES.value})
    assert set(silent.errors) == {payer_views.TEXT}, "beside the field that is empty"
    why = {payer_views.WORD: PayersWord.DISAGREES.value, payer_views.TEXT: "It is ours to plan."}
    told = json.dumps(office.practice.submit("kwame", why).views[-1])
    assert "The stewards find it on their desk." in told
    assert "30 December 2026" in told
    office.practice.close("kwame", everything=True)

    jobs.later(days=42)
    jobs.calendar.run()
    jobs.sender.run()
    form = json.dumps(office.practice.press("kwame", payer_views.OPEN).views[-1])
    assert "It is easily undone: without a word" in form
    assert "hard to undo" not in form
    end = {payer_views.REVIEW: ReviewWord.END.value}
    assert set(office.practice.submit("kwame", end).errors) == {payer_views.TEXT}
    said = office.practice.submit("kwame", end | {payer_views.TEXT: "It takes four hours."})
    assert "by silence it does not go on" in json.dumps(said.views[-1])
    office.practice.close("kwame", everything=True)
    look(office, "amara", problem)
    assert "Those who pay have answered; the stewards say what comes of it." in json.dumps(
        office.practice.view("amara")
    )
    for _ in range(20):
        jobs.later(days=1)
        jobs.calendar.run()
    assert decision(office).state == DecisionState.LAPSED.value
    shown = json.dumps(office.slash("priya", f"show {problem.number}").ephemerals[-1])
    assert "no steward said in time at its review" in shown


def test_hours_that_cannot_be_read_are_said_beside_their_field_and_nothing_is_lost(
    lite_office: Office,
) -> None:
    office = lite_office
    problem = open_problem(office)
    outcome = decide(office, problem, **{forms.COST: "a few"})
    assert forms.COST in json.dumps(outcome.errors)
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Decision)).all() == []


def test_a_steward_who_comes_second_is_told_and_keeps_the_form(lite_office: Office) -> None:
    office = lite_office
    problem = open_problem(office)
    office.practice.move_clock(60)
    look(office, "jonas", problem)
    office.practice.press("jonas", buttons.DECIDE)
    decide(office, problem)
    outcome = office.practice.submit(
        "jonas", {forms.SENTENCE: "Another way.", forms.STOP: "Never.", forms.PAYERS: []}
    )
    assert "decision was recorded meanwhile" in json.dumps(outcome.errors)


def test_the_folded_fields_take_a_hard_door_that_a_second_steward_lets_count(jobs: Jobs) -> None:
    office = jobs.office
    problem = open_problem(office)
    look(office, "amara", problem)
    office.practice.press("amara", buttons.DECIDE)
    office.practice.fill("amara", {forms.PAYERS: [identity(office)], forms.REVIEW: "2027-02-01"})
    office.practice.press("amara", forms.MORE)
    office.practice.submit(
        "amara",
        {
            forms.SENTENCE: "One list of launches.",
            forms.STOP: "Two launches miss it.",
            forms.DOOR: Door.ONE_WAY.value,
            f"what:{identity(office)}": "keeps the list",
            f"hours:{identity(office)}": "3",
            forms.RAILS: "slow a hotfix down\nneed a meeting",
        },
    )
    assert decision(office).state == DecisionState.PROPOSED.value
    assert decision(office).review_on == dt.date(2027, 2, 1)
    office.practice.close("amara", everything=True)
    with office.sessions.reading() as session:
        payer = session.scalars(sa.select(Payer)).one()
        assert (payer.what, payer.hours) == ("keeps the list", Hours(3, 3))
    # Whoever answers for a team can object until it counts.
    shown = office.slash("kwame", f"show {problem.number}").ephemerals[-1]
    office.practice.press("kwame", f"{buttons.COMMENT}:{identity(office)}", at=shown)
    office.practice.submit("kwame", {payer_views.TEXT: "Not in March."})
    jobs.later(days=9)
    seen = look(office, "jonas", problem)
    assert "Not in March." in json.dumps(seen)
    office.practice.press("jonas", buttons.SECOND)
    assert decision(office).state == DecisionState.RUNNING.value


def test_home_shows_what_a_team_carries_and_stewards_the_whole_ledger(lite_office: Office) -> None:
    office = lite_office
    problem = open_problem(office)
    decide(office, problem)
    office.practice.close("amara", everything=True)
    assert "What Identity carries for others" in home(office, "soren")
    assert "carries for others" not in home(office, "ines")
    office.practice.open_home("amara")
    office.settle()
    opened = office.practice.press("amara", ledger_views.LEDGER, at="home").views[-1]
    assert "about 2 to 4 h a week" in json.dumps(opened)


def home(office: Office, who: str) -> str:
    office.practice.open_home(who)
    office.settle()
    return json.dumps(office.practice.home(who))
