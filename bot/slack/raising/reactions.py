"""What a reaction's event says, where it is one that the bot takes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.setting_kinds import emoji_name

_PLACE = re.compile(r"[CG][A-Z0-9]{1,30}")  # a D is a direct message with the bot itself
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_TIME = re.compile(r"\d{1,12}\.\d{1,7}")


@dataclass(frozen=True, slots=True)
class Reacted:
    """A person put one of the configured emoji on a message (`there`), or took it away."""

    person: str
    channel: str
    message_ts: str
    emoji: str
    event_ts: str
    there: bool


def read(event: Mapping[str, Any], *, emoji: Collection[str], bot_user: str) -> Reacted | None:
    """The reaction, or None where it is none of the bot's business."""
    item = event.get("item")
    if not isinstance(item, dict) or item.get("type") != "message":
        return None
    seen = Reacted(
        person=str(event.get("user") or ""),
        channel=str(item.get("channel") or ""),
        message_ts=str(item.get("ts") or ""),
        emoji=emoji_name(str(event.get("reaction") or "")),
        event_ts=str(event.get("event_ts") or ""),
        there=event.get("type") == "reaction_added",
    )
    if seen.emoji not in emoji or bot_user in (seen.person, event.get("item_user")):
        return None
    whole = (
        _PLACE.fullmatch(seen.channel)
        and _PERSON.fullmatch(seen.person)
        and _TIME.fullmatch(seen.message_ts)
        and _TIME.fullmatch(seen.event_ts)
    )
    return seen if whole else None
