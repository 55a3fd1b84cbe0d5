"""The ways to raise, each keeping what the form said: confidential, anonymous, with the name; and intake paused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.identity import installation
from bot.core.identity.receipts import digits_of, slow_hash
from bot.core.problems.records import Act, Inbox, Problem, RaisedAs
from bot.core.tables import metadata
from bot.slack.raising import fields
from bot.slack.raising.carried import unpacked
from tests.company import run_batch
from tests.slack import limits
from tests.slack.conftest import Office

LINE = "Customers hear about releases from us last"
FILLED = {"title": LINE, "hardship": "For us this means that tickets tell us what was shipped."}
ANONYMOUS = {**FILLED, "way": "anonymous"}
BECAUSE = "A name may have got out; we look into it and say more by Friday."


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "home")


def shown(view: Mapping[str, Any]) -> str:
    return "\n".join(limits.texts(view["blocks"]))


def inbox(office: Office) -> list[Inbox]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Inbox)))


def everything(office: Office) -> str:
    """All that the database holds."""
    with office.sessions.reading() as session:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in session.execute(sa.select(table))
        )


def rows(office: Office) -> dict[str, int]:
    with office.sessions.reading() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def code_in(view: Mapping[str, Any]) -> str:
    """The code that the form's answer shows, as a person would copy it."""
    (said,) = (text for text in limits.texts(view["blocks"]) if "Your code" in text)
    return str(said.split("`")[1])


def pause(office: Office, because: str | None) -> None:
    with office.sessions.begin() as session:
        installation.set_paused(session, because, office.kit.randomness)


def test_each_way_says_who_can_learn_what_before_anything_is_typed(lite_office: Office) -> None:
    view = lite_office.slash("niamh").views[-1]
    said = shown(view)
    for promise in (
        "Nobody who uses this bot",
        "a direct message tells you when there is an answer",
        "Nobody at all",
        "you fetch answers with a code that is shown once",
        "Show my name once it is published",
        "holds both the database and the sealing key",
        "Neither hides you from Slack itself",
    ):
        assert promise in said


def test_the_form_says_who_hears_of_what_stewards_should_not_read(lite_office: Office) -> None:
    said = shown(lite_office.slash("niamh").views[-1])
    assert f"Something about a steward? <@{lite_office.id('ingrid')}> hears it, not the stewards." in said


def test_an_anonymous_raise_keeps_the_words_and_a_slow_hash_and_nothing_of_the_person(office: Office) -> None:
    before = rows(office)
    log = office.log
    office.slash("niamh")
    outcome = office.practice.submit("niamh", ANONYMOUS)
    view = outcome.views[-1]
    code = code_in(view)
    assert view["close"]["text"] == "I have written it down"
    assert "shown this once" in shown(view)
    assert "direct message" not in shown(view)
    after = rows(office)
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed.pop("installation", 1) == 1  # made once for all receipts, by whoever comes first
    assert changed == {"inbox": 1}
    (row,) = inbox(office)
    digits = str(digits_of(code))
    with office.sessions.reading() as session:
        salt = installation.receipt_salt(session) or b""
    assert row.body["receipt"] == slow_hash(digits, salt=salt).hex()
    assert "address" not in row.body
    assert office.id("niamh") not in json.dumps(row.body)
    whole = everything(office)
    assert digits not in whole
    assert code not in whole
    assert office.log == log
    assert office.practice.dms("niamh") == []
    assert not [call for call in office.practice.calls() if call["method"] == "views.publish"]
    office.practice.assert_no_objections()


def test_the_code_is_made_when_the_form_opens_and_a_second_click_shows_the_same(office: Office) -> None:
    opened = office.slash("niamh").views[-1]
    made = unpacked(opened["private_metadata"]).receipt
    office.practice.hold()
    office.practice.submit("niamh", ANONYMOUS)
    office.practice.submit("niamh", ANONYMOUS)
    first, second = office.practice.release("as_sent")
    assert first.attempts[0].body == second.attempts[0].body
    assert digits_of(code_in(first.attempts[0].body["view"])) == made
    assert len(inbox(office)) == 1


def test_the_same_code_goes_through_more_fields_and_the_look_at_the_words(lite_office: Office) -> None:
    opened = lite_office.slash("niamh").views[-1]
    made = unpacked(opened["private_metadata"]).receipt
    lite_office.practice.press("niamh", fields.MORE)
    lite_office.practice.submit("niamh", {**ANONYMOUS, "title": "Legal always sits on reviews"})
    heard = lite_office.practice.press("niamh", "raise.use_these").views[-1]
    assert digits_of(code_in(heard)) == made


