"""The report as files: a page, a sheet, and the pictures as they stand in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.core.pilot import counting, queries
from bot.core.pilot.page import page
from bot.core.pilot.report import report
from bot.core.pilot.sheet import sheet
from bot.core.pilot.shown import Report
from bot.slack.pilot.counted import keep
from bot.slack.turn import Bot
from bot.words import Words


@dataclass(frozen=True, slots=True)
class File:
    """One file; `alt` tells what a picture shows."""

    name: str
    title: str
    content: bytes = field(repr=False)
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    report: Report
    files: Sequence[File]


def of(bot: Bot) -> Made | None:
    """The report of what was counted last, drawn; takes seconds. None before a pilot's first whole week is over.

    Raises `figures.MissingLibraries` without scipy.
    """
    keep(bot)
    with bot.sessions.reading() as session:
        found = read(session, bot.words(), pictures=True)
    return None if found is None else Made(found, files_of(bot.words(), found))


def drawn(bot: Bot) -> Sequence[File]:
    """The files alone; none before a first whole week is over."""
    made = of(bot)
    return made.files if made else ()


def read(session: Session, words: Words, *, pictures: bool = False) -> Report | None:
    """The report of what was counted last; None before a first whole week is over."""
    standing, facts = queries.shown(session), counting.latest(session)
    if standing is None or standing.times is None or facts is None:
        return None
    return report(words, standing, facts, pictures=pictures)


def files_of(words: Words, found: Report) -> list[File]:
    """The page first, then the sheet, then each picture in the order of the report."""
    return [
        File("pilot-report.html", found.title, page(words, found).encode()),
        # A byte order mark, so that spreadsheets read it as UTF-8.
        File("pilot-report.csv", words("Every figure as a sheet"), sheet(found).encode("utf-8-sig")),
        *(File(f"pilot-{each.name}.png", each.title, each.png, each.alt) for each in found.pictures),
    ]
