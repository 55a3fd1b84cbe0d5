"""The bot behind its real front, over real HTTP on loopback, in a practice workspace."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import importlib
import io
import json
import logging
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import structlog
from pydantic import SecretStr

import bot.slack
from bot import logs
from bot.core.identity.people import Actor, set_stewards
from bot.core.kit import Kit
from bot.core.store import Sessions
from bot.core.teams.acts import list_members, team_named
from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace
from bot.settings import Settings
from bot.slack.app import build_app
from bot.slack.front import PATH, Front
from bot.slack.turn import Bot, Listeners, Workspace
from tests.conftest import Engines, empty_file

#: A Wednesday afternoon, where the workspace's clock stands at the beginning of each test.
NOW = dt.datetime(2026, 11, 18, 14, 7, 31, tzinfo=dt.UTC)


def listeners_of(*features: str) -> Listeners:
    """The listeners of these features (folders of bot/slack), or of all that there are."""
    root = Path(bot.slack.__path__[0])
    listeners = Listeners()
    for name in features or sorted(path.parent.name for path in root.glob("*/listeners.py")):
        importlib.import_module(f"bot.slack.{name}.listeners").register(listeners)
    return listeners


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Nothing: pytest shows what failed."""


@dataclass
class Answered:
    """What the front answered to a request that was posted by hand."""

    status: int
    body: str


@dataclass
class Office:
    """A practice workspace with the bot in it; `who` is a handle such as "priya" everywhere.

    `front_url` is where Slack posts to. The workspace's clock stands still until `practice.move_clock`.
    """

    practice: PracticeWorkspace
    bot: Bot
    listeners: Listeners
    front_url: str
    _log: io.StringIO

    @property
    def log(self) -> list[dict[str, Any]]:
        """What the bot's log says since the test began, a line each."""
        return [json.loads(line) for line in self._log.getvalue().splitlines()]

    @property
    def sessions(self) -> Sessions:
        return self.bot.sessions

    @property
    def kit(self) -> Kit:
        return self.bot.kit

    @property
    def now(self) -> dt.datetime:
        return self.bot.clock()

    @property
    def command(self) -> str:
        return self.bot.settings.command

    def id(self, who: str) -> str:
        return self.practice.person(who).id

    def actor(self, who: str) -> Actor:
        """The person as the core knows them."""
        ident = self.id(who)
        return Actor(ident, steward=ident in {each.id for each in self.practice.stewards})

    def slash(self, who: str, text: str = "", where: str = "general") -> Any:
        """Type the command; the outcome, with what the person alone sees in `ephemerals`."""
        return self.practice.slash(self.command, text, where, who)

    def settle(self) -> None:
        self.practice.settle()

    def post(
        self,
        body: bytes,
        *,
        content_type: str = "application/x-www-form-urlencoded",
        secret: str | None = None,
        stamp: int | None = None,
        headers: Mapping[str, str] | None = None,
        path: str = PATH,
    ) -> Answered:
        """Post raw bytes to the front, signed as Slack signs unless told otherwise."""
        when = str(int(time.time()) if stamp is None else stamp)
        key = (self.practice.signing_secret if secret is None else secret).encode()
        signature = "v0=" + hmac.new(key, f"v0:{when}:".encode() + body, hashlib.sha256).hexdigest()
        given = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": when,
            "X-Slack-Signature": signature,
            **(headers or {}),
        }
        connection = HTTPConnection(urlsplit(self.front_url).netloc, timeout=10)
        try:
            connection.request("POST", path, body, given)
            answer = connection.getresponse()
            return Answered(answer.status, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()


@pytest.fixture(scope="session")
def practice_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeWorkspace]:
    """One workspace a process; `practice` gives it afresh to each test."""
    with PracticeWorkspace.started(
        manifest=manifest_path(),
        deliver_to="captured",
        folder=tmp_path_factory.mktemp("practice"),
        starts_at=NOW,
        frozen=True,
        rate_limits=False,
    ) as running:
        yield running


@pytest.fixture
def practice(practice_server: PracticeWorkspace) -> PracticeWorkspace:
    """The seeded company, with nothing said since and the clock where it stood."""
    practice_server.reset()
    practice_server.move_clock(NOW.timestamp() - practice_server.now())
    return practice_server


