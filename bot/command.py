"""What the sub-commands share: settings read for their purpose, the bot without Slack, and who acts here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NoReturn

import typer

if TYPE_CHECKING:
    from bot.core.identity.people import Actor
    from bot.settings import Purpose, Settings
    from bot.slack.turn import Bot

#: Who the audit trail names for what is done from the command line.
OPERATOR: Final = "operator"


def settings_for(purpose: Purpose) -> Settings:
    """The settings, and logs as they say; ends the command with a readable list where some are missing or wrong."""
    from bot import logs, settings

    try:
        read = settings.load(purpose)
    except settings.SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    logs.configure(read.log_level, read.log_format)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # eight lines at each start that say nothing
    return read


def operator() -> Actor:
    """Whoever may run this command may do more than a steward: the whole database is in reach."""
    from bot.core.identity.people import Actor

    return Actor(OPERATOR, steward=True)


def bot_without_slack() -> Bot:
    """The bot without Slack; says what is missing."""
    from bot import wiring
    from bot.slack.turn import Workspace

    settings = settings_for("migrate")
    sessions = wiring.sessions_of(settings)
    try:
        wiring.refuse_an_old(sessions)
    except wiring.DATABASE_AWAY:
        fail("The database did not answer. Nothing was changed. Check DATABASE_URL.")
    except wiring.Unusable as reason:
        fail(str(reason))
    return wiring.bot_of(settings, sessions, Workspace(team="", bot_user="", bot=""))


def fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
