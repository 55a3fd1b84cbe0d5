"""People look at problems: the open ones, their own, and one by its number."""

from __future__ import annotations

from contextlib import suppress

from bot.core.problems import queries
from bot.core.refusal import Refusal
from bot.slack import cards, failures
from bot.slack import text as t
from bot.slack.client import ViewChanged
from bot.slack.deciding.showing import for_readers
from bot.slack.help.answering import misused
from bot.slack.opening import open_form
from bot.slack.raising.around import next_batch
from bot.slack.reading import views
from bot.slack.shown import Shown, whole
from bot.slack.turn import Answer, Kind, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    for sub in (LIST, OWN, SHOW):
        listeners.command(sub)
    listeners.action(views.OPEN_ONES, page)
    listeners.action(views.MINE, own)
    listeners.action(views.NEWS, own)


def list_(turn: Turn, rest: str) -> Answer:
    return misused(turn, LIST) if rest else page(turn)


def mine(turn: Turn, rest: str) -> Answer:
    return misused(turn, OWN) if rest else own(turn)


def show(turn: Turn, rest: str) -> Answer:
    """One problem, by its public number."""
    try:
        number = views.read_number(rest)
    except Refusal:
        return misused(turn, SHOW)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        problem = queries.visible_by_number(session, actor, number, turn.bot.kit)
        shown = whole(session, problem)
        confirmed = queries.hits(session, problem, turn.person, turn.bot.kit)
        is_own = queries.raised_by(problem, actor.person, turn.bot.kit)
        said, decided = for_readers(turn, session, problem, in_form=False)
    blocks = cards.card(turn.words, shown, command=turn.bot.settings.command, confirmed=confirmed, own=is_own)
    blocks += views.ways(turn.words, shown, steward=actor.steward)
    text = cards.card_text(turn.words, shown)
    if said and len(text) + len(said) < t.TEXT:
        text += f"\n{said}"
    return {"text": text, "blocks": [*blocks, *decided], "response_type": "ephemeral"}


LIST = SubCommand("list", "list", mark("the open problems, newest first"), list_)
OWN = SubCommand("mine", "mine", mark("what you raised, and where it stands"), mine)
SHOW = SubCommand("show", "show N", mark("one problem by its number, with all that is public of it"), show)


def page(turn: Turn) -> Answer:
    """The open problems, from the newest or from where the last page ended."""
    before = views.read_page(turn.value)
    most = views.IN_MESSAGE if turn.kind is not Kind.VIEW_BUTTON else views.IN_FORM
    with turn.bot.sessions.reading() as session:
        found = queries.published(session, before=before, most=most + 1)
        shown = [Shown.of(problem) for problem in found]
    said = views.open_ones(
        turn.words,
        shown[:most],
        more=len(shown) > most,
        first=before is None,
        command=turn.bot.settings.command,
    )
    return say(turn, said)


def own(turn: Turn) -> Answer:
    """What this person raised: after the command in a message, after a button in a form, which has more room."""
    in_form = turn.kind is not Kind.COMMAND
    with turn.bot.sessions.reading() as session:
        found = queries.mine(session, turn.actor(session), turn.bot.kit)
        shown = [Shown.of(problem) for problem in found.problems]
    said = views.mine(
        turn.words,
        shown,
        waiting=found.waiting,
        reaches_at=next_batch(turn.bot, turn.at),
        command=turn.bot.settings.command,
        most=views.IN_FORM if in_form else views.IN_MESSAGE,
    )
    if in_form:
        return open_form(turn, views.form(turn.words, said), action=views.MINE, value="all")
    return say(turn, said)


def say(turn: Turn, said: views.Said) -> Answer:
    """Show a list to the person alone, where the click came from."""
    text, blocks = said
    if turn.kind is Kind.COMMAND:
        return {"text": text, "blocks": blocks, "response_type": "ephemeral"}
    if turn.kind is Kind.MESSAGE_BUTTON:
        failures.respond(turn, text, blocks)
        return None
    view = views.form(turn.words, said)
    if turn.view.get("callback_id") == views.LISTED:
        with suppress(ViewChanged):  # closed meanwhile
            turn.slack.update_view(str(turn.view.get("id")), view)
        return None
    return open_form(turn, view, action=views.OPEN_ONES, value="first")
