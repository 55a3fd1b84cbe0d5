"""A team that would have to change something asks the stewards for a second look."""

from __future__ import annotations

from bot.core.problems import queries
from bot.core.refusal import NotFound
from bot.core.replies import reviews
from bot.slack.failures import notice
from bot.slack.fields import typed
from bot.slack.opening import open_form
from bot.slack.replying import review_views, views
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(review_views.ASK, form)
    listeners.submission(review_views.FORM, sent)


def form(turn: Turn) -> Answer:
    ident, team = views.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        problem = queries.visible(session, actor, ident, turn.bot.kit)
        mine = {each.team: each for each in reviews.may_ask(session, actor, problem)}
    if team not in mine:
        raise NotFound(reviews.NOT_YOURS)
    view = review_views.review_form(turn.words, ident, mine[team])
    return open_form(turn, view, action=review_views.ASK, value=f"{ident}:{team}")


def sent(turn: Turn) -> Answer:
    ident, team = views.read_pair(turn.view.get("private_metadata"))
    sentence = typed(turn.view, review_views.SENTENCE)
    with turn.bot.sessions.begin() as session:
        reviews.ask_review(session, turn.actor(session), ident, team, sentence, kit=turn.bot.kit)
    return {"response_action": "update", "view": notice(turn, review_views.taken(turn.words))}
