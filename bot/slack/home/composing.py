"""Home put together for one person: what that person may see, and nothing of what others said."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot.core.identity.installation import smallest_named
from bot.core.problems import queries
from bot.core.problems.absence import all_away_until
from bot.core.problems.browsing import ANYTHING, Wanted, functions_offered, open_ones
from bot.core.problems.catalogue import catalogue
from bot.core.problems.waits import kept_share
from bot.core.replies.queries import asked_of
from bot.core.teams.queries import sizes, team_of
from bot.slack.client import SlackTrouble
from bot.slack.days import today
from bot.slack.deciding import showing
from bot.slack.desk.listeners import desk_blocks
from bot.slack.handing.waiting import waiting_rows
from bot.slack.home import views
from bot.slack.home.filter_views import Offered
from bot.slack.pulse.stewarding import home_rows
from bot.slack.raising.views import WORD_IT
from bot.slack.shown import Shown
from bot.slack.text import place
from bot.slack.turn import Turn, Viewer

_MOST, _MOST_ASKED = 10, 3


def publish(turn: Turn, wanted: Wanted = ANYTHING, *, before: int | None = None) -> None:
    """Compose this person's Home and publish it."""
    with turn.bot.sessions.reading() as session:
        view = view_for(turn, session, wanted, before=before)
    turn.slack.publish_home(turn.person, view)


def refresh(turn: Turn) -> None:
    """After an act of the viewer's own that is written by now: whatever Slack answers, it was done."""
    with suppress(SlackTrouble):
        publish(turn)


def view_for(
    viewer: Viewer, session: Session, wanted: Wanted = ANYTHING, *, before: int | None = None
) -> dict[str, Any]:
    settings = viewer.bot.settings
    return views.home_view(
        viewer.words,
        compose(viewer, session, wanted, before=before),
        command=settings.command,
        emoji=settings.emoji[0],
        word_it=WORD_IT,
        misconduct=place(settings.people_channel),
    )


def compose(
    viewer: Viewer, session: Session, wanted: Wanted = ANYTHING, *, before: int | None = None
) -> views.Home:
    """Gather what this person may see."""
    actor = viewer.actor(session)
    belonging = team_of(session, actor.person)
    # A team under k would know whose it is; its people find everything under the open ones.
    large = (
        belonging
        and belonging.trusted
        and sizes(session).get(belonging.team.id, 0) >= smallest_named(session)
    )
    concerned = queries.concerning(session, belonging.team.id, most=_MOST) if belonging and large else []
    functions = functions_offered(session)
    if wanted.function not in [None, *[each.id for each in functions]]:
        wanted = replace(wanted, function=None)  # too small by now, or forged: nobody looks for a small one
    found = open_ones(session, wanted, today=viewer.at.date(), before=before, most=_MOST + 1)
    return views.Home(
        tags=[problem.id for problem in queries.tagged_by(session, actor.person)],
        team=belonging.team.name if belonging and large else None,
        team_problems=[Shown.of(problem) for problem in concerned],
        open_problems=[Shown.of(problem) for problem in found[:_MOST]],
        more_open=len(found) > _MOST,
        first=before is None,
        offered=Offered(
            wanted,
            labels=[(function.code, function.name) for function in catalogue()],
            functions=[(str(each.id), each.name) for each in functions],
        ),
        desk=desk_blocks(viewer, session) if actor.steward else (),
        waits=[
            *waiting_rows(viewer, session, actor, most=_MOST_ASKED),
            *showing.waiting_rows(viewer, session, actor),
        ],
        share=kept_share(session),
        away_until=all_away_until(session, today=today(viewer.bot, viewer.at)),
        asked=[
            (asked.team.name, asked.problem.id, asked.team.id)
            for asked in asked_of(session, actor, most=_MOST_ASKED)
        ],
        pulse=home_rows(viewer, session, actor),
        decisions=showing.in_home(viewer, session, belonging),
    )
