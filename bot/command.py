"""What the sub-commands share: settings read for their purpose, or said what is wrong with them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Purpose, Settings


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
