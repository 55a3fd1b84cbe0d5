"""`groundswell pilot ...`: what a trial should answer, its start, and what it was worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command import bot_without_slack, fail, operator

if TYPE_CHECKING:
    from bot.core.pilot.queries import Standing
    from bot.core.pilot.rules import Definition
    from bot.slack.turn import Bot

app = typer.Typer(help="A time-boxed trial: write it down, start it, read its report.", no_args_is_help=True)


@app.command()
def example() -> None:
    """Print a file to begin with."""
    from bot.core.pilot.written import EXAMPLE

    typer.echo(EXAMPLE, nl=False)


@app.command()
def show() -> None:
    """Print the pilot as it was written down, with what was changed since."""
    bot = bot_without_slack()
    from bot.core.pilot import queries

    with bot.sessions.reading() as session:
        found = queries.shown(session)
    if found is None:
        typer.echo("No pilot is written down. `groundswell pilot example` prints a file to begin with.")
        return
    for line in _read_back(bot, found):
        typer.echo(line)


@app.command()
def start(
    file: Annotated[Path, typer.Argument(help="The pilot as `groundswell pilot example` shows it (YAML)")],
    draft: Annotated[bool, typer.Option("--draft", help="Only write it down; a steward starts it")] = False,
) -> None:
    """Write a pilot down and lock it: it begins with this Monday or the next one."""
    bot = bot_without_slack()
    from bot.core.pilot import acts
    from bot.core.refusal import Refusal
    from bot.slack.pilot import counted

    definition, at = _read(bot, file), bot.clock()
    try:
        with bot.sessions.begin(patient=True) as session:
            acts.write_down(session, operator(), definition, kit=bot.kit, at=at)
            felt = counted.tone_by_side(session)
            pilot = None if draft else acts.start(session, operator(), kit=bot.kit, at=at, tone=felt)
            begins = pilot.starts_on if pilot else None
    except Refusal as refusal:
        fail(refusal.text.format(**refusal.values))
    if begins is None:
        typer.echo("Written down. A steward starts it from the desk, or run this again without --draft.")
    else:
        typer.echo(f"The pilot begins on {begins:%A, %d %B %Y}. From now on changes are kept as changes.")


@app.command()
def report(
    to: Annotated[Path, typer.Option(help="A folder for the page, the sheet and the pictures")] = Path(),
) -> None:
    """Write the report of the weeks counted so far: a page (HTML), a sheet (CSV) and pictures (PNG)."""
    bot = bot_without_slack()
    from bot.core import figures
    from bot.core.pilot import drawing
    from bot.slack.pilot import files

    try:
        made = files.of(bot)
    except figures.MissingLibraries:
        fail("Intervals need scipy: install the extra `reports` (`pip install groundswell[reports]`).")
    if made is None:
        fail("Nothing is counted yet: a report needs a pilot that has started, and its first whole week.")
    to.mkdir(parents=True, exist_ok=True)
    for each in made.files:
        (to / each.name).write_bytes(each.content)
        typer.echo(str(to / each.name))
    if not drawing.available():
        typer.echo("Without pictures: matplotlib is missing; install the extra `reports`.")
    for line in made.report.lead:
        typer.echo(line)


def _read(bot: Bot, file: Path) -> Definition:
    """The definition in a file; says what is wrong with it."""
    import yaml

    from bot.core.pilot import written
    from bot.core.pilot.rules import Unfit
    from bot.core.teams import queries as teams

    with bot.sessions.reading() as session:
        ids = {name: ident for ident, name in teams.functions(session).items()}
    try:
        return written.read(yaml.safe_load(file.read_text(encoding="utf-8")), ids)
    except OSError as error:
        fail(f"{file} can't be read: {error.strerror}.")
    except (yaml.YAMLError, UnicodeDecodeError):
        fail(f"{file} is no YAML.")
    except Unfit as unfit:
        fail(f"{file}: {unfit.field}: {unfit.why}. Nothing was started.")


def _read_back(bot: Bot, found: Standing) -> list[str]:
    from bot.core.pilot.rules import UNITS
    from bot.core.pilot.written import shown

    definition, today = found.definition, bot.clock().date()
    lines = [
        f"Question       {definition.question}",
        f"Decides        {definition.decides}",
        f"Not used for   {definition.not_used_for}",
        f"Functions      {', '.join(found.functions) or 'all'}",
        f"Weeks          {definition.intake_weeks} of intake, {definition.follow_weeks} of follow-through",
        f"Reviewed       decisions, after {definition.review_weeks} weeks",
    ]
    for figure, line in definition.lines.items():
        unit = UNITS[figure]
        lines.append(
            f"{figure.value:<24} continue {'from' if line.more_is_better else 'up to'} {shown(line.carry_on, unit)}, "
            f"stop {'at' if line.more_is_better else 'from'} {shown(line.stop, unit)}"
        )
    if found.times is None:
        lines.append("It has not started.")
    else:
        times = found.times
        lines.append(
            f"Began on {times.starts}; intake until {times.intake_ends}, ends on {times.ends}. "
            f"Now: {times.phase(today).value}, week {times.week(today)} of {times.weeks}."
        )
    lines += [f"Ended early: {found.ended_because}"] if found.ended_because else []
    lines += [
        f"Changed {each.on}  {each.what}: {each.was or 'none'} -> {each.becomes or 'none'}. {each.because}"
        for each in found.changes
    ]
    return lines
