"""The one message that a steward gets on a working morning."""

from __future__ import annotations

from typing import Any

from bot.slack import text as t
from bot.slack.desk.views import OPEN
from bot.words import Words


def something_waits(
    words: Words,
    *,
    new: int,
    stuck: int,
    ready: int = 0,
    spoke: int = 0,
    down: int = 0,
    again: int = 0,
    answered: int = 0,
    due: int = 0,
    unanswered: int = 0,
) -> tuple[str, list[dict[str, Any]]]:
    """To a steward on a working morning: how much waits, and nothing of what it is."""
    parts = []
    if down:
        parts.append(
            words.many(
                "{n} was taken down and waits for a second steward.",
                "{n} were taken down and wait for a second steward.",
                down,
            )
        )
    if new:
        parts.append(words.many("{n} new problem waits for you.", "{n} new problems wait for you.", new))
    if unanswered:
        parts.append(
            words.many(
                "{n} more waits for a first answer.",
                "{n} more wait for a first answer.",
                unanswered,
            )
            if new
            else words.many("{n} waits for a first answer.", "{n} wait for a first answer.", unanswered)
        )
    if ready:
        parts.append(
            words.many(
                "{n} can be published: asked teams answered or had their time.",
                "{n} can be published: asked teams answered or had their time.",
                ready,
            )
        )
    if spoke:
        parts.append(words.many("{n} raiser has written to you.", "{n} raisers have written to you.", spoke))
    if again:
        parts.append(words.many("{n} is worth a second look.", "{n} are worth a second look.", again))
    if answered:
        parts.append(
            words.many(
                "{n} where a team or the sponsor has spoken.",
                "{n} where teams or the sponsor have spoken.",
                answered,
            )
        )
    if due:
        parts.append(words.many("{n} whose day has come.", "{n} whose day has come.", due))
    if stuck:
        parts.append(
            words.many(
                "{n} message could not be sent, the desk says why.",
                "{n} messages could not be sent, the desk says why.",
                stuck,
            )
        )
    said = " ".join(parts)
    opens = t.button(words("Open the desk"), OPEN, "desk")
    return said, [t.section(said), t.buttons(opens)]
