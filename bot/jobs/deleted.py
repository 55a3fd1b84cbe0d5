"""Finds tagged messages that were deleted since: no event tells, so each is asked for once a day."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bot.core.problems import places
from bot.slack.client import MessageGone, Refused, Slack, SlackTrouble
from bot.slack.turn import Bot

_PAGE = 100
#: Seconds between two look-ups.
_PAUSE = 0.5


class Deleted:
    """One round over all tagged messages."""

    def __init__(
        self,
        bot: Bot,
        slack: Slack,
        *,
        stopping: threading.Event | None = None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._bot = bot
        self._slack = slack
        self._stopping = stopping or threading.Event()
        self._pause = pause or self._stopping.wait

    def run(self) -> bool:
        """Ask for every tagged message; False where Slack or a stop broke the round off."""
        last: tuple[str, str] | None = None
        while True:
            with self._bot.sessions.reading() as session:
                page = places.tags_after(session, last, most=_PAGE)
            if not page:
                return True
            for channel, ts in page:
                if self._stopping.is_set() or not self._look(channel, ts):
                    return False
                self._pause(_PAUSE)
            last = page[-1]

    def _look(self, channel: str, ts: str) -> bool:
        try:
            self._slack.permalink(channel, ts)
        except MessageGone:
            with self._bot.sessions.begin(patient=True) as session:
                places.message_gone(session, channel, ts)
        except Refused:
            return True  # out of the bot's sight, and so not known to be gone
        except SlackTrouble:
            return False
        return True
