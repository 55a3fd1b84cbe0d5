"""Nothing of a private channel, of one that is shared with another company, or of direct messages gets out of it.

In each of them something is said, tagged and raised, and goes all the way into an edition. Then everything that anybody
outside got is searched, and all that is kept, logged and told to Slack, for the place and for what was said in it. The
same with the bot as processes of its own: `tests/journeys/test_whole_stories.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core import tables
from bot.core.problems import trackers, triage
from bot.core.problems.records import Kind, Problem, State, Tag
from bot.jobs import places
from tests.jobs import conftest as jobs_room
from tests.jobs.conftest import Jobs
from tests.slack.conftest import fill_company

lite_jobs = jobs_room.lite_jobs

TITLE, HARDSHIP = "Sign-in changes wait about six weeks", "For us this means waiting."
SAID = "The heliotrope budget is gone until March."
INSIDE = ("priya", "soren")
#: What the bot asks Slack itself about a place that it was added to.
LOOK_UPS = {"conversations.info", "chat.getPermalink", "reactions.get", "conversations.members"}


@dataclass(frozen=True)
class Told:
    """The words by which a place would be known, and everything that somebody outside, or an operator, can read."""

    secrets: list[str]
    read: list[str]


def place_of(jobs: Jobs, kind: str) -> str:
    practice = jobs.office.practice
    if kind == "direct messages":
        return practice.dm(*INSIDE)
    place = practice.create_channel(INSIDE[0], "quiet-quokka", private=True)
    practice.invite(INSIDE[0], place, INSIDE[1])
    practice.invite(INSIDE[0], place)
    if kind == "shared":
        practice.share(INSIDE[0], place, organisation="Northwind Payments")
    return place


def lived(jobs: Jobs, kind: str) -> Told:
    office, practice = jobs.office, jobs.office.practice
    fill_company(office)
    place = place_of(jobs, kind)
    message: Any = practice.say(INSIDE[0], place, SAID).message
    if kind != "direct messages":
        practice.react(INSIDE[1], message, "jigsaw")
        jobs.settler.run()
        jobs.sender.run()
    assert practice.message_shortcut(INSIDE[0], "raise_from_message", message).ok
    seen = len(practice.calls())  # the form has what he chose to raise, and is his alone
    assert practice.submit(INSIDE[0], {"title": TITLE, "hardship": HARDSHIP}).ok
    practice.close(INSIDE[0], everything=True)
    morning(jobs, days=1)
    with office.sessions.begin() as session:
        problem = session.scalars(sa.select(Problem).where(Problem.title == TITLE)).one()
        when = {"kit": office.kit, "at": office.now, "news_at": office.now}
        triage.publish(session, office.actor("amara"), problem.id, **when)
    morning(jobs, days=7)
    assert any(TITLE in each for each in jobs.posts("product-weekly")), jobs.posts("product-weekly")
    number = str(office.slash("tomasz", "list").ephemerals)
    outside = [each["id"] for each in practice.people() if each["id"] not in map(office.id, INSIDE)]
    read = [
        number,
        str(office.slash("amara", "desk").views),
        str(office.slash("tomasz", "show 1").ephemerals),
    ]
    for who in ("tomasz", "amara", "yuki"):
        practice.open_home(who)
    read += [str(practice.snapshot(each)) for each in outside if each != practice.bot.id]
    own = {office.id(each) for each in INSIDE}
    read += [
        str(call["args"])
        for number, call in enumerate(practice.calls())
        if call["method"] not in LOOK_UPS
        and not (call["method"] == "views.open" and number < seen)
        and not (call["method"] == "chat.postEphemeral" and call["args"].get("user") in own)
    ]
    read.append(str(office.log))
    with office.sessions.reading() as session:
        read += [
            str(row)
            for table in tables.metadata.sorted_tables
            if table.name != "tags"  # the place itself, to know a second emoji by
            for row in session.execute(sa.select(table))
        ]
        read += [str(link) for link in session.scalars(sa.select(Tag.permalink))]
        read.append(str(trackers.payload(session.get_one(Problem, problem.id), trackers.News.PUBLISHED, "1")))
        assert session.get_one(Problem, problem.id).state == State.OPEN.value
    digits = message["ts"].replace(".", "")
    return Told(["heliotrope", "quiet-quokka", f"/archives/{place}", f"p{digits}"], read)


def morning(jobs: Jobs, *, days: int) -> None:
    jobs.office.practice.move_clock(dt.timedelta(days=days).total_seconds())
    jobs.calendar.run()
    jobs.sender.run()


def found(told: Told) -> set[str]:
    return {secret for secret in told.secrets for each in told.read if secret in each}


@pytest.mark.parametrize("kind", ["private", "shared", "direct messages"])
def test_nothing_of_a_place_that_is_not_open_gets_out_of_it(lite_jobs: Jobs, kind: str) -> None:
    assert found(lived(lite_jobs, kind)) == set()
    # That somebody joins a channel is no event of the bot's.
    lite_jobs.office.practice.assert_no_objections("undeclared_event")


def test_a_private_channel_that_is_taken_for_an_open_one_would_be_found(
    lite_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "kind_of", lambda _told: Kind.PUBLIC)
    assert found(lived(lite_jobs, "private"))
