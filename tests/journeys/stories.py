"""A workplace in which the bot runs as its own processes, and the people there, who use what they see."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa
import yaml

from bot.core.store import Sessions, build_engine
from bot.core.tables import metadata
from bot.manifest import manifest_path
from bot.sandbox.company import OWN
from bot.sandbox.inputs import elements_of
from bot.sandbox.outcome import Outcome
from bot.sandbox.workspace import PracticeWorkspace
from bot.settings import Settings
from bot.slack.front import PATH
from tests.processes import ROOT, Process, environment, started, wait_for

#: A Wednesday afternoon; the edition is due on Mondays at 9, the batch every day at 7.
NOW = dt.datetime(2026, 11, 18, 14, 7, 31, tzinfo=dt.UTC)
BATCH, EDITION = dt.time(7), dt.time(9)
CHANNEL = "product-weekly"
#: A private channel, and who is in it beside the bot.
PRIVATE, INSIDE = "quiet-quokka", ("yuki", "rafael")
COMMAND: str = Settings.model_fields["command"].default
#: Seconds that a person would wait: the bot looks at its calendar every five.
PATIENCE = 20.0
SOCKET_MODE, SIGNED_HTTP = "Socket Mode", "signed HTTP"


def read(content: Mapping[str, Any] | None) -> str:
    """All that a person can read of a message or a view, a line a piece."""
    return "\n".join(_texts((content or {}).get("blocks") or []))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _texts(inner)


def lost_to_a_screen_reader(message: Mapping[str, Any], but: str = "") -> set[str]:
    """The words of a message's blocks, its buttons and those of `but` apart, that its top-level text does not have."""
    shown = [
        {key: inner for key, inner in block.items() if key != "accessory"}
        for block in message.get("blocks") or []
        if block["type"] != "actions"
    ]
    return _words("\n".join(_texts(shown))) - _words(f"{message['text']} {but}")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"[*_~`]", " ", text)))


