"""The stream of what changed, for the page and for tests that wait."""

import asyncio
import threading
from collections import deque
from dataclasses import dataclass

from bot.sandbox.errors import JSON


@dataclass(frozen=True)
class Change:
    """One change: `place` and `people` say who may hear of it (neither: everybody)."""

    number: int
    kind: str
    place: str | None
    people: frozenset[str] | None
    data: JSON

    def plain(self) -> JSON:
        return {"number": self.number, "kind": self.kind, "place": self.place, **self.data}


class Changes:
    """Publishes changes in the loop, and wakes threads that wait for one."""

    def __init__(self) -> None:
        self.number = 0
        self.recent: deque[Change] = deque(maxlen=1_000)
        self._queues: set[asyncio.Queue[Change]] = set()
        self.woken = threading.Condition()

    def publish(
        self, kind: str, *, place: str | None = None, people: "set[str] | None" = None, **data: object
    ) -> None:
        self.number += 1
        told = frozenset(people) if people is not None else None
        change = Change(self.number, kind, place, told, dict(data))
        self.recent.append(change)
        for queue in self._queues:
            queue.put_nowait(change)
        with self.woken:
            self.woken.notify_all()

    def subscribe(self) -> asyncio.Queue[Change]:
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Change]) -> None:
        self._queues.discard(queue)
