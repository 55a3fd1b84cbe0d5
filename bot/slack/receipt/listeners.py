"""Raisers read what was answered and write back: with the code of an anonymous problem, or as whom they are."""

from __future__ import annotations

from bot.slack.help.answering import misused
from bot.slack.merging.consenting import Consenting
from bot.slack.opening import open_form
from bot.slack.receipt import views, word_views
from bot.slack.receipt.ending_views import ENDED
from bot.slack.receipt.letters import Letters
from bot.slack.receipt.proving import Proof
from bot.slack.receipt.rewording import Rewording
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark

#: So many digits after the command are taken for a code that should not stand there.
_LIKE_A_CODE = 8


def register(listeners: Listeners) -> None:
    proof = Proof()
    here = Letters(proof)
    listeners.command(RECEIPT)
    listeners.action(views.ENTER, enter)
    listeners.submission(views.CODE_FORM, here.read, protected=True)
    listeners.action(views.OPEN, here.open, protected=True)
    listeners.submission(views.LETTERS, here.answered, protected=True)
    listeners.submission(ENDED, here.ended, protected=True)
    listeners.action(views.AGREE, here.agreed, protected=True)
    listeners.action(views.REFUSE, here.refused, protected=True)
    listeners.action(views.QUIET, here.quiet, protected=True)
    listeners.action(views.WITHDRAW, here.withdrawn, protected=True)
    Consenting(here).register(listeners)
    rewording = Rewording(proof, here)
    listeners.action(word_views.WORDS, rewording.begun, protected=True)
    listeners.action(word_views.USE, rewording.offered, protected=True)
    listeners.submission(word_views.WORDS, rewording.sent, protected=True)
    listeners.submission(word_views.LOOKED, rewording.sent, protected=True)


def receipt(turn: Turn, rest: str) -> Answer:
    """The form for the code; one that stands after the command is neither read nor repeated."""
    like_a_code = sum(character.isdecimal() for character in rest) >= _LIKE_A_CODE
    if rest and not like_a_code:
        return misused(turn, RECEIPT)
    view = views.code_form(turn.words, typed_after=like_a_code)
    return open_form(turn, view, action=views.ENTER, value="code")


RECEIPT = SubCommand("receipt", "receipt", mark("answers to what you raised anonymously, by code"), receipt)


def enter(turn: Turn) -> Answer:
    return open_form(turn, views.code_form(turn.words), action=views.ENTER, value="code")
