"""`groundswell similar ...`: what finds similar problems."""

from __future__ import annotations

import typer

from bot.command import bot_without_slack, fail

app = typer.Typer(help="What finds similar problems.", no_args_is_help=True)


@app.command()
def rebuild() -> None:
    """Read all published problems anew, after another model was named in GROUNDSWELL_SIMILAR."""
    bot = bot_without_slack()
    from bot.core.problems import similar
    from bot.core.problems.similar_models import ModelMissing

    try:
        count = similar.rebuild(bot.sessions, bot.similar, bot.kit.randomness)
    except ModelMissing as missing:
        fail(f"Nothing was changed. {missing}")
    typer.echo(f"{count} published {'problem was' if count == 1 else 'problems were'} read anew.")
