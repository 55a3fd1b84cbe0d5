"""Stewards publish and close, and let into the edition again."""

from __future__ import annotations

from bot.core.identity.people import stewards_only
from bot.core.problems import queries, triage
from bot.core.problems.lifecycle import seen_of, standing_of
from bot.core.problems.lifecycle_rules import Step, fits
from bot.core.problems.standing_rules import Ending
from bot.core.refusal import Stale
from bot.core.replies import right_of_reply
from bot.slack.desk import forms, views
from bot.slack.desk.forms import Held
from bot.slack.desk.looking import again, back, look_at, news_at
from bot.slack.failures import notice, said, show, typed
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.PUBLISH, publish)
    listeners.action(views.LET_IN, let_in)
    for act in (views.CLOSE, views.EARLY, views.TAKE_DOWN):
        listeners.action(act, ask)
    listeners.submission(views.CLOSE, close)


def publish(turn: Turn) -> Answer:
    ident, bot = views.read_ident(turn.value), turn.bot
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        right_of_reply.publish(session, actor, ident, kit=bot.kit, at=turn.at, news_at=news_at(turn))
        view = look_at(turn, session, ident)
    return again(turn, view)


def let_in(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        triage.hold(session, turn.actor(session), ident, "", kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)


def ask(turn: Turn) -> Answer:
    """Open the form of an act that asks for a sentence."""
    act, ident = str(turn.action.get("action_id")).partition(":")[0], views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        seen = seen_of(queries.visible(session, actor, ident, turn.bot.kit))
    held = Held(stood=seen) if act == views.CLOSE else Held()
    show(turn, forms.sentence_form(turn.words, act, ident, held))
    return None


def close(turn: Turn) -> Answer:
    (ident, seen), sentence = forms.read_seen(turn.view), forms.read_sentence(turn.view)
    ending, bot = forms.read_ending(turn.view), turn.bot
    try:
        with bot.sessions.begin() as session:
            triage.close(
                session,
                turn.actor(session),
                ident,
                sentence,
                ending=ending,
                kit=bot.kit,
                at=turn.at,
                news_at=news_at(turn),
                seen=seen or None,
            )
            view = look_at(turn, session, ident)
    except Stale as stale:
        return _again(turn, ident, stale, sentence, ending)
    return back(turn, view)


def _again(turn: Turn, ident: int, stale: Stale, sentence: str, ending: Ending) -> Answer:
    """What happened meanwhile, over the words that were typed: to be sent again where it can still be closed."""
    told = said(turn, stale)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        problem = queries.visible(session, actor, ident, turn.bot.kit)
        if fits(Step.CLOSED, standing_of(problem)):
            held = Held(seen_of(problem), sentence, ending, changed=[told])
            view = forms.sentence_form(turn.words, views.CLOSE, ident, held)
        else:
            view = notice(turn, told, typed(turn.view))
    return {"response_action": "update", "view": view}
