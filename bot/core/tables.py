"""Every table there is, so that migrations can be held against them."""

from __future__ import annotations

from bot.core import outbox as outbox
from bot.core.decisions import records as decisions
from bot.core.editions import records as editions
from bot.core.identity import records as identity
from bot.core.pilot import records as pilot
from bot.core.problems import flag_records as flags
from bot.core.problems import merge_records as merges
from bot.core.problems import records as problems
from bot.core.problems import similar_records as similar
from bot.core.problems import tracker_records as trackers
from bot.core.problems import work_records as work
from bot.core.pulse import records as pulse
from bot.core.replies import records as replies
from bot.core.store import Base
from bot.core.teams import records as teams

metadata = Base.metadata
__all__ = [
    "decisions",
    "editions",
    "flags",
    "identity",
    "merges",
    "metadata",
    "outbox",
    "pilot",
    "problems",
    "pulse",
    "replies",
    "similar",
    "teams",
    "trackers",
    "work",
]