def test_two_forms_never_share_a_code(lite_office: Office) -> None:
    codes = {
        unpacked(lite_office.slash(who).views[-1]["private_metadata"]).receipt
        for who in ("niamh", "niamh", "priya")
    }
    assert len(codes) == 3


def test_an_anonymous_raise_reaches_the_stewards_with_the_batch_and_bears_no_address(office: Office) -> None:
    office.slash("niamh")
    office.practice.submit("niamh", ANONYMOUS)
    run_batch(office.sessions, office.kit, office.now, days=1)
    with office.sessions.reading() as session:
        (problem,) = session.scalars(sa.select(Problem))
    assert problem.raised_as == RaisedAs.ANONYMOUS
    assert (problem.raiser, problem.sealed_address, problem.raiser_team_id) == (None, None, None)
    assert problem.receipt_hash is not None


def test_a_newcomer_raises_anonymously_without_leaving_a_row_or_a_line(lite_office: Office) -> None:
    """Nobody vouches for newcomers, so Slack is asked who they are: that stays in memory."""
    with lite_office.sessions.begin() as session:
        for team in metadata.tables["memberships"], metadata.tables["choices"]:
            session.execute(sa.delete(team).where(team.c.person == lite_office.id("niamh")))
    log = lite_office.log
    lite_office.slash("niamh")
    assert lite_office.practice.submit("niamh", ANONYMOUS).ok
    assert lite_office.id("niamh") not in everything(lite_office)
    assert lite_office.log == log


def test_anonymous_and_with_the_name_is_refused_beside_the_tick(lite_office: Office) -> None:
    lite_office.slash("niamh")
    outcome = lite_office.practice.submit("niamh", {**ANONYMOUS, "name": ["show"]})
    assert list(outcome.errors) == ["name"]
    assert "Take the tick away" in outcome.errors["name"]
    assert inbox(lite_office) == []


def test_a_message_shortcut_may_be_anonymous(lite_office: Office) -> None:
    message = lite_office.practice.messages("niamh", "general")[0]
    lite_office.practice.message_shortcut("niamh", "raise_from_message", message)
    view = lite_office.practice.submit("niamh", {**ANONYMOUS}).views[-1]
    assert code_in(view)
    (row,) = inbox(lite_office)
    assert (row.act, "address" in row.body) == (Act.RAISE.value, False)


def test_where_slack_lost_the_answer_a_second_click_shows_the_same_code(lite_office: Office) -> None:
    opened = lite_office.slash("niamh").views[-1]
    lite_office.practice.fault("views.update", error="internal_error", times=1)
    lite_office.practice.submit("niamh", {**ANONYMOUS, "title": "Legal always sits on reviews"})
    lite_office.practice.press("niamh", "raise.as_it_is")
    lite_office.practice.close("niamh")
    heard = lite_office.practice.press("niamh", "raise.as_it_is").views[-1]
    assert digits_of(code_in(heard)) == unpacked(opened["private_metadata"]).receipt
    assert len(inbox(lite_office)) == 1


def test_while_intake_is_paused_the_stewards_sentence_stands_there_and_the_words_to_copy(
    lite_office: Office,
) -> None:
    pause(lite_office, BECAUSE)
    view = lite_office.slash("niamh", LINE).views[-1]
    assert BECAUSE in shown(view)
    assert LINE in shown(view)
    assert not [block for block in view["blocks"] if block["type"] == "input"]
    pause(lite_office, None)
    assert "Raise a problem" in json.dumps(lite_office.slash("niamh", LINE).views[-1]["title"])


@pytest.mark.parametrize("way", ["confidential", "anonymous"])
def test_a_form_that_is_open_when_intake_is_paused_stays_open_with_every_word(
    lite_office: Office, way: str
) -> None:
    lite_office.slash("niamh")
    pause(lite_office, BECAUSE)
    outcome = lite_office.practice.submit("niamh", {**FILLED, "way": way})
    assert BECAUSE in outcome.errors["title"]
    assert lite_office.practice.view("niamh")["state"]["values"]["title"]["title"]["value"] == LINE
    assert inbox(lite_office) == []


def test_words_that_were_looked_at_when_intake_is_paused_are_still_there(lite_office: Office) -> None:
    lite_office.slash("niamh")
    lite_office.practice.submit("niamh", {**FILLED, "title": "Legal always sits on reviews"})
    pause(lite_office, BECAUSE)
    notice = lite_office.practice.press("niamh", "raise.as_it_is").views[-1]
    assert BECAUSE in shown(notice)
    lite_office.practice.close("niamh")
    assert "sits on reviews" in shown(lite_office.practice.view("niamh"))
    assert inbox(lite_office) == []
