"""A raiser changes the words of what was raised; they are looked at once more before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.core.problems.records import PUBLISHED, Problem, RaisedAs, State
from bot.core.replies import raising as acts
from bot.core.replies.queries import Raiser
from bot.slack import failures
from bot.slack.raising import checking, fields, given
from bot.slack.raising.carried import Carried, unpacked
from bot.slack.raising.checking import Seen
from bot.slack.receipt import word_views
from bot.slack.receipt.letters import Letters
from bot.slack.receipt.proving import Proof, key_of, put
from bot.slack.turn import Answer, Turn
from bot.words import mark


class Rewording:
    """The form for other words: opened with those that stand, sent once they were looked at."""

    def __init__(self, proof: Proof, letters: Letters) -> None:
        self._proof = proof
        self._letters = letters

    def begun(self, turn: Turn) -> Answer:
        key = key_of(turn)
        with turn.bot.sessions.reading() as session:
            problem = self._proof.raiser(session, turn, key).problem
            seen = _look(session, turn, problem, _standing(problem))
            view = word_views.words_form(turn.words, key, seen, published=_read_by_others(problem))
        return put(turn, view)

    def offered(self, turn: Turn) -> Answer:
        """The form again with every offer in its place, for the person to read and send."""
        return put(turn, self._again(turn, key_of(turn), _typed(turn), take=True))

    def sent(self, turn: Turn) -> Answer:
        """Show what was found, once; what was shown is sent as it is."""
        key, texts, carried = key_of(turn), _typed(turn), unpacked(turn.view.get("private_metadata"))
        wording = word_views.wording_of(texts)
        faults = given.unfit(wording)
        if faults:
            tail = f".{carried.shown}" if carried.shown else ""
            return failures.beside(turn, {block + tail: fault for block, fault in faults.items()})
        with turn.bot.sessions.reading() as session:
            problem = self._proof.raiser(session, turn, key).problem
            seen = _look(session, turn, problem, texts)
        looked = turn.view.get("callback_id") == word_views.LOOKED and carried.shown == seen.name
        if seen and not looked:
            return put(turn, self._again(turn, key, texts, take=False))

        def act(session: Session, raiser: Raiser) -> None:
            acts.edit_words(session, raiser, wording, kit=turn.bot.kit)

        return self._letters.take(turn, act, mark("Your words are taken. They move {when}."))

    def _again(self, turn: Turn, key: Carried, texts: Mapping[str, str], *, take: bool) -> dict[str, object]:
        with turn.bot.sessions.reading() as session:
            problem = self._proof.raiser(session, turn, key).problem
            seen = _look(session, turn, problem, texts)
            if take:
                seen = _look(session, turn, problem, seen.offered)
            others = _read_by_others(problem)
        return word_views.words_form(turn.words, key, seen, published=others, looked=True)


def _look(session: Session, turn: Turn, problem: Problem, texts: Mapping[str, str]) -> Seen:
    known = problem.raised_as in (RaisedAs.NAMED.value, RaisedAs.TAGGED.value)
    said = {block: text for block, text in texts.items() if text}
    return checking.look(session, turn, said, known=known)


def _standing(problem: Problem) -> dict[str, str]:
    """The words that stand; of a problem that is taken down they are kept apart, and none stand."""
    if problem.state == State.TAKEN_DOWN.value:
        return {}
    said = (problem.title, problem.hardship, problem.tried, problem.guardrails)
    return dict(zip(fields.TEXTS, said, strict=True))


def _typed(turn: Turn) -> dict[str, str]:
    carried = unpacked(turn.view.get("private_metadata"))
    return given.texts_in(turn.view, f".{carried.shown}" if carried.shown else "")


def _read_by_others(problem: Problem) -> bool:
    return problem.state in (*PUBLISHED, State.TAKEN_DOWN.value)
