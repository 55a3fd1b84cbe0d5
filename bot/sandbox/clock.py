"""The workspace's clock, which can be moved, and the timestamps made from it."""

import asyncio
import time
from datetime import datetime
from pathlib import Path


class PracticeClock:
    """Real time plus an offset in seconds, or a time that stands still until it is moved (`frozen`)."""

    def __init__(self, *, starts_at: datetime | None, frozen: bool, file: Path) -> None:
        self._standing = time.time() if frozen else None
        self.offset = 0.0
        if starts_at is not None:
            self.offset = starts_at.timestamp() - time.time()
            if frozen:
                self._standing, self.offset = starts_at.timestamp(), 0.0
        self.file = file
        self._moved = asyncio.Event()
        self._moved_by = 0.0
        self._last = (0, 0)
        self._given: set[str] = set()
        self._write()

    def now(self) -> float:
        """Seconds since 1970 as this workspace sees it."""
        return (time.time() if self._standing is None else self._standing) + self.offset

    def running(self) -> float:
        """Seconds that only count up, moves included: what rate limits refill by."""
        return time.monotonic() + max(self._moved_by, 0.0)

    def move(self, seconds: float) -> None:
        self.offset += seconds
        self._moved_by += seconds
        if seconds < 0:
            self._last = (0, 0)
        self._write()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def ts(self) -> str:
        """A message timestamp that no message has yet, later than the one before unless time was moved back."""
        second, micro = self._last
        now = int(self.now())
        second, micro = (now, 100) if now > second else (second, micro + 100)
        while (made := f"{second}.{micro:06d}") in self._given or micro >= 1_000_000:
            second, micro = (second + 1, 100) if micro >= 1_000_000 else (second, micro + 100)
        self._last = (second, micro)
        self._given.add(made)
        return made

    async def reach(self, at: float) -> None:
        """Wait until the workspace's time is `at`, which a move can bring about at once."""
        while (left := at - self.now()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), None if self._standing is not None else left)
            except TimeoutError:
                continue

    def _write(self) -> None:
        offset = self.now() - time.time() if self._standing is not None else self.offset
        beside = self.file.with_suffix(".new")
        beside.write_text(f"{offset:.6f}\n", encoding="ascii")
        beside.replace(self.file)
