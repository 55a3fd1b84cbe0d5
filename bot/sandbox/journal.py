"""What happened on the wire: calls of the bot, deliveries to it, and what the workspace objects to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.errors import JSON

ObjectionKind = Literal[
    "unknown_method",
    "forbidden_method",
    "missing_scope",
    "undeclared_command",
    "undeclared_event",
    "undeclared_shortcut",
    "undeclared_setting",
    "late_ack",
    "failed_delivery",
    "bad_answer",
    "rate_limited",
]


@dataclass(frozen=True)
class Objection:
    """Something a real Slack would have stopped the bot with, in a sentence that says what to mend."""

    kind: ObjectionKind
    text: str


@dataclass
class ApiCall:
    """One Web API call: `by` is "bot", "app" or "nobody"; `response` is None when the connection was dropped."""

    number: int
    at: float
    method: str
    args: JSON
    by: str
    status: int
    response: JSON | None


@dataclass
class Attempt:
    """One try to deliver: `status` 200 and no `error` means acknowledged in time; `elapsed` in seconds."""

    number: int
    status: int
    body: JSON
    elapsed: float
    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and 200 <= self.status < 300


@dataclass
class Delivery:
    """Something sent to the bot: `kind` is events_api, slash_commands or interactive; `what` names it."""

    number: int
    kind: str
    what: str
    payload: JSON
    at: float
    attempts: list[Attempt] = field(default_factory=list)
    held: bool = False
    on_answer: Callable[[Attempt], None] | None = None
    first: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def ok(self) -> bool:
        return any(attempt.ok for attempt in self.attempts)

    def plain(self) -> JSON:
        """As JSON, for the control API."""
        return {
            "number": self.number,
            "kind": self.kind,
            "what": self.what,
            "payload": self.payload,
            "at": self.at,
            "held": self.held,
            "ok": self.ok,
            "attempts": [vars(attempt) for attempt in self.attempts],
        }


@dataclass
class Journal:
    calls: list[ApiCall] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)

    def object_to(self, kind: ObjectionKind, text: str) -> Objection:
        objection = Objection(kind, text)
        self.objections.append(objection)
        return objection
