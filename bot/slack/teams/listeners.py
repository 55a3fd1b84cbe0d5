"""People see the teams and say which one they count for."""

from __future__ import annotations

from bot.core.teams import acts, queries
from bot.slack.failures import notice, show
from bot.slack.help.answering import misused
from bot.slack.home.composing import refresh
from bot.slack.teams import views
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    listeners.command(TEAMS)
    listeners.action(views.MINE, ask)
    listeners.submission(views.CHOOSE, choose)


def teams(turn: Turn, rest: str) -> Answer:
    if rest:
        return misused(turn, TEAMS)
    with turn.bot.sessions.reading() as session:
        own = queries.team_of(session, turn.person)
        text, blocks = views.teams_answer(
            turn.words, queries.teams(session), own=own.team.name if own else None
        )
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}


TEAMS = SubCommand("teams", "teams", mark("which teams there are, and yours"), teams)


def ask(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        own = queries.team_of(session, turn.person)
        # Whoever is in several teams by right picks among those; anybody else among all.
        choices = queries.trusted_teams(session, turn.person) or queries.teams(session)
        form = views.choose_form(
            turn.words,
            views.team_groups(turn.words, choices),
            own=own.team.name if own else None,
            trusted=bool(own and own.trusted),
        )
    show(turn, form)
    return None


def choose(turn: Turn) -> Answer:
    team = views.read_choice(turn.view)
    with turn.bot.sessions.begin() as session:
        chosen = acts.choose(session, turn.actor(session), team=team)
    refresh(turn)
    said = turn.words("Kept: from now on you count for {team}.", team=chosen.name)
    return {"response_action": "update", "view": notice(turn, said)}
