"""What the workspace tells of itself, by event and once a day: each delivery counts once, whatever the order."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from bot.core.identity.people import stewards
from bot.core.identity.records import Delivery
from bot.core.outbox import Message
from bot.core.problems import tagging
from bot.core.problems.records import Kind, Tag
from bot.core.store import Sessions
from bot.core.teams import acts, queries
from bot.core.teams.acts import Group
from bot.core.teams.records import Membership, Source, Team
from bot.jobs import checkup
from bot.jobs.team_sync import sync, user_groups
from tests.jobs.conftest import Jobs, Opened
from tests.slack.conftest import Office


def marked(office: Office, handle: str) -> str:
    """Make a user group a team; its id."""
    group = office.practice.group(handle)
    with office.sessions.begin() as session:
        acts.mark_group(
            session,
            Group(group.id, group.name, tuple(group.members)),
            function="Engineering",
            randomness=office.kit.randomness,
        )
    return group.id


def people_of(office: Office, group: str) -> set[str]:
    with office.sessions.reading() as session:
        return set(
            session.scalars(
                sa.select(Membership.person)
                .join(Team, Team.id == Membership.team_id)
                .where(Team.group == group, Membership.source == Source.GROUP.value)
            )
        )


def test_who_joins_and_leaves_a_marked_group_joins_and_leaves_the_team(jobs: Jobs) -> None:
    office = jobs.office
    group = marked(office, "checkout")
    office.practice.change_group("amara", "checkout", add=["ingrid"], remove=["priya"])
    assert people_of(office, group) == set(office.practice.group("checkout").members)
    assert office.id("ingrid") in people_of(office, group)
    assert office.practice.failed_deliveries() == []


def test_the_same_delivery_twice_counts_once(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    group = marked(office, "checkout")
    office.practice.delivery_fault("subteam_members_changed", duplicate=2)
    office.practice.change_group("amara", "checkout", add=["ingrid"])
    with office.sessions.begin() as session:
        acts.members_changed(session, group, joined=(), left=[office.id("ingrid")])
    office.practice.settle()
    delivery = next(each for each in office.practice.deliveries() if each.what == "subteam_members_changed")
    assert len(delivery.attempts) == 3
    assert office.id("ingrid") not in people_of(office, group)


def test_a_new_name_and_a_group_that_is_switched_off_are_followed(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    group = marked(office, "checkout")
    office.practice.rename_group("amara", "checkout", "Basket")
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(Team.name).where(Team.group == group)) == "Basket"
    office.practice.disable_group("amara", "checkout")
    assert people_of(office, group) == set()
    with office.sessions.reading() as session:
        assert queries.by_name(session, "Basket") not in queries.teams(session)


def test_a_group_that_nobody_marked_is_no_team(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    office.practice.create_group("amara", "new-ones", "New ones", ["priya"])
    with office.sessions.reading() as session:
        assert queries.by_name(session, "New ones") is None
    assert office.practice.failed_deliveries() == []


def test_the_daily_round_takes_what_events_have_missed(jobs: Jobs) -> None:
    office = jobs.office
    group = marked(office, "checkout")
    office.practice.hold()
    office.practice.change_group("amara", "checkout", add=["ingrid"], remove=["priya"])
    assert office.id("priya") in people_of(office, group)
    assert sync(office.bot, jobs.slack)
    assert people_of(office, group) == set(office.practice.group("checkout").members)
    assert list(jobs.calls("usergroups.list", "usergroups.users.list")) == ["usergroups.list"]
    office.practice.release("as_sent")
    office.settle()
    assert people_of(office, group) == set(office.practice.group("checkout").members), (
        "late news changes nothing"
    )


def test_without_marked_groups_slack_is_not_asked(lite_jobs: Jobs) -> None:
    assert sync(lite_jobs.office.bot, lite_jobs.slack)
    assert lite_jobs.office.practice.calls() == []


def test_a_free_plan_gets_kind_words_and_keeps_what_it_has(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    group = marked(office, "checkout")
    office.practice.fault("usergroups.list", error="plan_upgrade_required")
    with structlog.testing.capture_logs() as said:
        assert sync(office.bot, lite_jobs.slack)
    assert [line["event"] for line in said] == ["teams can't follow user groups"]
    assert len(people_of(office, group)) == 8


def test_while_slack_does_not_answer_the_round_is_not_done(lite_jobs: Jobs) -> None:
    marked(lite_jobs.office, "checkout")
    lite_jobs.office.practice.fault("usergroups.list", error="internal_error")
    assert not sync(lite_jobs.office.bot, lite_jobs.slack)


def test_stewards_follow_their_user_group_at_once(open_office: Opened, lite: Sessions) -> None:
    bare = open_office(lite)
    group = bare.practice.group("product-ops").id
    office = open_office(lite, stewards=(group,))
    jobs = Jobs(office)
    assert sync(office.bot, jobs.slack)
    with lite.reading() as session:
        assert set(stewards(session)) == set(office.practice.group("product-ops").members)
    office.practice.change_group("amara", "product-ops", add=["jonas"], remove=["wen"])
    with lite.reading() as session:
        now = set(stewards(session))
    assert now == set(office.practice.group("product-ops").members)
    assert office.id("jonas") in now


def test_the_configured_stewards_are_appointed(open_office: Opened, lite: Sessions) -> None:
    office = open_office(lite)
    sync(office.bot, Jobs(office).slack)
    with lite.reading() as session:
        assert set(stewards(session)) == {each.id for each in office.practice.stewards}


def test_whoever_leaves_the_company_counts_for_no_team_any_more(jobs: Jobs) -> None:
    office = jobs.office
    office.practice.deactivate("priya")
    with office.sessions.reading() as session:
        assert queries.team_of(session, office.id("priya")) is None
        assert queries.team_of(session, office.id("tomasz")) is not None


def test_a_changed_profile_writes_nothing(lite_jobs: Jobs) -> None:
    lite_jobs.office.practice.change_profile("priya", title="Something else")
    with lite_jobs.office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0
    assert lite_jobs.office.practice.failed_deliveries() == []


def tagged(office: Office, where: str) -> None:
    with office.sessions.begin() as session:
        tagging.tag(
            session,
            office.actor("priya"),
            channel=office.practice.place(where).id,
            message_ts="1794000000.000100",
            place=Kind.PUBLIC,
            permalink="https://harbour-lane.slack.com/archives/C1/p1794000000000100",
            kit=office.kit,
            at=office.now,
        )


def test_of_a_channel_that_is_shared_no_link_is_kept(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    tagged(office, "engineering")
    office.practice.share("amara", "engineering")
    with office.sessions.reading() as session:
        [tag] = session.scalars(sa.select(Tag)).all()
    assert (tag.place, tag.permalink) == (Kind.SHARED.value, None)


def test_a_channels_new_id_is_followed(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    tagged(office, "team-leads")
    office.practice.change_channel_id("amara", "team-leads")
    with office.sessions.reading() as session:
        assert [tag.channel for tag in session.scalars(sa.select(Tag))] == [
            office.practice.place("team-leads").id
        ]


def test_an_edition_goes_to_the_new_id_of_its_channel_and_doctor_names_it(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    lite_jobs.calendar.run()
    old = office.practice.place("product-weekly").id
    office.practice.change_channel_id("amara", "product-weekly")
    new = office.practice.place("product-weekly").id
    assert old == office.bot.settings.digest_channel != new
    assert "the digest channel has a new id" in office._log.getvalue()
    lite_jobs.later(days=5)
    lite_jobs.calendar.run()
    with office.sessions.begin() as session:
        # As a sender sees it that has read the row just before the move.
        session.execute(sa.update(Message).where(Message.kind == "edition").values(channel=old))
    lite_jobs.sender.run()
    assert len(lite_jobs.posts("product-weekly")) == 1
    found = list(checkup._channel(office.bot.settings, office.sessions, lite_jobs.slack))
    assert [one.level for one in found] == [checkup.Level.WARNING, checkup.Level.GOOD]
    assert f"GROUNDSWELL_DIGEST_CHANNEL={new}" in found[0].mend


def test_a_moved_digest_channel_that_is_shared_is_told_of(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    office.practice.change_channel_id("amara", "product-weekly")
    office.practice.share("amara", "product-weekly")
    assert "the digest channel is shared with another organisation now" in office._log.getvalue()


def test_the_apps_own_end_is_taken_in_any_order(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    token = office.practice.world.tokens.bot
    try:
        for first in (True, False):
            office.practice.world.tokens.bot = token
            office.practice.uninstall(uninstalled_first=first)
        assert office.practice.failed_deliveries() == []
    finally:
        office.practice.world.tokens.bot = token
        office.practice.world.tokens.past.clear()
        office.practice.world.installed = True


def test_groups_are_listed_by_one_call_with_their_people(lite_jobs: Jobs) -> None:
    found = {group.name: group for group in user_groups(lite_jobs.slack)}
    assert len(found["Checkout"].people) == 8
    assert list(lite_jobs.calls("usergroups.list", "usergroups.users.list")) == ["usergroups.list"]
