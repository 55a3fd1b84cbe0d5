"""`groundswell intake ...`: nothing can be raised for a while, and why; then it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

if TYPE_CHECKING:
    from bot.core.identity.people import Actor
    from bot.slack.turn import Bot

app = typer.Typer(help="Pause raising, and let it go on.", no_args_is_help=True)
#: Who the audit trail names for what is done from the command line.
OPERATOR: Final = "operator"


@app.command()
def pause(
    because: Annotated[
        str, typer.Option(help="One sentence that everybody reads who wants to raise something")
    ],
) -> None:
    """Take nothing new from now on; what is there stays, and answers go on."""
    from bot.core.refusal import Refusal
    from bot.core.replies import acts

    bot = _bot()
    try:
        with bot.sessions.begin(patient=True) as session:
            acts.pause_intake(session, _operator(), because, kit=bot.kit, at=bot.clock())
    except Refusal:
        _fail('Nothing was paused: say why, in a sentence. --because "..."')
    typer.echo("Raising is paused. Whoever tries reads the sentence, and keeps the own words.")
    typer.echo("`groundswell intake resume` lets it go on.")


@app.command()
def resume() -> None:
    """Let problems be raised again."""
    from bot.core.identity.installation import paused_because
    from bot.core.replies import acts

    bot = _bot()
    with bot.sessions.begin(patient=True) as session:
        paused = paused_because(session) is not None
        acts.resume_intake(session, _operator(), kit=bot.kit, at=bot.clock())
    typer.echo("Problems can be raised again." if paused else "Raising was not paused.")


def _operator() -> Actor:
    """Whoever may run this command may do more than a steward: the whole database is in reach."""
    from bot.core.identity.people import Actor

    return Actor(OPERATOR, steward=True)


def _bot() -> Bot:
    """The bot without Slack; says what is missing."""
    from bot import command, wiring
    from bot.slack.turn import Workspace

    settings = command.settings_for("migrate")
    sessions = wiring.sessions_of(settings)
    try:
        wiring.refuse_an_old(sessions)
    except wiring.DATABASE_AWAY:
        _fail("The database did not answer. Nothing was changed. Check DATABASE_URL.")
    except wiring.Unusable as reason:
        _fail(str(reason))
    return wiring.bot_of(settings, sessions, Workspace(team="", bot_user="", bot=""))


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
