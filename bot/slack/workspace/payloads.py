"""What the workspace's own events carry, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.teams.acts import Group


@dataclass(frozen=True, slots=True)
class Change:
    """Who joined and who left a user group."""

    group: str
    joined: frozenset[str]
    left: frozenset[str]


def read_group(event: Mapping[str, Any]) -> Group | None:
    """The user group of `subteam_updated`; None where not all of its people are listed."""
    told = event.get("subteam")
    if not isinstance(told, dict) or not told.get("id"):
        return None
    group = group_of(told)
    complete = group.disabled or int(told.get("user_count") or 0) == len(group.people)
    return group if complete else None


def group_of(told: Mapping[str, Any]) -> Group:
    """A user group as `usergroups.list` and events write it."""
    return Group(
        id=str(told["id"]),
        name=str(told.get("name") or told.get("handle") or told["id"]),
        people=tuple(str(person) for person in told.get("users") or ()),
        creator=str(told["created_by"]) if told.get("created_by") else None,
        disabled=bool(told.get("date_delete")),
    )


def read_change(event: Mapping[str, Any]) -> Change | None:
    group = event.get("subteam_id")
    if not group:
        return None
    return Change(
        str(group),
        frozenset(str(person) for person in event.get("added_users") or ()),
        frozenset(str(person) for person in event.get("removed_users") or ()),
    )


def read_leaver(event: Mapping[str, Any]) -> str | None:
    """The person of `user_change` where the account was closed."""
    user = event.get("user")
    if isinstance(user, dict) and user.get("deleted") and user.get("id"):
        return str(user["id"])
    return None


def read_channel(event: Mapping[str, Any]) -> str | None:
    channel = event.get("channel")
    return str(channel) if channel else None


def revokes_the_bot(event: Mapping[str, Any]) -> bool:
    tokens = event.get("tokens")
    return isinstance(tokens, dict) and bool(tokens.get("bot"))
