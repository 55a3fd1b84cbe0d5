"""The processes that a company runs: everything in one, signed HTTP, and the worker. All stop within ten seconds."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog

from bot import logs, wiring
from bot.core.problems import checks
from bot.core.store import Sessions
from bot.jobs.schedules import schedules
from bot.jobs.worker import Worker
from bot.settings import Settings
from bot.slack.app import BoltApp, build_app
from bot.slack.client import Refused
from bot.slack.front import Front
from bot.slack.sockets import SocketLine
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

#: Seconds: for acks in flight, and for all of a stop. What still runs then is cut off: its row says so.
IN_FLIGHT, STOP = 5.0, 8.5
THREADS = 16


class _Health(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Nothing: a line for each look at the health would bury the others."""


def run(settings: Settings) -> int:
    """Socket Mode and the worker in one process."""
    refused: list[Refused] = []
    with wiring.stopped_by_signals() as stopping:

        def give_up(error: Refused) -> None:
            refused.append(error)
            stopping.set()

        sessions = wiring.sessions_of(settings)
        line: SocketLine | None = None
        _serve_health(settings, sessions, lambda: line is not None and line.connected())
        try:
            bot = _bot(settings, sessions, stopping, migrates=True)
            worker = Worker(schedules(bot, wiring.slack_of(settings), stopping), stopping)
            line = SocketLine(_app(bot), wiring.slack_of(settings, settings.slack_app_token), refused=give_up)
            line.start()
            worker.start()
            _warm(bot, stopping, line.connected)
        except wiring.Stopped:
            return 0
        stopping.wait()
        _stop(lambda: line.drain(IN_FLIGHT), worker, sessions)
    if refused:
        raise wiring.Unusable(
            f"Slack refuses SLACK_APP_TOKEN ({refused[0].code}). Make one with the scope connections:write "
            "(the app's page on api.slack.com/apps, Basic Information, App-Level Tokens)."
        )
    return 0


def work(settings: Settings, *, port: int | None = None) -> int:
    """The worker alone, with its health on `port` or the configured one; without it where somebody else listens."""
    begun = threading.Event()
    with wiring.stopped_by_signals() as stopping:
        sessions = wiring.sessions_of(settings)
        _serve_health(settings, sessions, begun.is_set, port=port)
        try:
            bot = _bot(settings, sessions, stopping, migrates=False)
            worker = Worker(schedules(bot, wiring.slack_of(settings), stopping), stopping)
            worker.start()
            begun.set()
        except wiring.Stopped:
            return 0
        stopping.wait()
        _stop(lambda: True, worker, sessions)
    return 0


def web(settings: Settings) -> int:
    """Signed HTTP under gunicorn: one process with threads; more of them behind a load balancer, on Postgres."""
    from gunicorn.app.base import BaseApplication

    _refuse_an_old_database(settings)
    stopping = threading.Event()
    options = {
        **server_options(settings.host, settings.port),
        "worker_exit": lambda _server, _worker: stopping.set(),
    }

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Front:
            return _front(settings, stopping)

    Server().run()
    return 0


def server_options(host: str, port: int) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": THREADS,
        "timeout": 30,
        "graceful_timeout": int(IN_FLIGHT),
        "keepalive": 75,
        "logger_class": logs.gunicorn_logger(),
        "control_socket_disable": True,
    }


def _refuse_an_old_database(settings: Settings) -> None:
    """Before anything is forked, where the database answers at once; where it is away, the front waits for it."""
    sessions = wiring.sessions_of(settings)
    with suppress(*wiring.DATABASE_AWAY):
        wiring.refuse_an_old(sessions)
    sessions.engine.dispose()


def _front(settings: Settings, stopping: threading.Event) -> Front:
    """The front at once, and the app behind it as soon as Slack and the database are there."""
    built: list[BoltApp] = []
    sessions = wiring.sessions_of(settings)

    def build() -> None:
        try:
            bot = _bot(settings, sessions, stopping, migrates=False)
            built.append(_app(bot))
        except wiring.Stopped:
            return
        except wiring.Unusable as reason:
            sys.stderr.write(f"{reason}\n")
            os.kill(os.getppid(), signal.SIGTERM)
        else:
            log.info("ready", mode="web")
            _warm(bot, stopping, lambda: True)

    threading.Thread(target=build, name="start", daemon=True).start()
    secret = settings.slack_signing_secret
    return Front(
        secret.get_secret_value() if secret else secrets.token_hex(32),
        lambda: built[0] if built else None,
        lambda: wiring.healthy(sessions),
    )


def _bot(settings: Settings, sessions: Sessions, stopping: threading.Event, *, migrates: bool) -> Bot:
    wiring.database_that_answers(sessions, stopping, migrates=migrates)
    return wiring.bot_of(settings, sessions, wiring.slack_that_answers(settings, stopping))


def _warm(bot: Bot, stopping: threading.Event, ready: Callable[[], bool]) -> None:
    """Put what the first raise would wait for into memory: what is published, and the rules of the look at words.

    Not before the process is `ready`, which would take longer beside it.
    """

    def warm() -> None:
        while not ready():
            if stopping.wait(0.2):
                return
        checks.rules(bot.settings.locale)
        with suppress(*wiring.DATABASE_AWAY):  # then whoever asks first builds it
            bot.similar.warm(bot.sessions)
            log.info("published problems are in memory")
        if bot.similar.trouble:
            log.warning("similar problems are found by their words alone", reason=bot.similar.trouble)

    threading.Thread(target=warm, name="similar", daemon=True).start()


def _app(bot: Bot) -> BoltApp:
    token = bot.settings.slack_bot_token
    return build_app(bot, wiring.listeners(), token=token.get_secret_value() if token else "")


def _serve_health(
    settings: Settings, sessions: Sessions, connected: Callable[[], bool], *, port: int | None = None
) -> None:
    """Health and figures over HTTP, where the port is free. Nobody knows its secret, so Slack's path takes nothing."""
    front = Front(secrets.token_hex(32), lambda: None, lambda: False)

    def app(environ: Any, start_response: Any) -> Any:
        if environ.get("PATH_INFO") == "/readyz":
            ready = connected() and wiring.healthy(sessions)
            start_response("200 OK" if ready else "503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"ready" if ready else b"waiting"]
        return front(environ, start_response)

    port = settings.port if port is None else port
    try:
        server = make_server(settings.host, port, app, server_class=_Health, handler_class=_Quiet)
    except OSError as error:
        log.warning("no health page: its port is taken", port=port, reason=type(error).__name__)
        return
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


def _stop(drain: Callable[[], bool], worker: Worker, sessions: Sessions) -> None:
    """Answer what is in flight, let jobs end, close the database; after `STOP` seconds leave whatever still runs."""
    log.info("stopping")
    started = time.monotonic()
    draining = threading.Thread(target=drain, daemon=True)
    draining.start()
    ended = worker.stop(STOP - 0.5)
    draining.join(max(0.1, STOP - (time.monotonic() - started)))
    if not ended or draining.is_alive():
        log.warning("stopped before everything was done", seconds=round(time.monotonic() - started, 1))
        sys.stderr.flush()
        os._exit(0)
    sessions.engine.dispose()
    log.info("stopped", seconds=round(time.monotonic() - started, 1))
