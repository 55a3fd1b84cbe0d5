"""A raiser says whether the own problem is the same as another; it moves with the batch like every word of a raiser."""

from __future__ import annotations

from bot.core.replies import raising as acts
from bot.slack.merging import views
from bot.slack.receipt.letters import Letters
from bot.slack.receipt.views import read_ident
from bot.slack.turn import Answer, Listeners, Turn
from bot.words import mark


class Consenting:
    """The yes and the no, in the form with all that a raiser reads."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def register(self, listeners: Listeners) -> None:
        listeners.action(views.SAME, self.same, protected=True)
        listeners.action(views.NOT_SAME, self.not_same, protected=True)

    def same(self, turn: Turn) -> Answer:
        merge, kit = read_ident(turn.value), turn.bot.kit
        return self._letters.take(
            turn,
            lambda session, raiser: acts.consent(session, raiser, merge, yes=True, kit=kit),
            mark("Your yes is taken. It counts {when}; you can still say no."),
        )

    def not_same(self, turn: Turn) -> Answer:
        merge, kit = read_ident(turn.value), turn.bot.kit
        return self._letters.take(
            turn,
            lambda session, raiser: acts.consent(session, raiser, merge, yes=False, kit=kit),
            mark(
                "Your no is taken. It counts {when}: from then on your problem stands by itself, with your words."
            ),
        )
