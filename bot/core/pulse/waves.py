"""What a wave does by itself: it opens, reminds once, closes, and is unlinked for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

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


def due(session: Session, *, at: dt.datetime) -> bool:
    """Whether a wave has to open, remind or close."""
    wave = queries.current(session)
    if wave is None:
        return False
    if wave.state == WaveState.PLANNED.value:
        return wave.opens_at <= at
    return wave.closes_at <= at or (wave.remind_at is not None and wave.remind_at <= at)


def go_on(session: Session, *, kit: Kit, at: dt.datetime) -> Wave | None:
    """Do the next of it; the wave where it closed or was called off, so that what it kept has to be destroyed."""
    alone(session, "pulse")
    wave = queries.current(session)
    if wave is None:
        return None
    if wave.state == WaveState.PLANNED.value:
        return _open(session, wave, kit=kit, at=at) if wave.opens_at <= at else None
    if wave.closes_at <= at:
        return _close(session, wave, kit=kit, at=at)
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


def _close(session: Session, wave: Wave, *, kit: Kit, at: dt.datetime) -> Wave:
    """Count, show, and destroy: hashes, salt, rows, and what the wave before kept to be compared with."""
    asks = queries.questions(wave)
    groups = queries.groups_of(session, wave)
    rows = list(session.scalars(sa.select(PulseAnswer).where(PulseAnswer.wave_id == wave.id)))
    answers = [Answered(row.function_id, row.team_id, row.given, row.link) for row in rows]
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
        kept = session.scalars(sa.select(PulseLink).where(PulseLink.wave_id == last.id))
        before = comparing.Before(
            queries.questions(last),
            queries.shown(last),
            queries.groups_of(session, last),
            {row.link: row.given for row in kept},
        )
        found = comparing.compared(found, asks, groups, links, before)
    for table in (PulseLink, Invited):
        session.execute(sa.delete(table).where(table.wave_id != wave.id))
    session.execute(sa.delete(PulseAnswer))
    wave.salt = wave.salt_mark = wave.remind_at = None
    wave.results, wave.state = found.stored(), WaveState.CLOSED.value
    session.flush()
    if links:
        kept_now = [{"wave_id": wave.id, "link": link, "given": links[link].given} for link in sorted(links)]
        session.execute(sa.insert(PulseLink), kept_now)
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
    """Everybody who was asked, the same at the same moment."""
    kit.outbox.to_people(session, sorted(queries.groups_of(session, wave)), kind, {"wave": wave.id}, at=at)


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
