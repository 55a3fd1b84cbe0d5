"""The local look at the words before anything is stored: what may point at somebody, and a kinder wording."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.core.identity.installation import smallest_named
from bot.core.problems import checks
from bot.core.problems.check_language_rules import Why
from bot.core.problems.check_rules import Found, check, rewritten
from bot.core.teams import queries as teams
from bot.slack.turn import Turn

#: What gives away a raiser who is known anyway: no reason to stop for.
_OF_THE_RAISER = frozenset({Why.DATE, Why.TIME, Why.ONLY_ONE, Why.SMALL_TEAM, Why.NEW_HERE, Why.ABSENCE})


@dataclass(frozen=True, slots=True)
class Seen:
    """What the look found. own_team: the raiser's, where it is named among those that would have to change."""

    texts: Mapping[str, str] = field(repr=False)
    found: Found = field(repr=False)
    own_team: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return bool(self.found) or self.own_team is not None

    @property
    def offered(self) -> dict[str, str]:
        """The words with every offer taken."""
        return rewritten(self.texts, self.found)

    @property
    def offers(self) -> bool:
        return self.offered != dict(self.texts)

    @property
    def name(self) -> str:
        """Names exactly these words and these offers, so that none are taken that nobody has read."""
        said = json.dumps([dict(self.texts), self.offered], sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def look(
    session: Session,
    turn: Turn,
    texts: Mapping[str, str],
    *,
    needed_from: frozenset[int] = frozenset(),
    known: bool = False,
) -> Seen:
    """Read what was typed with the rules of the reader's language and the names of the workspace's teams.

    texts: by block. needed_from: teams that the raiser named. known: the raiser's name is no secret here.
    """
    named, sizes, least = teams.teams(session), teams.sizes(session), smallest_named(session)
    small = [team.name for team in named if sizes.get(team.id, 0) < least]
    found = check(
        texts,
        checks.rules(turn.words.locale),
        teams=[team.name for team in named],
        small_teams=small,
        on=turn.at.astimezone(turn.bot.settings.time_zone).date(),
    )
    if known:
        return Seen(texts, _without(found))
    belonging = teams.team_of(session, turn.person) if needed_from else None
    own = belonging.team.name if belonging and belonging.team.id in needed_from else None
    return Seen(texts, found, own)


def _without(found: Found) -> Found:
    """Without what would give away somebody whose name is known."""
    marks = {
        block: tuple(mark for mark in marks if mark.why not in _OF_THE_RAISER)
        for block, marks in found.marks.items()
    }
    return Found({block: kept for block, kept in marks.items() if kept})
