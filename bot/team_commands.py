"""`groundswell teams ...`: which teams there are, and where they come from."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.core.teams import acts
    from bot.jobs.team_list import Fault
    from bot.slack.client import Slack
    from bot.slack.turn import Bot

app = typer.Typer(help="Teams: from user groups, or from a file.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the teams with their function, their people and where they come from."""
    bot, _ = _bot(slack_needed=False)
    from bot.core.teams import queries

    with bot.sessions.reading() as session:
        sizes = queries.sizes(session)
        rows = [
            (
                team.name,
                team.function.name if team.function else "no function",
                sizes.get(team.id, 0),
                "user group" if team.group else "list",
            )
            for team in queries.teams(session)
        ]
    if not rows:
        typer.echo(
            "There are no teams yet. Mark user groups (`groundswell teams groups`), "
            "or import a file (`groundswell teams import FILE`)."
        )
    for name, function, size, source in rows:
        typer.echo(f"{name} ({function}): {_people(size)}, from a {source}")


@app.command()
def groups() -> None:
    """List the workspace's user groups and which of them are teams."""
    bot, slack = _bot()
    from sqlalchemy import select

    from bot.core.teams.records import Team

    found = _groups(slack)
    with bot.sessions.reading() as session:
        marked = {
            team.group: team.function.name if team.function else "no function"
            for team in session.scalars(select(Team).where(Team.group.is_not(None)))
        }
    if not found:
        typer.echo("This workspace has no user groups. Import a file: `groundswell teams import FILE`.")
    for group, handle in found:
        state = f"team ({marked[group.id]})" if group.id in marked else "not a team"
        off = ", switched off" if group.disabled else ""
        typer.echo(f"{group.id}  @{handle}  {group.name}: {_people(len(group.people))}, {state}{off}")


@app.command()
def mark(
    groups: Annotated[
        list[str],
        typer.Argument(
            help="The user groups' handles, or their ids (S...); @group=Function names its own function"
        ),
    ],
    function: Annotated[str | None, typer.Option(help="The function that the teams belong to")] = None,
) -> None:
    """Make user groups teams; from now on a group's people are the team's."""
    wanted = [
        (name.strip().lstrip("@"), own or function)
        for name, _, own in (said.partition("=") for said in groups)
    ]
    for name, belongs in wanted:
        if not belongs:
            _fail(f"Which function does {name} belong to? Say it: --function, or @{name}=Engineering.")
    bot, slack = _bot()
    from bot.core.teams import acts

    known = {name: group for group, handle in _groups(slack) for name in (group.id, handle)}
    for name, _ in wanted:
        if name not in known:
            _fail(
                f"There is no user group {name}. `groundswell teams groups` lists them. Nothing was marked."
            )
    for name, belongs in wanted:
        with bot.sessions.begin(patient=True) as session:
            acts.mark_group(session, known[name], function=str(belongs), randomness=bot.kit.randomness)
        typer.echo(f"{known[name].name} is a team of {belongs} now, with {_people(len(known[name].people))}.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file: team,function,member (an e-mail or a member ID)")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the good rows all the same")] = False,
) -> None:
    """Import teams from a file. Nothing is imported unless every row is good."""
    from bot.jobs import team_list
    from bot.slack.client import Refused, SlackTrouble

    try:
        read = team_list.read(file.read_bytes())
    except OSError as error:
        _fail(f"{file} can't be read ({error.strerror}).")
    if read.faults and not skip_bad:
        _say(read.faults)
        _fail(_none_imported(len(read.faults)))
    bot, slack = _bot()
    lookup = team_list.Lookup(bot, slack, pause=time.sleep, progress=_progress)
    try:
        people, nobody = lookup.people(read.rows)
    except Refused as error:
        _fail(team_list.refusal(error))
    except SlackTrouble:
        _fail(
            "Slack did not answer. Nothing was imported. Run the same command again: who was looked up until "
            "now is remembered for a day."
        )
    faults = sorted([*read.faults, *nobody], key=lambda fault: fault.line)
    _say(faults)
    if faults and not skip_bad:
        _fail(_none_imported(len(faults)))
    good = [row for row in read.rows if row.member in people]
    with bot.sessions.begin(patient=True) as session:
        done = team_list.store(session, bot, good, people)
    repeated = f" {read.repeated} repeated rows counted once." if read.repeated else ""
    skipped = f" {len(faults)} bad rows were left out." if faults else ""
    typer.echo(f"Imported {_count(done.teams, 'team')} with {_people(done.people)}.{repeated}{skipped}")


@app.command()
def merge(
    old: Annotated[str, typer.Argument(help="The team that is no more")],
    into: Annotated[str, typer.Argument(help="The team that it became a part of")],
) -> None:
    """Make one team a part of another: its people, voices, answers and what waits for it go over."""
    bot, _ = _bot(slack_needed=False)
    from bot.core.refusal import Refusal
    from bot.core.replies.reorganising import merge_teams
    from bot.core.teams import queries

    with bot.sessions.begin(patient=True) as session:
        first, second = (queries.by_name(session, name) for name in (old, into))
        if first is None or second is None:
            _fail(f"There is no team {old if first is None else into}. `groundswell teams list` lists them.")
        try:
            merge_teams(session, first, second, kit=bot.kit, at=bot.clock())
        except Refusal as refusal:
            _fail(f"{refusal.text.format(**refusal.values)} Nothing was changed.")
    typer.echo(f"{first.name} is a part of {second.name} now.")


def _bot(*, slack_needed: bool = True) -> tuple[Bot, Slack]:
    """The bot without listeners; says what is missing."""
    from bot import command, wiring
    from bot.slack.turn import Workspace

    settings = command.settings_for("teams")
    if slack_needed and settings.slack_bot_token is None:
        _fail("SLACK_BOT_TOKEN is missing: the app's page on api.slack.com/apps, Install App.")
    if slack_needed and not settings.sealing_keys:
        typer.echo("Without GROUNDSWELL_SEALING_KEY nothing is remembered if this is broken off.", err=True)
    sessions = wiring.sessions_of(settings)
    try:
        wiring.refuse_an_old(sessions)
    except wiring.DATABASE_AWAY:
        _fail("The database did not answer. Nothing was changed. Check DATABASE_URL.")
    except wiring.Unusable as reason:
        _fail(str(reason))
    nowhere = Workspace(team="", bot_user="", bot="")
    return wiring.bot_of(settings, sessions, nowhere), wiring.slack_of(settings)


def _groups(slack: Slack) -> list[tuple[acts.Group, str]]:
    from bot.jobs.team_sync import NO_GROUPS, NO_SCOPE
    from bot.slack.client import MissingScope, NotOnThisPlan, SlackTrouble
    from bot.slack.workspace.payloads import group_of

    try:
        return [(group_of(told), str(told.get("handle", ""))) for told in slack.user_groups()]
    except NotOnThisPlan:
        _fail(NO_GROUPS)
    except MissingScope:
        _fail(NO_SCOPE)
    except SlackTrouble as error:
        _fail(f"Slack did not give the list ({error.code}). Try again in a minute.")


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} of {total} people looked up", err=True, nl=done == total)
    elif done == total or done % 50 == 0:
        typer.echo(f"{done} of {total} people looked up", err=True)


def _say(faults: list[Fault] | tuple[Fault, ...]) -> None:
    for fault in faults:
        typer.echo(f"line {fault.line}: {fault.why}", err=True)


def _none_imported(count: int) -> str:
    rows = "1 row is" if count == 1 else f"{count} rows are"
    return f"Nothing was imported: {rows} not good. Mend the file, or import the good rows with --skip-bad."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
