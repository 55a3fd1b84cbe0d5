"""What people do with the pulse: stewards plan it, whoever is asked answers, changes and withdraws."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.people import Actor, stewards_only
from bot.core.identity.receipts import slow_hash
from bot.core.kit import Kit
from bot.core.problems.triage import note
from bot.core.problems.wording import storable
from bot.core.pulse import comparing, queries, results
from bot.core.pulse.instrument import LEAST, MOST, Instrument, Item, Kind
from bot.core.pulse.records import Invited, PulseAnswer, Wave, WaveState
from bot.core.pulse.results import ABOUT
from bot.core.refusal import Refusal, Stale
from bot.core.store import alone, beside, is_id, new_id, upsert
from bot.core.teams.queries import functions as known_functions

#: A wave lasts for so many days at least and at most; the reminder comes so long before its end.
DAYS_LEAST, DAYS_MOST = 1, 42
REMINDED_BEFORE: Final = dt.timedelta(days=3)
#: Functions that somebody may speak of on the second page.
FUNCTIONS_MOST: Final = 3
#: Characters of free text, and of the words that link two waves.
TEXT_MOST: Final = 1000
PHRASE_LEAST, PHRASE_MOST = 8, 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What stewards decide of a wave. functions, teams: whom it asks, by id. remind: once, a few days before its end."""

    functions: Sequence[int]
    teams: Sequence[int]
    opens_at: dt.datetime
    closes_at: dt.datetime
    by_team: bool = False
    remind: bool = True
    figures_from: int = 5
    texts_from: int = 10


def plan(
    session: Session, actor: Actor, decided: Plan, *, instrument: Instrument, kit: Kit, at: dt.datetime
) -> Wave:
    """A wave that opens by itself; its thresholds and cuts are fixed from now on."""
    stewards_only(actor)
    alone(session, "pulse")
    if queries.current(session) is not None:
        raise Refusal("There is a pulse already. The next one can be planned once it has closed.")
    _check_time(decided, at)
    least = queries.thresholds(session)
    if decided.figures_from < least[0] or decided.texts_from < least[1]:
        raise Refusal(
            "Thresholds are never lowered: figures from {figures} answers, free text from {texts}.",
            figures=least[0],
            texts=least[1],
        )
    asked = queries.invitees(session, decided.functions, decided.teams, by_team=decided.by_team)
    if len(asked) < decided.figures_from:
        raise Refusal(
            "That would ask fewer than {least} people, so nothing could be shown. Please invite more.",
            least=decided.figures_from,
        )
    wave = Wave(
        id=new_id(kit.randomness),
        state=WaveState.PLANNED.value,
        instrument=instrument.stored(),
        functions=sorted(set(decided.functions)),
        teams=sorted(set(decided.teams)),
        by_team=decided.by_team,
        opens_at=decided.opens_at,
        closes_at=decided.closes_at,
        remind_at=_reminder(decided) if decided.remind else None,
        figures_from=decided.figures_from,
        texts_from=decided.texts_from,
    )
    session.add(wave)
    session.flush()
    note(session, None, actor, "pulse_planned", "", kit, at)
    return wave


def _check_time(decided: Plan, at: dt.datetime) -> None:
    length = decided.closes_at - max(decided.opens_at, at)
    if not dt.timedelta(days=DAYS_LEAST) <= length <= dt.timedelta(days=DAYS_MOST):
        raise Refusal(
            "A pulse is open for {least} to {most} days from now or from its opening. Please look at the dates.",
            least=DAYS_LEAST,
            most=DAYS_MOST,
        )


def _reminder(decided: Plan) -> dt.datetime:
    half = (decided.closes_at - decided.opens_at) / 2
    return decided.closes_at - min(REMINDED_BEFORE, half)


