"""Puts the whole together: settings in, a bot that runs out. Nothing is built before it is asked for."""

from __future__ import annotations

import random
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog
from pydantic import SecretStr

from bot.clock import Clock, practice_clock, system_clock
from bot.core import migrating
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import catalogue
from bot.core.store import Sessions, build_engine
from bot.jobs.worker import AWAY
from bot.settings import Settings
from bot.slack.client import OUTSIDE, Refused, Slack, SlackTrouble
from bot.slack.confirming import listeners as confirming
from bot.slack.deciding import listeners as deciding
from bot.slack.desk import listeners as desk
from bot.slack.editions import listeners as editions
from bot.slack.examples import listeners as examples
from bot.slack.handing import listeners as handing
from bot.slack.help import listeners as help_
from bot.slack.helping import listeners as helping
from bot.slack.home import listeners as home
from bot.slack.merging import listeners as merging
from bot.slack.pilot import listeners as pilot
from bot.slack.privacy import listeners as privacy
from bot.slack.pulse import listeners as pulse
from bot.slack.raising import listeners as raising
from bot.slack.reading import listeners as reading
from bot.slack.receipt import listeners as receipt
from bot.slack.replying import listeners as replying
from bot.slack.searching import listeners as searching
from bot.slack.sockets import pauses
from bot.slack.teams import listeners as teams
from bot.slack.tracking import listeners as tracking
from bot.slack.turn import Bot, Listeners, Workspace
from bot.slack.workspace import listeners as workspace

log = structlog.get_logger(__name__)

#: Every feature puts its listeners into the one table.
FEATURES: Final = (
    *(raising, receipt, confirming, reading, searching, help_, teams),
    *(deciding, handing, helping, merging, examples, tracking),
    *(home, desk, replying, privacy, editions, workspace, pulse, pilot),
)
NOT_UP_TO_DATE: Final = (
    "The database is not up to date. Run `groundswell migrate` first, then start this again."
)
DATABASE_AWAY: Final = AWAY

T = TypeVar("T")


class Unusable(Exception):
    """The bot can't run like this, and waiting would not help; the text says what to do."""


class Stopped(Exception):
    """The process was told to stop while it was waiting."""


def listeners() -> Listeners:
    """The table of all features' listeners."""
    made = Listeners()
    for feature in FEATURES:
        feature.register(made)
    return made


def clock_of(settings: Settings) -> Clock:
    return practice_clock(settings.practice_clock) if settings.practice_clock else system_clock


def kit_of(settings: Settings) -> Kit:
    """Keys and the system's own randomness."""
    chance = random.SystemRandom()
    keys = [key.get_secret_value() for key in settings.sealing_keys] or [secrets.token_bytes(32)]
    return Kit.of(Sealing(keys, chance), chance)


def sessions_of(settings: Settings) -> Sessions:
    """The database's sessions; makes the folder of a SQLite file."""
    url = sa.make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and url.database:
        with suppress(OSError):  # where it can't be made, opening the file says so
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return Sessions(build_engine(settings.database_url.get_secret_value()))


def slack_of(settings: Settings, token: SecretStr | None = None, *, timeout: float = OUTSIDE) -> Slack:
    """Slack with the bot's token, or with another one."""
    secret = token or settings.slack_bot_token
    return Slack.at(secret.get_secret_value() if secret else "", settings.slack_api_url, timeout=timeout)


def workspace_of(slack: Slack) -> Workspace:
    """The workspace that the token belongs to; raises a `SlackTrouble`."""
    told = slack.auth_test()
    return Workspace(
        team=str(told["team_id"]),
        bot_user=str(told["user_id"]),
        bot=str(told.get("bot_id") or ""),
        enterprise=str(told["enterprise_id"]) if told.get("enterprise_id") else None,
        url=str(told.get("url") or ""),
    )


