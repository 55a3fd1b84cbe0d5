"""Reactions are settled by what Slack says of the place, the person and the message at that time."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.outbox import Message
from bot.core.problems import tagging
from bot.core.problems.records import Confirmation, Inbox, Kind, Problem, Reaction, State, Tag
from bot.core.store import Sessions
from bot.core.teams import acts as teams
from bot.core.teams.records import Membership
from bot.jobs.deleted import Deleted
from bot.jobs.settle import LEASE, LOOKED_UP, Settler
from tests import company
from tests.jobs.conftest import Jobs, Opened
from tests.slack.conftest import Office, fill_company


def said(office: Office, who: str = "kwame", where: str = "engineering") -> dict[str, Any]:
    message = office.practice.say(who, where, "The test environment is down again.").message
    assert message is not None
    return message


def tags(office: Office) -> list[Tag]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Tag)))


def voices(office: Office) -> int:
    with office.sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Inbox)) or 0


def left(office: Office) -> int:
    """Reactions that still say which they are."""
    with office.sessions.reading() as session:
        query = sa.select(sa.func.count()).select_from(Reaction).where(Reaction.sealed.is_not(None))
        return session.scalar(query) or 0


def test_a_tag_in_an_open_channel_keeps_the_link_and_asks_the_tagger(jobs: Jobs) -> None:
    office = jobs.office
    message = said(office)
    office.practice.react("priya", message, "jigsaw")
    assert jobs.settler.run() == 1
    [tag] = tags(office)
    assert (tag.place, tag.channel, tag.message_ts) == (Kind.PUBLIC.value, message["channel"], message["ts"])
    assert tag.permalink
    assert tag.permalink.endswith("p" + message["ts"].replace(".", ""))
    assert [problem.state for problem in jobs.problems()] == [State.TAGGED.value]
    assert [row.kind for row in jobs.rows()] == ["tag_prompt"]
    assert left(office) == 0
    office.practice.assert_no_objections()


@pytest.mark.parametrize(
    ("where", "who", "place"),
    [("team-leads", "priya", Kind.PRIVATE), ("ext-northwind", "priya", Kind.SHARED)],
)
def test_of_a_closed_or_shared_place_not_even_the_link_is_kept(
    lite_jobs: Jobs, where: str, who: str, place: Kind
) -> None:
    message = said(lite_jobs.office, "amara", where)
    lite_jobs.office.practice.react(who, message, "jigsaw")
    lite_jobs.settler.run()
    [tag] = tags(lite_jobs.office)
    assert (tag.place, tag.permalink) == (place.value, None)


def test_a_place_that_slack_does_not_show_counts_as_private(lite_jobs: Jobs) -> None:
    message = said(lite_jobs.office)
    lite_jobs.office.practice.fault("conversations.info", error="channel_not_found")
    lite_jobs.office.practice.react("priya", message, "jigsaw")
    lite_jobs.settler.run()
    assert [(tag.place, tag.permalink) for tag in tags(lite_jobs.office)] == [(Kind.PRIVATE.value, None)]


def test_a_second_person_confirms_and_makes_no_second_problem(jobs: Jobs) -> None:
    office = jobs.office
    message = said(office)
    for who in ("priya", "soren", "tomasz"):
        office.practice.react(who, message, "jigsaw")
    jobs.settler.run()
    assert len(jobs.problems()) == 1
    assert voices(office) == 2
    company.run_batch(office.sessions, office.kit, office.now)
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 2


def test_the_last_one_who_takes_the_emoji_away_takes_the_tag_away(jobs: Jobs) -> None:
    message = said(jobs.office)
    jobs.office.practice.react("priya", message, "jigsaw")
    jobs.settler.run()
    jobs.later(seconds=1)
    jobs.office.practice.unreact("priya", message, "jigsaw")
    jobs.settler.run()
    assert jobs.problems() == []
    assert tags(jobs.office) == []


def test_when_the_tagger_goes_somebody_whose_emoji_stands_is_asked(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    message = said(office)
    for who in ("priya", "soren"):
        office.practice.react(who, message, "jigsaw")
        lite_jobs.settler.run()
        lite_jobs.later(seconds=1)
    office.practice.unreact("priya", message, "jigsaw")
    lite_jobs.settler.run()
    assert [problem.raiser for problem in lite_jobs.problems()] == [office.id("soren")]
    assert voices(office) == 0
    lite_jobs.sender.run()
    assert len(office.practice.ephemerals("soren")) == 1
    assert office.practice.ephemerals("priya") == []


def test_a_late_added_does_not_undo_a_removed(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    message = said(office)
    office.practice.hold()
    office.practice.react("priya", message, "jigsaw", wait=False)
    lite_jobs.later(seconds=1)
    office.practice.unreact("priya", message, "jigsaw", wait=False)
    office.practice.release("reversed")
    lite_jobs.settler.run()
    assert lite_jobs.problems() == []
    assert left(office) == 0


def test_of_several_emoji_the_last_one_counts(open_office: Opened, lite: Any) -> None:
    office = open_office(lite, emoji=("jigsaw", "wave"))
    fill_company(office)
    jobs = Jobs(office)
    message = said(office)
    office.practice.react("priya", message, "jigsaw")
    office.practice.react("priya", message, "wave")
    jobs.settler.run()
    jobs.later(seconds=1)
    office.practice.unreact("priya", message, "jigsaw")
    jobs.settler.run()
    assert len(jobs.problems()) == 1
    jobs.later(seconds=1)
    office.practice.unreact("priya", message, "wave")
    jobs.settler.run()
    assert jobs.problems() == []


@pytest.mark.parametrize(("who", "where"), [("luca", "engineering"), ("freya", "ext-northwind")])
def test_guests_and_people_of_another_organisation_tag_nothing(lite_jobs: Jobs, who: str, where: str) -> None:
    message = said(lite_jobs.office, "amara", where)
    lite_jobs.office.practice.react(who, message, "jigsaw")
    lite_jobs.settler.run()
    assert lite_jobs.problems() == []
    assert left(lite_jobs.office) == 0


def test_a_guest_tags_where_the_operator_lets_guests_in(open_office: Opened, lite: Any) -> None:
    office = open_office(lite, guests=True)
    jobs = Jobs(office)
    office.practice.react("luca", said(office), "jigsaw")
    jobs.settler.run()
    assert len(jobs.problems()) == 1


def test_a_message_that_was_deleted_since_is_forgotten(jobs: Jobs) -> None:
    message = said(jobs.office)
    jobs.office.practice.react("priya", message, "jigsaw")
    jobs.office.practice.delete("kwame", message)
    jobs.settler.run()
    assert jobs.problems() == []
    assert left(jobs.office) == 0


def test_while_slack_does_not_answer_the_reaction_waits(lite_jobs: Jobs) -> None:
    message = said(lite_jobs.office)
    lite_jobs.office.practice.react("priya", message, "jigsaw")
    lite_jobs.office.practice.fault("conversations.info", error="internal_error")
    assert lite_jobs.settler.run() == 0
    assert left(lite_jobs.office) == 1
    assert lite_jobs.settler.run() == 0  # leased: nobody looks again at once
    lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    assert lite_jobs.settler.run() == 1
    assert len(lite_jobs.problems()) == 1


def test_a_guest_s_tag_counts_for_nothing_also_where_a_list_names_the_guest(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        team = teams.team_named(session, "Checkout", function=None, randomness=office.kit.randomness)
        teams.list_members(session, team, {office.id("luca"), office.id("priya")})
    office.practice.react("luca", said(office), "jigsaw")
    lite_jobs.settler.run()
    assert (tags(office), left(office)) == ([], 0)


def test_hundreds_of_reactions_on_one_message_melt_nothing(open_office: Opened, lite: Sessions) -> None:
    office = open_office(lite, guests=True)  # otherwise people are looked up first, at Slack's pace
    lite_jobs = Jobs(office)
    message = said(office)
    order = list(range(450))
    random.Random(3).shuffle(order)
    with office.sessions.begin() as session:
        team = company.team(session, office.kit, "Everybody", [company.person(n) for n in order])
        assert team.id
        for number in order:
            tagging.note(
                session,
                channel=message["channel"],
                message_ts=message["ts"],
                person=company.person(number).person,
                emoji="jigsaw",
                event_ts=f"1794000000.{number:06d}",
                there=True,
                kit=office.kit,
                at=office.now,
            )
    settled = 0
    for _ in range(5):
        settled += lite_jobs.settler.run()
    assert settled == 450
    assert len(lite_jobs.problems()) == 1
    assert voices(office) == 449
    assert list(lite_jobs.calls("conversations.info")) == ["conversations.info"]
    assert list(lite_jobs.calls("chat.getPermalink")) == ["chat.getPermalink"]
    assert list(lite_jobs.calls("users.info")) == []


def test_people_whom_no_list_knows_are_looked_up_under_slacks_limit(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    message = said(office)
    now = [0.0]
    settler = Settler(office.bot, lite_jobs.slack, now=lambda: now[0])
    everybody = [each for each in office.practice.people() if not each["is_bot"]]
    assert everybody
    with office.sessions.begin() as session:
        session.execute(sa.delete(Membership))
        for number in range(LOOKED_UP + 20):
            tagging.note(
                session,
                channel=message["channel"],
                message_ts=message["ts"],
                person=company.person(number).person,
                emoji="jigsaw",
                event_ts=f"1794000000.{number:06d}",
                there=True,
                kit=office.kit,
                at=office.now,
            )
    settler.run()
    assert len(list(lite_jobs.calls("users.info"))) == LOOKED_UP
    assert left(office) == 20
    now[0] += 61
    lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    settler.run()
    assert left(office) == 0
    assert lite_jobs.problems() == []  # nobody there bears these ids


def test_a_tag_without_words_goes_with_its_message_and_words_stay_without_the_link(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    first, second, third = (said(office) for _ in range(3))
    for message in (first, second, third):
        office.practice.react("priya", message, "jigsaw")
    lite_jobs.settler.run()
    with office.sessions.begin() as session:
        tag = session.get(Tag, (second["channel"], second["ts"]))
        assert tag is not None
        worded = session.get(Problem, tag.problem_id)
        assert worded is not None
        worded.state, worded.title = State.NEW.value, "In words"
    office.practice.delete("kwame", first)
    office.practice.delete("kwame", second)
    assert Deleted(office.bot, lite_jobs.slack, pause=lambda _s: None).run()
    assert [tag.message_ts for tag in tags(office)] == [third["ts"]]
    assert sorted(problem.title for problem in lite_jobs.problems()) == ["", "In words"]


def test_a_round_that_slack_breaks_off_is_not_taken_for_done(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    office.practice.react("priya", said(office), "jigsaw")
    lite_jobs.settler.run()
    office.practice.fault("chat.getPermalink", error="internal_error")
    assert not Deleted(office.bot, lite_jobs.slack, pause=lambda _s: None).run()
    assert len(tags(office)) == 1


def test_nothing_is_asked_or_written_where_no_reaction_waits(lite_jobs: Jobs) -> None:
    assert lite_jobs.settler.run() == 0
    assert lite_jobs.office.practice.calls() == []
    with lite_jobs.office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
