"""A steward says that two problems are one, and takes it back."""

from __future__ import annotations

from bot.core.identity.people import stewards_only
from bot.core.problems import merge_queries, merging, queries
from bot.slack.days import working_days_on
from bot.slack.desk import views as desk
from bot.slack.desk.looking import again, back, ident_of, look_at, news_at
from bot.slack.failures import show
from bot.slack.fields import typed
from bot.slack.merging import views
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn

#: Working days after which silence is a yes.
DAYS = 10


def register(listeners: Listeners) -> None:
    listeners.action(views.MERGE, merge_form)
    listeners.option(views.WITH, others)
    listeners.submission(views.MERGE, merge)
    listeners.action(views.UNDO, undo)


def merge_form(turn: Turn) -> Answer:
    ident = desk.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        view = views.merge_form(turn.words, Shown.of(queries.visible(session, actor, ident, turn.bot.kit)))
    show(turn, view)
    return None


def others(turn: Turn) -> Answer:
    ident, said = ident_of(turn), str(turn.body.get("value") or "")
    with turn.bot.sessions.reading() as session:
        found = merge_queries.to_merge_with(
            session, turn.actor(session), ident, said, index=turn.bot.similar, kit=turn.bot.kit
        )
        return views.offered(turn.words, [Shown.of(problem) for problem in found])


def merge(turn: Turn) -> Answer:
    ident, (other, ours), bot = ident_of(turn), views.read_merge(turn.view), turn.bot
    one, into = (other, ident) if ours else (ident, other)
    with bot.sessions.begin() as session:
        merging.merge(
            session,
            turn.actor(session),
            one,
            into=into,
            sentence=typed(turn.view, views.SENTENCE),
            due_on=working_days_on(session, bot, turn.at, DAYS),
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return back(turn, view)


def undo(turn: Turn) -> Answer:
    (ident, gone), bot = desk.read_pair(turn.value), turn.bot
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        merging.undo(session, actor, gone, kit=bot.kit, at=turn.at, news_at=news_at(turn))
        view = look_at(turn, session, ident)
    return again(turn, view)
