"""What a wave does by itself: it opens, reminds once, closes, and is unlinked for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.batch import rewrite
from bot.core.pulse import comparing, queries, results
from bot.core.pulse.comparing import Linked
from bot.core.pulse.records import Invited, PulseAnswer, PulseLink, ToneCount, ToneMark, Wave, WaveState
from bot.core.pulse.results import Answered, Company
from bot.core.store import alone
from bot.core.teams.queries import functions
from bot.core.teams.records import Team

#: For so long words that link two waves are kept where no other wave comes.
LINKS_KEPT: Final = dt.timedelta(days=400)
#: People who are told something in one transaction, so that a large company's pulse keeps nobody else from writing.
TOLD_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """A wave that can close, counted while others wrote: what it was counted from, and what came out."""

    wave: int
    of: Any
    results: Any
    links: list[dict[str, Any]]


def due(session: Session, *, at: dt.datetime) -> bool:
    """Whether a wave has to open, remind or close."""
    wave = queries.current(session)
    if _telling(session) is not None:
        return True
    if wave is None:
        return False
    if wave.state == WaveState.PLANNED.value:
        return wave.opens_at <= at
    return wave.closes_at <= at or (wave.remind_at is not None and wave.remind_at <= at)


def counted(session: Session, *, at: dt.datetime) -> Counted | None:
    """The wave whose time is over, counted; takes seconds in a large company, so whoever calls it only reads."""
    wave = queries.current(session)
    if wave is None or wave.state != WaveState.OPEN.value or wave.closes_at > at:
        return None
    return _count(session, wave, _basis(session, wave), at=at)


def go_on(session: Session, *, kit: Kit, at: dt.datetime, counted: Counted | None = None) -> Wave | None:
    """Do the next of it; the wave where it closed or was called off, so that what it kept has to be destroyed.

    counted: what was counted ahead of this transaction; a wave of which something has changed since is left as it is,
    and is counted anew at the next look.
    """
    alone(session, "pulse")
    wave = queries.current(session)
    if wave is None:
        return None
    if wave.state == WaveState.PLANNED.value:
        return _open(session, wave, kit=kit, at=at) if wave.opens_at <= at else None
    if wave.closes_at <= at:
        return _close(session, wave, counted, kit=kit, at=at)
    if wave.remind_at is not None and wave.remind_at <= at:
        wave.remind_at = None
        # To everybody: a reminder to some would tell who has answered.
        _tell(session, wave, "pulse_reminder", kit, at)
    return None


def _open(session: Session, wave: Wave, *, kit: Kit, at: dt.datetime) -> Wave | None:
    asked = queries.invitees(session, wave.functions, wave.teams, by_team=wave.by_team)
    if wave.closes_at <= at or len(asked) < wave.figures_from:
        wave.state = WaveState.CALLED_OFF.value  # the time has passed, or those to be asked have gone
        session.flush()
        return wave
    wave.salt, wave.salt_mark = kit.randomness.randbytes(16), kit.sealing.newest
    wave.state = WaveState.OPEN.value
    session.flush()
    session.execute(
        sa.insert(Invited),
        [
            {"wave_id": wave.id, "person": person, "function_id": function, "team_id": team}
            for person, (function, team) in asked.items()
        ],
    )
    _tell(session, wave, "pulse_invite", kit, at)
    return None


def _basis(session: Session, wave: Wave) -> tuple[Any, ...]:
    """All that a wave is counted from, as plain values that can be compared."""
    last = next(iter(queries.closed(session)), None)
    columns = (
        PulseAnswer.voice,
        PulseAnswer.function_id,
        PulseAnswer.team_id,
        PulseAnswer.given,
        PulseAnswer.link,
    )
    rows = session.execute(
        sa.select(*columns).where(PulseAnswer.wave_id == wave.id).order_by(PulseAnswer.voice)
    )
    kept = session.execute(
        sa.select(PulseLink.link, PulseLink.given).where(PulseLink.wave_id == (last.id if last else 0))
    )
    return (
        [tuple(row) for row in rows],
        queries.groups_of(session, wave),
        (wave.figures_from, wave.texts_from),
        (last.id, last.figures_from, last.texts_from, queries.groups_of(session, last)) if last else None,
        dict(row for row in map(tuple, kept)),
    )


def _count(session: Session, wave: Wave, basis: tuple[Any, ...], *, at: dt.datetime) -> Counted:
    """What the wave shows, and what is kept of it to be compared with the next one."""
    rows, groups, _, _, kept = basis
    asks = queries.questions(wave)
    answers = [Answered(function, team, given, link) for _, function, team, given, link in rows]
    found = results.work_out(
        asks,
        answers,
        _company(session, groups.values()),
        invited=len(groups),
        figures_from=wave.figures_from,
        texts_from=wave.texts_from,
        on=at.date(),
    )
    links = _links(answers)
    last = next(iter(queries.closed(session)), None)
    if last is not None:
        before = comparing.Before(
            queries.questions(last), queries.shown(last), queries.groups_of(session, last), kept
        )
        found = comparing.compared(found, asks, groups, links, before)
    rows_kept = [{"wave_id": wave.id, "link": link, "given": links[link].given} for link in sorted(links)]
    return Counted(wave.id, basis, found.stored(), rows_kept)


def _close(session: Session, wave: Wave, ahead: Counted | None, *, kit: Kit, at: dt.datetime) -> Wave | None:
    """Show what was counted, and destroy: hashes, salt, rows, and what the wave before kept to be compared with."""
    basis = _basis(session, wave)
    if ahead is None:
        ahead = _count(session, wave, basis, at=at)
    if (ahead.wave, ahead.of) != (wave.id, basis):
        return None
    for table in (PulseLink, Invited):
        session.execute(sa.delete(table).where(table.wave_id != wave.id))
    session.execute(sa.delete(PulseAnswer))
    wave.salt = wave.salt_mark = wave.remind_at = None
    wave.results, wave.state = ahead.results, WaveState.CLOSED.value
    session.flush()
    if ahead.links:
        session.execute(sa.insert(PulseLink), ahead.links)
    _tell(session, wave, "pulse_results", kit, at)
    return wave


def _links(answers: Iterable[Answered]) -> dict[bytes, Linked]:
    """Agreement under the words that were chosen to be compared by; words that two people chose compare nobody."""
    found: dict[bytes, Linked] = {}
    twice: set[bytes] = set()
    for one in answers:
        if one.link is not None:
            twice |= {one.link} & found.keys()
            points = {key: point for key, point in one.given.items() if isinstance(point, int)}
            found[one.link] = Linked(one.function, one.team, points)
    return {link: linked for link, linked in found.items() if link not in twice}


def _company(session: Session, groups: Iterable[queries.Group]) -> Company:
    names: dict[int, str] = dict(session.execute(sa.select(Team.id, Team.name)).all())
    return Company(functions(session), names, results.tree(groups))


def _tell(session: Session, wave: Wave, kind: str, kit: Kit, at: dt.datetime) -> None:
    """Everybody who was asked, the same, and all due at the same moment; in a large company the rest follows at once."""
    wave.telling, wave.told_to, wave.told_at = kind, "", at
    session.flush()
    asked = sa.select(sa.func.count()).where(Invited.wave_id == wave.id)
    if (session.scalar(asked) or 0) < TOLD_AT_ONCE:
        tell_on(session, kit=kit)


def tell_on(session: Session, *, kit: Kit) -> bool:
    """Tell the next of those who are still to be told something; whether there are more."""
    alone(session, "pulse")
    wave = _telling(session)
    if wave is None or wave.telling is None or wave.told_at is None:
        return False
    people = list(
        session.scalars(
            sa.select(Invited.person)
            .where(Invited.wave_id == wave.id, Invited.person > (wave.told_to or ""))
            .order_by(Invited.person)
            .limit(TOLD_AT_ONCE)
        )
    )
    kit.outbox.to_people(session, people, wave.telling, {"wave": wave.id}, at=wave.told_at)
    more = len(people) == TOLD_AT_ONCE
    wave.told_to = people[-1] if more else None
    if not more:
        wave.telling = wave.told_at = None
    session.flush()
    return more


def _telling(session: Session) -> Wave | None:
    """The wave of which some are still to be told something; there is at most one that has not closed."""
    return session.scalar(sa.select(Wave).where(Wave.telling.is_not(None)).order_by(Wave.opens_at).limit(1))


def closed_since(session: Session, moment: dt.datetime) -> bool:
    """Whether a wave's time was over after this, so that a process that starts makes sure of what it destroyed."""
    over = (WaveState.CLOSED.value, WaveState.CALLED_OFF.value)
    return bool(session.scalar(sa.select(sa.exists().where(Wave.state.in_(over), Wave.closes_at >= moment))))


