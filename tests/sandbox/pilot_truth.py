"""What was true of a practice pilot: worked out from the diary of those who played it, with nothing of the bot's.

Intervals are scipy's own or written out here, so that a mistake of the bot's would be seen.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from scipy import stats

from bot.sandbox.pilot_diary import Diary, Did
from bot.sandbox.pilot_script import NAMED, TAG, WEEKS

WEEK = dt.timedelta(weeks=1)
#: A value with its interval, and of how many.
Figure = tuple[float | None, float | None, float | None, int]
SOLVED = ("solved", "back_to_team")
_ROUND = [0, *[step * 10**ten for ten in range(5) for step in (1, 1.5, 2, 3, 4, 6, 8)]]
_ROUND.remove(1.5)  # under ten, hours are whole


@dataclass(frozen=True)
class Truth:
    """team_of: a person's team; function_of, size_of: of each team; free: days that no promise counts."""

    diary: Diary
    team_of: Mapping[str, str]
    function_of: Mapping[str, str]
    size_of: Mapping[str, int]
    free: Collection[dt.date] = ()

    @cached_property
    def starts(self) -> dt.date:
        return min(each.on for each in self.diary.of("raised"))

    @property
    def over(self) -> dt.date:
        return self.starts + WEEKS * WEEK

    @cached_property
    def titles(self) -> list[str]:
        return [each.about for each in self.diary.of("raised")]

    def said(self, what: str, title: str) -> str | None:
        """What the raiser said last of it."""
        found = self.diary.of(what, title)
        return str(found[-1].given["said"]) if found else None

    def ending(self, title: str) -> str | None:
        found = self.diary.of("closed", title)
        return str(found[-1].given["ending"]) if found else None

    # Waits

    def waits(self) -> list[tuple[int, bool]]:
        """Working days until a first answer, and whether it came."""
        found = []
        for each in self.diary.of("raised"):
            came = each.on if _in_the_open(each) else each.on + dt.timedelta(days=1)
            first = self.diary.of("answered", each.about)
            until = first[0].on if first else self.over
            days = [came + dt.timedelta(days=n) for n in range(1, (until - came).days + 1)]
            found.append((sum(day.weekday() < 5 and day not in self.free for day in days), bool(first)))
        return found

    def curve(self) -> list[tuple[int, float, float, float, int]]:
        """(after days, still waiting, low, high, watched so long): Kaplan-Meier with a log-log interval, by hand."""
        waits = self.waits()
        found, share, spread = [], 1.0, 0.0
        for at in sorted({days for days, over in waits if over}):
            watched = sum(days >= at for days, _ in waits)
            ended = sum(days == at and over for days, over in waits)
            share *= 1 - ended / watched
            spread += ended / (watched * (watched - ended)) if watched > ended else math.inf
            low, high = _log_log(share, spread)
            found.append((at, share, low, high, watched))
        return found

    def median_wait(self) -> Figure:
        curve = self.curve()
        middle = next(at for at, share, *_ in curve if share <= 0.5)
        low = next(at for at, _, low, _, _ in curve if low <= 0.5)
        high = next(at for at, _, _, high, _ in curve if high < 0.5)
        return middle, low, high, len(self.titles)

    # Shares

    def in_time(self) -> Figure:
        return _share(sum(over and days <= 2 for days, over in self.waits()), len(self.titles))

    def taking_part(self) -> Figure:
        acted = {self.team_of[each.who] for each in self.diary.of("felt")}
        for what in ("replied", "took", "not_ours"):
            acted |= {self.team_of[each.who] for each in self.diary.of(what)}
        acted |= {self.team_of.get(each.who, "") for each in self.diary.of("raised") if _in_the_open(each)}
        large = [team for team, size in self.size_of.items() if size >= 5]
        return _share(sum(team in acted for team in large), len(large))

    def funnel(self) -> list[int]:
        tried = {each.about for what in ("decided", "took") for each in self.diary.of(what)}
        tried |= {each.about for each in self.diary.of("closed") if each.given["ending"] == "solved"}
        decided = {
            each.about for what in ("watched", "put_off", "closed") for each in self.diary.of(what)
        } | tried
        answered = {each.about for each in self.diary.of("answered")}
        return [len(self.titles), len(answered), len(decided), len(tried), len(self.confirmed())]

    def confirmed(self) -> list[str]:
        return [
            title
            for title in self.titles
            if self.said("outcome", title) == "Yes" and self.ending(title) in SOLVED
        ]

    def share_confirmed(self) -> Figure:
        return _share(len(self.confirmed()), len(self.titles))

    def otherwise_later(self) -> Figure:
        """Of those that readers of two teams or more had spoken of, so that something was said of them."""
        known = [
            title
            for title in self.titles
            if len({self.team_of[each.who] for each in self.diary.of("felt", title)}) > 1
        ]
        return _share(len(self.diary.of("overruled")), len(known))

    def came_back(self) -> Figure:
        said = [each.given["said"] for each in self.diary.of("holds")]
        return _share(said.count("No, it is back"), len(said))

    def held(self) -> Figure:
        found = [bool(each.given["held"]) for each in self.diary.of("checked")]
        return _share(sum(found), len(found))

    # Hours

    def given_back(self) -> list[tuple[float, float, float]]:
        """(low, likely, high) of each ending that helped."""
        found = []
        for title in self.titles:
            said = self.said("outcome", title)
            if self.ending(title) not in SOLVED or said not in ("Yes", "In part"):
                continue
            ends = [each.given["hours"].split("-") for each in self.diary.of("felt", title)]
            low, high = _outward(sum(int(end[0]) for end in ends), sum(int(end[1]) for end in ends))
            closed = self.diary.of("closed", title)[-1].on
            weeks = (self.over - (closed - dt.timedelta(days=closed.weekday()))).days // 7
            whole = (low * weeks, (low + high) / 2 * weeks, high * weeks)
            in_part = said == "In part" or self.said("holds", title) == "No, it is back"
            found.append((0.0, whole[1] / 2, whole[2]) if in_part else whole)
        return found

    def costs(self) -> list[tuple[float, float, float]]:
        """What each fix cost those who pay, as long as it ran."""
        found = []
        for each in self.diary.of("decided"):
            low, high = (float(end) for end in each.given["hours"].split("-"))
            over = [one.on for what in ("ended", "closed") for one in self.diary.of(what, each.about)]
            weeks = (min([self.over, each.given["until"], *over]) - each.on).days / 7
            found.append((low * weeks, (low + high) / 2 * weeks, high * weeks))
        return found

    def spent(self) -> list[tuple[float, float, float]]:
        hours = [(each.given["low"], each.given["high"]) for each in self.diary.of("hours")]
        return [(low, (low + high) / 2, high) for low, high in hours]

    def hours(self) -> dict[str, Figure]:
        back, paid, stewards = _sum(self.given_back()), _sum(self.costs()), _sum(self.spent())
        n = len(self.given_back())
        return {
            "hours_given_back": (back[1], back[0], back[2], n),
            "hours_of_fixes": (paid[1], paid[0], paid[2], len(self.costs())),
            "hours_net": (back[1] - paid[1], back[0] - paid[2], back[2] - paid[0], n),
            "hours_of_stewards": (stewards[1], stewards[0], stewards[2], len(self.spent())),
            "leverage": (None, back[0] / (stewards[2] + paid[2]), back[2] / (stewards[0] + paid[0]), n),
        }

    # How it felt

    def tone(self, *sides: str) -> list[int]:
        """What is shown of each side: the first five, and five more at a time."""
        found = []
        for side in sides:
            of_side = [
                each.given["value"] for each in self.diary.of("felt_contact") if each.given["side"] == side
            ]
            found += of_side[: len(of_side) // 5 * 5]
        return found

    def felt(self, *sides: str) -> Figure:
        return _mean(self.tone(*sides), 1, 5)

    def cost_may_be(self) -> Callable[[int, int], bool]:
        """Whether so many of so many may have said that it cost them something: the first five, and five more at a time.

        Of those who said it on one day the batch takes some before others, in no order of theirs.
        """
        said = [(each.on, each.given["said"] != "No") for each in self.diary.of("cost")]
        n = len(said) // 5 * 5
        last = said[n - 1][0]
        before = [cost for day, cost in said if day < last]
        on_it = [cost for day, cost in said if day == last]
        left = n - len(before)
        least = sum(before) + max(0, left - on_it.count(False))
        most = sum(before) + min(left, on_it.count(True))
        return lambda hits, of: of == n and least <= hits <= most

    # The pulse

    def people(self, wave: int) -> list[float]:
        """Each person's mean of the questions about raising things, the bad news turned round."""
        return [math.fsum(points) / len(points) for points in self._answers(wave)]

    def _answers(self, wave: int) -> list[list[int]]:
        found = []
        for each in self.diary.of("answered_pulse", str(wave)):
            points = [
                int(each.given[f"q:{item}"]) for item in ("B1", "B2", "B3") if f"q:{item}" in each.given
            ]
            points += [8 - int(each.given["q:B4"])] if "q:B4" in each.given else []
            if points:
                found.append(points)
        return found

    def moved(self) -> Figure:
        first, second = self.people(0), self.people(1)
        ends = stats.ttest_ind(second, first, equal_var=False).confidence_interval()
        off = sum(second) / len(second) - sum(first) / len(first)
        return off, float(ends.low), float(ends.high), min(len(first), len(second))

    def points(self, wave: int) -> Counter[int]:
        return Counter(point for points in self._answers(wave) for point in points)

    def higher_and_lower(self) -> tuple[int, int]:
        first, second = self.points(0), self.points(1)
        pairs = first.total() * second.total()
        higher = sum(n * m for a, n in first.items() for b, m in second.items() if b > a)
        lower = sum(n * m for a, n in first.items() for b, m in second.items() if b < a)
        return round(100 * higher / pairs), round(100 * lower / pairs)

    # Where problems cross

    def crossings(self) -> dict[str, int]:
        people: Counter[str] = Counter()
        for team, size in self.size_of.items():
            people[self.function_of[team]] += size
        counts: Counter[str] = Counter()
        for each in self.diary.of("published"):
            teams = {self.team_of[felt.who] for felt in self.diary.of("felt", each.about)}
            for what, names in (("set_right", "needed"), ("asked_teams", "teams")):
                for one in self.diary.of(what, each.about):
                    teams |= set(one.given[names])
            raised = self.diary.of("raised", each.about)
            teams |= {
                self.team_of[one.who] for one in raised if _in_the_open(one) and one.who in self.team_of
            }
            functions = {self.function_of[team] for team in teams if people[self.function_of[team]] >= 5}
            for pair in combinations(sorted(functions, key=str.casefold), 2):
                counts[" / ".join(pair)] += 1
        return {pair: count for pair, count in counts.items() if count >= 3}

    def figures(self) -> dict[str, Figure]:
        """All that the report has a figure of, but for what raising cost."""
        return {
            "participation": self.taking_part(),
            "answered_in_time": self.in_time(),
            "median_wait": self.median_wait(),
            "confirmed": self.share_confirmed(),
            "verdicts_reversed": self.otherwise_later(),
            "came_back": self.came_back(),
            "guardrails_held": self.held(),
            **self.hours(),
            "tone": self.felt("function", "steward"),
            "tone_functions": self.felt("function"),
            "tone_stewards": self.felt("steward"),
            "pulse": self.moved(),
        }


def _in_the_open(raised: Did) -> bool:
    """Its raiser is known, so that it waits for no batch and the raiser's team counts."""
    return raised.given["way"] == NAMED or raised.given["through"] == TAG


def _share(hits: int, n: int) -> Figure:
    ends = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return hits / n, float(ends.low), float(ends.high), n


def _mean(values: Sequence[int], least: float, most: float) -> Figure:
    mean = sum(values) / len(values)
    low, high = stats.t.interval(0.95, len(values) - 1, mean, stats.sem(values))
    return mean, max(least, float(low)), min(most, float(high)), len(values)


def _log_log(share: float, spread: float) -> tuple[float, float]:
    if not 0 < share < 1 or math.isinf(spread):
        return 0.0, 1.0
    half = stats.norm.ppf(0.975) * math.sqrt(spread) / abs(math.log(share))
    return share ** math.exp(half), share ** math.exp(-half)


def _outward(low: float, high: float) -> tuple[float, float]:
    """Rounded outward to round numbers, as people read them."""
    rounds: list[Any] = sorted({*_ROUND, 1, 2, 3, 4, 6, 8})
    return rounds[bisect_right(rounds, low) - 1], rounds[bisect_left(rounds, high)]


def _sum(ranges: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    return math.fsum(r[0] for r in ranges), math.fsum(r[1] for r in ranges), math.fsum(r[2] for r in ranges)
