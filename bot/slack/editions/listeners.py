"""Stewards look at the next edition before it is posted."""

from __future__ import annotations

import datetime as dt

from bot.core.calendar_rules import Period, period_due
from bot.core.editions import acts
from bot.core.identity.people import stewards_only
from bot.setting_kinds import DAYS
from bot.settings import Settings
from bot.slack.days import workdays
from bot.slack.editions.preview import Coming, preview
from bot.slack.help.answering import misused
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    listeners.command(DIGEST)


def digest(turn: Turn, rest: str) -> Answer:
    if rest:
        return misused(turn, DIGEST)
    settings = turn.bot.settings
    period = next_period(settings, turn.at)
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        days = workdays(session, turn.bot, turn.at)
        composed = acts.preview(session, at=turn.at, period=period.key, days=days)
    coming = Coming(period.key, period.due_at)
    text, blocks = preview(turn.words, coming, composed, command=settings.command)
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}


DIGEST = SubCommand("digest", "digest", mark("the next edition, as it would be now"), digest, stewards=True)


def next_period(settings: Settings, now: dt.datetime) -> Period:
    """The edition that is due next."""
    hour = settings.digest_hour
    return period_due(
        now + dt.timedelta(weeks=1),
        DAYS.index(settings.digest_day),
        hour.hour,
        settings.time_zone,
        minute=hour.minute,
    )
