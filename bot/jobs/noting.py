"""What becomes of a row of the outbox: each in a transaction of its own, never around a call to Slack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import structlog

from bot import metrics
from bot.core import outbox
from bot.core.outbox import Message
from bot.slack import messages
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

#: How long a claim stands: all that are claimed at once are tried well within it.
LEASE: Final = dt.timedelta(seconds=90)
#: Tries of a personal message whose answer was lost: saying "there is news" twice harms nobody, but not for ever.
UNANSWERED_TRIES: Final = 8


class Noting:
    """Notes of each claimed row what became of it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def went_out(self, row: Message, ts: str) -> None:
        kind = messages.KINDS.get(row.kind)
        with self._bot.sessions.begin(patient=True) as session:
            if kind and kind.stands:
                kind.stands(session, self._bot, row, ts, self._bot.clock())
            outbox.sent(session, row.id)
        metrics.sent.inc()

    def postpone(self, row: Message, wait: dt.timedelta, name: str) -> None:
        """Try again later; `name` is the class of what is in the way."""
        with self._bot.sessions.begin(patient=True) as session:
            outbox.postpone(session, row.id, until=self._bot.clock() + wait, problem_class=name)

    def unsure(self, row: Message, name: str) -> None:
        """Whether it stands there is not known; by the time it is looked for, Slack can tell."""
        with self._bot.sessions.begin(patient=True) as session:
            outbox.unsure(session, row.id, at=self._bot.clock() + LEASE, problem_class=name)

    def give_up(self, row: Message, name: str, *, held: bool = False) -> None:
        kind = messages.KINDS.get(row.kind)
        with self._bot.sessions.begin(patient=True) as session:
            if held and kind and kind.held:
                kind.held(session, row)
            outbox.give_up(session, row.id, problem_class=name, held=held)
        log.warning("a message was not sent; the stewards' desk says why", kind=row.kind, reason=name)

    def drop(self, row: Message) -> None:
        """Nobody has to hear it any more.

        It counts as sent: else the count would tell how many people are behind the news of so many problems.
        """
        with self._bot.sessions.begin(patient=True) as session:
            outbox.sent(session, row.id)
        metrics.sent.inc()

    def give_back(self, rows: Sequence[Message], *, later: dt.timedelta = dt.timedelta()) -> None:
        """Claimed and not tried: they wait as before."""
        if not rows:
            return
        until = self._bot.clock() + later
        with self._bot.sessions.begin(patient=True) as session:
            for row in rows:
                outbox.postpone(session, row.id, until=until, problem_class=row.problem_class or "Waiting")


def missable(row: Message) -> bool:
    """Whether it may be dropped rather than tried for long."""
    kind = messages.KINDS.get(row.kind)
    return kind is not None and kind.missable