def even_out(session: Session, *, at: dt.datetime) -> None:
    """With each batch: write what was said anew, so that neither place nor transaction dates it; let go of old links."""
    alone(session, "pulse")
    for table in (PulseAnswer, ToneMark, ToneCount):
        rewrite(session, table)
    old = sa.select(Wave.id).where(Wave.closes_at < at - LINKS_KEPT).scalar_subquery()
    session.execute(sa.delete(PulseLink).where(PulseLink.wave_id.in_(old)))


def destroyed_line(wave: Wave) -> str:
    """What the list of destroyed things keeps of a wave that is over, so that a restored backup forgets it again."""
    return f"pulse {wave.id}"


def destroy_again(session: Session, idents: Iterable[int]) -> int:
    """Waves that a restored backup has opened again are called off: their answers were counted, or were not to be."""
    count = 0
    for ident in idents:
        wave = session.get(Wave, ident)
        if wave is not None and wave.state in (WaveState.PLANNED.value, WaveState.OPEN.value):
            session.execute(sa.delete(PulseAnswer).where(PulseAnswer.wave_id == ident))
            session.execute(sa.delete(Invited).where(Invited.wave_id == ident))
            wave.salt = wave.salt_mark = None
            wave.state = WaveState.CALLED_OFF.value
            count += 1
    session.flush()
    return count
