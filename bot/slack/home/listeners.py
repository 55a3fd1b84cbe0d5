"""Home is published when its tab is opened, by its own menus, and after the viewer's own act."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.core.problems import queries
from bot.core.problems.browsing import ANYTHING, Wanted, functions_offered, open_ones
from bot.core.problems.catalogue import catalogue
from bot.core.problems.naming_rules import SMALLEST_NAMED
from bot.core.refusal import Refusal
from bot.core.replies.queries import asked_of
from bot.core.teams.queries import sizes, team_of
from bot.slack.cards import shown
from bot.slack.desk.listeners import desk_blocks
from bot.slack.home import views
from bot.slack.home.filter_views import FILTER, PAGE, Offered, read_page, read_wanted
from bot.slack.raising.views import WORD_IT
from bot.slack.text import place
from bot.slack.turn import Answer, Listeners, Turn

_MOST, _MOST_ASKED = 10, 3


def register(listeners: Listeners) -> None:
    listeners.event("app_home_opened", opened)
    listeners.action(FILTER, filtered)
    listeners.action(PAGE, turned)


def opened(turn: Turn) -> Answer:
    """Publish what the person may see now; menus that were picked before stay picked."""
    if turn.event.get("tab") == "home":
        try:
            wanted = read_wanted(turn.event.get("view") or {})
        except Refusal:
            wanted = ANYTHING  # menus of an older release
        publish_home(turn, wanted)
    return None


def filtered(turn: Turn) -> Answer:
    publish_home(turn, read_wanted(turn.view))
    return None


def turned(turn: Turn) -> Answer:
    publish_home(turn, read_wanted(turn.view), before=read_page(turn.value))
    return None


def publish_home(turn: Turn, wanted: Wanted = ANYTHING, *, before: int | None = None) -> None:
    """Compose this person's Home and publish it."""
    with turn.bot.sessions.reading() as session:
        home = compose(turn, session, wanted, before=before)
    turn.slack.publish_home(turn.person, view_of(turn, home))


def view_of(turn: Turn, home: views.Home) -> dict[str, Any]:
    settings = turn.bot.settings
    return views.home_view(
        turn.words,
        home,
        command=settings.command,
        emoji=settings.emoji[0],
        word_it=WORD_IT,
        misconduct=place(settings.people_channel),
    )


def compose(
    turn: Turn, session: Session, wanted: Wanted = ANYTHING, *, before: int | None = None
) -> views.Home:
    """Gather what this person may see."""
    actor = turn.actor(session)
    belonging = team_of(session, actor.person)
    # A team under k would know whose it is; its people find everything under the open ones.
    large = belonging and belonging.trusted and sizes(session).get(belonging.team.id, 0) >= SMALLEST_NAMED
    concerned = queries.concerning(session, belonging.team.id, most=_MOST) if belonging and large else []
    found = open_ones(session, wanted, today=turn.at.date(), before=before, most=_MOST + 1)
    return views.Home(
        tags=[problem.id for problem in queries.tagged_by(session, actor.person)],
        team=belonging.team.name if belonging and large else None,
        team_problems=[shown(problem) for problem in concerned],
        open_problems=[shown(problem) for problem in found[:_MOST]],
        more_open=len(found) > _MOST,
        first=before is None,
        offered=Offered(
            wanted,
            labels=[(function.code, function.name) for function in catalogue()],
            functions=[(str(each.id), each.name) for each in functions_offered(session)],
        ),
        desk=desk_blocks(turn, session) if actor.steward else (),
        asked=[
            (asked.team.name, asked.problem.id, asked.team.id)
            for asked in asked_of(session, actor, most=_MOST_ASKED)
        ],
    )
