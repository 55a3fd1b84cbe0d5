"""Keeps Slack's manners: one message a second in a channel, 200 a minute over all, look-ups under their limits."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

A_CHANNEL, OVER_ALL = 1.0, 60 / 200
_KEPT = 5000


class Pace:
    """Says how long to wait before the next message to a place; remembers in memory alone."""

    def __init__(
        self,
        *,
        a_place: float = A_CHANNEL,
        over_all: float = OVER_ALL,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`a_place`, `over_all`: seconds between two messages to one place, and between any two."""
        self._a_place = a_place
        self._over_all = over_all
        self._now = now
        self._next = 0.0
        self._of_place: OrderedDict[str, float] = OrderedDict()

    def wait(self, place: str) -> float:
        """Seconds until this place may be written to; 0 where it may be now."""
        return max(0.0, self._next - self._now(), self._of_place.get(place, 0.0) - self._now())

    def spent(self, place: str) -> None:
        """A message goes to this place now."""
        now = self._now()
        self._next = now + self._over_all
        self._of_place[place] = now + self._a_place
        self._forget()

    def blocked(self, place: str, seconds: float) -> None:
        """Slack said when to come back to this place."""
        self._of_place[place] = self._now() + seconds
        self._forget()

    def _forget(self) -> None:
        while len(self._of_place) > _KEPT:
            self._of_place.popitem(last=False)


class Allowance:
    """At most so many calls in a minute, in a burst or spread."""

    def __init__(self, a_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._now = now
        self._spent: deque[float] = deque()

    def wait(self) -> float:
        """Seconds until one more call is allowed; 0 where it is now."""
        now = self._now()
        while self._spent and self._spent[0] <= now - 60:
            self._spent.popleft()
        return 0.0 if len(self._spent) < self._most else self._spent[0] + 60 - now

    def take(self) -> bool:
        """Count one more call where it is allowed now."""
        if self.wait() > 0:
            return False
        self._spent.append(self._now())
        return True
