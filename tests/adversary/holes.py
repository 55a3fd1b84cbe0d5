"""Holes, planted on purpose: what a careless release might keep. Each must be found, or the search is worth nothing."""
# ruff: noqa: ARG002  every hole is told the same things, and needs some of them

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from prometheus_client import Counter
from sqlalchemy.orm import Session

from bot import metrics
from bot.core.decisions import paying
from bot.core.outbox import Message
from bot.core.problems import acts, batch
from bot.core.problems.records import Act, Problem
from bot.core.problems.similar_index import stored
from bot.core.pulse import acts as pulse
from bot.core.replies import outcomes, raising

if TYPE_CHECKING:
    from tests.adversary.world import World

_KEY = base64.urlsafe_b64encode(bytes(range(32)))


@dataclass(frozen=True)
class Done:
    """One act while it happens."""

    who: str
    at: dt.datetime
    named: bool = False


class Hole:
    """Nothing is kept that should not be; each hole adds something by one of these."""

    #: SQL of tables of its own.
    tables: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.now: Done | None = None
        self.protected: dict[bytes, Done] = {}  # acts that wait for the batch, by their mark
        self.moving: Done | None = None

    @contextmanager
    def planted(self, world: World) -> Iterator[None]:
        """Listen where protected acts are put into the inbox, and where the batch makes problems of them."""
        wait, move = acts._wait, batch._MOVES[Act.RAISE]

        def waited(session: Session, mark: bytes, body: Mapping[str, object]) -> bool:
            made = wait(session, mark, body)
            if made and self.now:
                self.protected[mark] = self.now
                self.raised(session, mark, self.now, world)
            return made

        def moved(moves: Any, act: Any) -> None:
            self.moving = self.protected.get(act.mark)
            move(moves, act)
            problem = next((new for new in moves.session.new if isinstance(new, Problem)), None)
            problem = problem or self._latest(moves.session, act.body["title"])
            if self.moving:
                self.kept(moves.session, problem, act.mark, self.moving, world)
            self.moving = None

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(acts, "_wait", waited)
            patch.setitem(batch._MOVES, Act.RAISE, moved)
            self.patch(patch)
            yield

    @staticmethod
    def _latest(session: Session, title: str) -> Problem:
        return session.query(Problem).filter(Problem.title == title).one()

    def patch(self, patch: pytest.MonkeyPatch) -> None:
        """Changes of the bot itself."""

    def found(self, world: World) -> None:
        with world.sessions.begin() as session:
            for table in self.tables:
                say(session, table)

    def acted(self, session: Session, world: World, done: Done) -> None:
        """Any act, at the end of its transaction."""

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        """A protected raise, in its transaction."""

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        """The batch has made a problem of it."""

    def moved_all(self, session: Session, world: World, at: dt.datetime) -> None:
        """The end of the batch."""

    def sent(self, session: Session, world: World, row: Message, at: dt.datetime) -> None:
        """A message goes out."""


