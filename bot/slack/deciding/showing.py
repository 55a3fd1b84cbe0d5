"""A problem's decisions gathered for whoever looks at it: everybody, a steward, or somebody in their Home."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from bot.core.decisions import ledger, queries
from bot.core.decisions.queries import Told
from bot.core.identity.people import Actor
from bot.core.problems import trackers
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import READ_BY_ALL
from bot.core.teams import queries as teams
from bot.core.teams.queries import Belonging
from bot.slack import text as t
from bot.slack.cards import name_of
from bot.slack.days import free_days, today
from bot.slack.deciding import buttons, ledger_views, payer_views, saying
from bot.slack.desk import views as desk
from bot.slack.shown import Shown
from bot.slack.tracking.views import links_line
from bot.slack.tracking.views import opens as tracking
from bot.slack.turn import Viewer

_READ: Final = [state.value for state in READ_BY_ALL]
_REVIEWS, _WAITING = 4, 3


def for_readers(
    viewer: Viewer, session: Session, problem: Problem, *, in_form: bool
) -> tuple[str, list[dict[str, Any]]]:
    """Its decision and links as everybody reads them, in plain words and in blocks."""
    links = links_line(viewer.words, trackers.links_of(session, problem))
    decisions = queries.of_problem(session, problem)
    if not decisions:
        return "", links
    told = decisions[0]
    blocks = (saying.whole if in_form else saying.short)(viewer.words, told)
    mine = [(team.id, team.name) for team in teams.answers_for(session, viewer.person)]
    return saying.short_text(viewer.words, told), [
        *blocks,
        *buttons.comment_buttons(viewer.words, told, mine),
        *links,
    ]


def in_details(viewer: Viewer, session: Session, problem: Problem, form: dict[str, Any]) -> dict[str, Any]:
    """The form with everything that may be read of a problem, and its decision below."""
    _, blocks = for_readers(viewer, session, problem, in_form=True)
    return {**form, "blocks": [*form["blocks"], *blocks][: t.MODAL_BLOCKS]}


def for_stewards(viewer: Viewer, session: Session, problem: Problem) -> buttons.OnLook:
    """The same on a steward's look, with what can be done."""
    decisions = queries.of_problem(session, problem)
    now = today(viewer.bot, viewer.at)
    running = next((told for told in decisions if told.stands), None)
    due = (
        queries.due_of(running, today=now, free=free_days(session, viewer.bot, viewer.at))
        if running
        else None
    )
    may = problem.id if problem.state in _READ else None
    return buttons.on_look(viewer.words, decisions, due, today=now, may_decide=may)


def links_on_look(viewer: Viewer, session: Session, problem: Problem) -> list[dict[str, Any]]:
    """Where it is worked on in other tools."""
    return links_line(viewer.words, trackers.links_of(session, problem)) if problem.state in _READ else []


def tracking_on_look(viewer: Viewer, problem: Problem) -> dict[str, Any] | None:
    """The way to a new link, of what everybody reads alone."""
    return tracking(viewer.words, problem.id) if problem.state in _READ else None


def waiting_rows(viewer: Viewer, session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What waits for the word of a team that this person answers for."""
    return [
        payer_views.row(viewer.words, asked.payer.name, asked.told.id, asked.payer.team)
        for asked in queries.waiting_for(session, actor, most=_WAITING)
    ]


def in_home(viewer: Viewer, session: Session, belonging: Belonging | None) -> list[dict[str, Any]]:
    """What the own team carries so that others gain."""
    words = viewer.words
    blocks = []
    if belonging is not None:
        carried = ledger.ledger(session, team=belonging.team.id)
        blocks += ledger_views.of_team(words, belonging.team.name, carried)
    return blocks


def reviews(viewer: Viewer, session: Session) -> list[dict[str, Any]]:
    """Decisions that the stewards have to look at now, for their desk."""
    now = today(viewer.bot, viewer.at)
    found = queries.waiting_for_a_second(session, today=now, most=_REVIEWS)
    found += queries.up_for_review(session, until=now, most=_REVIEWS)
    if not found:
        return []
    head = t.section("*" + viewer.words("Decisions up for review") + "*")
    return [head, *[_review(viewer, session, problem, told) for problem, told in found[:_REVIEWS]]]


def _review(viewer: Viewer, session: Session, problem: Problem, told: Told) -> dict[str, Any]:
    words = viewer.words
    look = t.button(words("Look"), f"{desk.LOOK}:{problem.id}:decision", str(problem.id))
    free = free_days(session, viewer.bot, viewer.at)
    due = queries.due_of(told, today=today(viewer.bot, viewer.at), free=free)
    return buttons.up_for_review(words, name_of(words, Shown.of(problem), most=300), told, due, look)
