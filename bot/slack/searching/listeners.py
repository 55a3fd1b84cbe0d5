"""People look for a problem by words; the words are compared in memory, and kept and logged nowhere."""

from __future__ import annotations

from contextlib import suppress

from bot.core.problems import similar
from bot.slack import failures
from bot.slack.client import ViewChanged
from bot.slack.help.answering import misused
from bot.slack.opening import open_form
from bot.slack.searching import views
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Kind, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    listeners.command(SEARCH)
    listeners.action(views.MORE, more)
    listeners.action(views.ASK, ask)
    listeners.submission(views.ASKED, asked)


def search(turn: Turn, rest: str) -> Answer:
    said = views.searched(rest)
    if not said:
        return misused(turn, SEARCH)
    text, blocks = _page(turn, said, 0)
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}


SEARCH = SubCommand("search", "search WORDS", mark("published problems that speak of these words"), search)


def ask(turn: Turn) -> Answer:
    return open_form(turn, views.ask_form(turn.words), action=views.ASK, value="form")


def asked(turn: Turn) -> Answer:
    found = _page(turn, views.read_asked(turn.view), 0)
    return {"response_action": "update", "view": views.form(turn.words, found)}


def more(turn: Turn) -> Answer:
    """The next page: beside the message that the button was in, or in its form."""
    start, said = views.read_more(turn.value)
    found = _page(turn, said, start)
    if turn.kind is Kind.MESSAGE_BUTTON:
        failures.respond(turn, *found)
        return None
    with suppress(ViewChanged):  # closed meanwhile
        turn.slack.update_view(str(turn.view.get("id")), views.form(turn.words, found))
    return None


def _page(turn: Turn, said: str, start: int) -> views.Said:
    bot = turn.bot
    with bot.sessions.reading() as session:
        actor = turn.actor(session)
        found = similar.search(
            session, actor, said, index=bot.similar, kit=bot.kit, start=start, most=views.IN_MESSAGE
        )
        shown = [Shown.of(problem) for problem in found.problems]
    return views.page(turn.words, said, shown, start=start, more=found.more, ready=found.ready)