def say(session: Session, statement: str, *values: Any) -> None:
    """A raw statement with `?` for its values, on both databases."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        statement = statement.replace("?", "%s").replace("BLOB", "BYTEA")
    session.flush()
    connection.exec_driver_sql(statement, values)


NO_HOLE = Hole()


class ExactTime(Hole):
    tables = ("CREATE TABLE raised (problem BIGINT, at TIMESTAMP)",)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        say(
            session,
            "INSERT INTO raised VALUES (?, ?)",
            problem.id,
            done.at.replace(tzinfo=None).isoformat(" "),
        )


class TimeInIds(Hole):
    """Ids as UUIDv7 makes them: the time first, then chance."""

    def patch(self, patch: pytest.MonkeyPatch) -> None:
        draw = batch.fresh

        def fresh(*given: Any, **named: Any) -> Problem:
            problem = draw(*given, **named)
            if self.moving:
                stamp = int(self.moving.at.timestamp() * 1000)
                problem.id = stamp << 15 | (problem.id & 0x7FFF)
            return problem

        patch.setattr(batch, "fresh", fresh)


class OrderOfArrival(Hole):
    """A table that is written as acts arrive, and whose place says so (SQLite's rowid)."""

    tables = (
        "CREATE TABLE arrived (mark BLOB, person VARCHAR(32))",  # a person for named acts, a mark for the others
        "CREATE TABLE came_as (problem BIGINT, mark BLOB)",
    )

    def acted(self, session: Session, world: World, done: Done) -> None:
        if done.named:
            say(session, "INSERT INTO arrived VALUES (?, ?)", world.chance.randbytes(16), done.who)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        say(session, "INSERT INTO arrived VALUES (?, NULL)", mark)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        say(session, "INSERT INTO came_as VALUES (?, ?)", problem.id, mark)


class TransactionOfArrival(OrderOfArrival):
    """The same with the place taken away: what is left is Postgres' number of the transaction."""

    def moved_all(self, session: Session, world: World, at: dt.datetime) -> None:
        if world.sessions.dialect != "sqlite":
            # CLUSTER keeps transactions and puts rows in the order of their random marks.
            say(session, "CREATE INDEX IF NOT EXISTS by_mark ON arrived (mark)")
            say(session, "CLUSTER arrived USING by_mark")


class FirstUse(Hole):
    tables = ("CREATE TABLE welcomed (person VARCHAR(32) PRIMARY KEY)",)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        say(session, "INSERT INTO welcomed VALUES (?) ON CONFLICT DO NOTHING", done.who)


class ReaderList(Hole):
    tables = ("CREATE TABLE readers (problem BIGINT, person VARCHAR(32))",)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        others = world.chance.sample(world.watched.people, 6)
        for person in sorted({done.who, *(each.id for each in others)}):
            say(session, "INSERT INTO readers VALUES (?, ?)", problem.id, person)


class ClearRecipient(Hole):
    """Messages that went out stay, with their recipient in clear."""

    tables = ("CREATE TABLE sent_messages (kind VARCHAR(40), recipient VARCHAR(32))",)

    def sent(self, session: Session, world: World, row: Message, at: dt.datetime) -> None:
        if row.sealed_person and row.kind == "news":
            person = world.kit.sealing.unseal(row.sealed_person, bound_to=f"outbox:{row.id}")
            say(session, "INSERT INTO sent_messages VALUES (?, ?)", row.kind, person)


class DirectChannel(Hole):
    """The id of the direct messages with a raiser is kept, so that it need not be asked for again."""

    tables = ("CREATE TABLE direct_channels (channel VARCHAR(32) PRIMARY KEY)",)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        direct = next(each.direct for each in world.watched.people if each.id == done.who)
        say(session, "INSERT INTO direct_channels VALUES (?) ON CONFLICT DO NOTHING", direct)


class StoredRateLimit(Hole):
    """How often somebody raised, by a keyed hash of the person and the hour."""

    tables = ("CREATE TABLE limits (mark BLOB PRIMARY KEY, acts INTEGER)",)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        person = hmac.digest(world.watched.sealing_key, done.who.encode(), "sha256")[:16]
        say(
            session,
            "INSERT INTO limits VALUES (?, 1) ON CONFLICT (mark) DO UPDATE SET acts = limits.acts + 1",
            person,
        )


class CounterOfActs(Hole):
    """How many raised, by the minute: a metric that is too fine."""

    tables = ("CREATE TABLE counted (act VARCHAR(20), minute TIMESTAMP, acts INTEGER)",)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        minute = done.at.replace(second=0, tzinfo=None).isoformat(" ")
        say(session, "INSERT INTO counted VALUES ('raise', ?, 1)", minute)


class CounterOfWays(Hole):
    """A metric that counts at once, and says in which way: whoever reads the metrics by the minute reads the minute."""

    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter("groundswell_raises", "Raises.", ["way"], registry=None)

    @contextmanager
    def planted(self, world: World) -> Iterator[None]:
        metrics.registry.register(self.counter)
        try:
            with super().planted(world):
                yield
        finally:
            metrics.registry.unregister(self.counter)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        self.counter.labels("protected").inc()


class TeamOfRaiser(Hole):
    tables = ("CREATE TABLE raised_by_team (problem BIGINT, team BIGINT)",)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        person = next(each for each in world.watched.people if each.id == done.who)
        team = None if person.team is None else world.watched.teams[person.team]
        say(session, "INSERT INTO raised_by_team VALUES (?, ?)", problem.id, team)


class RawHash(Hole):
    """A plain hash of the person, in place of one under a key of the problem."""

    tables = ("CREATE TABLE hashed (problem BIGINT, person BLOB)",)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        say(
            session,
            "INSERT INTO hashed VALUES (?, ?)",
            problem.id,
            hashlib.sha256(done.who.encode()).digest(),
        )


class TimeInSeal(Hole):
    """Sealed as Fernet seals: its tokens carry the second in clear."""

    tables = ("CREATE TABLE sealed (problem BIGINT, token BLOB)",)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        token = Fernet(_KEY).encrypt_at_time(done.who.encode(), int(done.at.timestamp()))
        say(session, "INSERT INTO sealed VALUES (?, ?)", problem.id, token)


class EarlierWords(Hole):
    """What was written first stays, beside what it was changed to."""

    tables = ("CREATE TABLE earlier (problem BIGINT, words TEXT)",)

    def patch(self, patch: pytest.MonkeyPatch) -> None:
        said = raising.say

        def say_and_keep(session: Session, problem: Problem, act: Act, body: Any, *rest: Any) -> None:
            said(session, problem, act, body, *rest)
            if "hardship" in body:
                say(session, *self._row(problem, body))

        patch.setattr(raising, "say", say_and_keep)

    def _row(self, problem: Problem, body: Mapping[str, str]) -> tuple[str, Any, Any]:
        return "INSERT INTO earlier VALUES (?, ?)", problem.id, body["hardship"]


class VectorOfEarlierWords(EarlierWords):
    """What was written first is read for similar problems, and what was read stays."""

    tables = ("CREATE TABLE read_earlier (problem BIGINT, words BLOB)",)

    def _row(self, problem: Problem, body: Mapping[str, str]) -> tuple[str, Any, Any]:
        [(words, _)] = stored([(body["title"], body["hardship"])], None)
        return "INSERT INTO read_earlier VALUES (?, ?)", problem.id, words


class Kept:
    """One more row for each word of a kind, as a careless release might keep it: with its time, or just one by one."""

    table = "CREATE TABLE kept_words (word VARCHAR(200), at VARCHAR(40))"

    def __init__(self, room: ModuleType, *names: str, timed: bool = True) -> None:
        self.room, self.names, self.timed = room, names, timed
        self.at = dt.datetime.min.replace(tzinfo=dt.UTC)

    @contextmanager
    def planted(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in self.names:
                patch.setattr(self.room, name, self._keeping(getattr(self.room, name)))
            yield

    def _keeping(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def keeping(session: Session, *given: Any, **named: Any) -> Any:
            made = act(session, *given, **named)
            word = "" if self.timed else str([each for each in given if isinstance(each, dict)])
            at = self.at.isoformat(" ") if self.timed else ""
            say(session, "INSERT INTO kept_words VALUES (?, ?)", word, at)
            return made

        return keeping


class Several(Hole):
    """Many holes in one world: whoever looks for one of them looks away from the tables of the others."""

    def __init__(self, holes: Mapping[str, Hole]) -> None:
        super().__init__()
        self.holes = dict(holes)
        self.tables = tuple(table for hole in holes.values() for table in hole.tables)

    def patch(self, patch: pytest.MonkeyPatch) -> None:
        for hole in self.holes.values():
            hole.patch(patch)

    def acted(self, session: Session, world: World, done: Done) -> None:
        for hole in self.holes.values():
            hole.acted(session, world, done)

    def raised(self, session: Session, mark: bytes, done: Done, world: World) -> None:
        for hole in self.holes.values():
            hole.raised(session, mark, done, world)

    def kept(self, session: Session, problem: Problem, mark: bytes, done: Done, world: World) -> None:
        for hole in self.holes.values():
            hole.kept(session, problem, mark, done, world)

    def moved_all(self, session: Session, world: World, at: dt.datetime) -> None:
        for hole in self.holes.values():
            hole.moved_all(session, world, at)

    def sent(self, session: Session, world: World, row: Message, at: dt.datetime) -> None:
        for hole in self.holes.values():
            hole.sent(session, world, row, at)

    def hidden_for(self, name: str | None) -> set[str]:
        """Names of the tables that do not belong to this hole; all of them for None."""
        return {
            table.split()[2] for other, hole in self.holes.items() if other != name for table in hole.tables
        }


#: Holes that let somebody guess who raised, each in tables of its own.
GUESSED: dict[str, Callable[[], Hole]] = {
    "an exact time": ExactTime,
    "the order of arrival": OrderOfArrival,
    "a row at first use": FirstUse,
    "a list of readers": ReaderList,
    "a counter of acts": CounterOfActs,
    "the raiser's team": TeamOfRaiser,
    "a plain hash": RawHash,
    "a seal that carries the time": TimeInSeal,
}
#: Holes that the walk finds, without guessing.
WALKED: dict[str, Callable[[], Hole]] = {
    "a row at first use": FirstUse,
    "a list of readers": ReaderList,
    "a recipient in clear": ClearRecipient,
    "the id of direct messages": DirectChannel,
    "a stored rate limit": StoredRateLimit,
    "a plain hash": RawHash,
    "earlier words": EarlierWords,
    "what similar problems are found by, of earlier words": VectorOfEarlierWords,
}

#: Holes that two worlds of what follows a problem are told apart by.
TOLD_APART: dict[str, Callable[[], Kept]] = {
    "a pulse's answer with its time": lambda: Kept(pulse, "answer"),
    "a pulse's answers in their order": lambda: Kept(pulse, "answer", timed=False),
    "a team's word on a decision with its second": lambda: Kept(paying, "agree", "disagree", "comment"),
    "a yes to a merge with its second": lambda: Kept(raising, "consent"),
    "what became of it with its second": lambda: Kept(outcomes, "say_outcome"),
}


def all_of_them() -> Several:
    """Every hole that lies in tables of its own, in one world."""
    return Several({name: make() for name, make in (GUESSED | WALKED).items()})
