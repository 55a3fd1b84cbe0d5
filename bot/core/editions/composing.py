"""What the edition of this moment would say: reads, and writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import Workdays
from bot.core.decisions import queries as decisions
from bot.core.decisions.costs import Cost
from bot.core.editions import rules
from bot.core.editions.queries import Composed, Line, Told
from bot.core.editions.records import Edition, Section
from bot.core.problems import evidence
from bot.core.problems.queries import in_steps
from bot.core.problems.records import Problem, State
from bot.core.problems.said import STEP
from bot.core.store import monday

_A_WEEK = dt.timedelta(days=6)
_LEAD = rules.BY_SCORE + rules.BY_HOURS
# As many as the other sections can take away from the least seen, and one more.
_LEAST_SEEN = _LEAD + rules.ONE_OWNER_LINES + 1


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition's content, with what has to be stored where it is kept."""

    content: Composed
    facts: list[evidence.Facts]
    mean: evidence.Mean


def draft(
    session: Session,
    *,
    at: dt.datetime,
    mean: evidence.Mean,
    note: str | None,
    days: Workdays,
    locked: bool = False,
) -> Draft:
    """Plan an edition: what has changed is worked out in memory, the rest comes as short lists by index.

    `locked` where it is going to be stored.
    """
    facts, mean = evidence.facts(session, at=at, mean=mean, locked=locked)
    week = monday(at)
    known: dict[int, int] = {one.number: one.ident for one in facts}
    reviewed = _up_for_review(session, at)
    candidates = [
        replace(_changed(one, week), decision_due=one.ident in reviewed and one.state != State.CLOSED.value)
        for one in facts
    ]
    listed = _short_lists(session, week, frozenset(reviewed))
    known.update((candidate.number, ident) for ident, candidate in listed.items())
    candidates += listed.values()
    waiting = _oldest_waiting(session, at, days)
    if waiting is not None:
        # It bears no number yet, and nothing of it is said but its wait.
        candidates.append(rules.Candidate(0, "too_early", held=True, waiting=waiting))
    plan = _counted(rules.compose(candidates), _by_verdict(session), listed.values())
    told = Told(
        moved=plan.moved,
        quiet=plan.quiet,
        rest=plan.rest,
        more_new=plan.new.rest,
        more_decisions=plan.decisions.rest,
        more_waiting_on_one=plan.one_owner.rest,
        oldest_waiting=plan.oldest_waiting,
    )
    return Draft(Composed(told, _lines(session, plan, known, facts, reviewed), note), facts, mean)


def mean_so_far(session: Session) -> evidence.Mean:
    """The running mean of scores as the last edition left it."""
    last = session.execute(
        sa.select(Edition.raw_total, Edition.raw_problems).order_by(Edition.composed_at.desc()).limit(1)
    ).first()
    return evidence.Mean(*last) if last else evidence.NO_MEAN


def _changed(one: evidence.Facts, week: dt.date) -> rules.Candidate:
    resting = one.state == State.RESTING.value
    closed = one.state == State.CLOSED.value
    return rules.Candidate(
        number=one.number,
        verdict=one.finding.verdict.value,
        score=one.score,
        hours=one.hours,
        open=not closed,
        stale=resting or one.stale_from <= week,
        asked_still_there=resting,
        new=one.new,
        # Closing with a sentence is an answer. "Solved" is the raiser's word, and not ours to say.
        answered=closed,
        solved=one.solved,
        seen=one.seen,
    )


_OPEN = (Problem.state == State.OPEN.value, ~Problem.changed, Problem.held_because.is_(None))


def _short_lists(session: Session, week: dt.date, reviewed: frozenset[int]) -> dict[int, rules.Candidate]:
    """Of all that has not changed: as many from the top of each order as the edition could take."""
    columns = (
        Problem.id,
        Problem.number,
        Problem.verdict,
        Problem.score,
        Problem.hours,
        Problem.stale_from,
        Problem.editions,
    )
    query = sa.select(*columns).where(*_OPEN)
    # As an expression: few are stale, and an index on it would be the slowest way to each of these.
    fresh = query.where(sa.func.coalesce(Problem.stale_from, week) > week)
    by_score = fresh.order_by(Problem.score.desc(), Problem.number)
    by_hours = fresh.where(Problem.hours > 0).order_by(
        Problem.hours.desc(), Problem.score.desc(), Problem.number
    )
    lists = [
        by_score.where(Problem.verdict == rules.ONE_OWNER).limit(rules.ONE_OWNER_LINES),
        fresh.where(Problem.verdict.not_in(rules.WITH_THEIR_TEAMS))
        .order_by(Problem.editions, Problem.number)
        .limit(_LEAST_SEEN),
        query.where(Problem.stale_from <= week),
        *[query.where(Problem.id.in_(step)) for step in in_steps(sorted(reviewed))],
    ]
    for verdict in sorted(rules.NO_SINGLE_TEAM):
        lists += [order.where(Problem.verdict == verdict).limit(_LEAD) for order in (by_score, by_hours)]
    return {
        ident: rules.Candidate(
            number=number,
            verdict=verdict,
            score=score,
            hours=hours,
            stale=stale_from <= week,
            seen=seen,
            decision_due=ident in reviewed,
        )
        for one in lists
        for ident, number, verdict, score, hours, stale_from, seen in session.execute(one)
        if number is not None and verdict is not None and stale_from is not None
    }


