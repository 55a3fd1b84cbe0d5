"""Each Monday the weeks of a pilot are counted and kept, so that its report reads the same until the next."""

from __future__ import annotations

import structlog

from bot.slack.pilot import counted
from bot.slack.turn import Bot

log = structlog.get_logger(__name__)


def count(bot: Bot) -> None:
    """Count what is due; a look that finds nothing writes nothing."""
    if counted.keep(bot):
        log.info("counted a pilot's weeks")
