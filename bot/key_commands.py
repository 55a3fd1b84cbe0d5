"""`groundswell key ...`: a new sealing key, taking it over from the old one, and letting the old one go."""

from __future__ import annotations

import typer

from bot.command import bot_without_slack, fail, settings_for

app = typer.Typer(help="Make a sealing key, and take over from the old one.", invoke_without_command=True)


@app.callback()
def key(context: typer.Context) -> None:
    """Print a new sealing key, or (with a word after it) change the one in use."""
    if context.invoked_subcommand is None:
        typer.echo(_fresh())


@app.command()
def rotate() -> None:
    """Put a new key in front of the old ones; nothing is sealed with it before the bot is started again."""
    from bot import settings as room
    from bot.own_key import BusyKeys, put_in_front

    settings = settings_for("migrate")
    if not settings.sealing_keys:
        fail("There is no sealing key yet; `groundswell run` makes one, or `groundswell key` prints one.")
    path = room.keys_file()
    if path is None:
        typer.echo(
            "Your settings name the key, so I can't change it. Put this one in front of those that stand there, "
            "as new,old:"
        )
        typer.echo(_fresh())
    else:
        try:
            count = put_in_front(path, _fresh())
        except BusyKeys:
            fail(
                f"Another rotation is under way. Nothing was changed. If there is none, delete {path}.new and try again."
            )
        typer.echo(
            f"A new key is the first of {count} in {path}. Keep a copy apart from the database's backups."
        )
    typer.echo(
        "Now start every process again (with several, first with old,new on all of them, then with new,old); "
        "then run `groundswell key reseal`."
    )


@app.command()
def reseal() -> None:
    """Seal every kept address with the newest key, and say which old key nothing needs any more."""
    from bot.core.replies import keys
    from bot.jobs.keys import done_with, missing

    bot = bot_without_slack()
    held = list(bot.kit.sealing.keys)
    if not bot.settings.sealing_keys:
        fail("No sealing key is given. Nothing was changed.")
    made = keys.reseal(bot.sessions, bot.kit)
    typer.echo(f"{made.done} were sealed anew with the newest key.")
    with bot.sessions.reading() as session:
        idle, lost = done_with(session, held), missing(session, held)
    if made.lost or lost:
        typer.echo(
            "Some can't be opened: their key is not among yours. If you have it, put it behind the others and run "
            "this again; they stay as they are."
        )
    if len(held) == 1:
        typer.echo("There is one key, and it is in use.")
    elif idle:
        which = ", ".join(str(place) for place in idle)
        typer.echo(
            f"Nothing needs key number {which} (counted from the newest, 1) any more. Take it out after the next "
            "batch, not before: what came today may wait under it. Keep a copy as long as you keep backups."
        )
    else:
        typer.echo(
            "The old keys are needed still: for what came today, and for who confirmed open problems, until these "
            "close. Nothing is to be done; `groundswell doctor` says when one can go."
        )


def _fresh() -> str:
    import secrets

    from bot.setting_kinds import KEY_BYTES, sealing_key_text

    return sealing_key_text(secrets.token_bytes(KEY_BYTES))
