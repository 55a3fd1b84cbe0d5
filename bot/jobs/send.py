"""The sender: what stands in the outbox goes out, once, at Slack's pace; what can't go out is seen by a steward.

No Slack call stands inside a transaction. A row is claimed, put in words, sent, and only then noted; what
happens when the process dies in between is told by the claim that it leaves behind.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from bot.core import outbox
from bot.core.editions.moving import channel_now
from bot.core.identity.sealing import Unreadable
from bot.core.outbox import Message
from bot.jobs.hook import Hook
from bot.jobs.lost import Lost
from bot.jobs.noting import LEASE, UNANSWERED_TRIES, Noting, missable
from bot.jobs.only_one import OnlyOne
from bot.jobs.pace import Pace
from bot.jobs.places import Places
from bot.slack import messages
from bot.slack.client import (
    ChannelGone,
    MessageGone,
    MissingScope,
    PersonGone,
    RateLimited,
    Refused,
    Slack,
    SlackTrouble,
    TokenRevoked,
    Unanswered,
    Unreached,
)
from bot.slack.pilot.files import File
from bot.slack.rendered import Call, HomeTab, Nothing, NotYet, Said, Untraced
from bot.slack.turn import Bot

#: How many rows are claimed at once: all of them are tried well within their lease.
CLAIMED: Final = 5
#: Tries while Slack is away or asks to wait: about a day.
PATIENT_TRIES: Final = 300
_LONGEST_PAUSE: Final = 300.0
#: Calls that put something before people's eyes; all others are look-ups, and harmless to repeat.
_POSTS: Final = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")
#: Seconds that a claimed row is waited for; for longer it is given back.
_LONGEST_WAIT: Final = 5.0
#: Tries of what is harmless to miss.
_FEW: Final = 3
#: Until a personal message is tried again while Slack takes no token at all.
_REVOKED: Final = dt.timedelta(minutes=15)
#: The same words to the same person within this time are said once.
_SAME_WORDS: Final = dt.timedelta(minutes=10)


class Sender:
    """Sends due messages. One object a process; of several processes on one database one sends at a time."""

    def __init__(
        self,
        bot: Bot,
        slack: Slack,
        *,
        pace: Pace | None = None,
        stopping: threading.Event | None = None,
        pause: Callable[[float], object] | None = None,
        only_one: OnlyOne | None = None,
    ) -> None:
        self._bot = bot
        self._slack = slack
        self._pace = pace or Pace()
        self._stopping = stopping or threading.Event()
        self._pause = pause or self._stopping.wait
        self._only_one = only_one or OnlyOne(bot.sessions)
        self._places = Places(bot, slack)
        self._note = Noting(bot)
        self._lost = Lost(bot, slack, self._note)
        self._told: OrderedDict[tuple[str, str], dt.datetime] = OrderedDict()

    def run(self) -> int:
        """Send everything that is due now; how many rows were claimed."""
        claimed = 0
        while not self._stopping.is_set() and self._anything() and self._only_one.mine():
            self._lost.find()
            batch = self._claim()
            if not batch:
                break
            claimed += len(batch)
            self._send_all(batch)
        if self._stopping.is_set():
            self._only_one.leave()
        return claimed

    # What is due

    def _anything(self) -> bool:
        """Whether there is anything to do; nothing is written to find that out."""
        with self._bot.sessions.reading() as session:
            return outbox.anything(session, at=self._bot.clock())

    def _claim(self) -> list[Message]:
        with self._bot.sessions.begin(patient=True) as session:
            batch = outbox.claim(session, at=self._bot.clock(), most=CLAIMED, lease=LEASE)
        # Parts of a thread are due at one time, and their ids are random.
        batch.sort(key=lambda row: (row.due_at, row.about.get("part", 0), row.id))
        return batch

    def _send_all(self, batch: list[Message]) -> None:
        """In order within a channel; a channel that has to wait does not keep the others from going out."""
        left = list(batch)
        try:
            self._send_each(left)
        finally:
            self._note.give_back(left)  # one message that can't be put in words holds up no other

    def _send_each(self, left: list[Message]) -> None:
        """Take out of these what was tried, or given back for later."""
        held_up: set[str] = set()
        while left and not self._stopping.is_set():
            row = min(left, key=lambda each: self._pace.wait(self._key(each)))
            row = next(each for each in left if self._key(each) == self._key(row))
            wait = self._pace.wait(self._key(row))
            if wait > _LONGEST_WAIT:
                self._note.give_back(left, later=dt.timedelta(seconds=wait))
                left.clear()
            elif wait > 0:
                self._pause(wait)
            else:
                left.remove(row)
                if not self._send(row) and row.channel:
                    held_up.add(row.channel)
                self._drop_held_up(left, held_up)

    def _drop_held_up(self, left: list[Message], held_up: set[str]) -> None:
        """What comes after a message that has to wait, waits with it."""
        behind = [row for row in left if row.channel in held_up]
        for row in behind:
            left.remove(row)
        self._note.give_back(behind, later=dt.timedelta(seconds=2))

    @staticmethod
    def _key(row: Message) -> str:
        """What the pace counts by: a channel, or (each being another one) a direct message."""
        return row.channel or f"row {row.id}"

    # One message

    def _send(self, row: Message) -> bool:
        """Send one. False where the channel's next ones have to wait behind it."""
        person: str | None = None
        if row.sealed_person is not None:
            try:
                person = self._bot.kit.sealing.unseal(row.sealed_person, bound_to=f"outbox:{row.id}")
            except Unreadable:
                self._note.give_up(row, "KeyLost")
                return True
        with self._bot.sessions.reading() as session:
            if row.channel:
                row.channel = channel_now(session, row.channel)  # it may have moved since the row was read
            said = messages.render(session, self._bot, row, person)
        match said:
            case NotYet():
                self._note.postpone(row, said.wait, row.problem_class or "Waiting")
                return False
            case Nothing():
                self._note.drop(row)
                return True
            case Untraced():
                self._note.give_up(row, "NotFound")
                return True
        if person and row.channel is None and self._just_told(person, row):
            self._note.drop(row)
            return True
        self._pace.spent(self._key(row))
        try:
            ts = self._deliver(row, person, said)
        except SlackTrouble as trouble:
            return self._troubled(row, trouble)
        if ts is None:
            return True
        self._note.went_out(row, ts)
        if person and row.channel is None:
            self._remember(person, row.kind)
        return True

    def _deliver(self, row: Message, person: str | None, said: Said | HomeTab | Call) -> str | None:
        """The new message's time, "" where it has none; None where it was held instead."""
        if isinstance(said, Call):
            self._call(said)
            return ""
        if isinstance(said, HomeTab):
            self._slack.publish_home(person or "", said.view)
            return ""
        if row.channel is None:
            return self._slack.post(person or "", said.text, said.blocks)
        if person is not None:
            self._slack.post_to_one(row.channel, person, said.text, said.blocks)
            return ""
        if said.replaces is not None:
            self._slack.update(row.channel, said.replaces, said.text, said.blocks)
            return said.replaces
        kind = messages.KINDS.get(row.kind)
        if kind and kind.inside_only and self._places.read_outside(row.channel):
            self._note.give_up(row, "SharedChannel", held=True)
            return None
        if said.files is not None:
            return self._deliver_files(row.channel, said, said.files())
        return self._slack.post(
            row.channel, said.text, said.blocks, thread_ts=said.thread, metadata=said.metadata
        )

    def _deliver_files(self, channel: str, said: Said, files: Sequence[File]) -> str:
        """Uploaded ahead, then posted in one; without the scope the words go out, and say what is missing."""
        try:
            ready = [
                (self._slack.upload(each.name, each.content, alt=each.alt), each.title) for each in files
            ]
        except MissingScope:
            return self._slack.post(channel, f"{said.text}\n\n{said.without_files}")
        self._slack.share(channel, ready, said.text)
        return ""

    def _call(self, said: Call) -> None:
        """Tell another tool; what was written before the operator took the webhook away goes nowhere."""
        settings = self._bot.settings
        if settings.webhook_url and settings.webhook_secret:
            hook = Hook(settings.webhook_url, settings.webhook_secret, settings.webhook_private)
            hook.post(said.content, stamp=int(self._bot.clock().timestamp()))

    def _troubled(self, row: Message, trouble: SlackTrouble) -> bool:
        """Do what Slack's trouble means for this row. False where the channel's next ones have to wait."""
        name = type(trouble).__name__
        personal = row.sealed_person is not None
        match trouble:
            case RateLimited():
                self._pace.blocked(self._key(row), trouble.retry_after)
                return self._later(row, dt.timedelta(seconds=trouble.retry_after), name, PATIENT_TRIES)
            case Unreached():
                return self._later(row, self._backoff(row), name, PATIENT_TRIES)
            case Unanswered() if trouble.method not in _POSTS:
                return self._later(row, self._backoff(row), name, PATIENT_TRIES)  # only a look-up was lost
            case Unanswered() if not personal:
                self._note.unsure(row, name)
                return False
            case Unanswered():
                return self._later(row, self._backoff(row), name, UNANSWERED_TRIES)
            case TokenRevoked() if personal:
                # Stewards see nothing either as long as no token is right; what is meant for a person waits.
                self._note.postpone(row, _REVOKED, name)
            case Refused() if missable(row):
                self._note.drop(row)  # it waits in Home, or Home is opened anyway
            case MessageGone() if row.kind == "correct_edition":
                self._note.drop(row)  # somebody deleted it: the words are gone from there
            case PersonGone() | ChannelGone() if personal:
                self._note.drop(row)  # nobody is there any more to be told
            case _:
                self._note.give_up(row, name)
        return True

    def _later(self, row: Message, wait: dt.timedelta, name: str, most: int) -> bool:
        if missable(row) and row.attempts >= _FEW:
            self._note.drop(row)
            return True
        if row.attempts >= most:
            self._note.give_up(row, name)
            return True
        self._note.postpone(row, wait, name)
        return False

    def _backoff(self, row: Message) -> dt.timedelta:
        """Twice as long each time, up to five minutes, and never two senders in step."""
        longest = min(_LONGEST_PAUSE, 2.0 ** min(row.attempts, 12))
        return dt.timedelta(seconds=longest * (0.5 + self._bot.randomness.random() / 2))

    # The same words once

    def _just_told(self, person: str, row: Message) -> bool:
        kind = messages.KINDS.get(row.kind)
        if kind and kind.each:
            return False
        then = self._told.get((person, row.kind))
        return then is not None and abs(self._bot.clock() - then) < _SAME_WORDS

    def _remember(self, person: str, kind: str) -> None:
        self._told[(person, kind)] = self._bot.clock()
        self._told.move_to_end((person, kind))
        while len(self._told) > 5000:
            self._told.popitem(last=False)
