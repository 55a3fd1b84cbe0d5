"""What has happened in a pilot's whole weeks, from the tables: read once a Monday, kept, and shown until the next."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions.records import Decision, Guardrail, Payer
from bot.core.decisions.rules import DecisionState
from bot.core.pilot import kept, queries
from bot.core.pilot.facts_rules import Facts, Range, Side, Stage, TeamActed, Told, Wait, Wave, total
from bot.core.pilot.records import Pilot, PilotVerdict, PilotWeek, StewardHours
from bot.core.pilot.rules import Times
from bot.core.problems import waits
from bot.core.problems.evidence import evidence
from bot.core.problems.lifecycle_rules import FIRST_ANSWERS, Step
from bot.core.problems.naming_rules import SMALLEST_NAMED
from bot.core.problems.records import Asked, Audit, Confirmation, Problem, Tally
from bot.core.problems.rules import Verdict
from bot.core.problems.standing_rules import Course, Ending, Outcome, State
from bot.core.problems.work_records import Hand, TeamsAnswer
from bot.core.replies.outcomes import cost_rate
from bot.core.replies.records import Reply
from bot.core.store import insert, inserted
from bot.core.teams import queries as teams

#: What a steward did by which something was decided, and what was tried by it.
_DECIDED: Final = frozenset(
    step.value
    for step in (Step.TRIED, Step.OBSERVED, Step.NOT_NOW, Step.CLOSED, Step.NOT_FOR_US, Step.MERGED)
)
_SOLVED: Final = (Ending.SOLVED.value, Ending.BACK_TO_TEAM.value)
_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class Beside:
    """What other rooms know, handed in by whoever asks: contacts by side, and the waves before and after."""

    tone: Mapping[Side, Mapping[int, int]] = field(default_factory=dict)
    before: Wave | None = None
    after: Wave | None = None


def due(session: Session, *, at: dt.datetime) -> dt.date | None:
    """The Monday up to which a started pilot can be counted and was not yet; None where there is nothing to do."""
    pilot = queries.standing(session)
    if pilot is None or pilot.starts_on is None:
        return None
    times = queries.times(pilot)
    monday = times.counted_to(at.date())
    if monday <= times.starts or session.get(PilotWeek, (pilot.id, monday)) is not None:
        return None
    return monday


def keep(
    session: Session,
    beside: Beside,
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    free: Callable[[dt.date], bool],
) -> bool:
    """Count the weeks that are over and keep what came out; False where that was done already."""
    monday, pilot = due(session, at=at), queries.standing(session)
    if monday is None or pilot is None:
        return False
    _note_verdicts(session, pilot, monday)
    found = count(session, pilot, beside, monday=monday, zone=zone, free=free)
    row = {"pilot_id": pilot.id, "counted_to": monday, "facts": kept.stored(found)}
    return inserted(session, PilotWeek, row)


def latest(session: Session) -> Facts | None:
    """What was counted last of the pilot that stands; None before its first whole week is over."""
    pilot = queries.standing(session)
    row = pilot and session.scalar(
        sa.select(PilotWeek)
        .where(PilotWeek.pilot_id == pilot.id)
        .order_by(PilotWeek.counted_to.desc())
        .limit(1)
    )
    return kept.read(row.facts) if row else None


def count(
    session: Session,
    pilot: Pilot,
    beside: Beside,
    *,
    monday: dt.date,
    zone: ZoneInfo,
    free: Callable[[dt.date], bool],
) -> Facts:
    """Everything that a report says, counted up to a Monday."""
    times = queries.times(pilot)
    until = min(monday, times.intake_ends)
    problems = _problems(session, times, until)
    told, ended = _told(session, pilot, problems), _given_back(problems, monday)
    hours = session.execute(
        sa.select(StewardHours.week, StewardHours.low, StewardHours.high).where(
            StewardHours.pilot_id == pilot.id, StewardHours.week < monday
        )
    ).all()
    tone, cost = _since(pilot.felt_before, felt(session, beside.tone))
    return Facts(
        starts=times.starts,
        counted_to=monday,
        over=monday >= times.ends - dt.timedelta(days=times.ends.weekday()),
        waits=tuple(
            Wait(wait.days, wait.answered)
            for wait in waits.waits(
                session,
                at=dt.datetime.combine(monday, dt.time(), zone),
                zone=zone,
                free=free,
                since=times.starts,
                until=until,
            )
        ),
        problems=tuple(told),
        teams=tuple(_teams(session, {int(ident) for ident, _ in pilot.functions}, problems)),
        given_back=tuple(hours_back for hours_back in ended if hours_back is not None),
        without_hours=sum(hours_back is None for hours_back in ended),
        spent=tuple(sorted((Range.of(low, high) for _, low, high in hours), key=lambda each: each.low)),
        weeks_with_hours=len({week for week, _, _ in hours}),
        tone=tone,
        cost=cost,
        felt_since_start=pilot.felt_before is not None,
        before=beside.before,
        after=beside.after,
        **_decisions(session, [problem.id for problem in problems], monday),
    )  # fmt: skip


def felt(session: Session, tone: Mapping[Side, Mapping[int, int]]) -> dict[str, Any]:
    """What is shown by now of contacts and of what raising cost, as it is kept; `tone` is the pulse's room's."""
    rate = cost_rate(session)
    return {
        "tone": {side.value: {str(point): times for point, times in by.items()} for side, by in tone.items()},
        "cost": {"no": rate.answers - rate.little - rate.yes, "little": rate.little, "yes": rate.yes}
        if rate
        else {},
    }


def _since(
    before: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> tuple[dict[Side, dict[int, int]], dict[str, int]]:
    """What is shown less what was shown when the pilot started.

    Both move in steps of five answers or more, so this is none or at least five as well, and tells nothing that the two
    figures by themselves did not.
    """
    was = before or {"tone": {}, "cost": {}}
    tone = {
        Side(side): {
            int(point): times - was["tone"].get(side, {}).get(point, 0) for point, times in by.items()
        }
        for side, by in now["tone"].items()
    }
    cost = {answer: times - was["cost"].get(answer, 0) for answer, times in now["cost"].items()}
    return tone, cost


def _problems(session: Session, times: Times, until: dt.date) -> list[Problem]:
    """What was raised in the weeks of intake; what was taken back or never worded is nobody's problem."""
    return list(
        session.scalars(
            sa.select(Problem)
            .where(
                Problem.raised_week >= times.starts,
                Problem.raised_week < until,
                Problem.state.not_in([State.TAGGED.value, State.WITHDRAWN.value, State.TAKEN_DOWN.value]),
            )
            .order_by(Problem.id)
        )
    )


