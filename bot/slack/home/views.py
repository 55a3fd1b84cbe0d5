"""Home: useful for whoever opens it, and showing only what that person may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.problems.waits import Share
from bot.slack import text as t
from bot.slack.cards import DETAILS, line
from bot.slack.home.filter_views import NO_MENUS, Offered, filters, pager
from bot.slack.home.hearing_views import HEAR
from bot.slack.privacy.views import OPEN as PRIVACY
from bot.slack.replying.views import row as asked_row
from bot.slack.shown import Shown
from bot.slack.teams.views import MINE
from bot.words import Words

RAISE, LIST_MINE = "raise.open", "read.mine"
#: Tagged messages that are asked about in Home; the others stand in the list of one's own.
_TAGS = 5


@dataclass(frozen=True, slots=True)
class Home:
    """What one person's Home holds. `tags` are ids of messages tagged and not put in words yet.

    asked: what waits for teams that this person answers for: the team's name, the problem, the team.
    share: how the promise was kept. away_until: while all stewards are away, the last day of that.
    first: the open problems begin with the newest; more_open: there are older ones.
    """

    tags: Sequence[int]
    team: str | None
    team_problems: Sequence[Shown]
    open_problems: Sequence[Shown]
    more_open: bool
    first: bool = True
    offered: Offered = NO_MENUS
    desk: Sequence[dict[str, Any]] = field(default_factory=tuple)
    asked: Sequence[tuple[str, int, int]] = ()
    pulse: Sequence[dict[str, Any]] = ()
    waits: Sequence[dict[str, Any]] = ()
    decisions: Sequence[dict[str, Any]] = ()
    share: Share | None = None
    away_until: dt.date | None = None


def home_view(
    words: Words, home: Home, *, command: str, emoji: str, word_it: str, misconduct: str
) -> dict[str, Any]:
    """The Home tab; `word_it` is the action that opens the form for a tag."""
    blocks: list[dict[str, Any]] = [*home.desk]
    if home.desk:
        blocks.append({"type": "divider"})
    waits = _waiting(words, home, word_it)
    if waits:
        blocks += [t.header(words("Waiting for you")), *waits, {"type": "divider"}]
    blocks += [
        t.header(words("Problems that no single team can solve")),
        t.section(
            words(
                "Something makes your work harder, and your team alone can't end it? Say it in one line. "
                "Others say that it hits them too, and once a week the few that need more than one team "
                "are read aloud, with the reason why."
            )
        ),
        t.buttons(
            t.button(words("Raise a problem"), RAISE, "home", style="primary"),
            t.button(words("What you raised"), LIST_MINE, "mine"),
            t.button(words("Your team"), MINE, "mine"),
            t.button(words("How you hear"), HEAR, "form"),
            t.button(words("Privacy"), PRIVACY, "me"),
        ),
        t.context(
            words(
                "Also: `{command}` anywhere, “Raise as a problem” in a message's menu, or :{emoji}: on a message "
                "(a reaction is seen by everybody there).",
                command=command,
                emoji=emoji,
            )
        ),
        t.context(
            words("Not for misconduct, harassment or safety: {place}.", place=misconduct)
            if misconduct
            else words("Not for misconduct, harassment or safety.")
        ),
    ]
    blocks += home.pulse
    blocks += home.decisions
    blocks.append(t.context(_promise(words, home)))
    if home.team and home.team_problems:
        blocks.append(t.header(words("What concerns {team}", team=home.team)))
        blocks += [_row(words, shown) for shown in home.team_problems]
    opens = _open_ones(words, home)
    # Whatever waits for one person, the way through the open ones stays.
    blocks = [*blocks[: t.MODAL_BLOCKS - len(opens)], *opens]
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _waiting(words: Words, home: Home, word_it: str) -> list[dict[str, Any]]:
    """What this person was asked and has not answered, and tags without words."""
    blocks = [asked_row(words, team, problem, ident) for team, problem, ident in home.asked]
    blocks += home.waits
    for ident in home.tags[:_TAGS]:
        blocks.append(
            t.section(
                words("*Waiting for your words.* You tagged a message. What is the problem?"),
                accessory=t.button(words("Put it in words"), f"{word_it}:{ident}", str(ident)),
            )
        )
    if len(home.tags) > _TAGS:
        blocks.append(t.context(words("More of them are listed under “What you raised”.")))
    return blocks


def _promise(words: Words, home: Home) -> str:
    """What everybody is promised, and how it was kept lately."""
    said = words("A person answers within two working days.")
    if home.away_until is not None:
        day = t.date(home.away_until)
        away = words("All stewards are away until {day}; the days count from then on.", day=day)
        said = words("{promise} {away}", promise=said, away=away)
    if home.share is None:
        return said
    kept = words(
        "In the eight weeks until last Monday that held for {within} of {of}.",
        within=home.share.within,
        of=home.share.of,
    )
    return words("{promise} {kept}", promise=said, kept=kept)


def _open_ones(words: Words, home: Home) -> list[dict[str, Any]]:
    """The open problems by the reader's menus, a page of them."""
    blocks = [t.header(words("Open problems"))]
    if not home.open_problems and home.first and home.offered.wanted.anything:
        nothing = words("Nothing is open. If something is in your way, yours may be the first.")
        return [*blocks, t.section(nothing)]
    blocks.append(filters(words, home.offered))
    blocks += [_row(words, shown) for shown in home.open_problems]
    if not home.open_problems:
        blocks.append(t.section(words("Nothing open is left that fits.")))
    last = home.open_problems[-1].number if home.more_open and home.open_problems else None
    turning = pager(words, last=last, first=home.first)
    return [*blocks, turning] if turning else blocks


def _row(words: Words, shown: Shown) -> dict[str, Any]:
    return t.section(
        line(words, shown),
        accessory=t.button(
            words("Details"),
            f"{DETAILS}:{shown.id}",
            str(shown.id),
            label=words("Details of: {title}", title=shown.title),
        ),
    )
