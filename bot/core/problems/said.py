"""Everything that people have said of many problems at once, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.problems import merged, order_rules, rules
from bot.core.problems.breadth_rules import LEAST_OF, Band
from bot.core.problems.queries import in_steps
from bot.core.problems.records import (
    PUBLISHED,
    Answer,
    AnswerTeam,
    Asked,
    Confirmation,
    Ending,
    FeltBy,
    FollowUp,
    Outcome,
    Problem,
    RaisedAs,
    State,
    Tally,
)
from bot.core.teams.queries import sizes
from bot.core.teams.records import Team

#: Ids that one statement takes, well below what either database allows.
STEP = 5000
#: From when on others could join in.
_SINCE = sa.func.coalesce(Problem.reopened_week, Problem.published_week, Problem.raised_week, type_=sa.Date)
_PROTECTED = (RaisedAs.CONFIDENTIAL.value, RaisedAs.ANONYMOUS.value)

#: Narrows a statement to some problems, given the column that holds a problem's id.
_Narrowing = Callable[[Any], sa.ColumnElement[bool]]

# What a steward holds stays as it was, and counts as changed until it is let in again.
_CHANGED: tuple[sa.ColumnElement[bool] | InstrumentedAttribute[bool], ...] = (
    Problem.changed,
    Problem.state.in_(PUBLISHED),
    Problem.published_week.is_not(None),
    Problem.held_because.is_(None),
    merged.BY_ITSELF,
)


@dataclass(slots=True)
class Said:
    """One problem's evidence while it is gathered.

    raw: its raw score so far, None where it was never worked out. solved: closed, and its raiser says so.
    weeks: voices by the Monday of their week.
    spoken: voices by team (0: people without one) whose people can still be told apart.
    """

    ident: int
    number: int
    state: str
    raw: float | None
    seen: int
    attempts: int
    not_ours: int
    came_back: int
    overrule: rules.Overrule | None
    solved: bool = False
    felt: Counter[str] = field(default_factory=Counter)
    weeks: Counter[dt.date] = field(default_factory=Counter)
    spoken: Counter[int] = field(default_factory=Counter)
    elsewhere: int = 0
    unplaced: int = 0
    answers: list[rules.Answer] = field(default_factory=list)
    said_no: set[str] = field(default_factory=set)
    mechanisms: Counter[rules.Mechanism] = field(default_factory=Counter)
    hours: list[tuple[float, float]] = field(default_factory=list)

    def evidence(self, functions: Mapping[str, str], members: Mapping[str, int]) -> rules.Evidence:
        return rules.Evidence(
            felt=self.felt,
            elsewhere=self.elsewhere,
            unplaced=self.unplaced,
            answers=self.answers,
            function_of=functions,
            asked_said_no=frozenset(self.said_no),
            attempts=self.attempts,
            not_ours=self.not_ours,
            came_back=self.came_back,
            mechanisms=self.mechanisms,
            hours=self.hours,
            members=members,
        )

    def freshness(self, week: dt.date, band: Band) -> float:
        """By the newest voice alone, and by the band that everybody reads: the week of "still there?" tells no number."""
        newest = max(self.weeks, default=None)
        age = [] if newest is None else [(week - newest).days / 7]
        return LEAST_OF[band] * order_rules.freshness(age)

    def voices(self, team: int | None, count: int) -> None:
        if team:
            self.felt[str(team)] += count
        else:
            self.elsewhere += count


@dataclass(frozen=True, slots=True)
class Gathered:
    said: dict[int, Said]
    functions: Mapping[str, str]
    members: Mapping[str, int]


def gather(session: Session, idents: list[int] | None, *, locked: bool = False) -> Gathered:
    """Everything about some problems (None: all that have changed), in a fixed number of statements a step."""
    said: dict[int, Said] = {}
    if idents is None:
        said |= _problems(session, _CHANGED, locked=locked)
    else:
        for step in in_steps(idents, STEP):
            said |= _problems(session, (_among(session, step)(Problem.id),), locked=locked)
    # Lists of ids, not a subquery: without statistics SQLite picks a slow way to one, seven times over.
    for step in in_steps(sorted(said), STEP):
        part = {ident: said[ident] for ident in step}
        within = merged.idents_within(session, step)
        if within:
            _merged(session, _among(session, sorted(within)), within, part)
        for add in (_confirmations, _twins, _tallies, _answers, _teams_spoken_for):
            if within or add is not _twins:
                add(session, _among(session, sorted(part)), part)
        twins = merged.twins_within(session, within) if within else {}
        _follow_ups(session, _among(session, sorted(part)), part, twins)
    rows = session.execute(sa.select(Team.id, Team.function_id).where(Team.function_id.is_not(None)))
    members = {str(team): count for team, count in sizes(session).items()}
    return Gathered(said, {str(team): str(function) for team, function in rows}, members)


def _among(session: Session, idents: list[int]) -> _Narrowing:
    """Narrows a statement to these problems, given the column that holds a problem's id."""
    if session.get_bind().dialect.name == "sqlite":
        return lambda column: column.in_(idents)
    # One value instead of thousands: they would take longer to write into the statement than to look up.
    listed = sa.literal(idents, postgresql.ARRAY(sa.BigInteger))
    return lambda column: column == sa.any_(listed)


