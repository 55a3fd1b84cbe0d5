"""Stewards' own affairs: who is away until when, and how much may be under way at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.problems.waits import Share
from bot.core.refusal import Refusal
from bot.core.replies.outcomes import CostRate
from bot.slack import fields
from bot.slack import text as t
from bot.slack.fields import form, given, text_input, typed
from bot.words import Words

AWAY, AWAY_FORM, BACK = "cover.away", "cover.away_form", "cover.back"
LIMIT, LIMIT_FORM = "cover.limit", "cover.limit_form"
UNTIL, MOST = "until", "most"


@dataclass(frozen=True, slots=True)
class Cover:
    """away: stewards by id with their last day. all_until: the last day before one is back, where all are away.

    share: who was answered within the promise. cost: what raising costs people, once enough have said.
    """

    me: str
    away: Mapping[str, dt.date] = field(default_factory=dict)
    all_until: dt.date | None = None
    under_way: int = 0
    most: int | None = None
    share: Share | None = None
    cost: CostRate | None = None


def cover_blocks(words: Words, cover: Cover) -> list[dict[str, Any]]:
    """Who is away, the promise and how it is kept, and the buttons to change what stewards set."""
    said = []
    if cover.all_until is not None:
        day = t.date(cover.all_until)
        said.append(
            words(
                "*All stewards are away until {day}.* Until then the promise's clock stands still, and I say so.",
                day=day,
            )
        )
    elif cover.away:
        who = ", ".join(
            words("{person} until {day}", person=t.person(person), day=t.date(until))
            for person, until in sorted(cover.away.items())
        )
        said.append(words("Away: {who}.", who=who))
    said.append(_under_way(words, cover))
    if cover.share is not None and cover.share.known:
        said.append(
            words(
                "{within} of {of} got a first answer within two working days.",
                within=cover.share.within,
                of=cover.share.of,
            )
        )
    if cover.cost is not None:
        said.append(
            words(
                "Did raising it cost anything? Of {of} who answered, {little} say a little and {yes} say yes.",
                of=cover.cost.answers,
                little=cover.cost.little,
                yes=cover.cost.yes,
            )
        )
    mine = (
        t.button(words("I am back"), BACK, "back")
        if cover.me in cover.away
        else t.button(words("I am away"), AWAY, "away")
    )
    limit = t.button(words("Limit what is under way"), LIMIT, "limit")
    return [t.context("\n".join(said)), t.buttons(mine, limit, block="cover")]


def _under_way(words: Words, cover: Cover) -> str:
    if cover.most is None:
        return words.many(
            "{n} is under way; no limit is set.", "{n} are under way; no limit is set.", cover.under_way
        )
    return words("{n} of at most {most} are under way.", n=cover.under_way, most=cover.most)


def away_form(words: Words, today: dt.date) -> dict[str, Any]:
    pick = {"type": "datepicker", "initial_date": (today + dt.timedelta(days=7)).isoformat()}
    blocks = [
        fields.field(UNTIL, words("Until which day are you away?"), pick),
        t.context(
            words(
                "The other stewards see it on the desk. Once all of you are away, the promise of two working days "
                "stands still, and whoever raises something is told until when."
            )
        ),
    ]
    return form(words, words("I am away"), AWAY_FORM, blocks, submit=words("Save"))


def limit_form(words: Words, most: int | None) -> dict[str, Any]:
    hint = words("Handed to a team, with a team, tried, or with the sponsor. Empty means no limit.")
    initial = "" if most is None else str(most)
    ask = words("How many may be under way at once?")
    blocks = [text_input(MOST, ask, hint, most=3, lines=False, initial=initial, optional=True)]
    return form(words, words("Limit"), LIMIT_FORM, blocks, submit=words("Save"))


def read_until(view: Mapping[str, Any]) -> dt.date:
    said = str(given(view, UNTIL).get("selected_date") or "")
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise Refusal("Please pick a day.") from None


def read_most(view: Mapping[str, Any]) -> int | None:
    said = typed(view, MOST).strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit()):
        raise Refusal("Please give a number, or leave it empty.")
    return int(said)
