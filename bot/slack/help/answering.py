"""The answer where a sub-command does not take what came after it; every feature with sub-commands may use it."""

from __future__ import annotations

from bot.slack.help import views
from bot.slack.turn import Answer, SubCommand, Turn


def misused(turn: Turn, sub: SubCommand) -> Answer:
    """How it is used, and a way out: what was typed may be a problem that begins with the sub-command's name."""
    said = str(turn.body.get("text") or "").strip()
    text, blocks = views.usage(turn.words, sub, command=turn.bot.settings.command, said=said)
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}
