"""Settles reactions: who reacted and where is looked up outside any transaction, then told to the core in one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
import structlog

from bot.core.identity.people import Actor, actor
from bot.core.problems import places as tags
from bot.core.problems import tagging
from bot.core.problems.records import Kind, Reaction, State
from bot.core.problems.tagging import Noted
from bot.core.refusal import Refusal
from bot.jobs.pace import Allowance
from bot.jobs.places import Places
from bot.setting_kinds import emoji_name
from bot.slack.client import ChannelGone, MessageGone, Refused, Slack, SlackTrouble
from bot.slack.people import Strangers
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)

#: How long nobody else takes a reaction, and how many are taken at once.
LEASE: Final = dt.timedelta(seconds=60)
MOST: Final = 200
#: People looked up a minute, under Slack's hundred: a thousand reactions on one message wait their turn.
LOOKED_UP: Final = 80
_KEPT_SECONDS: Final = 60.0
_JUDGED_SECONDS: Final = 3600.0


class Later(Exception):
    """Slack could not say now: the reaction is taken up again when its lease ends."""


class Settler:
    """Settles reactions that wait. One object a process; several processes share the rows by their leases."""

    def __init__(
        self,
        bot: Bot,
        slack: Slack,
        *,
        stopping: threading.Event | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._slack = slack
        self._stopping = stopping or threading.Event()
        self._places = Places(bot, slack)
        self._strangers = Strangers(bot)
        self._people = Allowance(LOOKED_UP, now=now)
        self._links: OrderedDict[tuple[str, str], tuple[str | None, float]] = OrderedDict()
        self._judged: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    def run(self) -> int:
        """Settle what waits now; how many were settled."""
        with self._bot.sessions.reading() as session:
            waits = session.scalar(sa.select(sa.exists().where(Reaction.settle_at <= self._bot.clock())))
        if not waits:
            return 0
        with self._bot.sessions.begin(patient=True) as session:
            due = tagging.due(session, kit=self._bot.kit, at=self._bot.clock(), most=MOST, lease=LEASE)
        settled = 0
        for noted in due:
            if self._stopping.is_set():
                break
            try:
                self._settle(noted)
            except (Later, SlackTrouble):
                continue
            settled += 1
        return settled

    def _settle(self, noted: Noted) -> None:
        if noted.there:
            self._added(noted)
        else:
            self._removed(noted)

    def _added(self, noted: Noted) -> None:
        place = self._places.kind(noted.channel)
        if not self._takes_part(noted.person):
            return self._forget(noted)
        try:
            link = self._link(noted.channel, noted.message_ts)
        except MessageGone:
            with self._bot.sessions.begin(patient=True) as session:
                if tagging.settled(session, noted):
                    tags.message_gone(session, noted.channel, noted.message_ts)
            return None
        try:
            with self._bot.sessions.begin(patient=True) as session:
                if tagging.settled(session, noted):
                    tagging.tag(
                        session,
                        actor(session, noted.person),
                        channel=noted.channel,
                        message_ts=noted.message_ts,
                        place=place,
                        permalink=link if place is Kind.PUBLIC else None,
                        kit=self._bot.kit,
                        at=self._bot.clock(),
                    )
        except Refusal:
            raise Later from None  # taken away in the same moment: rolled back, and looked at once more
        return None

    def _removed(self, noted: Noted) -> None:
        others = self._bot.settings.emoji
        heir: str | None = None
        if len(others) > 1 or self._was_the_tagger(noted):
            standing = self._standing(noted)
            if noted.person in standing:
                return self._forget(noted)  # another of the configured emoji is still there
            heir = next((person for person in standing[:20] if self._takes_part(person)), None)
        with self._bot.sessions.begin(patient=True) as session:
            if not tagging.settled(session, noted):
                return None
            left = tagging.untag(
                session,
                actor(session, noted.person),
                channel=noted.channel,
                message_ts=noted.message_ts,
                kit=self._bot.kit,
            )
            if left is not None and heir:
                tagging.inherit(
                    session,
                    Actor(heir),
                    channel=noted.channel,
                    message_ts=noted.message_ts,
                    kit=self._bot.kit,
                    at=self._bot.clock(),
                )
        return None

    def _forget(self, noted: Noted) -> None:
        with self._bot.sessions.begin(patient=True) as session:
            tagging.settled(session, noted)

    def _was_the_tagger(self, noted: Noted) -> bool:
        with self._bot.sessions.reading() as session:
            problem = tagging.tagged(session, noted.channel, noted.message_ts)
            return bool(problem and problem.raiser == noted.person and problem.state == State.TAGGED.value)

    def _standing(self, noted: Noted) -> list[str]:
        """Who has one of the configured emoji on the message, in the order that Slack tells."""
        try:
            reactions = self._slack.who_reacted(noted.channel, noted.message_ts)
        except Refused:
            return []  # deleted, or the bot was taken out of the channel
        people: dict[str, None] = {}
        for emoji, who in reactions.items():
            if emoji_name(emoji) in self._bot.settings.emoji:
                people.update(dict.fromkeys(who))
        people.pop(self._bot.workspace.bot_user, None)
        return list(people)

    def _takes_part(self, person: str) -> bool:
        """Whether this is one of the company's people, as far as the operator lets guests in."""
        found = self._judged.get(person)
        if found and found[1] > time.monotonic():
            return found[0]
        if self._strangers.listed(person):
            return True
        if not self._people.take():
            raise Later
        takes_part = self._strangers.why_not(person, self._slack) is None
        self._judged[person] = (takes_part, time.monotonic() + _JUDGED_SECONDS)
        while len(self._judged) > 5000:
            self._judged.popitem(last=False)
        return takes_part

    def _link(self, channel: str, ts: str) -> str | None:
        found = self._links.get((channel, ts))
        if found and found[1] > time.monotonic():
            return found[0]
        try:
            link: str | None = self._slack.permalink(channel, ts)
        except ChannelGone:
            link = None  # the bot was taken out of the channel since
        self._links[(channel, ts)] = (link, time.monotonic() + _KEPT_SECONDS)
        while len(self._links) > 1000:
            self._links.popitem(last=False)
        return link
