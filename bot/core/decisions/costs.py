"""Who carries what so that who gains, as one public line needs it; an edition keeps it as it was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.decisions.rules import Door, Hours


@dataclass(frozen=True, slots=True)
class Cost:
    """teams: those that pay, by name; until: the last day on which one does. gaining: how many teams gain."""

    teams: tuple[str, ...]
    hours: Hours | None
    until: dt.date | None
    gaining: int
    saved: Hours | None
    door: Door
    review_on: dt.date

    def stored(self) -> dict[str, Any]:
        """The same for a row."""
        return {
            "teams": list(self.teams),
            "hours": [self.hours.low, self.hours.high] if self.hours else None,
            "until": self.until.isoformat() if self.until else None,
            "gaining": self.gaining,
            "saved": [self.saved.low, self.saved.high] if self.saved else None,
            "door": self.door.value,
            "review_on": self.review_on.isoformat(),
        }


def read_cost(stored: Mapping[str, Any]) -> Cost:
    """What `Cost.stored` made."""
    return Cost(
        teams=tuple(stored["teams"]),
        hours=Hours(*stored["hours"]) if stored["hours"] else None,
        until=dt.date.fromisoformat(stored["until"]) if stored["until"] else None,
        gaining=stored["gaining"],
        saved=Hours(*stored["saved"]) if stored["saved"] else None,
        door=Door(stored["door"]),
        review_on=dt.date.fromisoformat(stored["review_on"]),
    )
