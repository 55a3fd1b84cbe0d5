"""Who may speak to the bot: people of this workspace, and guests only where the operator says so."""

from __future__ import annotations

import dataclasses
import gettext
from collections.abc import Sequence
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.core.store import Sessions
from bot.core.teams.acts import list_members, team_named
from bot.slack import text as t
from bot.slack.people import Strangers
from bot.slack.raising.given import keeping
from bot.slack.raising.views import OPEN_AGAIN
from bot.slack.turn import Workspace
from bot.words import Words
from tests.slack.conftest import Office, Opened, fill_company


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help")


def posted(office: Office, place: str) -> dict[str, Any]:
    """A message of the bot's with a button in it."""
    web = WebClient(office.practice.bot_token, base_url=office.practice.api_url)
    channel = office.practice.place(place).id
    block = t.buttons(t.button("Open", OPEN_AGAIN, keeping("")))
    ts = web.chat_postMessage(channel=channel, text="Open", blocks=[block])["ts"]
    return {"channel": channel, "ts": ts}


def test_somebody_of_another_organisation_is_refused_and_sees_nothing(lite_office: Office) -> None:
    outcome = lite_office.practice.press("freya", OPEN_AGAIN, at=posted(lite_office, "ext-northwind"))
    assert outcome.ok
    assert outcome.views == []
    assert "another organisation" in outcome.ephemerals[0]["text"]


def test_people_of_the_workspace_may_press_the_same_button(lite_office: Office) -> None:
    outcome = lite_office.practice.press("priya", OPEN_AGAIN, at=posted(lite_office, "ext-northwind"))
    assert len(outcome.views) == 1


def test_guests_are_refused_kindly_unless_the_operator_lets_them(open_office: Opened, lite: Sessions) -> None:
    outcome = open_office(lite).slash("luca", "releases come late", where="engineering")
    assert outcome.views == []
    assert "Guests can't use this here" in outcome.ephemerals[0]["text"]
    assert (
        len(open_office(lite, guests=True).slash("luca", "releases come late", where="engineering").views)
        == 1
    )


def test_a_guest_in_a_team_is_refused_like_any_other(lite_office: Office) -> None:
    luca = lite_office.id("luca")
    with lite_office.sessions.begin() as session:
        team = team_named(session, "Checkout", function=None, randomness=lite_office.kit.randomness)
        list_members(session, team, {luca, lite_office.id("priya")})
    outcome = lite_office.slash("luca", "releases come late", where="engineering")
    assert outcome.views == []
    assert "Guests can't use this here" in outcome.ephemerals[0]["text"]


def test_where_guests_are_let_in_whoever_belongs_to_a_team_is_not_looked_up(
    open_office: Opened, lite: Sessions
) -> None:
    office = open_office(lite, guests=True)
    fill_company(office)
    office.slash("niamh", "help")
    assert office.practice.calls("users.info") == []


def test_a_person_reads_the_own_language_where_there_is_a_translation(
    lite_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def of(locale: str | None) -> Words:
        asked.append(locale)
        return Words.pseudo() if locale == "de-DE" else Words(gettext.NullTranslations())

    monkeypatch.setattr("bot.slack.turn.Words.of", of)
    assert (
        lite_office.slash("lena", "help").ephemerals[0]["text"].startswith("⟦")
    )  # German, from the first word
    assert not lite_office.slash("rafael", "help").ephemerals[0]["text"].startswith("⟦")
    lite_office.slash("lena", "help")
    assert asked.count("de-DE") > asked.count("pt-BR") > 0
    assert len(lite_office.practice.calls("users.info")) == 2


def test_an_unknown_person_s_language_is_the_workspace_s_and_costs_no_call(
    open_office: Opened, lite: Sessions
) -> None:
    office = open_office(lite, guests=True)
    fill_company(office)
    strangers = Strangers(office.bot)
    assert strangers.locale_of(office.id("lena")) is None
    assert office.practice.calls("users.info") == []


def test_anybody_else_is_looked_up_once_and_nothing_of_it_is_written(lite_office: Office) -> None:
    before = _dump(lite_office)
    for _ in range(3):
        assert lite_office.slash("ingrid", "help").ok
    assert len(lite_office.practice.calls("users.info")) == 1
    assert _dump(lite_office) == before


def _dump(office: Office) -> list[str]:
    raw = office.sessions.engine.raw_connection()
    try:
        return list(raw.driver_connection.iterdump())  # type: ignore[union-attr]
    finally:
        raw.close()


def test_where_slack_can_t_say_who_it_is_the_person_is_asked_to_come_again(lite_office: Office) -> None:
    lite_office.practice.fault("users.info", error="internal_error", times=1)
    said = lite_office.slash("ingrid", "help").ephemerals[0]["text"]
    assert "Slack did not answer me in time" in said
    assert "this list" in lite_office.slash("ingrid", "help").ephemerals[0]["text"]


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"user": {"id": "U1", "team_id": "T1"}}, True),
        ({"user": {"id": "U1", "team_id": "T2"}}, False),
        ({"user": {"id": "U1", "team_id": "T2"}, "enterprise": {"id": "E1"}}, True),
        ({"user": {"id": "U1", "team_id": "T2"}, "enterprise": {"id": "E2"}}, False),
        ({"user_id": "U1", "team_id": "T2", "enterprise_id": "E1"}, True),
        ({"user_id": "U1", "team_id": "T2"}, False),
        ({"user_id": "U1", "team_id": "T1"}, True),
    ],
)
def test_a_payload_says_whether_it_is_from_here(
    lite_office: Office, body: dict[str, Any], ours: bool
) -> None:
    bot = dataclasses.replace(
        lite_office.bot, workspace=Workspace(team="T1", bot_user="U0BOT", bot="B0BOT", enterprise="E1")
    )
    assert Strangers(bot)._ours(body) is ours


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"team_id": "T1"}, None),
        ({}, None),
        ({"team_id": "T1", "deleted": True}, "another organisation"),
        ({"team_id": "T1", "is_bot": True}, "another organisation"),
        ({"team_id": "T1", "is_stranger": True}, "another organisation"),
        ({"team_id": "T2"}, "another organisation"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, None),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, "another organisation"),
        ({"team_id": "T1", "is_restricted": True}, "Guests"),
        ({"team_id": "T1", "is_ultra_restricted": True}, "Guests"),
    ],
)
def test_a_person_s_profile_says_whether_they_may_take_part(
    lite_office: Office, person: dict[str, Any], reason: str | None
) -> None:
    bot = dataclasses.replace(
        lite_office.bot, workspace=Workspace(team="T1", bot_user="U0BOT", bot="B0BOT", enterprise="E1")
    )
    said = Strangers(bot)._judge(person)
    assert (said is None) == (reason is None)
    assert (reason or "") in (said or "")