def _up_for_review(session: Session, at: dt.datetime) -> dict[int, Cost]:
    """Problems whose decision is looked at before the next edition, or should have been, and what each costs whom."""
    found = decisions.up_for_review(session, until=at.date() + _A_WEEK, most=STEP)
    return {problem.id: told.cost for problem, told in found}


def _by_verdict(session: Session) -> Counter[str]:
    """How many unchanged problems are open, the stale ones too."""
    rows = session.execute(
        sa.select(Problem.verdict, sa.func.count()).where(*_OPEN).group_by(Problem.verdict)
    )
    return Counter({verdict: count for verdict, count in rows if verdict is not None})


def _counted(
    plan: rules.EditionPlan, there: Mapping[str, int], listed: Iterable[rules.Candidate]
) -> rules.EditionPlan:
    """The plan with those counted that were in no short list; what is stale is listed, all of it."""
    seen = Counter([candidate.verdict for candidate in listed])

    def unlisted(verdicts: Collection[str]) -> int:
        return sum(there.get(verdict, 0) - seen[verdict] for verdict in verdicts)

    return replace(
        plan,
        rest=plan.rest + unlisted(rules.NO_SINGLE_TEAM),
        one_owner=replace(plan.one_owner, rest=plan.one_owner.rest + unlisted([rules.ONE_OWNER])),
    )


def _oldest_waiting(session: Session, at: dt.datetime, days: Workdays) -> int | None:
    """Working days since the week in which the longest unanswered was raised began: no finer time is kept."""
    raised = session.scalar(
        sa.select(sa.func.min(Problem.raised_week)).where(Problem.state == State.NEW.value)
    )
    if raised is None:
        return None
    return days.between(dt.datetime.combine(raised, dt.time(), tzinfo=days.zone), at)


def _lines(
    session: Session,
    plan: rules.EditionPlan,
    known: Mapping[int, int],
    facts: Sequence[evidence.Facts],
    reviewed: Mapping[int, Cost],
) -> tuple[Line, ...]:
    places: list[tuple[Section, int, int, str | None]] = [
        (Section.LEAD, position, item.number, item.by.value)
        for position, item in enumerate(plan.items, start=1)
    ]
    for section, numbers in (
        (Section.NEW, plan.new.numbers),
        (Section.REVIEW, plan.decisions.numbers),
        (Section.LEAST_SEEN, () if plan.least_seen is None else (plan.least_seen,)),
        (Section.WAITING_ON_ONE, plan.one_owner.numbers),
        (Section.STILL_THERE, plan.still_there),
        (Section.DONE, () if plan.you_said is None else (plan.you_said,)),
    ):
        places += [(section, position, number, None) for position, number in enumerate(numbers, start=1)]
    worked_out = {one.ident: one for one in facts}
    words = _words(session, {known[number] for _, _, number, _ in places})
    lines = []
    for section, position, number, by in places:
        ident = known[number]
        title, stored, helps = words[ident]
        line = Line(section, position, ident, number, title, by=by)
        if section is Section.LEAD:
            line = replace(line, would_help=helps)
        elif section is Section.REVIEW:
            line = replace(line, cost=reviewed[ident])
        fresh = worked_out.get(ident)
        if section is Section.STILL_THERE:
            pass
        elif fresh is not None:
            line = replace(line, finding=fresh.finding, because=fresh.because)
        elif stored is not None:
            line = replace(line, finding=evidence.read_finding(stored), because=stored.get("because"))
        lines.append(line)
    return tuple(lines)


def _words(session: Session, idents: set[int]) -> dict[int, tuple[str, dict[str, Any] | None, str | None]]:
    found = {}
    for step in in_steps(sorted(idents), STEP):
        rows = session.execute(
            sa.select(Problem.id, Problem.title, Problem.finding, Problem.would_help).where(
                Problem.id.in_(step)
            )
        )
        found.update({ident: (title, finding, helps) for ident, title, finding, helps in rows})
    return found
