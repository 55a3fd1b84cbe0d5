"""Whoever answers for a team that pays agrees or disagrees, speaks first at a review, and objects before it is too late."""

from __future__ import annotations

from bot.core.decisions import paying, queries
from bot.core.decisions.rules import PayersWord, ReviewWord
from bot.core.refusal import Unsaid
from bot.slack.deciding import buttons, payer_views
from bot.slack.failures import beside, notice, show
from bot.slack.home.composing import refresh
from bot.slack.opening import open_form
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(payer_views.OPEN, open_)
    listeners.submission(payer_views.FORM, answer)
    listeners.action(buttons.COMMENT, ask_comment)
    listeners.submission(payer_views.COMMENT_FORM, comment)


def open_(turn: Turn) -> Answer:
    decision, team = buttons.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        asked = queries.for_payer(session, turn.actor(session), decision, team)
    form = payer_views.payer_form(turn.words, asked)
    return open_form(turn, form, action=payer_views.OPEN, value=f"{decision}:{team}")


def answer(turn: Turn) -> Answer:
    decision, team, version = payer_views.read_three(turn.view.get("private_metadata"))
    word, text = payer_views.read_word(turn.view), payer_views.read_text(turn.view)
    try:
        with turn.bot.sessions.begin() as session:
            actor = turn.actor(session)
            asked = queries.for_payer(session, actor, decision, team)
            match word:
                case ReviewWord():
                    paying.answer_review(session, actor, decision, team, word, text, version=version)
                case PayersWord.AGREED:
                    paying.agree(session, actor, decision, team, version=version)
                case _:
                    paying.disagree(session, actor, decision, team, text, version=version)
    except Unsaid as refusal:
        return beside(turn, {payer_views.TEXT: refusal})
    refresh(turn)
    told = f"{payer_views.thanks(turn.words, asked.payer.name)} {payer_views.what_next(turn.words, word, asked.told)}"
    return {"response_action": "update", "view": notice(turn, told)}


def ask_comment(turn: Turn) -> Answer:
    ident, team = buttons.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        found = queries.for_comment(session, turn.actor(session), ident, team)
        told = queries.told(session, [found.decision])[0]
    show(turn, payer_views.comment_form(turn.words, told, found.team.id, found.team.name))
    return None


def comment(turn: Turn) -> Answer:
    decision, team = buttons.read_pair(turn.view.get("private_metadata"))
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        name = queries.for_comment(session, actor, decision, team).team.name
        paying.comment(session, actor, decision, team, payer_views.read_text(turn.view))
    return {"response_action": "update", "view": notice(turn, payer_views.thanks(turn.words, name))}
