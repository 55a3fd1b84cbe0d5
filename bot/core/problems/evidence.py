"""What people have said of many problems at once, and the public facts that follow from it.

Public facts are worked out with an edition and nowhere else: between two editions nobody can watch
a count move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import floor, fsum, log2
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.problems import breadth_rules, order_rules, rules
from bot.core.problems.records import Problem
from bot.core.problems.said import STEP, gather
from bot.core.store import alone, monday

_OF_A_FINDING = tuple(one.name for one in fields(rules.Finding))


class Mean(NamedTuple):
    """The workspace's running mean of raw scores: their sum, and how many problems it is of."""

    total: float = 0.0
    problems: int = 0


#: Of a workspace without any edition.
NO_MEAN: Final = Mean()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is worked out for one problem; only `finding` may be shown.

    raw, score: 0 to 100. hours: a week, as they order. new: no edition has known of it before.
    seen: in how many editions it has stood. solved: its raiser says so.
    because: the steward's sentence beside an overruled verdict.
    """

    ident: int
    number: int
    state: str
    new: bool
    seen: int
    finding: rules.Finding
    because: str | None
    raw: float
    score: float
    hours: float
    freshness: float
    stale_from: dt.date
    solved: bool = False


def evidence(session: Session, idents: Iterable[int]) -> dict[int, rules.Evidence]:
    """What stands for these problems; teams and functions are their ids as text.

    Every team counts by itself here, the small ones too: breadth would be wrong otherwise. Whoever
    *names* a team or function folds the small ones first (`naming_rules.fold`).
    """
    gathered = gather(session, list(idents))
    return {
        ident: said.evidence(gathered.functions, gathered.members) for ident, said in gathered.said.items()
    }


def facts(
    session: Session, *, at: dt.datetime, mean: Mean = NO_MEAN, locked: bool = False
) -> tuple[list[Facts], Mean]:
    """Work out all published problems that have changed, and write nothing; with the mean as it runs on.

    `locked` where it is to be stored.
    """
    if locked:
        # Else somebody could speak between the reading and the "nothing has changed since".
        alone(session, "public facts")
    gathered = gather(session, None, locked=locked)
    week = monday(at)
    weighed = []
    for ident, said in gathered.said.items():
        known = said.evidence(gathered.functions, gathered.members)
        finding = rules.find(known)
        told = rules.told(known, finding)
        raw = order_rules.raw_score(order_rules.distance(told, finding.ownership))
        weighed.append((ident, said, told, finding, raw))
    mean = Mean(
        fsum([mean.total, *[raw - (said.raw or 0.0) for _, said, *_, raw in weighed]]),
        mean.problems + sum(said.raw is None for _, said, *_ in weighed),
    )
    prior = order_rules.running_prior(*mean)
    found = []
    for ident, said, told, finding, raw in weighed:
        fresh = said.freshness(week, finding.band)
        overrule = said.overrule
        found.append(
            Facts(
                ident=ident,
                number=said.number,
                state=said.state,
                new=said.raw is None,
                seen=said.seen,
                finding=finding if overrule is None else _overruled(finding, overrule.verdict),
                because=overrule.sentence if overrule else None,
                raw=raw,
                score=order_rules.score(told, finding.ownership, prior),
                hours=order_rules.hours_order(told.hours),
                freshness=fresh,
                stale_from=stale_from(fresh, week),
                solved=said.solved,
            )
        )
    return found, mean


def public(finding: rules.Finding, because: str | None) -> dict[str, Any]:
    """A finding as it is stored and shown, with the sentence beside an overruled verdict."""
    return {**{name: getattr(finding, name) for name in _OF_A_FINDING}, "because": because}


def store(session: Session, found: Sequence[Facts], *, at: dt.datetime) -> None:
    """Make these facts the public ones."""
    if not found:
        return
    session.flush()
    rows = [
        {
            "ident": facts.ident,
            "to_finding": public(facts.finding, facts.because),
            "to_verdict": facts.finding.verdict.value,
            "to_raw_score": facts.raw,
            "to_score": facts.score,
            "to_hours": facts.hours,
            "to_freshness": facts.freshness,
            "to_stale_from": facts.stale_from,
        }
        for facts in found
    ]
    if session.get_bind().dialect.name == "sqlite":
        _put_each(session, rows, monday(at))
    else:
        _put_together(session, rows, monday(at))
    for problem in [there for there in session.identity_map.values() if isinstance(there, Problem)]:
        session.expire(problem)


_PUT: dict[str, sa.types.TypeEngine[Any]] = {
    "finding": sa.JSON(),
    "verdict": sa.Text(),
    "raw_score": sa.Double(),
    "score": sa.Double(),
    "hours": sa.Double(),
    "freshness": sa.Double(),
    "stale_from": sa.Date(),
}


def _put_each(session: Session, rows: list[dict[str, Any]], week: dt.date) -> None:
    table: Any = Problem.__table__
    values = {name: sa.bindparam(f"to_{name}", type_=kind) for name, kind in _PUT.items()}
    statement = sa.update(table).where(table.c.id == sa.bindparam("ident"))
    session.execute(statement.values(**values, changed=False, fresh_at=week), rows)


def _put_together(session: Session, rows: list[dict[str, Any]], week: dt.date) -> None:
    """On Postgres as few large statements, which take half the time of many small ones."""
    table: Any = Problem.__table__
    columns = [sa.column("ident", sa.BigInteger()), *(sa.column(f"to_{n}", kind) for n, kind in _PUT.items())]
    for start in range(0, len(rows), STEP):
        step = [
            {**row, "to_stale_from": row["to_stale_from"].isoformat()} for row in rows[start : start + STEP]
        ]
        given = sa.func.json_to_recordset(sa.literal(step, sa.JSON())).table_valued(*columns)
        new = given.render_derived(name="new", with_types=True)
        values = {name: new.c[f"to_{name}"] for name in _PUT}
        statement = sa.update(table).where(table.c.id == new.c.ident)
        session.execute(statement.values(**values, changed=False, fresh_at=week))


def work_out(session: Session, *, at: dt.datetime, mean: Mean = NO_MEAN) -> Mean:
    """Work out and store what has changed; gives the mean as it runs on."""
    found, mean = facts(session, at=at, mean=mean, locked=True)
    store(session, found, at=at)
    return mean


def finding_of(problem: Problem) -> rules.Finding | None:
    """What the last edition knew of a problem; None until there was one."""
    return None if problem.finding is None else read_finding(problem.finding)


def read_finding(stored: Mapping[str, Any]) -> rules.Finding:
    """A finding from its stored form."""
    return rules.Finding(
        verdict=rules.Verdict(stored["verdict"]),
        likely=stored["likely"],
        teams=_word(breadth_rules.Breadth, stored["teams"]),
        functions=_word(breadth_rules.Breadth, stored["functions"]),
        band=breadth_rules.Band(stored["band"]),
        needed_low=stored["needed_low"],
        needed_high=stored["needed_high"],
        ownership=_word(rules.Ownership, stored["ownership"]),
        attempts=stored["attempts"],
        not_ours=stored["not_ours"],
        came_back=stored["came_back"],
        mechanism=_word(rules.Mechanism, stored["mechanism"]),
        hours=tuple(stored["hours"]) if stored["hours"] else None,
        why_early=_word(rules.WhyEarly, stored["why_early"]),
    )


def overruled_because(problem: Problem) -> str | None:
    """The sentence of the steward who overruled the verdict, as the last edition knew it."""
    return problem.finding.get("because") if problem.finding else None


def freshness_at(problem: Problem, at: dt.datetime) -> float:
    """A problem's freshness in another week than the one it was stored in."""
    if problem.fresh_at is None:
        return 0.0
    return _decayed(problem.freshness, (monday(at) - problem.fresh_at).days)


def stale_from(fresh: float, week: dt.date) -> dt.date:
    """The first week in which a problem of this freshness in `week` is stale, if nobody speaks again."""
    if order_rules.is_stale(fresh):
        return week
    weeks = max(0, floor(log2(fresh / order_rules.STALE_UNDER) * order_rules.HALF_LIFE_DAYS / 7) - 1)
    while not order_rules.is_stale(_decayed(fresh, weeks * 7)):
        weeks += 1
    return week + dt.timedelta(weeks=weeks)


def _decayed(fresh: float, days: int) -> float:
    decay: float = 2.0 ** (-days / order_rules.HALF_LIFE_DAYS)
    return fresh * decay


def _overruled(finding: rules.Finding, verdict: rules.Verdict) -> rules.Finding:
    early = verdict is rules.Verdict.TOO_EARLY
    why = (finding.why_early or rules.WhyEarly.SECOND_PERSON) if early else None
    return replace(finding, verdict=verdict, likely=False, why_early=why)


def _word(kind: Any, value: str | None) -> Any:
    return None if value is None else kind(value)
