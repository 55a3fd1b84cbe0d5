"""Days where the stewards are: which one it is now, and which ones nobody works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.core.calendar_rules import Workdays, add_working_days
from bot.core.problems import absence
from bot.slack.turn import Bot


def today(bot: Bot, at: dt.datetime) -> dt.date:
    return at.astimezone(bot.settings.time_zone).date()


def free_days(session: Session, bot: Bot, at: dt.datetime) -> Callable[[dt.date], bool]:
    """Holidays, and days on which all stewards are away."""
    return absence.free_days(session, bot.settings.is_holiday, today=today(bot, at))


def workdays(session: Session, bot: Bot, at: dt.datetime) -> Workdays:
    """The days that stewards work on."""
    return Workdays(bot.settings.time_zone, free_days(session, bot, at))


def working_days_on(session: Session, bot: Bot, at: dt.datetime, days: int) -> dt.date:
    """The day that is so many working days from now."""
    zone = bot.settings.time_zone
    return add_working_days(at, days, zone, free_days(session, bot, at)).astimezone(zone).date()
