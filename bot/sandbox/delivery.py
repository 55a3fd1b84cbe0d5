"""Carries events, commands and interactions to the bot: deadlines, redelivery, requested faults."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable

from bot.sandbox.changes import Changes
from bot.sandbox.clock import PracticeClock
from bot.sandbox.errors import JSON
from bot.sandbox.faults import DeliveryFault, Faults
from bot.sandbox.journal import Attempt, Delivery, Journal
from bot.sandbox.limits import ACK_SECONDS, REDELIVER_AFTER
from bot.sandbox.transports import Answer, Captured, NotDelivered, Parcel, Transport

REASONS = {"timeout": "http_timeout", "connection_failed": "connection_failed", "http_error": "http_error"}


class Courier:
    """Delivers one thing at a time to the bot and writes down how it went."""

    def __init__(self, clock: PracticeClock, journal: Journal, faults: Faults, changes: Changes) -> None:
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._changes = changes
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] = []
        self.transport: Transport | None = None
        self.ack_within = ACK_SECONDS
        self.redeliver_after: tuple[float, ...] = REDELIVER_AFTER
        self.holding = False

    async def deliver(
        self,
        kind: str,
        what: str,
        payload: JSON,
        *,
        on_answer: Callable[[Attempt], None] | None = None,
        wait: bool = True,
    ) -> Delivery:
        """Send it and wait for the first try's end (unless held or `wait` is off); redelivery goes on by itself."""
        number = len(self._journal.deliveries) + 1
        delivery = Delivery(number, kind, what, payload, self._clock.now(), on_answer=on_answer)
        self._journal.deliveries.append(delivery)
        fault = self._faults.for_delivery(what, kind)
        if self.holding or (fault is not None and fault.hold):
            delivery.held = True
            self._held.append(delivery)
            self._tell(delivery)
            return delivery
        self._start(delivery, fault)
        if wait and not isinstance(self.transport, Captured):
            await delivery.first.wait()
        return delivery

    async def release(self, order: "str | Iterable[int]" = "as_sent", *, seed: int = 0) -> list[Delivery]:
        """Send what was held: as_sent, reversed, shuffled (by seed), or a list of positions; one after the other."""
        held, self._held, self.holding = self._held, [], False
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(held)  # noqa: S311  an order for tests, no secret
        elif order != "as_sent":
            held = [held[int(position)] for position in order]
        for delivery in held:
            delivery.held = False
            self._start(delivery, None)
            await delivery.first.wait()
        return held

    async def settle(self) -> None:
        """Wait until nothing is under way any more (waiting redeliveries included)."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.transport is not None:
            await self.transport.close()

    def _start(self, delivery: Delivery, fault: DeliveryFault | None) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(delivery, fault))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery, fault: DeliveryFault | None) -> None:
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        waits = self.redeliver_after if delivery.kind == "events_api" else ()
        reason: str | None = None
        began = self._clock.now()
        for retry, wait in enumerate([0.0, *waits]):
            await self._clock.reach(began + wait)
            began = self._clock.now()
            attempt, no_retry = await self._try(delivery, retry, reason, fault if retry == 0 else None)
            delivery.attempts.append(attempt)
            self._judge(delivery, attempt, expected=fault is not None and retry == 0)
            if attempt.ok and delivery.on_answer is not None:
                delivery.on_answer(attempt)
            if retry == 0 and fault is not None:
                for _ in range(fault.duplicate):
                    copy, _unused = await self._try(delivery, 0, None, None)
                    delivery.attempts.append(copy)
            delivery.first.set()
            self._tell(delivery)
            if attempt.ok or no_retry:
                return
            reason = REASONS.get(attempt.error or "", "unknown_error")

    async def _try(
        self, delivery: Delivery, retry: int, reason: str | None, fault: DeliveryFault | None
    ) -> tuple[Attempt, bool]:
        began = time.monotonic()
        deadline = None if isinstance(self.transport, Captured) else self.ack_within
        if fault is not None and fault.drop:
            return Attempt(retry, 0, {}, 0.0, "connection_failed"), False
        if self.transport is None:
            return Attempt(retry, 0, {}, 0.0, "no_connection"), False
        error: str | None = None
        answer = Answer(0)
        try:
            parcel = Parcel(delivery.number, delivery.kind, delivery.payload, retry, reason)
            answer = await asyncio.wait_for(self.transport.send(parcel), deadline)
        except TimeoutError:
            error = "timeout"
        except NotDelivered as failure:
            error = str(failure)
        elapsed = time.monotonic() - began
        if error is None and fault is not None and fault.lose_ack:
            error = "timeout"
        if error is None and not 200 <= answer.status < 300:
            error = "http_error"
        no_retry = any(key.lower() == "x-slack-no-retry" for key in answer.headers)
        return Attempt(retry, answer.status, answer.read(), elapsed, error), no_retry

    def _judge(self, delivery: Delivery, attempt: Attempt, *, expected: bool) -> None:
        if attempt.ok or expected:
            return
        name = f"{delivery.what} ({delivery.kind}, try {attempt.number + 1})"
        if attempt.error == "timeout":
            text = f"no ack for {name} within {self.ack_within:g} s"
            self._journal.object_to("late_ack", text)
        else:
            text = f"{name} was answered with {attempt.status or 'nothing'}: {attempt.error}"
            self._journal.object_to("failed_delivery", text)
        self._changes.publish("objection", text=text)

    def _tell(self, delivery: Delivery) -> None:
        self._changes.publish("delivery", delivery=delivery.plain())