def _told(session: Session, pilot: Pilot, problems: list[Problem]) -> list[Told]:
    acts: defaultdict[int, set[str]] = defaultdict(set)
    first: dict[int, str] = {}
    crosses: dict[int, frozenset[str]] = {}
    for idents in _in_steps([problem.id for problem in problems]):
        for ident, act in session.execute(
            sa.select(Audit.problem_id, Audit.act).where(Audit.problem_id.in_(idents))
        ):
            acts[ident or 0].add(act)
        query = sa.select(PilotVerdict.problem_id, PilotVerdict.verdict)
        query = query.where(PilotVerdict.pilot_id == pilot.id, PilotVerdict.problem_id.in_(idents))
        first.update(session.execute(query).all())
    crosses = _crosses(session, [problem.id for problem in problems if problem.number is not None])
    return [
        Told(
            stage_of(problem, acts[problem.id]),
            partly=problem.outcome == Outcome.PARTLY.value,
            asked=problem.state == State.CLOSED.value and problem.outcome == Outcome.WAITING.value,
            reversed=_verdict(problem) != first[problem.id] if problem.id in first else None,
            came_back=_came_back(problem),
            crosses=crosses.get(problem.id, frozenset()),
            denied=problem.outcome == Outcome.DENIED.value,
        )
        for problem in problems
    ]


def stage_of(problem: Problem, acts: set[str]) -> Stage:
    """How far a problem has come, by what stewards did, the team that took it, and its raiser's word."""
    if problem.outcome == Outcome.CONFIRMED.value and problem.ending in _SOLVED:
        return Stage.CONFIRMED
    taken = problem.course == Course.TAKEN.value
    if taken or Step.TRIED.value in acts or problem.ending == Ending.SOLVED.value:
        return Stage.TRIED
    if acts & _DECIDED:
        return Stage.DECIDED
    return Stage.ANSWERED if acts & {step.value for step in FIRST_ANSWERS} else Stage.RAISED


def _decisions(session: Session, problems: list[int], monday: dt.date) -> dict[str, Any]:
    """What was decided of these problems: how many, how many were reviewed, guardrails, and what payers carried so far."""
    decided: list[Decision] = []
    payers: defaultdict[int, list[Payer]] = defaultdict(list)
    held: Counter[bool | None] = Counter()
    for idents in _in_steps(problems):
        said = (DecisionState.PROPOSED.value, DecisionState.DROPPED.value)
        query = sa.select(Decision).where(Decision.problem_id.in_(idents), Decision.state.not_in(said))
        decided += session.scalars(query.where(Decision.decided_on < monday))
    for idents in _in_steps([decision.id for decision in decided]):
        for payer in session.scalars(sa.select(Payer).where(Payer.decision_id.in_(idents))):
            payers[payer.decision_id].append(payer)
        held.update(session.scalars(sa.select(Guardrail.held).where(Guardrail.decision_id.in_(idents))))
    carried = [
        total(
            Range.of(payer.hours.low, payer.hours.high).times(_weeks(payer, decision.over_on, monday))
            for payer in payers[decision.id]
            if payer.hours is not None
        )
        for decision in decided
    ]
    looked_at = (DecisionState.ENDED.value, DecisionState.LAPSED.value)
    return {
        "decisions": len(decided),
        "reviewed": sum(
            decision.state in looked_at or any(payer.review_word for payer in payers[decision.id])
            for decision in decided
        ),
        "guardrails": (held[True], held[False], held[None]),
        "costs": tuple(sorted((each for each in carried if each.high > 0), key=lambda each: each.high)),
    }


