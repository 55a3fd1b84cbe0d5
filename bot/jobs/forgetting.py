"""Forgetting by itself: again after a restored backup, daily what was destroyed is noted, weekly it is swept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import structlog

from bot import logs
from bot.core.identity import hearing, installation
from bot.core.pulse import waves
from bot.core.replies import destroyed, forgetting
from bot.core.store import Busy
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)


class Forgetting:
    """One object a process; several processes may do all of it, since each of it can be done again."""

    def __init__(self, bot: Bot, path: Path) -> None:
        self._bot = bot
        self._path = path
        self._started = False
        self._noted: dt.datetime | None = None
        self._swept: dt.datetime | None = None

    def run(self) -> None:
        """Do what is due; where the file can't be written nothing is destroyed, and the log says so."""
        now = self._bot.clock()
        try:
            if not self._started:
                self._start()
            self._keep_what_was_said_anew()
            if self._swept is None or abs(now - self._swept) >= _WEEK:
                forgetting.sweep(self._bot.sessions, kit=self._bot.kit, at=now, path=self._path)
                self._swept = self._noted = now
            elif self._noted is None or abs(now - self._noted) >= _DAY:
                with self._bot.sessions.begin(patient=True) as session:
                    destroyed.note(session, self._path, at=now)
                self._noted = now
        except Busy:
            return  # somebody is in the way; the next look does what is left
        except OSError as error:
            logs.surprise(log, error, check="the list of what was destroyed can't be read or written")

    def _keep_what_was_said_anew(self) -> None:
        """A person who was forgotten and speaks again is not to lose that with the next start."""
        with self._bot.sessions.reading() as session:
            anything = bool(destroyed.said_anew(session, self._path, kit=self._bot.kit))
        if anything:
            with self._bot.sessions.begin(patient=True) as session:
                destroyed.leave_out(session, self._path, kit=self._bot.kit)

    def _start(self) -> None:
        """Before anything else: the installation's own row, and what a restored backup has brought back."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._bot.sessions.begin(patient=True) as session:
            installation.prepare(session, self._bot.kit.randomness)
            hearing.hide_older(session, self._bot.kit.sealing)
            again = destroyed.replay(session, self._path, kit=self._bot.kit)
            again += waves.destroy_again(session, destroyed.listed_of(self._path, "pulse"))
        if again:
            log.warning("a restored backup was made to forget again", count=again)
            self._bot.sessions.destroy(thorough=True)
        self._started = True
