"""The one message that a steward gets on a working morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack import text as t
from bot.slack.desk.views import OPEN
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Review:
    """A decision that is looked at now. asked: the teams that pay, as long as they are asked first."""

    asked: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Morning:
    """How much waits. unanswered: beside the new ones. oldest: working days of the longest wait for an answer."""

    new: int = 0
    unanswered: int = 0
    oldest: int = 0
    down: int = 0
    ready: int = 0
    spoke: int = 0
    again: int = 0
    answered: int = 0
    due: int = 0
    reviews: Sequence[Review] = ()
    stuck: int = 0

    @property
    def nothing(self) -> bool:
        counts = (self.new, self.unanswered, self.down, self.ready, self.spoke, self.again)
        return not any((*counts, self.answered, self.due, self.reviews, self.stuck))


def something_waits(words: Words, morning: Morning) -> tuple[str, list[dict[str, Any]]]:
    """To a steward on a working morning: how much waits, and nothing of what it is."""
    said = " ".join(each for each in _sentences(words, morning) if each)
    opens = t.button(words("Open the desk"), OPEN, "desk")
    return said, [t.section(said), t.buttons(opens)]


def _sentences(words: Words, morning: Morning) -> list[str]:
    return [
        _some(words, "down", morning.down),
        _some(words, "new", morning.new),
        _unanswered(words, morning),
        _oldest(words, morning),
        _reviews(words, morning.reviews),
        *[
            _some(words, what, n)
            for what, n in (
                ("spoke", morning.spoke),
                ("due", morning.due),
                ("answered", morning.answered),
                ("ready", morning.ready),
                ("again", morning.again),
                ("stuck", morning.stuck),
            )
        ],
    ]


def _some(words: Words, what: str, n: int) -> str:
    if not n:
        return ""
    said = {
        "down": words.many(
            "{n} was taken down and waits for a second steward.",
            "{n} were taken down and wait for a second steward.",
            n,
        ),
        "new": words.many("{n} new problem waits for you.", "{n} new problems wait for you.", n),
        "ready": words.many(
            "{n} can be published: asked teams answered or had their time.",
            "{n} can be published: asked teams answered or had their time.",
            n,
        ),
        "spoke": words.many("{n} raiser has written to you.", "{n} raisers have written to you.", n),
        "again": words.many("{n} is worth a second look.", "{n} are worth a second look.", n),
        "answered": words.many(
            "Of {n} there is news: somebody answered or did not in time, or a trial ran out.",
            "Of {n} there is news: somebody answered or did not in time, or a trial ran out.",
            n,
        ),
        "due": words.many("{n} whose day has come.", "{n} whose day has come.", n),
        "stuck": words.many(
            "{n} message could not be sent, the desk says why.",
            "{n} messages could not be sent, the desk says why.",
            n,
        ),
    }
    return said[what]


def _unanswered(words: Words, morning: Morning) -> str:
    n = morning.unanswered
    if not n:
        return ""
    if morning.new:
        return words.many("{n} more waits for a first answer.", "{n} more wait for a first answer.", n)
    return words.many("{n} waits for a first answer.", "{n} wait for a first answer.", n)


def _oldest(words: Words, morning: Morning) -> str:
    if morning.oldest < 1:
        return ""
    return words.many(
        "The longest wait for an answer is {n} working day.",
        "The longest wait for an answer is {n} working days.",
        morning.oldest,
    )


def _reviews(words: Words, reviews: Sequence[Review]) -> str:
    """How many decisions are looked at now, and who is asked first where that is one of them alone."""
    if not reviews:
        return ""
    head = words.many("{n} decision is up for review.", "{n} decisions are up for review.", len(reviews))
    if len(reviews) > 1 or not reviews[0].asked:
        return head
    names = t.cut_escaped(", ".join(t.one_line(name) for name in reviews[0].asked), 300)
    first = (
        words("{teams} is asked first.", teams=names)
        if len(reviews[0].asked) == 1
        else words("{teams} are asked first.", teams=names)
    )
    return words("{one} {another}", one=head, another=first)
