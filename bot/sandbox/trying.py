"""`groundswell try`: a practice workspace with its page, and the real bot beside it, in one command."""

import base64
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import bot
from bot.sandbox.beside import Beside, Hours
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.errors import JSON
from bot.sandbox.seed import WrongSeed, checked
from bot.sandbox.workspace import PracticeWorkspace

PORT = 8088
HOURS = Hours(ZoneInfo("Europe/London"), batch=time(7), digest_day=0, digest=time(9))
EMOJI = ("jigsaw",)
WAKES = 0.2
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def run(
    manifest: Path,
    *,
    say: Callable[[str], None],
    browser: bool = True,
    port: int = PORT,
    keep: Path | None = None,
    http: bool = False,
    seed: int = 1,
    company: Path | None = None,
) -> int:
    """Run until Ctrl-C or SIGTERM; the exit code.

    `port` gives way to the next free one. `keep` holds the bot's database and key from one run to the next;
    without it they are temporary. `company` is a seed file instead of our own, and 2 is the exit code where it can't
    be one. `http` delivers signed HTTP to `web` and `worker`, instead of a socket to `run`.
    """
    if company is not None:
        try:
            checked(company)
        except WrongSeed as reason:
            say(str(reason))
            return 2
    ended = threading.Event()
    with _ended_by_signals(ended), _folder(keep) as folder:
        place = _made(folder / "workspace")
        starts_at = _starts_at(place / "clock" if keep else None)
        with PracticeWorkspace.started(
            seed=seed, manifest=manifest, company=company, port=port, folder=place, starts_at=starts_at
        ) as workspace:
            if port and not workspace.url.endswith(f":{port}"):
                say(f"Port {port} is in use; the next free one was taken.")
            marked = threading.Event()
            beside = _beside(workspace, folder, marked, http=http)
            setting_up = threading.Thread(
                target=_bring_up, args=(workspace, beside, marked, ended, say), daemon=True
            )
            setting_up.start()
            say(f"\n  {workspace.url}\n\nCtrl-C ends it.{'' if keep else ' Nothing is kept.'}")
            if browser:
                webbrowser.open(workspace.url)
            # Not one long wait: a signal that comes just before it would be seen only after it.
            while not ended.wait(WAKES):
                pass
            say("Ending…")
            beside.end()
            setting_up.join()
    return 0


@contextmanager
def _ended_by_signals(ended: threading.Event) -> Iterator[None]:
    """Set `ended` on Ctrl-C, SIGTERM and a closed terminal."""

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, was in before.items():
            signal.signal(getattr(signal, name), was)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield _made(keep)
        return
    folder = Path(tempfile.mkdtemp(prefix="groundswell-try-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _starts_at(clock: Path | None) -> datetime:
    """A Tuesday at ten, so that a batch and an edition both lie ahead; never before the time of a kept run."""
    now = datetime.now(UTC)
    today = now.astimezone(HOURS.zone).date()
    tuesday = today - timedelta(days=(today.weekday() - 1) % 7)
    begins = datetime.combine(tuesday, time(10), HOURS.zone).astimezone(UTC)
    if clock is not None:
        with suppress(OSError, ValueError, OverflowError):
            begins = max(begins, now + timedelta(seconds=float(clock.read_text(encoding="ascii"))))
    return begins


def _beside(workspace: PracticeWorkspace, folder: Path, marked: threading.Event, *, http: bool) -> BotProcess:
    """The bot, not started yet, with everything it needs to know from its environment alone."""
    port = _free_port()
    about: JSON = workspace.world.about
    environment = {
        # Nothing of the visitor's own: neither a proxy on the way to loopback nor settings of a real bot.
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(bot.__file__).parent.parent),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        **({"SYSTEMROOT": r"C:\Windows"} if sys.platform == "win32" else {}),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'groundswell.db'}",
        "GROUNDSWELL_SEALING_KEY": _key(folder / "sealing.key"),
        "GROUNDSWELL_DIGEST_CHANNEL": workspace.place(about["digest"]).id,
        "GROUNDSWELL_STEWARDS": ",".join(workspace.person(one).id for one in about["stewards"]),
        "GROUNDSWELL_MISCONDUCT_CHANNEL": workspace.place(about["misconduct"]).id,
        "GROUNDSWELL_SPONSOR": workspace.person(about["sponsor"]).id,
        "GROUNDSWELL_TIME_ZONE": str(HOURS.zone),
        "GROUNDSWELL_BATCH_HOUR": f"{HOURS.batch:%H:%M}",
        "GROUNDSWELL_DIGEST_DAY": DAYS[HOURS.digest_day],
        "GROUNDSWELL_DIGEST_HOUR": f"{HOURS.digest:%H:%M}",
        "GROUNDSWELL_EMOJI": ",".join(EMOJI),
        "GROUNDSWELL_HOST": "127.0.0.1",
        "GROUNDSWELL_PORT": str(port),
        "GROUNDSWELL_PRACTICE_CLOCK": str(workspace.clock_file),
        "GROUNDSWELL_DESTROYED_LIST": str(folder / "destroyed.txt"),
    }
    if http:
        workspace.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    process = BotProcess(
        [_bot("web"), _bot("worker", "--port", str(_free_port()))] if http else [_bot("run")],
        environment=environment,
        folder=_made(folder / "empty"),  # so that no `.env` of the visitor is read
        is_up=lambda: marked.is_set() and _answers(f"http://127.0.0.1:{port}/readyz"),
        told=workspace.bot_changed,
    )
    workspace.stand_beside(Beside(HOURS, EMOJI, process))
    return process


def _bot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def _bring_up(
    workspace: PracticeWorkspace,
    beside: BotProcess,
    marked: threading.Event,
    ended: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Make the tables, start the bot, mark the user groups as teams."""
    teams = [f"{group['handle']}={group['function']}" for group in workspace.groups()]
    well = beside.prepare(_bot("migrate"))
    if well:
        # The bot loads its libraries meanwhile; it counts as up when both are done.
        beside.start()
        well = beside.prepare(_bot("teams", "mark", *teams))
    if well:
        marked.set()
    elif not ended.is_set():
        say("The bot could not be set up:\n" + "\n".join(beside.plain()["log"][-12:]))


def _answers(url: str) -> bool:
    # No proxy: this is loopback, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _key(file: Path) -> str:
    """The sealing key of this folder; made on the first run."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(base64.b64encode(secrets.token_bytes(32)).decode(), encoding="ascii")
    return file.read_text(encoding="ascii")
