"""What people see and what went over the wire, from a test's side."""

import time
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox import reading
from bot.sandbox.errors import JSON
from bot.sandbox.journal import Delivery
from bot.sandbox.running import Running
from bot.sandbox.state import Group, Person, Place

T = TypeVar("T")


class Watching(Running):
    """Readings; `who` is an id, handle, name or e-mail."""

    def person(self, who: str) -> Person:
        return self._read(lambda world: world.state.find_person(who))

    def place(self, where: str) -> Place:
        return self._read(lambda world: world.state.find_place(where))

    def group(self, which: str) -> Group:
        return self._read(lambda world: world.state.find_group(which))

    @property
    def bot(self) -> Person:
        return self.world.state.bot

    @property
    def stewards(self) -> list[Person]:
        return self._read(lambda world: [one for one in world.state.people.values() if one.steward])

    def members(self, team: str) -> list[Person]:
        """The people of a user group, in its order."""
        return self._read(
            lambda world: [world.state.people[one] for one in world.state.find_group(team).members]
        )

    # What people see

    def messages(self, who: str, where: str) -> list[JSON]:
        return self._read(reading.messages, who, where)

    def replies(self, who: str, at: JSON) -> list[JSON]:
        return self._read(reading.replies, who, at["channel"], at["ts"])

    def ephemerals(self, who: str) -> list[JSON]:
        return self._read(reading.ephemerals, who)

    def dms(self, who: str) -> list[JSON]:
        return self._read(reading.dms, who)

    def views(self, who: str) -> list[JSON]:
        return self._read(reading.views, who)

    def view(self, who: str) -> JSON:
        """The top form of a person; AssertionError when none is open."""
        stack = self.views(who)
        if not stack:
            raise AssertionError(f"{who} has no form open")
        return stack[-1]

    def home(self, who: str) -> JSON | None:
        return self._read(reading.home, who)

    def places(self, who: str) -> list[JSON]:
        return self._read(reading.places, who)

    def people(self) -> list[JSON]:
        return self._read(reading.people)

    def groups(self) -> list[JSON]:
        return self._read(reading.groups)

    def snapshot(self, who: str) -> JSON:
        return self._read(reading.snapshot, who)

    def files(self) -> list[JSON]:
        return self._read(reading.files)

    def file_bytes(self, file_id: str) -> bytes:
        return self._read(lambda world: world.state.files[file_id].content or b"")

    # The wire

    def calls(self, method: str | None = None) -> list[JSON]:
        return self._read(reading.calls, method)

    def deliveries(self) -> list[Delivery]:
        return self._read(lambda world: list(world.journal.deliveries))

    def failed_deliveries(self) -> list[Delivery]:
        """Deliveries that the bot has not acknowledged in any try so far."""
        return [one for one in self.deliveries() if one.attempts and not one.ok]

    def objections(self, kind: str | None = None) -> list[str]:
        """What Slack would have stopped the bot with, as sentences (see journal.ObjectionKind)."""
        return [one["text"] for one in self._read(reading.objections, kind)]

    def unknown_methods(self) -> list[str]:
        return self.objections("unknown_method")

    def assert_no_objections(self, *but: str) -> None:
        """Fail, listing them, when there are objections of kinds other than `but`."""
        left = [one for one in self._read(reading.objections) if one["kind"] not in but]
        if left:
            raise AssertionError(
                "the practice workspace objects: " + "; ".join(f"{o['kind']}: {o['text']}" for o in left)
            )

    def connections(self) -> int:
        return self._read(lambda world: len([link for link in world.sockets.links if link.open]))

    def wait_until(self, true: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait for something to become true, asked again at each change; AssertionError after `timeout` s."""
        end = time.monotonic() + timeout
        changes = self.world.changes
        while True:
            number = changes.number
            found = true()
            if found:
                return found
            with changes.woken:
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not true within {timeout:g} s: {true}")
                if changes.number == number:
                    changes.woken.wait(left)

    def wait_connected(self, sockets: int = 1, timeout: float = 10.0) -> None:
        """Wait until the bot holds that many open Socket Mode connections."""
        self.wait_until(lambda: self.connections() >= sockets, timeout)
