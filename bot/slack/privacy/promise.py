"""What people are promised, word for word: the form, README.md and docs/privacy.md say this and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.slack.joining import together
from bot.words import Words, mark


@dataclass(frozen=True, slots=True)
class Way:
    """A way to say something: who can learn that it was you, how an answer reaches you, and what is stored."""

    name: str
    who: str
    answer: str
    stored: str


LEAD: Final = mark("Who can learn that it was you, how an answer reaches you, and what is stored about you.")
WHO: Final = mark("Who can learn that it was you")
ANSWER: Final = mark("How an answer reaches you")
STORED: Final = mark("What is stored")

WAYS: Final[Sequence[Way]] = (
    Way(
        mark("Confidential (the default)"),
        mark(
            "No screen, export, log or report shows it. Someone who holds both the database and the sealing key "
            "could find out."
        ),
        mark("A direct message that says only that there is news."),
        mark(
            "Your user id, sealed with a key that is not in the database. It is destroyed within a week once 44 days "
            "have passed since the problem ended, or within a week when you ask."
        ),
    ),
    Way(
        mark("Anonymous"),
        mark(
            "Nobody, from anything that the bot keeps once it has reached the stewards, also with every secret "
            "leaked."
        ),
        mark("You fetch it with a code of 16 digits that is shown once."),
        mark(
            "Nothing about you. Of the code a fingerprint that does not give it back (a slow hash, with one salt for "
            "the installation)."
        ),
    ),
    Way(
        mark("Show my name (a tick)"),
        mark(
            "Everybody, from publication on: your name stands with the problem, and never in the weekly edition. A steward "
            "may open it earlier by one recorded tap. It is a courtesy, not protection."
        ),
        mark("A direct message that says only that there is news."),
        mark("Your user id."),
    ),
    Way(
        mark("Hits us too"),
        mark(
            "Others see words for breadth, never people. Until the problem closes, someone who holds both the "
            "database and the sealing key could work out who confirmed; then what that takes (salt and hashes) is "
            "destroyed. The database alone tells for which team somebody confirmed: in a very small one, or one that "
            "you alone chose, that may be enough."
        ),
        mark("No message is sent: the edition, the list and Home show what becomes of it."),
        mark(
            "A code made from you, so that you count once (a keyed hash, with a key of its own for each problem); and "
            "your team. What you add is kept without that code."
        ),
    ),
    Way(
        mark("Emoji tag"),
        mark(
            "Everybody in the channel sees the reaction, so it is neither confidential nor anonymous; the bot says "
            "so before you put it in words."
        ),
        mark("A direct message that says only that there is news."),
        mark("Your user id for the first tag on a message; later tags are “hits us too”."),
    ),
    Way(
        mark("Pulse"),
        mark(
            "Nobody sees who has answered. Until the pulse closes, someone who holds both the database and the "
            "sealing key could link you to your answers; when it closes they are counted, and every row and hash is "
            "destroyed."
        ),
        mark("The results come by a direct message to everybody who was asked, the same for all."),
        mark(
            "That you were asked: your user id and team. While it is open your answers, under a keyed hash. If you "
            "chose to be compared: your points under a slow hash of your own words, until the next pulse has closed."
        ),
    ),
)

#: What all of it does not do, a sentence each.
LIMITS: Final[Sequence[str]] = (
    mark(
        "This does not hide you from Slack or whoever may export it, from somebody who changes the bot, from a "
        "person who saw your screen, from how you write, or, in a team of five, from four who compare notes."
    ),
    mark("On a quiet day yours may be the only one."),
    mark("Until the next morning, somebody who watches the database could see when something came."),
    mark("What an edition has said may be copied."),
    mark(
        "Backups keep what was destroyed until they are deleted; your operator says when (35 days is the advice)."
    ),
    mark(
        "Slack and the network see every request in transit; the bot claims nothing about what workspace owners "
        "can see."
    ),
)


def limits(words: Words) -> str:
    """What it does not do, in one paragraph."""
    return together(words, *[words(sentence) for sentence in LIMITS])


def as_markdown(words: Words) -> str:
    """The promise as README.md and docs/privacy.md print it."""
    rows = [
        f"| **{words(way.name)}** | {words(way.who)} | {words(way.answer)} | {words(way.stored)} |"
        for way in WAYS
    ]
    head = f"| | {words(WHO)} | {words(ANSWER)} | {words(STORED)} |"
    return "\n".join([head, "|---|---|---|---|", *rows, "", limits(words)]) + "\n"
