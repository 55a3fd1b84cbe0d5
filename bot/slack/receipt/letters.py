"""What a raiser does in the form with all that waits and came; each of it is one act that moves with the batch."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.core.refusal import Refusal
from bot.core.replies import outcomes, queries
from bot.core.replies import raising as acts
from bot.core.replies.queries import Raiser, StillWaiting
from bot.slack import failures
from bot.slack.opening import open_form
from bot.slack.raising.around import last_batch, next_batch
from bot.slack.raising.carried import Carried
from bot.slack.raising.views import when
from bot.slack.receipt import views
from bot.slack.receipt.ending_views import contact, read_ended
from bot.slack.receipt.proving import Proof, code_of, key_of, put
from bot.slack.text import place
from bot.slack.turn import Answer, Turn
from bot.words import mark


class Letters:
    """Reading and writing back, behind one proof of who raised it."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    def read(self, turn: Turn) -> Answer:
        """Open a problem by its code."""
        key = code_of(turn)
        try:
            with turn.bot.sessions.reading() as session:
                view = _view(session, turn, self._proof.raiser(session, turn, key), key)
        except StillWaiting as waiting:
            view = failures.notice(turn, failures.said(turn, waiting))
        return put(turn, view)

    def open(self, turn: Turn) -> Answer:
        """Open a problem of the person's own, from the list of them."""
        key = Carried(tag=views.read_ident(turn.value))
        with turn.bot.sessions.reading() as session:
            view = _view(session, turn, self._proof.raiser(session, turn, key), key)
        return open_form(turn, view, action=f"{views.OPEN}:{key.tag}", value=str(key.tag))

    def answered(self, turn: Turn) -> Answer:
        answers = views.read_answers(turn.view)
        if not answers:
            raise Refusal("Please write a word or two; or close the form, nothing is lost.")

        def act(session: Session, raiser: Raiser) -> None:
            for question, said in sorted(answers.items()):
                acts.answer_question(session, raiser, question, said, kit=turn.bot.kit)

        return self.take(turn, act, mark("Your answer is taken. It reaches the stewards {when}."))

    def agreed(self, turn: Turn) -> Answer:
        proposal, kit = views.read_ident(turn.value), turn.bot.kit
        return self.take(
            turn,
            lambda session, raiser: acts.agree(session, raiser, proposal, kit=kit),
            mark("Your yes is taken. It counts {when}; until then you can still say no."),
        )

    def refused(self, turn: Turn) -> Answer:
        proposal, kit = views.read_ident(turn.value), turn.bot.kit
        return self.take(
            turn,
            lambda session, raiser: acts.refuse(session, raiser, proposal, kit=kit),
            mark(
                "Your no is taken: your own words stand. It counts {when}; until then you can still say yes."
            ),
        )

    def quiet(self, turn: Turn) -> Answer:
        return self.take(
            turn,
            lambda session, raiser: acts.no_more_questions(session, raiser, kit=turn.bot.kit),
            mark("That is taken. It counts {when}: from then on nobody can ask you anything further here."),
        )

    def withdrawn(self, turn: Turn) -> Answer:
        return self.take(
            turn,
            lambda session, raiser: acts.withdraw(session, raiser, kit=turn.bot.kit),
            mark(
                "That is taken. Its words and all that leads to you are destroyed {when}; until then it stands here."
            ),
        )

    def ended(self, turn: Turn) -> Answer:
        """What the raiser says after closing, each answer an act of its own."""
        said, kit = read_ended(turn.view), turn.bot.kit

        def act(session: Session, raiser: Raiser) -> None:
            if said.outcome is not None:
                outcomes.say_outcome(session, raiser, said.outcome, said.why, kit=kit)
            if said.holds is not None:
                outcomes.say_holds(session, raiser, said.holds, kit=kit)
            if said.cost is not None:
                outcomes.say_cost(session, raiser, said.cost, kit=kit)

        taken = mark("Thank you, that is taken. It counts {when}; until then you can still say otherwise.")
        paid = said.cost in (outcomes.Cost.LITTLE, outcomes.Cost.YES)
        more = contact(turn.words, place(turn.bot.settings.people_channel)) if paid else ""
        return self.take(turn, act, taken, more=more)

    def take(
        self, turn: Turn, act: Callable[[Session, Raiser], None], said: str, *, more: str = ""
    ) -> Answer:
        """One act of the raiser behind this form, and the form again with what was taken on top."""
        key = key_of(turn)
        noted = turn.words(said, when=when(turn.words, next_batch(turn.bot, turn.at)))
        noted = f"{noted}\n{more}" if more else noted
        hashed = self._proof.hashed(turn, key)
        with turn.bot.sessions.begin() as session:
            raiser = self._proof.raiser(session, turn, key, hashed)
            act(session, raiser)
            view = _view(session, turn, raiser, key, noted)
        return put(turn, view)


def _view(session: Session, turn: Turn, raiser: Raiser, key: Carried, noted: str = "") -> dict[str, object]:
    found = queries.for_raiser(session, raiser, until=last_batch(turn.bot, turn.at))
    return views.letters(turn.words, found, key, moves_at=next_batch(turn.bot, turn.at), noted=noted)
