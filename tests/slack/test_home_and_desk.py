"""Home shows each person what that person may see; the desk lets stewards act, and nobody else."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core import outbox
from bot.core.problems import acts, courses, triage
from bot.core.problems.records import Audit, Confirmation, Problem, State
from bot.core.problems.rules import Ownership
from bot.core.problems.wording import Wording
from bot.core.replies.desk import Desk, Found, Look, Row, Waits
from bot.slack import text as t
from bot.slack.client import (
    ChannelArchived,
    ChannelGone,
    MissingScope,
    NotInChannel,
    RateLimited,
    SlackTrouble,
    TokenRevoked,
    TooLong,
    Unanswered,
    Unreached,
)
from bot.slack.desk import forms, look_views, setting_views, waiting_views
from bot.slack.desk import views as desk
from bot.slack.desk.waiting_views import Waiting
from bot.slack.home import views as home
from bot.slack.home.filter_views import FILTER, Offered
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import run_batch
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile, past_the_catalogue

WEEK = dt.date(2026, 11, 2)
LATE = Wording("Releases reach us last", "For us this means that customers know before we do.")


def raised(office: Office, who: str = "priya", wording: Wording = LATE) -> Problem:
    """A confidential problem after its batch."""
    with office.sessions.begin() as session:
        acts.raise_confidential(
            session, office.actor(who), wording, form=f"V{who}{wording.title}", kit=office.kit
        )
    days = _batches(office)
    run_batch(office.sessions, office.kit, office.now, days=days)
    with office.sessions.reading() as session:
        return session.scalars(sa.select(Problem).where(Problem.title == wording.title)).one()


def _batches(office: Office) -> int:
    with office.sessions.reading() as session:
        return int(session.scalar(sa.text("SELECT count(*) FROM batches")) or 0)


def _all_text(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def _home(office: Office, who: str) -> str:
    office.practice.open_home(who)
    office.settle()
    return _all_text(office.practice.home(who))


def _look(office: Office, who: str, problem: Problem) -> Any:
    office.practice.open_home(who)
    office.settle()
    outcome = office.practice.press(who, f"{desk.LOOK}:{problem.id}")
    office.settle()
    return outcome


def test_everybodys_home_says_how_to_raise_and_where_misconduct_goes(office: Office) -> None:
    shown = _home(office, "kwame")
    assert office.command in shown
    assert office.bot.settings.people_channel in shown
    assert home.RAISE in shown


def test_what_waits_for_a_person_comes_first_and_there_are_no_menus_over_nothing(lite_office: Office) -> None:
    shown = _home(lite_office, "jonas")
    assert "Nothing is open." in shown
    assert FILTER not in shown
    words = Words.of(None)
    ask = t.section("Something waits for Identity.")
    waits = home.Home([1], None, [], [], more_open=False, waits=[ask])
    view = home.home_view(
        words, waits, command="/problem", emoji="jigsaw", word_it="raise.word_it", misconduct=""
    )
    texts = [block["text"]["text"] for block in view["blocks"] if "text" in block]
    assert texts[:3] == [
        "Waiting for you",
        "Something waits for Identity.",
        "*Waiting for your words.* You tagged a message. What is the problem?",
    ]


def test_what_is_not_published_stands_in_the_stewards_home_alone(office: Office) -> None:
    raised(office)
    assert "Releases reach us last" in _home(office, "amara")
    assert "Releases reach us last" not in _home(office, "kwame")
    assert "Releases reach us last" not in _home(office, "priya")


def test_a_steward_publishes_from_home_and_everybody_can_read_it(office: Office) -> None:
    problem = raised(office)
    looked = _look(office, "amara", problem)
    assert "For us this means that customers know before we do." in _all_text(looked.views[-1])
    done = office.practice.press("amara", desk.PUBLISH)
    assert desk.PUBLISH not in _all_text(done.views[-1])
    assert "Releases reach us last" in _home(office, "kwame")
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert (stored.state, stored.number) == (State.OPEN.value, 1)
        assert [entry.steward for entry in session.scalars(sa.select(Audit))] == [office.id("amara")]


def test_a_look_at_a_published_problem_has_two_rows_of_buttons_and_one_way_that_leads_on(
    lite_office: Office,
) -> None:
    problem = raised(lite_office)
    _look(lite_office, "amara", problem)
    view = lite_office.practice.press("amara", desk.PUBLISH).views[-1]
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    assert [[button["text"]["text"] for button in row] for row in rows] == [
        ["What next?", "Decide", "Ask another team", "Ask the raiser"],
        [
            "Who feels it, who changes", "Say where it can be solved", "Keep it out of the edition",
            "Merge with ...", "Close with a sentence", "Other tools", "Take it down now",
        ],
    ]  # fmt: skip
    assert [button["text"]["text"] for row in rows for button in row if button.get("style") == "primary"] == [
        "What next?"
    ]


def test_the_second_press_on_publish_says_that_it_is_done(office: Office) -> None:
    problem = raised(office)
    _look(office, "amara", problem)
    _look(office, "jonas", problem)
    office.practice.press("amara", desk.PUBLISH)
    told = office.practice.press("jonas", desk.PUBLISH)
    assert "has changed" in _all_text(told.views[-1])


def test_nothing_is_closed_without_a_sentence(office: Office) -> None:
    problem = raised(office)
    _look(office, "amara", problem)
    asked = office.practice.press("amara", desk.CLOSE)
    refused = office.practice.submit("amara", {forms.SENTENCE: "\u2060 "})
    assert "sentence" in next(iter(refused.errors.values()))
    assert asked.views
    office.practice.submit(
        "amara", {forms.SENTENCE: "We looked at three ways; each would slow two other teams."}
    )
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert stored.state == State.CLOSED.value
        assert stored.salt is None
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 0


def test_an_overrule_needs_a_sentence_that_everybody_reads(office: Office) -> None:
    problem = raised(office)
    _look(office, "amara", problem)
    office.practice.press("amara", desk.OVERRULE)
    office.practice.submit(
        "amara", {setting_views.VERDICT: "two_teams", forms.SENTENCE: "Both said they can settle it."}
    )
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert (stored.overrule_verdict, stored.overrule_sentence) == (
            "two_teams",
            "Both said they can settle it.",
        )


def test_a_steward_sets_who_feels_it_and_who_would_have_to_change(office: Office) -> None:
    problem = raised(office)
    _look(office, "amara", problem)
    form = office.practice.press("amara", desk.INPUTS).views[-1]
    felt = next(block for block in form["blocks"] if block.get("block_id") == setting_views.FELT)
    team = felt["element"]["option_groups"][0]["options"][0]["value"]
    office.practice.submit(
        "amara", {setting_views.FELT: [team], setting_views.NEEDED: [team], setting_views.OWNER: "nobody"}
    )
    with office.sessions.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM felt_by WHERE by_steward")) == 1
        assert session.scalar(sa.text("SELECT count(*) FROM answers WHERE by_steward")) == 1


def _field(view: Any, block: str) -> Any:
    return next(each for each in view["blocks"] if each.get("block_id") == block)["element"]


def test_who_is_concerned_begins_with_what_stands_and_who_comes_second_is_told(office: Office) -> None:
    problem = raised(office)
    for who in ("amara", "jonas"):
        _look(office, who, problem)
    first = office.practice.press("amara", desk.INPUTS).views[-1]
    office.practice.press("jonas", desk.INPUTS)
    one, two = _field(first, setting_views.FELT)["option_groups"][0]["options"][:2]
    office.practice.submit("amara", {setting_views.FELT: [one["value"]], setting_views.OWNER: "nobody"})
    stale = office.practice.submit("jonas", {setting_views.NEEDED: [two["value"]]}).views[-1]
    told = _all_text(stale)
    assert "Another steward has set this meanwhile" in told
    assert (
        f"felt by {one['text']['text']}. Would have to change: nobody named. Whose it is: Nobody owns it."
        in told
    )
    assert _field(stale, setting_views.NEEDED)["initial_options"] == [two]
    office.practice.submit("jonas")
    with office.sessions.reading() as session:
        stands = triage.inputs_of(session, session.get_one(Problem, problem.id))
        assert stands == triage.Inputs(frozenset(), frozenset({int(two["value"])}), None)
    again = office.practice.press("jonas", desk.INPUTS).views[-1]
    assert _field(again, setting_views.NEEDED)["initial_options"] == [two]
    office.practice.submit("jonas", {setting_views.OWNER: "contested"})
    with office.sessions.reading() as session:
        stands = triage.inputs_of(session, session.get_one(Problem, problem.id))
        assert stands == triage.Inputs(frozenset(), frozenset({int(two["value"])}), Ownership.CONTESTED)


@pytest.mark.parametrize(
    ("act", "first", "second", "now"),
    [
        (
            desk.OVERRULE,
            {setting_views.VERDICT: "two_teams", forms.SENTENCE: "Both can settle it."},
            {setting_views.VERDICT: "no_single_team", forms.SENTENCE: "Five would have to change."},
            "*Now:* Two teams, between them. “Both can settle it.”",
        ),
        (
            desk.HOLD,
            {forms.SENTENCE: "Legal answers first."},
            {forms.SENTENCE: "Its figures are asked for again."},
            "*Now:* kept out of the edition. “Legal answers first.”",
        ),
    ],
)
def test_of_two_stewards_who_set_the_same_the_second_reads_what_stands_and_keeps_the_words(
    lite_office: Office, act: str, first: dict[str, str], second: dict[str, str], now: str
) -> None:
    office = lite_office
    problem = raised(office)
    _look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    _look(office, "jonas", problem)
    for who in ("amara", "jonas"):
        office.practice.press(who, act)
    office.practice.submit("amara", first)
    stale = office.practice.submit("jonas", second).views[-1]
    assert now in _all_text(stale)
    assert second[forms.SENTENCE] in _field(stale, forms.SENTENCE)["initial_value"]
    office.practice.submit("jonas")
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert second[forms.SENTENCE] in (stored.overrule_sentence, stored.held_because)


def test_whoever_closes_what_another_steward_has_put_off_is_told_first(lite_office: Office) -> None:
    office = lite_office
    problem = raised(office)
    _look(office, "amara", problem)
    office.practice.press("amara", desk.CLOSE)
    with office.sessions.begin() as session:
        courses.not_now(
            session,
            office.actor("jonas"),
            problem.id,
            "Two others come first.",
            until=office.now.date() + dt.timedelta(days=30),
            today=office.now.date(),
            kit=office.kit,
            at=office.now,
            news_at=office.now,
        )
    typed = {forms.ENDING: "rests", forms.SENTENCE: "We watched it for a month."}
    stale = office.practice.submit("amara", typed).views[-1]
    assert "Another steward has put it off meanwhile." in _all_text(stale)
    assert _field(stale, forms.ENDING)["initial_option"]["value"] == "rests"
    office.practice.submit("amara")
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert (stored.closing, stored.ending) == ("We watched it for a month.", "rests")


@pytest.mark.parametrize(
    "act",
    [
        *[desk.PUBLISH, desk.CLOSE, desk.OVERRULE, desk.INPUTS, desk.HOLD, desk.LOOK, desk.OPEN, desk.LET_IN],
        *[desk.ASK, desk.PROPOSE, desk.TAKE_BACK, desk.NAME, desk.HEARD, desk.ASK_TEAMS, desk.MORE_TIME],
        *[desk.EARLY, desk.TAKE_DOWN, desk.RESTORE, desk.DESTROY, desk.TAKE_THEIRS, desk.LEAVE_THEIRS],
    ],
)
def test_a_stewards_button_in_anybody_elses_hand_is_refused(lite_office: Office, act: str) -> None:
    office = lite_office
    problem = raised(office)
    body = {
        "type": "block_actions",
        "user": {"id": office.id("kwame"), "team_id": office.bot.workspace.team},
        "team": {"id": office.bot.workspace.team},
        "trigger_id": "1.2.3",
        "response_url": "",
        "view": {"id": "V1", "type": "modal", "state": {"values": {}}, "blocks": []},
        "actions": [{"action_id": f"{act}:{problem.id}", "value": str(problem.id), "type": "button"}],
    }
    answer = office.post(b"payload=" + json.dumps(body).encode().replace(b" ", b"+"))
    assert answer.status == 200
    with office.sessions.reading() as session:
        assert session.get_one(Problem, problem.id).state == State.NEW.value
        assert session.scalar(sa.select(sa.func.count()).select_from(Audit)) == 0


def test_what_could_not_be_sent_stands_on_the_desk_with_what_to_do(office: Office) -> None:
    channel = office.bot.settings.digest_channel
    assert channel
    with office.sessions.begin() as session:
        office.kit.outbox.to_channel(session, channel, "edition", {"edition": "1"}, at=office.now)
        for message in outbox.claim(session, at=office.now, most=5, lease=office.now - office.now):
            outbox.give_up(session, message.id, problem_class="NotInChannel")
    shown = _home(office, "amara")
    assert "/invite" in shown
    assert desk.SEND_AGAIN in shown
    assert desk.SEND_AGAIN not in _home(office, "kwame")


_SHOWN = st.builds(
    Shown,
    id=st.integers(1, 2**63 - 1),
    title=hostile(200),
    hardship=hostile(3000),
    number=st.none() | st.integers(1, 10**6),
    state=st.sampled_from(["new", "asked", "open", "closed", "taken_down"]),
    closing=st.none() | hostile(3000),
)
_LIMITS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


@_LIMITS
@given(st.lists(_SHOWN, min_size=1, max_size=10, unique_by=lambda shown: shown.id), hostile(3000))
def test_home_and_the_desk_stay_within_slacks_limits(several: list[Shown], paused: str) -> None:
    words = Words.of("en")
    for most, check_all in ((5, False), (3, True)):
        # The same problem stands under one heading only.
        found = {
            kind: Found(
                [Row(one.id // 16 + place, one.title, WEEK, WEEK) for one in several[:most]], most + 3
            )
            for place, kind in enumerate(Waits)
        }
        unsent = [desk.Unsent(number, "edition", "C1", "NotInChannel") for number in range(1, most + 1)]
        now = WEEK + dt.timedelta(days=16)
        stands = Waiting(
            Desk(found, 9, WEEK), now, lost=2, unsent=unsent, paused=paused, unnamed=["one", "two"]
        )
        waiting = waiting_views.desk_blocks(words, stands)
        check_view(desk.desk_form(words, waiting))
        if check_all:
            made = home.Home(
                tags=list(range(1, 21)),
                team="Checkout",
                team_problems=several,
                open_problems=several,
                more_open=True,
                first=False,
                offered=Offered(labels=_MANY, functions=_MANY),
                desk=waiting,
            )
            view = home.home_view(
                words, made, command="/x", emoji="jigsaw", word_it="raise.word_it", misconduct="#help"
            )
            check_view(view)
            assert "Newest" in _all_text(view["blocks"][-1])


#: More choices than a menu has room for.
_MANY = [(str(number), "A function of a long name " * 9) for number in range(200)]

_OTHER = st.builds(
    look_views.OtherWords,
    id=st.integers(1, 2**63 - 1),
    title=hostile(200),
    hardship=hostile(3000),
    tried=st.just("") | hostile(3000),
)
_SAID = st.lists(st.tuples(hostile(3000), st.none() | hostile(3000)), max_size=4)
_AROUND = st.builds(
    look_views.Around,
    raised=st.just("so"),
    held=st.none() | hostile(3000),
    questions=_SAID,
    quiet=st.booleans(),
    to_agree=st.none() | _OTHER,
    suggested=st.none() | _OTHER,
    to_ask=st.lists(hostile(200), max_size=20),
    asked=_SAID,
    until=st.none() | st.just(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)),
    held_up=st.booleans(),
    early=st.lists(hostile(3000), max_size=2),
    nameable=st.booleans(),
    spoke=st.booleans(),
    withheld=st.none() | _OTHER,
    pointed=st.none() | hostile(3000),
)


@_LIMITS
@given(_SHOWN, _AROUND)
def test_a_stewards_look_stays_within_slacks_limits(shown: Shown, around: look_views.Around) -> None:
    check_view(look_views.look_form(Words.of("en"), shown, around, command="/x"))


@_LIMITS
@given(hostile(200), hostile(3000), st.booleans())
def test_the_forms_of_acts_stay_within_slacks_limits(line: str, text: str, running: bool) -> None:
    words, now = Words.of("en"), dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
    for act in (desk.CLOSE, desk.HOLD, desk.EARLY, desk.TAKE_DOWN):
        check_view(forms.sentence_form(words, act, 1))
    check_view(forms.ask_form(words, 1, [(text, None), (text, text)]))
    check_view(forms.propose_form(words, 1, Wording(line, text, text, text)))
    check_view(forms.time_form(words, 1))
    check_view(forms.name_form(words, "U0RAISER"))
    teams = [forms.Askable(number, line, contact=number % 2 == 0) for number in range(1, 120)]
    check_view(forms.teams_form(words, 1, teams, until=now, running=running))
    check_view(forms.teams_form(words, 1, [], until=now, running=running))


@pytest.mark.parametrize("state", ["new", "asked", "open", "closed", "taken_down"])
def test_every_text_of_a_look_comes_from_the_catalogue(state: str) -> None:
    words, now = Words.pseudo(), dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    other = look_views.OtherWords(2, "DATA", "DATA", "DATA", "DATA")
    shown = Shown(1, "DATA", "DATA", "DATA", "DATA", number=3, state=state)
    said = (("DATA", None), ("DATA", "DATA"))
    for held_up, pending in ((True, None), (False, None), (False, other)):
        around = look_views.Around(
            raised=words("DATA"),
            held="DATA",
            questions=said,
            to_agree=pending,
            suggested=other,
            to_ask=["DATA"] if held_up else [],
            asked=said,
            until=now,
            held_up=held_up,
            early=["DATA"],
            nameable=True,
            spoke=True,
            withheld=pending,
            pointed="DATA",
        )
        view = look_views.look_form(words, shown, around, command="/x")
        assert past_the_catalogue(view, data=["DATA", "/x"]) == []


def test_every_text_of_the_desk_and_its_forms_comes_from_the_catalogue() -> None:
    words, now = Words.pseudo(), dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    found = {
        kind: Found([Row(1, "DATA", WEEK + dt.timedelta(days=7 * each), WEEK) for each in range(3)], 5)
        for kind in Waits
    }
    week = WEEK + dt.timedelta(days=14)
    unsent = [desk.Unsent(1, "correct_edition", "C1", "NotInChannel"), desk.Unsent(2, "news", None, "x")]
    waiting = Waiting(Desk(found, 9, WEEK), week, lost=2, unsent=unsent, paused="DATA")
    line = waiting_views.Line(Row(1, "DATA", WEEK, WEEK), "DATA")
    teams = [forms.Askable(1, "DATA", contact=True), forms.Askable(2, "DATA", contact=False)]
    views = [
        desk.desk_form(words, waiting_views.desk_blocks(words, waiting)),
        *[
            waiting_views.list_form(words, kind, [line], start=start, more=True, today=week)
            for kind in (*Waits, *Look)
            for start in (0, 20)
        ],
        *[
            waiting_views.list_form(words, Look.CLOSED, [], start=at, more=False, today=week)
            for at in (0, 20)
        ],
        *[forms.sentence_form(words, act, 1) for act in (desk.CLOSE, desk.HOLD, desk.EARLY, desk.TAKE_DOWN)],
        forms.ask_form(words, 1, [("DATA", "DATA")]),
        forms.propose_form(words, 1, Wording("DATA", "DATA", "DATA", "DATA")),
        forms.time_form(words, 1),
        forms.name_form(words, "U0RAISER"),
        *[forms.teams_form(words, 1, teams, until=now, running=running) for running in (True, False)],
        setting_views.overrule_form(words, 1),
        setting_views.inputs_form(words, 1, []),
    ]
    for view in views:
        assert past_the_catalogue(view, data=["DATA", "U0RAISER"]) == []


@pytest.mark.parametrize(
    "reason",
    [
        *[NotInChannel, ChannelGone, ChannelArchived, TokenRevoked, MissingScope, TooLong],
        *[Unanswered, Unreached, RateLimited],
    ],
)
def test_each_reason_for_which_nothing_is_sent_has_words_of_its_own(reason: type[SlackTrouble]) -> None:
    assert reason.__name__ in desk.UNSENT
