"""Faults by request: what shall go wrong with the next calls and deliveries."""

from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase

from bot.sandbox.errors import JSON


@dataclass
class CallFault:
    """What happens to the next `times` calls of a Web API method (a pattern such as `chat.*` is allowed).

    `error` answers with that code and `ok: false`; `status` with that HTTP status and no JSON; `retry_after` with 429;
    `delay` waits first (seconds); `drop` closes the connection without an answer, before anything was done;
    `lose_answer` does it and then closes the connection.
    """

    method: str
    times: int = 1
    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    delay: float = 0.0
    drop: bool = False
    lose_answer: bool = False
    channel: str | None = None


@dataclass
class DeliveryFault:
    """What happens to the next `times` deliveries of a kind.

    `what` is a pattern for an event's type, a command, an action_id, a callback_id, or a kind of delivery.
    `duplicate` sends that many copies more; `delay` waits first (seconds); `drop` never reaches the bot;
    `lose_ack` lets the bot do its work and counts its answer as too late; `hold` keeps it until `release`.
    """

    what: str
    times: int = 1
    duplicate: int = 0
    delay: float = 0.0
    drop: bool = False
    lose_ack: bool = False
    hold: bool = False


@dataclass
class Faults:
    calls: list[CallFault] = field(default_factory=list)
    deliveries: list[DeliveryFault] = field(default_factory=list)

    def for_call(self, method: str, channel: str | None) -> CallFault | None:
        """The fault that this call meets, counted down; None when it meets none."""
        for fault in self.calls:
            if fault.times > 0 and fnmatchcase(method, fault.method) and fault.channel in {None, channel}:
                fault.times -= 1
                return fault
        return None

    def for_delivery(self, *names: str) -> DeliveryFault | None:
        """The fault that a delivery known by these names meets, counted down."""
        for fault in self.deliveries:
            if fault.times > 0 and any(fnmatchcase(name, fault.what) for name in names):
                fault.times -= 1
                return fault
        return None

    def waiting(self) -> list[JSON]:
        """The faults that have not all happened yet."""
        everything: list[CallFault | DeliveryFault] = [*self.calls, *self.deliveries]
        return [asdict(fault) for fault in everything if fault.times > 0]

    def clear(self) -> None:
        self.calls.clear()
        self.deliveries.clear()
