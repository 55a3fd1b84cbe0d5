"""A company that lives with the bot as processes of its own, and speaks to it as people do: by commands and forms.

Beside a `World` of the core alone this one has what the processes add: Slack's deliveries, their log at DEBUG,
the metrics, every call to Slack, and databases that other processes write to.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from bot.core.identity.people import Actor
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import triage
from bot.core.problems.records import Problem, State
from bot.core.replies import acts as relay
from bot.core.teams.records import Team
from bot.sandbox.inputs import elements_of
from bot.sandbox.outcome import Outcome
from bot.slack.cards import HITS_US
from tests.adversary.reading import Dump, dump
from tests.adversary.roster import Person, Presence, Size, moment
from tests.adversary.world import BATCH, BEGINS, Case, Watched
from tests.conftest import KEY
from tests.journeys.stories import CHANNEL, COMMAND, Somebody, Workplace, workplace

_TRIES = 10
#: Acts by name, confirmations, and looks that nobody notes down, each working day.
NAMED, CONFIRMED, LOOKED = 6, 6, 6
_CODE = re.compile(r"`((?:\d{4} ){3}\d{4})`")
_STAMP = re.compile(r'"timestamp": "[^"]*T[^"]*"')
_SYLLABLES = (
    "ba",
    "den",
    "fol",
    "gri",
    "hu",
    "kem",
    "lor",
    "mi",
    "nat",
    "pus",
    "rel",
    "sog",
    "ti",
    "vam",
    "wex",
)


@dataclass(frozen=True)
class Patient(Somebody):
    """Does it once more where the machine was too busy to answer in Slack's three seconds; the form stays open."""

    def types(self, said: str = "", where: str = "general") -> Outcome:
        return self._until_ok(lambda: self.practice.slash(COMMAND, said, where, self.handle))

    def sends(self, given: Mapping[str, Any] | None = None) -> str:
        self._until_ok(lambda: self.practice.submit(self.handle, given))
        return self.reads

    def raises(self, title: str, hardship: str, **more: Any) -> str:
        for _ in range(_TRIES):
            self.types()
            said = self.sends({"title": title, "hardship": hardship, **more})
            if "Is it one of these?" in said:
                self.presses("Send mine as it is")
                said = self.reads
            self.done()
            if "Heard" in said:
                break
            assert "Nothing was saved" in said, said  # the database was too busy; again in a minute
        return said

    def home(self) -> dict[str, Any]:
        self._until_ok(lambda: self.practice.open_home(self.handle))
        return self.practice.home(self.handle) or {"blocks": []}

    @staticmethod
    def _until_ok(act: Callable[[], Outcome]) -> Outcome:
        for _ in range(_TRIES):
            outcome = act()
            if outcome.ok:
                break
        assert outcome.ok, outcome.trouble or outcome
        return outcome


