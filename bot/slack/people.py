"""Who may speak to the bot: people of this workspace, guests only where the operator says so."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.refusal import Refusal
from bot.core.teams.queries import known
from bot.slack.client import PersonGone, Slack
from bot.slack.turn import Bot, Turn
from bot.words import mark

_OUTSIDE = mark(
    "This belongs to another organisation's workspace, so there is nothing that I can show or take here."
)
_GUEST = mark("Guests can't use this here. Somebody of the company can raise it for you.")
_KEPT_SECONDS = 3600
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """Why somebody may not take part, the person's locale where Slack told it, and until when this stands."""

    reason: str | None
    locale: str | None
    until: float


class Strangers:
    """Remembers in memory alone, for an hour, who was looked up; nothing of it is written."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._lock = threading.Lock()

    def refuse(self, turn: Turn) -> None:
        """A refusal unless this person may use the bot."""
        if not self._ours(turn.body):
            raise Refusal(_OUTSIDE)
        if self._remembered(turn.person) is None and self.listed(turn.person):
            self._remember(turn.person, None, None)
        reason = self.why_not(turn.person, turn.slack)
        if reason:
            raise Refusal(reason)

    def listed(self, person: str) -> bool:
        """Whether the person's team says enough to ask nobody: a user group or a list may hold guests as well."""
        if not self._bot.settings.guests:
            return False
        with self._bot.sessions.reading() as session:
            return known(session, person)

    def why_not(self, person: str, slack: Slack) -> str | None:
        """The reason why somebody may not take part, or None. Asks Slack once an hour."""
        found = self._remembered(person)
        if found:
            return found.reason
        locale = None
        try:
            told = slack.person(person)
        except PersonGone:
            reason: str | None = _OUTSIDE
        else:
            reason, locale = self._judge(told), told.get("locale")
        self._remember(person, reason, str(locale) if locale else None)
        return reason

    def locale_of(self, person: str) -> str | None:
        """The person's language where it is known; nobody is asked for it."""
        found = self._remembered(person)
        return found.locale if found else None

    def _remembered(self, person: str) -> _Seen | None:
        with self._lock:
            found = self._seen.get(person)
        return found if found and found.until > time.monotonic() else None

    def _remember(self, person: str, reason: str | None, locale: str | None) -> None:
        with self._lock:
            self._seen[person] = _Seen(reason, locale, time.monotonic() + _KEPT_SECONDS)
            self._seen.move_to_end(person)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)

    def _judge(self, person: Mapping[str, Any]) -> str | None:
        if person.get("is_stranger") or person.get("deleted") or person.get("is_bot"):
            return _OUTSIDE
        home = person.get("team_id")
        enterprise = (person.get("enterprise_user") or {}).get("enterprise_id")
        if (
            home
            and home != self._bot.workspace.team
            and (not enterprise or enterprise != self._bot.workspace.enterprise)
        ):
            return _OUTSIDE
        if (
            person.get("is_restricted") or person.get("is_ultra_restricted")
        ) and not self._bot.settings.guests:
            return _GUEST
        return None

    def _ours(self, body: Mapping[str, Any]) -> bool:
        here = self._bot.workspace
        user = body.get("user")
        home = user.get("team_id") if isinstance(user, dict) else body.get("team_id")
        team = body.get("team")
        enterprise = body.get("enterprise_id") or (
            (body.get("enterprise") or {}).get("id")
            if isinstance(body.get("enterprise"), dict)
            else (team.get("enterprise_id") if isinstance(team, dict) else None)
        )
        if not home or home == here.team:
            return True
        return bool(enterprise) and enterprise == here.enterprise
