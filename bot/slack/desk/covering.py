"""Stewards say that they are away, and how much may be under way at once; `desk` opens the desk anywhere."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core.identity.people import stewards_only
from bot.core.problems import absence, courses, waits
from bot.core.replies.outcomes import cost_rate
from bot.core.store import monday
from bot.slack.days import free_days, today
from bot.slack.desk import cover_views
from bot.slack.failures import notice, show
from bot.slack.turn import Answer, Listeners, Turn, Viewer


def register(listeners: Listeners) -> None:
    listeners.action(cover_views.AWAY, away_form)
    listeners.submission(cover_views.AWAY_FORM, away)
    listeners.action(cover_views.BACK, back)
    listeners.action(cover_views.LIMIT, limit_form)
    listeners.submission(cover_views.LIMIT_FORM, limit)


def cover_of(viewer: Viewer, session: Session) -> cover_views.Cover:
    """What stands at the foot of the desk."""
    now = today(viewer.bot, viewer.at)
    return cover_views.Cover(
        me=viewer.person,
        away=absence.away(session, today=now),
        all_until=absence.all_away_until(session, today=now),
        under_way=courses.under_way(session),
        most=courses.limit(session),
        share=waits.share(
            waits.waits(
                session,
                at=viewer.at,
                zone=viewer.bot.settings.time_zone,
                free=free_days(session, viewer.bot, viewer.at),
                since=monday(viewer.at - waits.LOOKS_BACK),
            )
        ),
        cost=cost_rate(session),
    )


def away_form(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
    show(turn, cover_views.away_form(turn.words, today(turn.bot, turn.at)))
    return None


def away(turn: Turn) -> Answer:
    until, now = cover_views.read_until(turn.view), today(turn.bot, turn.at)
    with turn.bot.sessions.begin() as session:
        absence.say_away(session, turn.actor(session), until=until, today=now, kit=turn.bot.kit, at=turn.at)
        everybody = absence.all_away_until(session, today=now) is not None
    said = (
        turn.words("Saved. All of you are away now: the promise's clock stands still until one is back.")
        if everybody
        else turn.words("Saved. The others see it on the desk.")
    )
    return {"response_action": "update", "view": notice(turn, said)}


def back(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        absence.say_back(session, turn.actor(session), kit=turn.bot.kit, at=turn.at)
    show(turn, notice(turn, turn.words("Welcome back. What waits for you stands on the desk.")))
    return None


def limit_form(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        most = courses.limit(session)
    show(turn, cover_views.limit_form(turn.words, most))
    return None


def limit(turn: Turn) -> Answer:
    most = cover_views.read_most(turn.view)
    with turn.bot.sessions.begin() as session:
        courses.set_limit(session, turn.actor(session), most, kit=turn.bot.kit, at=turn.at)
    return {"response_action": "update", "view": notice(turn, turn.words("Saved. It holds for all of you."))}
