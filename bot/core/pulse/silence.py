"""Who is quiet, as a question to stewards once a quarter, and whether less comes than before."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import stewards
from bot.core.kit import Kit
from bot.core.problems.records import Confirmation, FeltBy, Problem, State, Tally
from bot.core.pulse import rules
from bot.core.pulse.records import Silence
from bot.core.store import inserted, monday
from bot.core.teams.queries import functions
from bot.core.teams.records import Membership, Team

_WEEK = dt.timedelta(weeks=1)


def look(session: Session, *, on: dt.date, kit: Kit, at: dt.datetime) -> Silence | None:
    """The quarter's one look, at the quarter before; None where it was done, or nothing is a question."""
    begin, end = rules.quarter_before(on)
    key = rules.quarter(begin)
    found = rules.quiet(voices(session, begin, end), sizes(session))
    fell = rules.fell(weekly(session, before=monday(at)))
    if not _was_there(session, begin):
        found = []  # the bot was not there for the whole of it
    if not inserted(session, Silence, {"quarter": key, "functions": found, "fell": fell}):
        return None
    if found or fell:
        for steward in stewards(session):
            kit.outbox.to_person(session, steward, "silence", {"quarter": key}, at=at, once=f"silence:{key}")
    return session.get(Silence, key) if found or fell else None


def look_at_flow(session: Session, *, on: dt.date, kit: Kit, at: dt.datetime) -> bool:
    """Between two quarters' looks: note once that clearly fewer come, as soon as the whole weeks say so; whether it was.

    The note goes to the quarter's look, which is there by then, so that stewards are told once a quarter at the most.
    """
    begin, _ = rules.quarter_before(on)
    key = rules.quarter(begin)
    found = session.get(Silence, key, with_for_update=True, populate_existing=True)
    if found is None or found.fell or not rules.fell(weekly(session, before=monday(at))):
        return False
    found.fell = True
    session.flush()
    for steward in stewards(session):
        about = {"quarter": key, "flow": True}
        kit.outbox.to_person(session, steward, "silence", about, at=at, once=f"flow:{key}")
    return True


def looked(session: Session, *, on: dt.date) -> bool:
    """Whether this quarter's look was done."""
    begin, _ = rules.quarter_before(on)
    return session.get(Silence, rules.quarter(begin)) is not None


def latest(session: Session) -> Silence | None:
    """The newest look."""
    return session.scalar(sa.select(Silence).order_by(Silence.quarter.desc()).limit(1))


def named(session: Session, found: Silence) -> list[str]:
    """Its functions by name."""
    known = functions(session)
    return sorted(known[ident] for ident in found.functions if ident in known)


def voices(session: Session, begin: dt.date, end: dt.date) -> Counter[int]:
    """How often each function spoke in a time, by id: it was said to feel a problem, or said so itself."""
    counted: Counter[int] = Counter()
    published = Problem.state.not_in([State.TAGGED.value, State.WITHDRAWN.value])
    queries = (
        sa.select(Team.function_id, sa.func.count())
        .join(Confirmation, Confirmation.team_id == Team.id)
        .where(Confirmation.week >= monday_of(begin), Confirmation.week < end),
        # What was confirmed of closed problems has no week any more; it counts for that of closing.
        sa.select(Team.function_id, sa.func.sum(Tally.voices))
        .join(Tally, Tally.team == Team.id)
        .join(Problem, Problem.id == Tally.problem_id)
        .where(Problem.closed_week >= monday_of(begin), Problem.closed_week < end),
        sa.select(Team.function_id, sa.func.count())
        .join(FeltBy, FeltBy.team_id == Team.id)
        .join(Problem, Problem.id == FeltBy.problem_id)
        .where(Problem.raised_week >= monday_of(begin), Problem.raised_week < end, published),
    )
    for query in queries:
        for function, count in session.execute(query.group_by(Team.function_id)):
            if function is not None:
                counted[function] += int(count)
    return counted


def sizes(session: Session) -> dict[int, int]:
    """People by function, by trusted word alone."""
    rows = session.execute(
        sa.select(Team.function_id, sa.func.count(sa.distinct(Membership.person)))
        .join(Membership, Membership.team_id == Team.id)
        .where(Team.dissolved.is_(False), Team.function_id.is_not(None))
        .group_by(Team.function_id)
    )
    return {function: count for function, count in rows if function is not None}


def weekly(session: Session, *, before: dt.date) -> list[int]:
    """Problems raised in each of the whole weeks before a Monday, as many as the rule looks at, oldest first."""
    weeks = [before - _WEEK * back for back in range(rules.LAST_WEEKS + rules.WEEKS_BEFORE, 0, -1)]
    rows = session.execute(
        sa.select(Problem.raised_week, sa.func.count())
        .where(Problem.raised_week >= weeks[0], Problem.raised_week < before)
        .group_by(Problem.raised_week)
    )
    counts: dict[dt.date, int] = dict(rows.all())
    return [counts.get(week, 0) for week in weeks]


def monday_of(day: dt.date) -> dt.date:
    """The week that a day stands in."""
    return day - dt.timedelta(days=day.weekday())


def _was_there(session: Session, begin: dt.date) -> bool:
    oldest = session.scalar(sa.select(sa.func.min(Problem.raised_week)))
    return oldest is not None and oldest <= begin + _WEEK
