"""Hits us too, over the wire: one tap, what there is to add, the way back, and what lies behind the line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.core.problems import acts, evidence, triage
from bot.core.problems.acts import Told
from bot.core.problems.records import Act, AnswerTeam, Confirmation, FollowUp, Inbox, Problem, State
from bot.core.problems.records import Answer as Given
from bot.core.problems.rules import Mechanism, Ownership
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.store import Sessions
from bot.core.tables import metadata
from bot.core.teams.acts import list_members, team_named
from bot.core.teams.records import Choice, Membership, Team
from bot.slack import cards
from bot.slack.confirming import given as read
from bot.slack.confirming import views
from bot.slack.confirming.views import Counted
from bot.slack.shown import Shown
from bot.slack.teams.views import team_groups
from bot.words import Words
from tests.company import run_batch
from tests.slack.conftest import Office, Opened, fill_company, listeners_of
from tests.slack.limits import buttons, check_message, check_view, hostile, past_the_catalogue, texts
from tests.slack.test_cards import RELEASES, problems

EN = Words.of("en")
TITLE = "Customers hear about releases from us last"


@pytest.fixture
def features() -> Sequence[str]:
    return ("confirming",)


def published(office: Office, *, title: str = TITLE, raiser: str = "niamh") -> Problem:
    """A problem that everybody may read; `raiser` raised it with the name shown."""
    amara = office.actor("amara")
    with office.sessions.begin() as session:
        made = acts.raise_named(
            session,
            office.actor(raiser),
            Wording(title, "For us this means that tickets tell us what was shipped."),
            form=title,
            kit=office.kit,
            at=office.now,
        )
        assert made is not None
        return triage.publish(session, amara, made.id, kit=office.kit, at=office.now, news_at=office.now)


def posted(office: Office, problem: Problem) -> dict[str, Any]:
    """A message in the digest's channel with the problem's buttons, as an edition has them."""
    shown = Shown.of(problem)
    web = WebClient(office.practice.bot_token, base_url=office.practice.api_url)
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": shown.title}},
        {"type": "actions", "elements": [cards.hits_us(EN, shown), cards.details(EN, shown)]},
    ]
    said = web.chat_postMessage(
        channel=office.practice.place("product-weekly").id, text="Week 47", blocks=blocks
    )
    return {"channel": said["channel"], "ts": said["ts"]}


def seen(content: Mapping[str, Any]) -> str:
    return "\n".join(texts(content["blocks"]))


def inbox(office: Office, act: Act = Act.CONFIRM) -> list[Inbox]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Inbox).where(Inbox.act == act.value)))


def team_name(office: Office, ident: int | None) -> str | None:
    with office.sessions.reading() as session:
        found = session.get(Team, ident) if ident else None
        return found.name if found else None


def confirmations(office: Office) -> list[Confirmation]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Confirmation)))


def batch(office: Office, *, days: int = 1) -> None:
    run_batch(office.sessions, office.kit, office.now, days=days)


# Over the wire


def test_one_tap_counts_for_the_persons_team_and_is_answered_to_that_person_alone(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    outcome = office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    assert outcome.ok
    said = seen(outcome.views[-1])
    assert "Noted for Checkout. What others see changes with Monday's edition." in said
    assert "could your team fix its part alone?" in said
    assert [each["text"]["text"] for each in buttons(outcome.views[-1]["blocks"])] == [
        "Yes, but it isn't worth it for us",
        "No, it needs a decision above us",
        "It's shared, we all use it up",
        "Nobody owns it",
        "Only together with others",
        "Say more",
        "Take it back",
    ]
    (row,) = inbox(office)
    assert team_name(office, row.body["team"]) == "Checkout"
    assert office.id("priya") not in json.dumps(row.body)
    assert outcome.ephemerals == []
    assert office.practice.views("tomasz") == []
    office.practice.assert_no_objections()


def test_two_people_count_once_each_and_nothing_that_others_see_has_moved(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    for who in ("priya", "soren"):
        assert office.practice.press(who, f"problem.hits_us:{problem.id}", at=at).ok
    assert len(inbox(office)) == 2
    batch(office)
    assert {team_name(office, each.team_id) for each in confirmations(office)} == {"Checkout", "Identity"}
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert evidence.finding_of(stored) is None, "public words change with the edition alone"
    details = office.practice.press("tomasz", f"problem.details:{problem.id}", at=at).views[-1]
    assert "people say that it hits them" not in seen(details)


def test_a_second_press_is_answered_kindly_and_counts_nothing(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    office.practice.close("priya")
    again = office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    assert again.ok
    assert "You have said so already, and it counts once." in seen(again.views[-1])
    assert "Take it back" in seen(again.views[-1])
    assert len(inbox(office)) == 1
    batch(office)
    office.practice.close("priya")
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    assert inbox(office) == []
    assert len(confirmations(office)) == 1


def test_it_can_be_taken_back_at_once_and_later_and_said_again(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    undone = office.practice.press("priya", f"problem.take_back:{problem.id}")
    assert undone.ok
    assert "Taken back." in seen(undone.views[-1])
    assert inbox(office) == []
    office.practice.press("priya", f"problem.hits_us:{problem.id}")
    batch(office)
    assert len(confirmations(office)) == 1
    office.practice.press("priya", f"problem.take_back:{problem.id}")
    batch(office, days=2)
    assert confirmations(office) == []
    office.practice.assert_no_objections()


def test_a_closed_problem_takes_no_more_and_says_what_to_do(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    with office.sessions.begin() as session:
        triage.close(
            session,
            office.actor("amara"),
            problem.id,
            "We look again in March.",
            kit=office.kit,
            at=office.now,
            news_at=office.now,
        )
    (whisper,) = office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at).ephemerals
    assert "This one is closed. If it is still in your way, raise it again" in whisper["text"]
    details = office.practice.press("priya", f"problem.details:{problem.id}", at=at).views[-1]
    assert "We look again in March." in seen(details)
    assert [button["text"]["text"] for button in buttons(details["blocks"])] == ["This points at me"]
    assert inbox(office) == []


def test_whoever_raised_it_is_counted_already(lite_office: Office) -> None:
    problem = published(lite_office, raiser="niamh")
    outcome = lite_office.practice.press(
        "niamh", f"problem.hits_us:{problem.id}", at=posted(lite_office, problem)
    )
    assert "You raised this one, so you are counted already." in outcome.ephemerals[0]["text"]
    assert inbox(lite_office) == []


def test_the_raiser_of_a_resting_problem_reads_what_wakes_it(lite_office: Office) -> None:
    problem = published(lite_office, raiser="niamh")
    rests(lite_office, problem)
    outcome = lite_office.practice.press(
        "niamh", f"problem.hits_us:{problem.id}", at=posted(lite_office, problem)
    )
    assert "wakes as soon as somebody else says that it hits them too" in outcome.ephemerals[0]["text"]
    assert inbox(lite_office) == []


def test_whoever_has_said_it_before_says_it_again_of_a_resting_problem(lite_office: Office) -> None:
    problem, press = published(lite_office), lite_office.practice.press
    at = posted(lite_office, problem)
    press("priya", f"problem.hits_us:{problem.id}", at=at)
    batch(lite_office)
    rests(lite_office, problem)
    details = press("priya", f"problem.details:{problem.id}", at=at).views[-1]
    assert "Hits us too" in [each["text"]["text"] for each in buttons(details["blocks"])]
    lite_office.practice.close("priya", everything=True)
    assert "Noted for Checkout." in seen(press("priya", f"problem.hits_us:{problem.id}", at=at).views[-1])
    assert len(inbox(lite_office)) == 1
    lite_office.practice.close("priya", everything=True)
    again = press("priya", f"problem.hits_us:{problem.id}", at=at).views[-1]
    assert "You have said so already, and it counts once." in seen(again)


def rests(office: Office, problem: Problem) -> None:
    with office.sessions.begin() as session:
        session.get_one(Problem, problem.id).state = State.RESTING.value


def test_somebody_without_a_team_counts_as_a_person_and_may_say_which_team(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    outcome = office.practice.press("ming", f"problem.hits_us:{problem.id}", at=at)
    assert "Noted, for you as a person: no team is known for you here." in seen(outcome.views[-1])
    assert inbox(office)[0].body["team"] is None
    form = office.practice.press("ming", "confirm.team").views[-1]
    assert "it counts for how widely something is felt and for nothing else" in seen(form)
    answer = office.practice.submit("ming", {"counts_for": "Legal"})
    assert answer.ok
    assert "It counts for Legal now" in seen(answer.views[-1])
    (row,) = inbox(office)
    assert (team_name(office, row.body["team"]), row.body["trusted"]) == ("Legal", False)
    office.practice.assert_no_objections()


def test_somebody_in_several_groups_picks_one_also_after_the_batch(office: Office) -> None:
    with office.sessions.begin() as session:
        guild = team_named(session, "Accessibility", function="Design", randomness=office.kit.randomness)
        list_members(session, guild, [office.id("priya")])
    problem = published(office)
    at = posted(office, problem)
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    assert team_name(office, inbox(office)[0].body["team"]) == "Accessibility", "the first by name"
    batch(office)
    office.practice.close("priya")
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    form = office.practice.press("priya", "confirm.team").views[-1]
    options = [
        option["text"]["text"]
        for block in form["blocks"]
        for group in block.get("element", {}).get("option_groups", [])
        for option in group["options"]
    ]
    assert sorted(options) == ["Accessibility", "Checkout"]
    assert office.practice.submit("priya", {"counts_for": "Checkout"}).ok
    batch(office, days=2)
    (row,) = confirmations(office)
    assert (team_name(office, row.team_id), row.trusted) == ("Checkout", True)


def test_a_team_that_is_not_the_persons_own_is_not_taken_for_it(lite_office: Office) -> None:
    """Priya is in Checkout by a list; a forged choice of another team changes nothing."""
    problem = published(lite_office)
    lite_office.practice.press("priya", f"problem.hits_us:{problem.id}", at=posted(lite_office, problem))
    with lite_office.sessions.begin() as session:
        legal = session.scalars(sa.select(Team).where(Team.name == "Legal")).one().id
    view = {
        "type": "modal",
        "id": "V0FORGED",
        "callback_id": views.TEAM_FORM,
        "private_metadata": json.dumps({"problem": str(problem.id)}),
        "blocks": [],
        "state": {"values": {"counts_for": {"counts_for": {"selected_option": {"value": str(legal)}}}}},
    }
    assert forged(lite_office, "priya", {"type": "view_submission", "view": view}).status == 200
    (row,) = inbox(lite_office)
    assert team_name(lite_office, row.body["team"]) == "Checkout"


def forged(office: Office, who: str, payload: Mapping[str, Any]) -> Any:
    """A signed request with whatever we like in it."""
    body = {
        "user": {"id": office.id(who), "team_id": office.bot.workspace.team},
        "team": {"id": office.bot.workspace.team},
        **payload,
    }
    return office.post(urlencode({"payload": json.dumps(body)}).encode())


def test_one_tap_says_why_it_stays_and_leaves_room_for_more(office: Office) -> None:
    problem = published(office)
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=posted(office, problem))
    outcome = office.practice.press("priya", "confirm.why:coupling")
    assert outcome.ok
    assert "Kept. Two more, if you like:" in seen(outcome.views[-1])
    (row,) = inbox(office, Act.FOLLOW_UP)
    assert (row.body["mechanism"], row.body["hours"]) == ("coupling", None)
    sent = office.practice.submit("priya", {"hours": "3-8", "would_help": "A shared calendar."})
    assert "Thank you, it is kept. What others see changes with Monday's edition." in seen(sent.views[-1])
    batch(office)
    with office.sessions.reading() as session:
        (told,) = session.scalars(sa.select(FollowUp))
        assert (told.hours_low, told.hours_high, told.mechanism) == (3.0, 8.0, "coupling")
        assert told.would_help == "A shared calendar."
    office.practice.assert_no_objections()


def test_what_was_told_stands_and_is_told_once(office: Office) -> None:
    problem = published(office)
    at = posted(office, problem)
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    office.practice.press("priya", "confirm.more")
    office.practice.submit("priya", {"hours": "1-3"})
    office.practice.close("priya")
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    office.practice.press("priya", "confirm.more")
    assert office.practice.submit("priya", {"hours": "8-20"}).ok, "until the batch the last word counts"
    batch(office)
    office.practice.close("priya")
    office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    office.practice.press("priya", "confirm.more")
    refused = office.practice.submit("priya", {"hours": "20-40"})
    assert "You have already told us about this one, and it stands." in " ".join(refused.errors.values())
    batch(office, days=2)
    with office.sessions.reading() as session:
        assert [each.hours_low for each in session.scalars(sa.select(FollowUp))] == [8.0]


def test_nothing_added_closes_the_form_and_stores_nothing(lite_office: Office) -> None:
    problem = published(lite_office)
    lite_office.practice.press("priya", f"problem.hits_us:{problem.id}", at=posted(lite_office, problem))
    lite_office.practice.press("priya", "confirm.more")
    outcome = lite_office.practice.submit("priya", {"hours": "cant_say"})
    assert outcome.ok
    assert outcome.views == []
    assert inbox(lite_office, Act.FOLLOW_UP) == []


def test_more_needs_a_hits_us_too(lite_office: Office) -> None:
    problem = published(lite_office)
    at = posted(lite_office, problem)
    lite_office.practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    lite_office.practice.press("priya", "confirm.more")
    with lite_office.sessions.begin() as session:
        acts.undo_confirmation(session, lite_office.actor("priya"), problem.id, kit=lite_office.kit)
    refused = lite_office.practice.submit("priya", {"hours": "1-3"})
    assert "First say that it hits you too" in " ".join(refused.errors.values())


def test_a_click_that_came_too_late_for_a_form_is_answered_beside_the_message(lite_office: Office) -> None:
    practice = lite_office.practice
    problem = published(lite_office)
    at = posted(lite_office, problem)
    practice.fault("views.open", error="expired_trigger_id", times=1)
    outcome = practice.press("priya", f"problem.hits_us:{problem.id}", at=at)
    assert outcome.views == []
    (whisper,) = outcome.ephemerals
    assert "Noted for Checkout." in whisper["text"]
    assert len(inbox(lite_office)) == 1
    tapped = practice.press("priya", "confirm.why:incentive", at=whisper)
    assert "Kept." in seen(tapped.views[-1])
    practice.close("priya")
    undone = practice.press("priya", f"problem.take_back:{problem.id}", at=whisper)
    assert "Taken back." in seen(undone.views[-1])
    assert inbox(lite_office) == []
    practice.assert_no_objections()


def test_details_open_as_a_form_with_all_that_is_public(lite_office: Office) -> None:
    problem = published(lite_office)
    outcome = lite_office.practice.press(
        "priya", f"problem.details:{problem.id}", at=posted(lite_office, problem)
    )
    said = seen(outcome.views[-1])
    assert "tickets tell us what was shipped" in said
    assert "Everybody in this workspace can read this." in said
    assert f"Raised by <@{lite_office.id('niamh')}>, who chose to say so." in said
    pressed = lite_office.practice.press("priya", f"problem.hits_us:{problem.id}")
    assert "Noted for Checkout." in seen(pressed.views[-1])
    assert len(pressed.views) == 1, "the next step takes the place of the last"
    lite_office.practice.assert_no_objections()


def test_it_works_wherever_a_problem_is_shown(open_office: Opened, lite: Sessions) -> None:
    """In Home, in a list, and in the answer to the command that shows one."""
    office = open_office(lite, listeners_of("confirming", "home", "reading", "help"))
    fill_company(office)
    problem = published(office)
    hits_us, practice = f"problem.hits_us:{problem.id}", office.practice
    practice.open_home("priya")
    details = practice.press("priya", f"problem.details:{problem.id}", at="home")
    assert "Everybody in this workspace can read this." in seen(details.views[-1])
    assert "Noted for Checkout." in seen(practice.press("priya", hits_us).views[-1])
    (shown,) = office.slash("soren", f"show {problem.number}").ephemerals
    assert "Noted for Identity." in seen(practice.press("soren", hits_us, at=shown).views[-1])
    (listed,) = office.slash("edith", "list").ephemerals
    practice.press("edith", f"problem.details:{problem.id}", at=listed)
    assert "Noted for Legal." in seen(practice.press("edith", hits_us).views[-1])
    assert len(inbox(office)) == 3
    practice.assert_no_objections()


def test_details_know_who_has_said_it_and_who_raised_it(lite_office: Office) -> None:
    problem = published(lite_office, raiser="niamh")
    at = posted(lite_office, problem)

    def offered(who: str) -> list[str]:
        if lite_office.practice.views(who):
            lite_office.practice.close(who, everything=True)
        view = lite_office.practice.press(who, f"problem.details:{problem.id}", at=at).views[-1]
        return [button["text"]["text"] for button in buttons(view["blocks"])]

    assert offered("priya") == [
        "Hits us too",
        "Who would have to change?",
        "We can help",
        "This points at me",
    ]
    lite_office.practice.press("priya", f"problem.hits_us:{problem.id}")
    assert offered("priya") == [
        "Take it back",
        "Who would have to change?",
        "We can help",
        "This points at me",
    ]
    assert offered("niamh") == ["Who would have to change?", "We can help", "This points at me"]


def test_not_right_opens_the_inputs_and_keeps_an_answer(office: Office) -> None:
    problem = published(office)
    office.practice.press("soren", f"problem.details:{problem.id}", at=posted(office, problem))
    form = office.practice.press("soren", f"problem.not_right:{problem.id}").views[-1]
    assert form["title"]["text"] == "Who would change it?"
    sent = office.practice.submit("soren", {"needed_from": ["Checkout", "Support"], "owned": "nobody"})
    assert sent.ok
    assert "worked out again from what everybody said" in seen(sent.views[-1])
    batch(office)
    with office.sessions.reading() as session:
        (answer,) = session.scalars(sa.select(Given))
        named = {team_name(office, each.team_id) for each in session.scalars(sa.select(AnswerTeam))}
        assert (answer.ownership, named) == ("nobody", {"Checkout", "Support"})
        assert team_name(office, answer.by_team_id) == "Identity"
    office.practice.assert_no_objections()


def test_an_empty_answer_is_refused_beside_the_form(lite_office: Office) -> None:
    problem = published(lite_office)
    lite_office.practice.press("soren", f"problem.details:{problem.id}", at=posted(lite_office, problem))
    lite_office.practice.press("soren", f"problem.not_right:{problem.id}")
    refused = lite_office.practice.submit("soren", {"owned": "cant_say"})
    assert "Pick at least one team or one answer" in " ".join(refused.errors.values())
    assert inbox(lite_office, Act.ANSWER) == []


@pytest.mark.parametrize(
    "value", ["", "0", "-1", "12x", "9" * 40, "٣", "1e3", str(2**63), "1:incentive", "<!channel>"]
)
def test_a_forged_value_is_refused_in_words_and_does_nothing(lite_office: Office, value: str) -> None:
    problem = published(lite_office)
    at = posted(lite_office, problem)
    before = len(inbox(lite_office))
    for action in (
        "problem.hits_us",
        "problem.take_back",
        "problem.details",
        "problem.not_right",
        "confirm.why",
    ):
        url = f"{lite_office.practice.url}/nowhere"
        payload = {
            "type": "block_actions",
            "trigger_id": "1.2.3",
            "response_url": url,
            "channel": {"id": at["channel"]},
            "message": {"ts": at["ts"]},
            "actions": [{"action_id": action, "value": value, "type": "button", "block_id": "b"}],
        }
        answer = forged(lite_office, "priya", payload)
        assert answer.status == 200
    assert len(inbox(lite_office)) == before
    assert lite_office.practice.views("priya") == []


def test_what_a_person_may_not_see_can_not_be_confirmed_or_opened(lite_office: Office) -> None:
    with lite_office.sessions.begin() as session:
        hidden = acts.raise_named(
            session,
            lite_office.actor("niamh"),
            Wording("Not published yet", "For us this means waiting."),
            form="hidden",
            kit=lite_office.kit,
            at=lite_office.now,
        )
        assert hidden is not None
    at = posted(lite_office, hidden)
    for action in ("hits_us", "details"):
        outcome = lite_office.practice.press("priya", f"problem.{action}:{hidden.id}", at=at)
        assert "not there any more, or not for you to see" in outcome.ephemerals[0]["text"]
        assert outcome.views == []
    assert inbox(lite_office) == []


# What is read is checked


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_any_value_is_read_or_refused(value: str, values: dict[str, str]) -> None:
    forms: list[Any] = [
        {},
        {"state": None, "private_metadata": value},
        {"state": {"values": {"hours": {"hours": {"selected_option": values}}}}},
        {"state": {"values": {"needed_from": {"needed_from": {"selected_options": [values, None]}}}}},
        {"private_metadata": json.dumps({"problem": value})},
    ]
    for reads in (read.read_ident, read.read_why):
        with suppress(Refusal):
            reads(value)
    for form in forms:
        for reads_form in (read.read_form, read.read_told, read.read_team, read.read_answer):
            with suppress(Refusal):
                reads_form(form)


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_answer_is_read_as_it_was_tapped(mechanism: Mechanism) -> None:
    _, blocks = views.noted(EN, RELEASES, Counted("Checkout", True, False), day="monday")
    (button,) = [each for each in buttons(blocks) if each["action_id"] == f"confirm.why:{mechanism.value}"]
    assert read.read_why(button["value"]) == (RELEASES.id, mechanism)


def test_every_range_and_every_owner_is_read_as_it_was_picked() -> None:
    def picked(block: str, value: str) -> dict[str, Any]:
        return {"state": {"values": {block: {block: {"selected_option": {"value": value}}}}}}

    for value, (_, hours) in views.WEEKLY.items():
        assert read.read_told(picked("hours", value)) == Told(hours=hours)
        assert Told(hours=hours).checked()
    for ownership in Ownership:
        assert read.read_answer(picked("owned", ownership.value)) == (frozenset(), ownership)
    assert set(views.WHOSE) == set(Ownership)
    assert set(views.ANSWERS) == set(Mechanism)


# What is shown


def test_an_acknowledgement_reads_like_this() -> None:
    text, _ = views.noted(EN, RELEASES, Counted("Checkout", True, False), day="monday")
    assert text == (
        "12 · Customers hear about releases from us last\n"
        "Noted for Checkout. What others see changes with Monday's edition.\n"
        "If you have ten seconds: could your team fix its part alone?\n"
        "Yes, but it isn't worth it for us\n"
        "No, it needs a decision above us\n"
        "It's shared, we all use it up\n"
        "Nobody owns it\n"
        "Only together with others"
    )
    own_word, _ = views.noted(EN, RELEASES, Counted("Checkout", False, True), day="friday")
    assert own_word.split("\n")[1] == (
        "Noted for Checkout. What others see changes with Friday's edition. Since the team is your own word, it "
        "counts for how widely this is felt, and for nothing else."
    )


counted = st.builds(
    Counted,
    team=st.none() | hostile(200),
    trusted=st.booleans(),
    others=st.booleans(),
    again=st.booleans(),
)
days = st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])


@settings(deadline=None)
@given(problems(most=600), counted, days, st.none() | st.sampled_from(Mechanism))
def test_all_of_it_fits(problem: Shown, counted: Counted, day: str, told: Mechanism | None) -> None:
    for said in (views.noted(EN, problem, counted, day=day), views.taken_back(EN, problem, day=day)):
        check_message(*said)
        check_view(views.as_form(EN, said))
    check_view(views.more_form(EN, problem, told=told, kept=bool(told)))
    check_view(views.details_form(EN, problem, command="/problem", confirmed=False, own=False))
    check_view(views.not_right_form(EN, problem, []))


@settings(deadline=None)
@given(st.lists(hostile(200), max_size=30), st.booleans())
def test_teams_of_any_name_fit(names: list[str], trusted: bool) -> None:
    teams = [Team(id=number + 1, name=name) for number, name in enumerate(names)]
    groups = team_groups(EN, teams)
    check_view(views.team_form(EN, 7, groups, trusted=trusted))
    check_view(views.not_right_form(EN, RELEASES, groups))


def test_more_teams_than_a_form_takes_are_cut_and_it_says_so() -> None:
    teams = [Team(id=number + 1, name=f"Team {number:05} " + "é" * 60) for number in range(3000)]
    form = views.not_right_form(EN, RELEASES, team_groups(EN, teams))
    check_view(form)
    assert "There are more teams than fit here." in texts(form["blocks"])


@given(problems(most=100), counted, days)
def test_every_text_comes_from_the_catalogue(problem: Shown, counted: Counted, day: str) -> None:
    pseudo = Words.pseudo()
    bare = replace(
        problem,
        title="DATA",
        hardship="DATA",
        tried="",
        guardrails="",
        label=None,
        closing=problem.closing and "DATA",
        overruled_because=None,
        beside=(),
        early=(),
    )
    plain = replace(counted, team=counted.team and "DATA")
    text, blocks = views.noted(pseudo, bare, plain, day=day)
    forms = [
        views.as_form(pseudo, (text, blocks)),
        views.as_form(pseudo, views.taken_back(pseudo, bare, day=day)),
        views.more_form(pseudo, bare, told=None, kept=False),
        views.not_right_form(pseudo, bare, []),
        views.team_form(pseudo, 7, [], trusted=True),
        views.details_form(pseudo, bare, command="/problem", confirmed=True, own=False),
    ]
    for shown in [*forms, text, views.counts(pseudo, "DATA", trusted=False), views.thanks(pseudo, day=day)]:
        assert past_the_catalogue(shown, data=["DATA"]) == []


def test_a_choice_is_one_row_of_the_persons_own(lite_office: Office) -> None:
    """Saying a team for oneself makes no membership: it stays the person's own word."""
    problem = published(lite_office)
    lite_office.practice.press("ming", f"problem.hits_us:{problem.id}", at=posted(lite_office, problem))
    lite_office.practice.press("ming", "confirm.team")
    done = lite_office.practice.submit("ming", {"counts_for": "Sales"})
    assert "Sales" in str(done.views[-1])
    with lite_office.sessions.reading() as session:
        # Beside what it was said with, a row with the person's id would tell who said that: until the batch there is none.
        whole = "".join(
            str(row) for table in metadata.sorted_tables for row in session.execute(sa.select(table))
        )
        assert whole.count(lite_office.id("ming")) == 0
        assert [row.body["trusted"] for row in session.scalars(sa.select(Inbox))] == [False]
    run_batch(lite_office.sessions, lite_office.kit, lite_office.now, days=1)
    with lite_office.sessions.reading() as session:
        assert count(session, Choice, lite_office.id("ming")) == 1
        assert count(session, Membership, lite_office.id("ming")) == 0
        sales = session.scalars(sa.select(Team.id).where(Team.name == "Sales")).one()
        assert session.scalars(sa.select(Choice.team_id)).one() == sales
        assert session.scalars(sa.select(Confirmation.team_id)).one() == sales


def count(session: Session, table: Any, person: str) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(table.person == person)) or 0
