"""The table of schedules: how often each job looks whether there is something to do."""

from __future__ import annotations

import datetime as dt
import threading

from bot.core.problems.similar import keep_up
from bot.jobs.calendar import Calendar, Every
from bot.jobs.deleted import Deleted
from bot.jobs.forgetting import Forgetting
from bot.jobs.pilot import count as count_pilot
from bot.jobs.pulse import Pulse
from bot.jobs.send import Sender
from bot.jobs.settle import Settler
from bot.jobs.team_sync import sync
from bot.jobs.worker import Schedule
from bot.slack.client import Slack
from bot.slack.turn import Bot

_DAY = dt.timedelta(days=1)


def schedules(bot: Bot, slack: Slack, stopping: threading.Event) -> tuple[Schedule, ...]:
    """Every job, built, in the order in which a single round runs them."""
    groups = Every(_DAY, bot.clock, lambda: sync(bot, slack))
    gone = Every(_DAY, bot.clock, Deleted(bot, slack, stopping=stopping).run)
    return (
        Schedule("forgetting", 30.0, Forgetting(bot, bot.settings.destroyed_list).run),
        Schedule("teams", 60.0, groups),
        Schedule("reactions", 1.0, Settler(bot, slack, stopping=stopping).run),
        Schedule("calendar", 1.0, Calendar(bot, stopping=stopping).run),
        Schedule("similar", 5.0, lambda: keep_up(bot.sessions, bot.similar, bot.kit.randomness)),
        Schedule("pulse", 5.0, Pulse(bot, bot.settings.destroyed_list).run),
        Schedule("deleted messages", 300.0, gone),
        Schedule("pilot", 5.0, lambda: count_pilot(bot)),
        Schedule("outbox", 0.5, Sender(bot, slack, stopping=stopping).run),
    )
