"""People look at problems that many companies know, and start from one."""

from __future__ import annotations

from contextlib import suppress

from bot.core.problems.catalogue import catalogue, named
from bot.core.refusal import Refusal
from bot.slack.client import ViewChanged
from bot.slack.examples import views
from bot.slack.help.answering import misused
from bot.slack.opening import open_form
from bot.slack.raising.listeners import open_with
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    listeners.command(EXAMPLES)
    listeners.action(views.OPEN, open_)
    listeners.action(views.PICK, pick)
    listeners.action(views.START, start)


def examples(turn: Turn, rest: str) -> Answer:
    return misused(turn, EXAMPLES) if rest else open_(turn)


EXAMPLES = SubCommand(
    "examples", "examples", mark("problems that many companies know, to start from"), examples
)


def open_(turn: Turn) -> Answer:
    functions = catalogue()
    view = views.examples_form(turn.words, functions, functions[0])
    return open_form(turn, view, action=views.OPEN, value="all")


def pick(turn: Turn) -> Answer:
    code = str((turn.action.get("selected_option") or {}).get("value", ""))
    functions = catalogue()
    view = views.examples_form(turn.words, functions, named(code) or functions[0])
    with suppress(ViewChanged):  # closed meanwhile
        turn.slack.update_view(str(turn.view.get("id")), view)
    return None


def start(turn: Turn) -> Answer:
    """The form with the example's words in it, to be made the person's own."""
    code, number = views.read_start(turn.value)
    function = named(code)
    if function is None or number >= len(function.examples):
        raise Refusal("That example is not there any more. Please pick another one.")
    return open_with(turn, function.examples[number].problem)
