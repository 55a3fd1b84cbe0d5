"""One limit on wrong codes for the whole workspace, in memory: nobody is counted by name."""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from collections.abc import Callable

from bot.core.refusal import Refusal

#: Wrong codes within `WITHIN` that are let through; after that everybody waits until the oldest is past.
MOST = 20
WITHIN = dt.timedelta(hours=1)


class GuessLimit:
    """Counts wrong codes; the clock is passed in. One object a process."""

    def __init__(self, clock: Callable[[], dt.datetime], *, most: int = MOST) -> None:
        self._clock = clock
        self._wrong: deque[dt.datetime] = deque(maxlen=most)
        self._lock = threading.Lock()

    def may_try(self) -> None:
        """Refuse while too many wrong codes were typed, by anybody and whatever the code."""
        with self._lock:
            full = len(self._wrong) == self._wrong.maxlen
            if full and self._clock() - self._wrong[0] < WITHIN:
                raise Refusal(
                    "Too many wrong codes were typed here within an hour, so nobody's code is taken for now. "
                    "Yours stays good: please try again in an hour."
                )

    def wrong(self) -> None:
        """Note a wrong code."""
        with self._lock:
            self._wrong.append(self._clock())
