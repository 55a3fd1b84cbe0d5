"""One interaction, as every listener sees it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot.core.gathering import Gathering
from bot.core.identity.hourly import Hourly
from bot.core.identity.people import Actor, actor
from bot.core.kit import Kit
from bot.core.problems.similar import Index
from bot.core.store import Sessions
from bot.settings import Settings
from bot.slack.client import Slack
from bot.words import Words


class Kind(StrEnum):
    """How a person is answered depends on how the person came."""

    COMMAND = "command"
    SUBMISSION = "submission"
    MESSAGE_BUTTON = "message_button"
    VIEW_BUTTON = "view_button"
    SHORTCUT = "shortcut"
    OPTIONS = "options"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace that the bot lives in, as `auth.test` told at the start."""

    team: str
    bot_user: str
    bot: str
    enterprise: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bot:
    """What every listener and job works with; built once, in wiring."""

    settings: Settings
    sessions: Sessions
    kit: Kit
    clock: Callable[[], dt.datetime]
    workspace: Workspace
    randomness: random.Random = field(repr=False)
    gathering: Gathering = field(init=False, repr=False)
    similar: Index = field(init=False, repr=False)
    #: What this process has seen within the hour, in memory alone.
    hourly: Hourly = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "gathering", Gathering(self.sessions))  # frozen for everybody else
        object.__setattr__(self, "similar", Index(self.settings.similar))
        object.__setattr__(self, "hourly", Hourly(self.clock))

    def words(self, locale: str | None = None) -> Words:
        return Words.of(locale or self.settings.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person for whom something is put together at a moment, in that person's words."""

    person: str = field(repr=False)
    at: dt.datetime
    words: Words
    bot: Bot

    def actor(self, session: Session) -> Actor:
        return actor(session, self.person, locale=self.words.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Viewer):
    """A person's (or Slack's) move: `body` is the payload, `at` when it came, `slack` for calls inside it.

    A listener returns what its ack carries, or None for a plain one.
    """

    kind: Kind
    body: Mapping[str, Any] = field(repr=False)
    slack: Slack
    #: Of a protected act nothing is told but what the person sees: no log line, no reference.
    protected: bool = False

    @property
    def trigger(self) -> str:
        return str(self.body.get("trigger_id", ""))

    @property
    def action(self) -> Mapping[str, Any]:
        """The button or input that was used."""
        actions = self.body.get("actions") or [{}]
        return actions[0] if isinstance(actions[0], dict) else {}

    @property
    def value(self) -> str:
        return str(self.action.get("value") or "")

    @property
    def view(self) -> Mapping[str, Any]:
        view = self.body.get("view")
        return view if isinstance(view, dict) else {}

    @property
    def event(self) -> Mapping[str, Any]:
        event = self.body.get("event")
        return event if isinstance(event, dict) else {}


Answer = Mapping[str, Any] | None
Listener = Callable[[Turn], Answer]


@dataclass(frozen=True, slots=True)
class SubCommand:
    """A word after the command, with its line of help; `usage` shows its arguments."""

    name: str
    usage: str
    about: str
    listener: Callable[[Turn, str], Answer]
    stewards: bool = False


class Listeners:
    """Who listens to what: one table, so that a payload finds its listener without asking them all."""

    def __init__(self) -> None:
        self.events: dict[str, Listener] = {}
        self.actions: dict[str, Listener] = {}
        self.submissions: dict[str, Listener] = {}
        self.closings: dict[str, Listener] = {}
        self.shortcuts: dict[str, Listener] = {}
        self.options: dict[str, Listener] = {}
        self.commands: dict[str, SubCommand] = {}
        self.protected: set[Listener] = set()

    def event(self, name: str, listener: Listener) -> None:
        self._put(self.events, name, listener)

    def action(self, name: str, listener: Listener, *, protected: bool = False) -> None:
        """`name` is the action's id, or what stands before the first ':' of it.

        `protected`: no log line tells of it, save the day on which it broke.
        """
        self._put(self.actions, name, listener)
        if protected:
            self.protected.add(listener)

    def submission(self, callback: str, listener: Listener, *, protected: bool = False) -> None:
        self._put(self.submissions, callback, listener)
        if protected:
            self.protected.add(listener)

    def closing(self, callback: str, listener: Listener) -> None:
        self._put(self.closings, callback, listener)

    def shortcut(self, callback: str, listener: Listener) -> None:
        self._put(self.shortcuts, callback, listener)

    def option(self, action: str, listener: Listener) -> None:
        self._put(self.options, action, listener)

    def command(self, sub: SubCommand) -> None:
        if sub.name in self.commands:
            raise ValueError(f"two listeners for {sub.name!r}")
        self.commands[sub.name] = sub

    @staticmethod
    def _put(table: dict[str, Listener], name: str, listener: Listener) -> None:
        if name in table:
            raise ValueError(f"two listeners for {name!r}")
        table[name] = listener
