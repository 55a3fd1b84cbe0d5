"""The pulse: whoever is asked answers, changes, withdraws and reads the results; both sides say how a contact felt."""

from __future__ import annotations

from bot.core.identity.installation import slowly_hashed
from bot.core.pulse import acts, queries, tone
from bot.core.pulse.instrument import Kind
from bot.core.pulse.records import Side, Wave
from bot.core.pulse.results import EVERYBODY
from bot.core.teams.queries import functions
from bot.slack.desk.looking import again
from bot.slack.failures import notice, respond, show
from bot.slack.opening import open_form
from bot.slack.pulse import answer_views, result_views, stewarding, views
from bot.slack.turn import Answer, Listeners, Turn
from bot.slack.turn import Kind as Came


def register(listeners: Listeners) -> None:
    listeners.action(views.ANSWER, open_, protected=True)
    listeners.submission(views.FIRST, first, protected=True)
    listeners.submission(views.SECOND, second, protected=True)
    listeners.action(views.WITHDRAW, withdraw, protected=True)
    listeners.action(views.RESULTS, results)
    listeners.action(views.CUT, cut)
    listeners.action(views.TONE, rate, protected=True)
    stewarding.register(listeners)


def open_(turn: Turn) -> Answer:
    ident = views.read_wave(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        wave = queries.asked(session, actor, ident, at=turn.at)
        mine = queries.mine(session, actor, wave, turn.bot.kit)
        view = answer_views.first_page(turn.words, wave.id, queries.questions(wave), mine, wave.closes_at)
    return open_form(turn, view, action=views.ANSWER, value=str(ident))


def first(turn: Turn) -> Answer:
    """Keep the first page and offer the second, where there is one."""
    wave, own = _keep(turn, 1)
    asks = queries.questions(wave)
    if not asks.page(2):
        return _thanks(turn)
    with turn.bot.sessions.reading() as session:
        mine = queries.mine(session, turn.actor(session), wave, turn.bot.kit)
        known = functions(session) if asks.page(2, Kind.ABOUT) else {}
    others = sorted((each for each in known.items() if each[0] != own), key=lambda each: each[1].casefold())
    view = answer_views.second_page(turn.words, wave.id, asks, mine, others)
    return {"response_action": "update", "view": view}


def second(turn: Turn) -> Answer:
    _keep(turn, 2)
    return _thanks(turn)


def _keep(turn: Turn, page: int) -> tuple[Wave, int | None]:
    """Write one page of answers; the wave, and the function that the person counts for."""
    ident, kit = views.read_wave(turn.view.get("private_metadata")), turn.bot.kit
    phrase = acts.words_of(answer_views.read_phrase(turn.view)) if page == 1 else ""
    link = slowly_hashed(turn.bot.sessions, phrase, kit.randomness) if phrase else None
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        asks = queries.questions(queries.asked(session, actor, ident, at=turn.at))
        given = answer_views.read_page(turn.view, asks, page)
        wave = acts.answer(session, actor, ident, page, given, link=link, kit=kit, at=turn.at)
        return wave, queries.function_of(session, actor, wave)


def _thanks(turn: Turn) -> Answer:
    said = turn.words(
        "Thank you. Until it closes, the same button opens your answers again, to change or withdraw them. "
        "The results come to everybody who was asked."
    )
    return {"response_action": "update", "view": notice(turn, said)}


def withdraw(turn: Turn) -> Answer:
    ident = views.read_wave(turn.value)
    with turn.bot.sessions.begin() as session:
        acts.withdraw(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
    said = turn.words("Your answers are withdrawn. Until it closes you can answer anew; you don't have to.")
    return again(turn, notice(turn, said))


def results(turn: Turn) -> Answer:
    return open_form(turn, _seen(turn, turn.value, EVERYBODY), action=views.RESULTS, value=turn.value)


def cut(turn: Turn) -> Answer:
    """The same results for another group, in the same form."""
    chosen = str((turn.action.get("selected_option") or {}).get("value") or EVERYBODY)
    return again(turn, _seen(turn, turn.view.get("private_metadata"), chosen))


def _seen(turn: Turn, wave_value: object, key: str) -> dict[str, object]:
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        wave = queries.to_be_seen(session, actor, views.read_wave(wave_value))
        found = queries.shown(wave)
        seen = result_views.Seen(
            wave.id,
            wave.closes_at,
            queries.questions(wave),
            found,
            key if key in [named.key for named in found.groups] else EVERYBODY,
            queries.about_for(session, actor, found, at=turn.at),
        )
    return result_views.results_form(turn.words, seen)


def rate(turn: Turn) -> Answer:
    side, problem, team, value = views.read_tone(turn.value)
    with turn.bot.sessions.begin() as session:
        tone.rate(session, turn.actor(session), side, problem, team, value, kit=turn.bot.kit, at=turn.at)
    said = turn.words("Thank you; it is stored without you.")
    if turn.kind is Came.MESSAGE_BUTTON:
        respond(turn, said)
        return None
    if side is Side.FUNCTION:
        return again(turn, notice(turn, said))
    show(turn, notice(turn, said))
    return None
