"""Raising a problem, over the wire: the command, the shortcuts, the form and its answers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from slack_sdk import WebClient

from bot.core.identity.records import Delivery
from bot.core.problems import queries
from bot.core.problems.catalogue import catalogue
from bot.core.problems.records import Act, Answer, AnswerTeam, FeltBy, Inbox, Problem, RaisedAs, State
from bot.core.store import Sessions
from bot.core.tables import metadata
from bot.core.teams.records import Team
from tests.company import run_batch
from tests.slack.conftest import Office, Opened

LINE = "Customers hear about releases from us last"
HARDSHIP = "For us this means that tickets tell us what was shipped."
FILLED = {"title": LINE, "hardship": HARDSHIP}


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help")


def element(view: dict[str, Any], block: str) -> dict[str, Any]:
    return next(each["element"] for each in view["blocks"] if each.get("block_id") == block)


def shown(content: dict[str, Any]) -> str:
    """Everything that a person can read of a form or message."""
    return json.dumps(content["blocks"], ensure_ascii=False)


def inbox(office: Office) -> list[Inbox]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Inbox)))


def problems(office: Office) -> list[Problem]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Problem)))


def rows(office: Office) -> dict[str, int]:
    """How many rows each table holds."""
    with office.sessions.reading() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def test_the_command_alone_opens_an_empty_form(lite_office: Office) -> None:
    outcome = lite_office.slash("niamh")
    assert outcome.ok
    view = outcome.views[-1]
    assert view["title"]["text"] == "Raise a problem"
    assert "initial_value" not in element(view, "title")
    required = [b["block_id"] for b in view["blocks"] if b["type"] == "input" and not b.get("optional")]
    assert required == ["title", "hardship", "way"]
    assert element(view, "way")["initial_option"]["value"] == "confidential"
    lite_office.practice.assert_no_objections()


def test_the_command_with_a_line_fills_the_first_field(lite_office: Office) -> None:
    view = lite_office.slash("niamh", f"  {LINE}  ").views[-1]
    assert element(view, "title")["initial_value"] == LINE
    assert "initial_value" not in element(view, "hardship")


def test_longer_words_stand_whole_in_the_second_field_and_begin_in_the_first(lite_office: Office) -> None:
    said = " ".join(f"word{number}" for number in range(60))
    view = lite_office.slash("niamh", said).views[-1]
    title = element(view, "title")["initial_value"]
    assert len(title) <= 200
    assert said.startswith(title.removesuffix("…"))
    assert said[len(title) - 1] == " "
    assert element(view, "hardship")["initial_value"] == said


def test_several_lines_give_the_first_one_to_the_first_field(lite_office: Office) -> None:
    view = lite_office.slash("niamh", f"{LINE}\nSince spring.\nEvery week.").views[-1]
    assert element(view, "title")["initial_value"] == LINE
    assert element(view, "hardship")["initial_value"] == f"{LINE}\nSince spring.\nEvery week."


def test_what_no_field_can_take_is_given_back_to_be_copied(lite_office: Office) -> None:
    said = "begin " + "x" * 3500 + " the end"
    view = lite_office.slash("niamh", said).views[-1]
    assert element(view, "hardship")["initial_value"] == said[:3000]
    assert "the end" in shown(view)
    assert "Please copy" in shown(view)
    unfolded = lite_office.practice.press("niamh", "raise.more").views[-1]
    assert "the end" in shown(unfolded)
    lite_office.practice.assert_no_objections()


def test_the_form_says_before_sending_who_can_read_it_and_where_misconduct_goes(lite_office: Office) -> None:
    said = shown(lite_office.slash("niamh").views[-1])
    for steward in lite_office.practice.stewards:
        assert f"<@{steward.id}>" in said
    assert f"<#{lite_office.practice.place('people-help').id}>" in said
    assert "everybody here once they publish it" in said
    assert "holds both the database and the sealing key" in said
    assert "nothing that is kept here leads to you" in said


def test_a_confidential_raise_writes_one_sealed_row_and_says_what_happens_next(office: Office) -> None:
    before = rows(office)
    office.slash("niamh")
    outcome = office.practice.submit("niamh", FILLED)
    assert outcome.ok
    answer = shown(outcome.views[-1])
    assert "*Heard.* It reaches the stewards" in answer
    assert "two working days" in answer
    assert "others read exactly these words" in answer
    assert LINE in answer
    assert "submit" not in outcome.views[-1] or outcome.views[-1]["submit"] is None
    after = rows(office)
    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    (row,) = inbox(office)
    assert row.act == Act.RAISE.value
    assert row.body["title"] == LINE
    assert office.id("niamh") not in json.dumps(row.body)
    assert office.practice.dms("niamh") == []
    office.practice.assert_no_objections()


def test_it_reaches_the_stewards_at_the_next_batch_hour_as_the_answer_says(lite_office: Office) -> None:
    lite_office.slash("niamh")
    said = shown(lite_office.practice.submit("niamh", FILLED).views[-1])
    tomorrow_at_seven = dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
    assert f"<!date^{int(tomorrow_at_seven.timestamp())}^" in said
    assert run_batch(lite_office.sessions, lite_office.kit, lite_office.now, days=1) == 1
    (problem,) = problems(lite_office)
    assert (problem.state, problem.raised_as, problem.title) == (State.NEW, RaisedAs.CONFIDENTIAL, LINE)
    with lite_office.sessions.reading() as session:
        mine = queries.mine(session, lite_office.actor("niamh"), lite_office.kit)
        assert [each.id for each in mine.problems] == [problem.id]


def test_a_second_click_is_answered_like_the_first_and_stores_nothing_more(office: Office) -> None:
    office.slash("niamh")
    office.practice.hold()
    office.practice.submit("niamh", FILLED)
    office.practice.submit("niamh", FILLED)
    first, second = office.practice.release("as_sent")
    assert first.ok
    assert second.ok
    assert first.attempts[0].body == second.attempts[0].body
    assert len(inbox(office)) == 1


def test_the_ticked_name_reaches_the_stewards_at_once_and_stands_with_the_problem(office: Office) -> None:
    office.slash("niamh")
    outcome = office.practice.submit("niamh", {**FILLED, "name": ["show"]})
    assert "can read it now" in shown(outcome.views[-1])
    (problem,) = problems(office)
    assert (problem.raised_as, problem.raiser) == (RaisedAs.NAMED, office.id("niamh"))
    assert inbox(office) == []


def test_add_more_unfolds_the_form_and_keeps_what_was_typed(lite_office: Office) -> None:
    practice = lite_office.practice
    lite_office.slash("niamh", LINE)
    practice.fill("niamh", {"hardship": HARDSHIP})
    outcome = practice.press("niamh", "raise.more")
    assert outcome.ok
    view = outcome.views[-1]
    assert not [block for block in view["blocks"] if "initial_value" in block.get("element", {})]
    assert view["state"]["values"]["title"]["title"]["value"] == LINE
    assert view["state"]["values"]["hardship"]["hardship"]["value"] == HARDSHIP
    labels = [option["text"]["text"] for option in element(view, "label")["options"]]
    assert labels == [function.name for function in catalogue()]
    groups = element(view, "felt_by")["option_groups"]
    assert {group["label"]["text"] for group in groups} >= {"Engineering", "Support"}
    practice.assert_no_objections()


def test_everything_that_was_filled_in_is_stored(office: Office) -> None:
    practice = office.practice
    office.slash("niamh")
    practice.press("niamh", "raise.more")
    outcome = practice.submit(
        "niamh",
        {
            **FILLED,
            "felt_by": ["Support", "Sales"],
            "needed_from": ["Checkout", "Identity"],
            "tried": "A channel, which nobody read.",
            "guardrails": "No further meeting.",
            "label": "F9",
        },
    )
    assert outcome.ok
    run_batch(office.sessions, office.kit, office.now, days=1)
    (problem,) = problems(office)
    assert (problem.tried, problem.guardrails, problem.label) == (
        "A channel, which nobody read.",
        "No further meeting.",
        "Launch and go-to-market readiness",
    )
    with office.sessions.reading() as session:
        names = {team.id: team.name for team in session.scalars(sa.select(Team))}
        assert {names[each.team_id] for each in session.scalars(sa.select(FeltBy))} == {"Support", "Sales"}
        (answer,) = session.scalars(sa.select(Answer))
        assert answer.by_team_id is None
        needed = {names[each.team_id] for each in session.scalars(sa.select(AnswerTeam))}
        assert needed == {"Checkout", "Identity"}


def test_not_knowing_who_would_have_to_change_is_an_answer_and_no_team(lite_office: Office) -> None:
    lite_office.slash("niamh")
    lite_office.practice.press("niamh", "raise.more")
    assert lite_office.practice.submit("niamh", {**FILLED, "needed_from": ["unknown"]}).ok
    (row,) = inbox(lite_office)
    assert not row.body["needed_from"]


def test_not_knowing_and_a_team_together_are_refused_beside_the_field(lite_office: Office) -> None:
    lite_office.slash("niamh")
    lite_office.practice.press("niamh", "raise.more")
    outcome = lite_office.practice.submit("niamh", {**FILLED, "needed_from": ["unknown", "Checkout"]})
    assert list(outcome.errors) == ["needed_from"]
    assert inbox(lite_office) == []


def test_without_teams_their_fields_are_left_out_with_a_kind_word(
    open_office: Opened, lite: Sessions
) -> None:
    office = open_office(lite)
    office.slash("niamh")
    view = office.practice.press("niamh", "raise.more").views[-1]
    blocks = {block.get("block_id") for block in view["blocks"]}
    assert "felt_by" not in blocks
    assert {"tried", "guardrails", "label"} <= blocks
    assert "No teams are known here yet" in shown(view)
    assert office.practice.submit("niamh", FILLED).ok
    office.practice.assert_no_objections()


def test_more_teams_than_a_form_takes_are_cut_and_it_says_so(lite_office: Office) -> None:
    with lite_office.sessions.begin() as session:
        for number in range(1200):
            session.add(Team(id=number + 1, name=f"Team {number:04} " + "é" * 60))
    lite_office.slash("niamh")
    outcome = lite_office.practice.press("niamh", "raise.more")
    assert outcome.ok
    assert "There are more teams than fit here" in shown(outcome.views[-1])
    lite_office.practice.assert_no_objections()


def test_the_global_shortcut_opens_an_empty_form(lite_office: Office) -> None:
    outcome = lite_office.practice.global_shortcut("niamh", "raise_problem")
    assert outcome.ok
    assert "initial_value" not in element(outcome.views[-1], "title")


@pytest.mark.parametrize("place", ["support-floor", "team-leads", "@niamh"])
def test_the_message_shortcut_brings_the_words_and_nothing_of_the_place(
    lite_office: Office, place: str
) -> None:
    practice = lite_office.practice
    said = (
        f"Ask <@{lite_office.id('olu')}> &amp; <#C123ABC|secret-plans>: <https://a.example/x|the page> is old"
    )
    message = practice.say("jonas", place, said).message
    assert message is not None
    outcome = practice.message_shortcut("jonas", "raise_from_message", message)
    assert outcome.ok
    view = outcome.views[-1]
    assert element(view, "title")["initial_value"] == "Ask somebody & a channel: the page is old"
    whole = json.dumps(view)
    assert message["channel"] not in whole
    assert message["ts"] not in whole
    assert "secret-plans" not in whole
    assert "Nothing is kept of where it stands" in shown(view)
    assert practice.submit("jonas", {"hardship": HARDSHIP}).ok
    assert message["channel"] not in json.dumps(inbox(lite_office)[0].body)
    assert [call["method"] for call in practice.calls() if "chat" in call["method"]] == []


def test_the_message_shortcut_works_where_the_bot_is_not(lite_office: Office) -> None:
    message = lite_office.practice.messages("niamh", "general")[0]
    outcome = lite_office.practice.message_shortcut("niamh", "raise_from_message", message)
    assert outcome.ok
    assert element(outcome.views[-1], "title")["initial_value"].startswith("Welcome")


def test_a_bots_message_gives_an_empty_form(lite_office: Office) -> None:
    practice = lite_office.practice
    web = WebClient(lite_office.practice.bot_token, base_url=practice.api_url)
    posted = web.chat_postMessage(channel=practice.place("engineering").id, text="Week 47")
    at = {"channel": posted["channel"], "ts": posted["ts"]}
    view = practice.message_shortcut("priya", "raise_from_message", at).views[-1]
    assert "initial_value" not in element(view, "title")
    assert "message's words" not in shown(view)


def test_an_expired_click_gets_a_button_that_opens_the_form_with_the_words(lite_office: Office) -> None:
    practice = lite_office.practice
    practice.fault("views.open", error="expired_trigger_id", times=1)
    outcome = lite_office.slash("niamh", LINE)
    assert outcome.views == []
    (whisper,) = outcome.ephemerals
    assert "The button opens it" in whisper["text"]
    again = practice.press("niamh", "raise.open_again", at=whisper)
    assert element(again.views[-1], "title")["initial_value"] == LINE
    practice.assert_no_objections()


def test_words_too_long_for_the_button_are_given_back_to_be_copied(lite_office: Office) -> None:
    practice = lite_office.practice
    practice.fault("views.open", error="expired_trigger_id", times=1)
    said = "begin " + "y" * 2500 + " the end"
    (whisper,) = lite_office.slash("niamh", said).ephemerals
    assert "please copy" in whisper["text"]
    assert "the end" in shown(whisper)
    again = practice.press("niamh", "raise.open_again", at=whisper)
    assert element(again.views[-1], "hardship")["initial_value"] == said[:1999]


def test_an_expired_message_shortcut_says_it_where_the_bot_is_not(lite_office: Office) -> None:
    practice = lite_office.practice
    practice.fault("views.open", error="expired_trigger_id", times=1)
    message = practice.messages("niamh", "general")[0]
    outcome = practice.message_shortcut("niamh", "raise_from_message", message)
    assert outcome.ok
    (whisper,) = outcome.ephemerals
    again = practice.press("niamh", "raise.open_again", at=whisper)
    assert element(again.views[-1], "title")["initial_value"].startswith("Welcome")


def test_a_protected_raise_leaves_no_delivery_and_no_log(lite_office: Office) -> None:
    lite_office.slash("niamh")
    before = lite_office.log
    lite_office.practice.submit("niamh", FILLED)
    assert lite_office.log == before
    with lite_office.sessions.reading() as session:
        assert session.scalars(sa.select(Delivery)).all() == []
