"""What leaves the bot beside its messages: the pilot's report as page and sheet, and what a webhook tells."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core import outbox
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.pilot import acts as pilots
from bot.core.pilot import counting, queries
from bot.core.pilot.page import page
from bot.core.pilot.rules import Definition
from bot.core.pilot.sheet import sheet
from bot.core.problems import trackers
from bot.core.problems.records import Problem
from bot.core.problems.trackers import News
from bot.slack.pilot.counted import beside
from bot.slack.pilot.files import read
from bot.words import Words

UTC = ZoneInfo("UTC")
PILOT = Definition("Does it help?", "The two heads", "Judging people")


def begin_pilot(session: Session, steward: Actor, *, kit: Kit, at: dt.datetime) -> None:
    """A pilot of all functions, which starts with this Monday or the next one."""
    pilots.write_down(session, steward, PILOT, kit=kit, at=at)
    pilots.start(session, steward, kit=kit, at=at)


def count_pilot(session: Session, *, at: dt.datetime) -> None:
    """As the worker does on Mondays."""
    pilot = queries.standing(session)
    if pilot is not None and pilot.starts_on is not None and counting.due(session, at=at) is not None:
        counting.keep(
            session, beside(session, queries.times(pilot)), at=at, zone=UTC, free=lambda _day: False
        )


def report(session: Session) -> list[str]:
    """The page and the sheet, without the pictures that are drawn from the same figures; nothing before a first week."""
    words = Words.of("en")
    found = read(session, words)
    return [] if found is None else [page(words, found), sheet(found)]


def hook(session: Session, row: Message) -> str | None:
    """What a webhook is told by this message."""
    problem = session.get(Problem, row.about["problem"])
    told = problem and trackers.payload(problem, News(row.about["news"]), str(row.id))
    return json.dumps(told, sort_keys=True) if told else None


def sent(session: Session, *, at: dt.datetime) -> list[str]:
    """Let everything go out that is due; what webhooks were told of it."""
    told = []
    while rows := list(outbox.claim(session, at=at, most=1000, lease=dt.timedelta(minutes=1))):
        for row in rows:
            found = hook(session, row) if row.kind == trackers.WEBHOOK else None
            told += [found] if found else []
            outbox.sent(session, row.id)
    return told


def results(session: Session) -> list[str]:
    """What every closed pulse shows."""
    return [
        json.dumps(each, sort_keys=True)
        for each in session.scalars(sa.text("SELECT results FROM pulse_waves"))
    ]
