"""Teams from a file: `team,function,member`, with every bad row named by its line, and all or nothing imported."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from bot.core.teams import acts
from bot.core.teams.records import LookedUp
from bot.jobs.pace import Allowance
from bot.slack.client import PersonGone, RateLimited, Refused, Slack
from bot.slack.turn import Bot

#: Longest name of a team or a function, in characters.
NAME_MOST: Final = 200
#: Look-ups a minute, under Slack's 50 for e-mails.
BY_MAIL: Final = 45
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,30}")
_MAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,253}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_COLUMNS: Final = ("team", "function", "member")


@dataclass(frozen=True, slots=True)
class Row:
    """One person in one team, as the file says it; `line` counts from 1."""

    line: int
    team: str
    function: str
    member: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, and what to do."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class TeamList:
    """What a file says: rows that can be read, and what is wrong with the others."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    repeated: int = 0


def read(data: bytes) -> TeamList:
    """Read a file as spreadsheets write it: with or without a byte order mark, commas, semicolons or tabs."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return TeamList((), (Fault(line, "this is not UTF-8: save the file as CSV in UTF-8"),))
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in _records(text, faults):
        fault = _wrong(cells)
        if fault:
            faults.append(Fault(line, fault))
        else:
            rows.append(Row(line, cells[0], cells[1], cells[2]))
    return _without_repeats(rows, faults)


def _records(text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    order: list[int] | None = None
    before = 0
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(reader.line_num, f"this line can't be read ({error})"))
            return
        line, before = before + 1, reader.line_num
        if not any(cells):
            continue
        if order is None:
            names = [cell.lower() for cell in cells]
            if {"team", "member"} <= set(names):
                order = [names.index(name) if name in names else -1 for name in _COLUMNS]
                continue
            order = [0, 1, 2]
        if len(cells) <= max(order):
            faults.append(Fault(line, f"{max(order) + 1} columns are needed: team, function, member"))
            continue
        yield line, [cells[place] if place >= 0 else "" for place in order]


def _wrong(cells: Sequence[str]) -> str | None:
    team, function, member = cells
    for name, value in zip(_COLUMNS, cells, strict=True):
        if _CONTROL.search(value):
            return f"the {name} holds characters that can't be shown"
    if not team:
        return "the team is missing"
    if not member:
        return "the member is missing: an e-mail, or a member ID (U..., in a profile under the three dots)"
    if len(team) > NAME_MOST or len(function) > NAME_MOST:
        return f"a name has at most {NAME_MOST} characters, this one has {max(len(team), len(function))}"
    if not (_PERSON.fullmatch(member) or _MAIL.fullmatch(member)):
        return "the member is neither an e-mail nor a member ID (U...)"
    return None


def _without_repeats(rows: Iterable[Row], faults: list[Fault]) -> TeamList:
    kept: dict[tuple[str, str], Row] = {}
    functions: dict[str, Row] = {}
    repeated = 0
    for row in rows:
        team = row.team.lower()
        other = functions.setdefault(team, row) if row.function else None
        if other is not None and other.function.lower() != row.function.lower():
            faults.append(
                Fault(row.line, f"this team is in another function in line {other.line}; a team has one")
            )
            continue
        if (team, row.member.lower()) in kept:
            repeated += 1
            continue
        kept[(team, row.member.lower())] = row
    return TeamList(tuple(kept.values()), tuple(sorted(faults, key=lambda fault: fault.line)), repeated)


class Lookup:
    """Finds out who the members of a list are, at Slack's pace; who was found is remembered for a day."""

    def __init__(
        self,
        bot: Bot,
        slack: Slack,
        *,
        pause: Callable[[float], object],
        progress: Callable[[int, int], object],
        allowance: Allowance | None = None,
    ) -> None:
        """`progress` hears how many of how many are known, after each look-up."""
        self._bot = bot
        self._slack = slack
        self._pause = pause
        self._progress = progress
        self._allowance = allowance or Allowance(BY_MAIL)

    def people(self, rows: Sequence[Row]) -> tuple[dict[str, str], list[Fault]]:
        """Person ids by member as written, and a fault for each row whose member is nobody.

        Raises a `SlackTrouble` where Slack does not answer or refuses; what was found until then is kept.
        """
        found: dict[str, str] = {}
        nobody: set[str] = set()
        members = list(dict.fromkeys(row.member for row in rows))
        for done, member in enumerate(members, start=1):
            person = self._person(member)
            if person:
                found[member] = person
            else:
                nobody.add(member)
            self._progress(done, len(members))
        return found, [Fault(row.line, _nobody(row.member)) for row in rows if row.member in nobody]

    def _person(self, member: str) -> str | None:
        mark = self._bot.kit.sealing.mark_of("team list", member.lower())
        with self._bot.sessions.reading() as session:
            known = session.get(LookedUp, mark)
        # A row without a person is of an older release: nobody is looked up anew, an account may be back by now.
        if known is not None and known.person and self._today() - known.day <= dt.timedelta(days=1):
            return known.person
        person = self._asked(member)
        if person is not None:
            with self._bot.sessions.begin(patient=True) as session:
                acts.looked_up(session, mark, person, on=self._today())
        return person

    def _asked(self, member: str) -> str | None:
        while True:
            self._pause(self._allowance.wait())
            self._allowance.take()
            try:
                return self._by_mail(member) if "@" in member else self._by_id(member)
            except RateLimited as limit:
                self._pause(limit.retry_after)

    def _by_mail(self, mail: str) -> str | None:
        return self._slack.person_by_mail(mail)

    def _by_id(self, person: str) -> str | None:
        try:
            told = self._slack.person(person)
        except PersonGone:
            return None
        gone = told.get("deleted") or told.get("is_bot") or told.get("is_stranger")
        return None if gone else person

    def _today(self) -> dt.date:
        return self._bot.clock().date()


def _nobody(member: str) -> str:
    if "@" in member:
        return "nobody has this e-mail here, or the account is deactivated"
    return "nobody has this member ID here, or the account is deactivated or a bot's"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many teams and people came in."""

    teams: int
    people: int


def store(session: Session, bot: Bot, rows: Iterable[Row], people: dict[str, str]) -> Imported:
    """Take over the list: each team that it names has exactly these people from it. Others stay as they are."""
    members: dict[str, set[str]] = {}
    first: dict[str, Row] = {}
    functions: dict[str, str] = {}
    for row in rows:
        team = row.team.lower()
        first.setdefault(team, row)
        if row.function:
            functions.setdefault(team, row.function)
        members.setdefault(team, set()).add(people[row.member])
    for name, row in first.items():
        made = acts.team_named(session, row.team, function=functions.get(name), randomness=bot.kit.randomness)
        acts.list_members(session, made, members[name])
    return Imported(len(members), len(set().union(*members.values())) if members else 0)


def refusal(error: Refused) -> str:
    """What to do where Slack refuses the look-up."""
    if type(error).__name__ == "MissingScope":
        return (
            "Slack does not let the bot look people up by e-mail (scope users:read.email). Grant it and install "
            "the app again, or name people by their member ID."
        )
    return f"Slack refuses to look people up ({error.code})."
