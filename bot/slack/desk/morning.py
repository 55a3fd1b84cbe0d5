"""What waits for stewards on a working morning, counted as their desk counts it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core import outbox
from bot.core.decisions import queries as decisions
from bot.core.decisions.rules import Due
from bot.core.outbox import Message
from bot.core.problems import due, waits
from bot.core.problems.standing_rules import State
from bot.core.replies.desk import Desk, Waits, on_desk
from bot.slack.days import free_days, today
from bot.slack.desk import morning_views
from bot.slack.desk.morning_views import Morning, Review
from bot.slack.rendered import Nothing, Rendered, Said
from bot.slack.turn import Bot

_A_WEEK = dt.timedelta(days=7)
_MOST = 50


def something_waits(session: Session, bot: Bot, _message: Message, _person: str | None) -> Rendered:
    """Nothing is sent where nothing waits any more."""
    found = of(session, bot, at=bot.clock())
    return Nothing() if found.nothing else Said(*morning_views.something_waits(bot.words(), found))


def of(session: Session, bot: Bot, *, at: dt.datetime) -> Morning:
    """All that waits at this moment."""
    desk = on_desk(session, at=at, today=today(bot, at), most=1)
    return Morning(
        new=desk[Waits.NEW].total,
        unanswered=due.unanswered_count(session, (State.ASKED, State.OPEN, State.RESTING)),
        oldest=_oldest(session, bot, desk, at),
        down=desk[Waits.DOWN].total,
        ready=desk[Waits.READY].total,
        spoke=desk[Waits.SPOKE].total,
        again=desk[Waits.AGAIN].total,
        answered=desk[Waits.ANSWERED].total,
        due=desk[Waits.DUE].total,
        reviews=_reviews(session, bot, at),
        stuck=len(outbox.unsent(session)),
    )


def _oldest(session: Session, bot: Bot, desk: Desk, at: dt.datetime) -> int:
    """Working days of the longest wait: within its week, whoever came first is taken to be answered first."""
    if desk.oldest is None:
        return 0
    week = (desk.oldest, desk.oldest + _A_WEEK)
    zone, free = bot.settings.time_zone, free_days(session, bot, at)
    found = waits.waits(session, at=at, zone=zone, free=free, since=week[0], until=week[1])
    return max((wait.days for wait in found if not wait.answered), default=0)


def _reviews(session: Session, bot: Bot, at: dt.datetime) -> list[Review]:
    """Decisions whose review has come, and those that wait for a second steward."""
    now, free = today(bot, at), free_days(session, bot, at)
    found = decisions.up_for_review(session, until=now, most=_MOST)
    found += decisions.waiting_for_a_second(session, today=now, most=_MOST)
    return [
        Review(
            [payer.name for payer in told.payers if payer.askable and payer.review is None]
            if told.review_asked and decisions.due_of(told, today=now, free=free) is Due.PAYERS
            else ()
        )
        for _, told in found
    ]
