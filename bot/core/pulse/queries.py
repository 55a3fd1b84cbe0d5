"""Waves, who may see what of them, and one's own answers while a wave is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.pulse import instrument, results
from bot.core.pulse.instrument import Instrument
from bot.core.pulse.records import Invited, PulseAnswer, Wave, WaveState
from bot.core.pulse.results import About, Results
from bot.core.pulse.suppression_rules import FIGURES_FROM, TEXTS_FROM
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies.stored import Kind, Stored
from bot.core.store import is_id
from bot.core.teams.queries import team_of
from bot.core.teams.records import Choice, Membership, Source, Team

Group = tuple[int | None, int | None]
_CURRENT = (WaveState.PLANNED.value, WaveState.OPEN.value)


def current(session: Session) -> Wave | None:
    """The wave that is planned or open; there is at most one."""
    return session.scalar(sa.select(Wave).where(Wave.state.in_(_CURRENT)).order_by(Wave.opens_at).limit(1))


def closed(session: Session) -> list[Wave]:
    """Waves with results, the newest first."""
    query = sa.select(Wave).where(Wave.state == WaveState.CLOSED.value)
    return list(session.scalars(query.order_by(Wave.closes_at.desc())))


def ever_run(session: Session) -> bool:
    """Whether a pulse was run to its end: until then the careful mode is recommended."""
    return bool(session.scalar(sa.select(sa.exists().where(Wave.state == WaveState.CLOSED.value))))


def thresholds(session: Session) -> tuple[int, int]:
    """The least that a new wave may have, for figures and for free text: what was raised once stays."""
    row = session.execute(sa.select(sa.func.max(Wave.figures_from), sa.func.max(Wave.texts_from))).one()
    return max(FIGURES_FROM, row[0] or 0), max(TEXTS_FROM, row[1] or 0)


def asked(session: Session, actor: Actor, ident: int, *, at: dt.datetime) -> Wave:
    """The open wave that asks this person; a refusal where it is over, or asks somebody else."""
    wave = session.get(Wave, ident) if is_id(ident) else None
    if wave is None or session.get(Invited, (ident, actor.person)) is None:
        raise NotFound("This pulse does not ask you. If you think that it should, tell your stewards.")
    if wave.state == WaveState.PLANNED.value:
        raise Refusal("This pulse has not opened yet.")
    if wave.state == WaveState.CALLED_OFF.value:
        raise Stale(
            "This pulse was called off. Nothing was saved, and what was answered before is destroyed."
        )
    if wave.state == WaveState.CLOSED.value or at >= wave.closes_at:
        raise Stale(
            "This pulse has closed meanwhile, so nothing was saved. What you had sent before counts; the results "
            "come to everybody who was asked."
        )
    return wave


def waiting_for(session: Session, actor: Actor, *, at: dt.datetime) -> Wave | None:
    """The open wave that asks this person, whether they have answered or not."""
    wave = current(session)
    if wave is None or wave.state != WaveState.OPEN.value or at >= wave.closes_at:
        return None
    return wave if session.get(Invited, (wave.id, actor.person)) is not None else None


def mine(session: Session, actor: Actor, wave: Wave, kit: Kit) -> Mapping[str, Any] | None:
    """What this person has answered in an open wave; None where nothing."""
    row = session.get(PulseAnswer, (wave.id, voice_of(actor.person, wave, kit)))
    return row.given if row is not None else None


def voice_of(person: str, wave: Wave, kit: Kit) -> bytes:
    """The key of a person's answer in an open wave. Refused where the key that it was opened under is not held."""
    try:
        return kit.sealing.voice(person, salt=wave.salt or b"", mark=wave.salt_mark or b"", purpose="pulse")
    except Unreadable:
        raise Refusal(
            "The key that this pulse was opened with is missing. Please tell the operator."
        ) from None


def questions(wave: Wave) -> Instrument:
    return instrument.read(wave.instrument)


