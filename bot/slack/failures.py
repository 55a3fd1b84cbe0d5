"""What a person sees when something is refused or breaks: one answer for each kind of interaction."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.refusal import Refusal
from bot.core.store import Busy
from bot.logs import protected_act, reference, surprise
from bot.slack import text as t
from bot.slack.client import RateLimited, SlackTrouble, Unanswered, Unreached
from bot.slack.turn import Answer, Kind, Turn
from bot.words import Words

log = structlog.get_logger(__name__)
#: Characters of somebody's words that a message gives back: Slack refuses one of more than about 12,000 in all.
MOST_TO_COPY = 9000


def refused(turn: Turn, refusal: Refusal) -> Answer:
    """Say a refusal to the person alone."""
    return tell(turn, said(turn, refusal))


def said(turn: Turn, refusal: Refusal) -> str:
    """A refusal in the person's language, as mrkdwn; the values in it are escaped."""
    values = {"command": turn.bot.settings.command, **refusal.values}
    return turn.words(refusal.text, **{name: t.escaped(str(value)) for name, value in values.items()})


def beside(turn: Turn, faults: Mapping[str, Refusal]) -> Answer:
    """Refusals beside the fields of a form, by block; the form stays open with everything in it."""
    return {
        "response_action": "errors",
        "errors": {block: _beside(said(turn, fault)) for block, fault in faults.items()},
    }


def broke(turn: Turn, error: Exception) -> Answer:
    """Log a surprise under a reference, and tell the person what was lost and what to do.

    A protected act has no reference: one that a person passes on would tell when it was.
    """
    ref = "" if turn.protected else reference(turn.bot.randomness.randbytes)
    with protected_act() if turn.protected else nullcontext():
        surprise(log, error, kind="interaction" if turn.protected else turn.kind.value, reference=ref or None)
    told = _what_broke(turn, error, ref)
    if ref:
        told += f" ({ref})"
    return tell(turn, told, kept=_given(turn))


def _what_broke(turn: Turn, error: Exception, ref: str) -> str:
    words = turn.words
    if isinstance(error, Busy | DBAPIError | PoolTimeout):
        return words("Nothing was saved: the database did not answer. Please try again in a minute.")
    if isinstance(error, RateLimited | Unanswered | Unreached):
        return words("Slack did not answer me in time. Please try again in a minute.")
    if ref:
        return words(
            "Something went wrong on my side, and it has been noted. Nothing was saved. Please try again; "
            "if it happens twice, tell your stewards the word at the end of this line."
        )
    return words("Something went wrong on my side, and nothing was saved. Please try again.")


def _given(turn: Turn) -> dict[str, str]:
    """What the person would lose: what was typed into a form that closes, or after the command."""
    if turn.kind is Kind.SUBMISSION:
        return typed(turn.view)
    if turn.kind is Kind.COMMAND and str(turn.body.get("text") or "").strip():
        return {"text": str(turn.body["text"])}
    return {}


def tell(turn: Turn, said: str, *, kept: Mapping[str, str] | None = None) -> Answer:
    """Say one thing to the person alone, the way this kind of interaction allows. `kept` are words to give back."""
    match turn.kind:
        case Kind.COMMAND:
            answer: dict[str, Any] = {"text": said, "response_type": "ephemeral"}
            if kept:
                answer["blocks"] = [t.section(said), *to_copy(turn.words, kept, most=MOST_TO_COPY)]
            return answer
        case Kind.SUBMISSION:
            first = _first_input(turn.view)
            if first and not kept:
                return {"response_action": "errors", "errors": {first: _beside(said)}}
            return {"response_action": "update", "view": notice(turn, said, kept)}
        case Kind.MESSAGE_BUTTON:
            # Its URL may be spent or old: then there is no way left to this person that asks nothing of anybody else.
            with suppress(SlackTrouble):
                respond(turn, said)
        case Kind.VIEW_BUTTON | Kind.SHORTCUT:
            show(turn, notice(turn, said, kept))
        case Kind.OPTIONS:
            return {"options": []}
        case Kind.EVENT:
            pass  # nobody asked, so nobody is told
    return None


def show(turn: Turn, view: Mapping[str, Any]) -> None:
    """Open a form for this interaction, over the one that is there if one is.

    A click that is too old for it leaves nothing to open it with; Slack itself has told the person by then.
    `opening.open_form` is for forms that the person should get all the same.
    """
    try:
        if turn.view.get("type") == "modal":
            turn.slack.push_view(turn.trigger, view)
        else:
            turn.slack.open_view(turn.trigger, view)
    except SlackTrouble as error:
        surprise(log, error, kind=turn.kind.value)


def respond(turn: Turn, said: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """Answer a button in a message, to the person alone; the message stays as it is."""
    url = str(turn.body.get("response_url") or "")
    if url:
        turn.slack.respond(url, said, blocks)


def notice(turn: Turn, said: str, kept: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A form that only says something, with the person's words to copy where there are any."""
    blocks: list[dict[str, Any]] = [t.section(said)]
    if kept:
        blocks += to_copy(turn.words, kept)
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": {"type": "plain_text", "text": turn.words("Groundswell"), "emoji": False},
        "close": {"type": "plain_text", "text": turn.words("Close"), "emoji": False},
        "blocks": blocks,
    }


def to_copy(words: Words, kept: Mapping[str, str], *, most: int = 60_000) -> list[dict[str, Any]]:
    """Somebody's words, to be copied: as they were typed, so without the marks that `escaped` puts in.

    `most` characters of them; a message takes fewer than a form.
    """
    whole = [t.plain(given) for given in kept.values()]
    cut = sum(map(len, whole)) > most
    head = words("The beginning of your words, to copy:") if cut else words("Your words, to copy:")
    blocks: list[dict[str, Any]] = [t.context(head)]
    for given in whole:
        given = given[:most]
        most -= len(given)
        parts = [given[start : start + t.SECTION] for start in range(0, len(given), t.SECTION)]
        blocks += [
            {"type": "section", "text": {"type": "plain_text", "text": part, "emoji": False}}
            for part in parts
            if part.strip()
        ]
    return blocks


def typed(view: Mapping[str, Any]) -> dict[str, str]:
    """What a person typed into a form, by block."""
    values = (view.get("state") or {}).get("values") or {}
    found = {}
    for block, inputs in values.items():
        for given in inputs.values():
            if isinstance(given, dict) and isinstance(given.get("value"), str) and given["value"].strip():
                found[str(block)] = given["value"]
    return found


def _first_input(view: Mapping[str, Any]) -> str | None:
    for block in view.get("blocks") or []:
        if isinstance(block, dict) and block.get("type") == "input":
            return str(block.get("block_id"))
    return None


def _beside(said: str) -> str:
    """`errors` are plain text: our own marks would be shown."""
    plain = said.replace("`", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return t.cut(plain, 2900)
