"""What stands beside a workspace while somebody tries it: the bot's hours, its emoji, and its process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sandbox.errors import JSON


@dataclass(frozen=True)
class Hours:
    """When the bot does things by itself; `digest_day` is 0 for Monday."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    batch: time = time(7)
    digest_day: int = 0
    digest: time = time(9)

    def next_batch(self, now: float) -> float:
        """The next batch after `now`, both in seconds since 1970."""
        return self._next(now, self.batch, range(7))

    def next_edition(self, now: float) -> float:
        return self._next(now, self.digest, (self.digest_day,))

    def _next(self, now: float, at: time, days: Sequence[int]) -> float:
        moment = datetime.fromtimestamp(now, UTC)
        day = moment.astimezone(self.zone).date() - timedelta(days=1)
        while True:
            # Through UTC, so that a time which the clocks leave out is compared as the instant it falls on.
            due = datetime.combine(day, at, self.zone).astimezone(UTC)
            if due > moment and day.weekday() in days:
                return due.timestamp()
            day += timedelta(days=1)


class BotBeside(Protocol):
    """The bot's process, as the page sees it."""

    def plain(self) -> JSON:
        """{"state": "starting" | "running" | "died" | "stopped", "code", "log": the last lines}"""
        ...

    def restart(self) -> None:
        """End what is left of it and start it again; may take seconds."""
        ...


@dataclass
class Beside:
    hours: Hours = field(default_factory=Hours)
    emoji: tuple[str, ...] = ("jigsaw",)
    bot: BotBeside | None = None