def _weeks(payer: Payer, over_on: dt.date | None, monday: dt.date) -> float:
    """For how many weeks a team has carried it by this Monday."""
    ends = min(payer.until, monday, over_on or monday)
    return max(0, (ends - payer.since).days) / 7


def _came_back(problem: Problem) -> bool | None:
    if problem.holds is not None:
        return not problem.holds
    return True if problem.came_back else None


def _given_back(problems: Iterable[Problem], monday: dt.date) -> list[Range | None]:
    """Hours of each ending that helped, for the weeks since; None where nobody gave hours."""
    found: list[Range | None] = []
    for problem in problems:
        helped = problem.outcome in (Outcome.CONFIRMED.value, Outcome.PARTLY.value)
        if not helped or problem.ending not in _SOLVED or problem.closed_week is None:
            continue
        hours = (problem.finding or {}).get("hours")
        weeks = max(0, (monday - problem.closed_week).days // 7)
        if not hours:
            found.append(None)
            continue
        whole = Range.of(*hours).times(weeks)
        in_part = problem.outcome == Outcome.PARTLY.value or problem.holds is False
        found.append(Range(0.0, whole.likely / 2, whole.high) if in_part else whole)
    return sorted(found, key=lambda each: each.high if each else 0.0)


def _crosses(session: Session, published: list[int]) -> dict[int, frozenset[str]]:
    """Functions of five or more that feel a published problem or would have to change something."""
    names = {str(ident): name for ident, name in teams.functions(session).items()}
    sizes = teams.sizes(session)
    people: defaultdict[str, int] = defaultdict(int)
    belongs = {team.id: str(team.function_id) for team in teams.teams(session) if team.function_id}
    for team, size in sizes.items():
        people[belongs.get(team, "")] += size
    large = {ident for ident in names if people[ident] >= SMALLEST_NAMED}
    found = {}
    for ident, said in evidence(session, published).items():
        touched = {team for team, voices in said.felt.items() if voices > 0}
        touched |= {team for answer in said.answers for team in answer.teams}
        functions = {said.function_of[team] for team in touched if team in said.function_of}
        found[ident] = frozenset(names[function] for function in functions & large)
    return found


def _teams(session: Session, functions: set[int], problems: list[Problem]) -> Iterable[TeamActed]:
    """Teams of five or more, and whether somebody in them confirmed, answered or showed a name."""
    names, sizes = teams.functions(session), teams.sizes(session)
    acted = {problem.raiser_team_id for problem in problems}
    for idents in _in_steps([problem.id for problem in problems]):
        for column, of, also in (
            (Confirmation.team_id, Confirmation.problem_id, Confirmation.trusted),
            (Tally.team, Tally.problem_id, Tally.voices > 0),
            (Reply.team_id, Reply.problem_id, Reply.text.is_not(None)),
            (Asked.team_id, Asked.problem_id, Asked.feels_it.is_not(None)),
            (
                Hand.team_id,
                Hand.problem_id,
                Hand.answer.in_([TeamsAnswer.YES.value, TeamsAnswer.NOT_OURS.value]),
            ),
        ):
            acted |= set(session.scalars(sa.select(column).distinct().where(of.in_(idents), also)))
    return [
        TeamActed(names.get(team.function_id or 0, ""), team.id in acted)
        for team in teams.teams(session)
        if sizes.get(team.id, 0) >= SMALLEST_NAMED and (not functions or team.function_id in functions)
    ]


def _note_verdicts(session: Session, pilot: Pilot, monday: dt.date) -> None:
    """Keep the first verdict of each problem that has one by now."""
    noted = set(session.scalars(sa.select(PilotVerdict.problem_id).where(PilotVerdict.pilot_id == pilot.id)))
    rows = [
        {"pilot_id": pilot.id, "problem_id": problem.id, "verdict": verdict}
        for problem in _problems(session, queries.times(pilot), monday)
        if (verdict := _verdict(problem)) not in (None, Verdict.TOO_EARLY.value) and problem.id not in noted
    ]
    if rows:
        session.execute(insert(session, PilotVerdict).on_conflict_do_nothing(), rows)


def _verdict(problem: Problem) -> str | None:
    return problem.overrule_verdict or problem.verdict


def _in_steps(idents: list[int]) -> Iterable[list[Any]]:
    return (idents[place : place + _STEP] for place in range(0, len(idents), _STEP))
