"""Home is published when its tab is opened, by its own menus, and after the viewer's own act."""

from __future__ import annotations

from bot.core.identity import hearing
from bot.core.problems.browsing import ANYTHING
from bot.core.refusal import Refusal
from bot.slack.failures import notice
from bot.slack.home import hearing_views
from bot.slack.home.composing import publish
from bot.slack.home.filter_views import FILTER, PAGE, read_page, read_wanted
from bot.slack.home.hearing_views import HEAR, HEARING, hearing_form
from bot.slack.opening import open_form
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.event("app_home_opened", opened)
    listeners.action(FILTER, filtered)
    listeners.action(PAGE, turned)
    listeners.action(HEAR, ask_how)
    listeners.submission(HEARING, keep_how)


def opened(turn: Turn) -> Answer:
    """Publish what the person may see now; menus that were picked before stay picked."""
    if turn.event.get("tab") == "home":
        try:
            wanted = read_wanted(turn.event.get("view") or {})
        except Refusal:
            wanted = ANYTHING  # menus of an older release
        publish(turn, wanted)
    return None


def filtered(turn: Turn) -> Answer:
    publish(turn, read_wanted(turn.view))
    return None


def turned(turn: Turn) -> Answer:
    publish(turn, read_wanted(turn.view), before=read_page(turn.value))
    return None


def ask_how(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        chosen = hearing.hears(session, turn.person, turn.bot.kit.sealing)
    return open_form(turn, hearing_form(turn.words, chosen), action=HEAR, value="form")


def keep_how(turn: Turn) -> Answer:
    how = hearing_views.read_hearing(turn.view)
    with turn.bot.sessions.begin() as session:
        hearing.choose(session, turn.actor(session), how, sealing=turn.bot.kit.sealing)
    return {"response_action": "update", "view": notice(turn, turn.words("Kept."))}
