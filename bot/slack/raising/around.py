"""What the forms say of their surroundings, read from the database and the settings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.calendar_rules import batch_due, instant
from bot.core.identity.people import stewards
from bot.core.problems.absence import all_away_until
from bot.slack.raising.views import Around
from bot.slack.turn import Bot


def next_batch(bot: Bot, at: dt.datetime) -> dt.datetime:
    """When what is sent now reaches the stewards."""
    hour, zone = bot.settings.batch_hour, bot.settings.time_zone
    last = batch_due(at, hour.hour, zone, minute=hour.minute)
    return instant(last + dt.timedelta(days=1), hour, zone)


def last_batch(bot: Bot, at: dt.datetime) -> dt.datetime:
    """When what was said to raisers reached them last."""
    hour, zone = bot.settings.batch_hour, bot.settings.time_zone
    return instant(batch_due(at, hour.hour, zone, minute=hour.minute), hour, zone)


def around(session: Session, bot: Bot, at: dt.datetime) -> Around:
    return Around(
        stewards=stewards(session),
        reaches_at=next_batch(bot, at),
        misconduct=bot.settings.people_channel,
        command=bot.settings.command,
        sponsor=bot.settings.sponsor,
        away_until=all_away_until(session, today=at.astimezone(bot.settings.time_zone).date()),
    )
