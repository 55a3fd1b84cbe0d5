"""Figures for operators: by kind of interaction and no finer, joined to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()
_BROAD = {"command": "command", "event": "event"}
_acks = Histogram(
    "groundswell_ack_seconds",
    "Time from a payload's arrival to its acknowledgement.",
    ["kind"],
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
_surprises = Counter(
    "groundswell_surprises", "Payloads that ended in a surprise.", ["kind"], registry=registry
)
sent = Counter(
    "groundswell_messages_sent",
    "Messages that were sent, or that nobody had to hear any more.",
    registry=registry,
)
unsent = Gauge("groundswell_messages_unsent", "Messages that wait for a steward's word.", registry=registry)
waiting = Gauge("groundswell_messages_waiting", "Messages that are due and not sent yet.", registry=registry)


@contextmanager
def ack(kind: str) -> Iterator[None]:
    """Measure one acknowledgement: a command, an interaction or an event."""
    broad = _BROAD.get(kind, "interaction")
    with _acks.labels(broad).time(), _surprises.labels(broad).count_exceptions():
        yield
