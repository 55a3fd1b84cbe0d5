"""How well the check before sending finds what it looks for, and how long it takes.

Run as `python -m tests.benchmarks.check [--quick]`. The sentences are the project's own (tests/core/check_sentences.yml);
`held_out` are 60 that the rules were not tuned on, `unlisted` 10 more with names that are in no list. The times are the
processor's, for one form of 3,000 characters, one sentence, and texts made to be slow.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time

from bot.core.problems.check_rules import Kind, Rules, check
from bot.core.problems.checks import rules_from
from tests.benchmarks import figures
from tests.core.check_sentences import PARTS, sentences, tallies

AT_LEAST = {"precision": 0.9, "recall": 0.8}
LONGEST = 3000
ON = dt.date(2026, 3, 20)
TEAMS = tuple(f"Team {number} of Many" for number in range(200))
HOSTILE = {
    "no space": "a" * LONGEST,
    "dots": "a." * (LONGEST // 2),
    "at signs": "a@" * (LONGEST // 2),
    "brackets": "<@" * (LONGEST // 2),
    "figures": "0 1-" * (LONGEST // 4),
    "marks on marks": "a" + "\u0301\u0323\u0336" * (LONGEST // 3),
    "one phrase begun": "they " * (LONGEST // 5),
    "names alone": "Anna " * (LONGEST // 5),
    "gaps": "Legal hätte " * (LONGEST // 12),
    "right to left": "שלום " * (LONGEST // 5),
    "marked throughout": "Anna never answers. " * (LONGEST // 20),
}


def milliseconds(text: str, rules: Rules, times: int) -> list[float]:
    """How much processor time each of some checks of one text took."""
    took = []
    for _ in range(times):
        begun = time.process_time()
        check({"text": text}, rules, teams=TEAMS, on=ON)
        took.append(1000 * (time.process_time() - begun))
    return took


def main() -> None:
    """Print all figures."""
    times = 5 if figures.quick(__doc__ or "") else 50
    begun = time.process_time()
    rules = rules_from()
    figures.say("check: reading and compiling the rules, once", time.process_time() - begun, "s")
    for part in PARTS:
        counted = tallies(part, rules)
        names = (*(kind.value for kind in Kind), "en", "de", "es", "all")
        for name in (each for each in names if each in counted):
            for measure, goal in AT_LEAST.items():
                value = getattr(counted[name], measure)
                figures.say(f"check: {part} {name} {measure}", value, "share", at_least=goal)
    everything = [each.text for each in sentences()]
    long = " ".join(everything)[:LONGEST]
    figures.say(
        "check: 3,000 characters", statistics.median(milliseconds(long, rules, times)), "ms", at_most=50
    )
    one = statistics.median(took for text in everything for took in milliseconds(text, rules, 1))
    figures.say("check: one sentence", one, "ms", at_most=2)
    for name, text in HOSTILE.items():
        worst = statistics.median(milliseconds(text, rules, times))
        figures.say(f"check: 3,000 characters of {name}", worst, "ms", at_most=50)


if __name__ == "__main__":
    main()