def to_be_seen(session: Session, actor: Actor, ident: int) -> Wave:
    """A closed wave for whoever was asked in one, or looks after problems: all see the same."""
    wave = session.get(Wave, ident) if is_id(ident) else None
    if wave is None or wave.state != WaveState.CLOSED.value or not may_see(session, actor):
        raise NotFound("These results are for those who were asked. There is nothing here for you.")
    return wave


def may_see(session: Session, actor: Actor) -> bool:
    """Whether somebody was asked in a wave, this one or another, or is a steward."""
    asked_once = sa.exists().where(Invited.person == actor.person)
    return actor.steward or bool(session.scalar(sa.select(asked_once)))


def shown(wave: Wave) -> Results:
    """The results of a closed wave."""
    return results.read(wave.results or {})


def about_for(session: Session, actor: Actor, found: Results, *, at: dt.datetime) -> list[About]:
    """What functions say of one another, as far as this person may see it yet: the two functions themselves first."""
    belonging = team_of(session, actor.person)
    function = belonging.team.function_id if belonging is not None and belonging.trusted else None
    own = [each for each in found.about if function is not None and function in (each.by, each.of)]
    if at.date() < dt.date.fromisoformat(found.about_from):
        return own
    # One's own first: in a company of many functions not all of them have room.
    return [*own, *[each for each in found.about if each not in own]]


def function_of(session: Session, actor: Actor, wave: Wave) -> int | None:
    """The function that the answers of somebody whom the wave asked count for."""
    return session.get_one(Invited, (wave.id, actor.person)).function_id


def by_id(session: Session, ident: int | None) -> Wave | None:
    """The wave that a message names; None where it was called off."""
    return session.get(Wave, ident) if ident is not None else None


def groups_of(session: Session, wave: Wave) -> dict[str, Group]:
    """Everybody whom a wave asked, with the function and the team that an answer counts for."""
    rows = session.execute(
        sa.select(Invited.person, Invited.function_id, Invited.team_id).where(Invited.wave_id == wave.id)
    )
    return {person: (function, team) for person, function, team in rows}


def invitees(
    session: Session, functions: Iterable[int], teams: Iterable[int], *, by_team: bool
) -> dict[str, Group]:
    """Whom these functions and teams hold now by a trusted word, each with the one group that the person counts for."""
    wanted_functions, wanted_teams = set(functions), set(teams)
    rows = session.execute(
        sa.select(Membership.person, Membership.source, Team.id, Team.function_id)
        .join(Team, Team.id == Membership.team_id)
        .where(Team.dissolved.is_(False))
        .order_by(Team.name)
    ).all()
    chosen: dict[str, int] = dict(session.execute(sa.select(Choice.person, Choice.team_id)).all())
    asked_too = {row[0] for row in rows if row[2] in wanted_teams or row[3] in wanted_functions}
    order = {source.value: place for place, source in enumerate(Source)}
    # The same order of trust as `teams.queries.team_of`: by source, then the chosen one, then by name.
    first: dict[str, tuple[tuple[int, bool], Group]] = {}
    for person, source, team, function in rows:
        if person in asked_too:
            rank = (order[source], chosen.get(person) != team)
            if person not in first or rank < first[person][0]:
                first[person] = (rank, (function, team if by_team else None))
    return {person: group for person, (_, group) in sorted(first.items())}


def stored_of(session: Session, actor: Actor, kit: Kit) -> list[Stored]:
    """What concerns this person here: being asked, and an answer as long as its wave is open."""
    found = []
    rows = session.execute(
        sa.select(Wave).join(Invited, Invited.wave_id == Wave.id).where(Invited.person == actor.person)
    )
    for wave in rows.scalars():
        found.append(Stored(Kind.PULSE_ASKED))
        readable = wave.salt is not None and kit.sealing.holds(wave.salt_mark or b"")
        if readable and mine(session, actor, wave, kit) is not None:
            found.append(Stored(Kind.PULSE_ANSWER))
    return found
