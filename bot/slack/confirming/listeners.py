"""People say that a problem hits them too, add to it, take it back, and set right what lies behind its line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.problems import acts, flagging, queries
from bot.core.problems.acts import Told
from bot.core.replies import reviews
from bot.core.teams import queries as teams
from bot.slack import cards, failures
from bot.slack.client import SlackTrouble, ViewChanged
from bot.slack.confirming import given, views
from bot.slack.confirming.views import Counted, Said
from bot.slack.deciding.showing import in_details
from bot.slack.opening import open_form
from bot.slack.replying import review_views
from bot.slack.shown import Shown, whole
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Kind, Listeners, Turn

#: Forms of this feature's own, in which the next step takes the place of the last.
_STEPS = (views.NOTED, views.DETAILS_FORM)


def register(listeners: Listeners) -> None:
    listeners.action(cards.HITS_US, hits_us, protected=True)
    listeners.action(cards.TAKE_BACK, take_back, protected=True)
    listeners.action(views.WHY, why, protected=True)
    listeners.submission(views.MORE_FORM, more_sent, protected=True)
    listeners.submission(views.TEAM_FORM, team_sent, protected=True)
    listeners.submission(views.NOT_RIGHT_FORM, not_right_sent, protected=True)
    listeners.action(views.MORE, more, protected=True)
    listeners.action(views.TEAM, team, protected=True)
    listeners.action(cards.DETAILS, details, protected=True)
    listeners.action(cards.NOT_RIGHT, not_right, protected=True)


def hits_us(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        said = said_too(session, turn, ident)
    return _say(turn, said)


def said_too(session: Session, turn: Turn, ident: int) -> Said:
    """Write this person's "hits us too" where it does not stand, and word the acknowledgement."""
    actor = turn.actor(session)
    problem = queries.visible(session, actor, ident, turn.bot.kit)
    again = queries.hits(session, problem, turn.person, turn.bot.kit, again=True)
    if not again:
        acts.confirm_problem(session, actor, problem, kit=turn.bot.kit)
        flagging.confirmed(session, actor, problem, hourly=turn.bot.hourly, at=turn.at)
    counted = _counted(session, actor, again=again)
    return views.noted(turn.words, Shown.of(problem), counted, day=turn.bot.settings.digest_day)


def take_back(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        problem = acts.undo_confirmation(session, actor, ident, kit=turn.bot.kit)
        flagging.taken_back(session, actor, problem, hourly=turn.bot.hourly)
        said = views.taken_back(turn.words, Shown.of(problem), day=turn.bot.settings.digest_day)
    return _say(turn, said)


def why(turn: Turn) -> Answer:
    """One tap on "could your team fix its part alone?"."""
    ident, mechanism = given.read_why(turn.value)
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        acts.follow_up(session, actor, ident, Told(mechanism=mechanism), kit=turn.bot.kit)
        problem = queries.visible(session, actor, ident, turn.bot.kit)
        form = views.more_form(turn.words, Shown.of(problem), told=mechanism, kept=True)
    return _next(turn, form, action=views.MORE, value=str(ident))


def more(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        problem = queries.visible(session, turn.actor(session), ident, turn.bot.kit)
        form = views.more_form(turn.words, Shown.of(problem), told=None, kept=False)
    return _next(turn, form, action=views.MORE, value=str(ident))


def more_sent(turn: Turn) -> Answer:
    ident, told = given.read_form(turn.view), given.read_told(turn.view)
    if told is None:
        return None
    with turn.bot.sessions.begin() as session:
        acts.follow_up(session, turn.actor(session), ident, told, kit=turn.bot.kit)
    return _done(turn, views.thanks(turn.words, day=turn.bot.settings.digest_day))


def team(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        queries.visible(session, actor, ident, turn.bot.kit)
        own = teams.trusted_teams(session, actor.person)
        # Whoever is in several teams by right picks among those; anybody else among all.
        groups = team_groups(turn.words, own or teams.teams(session))
        form = views.team_form(turn.words, ident, groups, trusted=bool(own))
    return _next(turn, form, action=views.TEAM, value=str(ident))


def team_sent(turn: Turn) -> Answer:
    ident, chosen = given.read_form(turn.view), given.read_team(turn.view)
    with turn.bot.sessions.begin() as session:
        counted = acts.count_for(session, turn.actor(session), ident, chosen, kit=turn.bot.kit)
    return _done(turn, views.counts(turn.words, counted.team, trusted=counted.trusted))


def details(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        problem = queries.visible(session, actor, ident, turn.bot.kit)
        form = views.details_form(
            turn.words,
            whole(session, problem),
            command=turn.bot.settings.command,
            confirmed=queries.hits(session, problem, turn.person, turn.bot.kit),
            own=queries.raised_by(problem, actor.person, turn.bot.kit),
            steward=actor.steward,
            about=review_views.blocks(turn.words, ident, reviews.may_ask(session, actor, problem)),
        )
        form = in_details(turn, session, problem, form)
    return _next(turn, form, action=cards.DETAILS, value=str(ident))


def not_right(turn: Turn) -> Answer:
    ident = given.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        problem = queries.visible(session, turn.actor(session), ident, turn.bot.kit)
        groups = team_groups(turn.words, teams.teams(session))
        form = views.not_right_form(turn.words, Shown.of(problem), groups)
    return _next(turn, form, action=cards.NOT_RIGHT, value=str(ident))


def not_right_sent(turn: Turn) -> Answer:
    ident, (needed_from, ownership) = given.read_form(turn.view), given.read_answer(turn.view)
    with turn.bot.sessions.begin() as session:
        acts.give_answer(
            session,
            turn.actor(session),
            ident,
            needed_from=needed_from,
            ownership=ownership,
            kit=turn.bot.kit,
        )
    return _done(turn, views.answered(turn.words, day=turn.bot.settings.digest_day))


def _counted(session: Session, actor: Actor, *, again: bool) -> Counted:
    belonging = teams.team_of(session, actor.person)
    own = teams.trusted_teams(session, actor.person)
    others = len(own) > 1 if own else bool(teams.teams(session))
    return Counted(
        belonging.team.name if belonging else None,
        trusted=bool(belonging and belonging.trusted),
        others=others,
        again=again,
    )


def _say(turn: Turn, said: Said) -> Answer:
    """Show what was done: in a form, and where Slack opens none, beside the message to the person alone.

    It is written by now, so whatever Slack answers, nobody may be told that it was not.
    """
    text, blocks = said
    form = views.as_form(turn.words, said)
    try:
        if turn.view.get("callback_id") in _STEPS:
            turn.slack.update_view(str(turn.view.get("id")), form)
        elif turn.view.get("type") == "modal":
            turn.slack.push_view(turn.trigger, form)
        else:
            turn.slack.open_view(turn.trigger, form)
    except SlackTrouble:
        with suppress(SlackTrouble):
            failures.respond(turn, text, blocks)
    return None


def _next(turn: Turn, form: Mapping[str, Any], *, action: str, value: str) -> Answer:
    """Show a form: the next step takes the place of this feature's last one, any other is opened over what is there."""
    if turn.kind is Kind.VIEW_BUTTON and turn.view.get("callback_id") in _STEPS:
        with suppress(ViewChanged):  # closed meanwhile: the person wants no next step
            turn.slack.update_view(str(turn.view.get("id")), form)
        return None
    return open_form(turn, form, action=action, value=value)


def _done(turn: Turn, said: str) -> Answer:
    return {"response_action": "update", "view": failures.notice(turn, said)}
