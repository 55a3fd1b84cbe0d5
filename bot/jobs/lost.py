"""What became of messages whose sender died, or whose answer was lost."""

from __future__ import annotations

import datetime as dt
from typing import Final

from bot.core import outbox
from bot.core.outbox import Message
from bot.jobs.noting import LEASE, UNANSWERED_TRIES, Noting, missable
from bot.slack import messages
from bot.slack.client import RateLimited, Refused, Slack, Unanswered, Unreached
from bot.slack.rendered import Call, HomeTab, Nothing, NotYet, Said, Untraced
from bot.slack.turn import Bot

#: Tries of finding out what became of a message.
_LOOKS: Final = 20
_CLOCKS_DIFFER: Final = dt.timedelta(minutes=10)


class Lost:
    """Looks for what may stand in Slack already, so that nothing is said twice in a channel."""

    def __init__(self, bot: Bot, slack: Slack, note: Noting) -> None:
        self._bot = bot
        self._slack = slack
        self._note = note

    def find(self) -> None:
        """Settle each, as far as Slack can say."""
        now = self._bot.clock()
        with self._bot.sessions.reading() as session:
            if not outbox.any_abandoned(session, at=now):
                return
        with self._bot.sessions.begin(patient=True) as session:
            rows = outbox.abandoned(session, at=now, lease=LEASE)
            for row in rows:
                row.attempts += 1
        for row in rows:
            if row.sealed_person is not None:
                self._say_again(row)
            elif row.attempts >= _LOOKS:
                self._note.give_up(row, "Unanswered", held=True)
            else:
                self._look_for(row)

    def _say_again(self, row: Message) -> None:
        """What is for one person alone is said again rather than lost."""
        if missable(row) or row.attempts >= UNANSWERED_TRIES:
            self._note.drop(row)
        else:
            self._note.postpone(row, dt.timedelta(), "Unanswered")

    def _look_for(self, row: Message) -> None:
        """Find a channel message by its metadata: it stands there, it does not, or nobody can tell."""
        with self._bot.sessions.reading() as session:
            said = messages.render(session, self._bot, row, None)
        match said:
            case Nothing() | HomeTab():
                self._note.drop(row)
                return
            case Untraced():
                self._note.give_up(row, "NotFound")
                return
            case NotYet():
                # What it answers to does not stand, so neither does it.
                self._note.postpone(row, said.wait, "Waiting")
                return
        if isinstance(said, Call) or said.replaces is not None:
            # The same words in the same place harm nobody.
            self._note.postpone(row, dt.timedelta(), "Unanswered")
            return
        try:
            found = self._found(row, said)
        except Refused:
            found = None  # the history scope was not granted, or the channel is closed to the bot
        except (RateLimited, Unreached, Unanswered):
            return  # Slack can't say just now: the outcome stays unknown
        if found is None:
            self._note.give_up(row, "Unanswered", held=True)
        elif found:
            self._note.went_out(row, found)
        else:
            self._note.postpone(row, dt.timedelta(), "Unanswered")

    def _found(self, row: Message, said: Said) -> str | None:
        """Its time, "" where it does not stand there, None where not everything could be looked through."""
        if said.metadata is None or row.channel is None:
            return None
        if said.thread:
            most, seen = 200, self._slack.thread(row.channel, said.thread, most=200)
        else:
            most = 100
            oldest = f"{(row.due_at - _CLOCKS_DIFFER).timestamp():.6f}"  # it was due before it was sent
            seen = self._slack.recent(row.channel, oldest=oldest, most=most)
        ours = (self._bot.workspace.bot_user, self._bot.workspace.bot)
        for each in seen:
            told = (each.get("metadata") or {}).get("event_payload")
            if told == said.metadata["event_payload"] and (
                each.get("user") == ours[0] or each.get("bot_id") == ours[1]
            ):
                return str(each["ts"])
        return "" if len(seen) < most else None
