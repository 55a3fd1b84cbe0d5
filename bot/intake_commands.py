"""`groundswell intake ...`: nothing can be raised for a while, and why; then it goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command import bot_without_slack, fail, operator

app = typer.Typer(help="Pause raising, and let it go on.", no_args_is_help=True)


@app.command()
def pause(
    because: Annotated[
        str, typer.Option(help="One sentence that everybody reads who wants to raise something")
    ],
) -> None:
    """Take nothing new from now on; what is there stays, and answers go on."""
    from bot.core.refusal import Refusal
    from bot.core.replies import acts

    bot = bot_without_slack()
    try:
        with bot.sessions.begin(patient=True) as session:
            acts.pause_intake(session, operator(), because, kit=bot.kit, at=bot.clock())
    except Refusal:
        fail('Nothing was paused: say why, in a sentence. --because "..."')
    typer.echo("Raising is paused. Whoever tries reads the sentence, and keeps the own words.")
    typer.echo("`groundswell intake resume` lets it go on.")


@app.command()
def resume() -> None:
    """Let problems be raised again."""
    from bot.core.identity.installation import paused_because
    from bot.core.replies import acts

    bot = bot_without_slack()
    with bot.sessions.begin(patient=True) as session:
        paused = paused_because(session) is not None
        acts.resume_intake(session, operator(), kit=bot.kit, at=bot.clock())
    typer.echo("Problems can be raised again." if paused else "Raising was not paused.")
