"""How quickly Slack is answered: durable reactions and the command, against a Bolt app that does nothing.

`uv run python -m tests.benchmarks.ack`: both under the production server with the same options, in rounds
that take turns; medians. The floor is what the disk takes for one synced write in the same folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bot.core.store import Sessions, build_engine
from bot.core.teams.acts import list_members, team_named
from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace
from tests.benchmarks import figures
from tests.conftest import new_kit
from tests.processes import ROOT, environment, free_port, migrate, started, wait_for

CONNECTIONS = 8
A_SECOND = 83.0
SECRET = "a benchmark's signing secret"  # of the app that does nothing


def noop(port: int) -> None:
    """Serve a Bolt app whose listeners only say "yes", under the options of `groundswell web`."""
    from gunicorn.app.base import BaseApplication
    from slack_bolt import App
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from slack_bolt.authorization import AuthorizeResult

    from bot import logs, processes

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            for name, value in processes.server_options("127.0.0.1", port).items():
                self.cfg.set(name, value)

        def load(self) -> SlackRequestHandler:
            known = AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token="xoxb-noop"
            )
            app = App(signing_secret=SECRET, authorize=lambda: known, process_before_response=True)
            app.event("reaction_added")(lambda ack: ack())
            app.command("/problem")(lambda ack: ack("Yes."))
            return SlackRequestHandler(app, path="/slack/events")

    logs.configure("error")
    Server().run()


def request(body: bytes, kind: str, secret: str, port: int) -> bytes:
    """A signed request, as bytes for the wire."""
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


def reaction(number: int, *, team: str, person: str, channel: str) -> bytes:
    """A reaction on a message that nobody has reacted to yet."""
    event = {
        "type": "reaction_added",
        "user": person,
        "reaction": "jigsaw",
        "item_user": "U0SOMEBODY",
        "item": {"type": "message", "channel": channel, "ts": f"1794000000.{number:06d}"},
        "event_ts": f"{1794000100 + number // 1000000}.{number % 1000000:06d}",
    }
    body = {
        "token": "t",
        "team_id": team,
        "api_app_id": "A1",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:08d}",
        "event_time": 1794000100,
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": "U1", "is_bot": True}],
        "is_ext_shared_channel": False,
    }
    return json.dumps(body).encode()


def command(_number: int, *, team: str, person: str, channel: str) -> bytes:
    """`/problem help` of a person whom a team lists."""
    fields = {
        "token": "t",
        "team_id": team,
        "channel_id": channel,
        "user_id": person,
        "command": "/problem",
        "text": "help",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:1/respond",
        "trigger_id": "1.1.a",
    }
    return urlencode(fields).encode()


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, sent: bytes) -> None:
        """Send one request and read the whole answer; raises where it is no 200."""
        self._socket.sendall(sent)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, rest = got.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(head.decode("latin-1"))
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        while len(rest) < length:
            rest += self._more()

    def _more(self) -> bytes:
        got = self._socket.recv(65536)
        if not got:
            raise AssertionError("the server has closed the connection")
        return got

    def close(self) -> None:
        self._socket.close()


Make = Callable[[int], bytes]


class Numbers:
    """Counts on over all rounds, so that no two requests are the same."""

    def __init__(self) -> None:
        self._next = 0

    def take(self, count: int) -> range:
        self._next += count
        return range(self._next - count, self._next)


def flat_out(port: int, requests: list[bytes]) -> float:
    """Answers a second, with every connection asking again as soon as it was answered."""
    shares = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
    lines = [Line(port) for _ in shares]
    began = threading.Barrier(CONNECTIONS + 1)

    def run(line: Line, share: list[bytes]) -> None:
        began.wait()
        for each in share:
            line.ask(each)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        running = [pool.submit(run, *pair) for pair in zip(lines, shares, strict=True)]
        began.wait()
        since = time.perf_counter()
        for each in running:
            each.result()  # an answer that was no 200 ends the benchmark
        took = time.perf_counter() - since
    for line in lines:
        line.close()
    return len(requests) / took


def at_a_pace(port: int, requests: list[bytes]) -> list[float]:
    """Milliseconds from the moment at which each was due, at `A_SECOND` whether answered or not."""
    waits: list[float] = []
    lock = threading.Lock()
    queue = iter(enumerate(requests))
    since = time.perf_counter() + 0.1

    def run() -> None:
        line = Line(port)
        while True:
            with lock:
                place, each = next(queue, (None, b""))
            if place is None:
                break
            due = since + place / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            line.ask(each)
            waits.append((time.perf_counter() - due) * 1000)
        line.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for each in [pool.submit(run) for _ in range(CONNECTIONS)]:
            each.result()
    return waits


def floor(folder: Path, seconds: float) -> list[float]:
    """Milliseconds that one synced write of 4 KB takes there."""
    times: list[float] = []
    descriptor = os.open(folder / "floor", os.O_CREAT | os.O_WRONLY)
    try:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            since = time.perf_counter()
            os.pwrite(descriptor, os.urandom(4096), 0)
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - since) * 1000)
    finally:
        os.close(descriptor)
    return times


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


@contextmanager
def doing_nothing(port: int) -> Iterator[None]:
    child = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.ack", "noop", str(port)], cwd=ROOT)
    try:
        wait_for(lambda: listens(port))
        yield
    finally:
        child.terminate()
        child.wait(15)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def measure(*, quick: bool) -> bool:
    rounds, size, paced = (3, 400, 4) if quick else (7, 1200, 20)
    folder = Path(tempfile.mkdtemp(prefix="groundswell-ack-"))
    numbers = Numbers()
    with PracticeWorkspace.started(manifest=manifest_path()) as practice:
        database = f"sqlite:///{folder / 'groundswell.db'}"
        given = environment(practice, database)
        migrate(given)
        person, channel = practice.person("priya").id, practice.place("engineering").id
        with_a_team(database, person)
        team = practice.world.state.team_id
        other = free_port()
        with (
            started(given, folder / "log", "web") as real,
            doing_nothing(other),
        ):
            real.ready()

            def made(body: Callable[..., bytes], kind: str, count: int, *, ours: bool) -> list[bytes]:
                secret, port = (practice.signing_secret, real.port) if ours else (SECRET, other)
                return [
                    request(body(number, team=team, person=person, channel=channel), kind, secret, port)
                    for number in numbers.take(count)
                ]

            holds = [
                compare(name, body, kind, made, (real.port, other), rounds=rounds, size=size)
                for name, body, kind in (
                    ("reaction", reaction, "application/json"),
                    ("command", command, "application/x-www-form-urlencoded"),
                )
            ]
            waits = at_a_pace(real.port, made(reaction, "application/json", int(paced * A_SECOND), ours=True))
            holds.append(
                figures.say("ack p99 of reactions at 83 events a second", p99(waits), "ms", at_most=25)
            )
            figures.say("ack median of reactions at 83 events a second", statistics.median(waits), "ms")
    synced = floor(folder, 1.0 if quick else 3.0)
    figures.say("fdatasync floor, median", statistics.median(synced), "ms")
    figures.say("fdatasync floor, p99", p99(synced), "ms")
    figures.say("fdatasync floor, one after the other", 1000 / statistics.mean(synced), "a second")
    return all(holds)


def compare(
    name: str,
    body: Callable[..., bytes],
    kind: str,
    made: Callable[..., list[bytes]],
    ports: tuple[int, int],
    *,
    rounds: int,
    size: int,
) -> bool:
    """Rounds of both in turns; says both medians and their ratio."""
    real, nothing = ports
    flat_out(real, made(body, kind, size // 4, ours=True))  # warm
    flat_out(nothing, made(body, kind, size // 4, ours=False))
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        theirs.append(flat_out(nothing, made(body, kind, size, ours=False)))
        ours.append(flat_out(real, made(body, kind, size, ours=True)))
    figures.say(
        f"ack throughput of {name}s, a Bolt app that does nothing", statistics.median(theirs), "a second"
    )
    figures.say(f"ack throughput of {name}s", statistics.median(ours), "a second")
    ratio = statistics.median(mine / yours for mine, yours in zip(ours, theirs, strict=True))
    return figures.say(f"ack throughput of {name}s against doing nothing", ratio, "ratio", at_least=0.5)


def with_a_team(database: str, person: str) -> None:
    """A team that lists the person, so that nobody has to be looked up."""
    sessions = Sessions(build_engine(database))
    kit = new_kit()
    with sessions.begin() as session:
        team = team_named(session, "Checkout", function="Engineering", randomness=kit.randomness)
        list_members(session, team, [person])
    sessions.engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:2] == ["noop"]:
        noop(int(sys.argv[2]))
    else:
        sys.exit(0 if measure(quick=figures.quick(__doc__ or "")) else 1)
