"""The pulse by itself: waves open, remind and close; what they kept is destroyed; once a quarter, who is quiet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import structlog

from bot import logs
from bot.core.calendar_rules import is_working_day
from bot.core.pulse import silence, waves
from bot.core.replies import destroyed
from bot.core.store import Busy
from bot.jobs.calendar import Every
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

_DAY = dt.timedelta(days=1)


class Pulse:
    """One object a process; several processes may look, since rows say what was done."""

    def __init__(self, bot: Bot, path: Path) -> None:
        self._bot = bot
        self._path = path
        self._to_destroy: bool | None = None  # not known before the first look
        self._daily = Every(_DAY, bot.clock, self._each_day)

    def _closed_lately(self) -> bool:
        with self._bot.sessions.reading() as session:
            return waves.closed_since(session, self._bot.clock() - 2 * _DAY)

    def run(self) -> None:
        """Do what is due; where the list of destroyed things can't be written no wave closes, and the log says so."""
        try:
            if self._to_destroy is None:
                # A process that was killed may have closed a wave and left what it destroyed in the files.
                self._to_destroy = self._closed_lately()
            self._waves()
            self._daily()
            if self._to_destroy:
                self._bot.sessions.destroy(thorough=True)
                self._to_destroy = False
        except Busy:
            return  # somebody is in the way; the next look does what is left
        except OSError as error:
            logs.surprise(log, error, check="the list of what was destroyed can't be read or written")

    def _waves(self) -> None:
        now = self._bot.clock()
        with self._bot.sessions.reading() as session:
            if not waves.due(session, at=now):
                return
            # Where nobody waits for it: others write meanwhile.
            counted = waves.counted(session, at=now)
        with self._bot.sessions.begin(patient=True) as session:
            over = waves.go_on(session, kit=self._bot.kit, at=now, counted=counted)
            if over is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                destroyed.note(session, self._path, [waves.destroyed_line(over)], at=now)
        self._to_destroy = self._to_destroy or over is not None
        while self._tell_on():
            pass  # a transaction each, so that others come in between

    def _tell_on(self) -> bool:
        with self._bot.sessions.begin(patient=True) as session:
            return waves.tell_on(session, kit=self._bot.kit)

    def _each_day(self) -> bool:
        """Ask stewards about the quarter before, and say when fewer come; True once it is done."""
        bot, now = self._bot, self._bot.clock()
        today = now.astimezone(bot.settings.time_zone).date()
        with bot.sessions.begin(patient=True) as session:
            working = is_working_day(today, bot.settings.is_holiday)
            if working and not silence.looked(session, on=today):
                silence.look(session, on=today, kit=bot.kit, at=now)
            elif working:
                silence.look_at_flow(session, on=today, kit=bot.kit, at=now)
        return True