def _problems(
    session: Session, which: Sequence[sa.ColumnElement[bool] | InstrumentedAttribute[bool]], *, locked: bool
) -> dict[int, Said]:
    query = sa.select(
        Problem.id,
        sa.func.coalesce(Problem.number, 0),
        Problem.state,
        Problem.raw_score,
        Problem.editions,
        Problem.raised_as,
        Problem.raiser.is_not(None),
        Problem.raiser_team_id,
        _SINCE,
        Problem.attempts,
        Problem.not_ours,
        Problem.came_back,
        Problem.overrule_verdict,
        Problem.overrule_sentence,
        sa.and_(
            Problem.state == State.CLOSED.value,
            Problem.ending == Ending.SOLVED.value,
            Problem.outcome == Outcome.CONFIRMED.value,
        ),
    ).where(*which)
    said = {}
    for row in session.execute(query.with_for_update() if locked else query):
        ident, number, state, raw, seen, raised_as, kept, team, since = row[:9]
        attempts, not_ours, came_back, verdict, sentence, solved = row[9:]
        overrule = rules.Overrule(rules.Verdict(verdict), sentence) if verdict else None
        one = said[ident] = Said(
            ident, number, state, raw, seen, attempts, not_ours, came_back, overrule, bool(solved)
        )
        # The raiser is a voice as well, from the day on which others could join in.
        if raised_as in _PROTECTED:
            one.unplaced = 1
        elif kept:
            one.voices(team, 1)
        if kept or raised_as in _PROTECTED:
            one.weeks[since] = 1
    return said


def _merged(session: Session, of: _Narrowing, within: Mapping[int, int], said: dict[int, Said]) -> None:
    """What goes on in another adds to that one: its raiser is a voice there, its rows are found under its own id."""
    columns = (
        *(Problem.id, Problem.raised_as, Problem.raiser, Problem.raiser_team_id, _SINCE),
        *(Problem.attempts, Problem.not_ours, Problem.came_back),
    )
    # Who raised two of them with the name in clear is one person.
    roots = sa.select(Problem.id, Problem.raiser).where(Problem.id.in_(set(within.values())))
    counted = {(root, raiser) for root, raiser in session.execute(roots)}
    for ident, raised_as, raiser, team, since, *times in session.execute(
        sa.select(*columns).where(of(Problem.id)).order_by(Problem.id)
    ):
        one = said[ident] = said[within[ident]]
        attempts, not_ours, came_back = times
        one.attempts, one.came_back = max(one.attempts, attempts), max(one.came_back, came_back)
        one.not_ours += not_ours
        if raised_as in _PROTECTED:
            one.unplaced += 1
        elif raiser is not None and (within[ident], raiser) not in counted:
            one.voices(team, 1)
        else:
            continue
        counted.add((within[ident], raiser))
        one.weeks[since] += 1


