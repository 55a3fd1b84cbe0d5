"""What happens by itself: the table of schedules, and a clock that only says "look now".

What is due stands in rows and is told by the bot's own clock, so that a practice clock moves everything.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import sqlalchemy.exc
import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot import logs
from bot.core.store import Busy

log = structlog.get_logger(__name__)

#: A database that does not answer, or that somebody else holds: asked again at the next time.
AWAY: Final = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    Busy,
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job and how often it is asked, in seconds; most of the time it finds nothing to do."""

    name: str
    every: float
    run: Callable[[], object]


class Worker:
    """Runs jobs beside each other, each at most once at a time in this process."""

    def __init__(self, schedules: tuple[Schedule, ...], stopping: threading.Event) -> None:
        self._schedules = schedules
        self._stopping = stopping
        # Its lines repeat every second what a job does, and print a failing job's error with its message.
        logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=dt.UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(schedules)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        self._scheduler.add_listener(self._broke, EVENT_JOB_ERROR)
        self._scheduler.add_listener(self._went, EVENT_JOB_EXECUTED)
        self._away = False

    def once(self) -> None:
        """Run every job once, one after the other, in this thread."""
        for each in self._schedules:
            each.run()

    def start(self) -> None:
        now = dt.datetime.now(dt.UTC)
        for each in self._schedules:
            self._scheduler.add_job(each.run, "interval", seconds=each.every, id=each.name, next_run_time=now)
        self._scheduler.start()
        log.info("the worker runs", jobs=[each.name for each in self._schedules])

    def stop(self, patience: float) -> bool:
        """Start nothing new and wait for what runs; False where something still runs after `patience` seconds."""
        self._stopping.set()
        ending = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        ending.start()
        ending.join(patience)
        return not ending.is_alive()

    def _broke(self, event: JobExecutionEvent) -> None:
        """A job that broke is told, and asked again at its next time; a database that is away is told once."""
        if isinstance(event.exception, AWAY):
            if not self._away:
                log.warning("waiting for the database", reason=type(event.exception).__name__)
            self._away = True
            return
        logs.surprise(log, event.exception, job=event.job_id)

    def _went(self, _event: JobExecutionEvent) -> None:
        if self._away:
            self._away = False
            log.info("the database is there again")
