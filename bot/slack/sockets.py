"""Socket Mode: envelopes come in, and each is acknowledged on the connection that it came on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
import websocket
from slack_bolt import App, BoltRequest, BoltResponse

from bot import logs
from bot.slack.client import OUTSIDE, Refused, Slack, SlackTrouble

log = structlog.get_logger(__name__)

#: Seconds: between two pings, until a silent connection counts as dead, how long a retired one is still read.
PING, SILENT, RETIRED = 10.0, 30.0, 15.0
_BROKEN = (websocket.WebSocketException, OSError)


def pauses(most: float = 30.0) -> Iterator[float]:
    """Seconds to wait between tries of something that is away: half a second, doubling."""
    pause = 0.5
    while True:
        yield pause
        pause = min(pause * 2, most)


class _Link:
    """One connection, and how many of its envelopes are being answered."""

    def __init__(self, ws: websocket.WebSocket) -> None:
        self.ws = ws
        self.in_flight = 0
        self.retired_at: float | None = None
        self.heard_at = time.monotonic()

    def say(self, message: Mapping[str, Any]) -> None:
        self.ws.send(json.dumps(message))

    def cut(self) -> None:
        with suppress(*_BROKEN):
            self.ws.send_close()
        with suppress(*_BROKEN):
            self.ws.abort()  # type: ignore[no-untyped-call]  # the library types some of its methods
        with suppress(*_BROKEN):
            self.ws.shutdown()  # type: ignore[no-untyped-call]  # the same


class SocketLine:
    """Keeps one connection to Slack, a new one before an old one goes, and loses no ack when it stops.

    The client that comes with the SDK closes first: whatever is being answered then is lost.
    """

    def __init__(
        self, app: App, slack: Slack, *, refused: Callable[[Refused], None], threads: int = 10
    ) -> None:
        """`slack` bears the app-level token; `refused` hears when Slack does not take it at all."""
        self._app = app
        self._slack = slack
        self._refused = refused
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="socket")
        self._links: set[_Link] = set()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="socket-keeper", daemon=True)

    def start(self) -> None:
        """Connect, in a thread of its own, and stay connected."""
        self._keeper.start()

    def connected(self) -> bool:
        with self._changed:
            return any(link.retired_at is None for link in self._links)

    def drain(self, patience: float) -> bool:
        """Take nothing new, wait for what is being answered, then close. False where something was left."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
            done = self._changed.wait_for(
                lambda: not any(link.in_flight for link in self._links), timeout=patience
            )
            links = list(self._links)
        for link in links:
            link.cut()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return done

    def _keep(self) -> None:
        tries, said = pauses(), False
        while not self._stopping.is_set():
            try:
                link = self._opened()
            except Refused as error:
                self._refused(error)
                return
            except (SlackTrouble, *_BROKEN) as error:
                if not said:
                    log.warning("waiting for Slack's sockets", reason=type(error).__name__)
                said = True
                self._stopping.wait(next(tries))
                continue
            if said:
                log.info("connected to Slack again")
            tries, said = pauses(), False
            with self._changed:
                self._links.add(link)
                self._changed.notify_all()
            threading.Thread(target=self._read, args=(link,), name="socket", daemon=True).start()
            with self._changed:
                self._changed.wait_for(lambda: self._stopping.is_set() or not self._fresh())
            if self._stopping.is_set():
                return

    def _fresh(self) -> bool:
        return any(link.retired_at is None for link in self._links)

    def _opened(self) -> _Link:
        url = str(self._slack.call("apps.connections.open")["url"])
        return _Link(websocket.create_connection(url, timeout=OUTSIDE, enable_multithread=True))

    def _read(self, link: _Link) -> None:
        link.ws.settimeout(PING)
        try:
            while self._listens(link):
                try:
                    code, frame = link.ws.recv_data_frame(control_frame=True)
                except websocket.WebSocketTimeoutException:
                    link.ws.ping()
                    continue
                link.heard_at = time.monotonic()
                if code == websocket.ABNF.OPCODE_TEXT:
                    self._received(link, frame.data)
                elif code == websocket.ABNF.OPCODE_CLOSE:
                    break
        except _BROKEN:
            pass  # a connection that broke is replaced
        finally:
            with self._changed:
                link.retired_at = link.retired_at or time.monotonic()
                self._changed.notify_all()
                self._changed.wait_for(lambda: not link.in_flight, timeout=5)
                self._links.discard(link)
                self._changed.notify_all()
            link.cut()

    def _listens(self, link: _Link) -> bool:
        now = time.monotonic()
        if link.retired_at is not None and now - link.retired_at > RETIRED:
            return False
        return now - link.heard_at < SILENT

    def _received(self, link: _Link, data: bytes) -> None:
        message = json.loads(data)
        if message.get("type") == "disconnect":
            with self._changed:
                link.retired_at = link.retired_at or time.monotonic()
                self._changed.notify_all()
            return
        if "envelope_id" not in message:
            return
        with self._changed:
            if self._stopping.is_set():
                return  # not acknowledged: Slack sends it to whoever is there next
            link.in_flight += 1
        future = self._pool.submit(self._answer, link, message)
        future.add_done_callback(lambda done: self._answered(link, done))

    def _answer(self, link: _Link, message: Mapping[str, Any]) -> None:
        said = self._app.dispatch(
            BoltRequest(mode="socket_mode", body=message["payload"], headers=_retry(message))
        )
        if said.status == 200:
            payload = _payload(said)
            link.say({"envelope_id": message["envelope_id"], **({"payload": payload} if payload else {})})

    def _answered(self, link: _Link, done: Future[None]) -> None:
        with self._changed:
            link.in_flight -= 1
            self._changed.notify_all()
        error = None if done.cancelled() else done.exception()
        if isinstance(error, _BROKEN):
            log.warning("an ack could not be sent", reason=type(error).__name__)
        elif error is not None:
            logs.surprise(log, error)


def _retry(message: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    attempt = message.get("retry_attempt")
    return {"x-slack-retry-num": str(attempt)} if attempt else {}


def _payload(said: BoltResponse) -> dict[str, Any] | None:
    if not said.body:
        return None
    if said.first_headers().get("content-type", "").startswith("application/json"):
        made = json.loads(said.body)
        return made if isinstance(made, dict) else None
    return {"text": said.body}
