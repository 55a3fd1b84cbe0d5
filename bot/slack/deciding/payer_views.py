"""Whoever answers for a team that pays: a message that says only that something waits, and the form with all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.decisions.queries import AskedPayer, Told
from bot.core.decisions.rules import Door, PayersWord, ReviewWord
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack import waiting
from bot.slack.deciding.saying import REVIEW_WORDS, whole
from bot.slack.fields import field, form, option, picked, text_input, typed
from bot.words import Words

OPEN, FORM, COMMENT_FORM = "pay.open", "pay.form", "decide.comment_form"
WORD, REVIEW, TEXT = "word", "review", "words"
_ANSWERS: Final = (PayersWord.AGREED.value, PayersWord.DISAGREES.value)


def something_waits(words: Words, team: str, decision: int, ident: int) -> tuple[str, list[dict[str, Any]]]:
    """The direct message: that something waits, and nothing of what it is."""
    return waiting.for_team(words, team, OPEN, f"{decision}:{ident}")


def row(words: Words, team: str, decision: int, ident: int) -> dict[str, Any]:
    """The same line in Home."""
    return waiting.row_for_team(words, team, OPEN, f"{decision}:{ident}")


def payer_form(words: Words, asked: AskedPayer) -> dict[str, Any]:
    """The decision, and what is asked of the team: whether it agrees, or at a review whether it goes on."""
    name = _name(asked.payer.name)
    title = t.cut_escaped(t.one_line(asked.problem.title), 600)
    blocks: list[dict[str, Any]] = [t.section(f"*{title}*"), *whole(words, asked.told)[:60]]
    if asked.reviewed:
        blocks.append(t.section(_at_the_review(words, asked, name)))
        answers = [option(words(text), word.value) for word, text in REVIEW_WORDS.items()]
        blocks.append(field(REVIEW, words("Should it go on?"), {"type": "radio_buttons", "options": answers}))
    else:
        answers = [
            option(words("Agreed"), PayersWord.AGREED.value),
            option(words("We don't agree"), PayersWord.DISAGREES.value),
        ]
        blocks.append(
            field(WORD, words("Does your team agree?"), {"type": "radio_buttons", "options": answers})
        )
    blocks.append(
        text_input(
            TEXT,
            words("In your team's words"),
            words("Needed where you don't agree, or something should change. It stands beside the decision."),
            optional=True,
        )
    )
    blocks.append(
        t.context(words("Everybody who can read the problem reads it under your team's name, not yours."))
    )
    return form(
        words,
        words("Your team's word"),
        FORM,
        blocks,
        submit=words("Send"),
        metadata=f"{asked.told.id}:{asked.payer.team}:{asked.told.version}",
    )


def comment_form(words: Words, told: Told, team: int, name: str) -> dict[str, Any]:
    """Before a one-way door counts: what speaks for or against it."""
    blocks = [
        *whole(words, told)[:60],
        text_input(
            TEXT,
            words("What speaks for it, or against it?"),
            words(
                "Everybody who can read the problem reads it under your team's name. The last words count."
            ),
        ),
        t.context(words("You answer for {team}.", team=_name(name))),
    ]
    title = words("Before it counts")
    return form(words, title, COMMENT_FORM, blocks, submit=words("Send"), metadata=f"{told.id}:{team}")


def _at_the_review(words: Words, asked: AskedPayer, team: str) -> str:
    """What happens without an answer, for this decision alone; `team` is escaped."""
    if asked.told.flagged:
        return words(
            "*Its time is over, and it is hard to undo, so it waits for the stewards.* {team}'s word still counts.",
            team=team,
        )
    if asked.told.door is Door.TWO_WAY:
        return words(
            "*{team} is asked first; then the stewards say what comes of it.* It is easily undone: without a word from "
            "those who pay in five working days it lapses. Nothing goes on by silence.",
            team=team,
        )
    return words(
        "*{team} is asked first; then the stewards say what comes of it.* It is hard to undo: without a word from "
        "those who pay in five working days it waits for the stewards. Nothing goes on by silence.",
        team=team,
    )


def thanks(words: Words, name: str) -> str:
    return words("Thank you. {team}'s word stands beside the decision now.", team=_name(name))


def what_next(words: Words, word: PayersWord | ReviewWord, told: Told) -> str:
    """What comes of a team's word, and by when."""
    if isinstance(word, ReviewWord):
        return words(
            "The stewards find it on their desk and say what comes of it; by silence it does not go on."
        )
    day = t.date(told.review_on)
    if word is PayersWord.AGREED:
        return words("Its review is on {day}; your team is asked first.", day=day)
    return words(
        "The stewards find it on their desk. It runs until one of them changes or ends it, or until its review on "
        "{day}, where your team is asked first.",
        day=day,
    )


def _name(team: str) -> str:
    return t.cut_escaped(t.one_line(team), 300)


# What came back


def read_three(value: object) -> tuple[int, int, int]:
    """Decision, team and version; a request, not proof."""
    parts = str(value).split(":")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() and len(each) < 20 for each in parts):
        raise Refusal("This can't be read any more. What waits for your team stands in my Home tab.")
    decision, team, version = (int(each) for each in parts)
    return decision, team, version


def read_word(view: Mapping[str, Any]) -> PayersWord | ReviewWord:
    """What was picked; the form had one of the two questions."""
    review, word = picked(view, REVIEW), picked(view, WORD)
    if review in [each.value for each in ReviewWord]:
        return ReviewWord(review)
    if word in _ANSWERS:
        return PayersWord(word)
    raise Refusal("Please pick one of the answers.")


def read_text(view: Mapping[str, Any]) -> str:
    return typed(view, TEXT)
