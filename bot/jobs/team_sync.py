"""Keeps teams and stewards in step with user groups: one call a day, and events in between."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from bot.core.identity.people import set_stewards, stewards
from bot.core.teams import acts
from bot.core.teams.acts import Group
from bot.core.teams.records import Team
from bot.slack.client import MissingScope, NotOnThisPlan, Refused, Slack, SlackTrouble
from bot.slack.turn import Bot
from bot.slack.workspace.payloads import group_of

log = structlog.get_logger(__name__)

#: What to do where user groups can't be read; for the log and the command.
NO_GROUPS = (
    "This workspace's plan has no user groups. Import your teams from a file instead: "
    "`groundswell teams import FILE` (team,function,member)."
)
NO_SCOPE = (
    "The scope usergroups:read was not granted, so teams can't follow user groups. Grant it and install the app "
    "again, or import your teams from a file: `groundswell teams import FILE`."
)


def user_groups(slack: Slack) -> list[Group]:
    """All user groups with their people, by one call; raises a `SlackTrouble`."""
    return [group_of(told) for told in slack.user_groups()]


def sync(bot: Bot, slack: Slack) -> bool:
    """Take over every marked group and the stewards' group as they are now; False where Slack did not answer."""
    if not _needs_groups(bot):
        _appoint(bot, set(bot.settings.steward_ids))
        return True
    try:
        groups = user_groups(slack)
    except (NotOnThisPlan, MissingScope, Refused) as refused:
        # What to do about it stands where an operator looks: in `doctor` and in `teams groups`.
        log.warning("teams can't follow user groups", method=refused.method, code=refused.code)
        _appoint(bot, set(bot.settings.steward_ids))
        return True
    except SlackTrouble:
        return False
    with bot.sessions.begin(patient=True) as session:
        for group in groups:
            acts.keep_in_step(session, group)
    _appoint(bot, set(bot.settings.steward_ids) | _stewards_of(bot, groups))
    return True


def _needs_groups(bot: Bot) -> bool:
    with bot.sessions.reading() as session:
        marked = session.scalar(sa.select(sa.exists().where(Team.group.is_not(None))))
    return bool(marked or bot.settings.steward_group)


def _stewards_of(bot: Bot, groups: list[Group]) -> set[str]:
    return {
        person
        for group in groups
        if group.id == bot.settings.steward_group and not group.disabled
        for person in group.people
    }


def _appoint(bot: Bot, people: set[str]) -> None:
    """Make these people the stewards; where nobody is known, those who were stay."""
    with bot.sessions.reading() as session:
        unchanged = set(stewards(session)) == people
    if people and not unchanged:
        with bot.sessions.begin(patient=True) as session:
            set_stewards(session, people)
