"""What kind of place a channel is, asked of Slack and remembered for a while in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from bot.core.problems.records import Kind
from bot.slack.client import ChannelGone, Slack
from bot.slack.turn import Bot

_KEPT_SECONDS: Final = 600.0
_MOST: Final = 5000


class Places:
    """Looks places up. A place that Slack does not show counts as private."""

    def __init__(self, bot: Bot, slack: Slack) -> None:
        self._bot = bot
        self._slack = slack
        self._seen: OrderedDict[str, tuple[Kind, float]] = OrderedDict()

    def kind(self, channel: str) -> Kind:
        """Public, private or shared; raises a `SlackTrouble` where Slack does not answer."""
        found = self._seen.get(channel)
        if found and found[1] > time.monotonic():
            return found[0]
        try:
            kind = kind_of(self._slack.place(channel))
        except ChannelGone:
            kind = Kind.PRIVATE
        self._seen[channel] = (kind, time.monotonic() + _KEPT_SECONDS)
        self._seen.move_to_end(channel)
        while len(self._seen) > _MOST:
            self._seen.popitem(last=False)
        return kind

    def read_outside(self, channel: str) -> bool:
        """Whether another organisation reads this channel, or is invited to; asked anew each time."""
        return is_shared(self._slack.place(channel))


def kind_of(told: Mapping[str, Any]) -> Kind:
    """The kind of a place from `conversations.info`; what is not said to be open is private."""
    if is_shared(told):
        return Kind.SHARED
    if told.get("is_channel") and not (
        told.get("is_private") or told.get("is_im") or told.get("is_mpim") or told.get("is_group")
    ):
        return Kind.PUBLIC
    return Kind.PRIVATE


def is_shared(told: Mapping[str, Any]) -> bool:
    """Shared with another organisation, or about to be."""
    return bool(
        told.get("is_ext_shared")
        or told.get("is_pending_ext_shared")
        or told.get("pending_shared")
        or told.get("pending_connected_team_ids")
    )