@dataclass
class Workplace:
    """A practice company with the bot in it; `processes` is what runs of the bot now."""

    practice: PracticeWorkspace
    sessions: Sessions
    database: str
    way: str
    folder: Path
    given: Mapping[str, str] = field(default_factory=dict)  # settings beside the usual ones
    patience: float = PATIENCE
    processes: list[Process] = field(default_factory=list)
    _running: ExitStack = field(default_factory=ExitStack)
    _starts: int = 0

    def start(self, bots: int = 1) -> None:
        """Start the bot, or several beside each other, and wait until it answers."""
        commands = ["web", "worker"] if self.way == SIGNED_HTTP else ["run"]
        for _ in range(bots):
            for command in commands:
                self._starts += 1
                given = {**settings(self.practice, self.database, self.folder), **self.given}
                log = self.folder / f"{self._starts}-{command}.log"
                self.processes.append(self._running.enter_context(started(given, log, command)))
                if command == "web":
                    self.practice.deliver_to(f"http://127.0.0.1:{given['GROUNDSWELL_PORT']}{PATH}")
        for process in self.processes:
            process.ready()
        if self.way == SOCKET_MODE:
            self.practice.wait_connected(bots)

    def stop(self) -> None:
        """As an operator stops it, or a machine that is updated."""
        for process in self.processes:
            process.terminate()
        self._left()

    def crash(self) -> None:
        """kill -9, with whatever is under way."""
        for process in self.processes:
            for child in psutil.Process(process.child.pid).children(recursive=True):
                child.kill()
            process.kill()
        self._left()

    def _left(self) -> None:
        self.processes.clear()
        self._running.close()

    def until(self, true: Callable[[], Any], why: str | Callable[[], str] = "") -> Any:
        """Wait for something to become true, and give it."""
        found: list[Any] = []

        def look() -> bool:
            found[:] = [true()]
            return bool(found[0])

        wait_for(look, self.patience, lambda: f"{why() if callable(why) else why}\n{self.log}")
        return found[0]

    @property
    def log(self) -> str:
        return "\n".join(each.read_text("utf-8", "replace") for each in sorted(self.folder.glob("*.log")))

    def person(self, handle: str) -> Somebody:
        return Somebody(self, handle)

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.practice.now(), dt.UTC)

    def wait_until(self, moment: dt.datetime) -> None:
        self.practice.move_clock((moment - self.now).total_seconds())

    def night(self) -> dt.date:
        """Let the next batch hour come, and what moves at it move; the day."""
        day = self.now.date() + dt.timedelta(days=self.now.time() >= BATCH)
        self.wait_until(dt.datetime.combine(day, BATCH, dt.UTC) + dt.timedelta(seconds=2))
        self.until(lambda: day in self._batches(), "no batch ran")
        return day

    def _batches(self) -> list[dt.date]:
        with self.sessions.reading() as session:
            return list(session.scalars(sa.select(metadata.tables["batches"].c.day)))

    def week(self) -> dict[str, Any]:
        """Let the next edition's hour come; its message in the channel, once its thread stands too."""
        monday = self.now.date() + dt.timedelta(days=(-self.now.weekday()) % 7)
        due = dt.datetime.combine(monday, EDITION, dt.UTC)
        due += dt.timedelta(weeks=due <= self.now)
        self.wait_until(due + dt.timedelta(seconds=2))
        return self.edition(due.isocalendar().week)

    def edition(self, week: int) -> dict[str, Any]:
        """The one message of this week's edition, once all that was to be said is."""
        self.until(lambda: self.editions(week), f"no edition of week {week}")
        self.until(lambda: not self._unsaid(), "something is still to be said")
        (message,) = self.editions(week)
        return message

    def editions(self, week: int) -> list[dict[str, Any]]:
        pattern = re.compile(rf"\bweek {week}\b", re.IGNORECASE)
        return [each for each in self.practice.messages("abdul", CHANNEL) if pattern.search(each["text"])]

    def thread(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self.practice.replies("abdul", dict(message))

    def _unsaid(self) -> bool:
        """Whether the outbox holds something that is due, or waits for what has to be said before it."""
        outbox, soon = metadata.tables["outbox"], self.now + dt.timedelta(seconds=30)
        with self.sessions.reading() as session:
            query = sa.select(outbox.c.id).where(outbox.c.sending != "sent", outbox.c.due_at <= soon)
            return session.scalar(query) is not None

    def unsettled(self) -> bool:
        """Whether the bot has still to find out what a reaction means."""
        with self.sessions.reading() as session:
            waiting = metadata.tables["reactions"].c.settle_at.is_not(None)
            return bool(session.scalar(sa.select(sa.exists().where(waiting))))

    def rows(self, *tables: str) -> str:
        """Every row of these tables as it is stored."""
        with self.sessions.reading() as session:
            return "\n".join(
                repr(tuple(row))
                for name in tables
                for row in session.execute(sa.select(metadata.tables[name]))
            )

    def stored(self) -> str:
        """Every row as it is stored, and what else lies in a database's files."""
        rows = [self.rows(*metadata.tables)]
        url = sa.make_url(self.database)
        if url.drivername == "sqlite" and url.database:
            # A file that is read and closed loses every lock that SQLite holds on it in this process.
            self.sessions.engine.dispose()
            for file in Path(url.database).parent.glob(Path(url.database).name + "*"):
                rows.append(file.read_bytes().decode("utf-8", "replace"))
        return "\n".join(rows)


@dataclass(frozen=True)
class Somebody:
    """A person who reads and presses what they see."""

    workplace: Workplace
    handle: str

    @property
    def practice(self) -> PracticeWorkspace:
        return self.workplace.practice

    @property
    def id(self) -> str:
        return self.practice.person(self.handle).id

    def types(self, said: str = "", where: str = "general") -> Outcome:
        """The command, with this after it."""
        outcome = self.practice.slash(COMMAND, said, where, self.handle)
        assert outcome.ok, outcome
        return outcome

    def whispered(self, said: str) -> dict[str, Any]:
        """The one answer to the command, that this person alone sees."""
        (whisper,) = self.types(said).ephemerals
        return whisper

    def presses(self, label: str, at: dict[str, Any] | None = None) -> Outcome:
        """The button with this label or text: in a message, else in the open form, else in Home."""
        content = at or self.form or self.home()
        buttons = [
            (
                {**element, "block_id": block},
                {element["text"]["text"], element.get("accessibility_label") or ""},
            )
            for block, element, _whole in elements_of(content["blocks"])
            if element["type"] == "button"
        ]
        exactly = [element for element, names in buttons if label in names]
        nearly = [element for element, names in buttons if any(each.startswith(label) for each in names)]
        named = exactly or nearly
        assert named, f"{self.handle} sees no button {label!r} in:\n{read(content)}"
        where: Any = at if at is not None else None if self.form else "home"
        outcome = self.practice.press(
            self.handle,
            named[0]["action_id"],
            at=where,
            value=named[0].get("value"),
            block_id=named[0]["block_id"],
        )
        assert outcome.ok, outcome
        return outcome

    def sends(self, given: Mapping[str, Any] | None = None) -> str:
        """Send the open form; what can be read then."""
        outcome = self.practice.submit(self.handle, given)
        assert outcome.ok, outcome
        return read(self.form)

    def sends_own(self, given: Mapping[str, Any]) -> str:
        """The same, whatever others have published that is like it."""
        said = self.sends(given)
        if "Is it one of these?" in said:
            self.presses("Send mine as it is")
            said = self.reads
        return said

    @property
    def form(self) -> dict[str, Any] | None:
        """The form on top."""
        stack = self.practice.views(self.handle)
        return stack[-1] if stack else None

    @property
    def reads(self) -> str:
        """The form on top, as far as it can be read."""
        return read(self.form)

    def home(self) -> dict[str, Any]:
        """Home, opened anew."""
        assert self.practice.open_home(self.handle).ok
        return self.practice.home(self.handle) or {"blocks": []}

    def reads_home(self) -> str:
        """Home, as far as it can be read, with every form put away."""
        self.done()
        return read(self.home())

    def done(self) -> None:
        """Put all forms away."""
        if self.form is not None:
            self.practice.close(self.handle, everything=True)

    @property
    def messages(self) -> list[str]:
        """What the bot has said to this person directly, oldest first."""
        return [each["text"] for each in self.practice.dms(self.handle)]

    # What people do again and again

    def raises(self, title: str, hardship: str, **more: Any) -> str:
        """The form, filled in and sent; its answer."""
        self.types()
        said = self.sends_own({"title": title, "hardship": hardship, **more})
        assert "Heard" in said, said
        self.done()
        return said

    def looks_at(self, title: str) -> str:
        """Open one problem on the desk, or where Home has no room for it, on the whole desk."""
        if f"Look at: {title}" not in str(self.home()["blocks"]):
            self.types("desk")
        self.presses(f"Look at: {title}")
        return self.reads

    def publishes(self, title: str) -> None:
        self.looks_at(title)
        self.presses("Publish these words")
        self.done()

    def says_hits_us_too(self, title: str, why: str) -> str:
        """With one answer to why it stays; the acknowledgement."""
        self.presses(f"Details of: {title}")
        self.presses("Hits us too")
        noted = self.reads
        self.presses(why)
        assert "Kept" in self.reads, self.reads
        self.done()
        return noted

    def sets_right(self, title: str, needed_from: Sequence[str], owned: str) -> None:
        """Answers "Not right?"."""
        self.presses(f"Details of: {title}")
        self.presses("Say who would have to change")
        said = self.sends({"needed_from": list(needed_from), "owned": owned})
        assert "Thank you" in said, said
        self.done()


def settings(practice: PracticeWorkspace, database: str, folder: Path) -> dict[str, str]:
    """What the operator exports; nothing is written outside this folder."""
    return environment(practice, database, GROUNDSWELL_DESTROYED_LIST=str(folder / "destroyed.txt"))


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    sessions = Sessions(build_engine(url))
    try:
        yield sessions
    finally:
        sessions.engine.dispose()


@contextmanager
def workplace(
    folder: Path,
    way: str,
    database: str,
    *,
    bots: int = 1,
    company: Path | None = None,
    starts_at: dt.datetime = NOW,
    **given: str,
) -> Iterator[Workplace]:
    """The practice company on a Wednesday afternoon, its user groups marked as teams, and the bot in it.

    database: the URL of one that has its tables; company: the file of another one; given: settings.
    """
    inside = folder / "practice"
    inside.mkdir()
    with (
        PracticeWorkspace.started(
            manifest=manifest_path(), folder=inside, starts_at=starts_at, company=company or _company(folder)
        ) as practice,
        opened(database) as sessions,
    ):
        place = Workplace(practice, sessions, database, way, folder, given)
        try:
            # The bot loads its libraries meanwhile.
            marking = _marking_teams(practice, settings(practice, database, folder))
            place.start(bots)
            words, _nothing = marking.communicate(timeout=60)
            assert marking.returncode == 0, words
            yield place
        finally:
            place.crash()


def _company(folder: Path) -> Path:
    """The practice company, with a private channel that has no steward in it."""
    company = yaml.safe_load(OWN.read_text("utf-8"))
    company["places"].append({"name": PRIVATE, "private": True, "members": list(INSIDE), "bot": True})
    file = folder / "company.yml"
    file.write_text(yaml.safe_dump(company, allow_unicode=True), "utf-8")
    return file


def _marking_teams(practice: PracticeWorkspace, given: dict[str, str]) -> subprocess.Popen[str]:
    groups = [f"{each['handle']}={each['function']}" for each in practice.groups()]
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "teams", "mark", *groups],
        env=given, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def in_a_file(folder: Path, template: Path) -> str:
    """A SQLite database of its own; its URL."""
    shutil.copyfile(template, folder / "groundswell.db")
    return f"sqlite:///{folder / 'groundswell.db'}"
