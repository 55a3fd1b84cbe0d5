"""What a steward looks at, gathered; and the way back to it after an act."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from bot.core.calendar_rules import batch_due, instant
from bot.core.identity.installation import careful
from bot.core.identity.people import Actor, stewards_only
from bot.core.problems import flagging, queries, similar
from bot.core.problems.added import what_would_help
from bot.core.problems.records import Problem, RaisedAs, State
from bot.core.refusal import NotFound
from bot.core.replies import queries as replies
from bot.core.replies import reviews, right_of_reply
from bot.core.replies.records import Proposal, Withheld
from bot.slack.client import SlackTrouble
from bot.slack.days import today
from bot.slack.deciding.showing import for_stewards, links_on_look, tracking_on_look
from bot.slack.desk import look_views, views
from bot.slack.desk.doing import doing_of
from bot.slack.desk.look_views import Around, OtherWords
from bot.slack.merging import gathered as merging
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Turn
from bot.words import Words


def look_at(turn: Turn, session: Session, ident: int) -> dict[str, Any]:
    """The form with one problem, for stewards."""
    actor = turn.actor(session)
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, turn.bot.kit)
    return look_views.look_form(
        turn.words,
        Shown.of(problem, early=replies.early_sentences(session, problem)),
        _around(turn, session, actor, problem),
        command=turn.bot.settings.command,
    )


def _around(turn: Turn, session: Session, actor: Actor, problem: Problem) -> Around:
    kit = turn.bot.kit
    found = replies.for_steward(session, actor, problem.id, kit)
    withheld = _withheld(session, actor, problem, turn)
    fresh = problem.state == State.NEW.value
    to_ask = set(queries.to_ask(session, problem)) if fresh else set()
    return Around(
        raised=_raised(turn.words, problem, reachable=queries.reachable(problem, kit)),
        held=problem.held_because,
        questions=[(question.text, question.answer) for question in found.questions],
        quiet=problem.no_more_questions,
        to_agree=_other(found.to_agree),
        suggested=_other(found.suggested),
        careful=careful(session),
        to_ask=[team.name for team in queries.named(session, problem) if team.id in to_ask],
        asked=[(said.name, said.text) for said in found.replies],
        until=found.clock.due_at if found.clock else None,
        held_up=problem.state == State.ASKED.value and right_of_reply.held_up(session, problem, at=turn.at),
        early=found.early,
        nameable=_nameable(problem),
        spoke=problem.raiser_spoke,
        withheld=_other(withheld),
        flagged=flagging.why_flagged(session, problem, at=turn.at),
        reviews=[
            (each.team, each.name, each.sentence or "", each.answer)
            for each in reviews.asked(session, problem)
        ],
        similar=_similar(turn, session, actor, problem),
        decided=for_stewards(turn, session, problem),
        links=links_on_look(turn, session, problem),
        tracking=tracking_on_look(turn, problem),
        added=what_would_help(session, problem) if problem.state != State.TAKEN_DOWN.value else [],
        doing=doing_of(session, actor, problem, kit, today=today(turn.bot, turn.at)),
        merges=merging.for_steward(session, problem),
        took_down=withheld is not None and withheld.steward == actor.person,
        pointed=withheld.reason if withheld is not None and withheld.steward is None else None,
    )


def _similar(turn: Turn, session: Session, actor: Actor, problem: Problem) -> list[Shown]:
    if problem.state in (State.TAKEN_DOWN.value, State.TAGGED.value):
        return []  # what stands there is no problem's words
    found = similar.beside(session, actor, turn.bot.similar, problem, kit=turn.bot.kit)
    return [Shown.of(each.problem) for each in found]


def _nameable(problem: Problem) -> bool:
    """A name that was to be shown, as long as it is not."""
    standing = problem.state in (State.NEW.value, State.ASKED.value)
    return standing and problem.raised_as == RaisedAs.NAMED.value and problem.raiser is not None


def _withheld(session: Session, actor: Actor, problem: Problem, turn: Turn) -> Withheld | None:
    try:
        return replies.words_withheld(session, actor, problem.id, turn.bot.kit)
    except NotFound:
        return None


def _other(row: Proposal | Withheld | None) -> OtherWords | None:
    if row is None:
        return None
    ident = row.id if isinstance(row, Proposal) else row.problem_id
    return OtherWords(ident, row.title, row.hardship, row.tried, row.guardrails)


def _raised(words: Words, problem: Problem, *, reachable: bool) -> str:
    """How it was raised, as far as a steward may know."""
    if problem.raised_as == RaisedAs.NAMED.value:
        return words("Raised with the name to be shown once it is published.")
    if problem.raised_as == RaisedAs.TAGGED.value:
        return words("Raised with an emoji on a message; whoever reads that channel could see who it was.")
    if problem.raised_as == RaisedAs.ANONYMOUS.value:
        return words("Raised anonymously: nobody can look up who it was. Answers are fetched with a code.")
    if problem.sealed_address is None:
        return words("Raised confidentially. The raiser is forgotten by now, so no answer gets there.")
    if not reachable:
        return words(
            "Raised confidentially. The key that reaches the raiser is missing, so no answer gets there."
        )
    return words("Raised confidentially: nobody here sees who it was. Answers reach the raiser all the same.")


def back(turn: Turn, view: dict[str, Any]) -> Answer:
    """After an act's form: close it over the problem as it stands now.

    It is written by now, so whatever Slack answers, nobody may be told that it was not.
    """
    under = turn.view.get("previous_view_id")
    if under:
        with suppress(SlackTrouble):
            turn.slack.update_view(str(under), view)
            return None
    return {"response_action": "update", "view": view}


def again(turn: Turn, view: dict[str, Any]) -> Answer:
    """After a button: the problem as it stands now, in the form that the button was in."""
    with suppress(SlackTrouble):
        turn.slack.update_view(str(turn.view.get("id")), view)
    return None


def ident_of(turn: Turn) -> int:
    """The problem that a form is about."""
    return views.read_ident(turn.view.get("private_metadata"))


def news_at(turn: Turn) -> dt.datetime:
    """The next batch hour: raisers hear of everything then, and at no other time."""
    hour, zone = turn.bot.settings.batch_hour, turn.bot.settings.time_zone
    last = batch_due(turn.at, hour.hour, zone, minute=hour.minute)
    return instant(last + dt.timedelta(days=1), hour, zone)
