"""The same delivery many times at once, as Slack's redeliveries and its ten threads bring it: done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.identity.people import stewards
from bot.core.identity.records import Delivery
from bot.core.problems.records import Reaction
from bot.core.store import Sessions
from tests.slack import conftest as office_room
from tests.slack.conftest import Office, fill_company

practice_server = office_room.practice_server
practice = office_room.practice
log_stream = office_room.log_stream
settings = office_room.settings
features = office_room.features
open_office = office_room.open_office
office = office_room.office

AT_ONCE = 12


def event(office: Office, ident: str, told: dict[str, Any]) -> bytes:
    body = {
        "token": "t",
        "team_id": office.bot.workspace.team,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": ident,
        "event_time": 1794000000,
        "event": told,
    }
    return json.dumps(body).encode()


def at_once(office: Office, *bodies: bytes) -> set[int]:
    """Post each body `AT_ONCE` times, all side by side; the statuses that came back."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [
            pool.submit(office.post, body, content_type="application/json")
            for _ in range(AT_ONCE)
            for body in bodies
        ]
        return {each.result().status for each in asked}


def test_one_change_of_a_group_counts_once(open_office: Callable[..., Office], sessions: Sessions) -> None:
    group = open_office(sessions).practice.group("product-ops").id
    office = open_office(sessions, stewards=(group,))
    fill_company(office)
    told = {
        "type": "subteam_members_changed",
        "subteam_id": group,
        "added_users": [office.id("wen")],
        "removed_users": [office.id("jonas")],
    }
    assert at_once(office, event(office, "Ev1", told)) == {200}
    with office.sessions.reading() as session:
        assert set(stewards(session)) == {office.id("amara"), office.id("wen")}
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1


@pytest.mark.parametrize("last", ["reaction_added", "reaction_removed"])
def test_of_many_reactions_at_once_the_newest_stands(office: Office, last: str) -> None:
    kinds = ["reaction_added", "reaction_removed"]
    item = {"type": "message", "channel": office.practice.place("engineering").id, "ts": "1794000000.000100"}
    bodies = [
        event(
            office,
            f"Ev{number}",
            {
                "type": last if number == 5 else kinds[number % 2],
                "user": office.id("priya"),
                "reaction": "jigsaw",
                "item": item,
                "event_ts": f"1794000001.00000{number}",
            },
        )
        for number in range(6)
    ]
    assert at_once(office, *bodies) == {200}
    with office.sessions.reading() as session:
        [stands] = session.scalars(sa.select(Reaction)).all()
    assert (stands.event_ts, stands.there) == ("1794000001.000005", last == "reaction_added")
