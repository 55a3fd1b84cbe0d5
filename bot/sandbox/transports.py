"""The three ways to the bot: an open socket, a signed HTTP request, or a function in the same process."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox.errors import JSON
from bot.sandbox.ids import Ids
from bot.sandbox.limits import ACK_SECONDS


@dataclass(frozen=True)
class SignedRequest:
    """A request as Slack sends it: POST, with its headers and raw body."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    delivery: int = 0
    method: str = "POST"


@dataclass(frozen=True)
class Answer:
    """What the bot answered: an HTTP status and a body (already read as JSON, or the raw text)."""

    status: int
    body: JSON | str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> JSON:
        """The body as a mapping: plain text becomes `{"text": ...}`, as Slack takes it."""
        body = self.body.decode("utf-8", "replace") if isinstance(self.body, bytes) else self.body
        if isinstance(body, str):
            if not body.strip():
                return {}
            try:
                body = json.loads(body)
            except ValueError:
                return {"text": body}
        return body if isinstance(body, dict) else {}


class NotDelivered(Exception):
    """The bot could not be reached; the text is Slack's reason (connection_failed, ...)."""


@dataclass(frozen=True)
class Parcel:
    """One try of a delivery on its way."""

    delivery: int
    kind: str
    payload: JSON
    retry: int = 0
    reason: str | None = None


class Transport(Protocol):
    async def send(self, parcel: Parcel) -> Answer: ...

    async def close(self) -> None: ...


def signed(parcel: Parcel, secret: str, path: str = "/slack/events") -> SignedRequest:
    """The parcel as Slack's signed request; the signature is over real time, whatever the practice clock says."""
    if parcel.kind == "events_api":
        body, kind = json.dumps(parcel.payload, ensure_ascii=False).encode(), "application/json"
    else:
        form = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
        body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": kind,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    if parcel.retry:
        headers["X-Slack-Retry-Num"] = str(parcel.retry)
        headers["X-Slack-Retry-Reason"] = parcel.reason or "unknown_error"
    return SignedRequest(path=path, headers=headers, body=body, delivery=parcel.delivery)


class OverHttp:
    """Posts each parcel to the bot's request URL."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def send(self, parcel: Parcel) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        request = signed(parcel, self._secret)
        try:
            async with self._session.post(
                self.url, data=request.body, headers=dict(request.headers), allow_redirects=False
            ) as answer:
                return Answer(answer.status, await answer.read(), dict(answer.headers))
        except (aiohttp.ClientError, OSError) as error:
            raise NotDelivered("connection_failed") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class InProcess:
    """Hands each signed request to a function, in a thread of its own, as a web server would."""

    def __init__(self, answer: Callable[[SignedRequest], Answer], secret: str) -> None:
        self._answer = answer
        self._secret = secret

    async def send(self, parcel: Parcel) -> Answer:
        return await asyncio.to_thread(self._answer, signed(parcel, self._secret))

    async def close(self) -> None:
        return None


class Captured:
    """Delivers nothing: the signed requests wait to be posted by the test, which brings the answers back."""

    def __init__(self, secret: str, told: Callable[[], None]) -> None:
        self._secret = secret
        self._told = told
        self.requests: list[SignedRequest] = []
        self._waiting: dict[int, asyncio.Future[Answer]] = {}

    async def send(self, parcel: Parcel) -> Answer:
        self.requests.append(signed(parcel, self._secret))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[parcel.delivery] = future
        self._told()
        return await future

    def settle(self, delivery: int, answer: Answer) -> None:
        future = self._waiting.pop(delivery, None)
        if future is None or future.done():
            raise KeyError(f"delivery {delivery} waits for no answer")
        future.set_result(answer)

    async def close(self) -> None:
        for future in self._waiting.values():
            future.cancel()


@dataclass(eq=False)
class Link:
    """One Socket Mode connection of the bot."""

    socket: web.WebSocketResponse
    open: bool = True


class OverSockets:
    """Socket Mode: each envelope to one open connection, in turn."""

    def __init__(self, ids: Ids, told: Callable[[], None]) -> None:
        self._ids = ids
        self._told = told
        self._turn = 0
        self._pending: dict[str, tuple[Link, asyncio.Future[Answer]]] = {}
        self.links: list[Link] = []
        self.late: list[str] = []
        self.wait_for_link = 0.0
        self._arrived = asyncio.Event()

    async def send(self, parcel: Parcel) -> Answer:
        link = await self._next()
        envelope_id = self._ids.next("envelope", length=16).lower()
        envelope: JSON = {
            "envelope_id": envelope_id,
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.reason or ""}
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = (link, future)
        try:
            await link.socket.send_json(envelope)
        except (ConnectionError, RuntimeError) as error:
            self._pending.pop(envelope_id, None)
            raise NotDelivered("connection_failed") from error
        try:
            return await future
        finally:
            if self._pending.pop(envelope_id, None):
                self.late.append(envelope_id)

    async def _next(self) -> Link:
        if not self._usable() and self.wait_for_link:
            try:
                await asyncio.wait_for(self._arrived.wait(), self.wait_for_link)
            except TimeoutError as error:
                raise NotDelivered("no_connection") from error
        usable = self._usable()
        if not usable:
            raise NotDelivered("no_connection")
        self._turn += 1
        return usable[self._turn % len(usable)]

    def _usable(self) -> list[Link]:
        return [link for link in self.links if link.open and not link.socket.closed]

    def join(self, link: Link) -> None:
        self.links.append(link)
        self._arrived.set()
        self._told()

    def leave(self, link: Link) -> None:
        if link in self.links:
            self.links.remove(link)
        if not self._usable():
            self._arrived.clear()
        for owner, future in list(self._pending.values()):
            if owner is link and not future.done():
                future.set_exception(NotDelivered("connection_failed"))
        self._told()

    def acknowledge(self, message: JSON) -> None:
        """Take an ack from a connection; one that came too late is dropped, as Slack does."""
        waiting = self._pending.pop(str(message.get("envelope_id")), None)
        if waiting is None or waiting[1].done():
            return
        payload = message.get("payload")
        waiting[1].set_result(Answer(200, payload if isinstance(payload, dict) else None))

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every open connection to come anew, as Slack does now and then, and close it when its acks are in."""
        refreshed = [link for link in self.links if link.open]
        for link in refreshed:
            link.open = False
            if not link.socket.closed:
                await link.socket.send_json(
                    {"type": "disconnect", "reason": reason, "debug_info": {"host": "practice"}}
                )
        if not self._usable():
            self._arrived.clear()
        for link in refreshed:
            waiting = [future for owner, future in self._pending.values() if owner is link]
            if waiting:
                await asyncio.wait(waiting, timeout=ACK_SECONDS)
            await link.socket.close()

    async def close(self) -> None:
        for link in list(self.links):
            await link.socket.close(code=1001, message=b"practice workspace closed")
