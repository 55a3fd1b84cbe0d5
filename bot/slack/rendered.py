"""What a message of the outbox becomes when it is put in words, and how a kind of message says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.core.outbox import Message
from bot.slack.pilot.files import File
from bot.slack.turn import Bot

#: Until something is asked for again that waits for something else.
SOON: Final = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it goes out. `thread` is the message it answers to; `metadata` finds it again."""

    text: str = field(repr=False)
    blocks: Sequence[Mapping[str, Any]] | None = field(default=None, repr=False)
    thread: str | None = None
    metadata: Mapping[str, Any] | None = None
    #: The message whose place it takes.
    replaces: str | None = None
    #: Makes the files that go with it, which takes seconds; where Slack takes none, it goes out with `without_files`.
    files: Callable[[], Sequence[File]] | None = field(default=None, repr=False)
    without_files: str = ""


@dataclass(frozen=True, slots=True)
class HomeTab:
    """Somebody's Home as it is now."""

    view: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """What another tool is told, by the webhook."""

    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something else has to be said first; ask again after a while."""

    wait: dt.timedelta = SOON


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing left to be said."""


@dataclass(frozen=True, slots=True)
class Untraced:
    """It belongs to a message that stands where nobody knows: a steward has to look."""


Rendered = Said | HomeTab | Call | NotYet | Nothing | Untraced


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of message is put in words from its row, and what is noted once it stands in the channel."""

    render: Callable[[Session, Bot, Message, str | None], Rendered]
    stands: Callable[[Session, Bot, Message, str, dt.datetime], None] | None = None
    held: Callable[[Session, Message], None] | None = None
    #: Whether its channel must be one of this company alone at the moment of posting.
    inside_only: bool = False
    #: Whether one is said also where the same person got one of this kind a moment ago.
    each: bool = False
    #: Whether it is left unsaid rather than tried for long: the person finds it without.
    missable: bool = False
