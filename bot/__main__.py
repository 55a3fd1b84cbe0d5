"""The `groundswell` command; also `python -m bot`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import intake_commands, key_commands, pilot_commands, similar_commands, team_commands
from bot.command import settings_for

# Imports stand inside the commands: each loads only what it needs, and `--help` nothing of it.
app = typer.Typer(
    help="Finds the problems that no single team can solve, and gets every one of them an answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(team_commands.app, name="teams")
app.add_typer(intake_commands.app, name="intake")
app.add_typer(key_commands.app, name="key")
app.add_typer(similar_commands.app, name="similar")
app.add_typer(pilot_commands.app, name="pilot")


def _ends(process: Callable[[], int]) -> None:
    from bot.wiring import Unusable

    try:
        code = process()
    except Unusable as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code)


@app.command()
def run() -> None:
    """Run everything in one process: Socket Mode and the worker."""
    settings = settings_for("run")
    if not settings.sealing_keys:
        from bot.own_key import keep_own_key, own_key_file

        if keep_own_key(own_key_file()):
            typer.echo(
                f"A sealing key was made: {own_key_file()}. Keep a copy apart from the database's backups."
            )
        settings = settings_for("run")
    from bot import processes

    _ends(lambda: processes.run(settings))


@app.command()
def web() -> None:
    """Answer Slack over signed HTTP; the worker runs apart."""
    settings = settings_for("web")
    from bot import processes

    _ends(lambda: processes.web(settings))


@app.command()
def worker(
    port: Annotated[
        int | None,
        typer.Option(help="Its health's port, instead of GROUNDSWELL_PORT, beside `web` on a host"),
    ] = None,
) -> None:
    """Send what is to be said, and do what is due."""
    settings = settings_for("worker")
    from bot import processes

    _ends(lambda: processes.work(settings, port=port))


@app.command()
def migrate() -> None:
    """Bring the database up to date; run it before the new release's processes."""
    settings = settings_for("migrate")
    from bot import wiring
    from bot.core import migrating

    sessions = wiring.sessions_of(settings)
    try:
        behind = migrating.pending(sessions.engine)
        if behind:
            migrating.upgrade(sessions.engine)
    except wiring.DATABASE_AWAY as error:
        typer.echo(
            f"The database did not answer ({type(error).__name__}). Nothing was changed. Check DATABASE_URL.",
            err=True,
        )
        raise typer.Exit(1) from None
    typer.echo("The database is up to date now." if behind else "The database was up to date already.")


@app.command()
def manifest(
    url: Annotated[
        str | None, typer.Option(help="For signed HTTP: where the bot is reached, https://your.host")
    ] = None,
) -> None:
    """Print the app's manifest for api.slack.com/apps, with the configured names."""
    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter("Slack takes addresses that begin with https:// alone.", param_hint="--url")
    settings = settings_for("manifest")
    from bot.manifest import manifest_text

    typer.echo(manifest_text(settings.command, url), nl=False)


@app.command()
def doctor() -> None:
    """Check everything that the bot needs, and say how to mend what is wrong."""
    settings = settings_for("doctor")
    from bot import wiring
    from bot.jobs import checkup

    sessions = wiring.sessions_of(settings)
    app_slack = wiring.slack_of(settings, settings.slack_app_token) if settings.slack_app_token else None
    signs = {checkup.Level.GOOD: "ok     ", checkup.Level.WARNING: "look   ", checkup.Level.BAD: "wrong  "}
    worst = 0
    for found in checkup.examine(
        settings, sessions, wiring.slack_of(settings), app_slack, wiring.clock_of(settings)()
    ):
        typer.echo(signs[found.level] + found.what)
        if found.mend:
            typer.echo(f"         {found.mend}")
        worst = max(worst, found.level is checkup.Level.BAD)
    typer.echo(
        "\nSlack switches events off where too many went unanswered for an hour. It tells nobody here: look at "
        "the app's page, Event Subscriptions, after a long time away."
    )
    raise typer.Exit(worst)


@app.command("try")
def try_(
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page")] = False,
    port: Annotated[
        int | None, typer.Option(help="The page's port; where it is in use, the next free one")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="A folder that keeps what the bot stores")] = None,
    http: Annotated[bool, typer.Option("--http", help="Signed HTTP, web and worker apart")] = False,
    seed: Annotated[int, typer.Option(help="Other ids for the same company")] = 1,
    company: Annotated[
        Path | None, typer.Option(help="A seed file (YAML) instead of the practice company")
    ] = None,
) -> None:
    """Try it without Slack: a practice workspace in the browser, with the real bot beside it."""
    from bot.manifest import manifest_path
    from bot.sandbox import trying

    raise typer.Exit(
        trying.run(
            manifest_path(), say=typer.echo, browser=not no_browser, port=trying.PORT if port is None else port, keep=keep,
            http=http, seed=seed, company=company,
        )
    )  # fmt: skip


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("groundswell"))


def main() -> None:
    """The command's entry."""
    app()


if __name__ == "__main__":
    sys.exit(app())
