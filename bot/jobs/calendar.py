"""What is due by the calendar: the daily batch, the weekly edition, and cleaning up after both.

Rows say what was done already, so that any number of processes may look, at any time, and after any downtime.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from bot import metrics
from bot.core import outbox
from bot.core.calendar_rules import Period, batch_due, instant, is_working_day, period_due
from bot.core.decisions import queries as decisions
from bot.core.decisions import reviews
from bot.core.editions import acts as editions
from bot.core.editions import corrections
from bot.core.editions import queries as edition_queries
from bot.core.identity.records import Delivery
from bot.core.outbox import Message, Sending
from bot.core.problems import absence, flagging, tagging, trackers, waits
from bot.core.problems.queries import count_in
from bot.core.problems.records import Batch, Problem, Reaction, State
from bot.core.problems.telling import tell_stewards
from bot.core.pulse import waves
from bot.core.replies import mornings, moving
from bot.core.replies.right_of_reply import anything_waits
from bot.core.store import Busy, monday
from bot.core.teams.records import LookedUp
from bot.setting_kinds import DAYS
from bot.slack.days import workdays
from bot.slack.editions.views import withdrawn
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

#: An edition that goes out later than this says so.
LATE: Final = dt.timedelta(hours=1)
#: How long a delivery or a looked-up e-mail is remembered, in days beside the one it belongs to.
_KEPT_DAYS: Final = 1
_HOURLY: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)


class Calendar:
    """Looks what is due and does it; a look that finds nothing writes nothing."""

    def __init__(self, bot: Bot, *, stopping: threading.Event | None = None) -> None:
        self._bot = bot
        self._stopping = stopping or threading.Event()
        self._started = bot.clock()
        self._cleaned: dt.datetime | None = None
        self._to_destroy = False

    def run(self) -> None:
        """The batch first, so that an edition that is late has what was waiting."""
        for step in (self.batch, self.edition, self.clean, self.count):
            if not self._stopping.is_set():
                step()

    def batch(self) -> int | None:
        """Run the latest day's batch where it is due; how many acts it moved."""
        settings, now = self._bot.settings, self._bot.clock()
        day = batch_due(now, settings.batch_hour.hour, settings.time_zone, minute=settings.batch_hour.minute)
        moved = None
        if not self._has_run(day):
            with self._bot.sessions.begin(patient=True) as session:
                moved = moving.run(session, day=day, kit=self._bot.kit, at=now)
                if moved is not None:
                    gone = withdrawn(self._bot.words())
                    corrections.correct_withdrawn(session, gone, kit=self._bot.kit, at=now)
                    self._keep_share(session, day, now)
                    waves.even_out(session, at=now)
                    mornings.each_day(session, today=day, kit=self._bot.kit, at=now)
                    free = absence.free_days(session, self._free, today=day)
                    reviews.each_day(session, today=day, free=free, kit=self._bot.kit, at=now)
                    if settings.webhook_url:
                        trackers.announce(session, kit=self._bot.kit, at=now)
                    self._tell_stewards(session, day, now)
            self._to_destroy = self._to_destroy or moved is not None
        if self._to_destroy:
            self._destroy()
        return moved

    def edition(self) -> bool:
        """Compose the latest period's edition where it is due; whether one was made."""
        settings, now = self._bot.settings, self._bot.clock()
        period = period_due(
            now,
            DAYS.index(settings.digest_day),
            settings.digest_hour.hour,
            settings.time_zone,
            minute=settings.digest_hour.minute,
        )
        with self._bot.sessions.reading() as session:
            if not self._wanted(session, period):
                return False
        with self._bot.sessions.begin(patient=True) as session:
            made = editions.compose(
                session,
                period=period.key,
                due_at=period.due_at,
                late=period.late(now) > LATE,
                channel=settings.digest_channel,
                kit=self._bot.kit,
                at=now,
                days=workdays(session, self._bot, now),
            )
            if made is not None:
                flagging.look_over(session, at=now)
        if made is not None:
            log.info("composed an edition", period=period.key)
        return made is not None

    def clean(self) -> None:
        """Once an hour: let go of what is kept only to know a delivery again."""
        now = self._bot.clock()
        if self._cleaned is not None and abs(now - self._cleaned) < _HOURLY:
            return
        before = now.date() - dt.timedelta(days=_KEPT_DAYS)
        with self._bot.sessions.reading() as session:
            there = any(
                session.scalar(sa.select(sa.exists().where(condition)))
                for condition in (Delivery.day < before, LookedUp.day < before, Reaction.sealed.is_(None))
            )
        if there:
            with self._bot.sessions.begin(patient=True) as session:
                tagging.forget(session, before=now - tagging.REMEMBERED)
                session.execute(sa.delete(Delivery).where(Delivery.day < before))
                session.execute(sa.delete(LookedUp).where(LookedUp.day < before))
        self._cleaned = now

    def count(self) -> None:
        """Figures of the outbox for operators."""
        with self._bot.sessions.reading() as session:
            rows = session.execute(
                sa.select(Message.sending, sa.func.count())
                .where(Message.sending != Sending.SENT.value)
                .where(Message.due_at <= self._bot.clock())
                .group_by(Message.sending)
            )
            counts = {row[0]: row[1] for row in rows}
        stuck = counts.get(Sending.FAILED.value, 0) + counts.get(Sending.HELD.value, 0)
        metrics.unsent.set(stuck)
        metrics.waiting.set(sum(counts.values()) - stuck)

    def _has_run(self, day: dt.date) -> bool:
        with self._bot.sessions.reading() as session:
            return bool(session.scalar(sa.select(sa.exists().where(Batch.day == day))))

    def _tell_stewards(self, session: Session, day: dt.date, now: dt.datetime) -> None:
        """One message a steward on a working morning, whatever has gathered; none on other days."""
        waiting = (Message.kind == "something_waits", Message.sending == Sending.WAITING.value)
        session.execute(sa.delete(Message).where(*waiting))
        waits = anything_waits(session, at=now, today=day) or decisions.anything_to_review(session, today=day)
        if (waits or outbox.unsent(session)) and is_working_day(day, self._free):
            tell_stewards(session, self._bot.kit, at=now)

    def _keep_share(self, session: Session, day: dt.date, now: dt.datetime) -> None:
        """On Mondays everybody's Home gets the share of first answers in time, as it is by then."""
        if day.weekday() == 0 or waits.kept_share(session) is None:
            free = absence.free_days(session, self._free, today=day)
            waits.keep_share(session, at=now, zone=self._bot.settings.time_zone, free=free)

    def _free(self, day: dt.date) -> bool:
        return self._bot.settings.is_holiday(day)

    def _destroy(self) -> None:
        """What the batch has deleted is made unreadable; where a reader is in the way, at the next look."""
        try:
            self._bot.sessions.destroy()
        except Busy:
            return
        self._to_destroy = False

    def _wanted(self, session: Session, period: Period) -> bool:
        """Not made yet; and where there never was one, a past period is made up for only if the bot was there then."""
        if edition_queries.by_period(session, period.key) is not None:
            return False
        if period.due_at >= self._started or edition_queries.latest(session) is not None:
            return True
        return count_in(session, State.OPEN) > 0 and self._was_there(session, period)

    def _was_there(self, session: Session, period: Period) -> bool:
        """Whether rows say that the bot was installed before the period was due; they know days and weeks, no times."""
        settings = self._bot.settings
        first = session.scalar(
            sa.select(sa.func.min(Batch.day))
        )  # of the last week: older ones are forgotten
        if first is not None:
            # A day's batch runs at any time until the next one is due.
            by_then = instant(first + _DAY, settings.batch_hour, settings.time_zone)
            if by_then <= period.due_at:
                return True
        oldest = session.scalar(sa.select(sa.func.min(Problem.raised_week)))
        return oldest is not None and oldest < monday(period.due_at)


class Every:
    """Runs something at most once in so long by the bot's clock, and at once the first time."""

    def __init__(self, gap: dt.timedelta, clock: Callable[[], dt.datetime], run: Callable[[], bool]) -> None:
        """`run` says whether it is done; where not, it is asked again at the next look."""
        self._gap = gap
        self._clock = clock
        self._run = run
        self._done: dt.datetime | None = None

    def __call__(self) -> None:
        now = self._clock()
        if self._done is not None and abs(now - self._done) < self._gap:
            return
        if self._run():
            self._done = now
