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

import sqlalchemy as sa
import structlog

from bot import metrics
from bot.core import outbox
from bot.core.editions.moving import channel_now
from bot.core.identity.sealing import Unreadable
from bot.core.outbox import Message, Sending
from bot.jobs.hook import Hook
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
from bot.slack.rendered import Call, HomeTab, Nothing, NotYet, Said
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

#: How long a claim stands, and how many rows are claimed at once: all of them are tried well within it.
LEASE: Final = dt.timedelta(seconds=90)
CLAIMED: Final = 5
#: Tries of a personal message whose answer was lost: saying "there is news" twice harms nobody, but not for ever.
UNANSWERED_TRIES: Final = 8
#: Tries while Slack is away or asks to wait: about a day.
PATIENT_TRIES: Final = 300
_LONGEST_PAUSE: Final = 300.0
#: Calls that put something before people's eyes; all others are look-ups, and harmless to repeat.
_POSTS: Final = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")
_UNDER_WAY: Final = (Sending.CLAIMED.value, Sending.UNKNOWN.value)
_CLOCKS_DIFFER: Final = dt.timedelta(minutes=10)
#: Seconds that a claimed row is waited for; for longer it is given back.
_LONGEST_WAIT: Final = 5.0
#: Tries of what is harmless to miss, and of finding out what became of a message.
_FEW: Final = 3
_LOOKS: Final = 20
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
        self._told: OrderedDict[tuple[str, str], dt.datetime] = OrderedDict()

    def run(self) -> int:
        """Send everything that is due now; how many rows were claimed."""
        claimed = 0
        while not self._stopping.is_set() and self._anything() and self._only_one.mine():
            self._find_lost()
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
        now = self._bot.clock()
        due = sa.or_(
            sa.and_(Message.sending == Sending.WAITING.value, Message.due_at <= now),
            sa.and_(Message.sending.in_(_UNDER_WAY), Message.claimed_until <= now),
        )
        with self._bot.sessions.reading() as session:
            return bool(session.scalar(sa.select(sa.exists().where(due))))

    def _claim(self) -> list[Message]:
        with self._bot.sessions.begin(patient=True) as session:
            batch = outbox.claim(session, at=self._bot.clock(), most=CLAIMED, lease=LEASE)
        # Parts of a thread are due at one time, and their ids are random.
        batch.sort(key=lambda row: (row.due_at, row.about.get("part", 0), row.id))
        return batch

    def _send_all(self, batch: list[Message]) -> None:
        """In order within a channel; a channel that has to wait does not keep the others from going out."""
        left = list(batch)
        held_up: set[str] = set()
        while left:
            if self._stopping.is_set():
                self._give_back(left)
                return
            self._drop_held_up(left, held_up)
            if not left:
                return
            row = min(left, key=lambda each: self._pace.wait(self._key(each)))
            row = next(each for each in left if self._key(each) == self._key(row))
            wait = self._pace.wait(self._key(row))
            if wait > _LONGEST_WAIT:
                self._give_back(left, later=dt.timedelta(seconds=wait))
                return
            if wait > 0:
                self._pause(wait)
                continue
            left.remove(row)
            try:
                goes_on = self._send(row)
            except BaseException:
                self._give_back(left)  # one message that can't be put in words holds up no other
                raise
            if not goes_on and row.channel:
                held_up.add(row.channel)

    def _drop_held_up(self, left: list[Message], held_up: set[str]) -> None:
        """What comes after a message that has to wait, waits with it."""
        behind = [row for row in left if row.channel in held_up]
        for row in behind:
            left.remove(row)
        self._give_back(behind, later=dt.timedelta(seconds=2))

    def _give_back(self, rows: list[Message], *, later: dt.timedelta = dt.timedelta()) -> None:
        if rows:
            until = self._bot.clock() + later
            with self._bot.sessions.begin(patient=True) as session:
                for row in rows:
                    outbox.postpone(
                        session, row.id, until=until, problem_class=row.problem_class or "Waiting"
                    )

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
                self._give_up(row, "KeyLost")
                return True
        with self._bot.sessions.reading() as session:
            if row.channel:
                row.channel = channel_now(session, row.channel)  # it may have moved since the row was read
            said = messages.render(session, self._bot, row, person)
        match said:
            case NotYet():
                self._postpone(row, said.wait, row.problem_class or "Waiting")
                return False
            case Nothing():
                self._drop(row)
                return True
        if person and row.channel is None and self._just_told(person, row):
            self._drop(row)
            return True
        self._pace.spent(self._key(row))
        try:
            ts = self._deliver(row, person, said)
        except SlackTrouble as trouble:
            return self._troubled(row, trouble)
        if ts is None:
            return True
        self._went_out(row, ts)
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
            self._give_up(row, "SharedChannel", held=True)
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

    def _went_out(self, row: Message, ts: str) -> None:
        kind = messages.KINDS.get(row.kind)
        with self._bot.sessions.begin(patient=True) as session:
            if kind and kind.stands:
                kind.stands(session, self._bot, row, ts, self._bot.clock())
            outbox.sent(session, row.id)
        metrics.sent.inc()

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
                self._unsure(row, name)
                return False
            case Unanswered():
                return self._later(row, self._backoff(row), name, UNANSWERED_TRIES)
            case TokenRevoked() if personal:
                # Stewards see nothing either as long as no token is right; what is meant for a person waits.
                self._postpone(row, _REVOKED, name)
            case Refused() if _missable(row):
                self._drop(row)  # it waits in Home, or Home is opened anyway
            case MessageGone() if row.kind == "correct_edition":
                self._drop(row)  # somebody deleted it: the words are gone from there
            case PersonGone() | ChannelGone() if personal:
                self._drop(row)  # nobody is there any more to be told
            case _:
                self._give_up(row, name)
        return True

    def _later(self, row: Message, wait: dt.timedelta, name: str, most: int) -> bool:
        if _missable(row) and row.attempts >= _FEW:
            self._drop(row)
            return True
        if row.attempts >= most:
            self._give_up(row, name)
            return True
        self._postpone(row, wait, name)
        return False

    def _backoff(self, row: Message) -> dt.timedelta:
        """Twice as long each time, up to five minutes, and never two senders in step."""
        longest = min(_LONGEST_PAUSE, 2.0 ** min(row.attempts, 12))
        return dt.timedelta(seconds=longest * (0.5 + self._bot.randomness.random() / 2))

    def _postpone(self, row: Message, wait: dt.timedelta, name: str) -> None:
        with self._bot.sessions.begin(patient=True) as session:
            outbox.postpone(session, row.id, until=self._bot.clock() + wait, problem_class=name)

    def _unsure(self, row: Message, name: str) -> None:
        """Whether it stands there is not known; by the time it is looked for, Slack can tell."""
        with self._bot.sessions.begin(patient=True) as session:
            outbox.unsure(session, row.id, at=self._bot.clock() + LEASE, problem_class=name)

    def _give_up(self, row: Message, name: str, *, held: bool = False) -> None:
        kind = messages.KINDS.get(row.kind)
        with self._bot.sessions.begin(patient=True) as session:
            if held and kind and kind.held:
                kind.held(session, row)
            outbox.give_up(session, row.id, problem_class=name, held=held)
        log.warning("a message was not sent; the stewards' desk says why", kind=row.kind, reason=name)

    def _drop(self, row: Message) -> None:
        with self._bot.sessions.begin(patient=True) as session:
            outbox.sent(session, row.id)

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

    # What became of messages whose sender died, or whose answer was lost

    def _find_lost(self) -> None:
        now = self._bot.clock()
        lost = sa.and_(Message.sending.in_(_UNDER_WAY), Message.claimed_until <= now)
        with self._bot.sessions.reading() as session:
            if not session.scalar(sa.select(sa.exists().where(lost))):
                return
        with self._bot.sessions.begin(patient=True) as session:
            rows = outbox.abandoned(session, at=now, lease=LEASE)
            for row in rows:
                row.attempts += 1
        for row in rows:
            if row.sealed_person is not None:
                self._say_again(row)
            elif row.attempts >= _LOOKS:
                self._give_up(row, "Unanswered", held=True)
            else:
                self._look_for(row)

    def _say_again(self, row: Message) -> None:
        """What is for one person alone is said again rather than lost."""
        if _missable(row) or row.attempts >= UNANSWERED_TRIES:
            self._drop(row)
        else:
            self._postpone(row, dt.timedelta(), "Unanswered")

    def _look_for(self, row: Message) -> None:
        """Find a channel message by its metadata: it stands there, it does not, or nobody can tell."""
        with self._bot.sessions.reading() as session:
            said = messages.render(session, self._bot, row, None)
        match said:
            case Nothing() | HomeTab():
                self._drop(row)
                return
            case NotYet():
                self._postpone(
                    row, said.wait, "Waiting"
                )  # what it answers to does not stand, so neither does it
                return
        if isinstance(said, Call) or said.replaces is not None:
            self._postpone(row, dt.timedelta(), "Unanswered")  # the same words in the same place harm nobody
            return
        try:
            found = self._found(row, said)
        except Refused:
            found = None  # the history scope was not granted, or the channel is closed to the bot
        except (RateLimited, Unreached, Unanswered):
            return  # Slack can't say just now: the outcome stays unknown
        if found is None:
            self._give_up(row, "Unanswered", held=True)
        elif found:
            self._went_out(row, found)
        else:
            self._postpone(row, dt.timedelta(), "Unanswered")

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


def _missable(row: Message) -> bool:
    kind = messages.KINDS.get(row.kind)
    return kind is not None and kind.missable
