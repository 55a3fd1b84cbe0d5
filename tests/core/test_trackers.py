"""Links to other tools, and what those tools are told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.core.editions.corrections import take_down
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import handing, trackers
from bot.core.problems.records import Problem
from bot.core.problems.tracker_rules import item_of, link_of
from bot.core.problems.trackers import News
from bot.core.store import Sessions
from bot.core.teams.acts import name_contact
from tests.company import AMARA, RAISER, STRANGER, appoint, person, published, raised, refused, team

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "webhook.schema.json").read_text(encoding="utf-8"))
GITHUB = "https://github.com/acme/web/issues/12"


@pytest.mark.parametrize(
    ("link", "item"),
    [
        (GITHUB, "GitHub acme/web#12"),
        ("https://github.com/acme/web/pull/3/", "GitHub acme/web#3"),
        ("https://linear.app/acme/issue/ENG-42/one-list", "Linear ENG-42"),
        ("https://acme.atlassian.net/browse/OPS-7", "Jira OPS-7"),
        ("https://jira.acme.example/jira/browse/ops-7", "Jira OPS-7"),
        ("https://dev.azure.com/acme/Web/_workitems/edit/99", "Azure DevOps 99"),
        ("https://acme.visualstudio.com/Web/_workitems/edit/99/", "Azure DevOps 99"),
        ("https://tool.example/x?y=1&z=2", "tool.example"),
        # Another host that only looks like one of these.
        ("https://github.com.evil.example/acme/web/issues/12", "github.com.evil.example"),
        ("https://evildev.azure.com/acme/_workitems/edit/1", "evildev.azure.com"),
    ],
)
def test_a_link_is_known_by_its_host_and_path(link: str, item: str) -> None:
    assert item_of(link_of(f" {link} ")) == item


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "http://github.com/a/b/issues/1",
            "javascript:alert(1)",
            "https://",
            "https://host",
            "github.com/a/b",
        ),
        *(
            "https://me:secret@tool.example/",
            "https://tool.example/a b",
            "https://tool.example/|x",
            "https://t.example/>",
        ),
        *(f"https://tool.example/{'x' * 500}", "https://tool.example:99999/", "https://tööl.example/"),
    ],
)
def test_what_is_no_link_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        link_of(typed)


@given(st.text(max_size=60))
def test_a_kept_link_can_not_break_out_of_a_message(typed: str) -> None:
    try:
        link = link_of(f"https://tool.example/{typed}")
    except ValueError:
        return
    assert not set("<>|`\n ") & set(link)


def test_stewards_link_and_unlink_published_problems_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident, unread = published(session, kit, at).id, raised(session, kit, at, title="Not public").id
    when = {"kit": kit, "at": at}
    assert refused(sessions, trackers.link, STRANGER, ident, GITHUB, **when)
    assert refused(sessions, trackers.link, AMARA, unread, GITHUB, **when)
    assert "https://" in refused(sessions, trackers.link, AMARA, ident, "nothing", **when)
    with sessions.begin() as session:
        for _ in range(2):
            trackers.link(session, AMARA, ident, GITHUB, **when)
        ((link, _, item),) = trackers.links_of(session, session.get_one(Problem, ident))
        assert item == "GitHub acme/web#12"
        trackers.unlink(session, AMARA, ident, link, **when)
        assert trackers.links_of(session, session.get_one(Problem, ident)) == []


def rows(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        found = session.scalars(sa.select(Message).where(Message.kind == trackers.WEBHOOK))
        return sorted(str(each.about["news"]) for each in found)


def test_a_tool_hears_once_of_what_is_published_and_once_of_what_is_handed_over(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        raised(session, kit, at, title="Not public")
        published(session, kit, at - dt.timedelta(weeks=3), title="Long ago")
        identity = team(session, kit, "Identity", [person(number) for number in range(6)]).id
        name_contact(session, AMARA, team=identity, contact=person(1).person)
    for _ in range(2):
        with sessions.begin() as session:
            trackers.announce(session, kit=kit, at=at)
    assert rows(sessions) == ["published"]
    with sessions.begin() as session:
        today = at.date()
        due = today + dt.timedelta(days=7)
        when = {"due_on": due, "today": today, "kit": kit, "at": at, "news_at": at}
        handing.hand(session, AMARA, ident, identity, "Please look.", **when)
    for _ in range(2):
        with sessions.begin() as session:
            trackers.announce(session, kit=kit, at=at)
    assert rows(sessions) == ["handed_over", "published"]


def test_what_is_sent_is_of_the_documented_form_and_names_nobody(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        problem = published(session, kit, at)
        ident = problem.id
        said = trackers.payload(problem, News.PUBLISHED, "7")
        assert trackers.payload(raised(session, kit, at, title="Not public"), News.PUBLISHED, "7") is None
    Draft202012Validator(SCHEMA).validate(said)
    assert all(actor.person not in json.dumps(said) for actor in (RAISER, AMARA, Actor("U0JONAS")))
    assert str(ident) not in json.dumps(said)
    with sessions.begin() as session:
        take_down(session, AMARA, ident, "It named somebody.", kit=kit, at=at)
        assert trackers.payload(session.get_one(Problem, ident), News.PUBLISHED, "7") is None