@pytest.fixture
def settings(practice: PracticeWorkspace) -> Settings:
    """What the operator of the practice company decided."""
    return Settings(
        slack_bot_token=SecretStr(practice.bot_token),
        slack_signing_secret=SecretStr(practice.signing_secret),
        slack_api_url=practice.api_url,
        digest_channel=practice.place("product-weekly").id,
        stewards=tuple(each.id for each in practice.stewards),
        people_channel=practice.place("people-help").id,
        sponsor=practice.person("ingrid").id,
    )


@pytest.fixture
def features() -> Sequence[str]:
    """Which features the bot has; a test module may give its own few, and so depend on no others."""
    return ()


Opened = Callable[..., Office]


@pytest.fixture
def log_stream() -> Iterator[io.StringIO]:
    """Where the bot's log goes, as an operator gets it."""
    root = logging.getLogger()
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    kept, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._CAPS}
    stream = io.StringIO()
    logs.configure("debug", "json", stream)
    logging.captureWarnings(False)
    # Pytest's own hooks stay, which fail a test for what broke in a thread.
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    yield stream
    structlog.reset_defaults()
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.fixture
def open_office(
    practice: PracticeWorkspace,
    settings: Settings,
    kit: Kit,
    features: Sequence[str],
    log_stream: io.StringIO,
) -> Iterator[Opened]:
    """Starts the bot on a database: `open_office(sessions, emoji=("wave",))`, settings changed by keyword."""
    servers: list[_Server] = []

    def open_(sessions: Sessions, listeners: Listeners | None = None, **changed: Any) -> Office:
        decided = settings.model_copy(update=changed)
        made = Bot(
            settings=decided,
            sessions=sessions,
            kit=kit,
            clock=lambda: dt.datetime.fromtimestamp(practice.world.clock.now(), dt.UTC),
            workspace=Workspace(
                team=practice.world.state.team_id,
                bot_user=practice.bot.id,
                bot=f"B{practice.bot.id[1:]}",
                url=f"{practice.url}/",
            ),
            randomness=random.Random(7),
        )
        table = listeners or listeners_of(*features)
        app = build_app(made, table, token=practice.bot_token)
        front = Front(practice.signing_secret, lambda: app, lambda: True)
        server = make_server("127.0.0.1", 0, front, server_class=_Server, handler_class=_Quiet)
        assert isinstance(server, _Server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        url = f"http://127.0.0.1:{server.server_port}{PATH}"
        practice.deliver_to(url)
        return Office(practice, made, table, url, log_stream)

    yield open_
    _finish(practice)
    practice.deliver_to("captured")
    for server in servers:
        server.shutdown()
        server.server_close()


def _finish(practice: PracticeWorkspace) -> None:
    """Let time pass until Slack has given up what the bot has not taken."""
    waiting = threading.Thread(target=practice.settle)
    waiting.start()
    while waiting.is_alive():
        practice.move_clock(301)
        waiting.join(0.05)


@pytest.fixture
def office(open_office: Opened, sessions: Sessions) -> Office:
    """The whole bot in the practice company: its stewards appointed, its user groups taken for teams."""
    made = open_office(sessions)
    fill_company(made)
    return made


def fill_company(office: Office) -> None:
    """Appoint the company's stewards, and make its user groups teams with their functions."""
    groups = office.practice.groups()
    with office.sessions.begin() as session:
        set_stewards(session, [each.id for each in office.practice.stewards])
        for group in groups:
            team = team_named(
                session, group["name"], function=group["function"], randomness=office.kit.randomness
            )
            list_members(session, team, group["users"])


@pytest.fixture
def lite(sqlite_template: Path, engines: Engines) -> Iterator[Sessions]:
    """One SQLite database, for what does not depend on the kind of database."""
    engine = engines.of(empty_file(sqlite_template, "lite"))
    yield Sessions(engine)
    engine.dispose()


@pytest.fixture
def lite_office(open_office: Opened, lite: Sessions) -> Office:
    """The same office on SQLite alone, once."""
    made = open_office(lite)
    fill_company(made)
    return made