@dataclass
class LiveWorld:
    """What happened to a company in some days: `watched` is what an adversary gets, `read` what was left."""

    office: Workplace
    size: Size
    chance: random.Random
    watched: Watched
    days: list[dt.date]
    minutely: bool = False  # whether somebody reads the metrics after every act, and not only in the evening
    cases: list[Case] = field(default_factory=list)
    kit: Kit = field(default_factory=lambda: Kit.of(Sealing([KEY], random.Random(1)), random.Random(2)))
    _codes: dict[str, str] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _read: dict[Path, int] = field(default_factory=dict)
    _scraped: str = ""

    def live(self) -> LiveWorld:
        """Let every day pass, with the batch of each night."""
        raises = self._raises()
        for day in self.days:
            self._night(day)
            for at, who, do in sorted([*raises[day], *self._day(day)], key=lambda each: each[0]):
                self._at(at)
                do(at)
                self._somebody(who).done()
                self._note(at)
                if self.minutely and (scrape := self._scrape()) != self._scraped:
                    self.watched.scraped.append(at.replace(second=0))
                    self._scraped = scrape
            self.watched.metrics += self._scrape()
        self._night(self.days[-1] + dt.timedelta(days=1))
        self.office.until(lambda: not self.office._unsaid(), "something is still to be said")
        self.office.stop()
        self._note(self.office.now)
        self.watched.said = [
            _plain(call) for call in self.office.practice.calls() if call["method"] in _SAYING
        ]
        return self

    # The calendar

    def _at(self, at: dt.datetime) -> None:
        ahead = (at - self.office.now).total_seconds()
        if ahead > 0:
            self.office.practice.move_clock(ahead)

    def _night(self, day: dt.date) -> None:
        self._at(dt.datetime.combine(day, BATCH, dt.UTC) + dt.timedelta(seconds=2))
        self.office.until(lambda: day in self.office._batches(), "no batch ran")
        self._note(self.office.now)

    def _note(self, at: dt.datetime) -> None:
        """What the log has said since, at the time that it was in the company."""
        stamp = f'"timestamp": "{at:%Y-%m-%dT%H:%M:%SZ}"'
        for file in self.office.folder.glob("*.log"):
            text = file.read_text("utf-8", "replace")
            self.watched.log += _STAMP.sub(stamp, text[self._read.get(file, 0) :])
            self._read[file] = len(text)

    def _scrape(self) -> str:
        """The metrics of every process."""
        pages = []
        for process in self.office.processes:
            with urllib.request.urlopen(f"http://127.0.0.1:{process.port}/metrics", timeout=10) as page:
                pages.append(page.read().decode())
        return "".join(pages)

    # What people do

    def _somebody(self, who: str) -> Somebody:
        return Patient(self.office, who)

    def _raises(self) -> dict[dt.date, list[_Event]]:
        """Protected raises: of two people who were both there, a coin says which one it was."""
        people = [each.id for each in self.watched.people[2:]]
        found: dict[dt.date, list[_Event]] = {day: [] for day in self.days}
        while len(self.cases) < self.size.problems:
            raiser, decoy = self.chance.sample(people, 2)
            day = self.chance.choice(self.days)
            presence = self.watched.presence
            if not (presence.minutes(raiser, day) and presence.minutes(decoy, day)):
                continue
            at = self._when(raiser, day)
            anonymous = bool(len(self.cases) % 2)
            case = Case(self._title(), raiser, decoy, anonymous, at)
            self.cases.append(case)
            self.watched.days[case.title] = day
            found[day].append((at, raiser, lambda _at, case=case: self._raise(case)))
        return found

    def _raise(self, case: Case) -> None:
        way = {"way": "anonymous"} if case.anonymous else {}
        said = self._somebody(case.raiser).raises(case.title, "For us this means waiting.", **way)
        if case.anonymous:
            code = _CODE.search(said)
            assert code is not None, said
            self._codes[case.title] = code[1]

    def _day(self, day: dt.date) -> list[_Event]:
        """Stewards publish and ask what came; raisers answer; others confirm, raise and tag by name, and look."""
        with self.office.sessions.reading() as session:
            problems = list(session.scalars(sa.select(Problem).order_by(Problem.title)))
        of = {case.title: case for case in self.cases}
        found: list[_Event] = []
        for problem in problems:
            case = of.get(problem.title)
            if problem.state == State.NEW.value and problem.title not in self._told:
                self._told.add(problem.title)
                found.append(self._steward(day, problem, ask=case is not None and self.chance.random() < 0.4))
            elif case is not None and self.chance.random() < 0.3 and self._there(case.raiser, day):
                found.append(
                    (self._when(case.raiser, day), case.raiser, lambda _at, case=case: self._come_back(case))
                )
        can_be_read = [each for each in problems if each.state == State.OPEN.value and each.number]
        for problem in self.chance.sample(can_be_read, min(len(can_be_read), CONFIRMED)):
            case, who = of.get(problem.title), self.chance.choice(self.watched.people[2:]).id
            if self._there(who, day) and not (case and who in (case.raiser, case.decoy)):
                self.watched.excluded.setdefault(problem.title, set()).add(who)
                found.append(
                    (self._when(who, day), who, lambda _at, each=problem, who=who: self._confirm(each, who))
                )
        for number, person in enumerate(self.chance.sample(self.watched.people[2:], NAMED + LOOKED)):
            if self._there(person.id, day):
                at = self._when(person.id, day)
                found.append((at, person.id, self._named(person.id, number)))
        return found

    def _there(self, who: str, day: dt.date) -> bool:
        return bool(self.watched.presence.minutes(who, day))

    def _when(self, who: str, day: dt.date) -> dt.datetime:
        minutes = self.watched.presence.minutes(who, day)
        return moment(day, self.chance.choice(minutes), self.chance.randrange(60))

    def _steward(self, day: dt.date, problem: Problem, *, ask: bool) -> _Event:
        at, who = moment(day, self.chance.randrange(480)), self.chance.choice(self.watched.people[:2]).id

        def publish(at: dt.datetime) -> None:
            steward, night = (
                Actor(who, steward=True),
                dt.datetime.combine(at.date() + dt.timedelta(1), BATCH, dt.UTC),
            )
            with self.office.sessions.begin() as session:
                triage.publish(session, steward, problem.id, kit=self.kit, at=at, news_at=night)
                if ask:
                    relay.ask(session, steward, problem.id, "How often?", kit=self.kit, at=at, news_at=night)
            self.watched.named.append((who, at, f"publish {problem.title}"))

        return at, who, publish

    def _come_back(self, case: Case) -> None:
        """Whoever raised it looks, and answers where something was asked."""
        raiser = self._somebody(case.raiser)
        if case.anonymous:
            raiser.types("receipt")
            raiser.sends({"code": self._codes[case.title]})
        else:
            (mine,) = raiser.types("mine").ephemerals
            raiser.presses(f"Open: {case.title}", at=mine)
        assert case.title in raiser.reads, raiser.reads
        fields = {element["action_id"] for _, element, _ in elements_of((raiser.form or {})["blocks"])}
        if "answer" in fields:
            raiser.sends({"answer": "Every week."})

    def _confirm(self, problem: Problem, who: str) -> None:
        somebody = self._somebody(who)
        shown, button = somebody.types(f"show {problem.number}").ephemerals, f"{HITS_US}:{problem.id}"
        if button in str(shown):  # it is not there for who has said so already, or raised it by name
            self.office.practice.press(who, button)

    def _named(self, who: str, number: int) -> Callable[[dt.datetime], None]:
        """By name in front of everybody, or a look that leaves nothing behind."""
        title = self._title()

        def do(at: dt.datetime) -> None:
            somebody = self._somebody(who)
            if number >= NAMED:
                somebody.home() if number % 2 else somebody.types("list")
                return
            if number % 2:
                somebody.raises(title, "For us this means waiting.", name=["show"])
            else:
                message = self.office.practice.say(who, CHANNEL, f"{title}?").message
                assert message is not None
                self.office.practice.react(who, message, "jigsaw")
                self.office.until(lambda: not self.office.unsettled(), "a reaction is left")
            self.watched.named.append((who, at, title))

        return do

    def _title(self) -> str:
        """Words that nobody has said before, so that no problem is like another."""
        return " ".join("".join(self.chance.choices(_SYLLABLES, k=3)) for _ in range(4)).capitalize()

    def read(self) -> Dump:
        """The database as the processes left it."""
        return dump(self.office.sessions)

    def plant_times(self) -> None:
        """A hole: when each of them was raised, as a careless release might keep it."""
        with self.office.sessions.begin() as session:
            session.execute(sa.text("CREATE TABLE raised (problem BIGINT, at VARCHAR(40))"))
            ids = {each.title: each.id for each in session.scalars(sa.select(Problem))}
            for case in self.cases:
                row = {"problem": ids[case.title], "at": case.at.isoformat(" ")}
                session.execute(sa.text("INSERT INTO raised VALUES (:problem, :at)"), row)


