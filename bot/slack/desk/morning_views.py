"""The one message that a steward gets on a working morning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from bot.slack import text as t
from bot.slack.desk.views import OPEN
from bot.words import Words

What = Literal["down", "new", "unanswered", "ready", "spoke", "again", "answered", "due", "stuck"]
_SAYS: Final[Mapping[What, Callable[[Words, int], str]]] = {
    "down": lambda words, n: words.many(
        "{n} was taken down and waits for a second steward.",
        "{n} were taken down and wait for a second steward.",
        n,
    ),
    "new": lambda words, n: words.many("{n} new problem waits for you.", "{n} new problems wait for you.", n),
    "unanswered": lambda words, n: words.many(
        "{n} waits for a first answer.", "{n} wait for a first answer.", n
    ),
    "ready": lambda words, n: words.many(
        "{n} can be published: asked teams answered or had their time.",
        "{n} can be published: asked teams answered or had their time.",
        n,
    ),
    "spoke": lambda words, n: words.many(
        "{n} raiser has written to you.", "{n} raisers have written to you.", n
    ),
    "again": lambda words, n: words.many("{n} is worth a second look.", "{n} are worth a second look.", n),
    "answered": lambda words, n: words.many(
        "{n} where a team or the sponsor has spoken.", "{n} where teams or the sponsor have spoken.", n
    ),
    "due": lambda words, n: words.many("{n} whose day has come.", "{n} whose day has come.", n),
    "stuck": lambda words, n: words.many(
        "{n} message could not be sent, the desk says why.",
        "{n} messages could not be sent, the desk says why.",
        n,
    ),
}


def _more_unanswered(words: Words, n: int) -> str:
    return words.many("{n} more waits for a first answer.", "{n} more wait for a first answer.", n)


def something_waits(words: Words, counts: Mapping[What, int]) -> tuple[str, list[dict[str, Any]]]:
    """To a steward on a working morning: how much waits, and nothing of what it is."""
    says = {**_SAYS, "unanswered": _more_unanswered} if counts.get("new") else _SAYS
    said = " ".join(say(words, counts[what]) for what, say in says.items() if counts.get(what))
    opens = t.button(words("Open the desk"), OPEN, "desk")
    return said, [t.section(said), t.buttons(opens)]