def patiently(
    attempt: Callable[[], T],
    *,
    passing: tuple[type[Exception], ...],
    what: str,
    stopping: threading.Event,
) -> T:
    """Try until it works; says once that it waits. Raises `Stopped` where the process is to stop."""
    said = False
    for pause in pauses(5.0):
        if stopping.is_set():
            break
        try:
            found = attempt()
        except passing as error:
            if not said:
                log.warning("waiting for what is away", check=what, reason=_why(error))
            said = True
            stopping.wait(pause)
            continue
        if said:
            log.info("it is there again", check=what)
        return found
    raise Stopped


def _why(error: Exception) -> str:
    return error.code if isinstance(error, SlackTrouble) else type(error).__name__


def slack_that_answers(settings: Settings, stopping: threading.Event) -> Workspace:
    """The workspace, once Slack answers. Raises `Unusable` where it refuses the token."""
    slack = slack_of(settings)

    def ask() -> Workspace | Refused:
        try:
            return workspace_of(slack)
        except Refused as refused:
            return refused

    found = patiently(ask, passing=(SlackTrouble,), what="Slack", stopping=stopping)
    if isinstance(found, Refused):
        raise Unusable(
            f"Slack refuses SLACK_BOT_TOKEN ({found.code}). Install the app again "
            "(its page on api.slack.com/apps, Install App) and set the token that is shown there."
        )
    return found


def database_that_answers(sessions: Sessions, stopping: threading.Event, *, migrates: bool) -> None:
    """Wait for the database; bring it up to date (SQLite alone) or raise `Unusable` where somebody has to."""
    behind = patiently(
        lambda: migrating.pending(sessions.engine),
        passing=DATABASE_AWAY,
        what="the database",
        stopping=stopping,
    )
    if not behind:
        return
    if not (migrates and sessions.dialect == "sqlite"):
        raise Unusable(NOT_UP_TO_DATE)
    log.info("bringing the database up to date")
    migrating.upgrade(sessions.engine)


def refuse_an_old(sessions: Sessions) -> None:
    """Raises `Unusable` where the database has to be brought up to date first."""
    if migrating.pending(sessions.engine):
        raise Unusable(NOT_UP_TO_DATE)


def bot_of(settings: Settings, sessions: Sessions, workspace: Workspace) -> Bot:
    """The bot with everything that listeners and jobs work with. Raises `Unusable` for a catalogue that is not."""
    kit = kit_of(settings)
    secret = settings.webhook_secret
    if settings.webhook_url and (secret is None or len(secret.get_secret_value()) < 16):
        raise Unusable("GROUNDSWELL_WEBHOOK_URL needs GROUNDSWELL_WEBHOOK_SECRET, of at least 16 characters.")
    try:
        catalogue.use(settings.catalogue_file)
    except catalogue.Malformed as error:
        raise Unusable(f"GROUNDSWELL_CATALOGUE_FILE names a file that can't be used: {error}.") from None
    return Bot(
        settings=settings,
        sessions=sessions,
        kit=kit,
        clock=clock_of(settings),
        workspace=workspace,
        randomness=kit.randomness,
    )


def healthy(sessions: Sessions) -> bool:
    """Whether the database answers."""
    try:
        with sessions.reading() as session:
            session.execute(sa.text("SELECT 1"))
    except DATABASE_AWAY:
        return False
    return True


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; a second one ends the process as usual.

    A thread of its own sets it: a handler runs in the middle of whatever the main thread does, and would wait
    for ever for the event's lock where that is just taken.
    """
    stopping = threading.Event()
    heard, told = socket.socketpair()
    told.setblocking(False)
    before: dict[signal.Signals, object] = {}

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)

    def listen() -> None:
        with heard:
            heard.recv(1)
        stopping.set()

    waker = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, stop)
    listening = threading.Thread(target=listen, name="signals", daemon=True)
    listening.start()
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave back, it takes
        signal.set_wakeup_fd(waker)
        told.close()  # the listening thread reads the end, and ends
        listening.join(1)
