"""The form in which a problem is raised, its answers, and the quiet prompt for a tag."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.problems.wording import Wording
from bot.slack import text as t
from bot.slack.failures import to_copy
from bot.slack.raising import fields
from bot.slack.raising.carried import Carried, Choices, packed
from bot.slack.raising.fields import plain
from bot.slack.raising.prefill import Prefill
from bot.words import Words

#: Buttons that open the form: anew, with words, for a tag; and what else can be pressed.
OPEN, OPEN_AGAIN, WORD_IT = "raise.open", "raise.open_again", "raise.word_it"
LATER, MESSAGE = "raise.later", "raise.message"
FORM = "raise.form"
#: Blocks that stay as they are when more fields are added.
NOTE = "note"
#: Stewards who are named one by one; more than these are said by number.
_NAMED = 40
#: Characters of what did not fit that are shown for copying.
_REST = 30_000
_LINK = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True, slots=True)
class Around:
    """What the form says of its surroundings: who will read it and from when, and where other reports go."""

    stewards: Sequence[str]
    reaches_at: dt.datetime
    misconduct: str | None
    command: str
    #: Where all stewards are away: the last day before one is back.
    away_until: dt.date | None = None
    #: Who hears complaints about a steward.
    sponsor: str | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tag that the form puts in words."""

    problem: int
    permalink: str | None = None


