"""Home is published when its tab is opened and after the viewer's own act, at no other time."""

from __future__ import annotations

from bot.core.problems import queries
from bot.core.problems.naming_rules import SMALLEST_NAMED
from bot.core.replies.queries import asked_of
from bot.core.teams.queries import sizes, team_of
from bot.slack.cards import shown
from bot.slack.desk.listeners import desk_blocks
from bot.slack.home import views
from bot.slack.raising.views import WORD_IT
from bot.slack.text import place
from bot.slack.turn import Answer, Listeners, Turn

_MOST, _MOST_ASKED = 10, 3


def register(listeners: Listeners) -> None:
    listeners.event("app_home_opened", opened)


def opened(turn: Turn) -> Answer:
    if turn.event.get("tab") == "home":
        publish_home(turn)
    return None


def publish_home(turn: Turn) -> None:
    """Compose this person's Home and publish it."""
    settings = turn.bot.settings
    view = views.home_view(
        turn.words,
        compose(turn),
        command=settings.command,
        emoji=settings.emoji[0],
        word_it=WORD_IT,
        misconduct=place(settings.people_channel),
    )
    turn.slack.publish_home(turn.person, view)


def compose(turn: Turn) -> views.Home:
    """Gather what this person may see."""
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        belonging = team_of(session, actor.person)
        # A team under k would know whose it is; its people find everything under the open ones.
        large = belonging and belonging.trusted and sizes(session).get(belonging.team.id, 0) >= SMALLEST_NAMED
        concerned = queries.concerning(session, belonging.team.id, most=_MOST) if belonging and large else []
        found = queries.published(session, before=None, most=_MOST + 1)
        return views.Home(
            tags=[problem.id for problem in queries.tagged_by(session, actor.person)],
            team=belonging.team.name if belonging and large else None,
            team_problems=[shown(problem) for problem in concerned],
            open_problems=[shown(problem) for problem in found[:_MOST]],
            more_open=len(found) > _MOST,
            desk=desk_blocks(turn, session) if actor.steward else (),
            asked=[
                (asked.team.name, asked.problem.id, asked.team.id)
                for asked in asked_of(session, actor, most=_MOST_ASKED)
            ],
        )