def _confirmations(session: Session, of: _Narrowing, said: dict[int, Said], *, twins: bool = False) -> None:
    by = (Confirmation.problem_id, Confirmation.team_id, Confirmation.week)
    which = (of(Confirmation.problem_id), *([Confirmation.twin] if twins else []))
    for ident, team, week, voices in session.execute(
        sa.select(*by, sa.func.count()).where(*which).group_by(*by)
    ):
        one, count = said[ident], -voices if twins else voices
        one.voices(team, count)
        one.weeks[week] += count
        one.spoken[team or 0] += count


def _twins(session: Session, of: _Narrowing, said: dict[int, Said]) -> None:
    """Voices that are counted in another problem that this one goes on with."""
    _confirmations(session, of, said, twins=True)


def _tallies(session: Session, of: _Narrowing, said: dict[int, Said]) -> None:
    """Where people can't be told apart any more, a team counts as the larger of its numbers."""
    rows = session.execute(sa.select(Tally.problem_id, Tally.team, Tally.voices).where(of(Tally.problem_id)))
    most: Counter[tuple[int, int]] = Counter()
    for ident, team, voices in rows:
        key = (said[ident].ident, team)
        most[key] = max(voices, most[key])
    for (ident, team), voices in most.items():
        one = said[ident]
        one.voices(team, max(0, voices - one.spoken[team]))


def _answers(session: Session, of: _Narrowing, said: dict[int, Said]) -> None:
    named: defaultdict[int, set[str]] = defaultdict(set)
    teams = sa.select(AnswerTeam.answer_id, AnswerTeam.team_id).join(
        Answer, Answer.id == AnswerTeam.answer_id
    )
    for answer, team in session.execute(teams.where(of(Answer.problem_id))):
        named[answer].add(str(team))
    answers = sa.select(
        Answer.id, Answer.problem_id, Answer.by_team_id, Answer.by_steward, Answer.ownership
    ).where(of(Answer.problem_id))
    rows = session.execute(answers).all()
    # The stewards' word on the one that goes on stands for all that went into it.
    settled = {ident for _, ident, _, by_steward, _ in rows if by_steward and said[ident].ident == ident}
    for answer, ident, by_team, by_steward, ownership in rows:
        if by_steward and ident != said[ident].ident and said[ident].ident in settled:
            continue
        said[ident].answers.append(
            rules.Answer(
                by_team=str(by_team) if by_team else None,
                teams=frozenset(named.get(answer, ())),
                ownership=rules.Ownership(ownership) if ownership else None,
                by_steward=by_steward,
            )
        )


def _follow_ups(session: Session, of: _Narrowing, said: dict[int, Said], twins: Mapping[int, int]) -> None:
    """What people added. twins: of problems that go on in another, how many voices are counted there already."""
    rows = session.execute(
        sa.select(FollowUp.problem_id, FollowUp.mechanism, FollowUp.hours_low, FollowUp.hours_high).where(
            of(FollowUp.problem_id)
        )
    )
    ranges: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for ident, mechanism, low, high in rows:
        if mechanism:
            said[ident].mechanisms[rules.Mechanism(mechanism)] += 1
        if low is not None and high is not None:
            ranges[ident].append((low, high))
    for ident, given in ranges.items():
        said[ident].hours += order_rules.once(given, twins.get(ident, 0))


def _teams_spoken_for(session: Session, of: _Narrowing, said: dict[int, Said]) -> None:
    """Teams whose own people have not confirmed, but a steward or the team itself says how it is."""
    asked = sa.select(Asked.problem_id, Asked.team_id, Asked.feels_it).where(
        of(Asked.problem_id), Asked.feels_it.is_not(None)
    )
    feels: list[tuple[int, int]] = []
    for ident, team, feels_it in session.execute(asked):
        if feels_it:
            feels.append((ident, team))
        else:
            said[ident].said_no.add(str(team))
    by_steward = sa.select(FeltBy.problem_id, FeltBy.team_id).where(of(FeltBy.problem_id), FeltBy.by_steward)
    feels += [(ident, team) for ident, team in session.execute(by_steward)]
    for ident, team in feels:
        if not said[ident].felt[str(team)]:
            said[ident].felt[str(team)] = 1