def form(
    words: Words,
    around: Around,
    prefill: Prefill = Prefill(),  # noqa: B008  frozen
    *,
    choices: Choices | None = Choices(),  # noqa: B008  frozen
    receipt: str | None = None,
    tagged: Tagged | None = None,
    from_message: bool = False,
    team_groups: Sequence[Mapping[str, Any]] | None = None,
    kept: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The form; `team_groups` (option groups of teams) unfolds the rest of it, where `kept` are its notes so far.

    receipt: sixteen digits, carried until the form is sent. `choices` None gives no initial picks: where fields
    are added to an open form there must be none, since Slack keeps what was typed and picked only then.
    """
    blocks: list[dict[str, Any]] = [
        t.section(
            words(
                "Say what makes your work harder, also when no single team can change it. "
                "You get an answer from a person within two working days."
            )
        ),
        *(dict(block) for block in kept),
    ]
    blocks += _notes(words, prefill, from_message=from_message)
    if tagged is not None and not kept:
        blocks.append(_tag_note(words, tagged, around.command))
    blocks += [
        fields.line(words, initial=prefill.title),
        fields.hardship(words, initial=prefill.hardship),
    ]
    if team_groups is None:
        blocks += fields.folded(words)
    else:
        blocks += fields.unfolded(words, team_groups, prefill, choices)
    if tagged is None:
        blocks += fields.who_may_learn(words, choices)
    blocks.append(t.section(_readers(words, around, at_once=tagged is not None)))
    if elsewhere := _elsewhere(words, around):
        blocks.append(t.context(elsewhere))
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": packed(Carried(tag=tagged.problem if tagged else None, receipt=receipt)),
        "title": plain(words("Raise a problem"), t.MODAL_TITLE),
        "submit": plain(words("Send"), t.MODAL_TITLE),
        "close": plain(words("Cancel"), t.MODAL_TITLE),
        "blocks": blocks,
    }


def heard(
    words: Words, around: Around, wording: Wording, *, at_once: bool, receipt: str | None = None
) -> dict[str, Any]:
    """The form's own answer: what happens next and by when, and the words that others will read.

    receipt: of an anonymous one, sixteen digits; it is shown here and nowhere else.
    """
    if at_once:
        first = words("*Heard.* The stewards{names} can read it now.", names=_in_brackets(words, around))
    else:
        first = words(
            "*Heard.* It reaches the stewards{names} {when}.",
            names=_in_brackets(words, around),
            when=when(words, around.reaches_at),
        )
    if receipt is None:
        answer = words(
            "A person answers within two working days of that; the next morning a direct message tells you that "
            "there is news."
        )
        where = words("`{command} mine` shows where it stands.", command=around.command)
        close = words("Close")
    else:
        answer = words(
            "A person answers within two working days of that; from the next morning on you read it with your code."
        )
        where = words(
            "`{command} receipt` opens the form for your code: there you read answers, write back, change your "
            "words or withdraw it.",
            command=around.command,
        )
        close = words("I have written it down")
    said = words(
        "Whoever answers for a team that would have to change something may be asked in private first. Once the "
        "stewards publish it, others read exactly these words."
    )
    blocks = [t.section(f"{first} {answer}")]
    if around.away_until is not None:
        away = words(
            "*All stewards are away until {day}.* The two working days begin after that.",
            day=t.date(around.away_until),
        )
        blocks.append(t.section(away))
    if receipt is not None:
        blocks.append(t.section(_code(words, receipt)))
    blocks += [t.section(f"{said} {where}"), {"type": "divider"}, *preview(wording)]
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(words("Raise a problem"), t.MODAL_TITLE),
        "close": plain(close, t.MODAL_TITLE),
        "blocks": blocks[: t.MODAL_BLOCKS],
    }


def preview(wording: Wording) -> list[dict[str, Any]]:
    """The words as others will read them."""
    blocks = [t.section(f"*{t.cut_escaped(wording.title, t.SECTION - 2)}*")]
    for said in (wording.hardship, wording.tried, wording.guardrails):
        blocks += [t.section(piece) for piece in t.pieces(said)]
    return blocks


def fitting(blocks: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The blocks from the first one on that together take so many bytes; a form may have 250,000."""
    made: list[dict[str, Any]] = []
    for block in blocks:
        most -= len(json.dumps(block)) + 2
        if most < 0:
            break
        made.append(block)
    return made


def paused(words: Words, because: str) -> str:
    """What somebody reads who would raise something while nothing is taken."""
    return words(
        "Raising is paused for now. The stewards say: “{because}”\n"
        "Nothing was saved. If there are words of yours below, please copy them and send them once it goes on.",
        because=t.cut_escaped(because, 2000),
    )


def tag_prompt(words: Words, problem_id: int) -> tuple[str, list[dict[str, Any]]]:
    """What the tagger alone sees where the emoji was put."""
    said = words(
        "Your reaction is visible here, so this one is not confidential. What is the problem, in your words?"
    )
    return said, [
        t.section(said),
        t.buttons(
            t.button(words("Put it in words"), f"{WORD_IT}:{problem_id}", str(problem_id), style="primary"),
            t.button(
                words("Later"),
                LATER,
                str(problem_id),
                label=words("Later: it waits for you in this app's Home"),
            ),
        ),
    ]


def later(words: Words) -> str:
    return words(
        "It waits for your words in my Home (click my name, then Home). Taking the emoji away takes it back."
    )


def _notes(words: Words, prefill: Prefill, *, from_message: bool) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if from_message and prefill.title:
        said = words(
            "These are the message's words, for you to make your own. Nothing is kept of where it stands or who wrote it."
        )
        blocks.append(t.context(said) | {"block_id": f"{NOTE}.message"})
    if prefill.rest:
        said = words(
            "Your words are longer than the 3,000 characters that a field takes, so the second field has their beginning. "
            "Please copy what matters from the rest, which stands here and nowhere else."
        )
        blocks.append(t.section(said) | {"block_id": f"{NOTE}.long"})
        rest = to_copy(words, {"rest": prefill.rest}, most=_REST)
        blocks += [block | {"block_id": f"{NOTE}.rest{place}"} for place, block in enumerate(rest)]
    return blocks


def _tag_note(words: Words, tagged: Tagged, command: str) -> dict[str, Any]:
    said = words(
        "You tagged a message. Your reaction is visible there, so this one can be neither confidential nor "
        "anonymous: the stewards know that it comes from you. For that, take the emoji away and use "
        "`{command}` instead.",
        command=command,
    )
    block = t.section(said) | {"block_id": f"{NOTE}.tag"}
    if tagged.permalink and len(tagged.permalink) <= t.SECTION and _LINK.fullmatch(tagged.permalink):
        block["accessory"] = t.button(words("The message"), MESSAGE, "message") | {"url": tagged.permalink}
    return block


def _readers(words: Words, around: Around, *, at_once: bool) -> str:
    head = "*" + words("Who can read this") + "*: "
    if at_once:
        said = words("the stewards{names} once you send it", names=_in_brackets(words, around))
    else:
        said = words(
            "the stewards{names}, {when}",
            names=_in_brackets(words, around),
            when=when(words, around.reaches_at),
        )
    return (
        head
        + said
        + words(
            "; before others, whoever answers for a team that would have to change something, if the stewards ask "
            "it; everybody here once they publish it, in exactly these words."
        )
    )


def _elsewhere(words: Words, around: Around) -> str:
    """What is better said to somebody else: here the stewards read it."""
    said = []
    if around.misconduct:
        said.append(
            words("Not for misconduct, harassment or safety: {place}.", place=t.place(around.misconduct))
        )
    if around.sponsor:
        said.append(
            words(
                "Something about a steward? {sponsor} hears it, not the stewards.",
                sponsor=t.person(around.sponsor),
            )
        )
    return " ".join(said)


def _code(words: Words, receipt: str) -> str:
    return words(
        "*Your code:* `{code}`\n"
        "Please write it down now. It is shown this once, nobody can look it up, and without it no answer "
        "reaches you.",
        code=grouped(receipt),
    )


def grouped(receipt: str) -> str:
    """A code as a person reads it: four groups of four."""
    return " ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def _in_brackets(words: Words, around: Around) -> str:
    named = [t.person(person) for person in around.stewards[:_NAMED]]
    listed = [mention for mention in named if mention]
    more = len(around.stewards) - len(named)
    if more > 0:
        listed.append(words.many("{n} more", "{n} more", more))
    return f" ({', '.join(listed)})" if listed else ""


def when(words: Words, at: dt.datetime) -> str:
    """A time as its reader sees it: "tomorrow at 07:00"."""
    fallback = words("tomorrow morning")
    return t.date(at, fallback, form=words("{day} at {time}", day="{date_pretty}", time="{time}"))