_Event = tuple[dt.datetime, str, Callable[[dt.datetime], None]]
_SAYING = {"chat.postMessage", "chat.postEphemeral", "chat.update", "views.publish"}


def _plain(call: dict[str, Any]) -> str:
    """What was said, without to whom: Slack has to be told, and the bot keeps it nowhere."""
    return json.dumps({name: call["args"].get(name) for name in ("text", "blocks", "view")}, sort_keys=True)


@contextmanager
def company(
    folder: Path, way: str, database: str, *, seed: int, size: Size, minutely: bool = False
) -> Iterator[LiveWorld]:
    """A company of this size on a Monday morning, with the bot in it."""
    chance = random.Random(f"live {seed}")
    handles = [f"p{number:03}" for number in range(size.people)]
    team_of = [None if number % 20 == 19 else number % size.teams for number in range(size.people)]
    starts_at = dt.datetime.combine(BEGINS, BATCH, dt.UTC) - dt.timedelta(minutes=20)
    file = folder / "company.yml"
    file.write_text(yaml.safe_dump(_content(handles, team_of, size)), "utf-8")
    with workplace(
        *(folder, way, database), company=file, starts_at=starts_at, GROUNDSWELL_LOG_LEVEL="debug"
    ) as office:
        practice, office.patience = office.practice, 120.0
        people = [
            Person(
                practice.person(handle).id,
                practice.person(handle).email,
                practice.dm(handle, practice.bot.id),
                team,
            )
            for handle, team in zip(handles, team_of, strict=True)
        ]
        weekdays = [BEGINS + dt.timedelta(days=day) for day in range(size.days * 7 // 5 + 2)]
        days = [day for day in weekdays if day.weekday() < 5][: size.days]
        watched = Watched(people, Presence(people, days, chance), sealing_key=KEY)
        watched.secrets = {
            each: each.encode() for each in (practice.bot_token, practice.app_token, practice.signing_secret)
        }
        with office.sessions.reading() as session:
            by_name = {each.name: each.id for each in session.scalars(sa.select(Team))}
        watched.teams = {number: by_name[f"Team {number:02}"] for number in range(size.teams)}
        yield LiveWorld(office, size, chance, watched, days, minutely)


def _content(handles: list[str], team_of: list[int | None], size: Size) -> dict[str, Any]:
    """A seed file: its first two people are the stewards, of two functions."""
    people: dict[str, dict[str, list[str]]] = {}
    for handle, team in zip(handles, team_of, strict=True):
        group = "elsewhere" if team is None else f"team-{team:02}"
        people.setdefault(group, {})[handle] = [f"Person {handle}", "Member", "UTC", "en-GB"]
    return {
        "workspace": {"name": "Harbour Lane", "domain": "harbour-lane"},
        "stewards": handles[:2],
        "sponsor": handles[2],
        "teams": [
            {"handle": f"team-{team:02}", "name": f"Team {team:02}", "function": f"Function {team % 5}"}
            for team in range(size.teams)
        ],
        "people": people,
        "places": [
            {"name": name, "members": "everybody", "bot": True}
            for name in ("general", CHANNEL, "people-help")
        ],
    }
