"""What the workspace tells of itself: user groups, people who leave, places that are shared, the app's own end."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

from bot.core.editions.moving import channel_moved, channel_now
from bot.core.forgetting import forget_everywhere
from bot.core.identity import people
from bot.core.problems import places
from bot.core.teams import acts as teams
from bot.slack.turn import Answer, Listeners, Turn
from bot.slack.workspace import payloads

log = structlog.get_logger(__name__)


def register(listeners: Listeners) -> None:
    listeners.event("subteam_created", group_created)
    listeners.event("subteam_updated", group_updated)
    listeners.event("subteam_members_changed", group_members_changed)
    listeners.event("user_change", person_changed)
    listeners.event("channel_shared", channel_shared)
    listeners.event("channel_id_changed", channel_id_changed)
    listeners.event("tokens_revoked", tokens_revoked)
    listeners.event("app_uninstalled", uninstalled)


def group_created(_turn: Turn) -> Answer:
    """A new user group is no team before somebody marks it as one."""
    return None


def group_updated(turn: Turn) -> Answer:
    group = payloads.read_group(turn.event)
    if group is None:
        return None  # the list was cut at 500 people: the daily resync and the changes tell the rest
    with turn.bot.sessions.begin() as session:
        if _first(session, turn):
            teams.keep_in_step(session, group)
    return None


def group_members_changed(turn: Turn) -> Answer:
    change = payloads.read_change(turn.event)
    if change is None:
        return None
    with turn.bot.sessions.begin() as session:
        if not _first(session, turn):
            return None
        teams.members_changed(session, change.group, joined=change.joined, left=change.left)
        if change.group == turn.bot.settings.steward_group:
            now = set(people.stewards(session))
            people.set_stewards(session, (now | change.joined) - change.left)
    return None


def person_changed(turn: Turn) -> Answer:
    """Sent for every change of a profile: only somebody's leaving is written."""
    person = payloads.read_leaver(turn.event)
    if person is None:
        return None
    with turn.bot.sessions.begin() as session:
        if _first(session, turn):
            forget_everywhere(session, people.actor(session, person), kit=turn.bot.kit, left=True)
    return None


def channel_shared(turn: Turn) -> Answer:
    channel = payloads.read_channel(turn.event)
    with turn.bot.sessions.begin() as session:
        if channel and _first(session, turn):
            places.shared(session, channel)
        digest = _digest(session, turn)
    if channel and channel == digest:
        log.error(
            "the digest channel is shared with another organisation now: no edition is posted there. "
            "Name another channel in GROUNDSWELL_DIGEST_CHANNEL."
        )
    return None


def channel_id_changed(turn: Turn) -> Answer:
    old, new = str(turn.event.get("old_channel_id") or ""), str(turn.event.get("new_channel_id") or "")
    if not old or not new:
        return None
    with turn.bot.sessions.begin() as session:
        if _first(session, turn):
            channel_moved(session, old, new)
        digest = _digest(session, turn)
    if new == digest != turn.bot.settings.digest_channel:
        log.warning(
            "the digest channel has a new id, and editions go there: name it in GROUNDSWELL_DIGEST_CHANNEL "
            "all the same; doctor says which."
        )
    return None


def tokens_revoked(turn: Turn) -> Answer:
    """May come before or after `app_uninstalled`, and also when an old token alone was revoked."""
    if payloads.revokes_the_bot(turn.event):
        log.error("Slack has revoked the bot's token: install the app again and set SLACK_BOT_TOKEN.")
    return None


def uninstalled(_turn: Turn) -> Answer:
    log.error("the app was uninstalled: nothing is sent any more. What is stored stays until you delete it.")
    return None


def _digest(session: Session, turn: Turn) -> str | None:
    """The id that the configured channel of editions bears now."""
    named = turn.bot.settings.digest_channel
    return channel_now(session, named) if named else None


def _first(session: Session, turn: Turn) -> bool:
    """Whether this delivery is handled now for the first time."""
    mark = turn.bot.kit.sealing.mark_of("event", str(turn.body.get("event_id", "")))
    return people.first_time(session, mark, on=turn.at.date())
