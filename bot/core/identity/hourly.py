"""What happens within an hour, counted in memory alone, under a key that is thrown away with the hour."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Hourly:
    """Counts different people (or clicks) for something within a clock hour. One object a process.

    Neither is kept in clear: with the hour its random key and all counts are gone, and nobody can ask for them.
    """

    def __init__(self, clock: Callable[[], dt.datetime], fresh: Callable[[], bytes] | None = None) -> None:
        """`fresh` gives each hour's key."""
        self._clock = clock
        self._fresh = fresh or (lambda: secrets.token_bytes(32))
        self._hour: dt.datetime | None = None
        self._key = b""
        self._seen: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Hourly()"

    def add(self, what: str, who: str) -> int:
        """Count somebody, once; how many there are by now."""
        with self._now():
            found = self._seen[self._mark(what)]
            found.add(self._mark(f"{what}\x1f{who}"))
            return len(found)

    def take_back(self, what: str, who: str) -> None:
        """Somebody has taken it back."""
        with self._now():
            self._seen[self._mark(what)].discard(self._mark(f"{what}\x1f{who}"))

    def count(self, what: str) -> int:
        with self._now():
            return len(self._seen[self._mark(what)])

    @contextmanager
    def _now(self) -> Iterator[None]:
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            if hour != self._hour:
                self._hour, self._key = hour, self._fresh()
                self._seen.clear()
            yield

    def _mark(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), "sha256")
