"""Facts as they are kept for a week: counts of what is alike, so that nothing keeps the order of single rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from bot.core.pilot.facts_rules import Facts, Range, Side, Stage, TeamActed, Told, Wait, Wave


def stored(facts: Facts) -> dict[str, Any]:
    """The facts as JSON."""
    return {
        "starts": facts.starts.isoformat(),
        "counted_to": facts.counted_to.isoformat(),
        "over": facts.over,
        "waits": _counted((wait.days, wait.over) for wait in facts.waits),
        "problems": _counted(
            (int(one.stage), one.partly, one.asked, one.reversed, one.came_back, tuple(sorted(one.crosses)),
             one.denied)
            for one in facts.problems
        ),
        "teams": _counted((team.function, team.acted) for team in facts.teams),
        **{name: [_ends(each) for each in getattr(facts, name)] for name in _RANGES},
        **{name: getattr(facts, name) for name in _NUMBERS},
        "tone": {side.value: {str(point): times for point, times in by.items()} for side, by in facts.tone.items()},
        "cost": dict(facts.cost),
        "felt_since_start": facts.felt_since_start,
        "guardrails": list(facts.guardrails),
        "before": asdict(facts.before) if facts.before else None,
        "after": asdict(facts.after) if facts.after else None,
        "missing": sorted(facts.missing),
    }  # fmt: skip


_RANGES = ("given_back", "costs", "spent")
_NUMBERS = ("weeks_with_hours", "decisions", "reviewed", "without_hours")


def read(kept: Mapping[str, Any]) -> Facts:
    """The facts that were stored; what an older release did not know is as if nothing was known."""
    ranges: dict[str, Any] = {name: tuple(Range(*ends) for ends in kept.get(name, ())) for name in _RANGES}
    numbers: dict[str, Any] = {name: kept.get(name, 0) for name in _NUMBERS}
    return Facts(
        starts=dt.date.fromisoformat(kept["starts"]),
        counted_to=dt.date.fromisoformat(kept["counted_to"]),
        over=kept["over"],
        waits=tuple(Wait(days, over) for (days, over), times in kept["waits"] for _ in range(times)),
        problems=tuple(
            Told(Stage(stage), partly, asked, turned, back, frozenset(crosses), denied)
            for (stage, partly, asked, turned, back, crosses, denied), times in kept["problems"]
            for _ in range(times)
        ),
        teams=tuple(TeamActed(name, acted) for (name, acted), times in kept["teams"] for _ in range(times)),
        **ranges,
        **numbers,
        tone={Side(side): _points(by) for side, by in kept["tone"].items()},
        cost=kept["cost"],
        felt_since_start=kept.get("felt_since_start", False),
        guardrails=tuple(kept["guardrails"]),
        before=_wave(kept["before"]),
        after=_wave(kept["after"]),
        missing=frozenset(kept["missing"]),
    )


def _counted(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    counts = Counter(rows)
    return [[list(row), times] for row, times in sorted(counts.items(), key=lambda pair: repr(pair[0]))]


def _ends(one: Range) -> list[float]:
    return [one.low, one.likely, one.high]


def _points(by: Mapping[str, int]) -> dict[int, int]:
    return {int(point): times for point, times in by.items()}


def _wave(kept: Mapping[str, Any] | None) -> Wave | None:
    return None if kept is None else Wave(**{**kept, "counts": _points(kept["counts"])})