def call_off(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> Wave:
    """A wave is not to be; what was answered is destroyed and counts nowhere."""
    stewards_only(actor)
    alone(session, "pulse")
    wave = _wave(session, ident)
    if wave.state not in (WaveState.PLANNED.value, WaveState.OPEN.value):
        raise Stale("This pulse is over already. Please look again.")
    session.execute(sa.delete(PulseAnswer).where(PulseAnswer.wave_id == wave.id))
    session.execute(sa.delete(Invited).where(Invited.wave_id == wave.id))
    wave.salt = wave.salt_mark = None
    wave.state = WaveState.CALLED_OFF.value
    session.flush()
    note(session, None, actor, "pulse_called_off", "", kit, at)
    return wave


def raise_thresholds(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    figures_from: int,
    texts_from: int,
    kit: Kit,
    at: dt.datetime,
) -> Wave:
    """More answers are needed from now on, also for what is shown already; there is no way back."""
    stewards_only(actor)
    alone(session, "pulse")
    wave = _wave(session, ident)
    if figures_from < wave.figures_from or texts_from < wave.texts_from:
        raise Refusal(
            "Thresholds are never lowered: figures from {figures} answers, free text from {texts}.",
            figures=wave.figures_from,
            texts=wave.texts_from,
        )
    wave.figures_from, wave.texts_from = figures_from, texts_from
    if wave.results is not None:
        found = results.read(wave.results)
        wave.results = comparing.raised(found, figures_from=figures_from, texts_from=texts_from).stored()
    session.flush()
    note(session, None, actor, "pulse_thresholds_raised", "", kit, at)
    return wave


def _wave(session: Session, ident: int) -> Wave:
    found = session.get(Wave, ident, with_for_update=True, populate_existing=True) if is_id(ident) else None
    if found is None:
        raise Stale("That pulse is not there any more. Please look again.")
    return found


def answer(
    session: Session,
    actor: Actor,
    ident: int,
    page: int,
    given: Mapping[str, Any],
    *,
    phrase: str = "",
    link: bytes | None = None,
    kit: Kit,
    at: dt.datetime,
) -> Wave:
    """What somebody answers on one page, in the place of what was answered there before.

    given: by question, a point of the scale, an option's code, words, or under `about` a list of functions with their
    points; what is missing was not to be said. phrase: words by which this person's answers are compared between waves.
    link: what `installation.slowly_hashed` made of `words_of` them before.
    """
    beside(session, "pulse")  # not while it is counted
    wave = queries.asked(session, actor, ident, at=at)
    asks = queries.questions(wave)
    voice = queries.voice_of(actor.person, wave, kit)
    there = session.get(PulseAnswer, (wave.id, voice), with_for_update=True, populate_existing=True)
    group = session.get_one(Invited, (wave.id, actor.person))
    pages = {item.id: item.page for item in asks.items} | {ABOUT: 2}
    kept = {key: value for key, value in (there.given if there else {}).items() if pages.get(key) != page}
    kept |= _checked(session, asks, page, given, own=group.function_id)
    if there is None and not kept and not phrase and link is None:
        raise Refusal(
            "Nothing is picked, so there is nothing to keep. Answer what you like; or close the form, nobody sees that."
        )
    row = {
        "wave_id": wave.id,
        "voice": voice,
        "function_id": group.function_id,
        "team_id": group.team_id,
        # In the order of the questions: that of answering is nobody's business.
        "given": {key: kept[key] for key in [*(item.id for item in asks.items), ABOUT] if key in kept},
        "link": link or _link(session, phrase, kit) or (there.link if there else None),
    }
    upsert(session, PulseAnswer, row, key=["wave_id", "voice"])
    return wave


def _checked(
    session: Session, asks: Instrument, page: int, given: Mapping[str, Any], *, own: int | None
) -> dict[str, Any]:
    """What of a form's content can be an answer; a form is a request, so the rest is left out."""
    found: dict[str, Any] = {}
    for item in asks.page(page, Kind.AGREE, Kind.CHOICE, Kind.TEXT):
        value = _value(item, given.get(item.id))
        if value is not None:
            found[item.id] = value
    several = given.get(ABOUT) if page == 2 else None
    if not isinstance(several, list):
        return found
    known = known_functions(session).keys() - {own}
    items = [item.id for item in asks.page(2, Kind.ABOUT)]
    seen: dict[int, dict[str, int]] = {}
    for each in several[:FUNCTIONS_MOST]:
        points = {item: each["items"][item] for item in items if _is_point(each["items"].get(item))}
        if each["function"] in known and each["function"] not in seen and points:
            seen[each["function"]] = points
    if seen:
        found[ABOUT] = [{"function": function, "items": seen[function]} for function in sorted(seen)]
    return found


def _value(item: Item, given: Any) -> Any:
    if item.kind is Kind.AGREE:
        return given if _is_point(given) else None
    if item.kind is Kind.CHOICE:
        return given if given in [code for code, _ in item.options] else None
    words = storable(given)[:TEXT_MOST].strip() if isinstance(given, str) else ""
    return words or None


def _is_point(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and LEAST <= given <= MOST


def words_of(phrase: str) -> str:
    """Words by which answers are compared, as they are hashed; empty where there are none."""
    words = " ".join(unicodedata.normalize("NFKC", phrase).casefold().split())
    if words and not PHRASE_LEAST <= len(words) <= PHRASE_MOST:
        raise Refusal(
            "Words to be compared by have {least} to {most} characters, and nobody else should come upon them.",
            least=PHRASE_LEAST,
            most=PHRASE_MOST,
        )
    return words


def _link(session: Session, phrase: str, kit: Kit) -> bytes | None:
    """A slow hash of words that one person alone knows; the bot keeps no other way from one wave to the next."""
    words = words_of(phrase)
    if not words:
        return None
    installation.prepare(session, kit.randomness)
    return slow_hash(words, salt=installation.receipt_salt(session) or b"")


def withdraw(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> None:
    """Take back everything that was answered in an open wave; one may answer anew until it closes."""
    beside(session, "pulse")
    wave = queries.asked(session, actor, ident, at=at)
    mine = (PulseAnswer.wave_id == wave.id, PulseAnswer.voice == queries.voice_of(actor.person, wave, kit))
    session.execute(sa.delete(PulseAnswer).where(*mine))


def forget(session: Session, person: str, kit: Kit) -> None:
    """Somebody wants to be forgotten, or has left: being asked goes, and answers of an open wave."""
    for wave in session.scalars(sa.select(Wave).where(Wave.salt.is_not(None))):
        if kit.sealing.holds(wave.salt_mark or b""):
            voice = queries.voice_of(person, wave, kit)
            session.execute(
                sa.delete(PulseAnswer).where(PulseAnswer.wave_id == wave.id, PulseAnswer.voice == voice)
            )
    session.execute(sa.delete(Invited).where(Invited.person == person))
