"""How well similar problems are found among 10,000 of the same topics, how fast, and in how much memory.

Run as `python -m tests.benchmarks.similar [--quick] [--model NAME]`. The labelled set is the project's own
(data/similar.yml). A threshold is looked for on its even items and every figure is of its odd ones; the set and the
list of ideas have the same author, so that figures of a company's own words will be lower.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bot.core.identity.people import Actor
from bot.core.problems import similar
from bot.core.problems.similar import Index
from bot.core.problems.similar_index import Floats, Snapshot, Weights, closeness, row, stored
from bot.core.problems.similar_models import IDEAS, WORDS, Model, model_named
from bot.core.store import Sessions, build_engine
from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace
from tests.benchmarks import figures
from tests.benchmarks.edition import load, opened, postgres
from tests.benchmarks.similar_texts import Item, cost, held_out, labelled, world
from tests.conftest import new_kit
from tests.processes import environment, free_port, migrate, started

FIRST = 3
Closeness = Callable[[str, str], Floats]
#: What somebody else's problem costs: the cost of another number, so that nobody repeats the first one's words.
_ANOTHER = 3


def snapshot(texts: Sequence[tuple[str, str]], model: Model | None) -> Snapshot:
    """These problems as the bot would hold them; their ids are their places from 1 on."""
    rows = {at: row(at, *each) for at, each in enumerate(stored(texts, model), start=1)}
    return Snapshot(rows, Weights.of(model))


def closeness_in(there: Snapshot, model: Model | None) -> Closeness:
    return lambda title, hardship: closeness(there, model, title, hardship)


def asked(place: int, item: Item, title: str) -> tuple[str, str]:
    """A problem as somebody else would send it."""
    return title, cost(item.lang, place + _ANOTHER)


def recall(close_to: Closeness, texts: Sequence[tuple[int, tuple[str, str]]]) -> float:
    """The share of texts whose twin is among the first three; of equals none is put before another."""
    found = 0
    for place, text in texts:
        close = close_to(*text)
        found += int((close >= close[place]).sum()) <= FIRST
    return found / len(texts)


def told_apart(close_to: Closeness, items: Sequence[tuple[int, Item]], least: float) -> tuple[float, float]:
    """Precision and recall of "perhaps the same" over twins and near misses."""
    twins = sum(bool(close_to(*asked(place, each, each.twin))[place] >= least) for place, each in items)
    misses = sum(bool(close_to(*asked(place, each, each.miss))[place] >= least) for place, each in items)
    return twins / max(1, twins + misses), twins / len(items)


def best_threshold(close_to: Closeness, items: Sequence[tuple[int, Item]]) -> float:
    """The closeness that tells twins from near misses best, by the harmonic mean."""
    twins = np.array([close_to(*asked(place, each, each.twin))[place] for place, each in items])
    misses = np.array([close_to(*asked(place, each, each.miss))[place] for place, each in items])

    def mean(least: float) -> float:
        found = (twins >= least).sum()
        return float(2 * found / (len(twins) + found + (misses >= least).sum()))

    return float(max(np.arange(0.4, 1.6, 0.01), key=mean))


def quality(name: str, size: int) -> None:
    """What is found, by the model and by words alone."""
    model = model_named(name)
    close_to = closeness_in(snapshot(world(size), model), model)
    items = list(enumerate(labelled()))
    held = [(place, each) for place, each in items if each in held_out()]
    size_of = f"{name}, {size} texts"
    best = best_threshold(close_to, items[::2])
    figures.say(f"similar: best threshold on the even items ({size_of})", best, "of ours")
    precision, of_all = told_apart(close_to, held, similar.NEAR)
    goal = None if name == WORDS else 0.9
    figures.say(f"similar: precision, held out ({size_of})", precision, "share", at_least=goal)
    figures.say(f"similar: recall, held out ({size_of})", of_all, "share", at_least=goal)
    natural = [(place, asked(place, each, each.twin)) for place, each in held]
    figures.say(
        f"similar: natural recall@3, held out ({size_of})",
        recall(close_to, natural),
        "share",
        at_least=None if name == WORDS else 0.95,
    )
    for lang in ("en", "de", "es"):
        texts = [(place, asked(place, each, each.twin)) for place, each in items if each.lang == lang]
        figures.say(f"similar: natural recall@3, all of {lang} ({size_of})", recall(close_to, texts), "share")
    hard = [(place, asked(place, each, each.hard)) for place, each in items if each.hard]
    figures.say(f"similar: hard recall@3 ({size_of})", recall(close_to, hard), "share")


def publish(sessions: Sessions, texts: Sequence[tuple[str, str]]) -> None:
    """As many published problems."""
    chance = random.Random(3)
    rows = [
        (
            *(chance.getrandbits(62), number, "confidential", "open", "2026-11-16", "2026-11-16", *text),
            *("", "", 0, 0, 0, True, 0.0, 0.0, 0.0, 0),
        )
        for number, text in enumerate(texts, start=1)
    ]
    load(sessions, {"problems": rows})


def speed(dialect: str, name: str, sessions: Sessions, size: int, queries: int) -> None:
    """Reading all, being ready after a restart, and a look beside each of some texts."""
    publish(sessions, world(size))
    what = f"{dialect}, {name}, {size} texts"
    since = time.perf_counter()
    similar.keep_up(sessions, Index(name), random.Random(5))
    figures.say(f"similar: reading all once ({what})", time.perf_counter() - since, "s")
    index, kit, actor = Index(name), new_kit(), Actor("U0PRIYA")
    since = time.perf_counter()
    index.warm(sessions)
    figures.say(f"similar: index ready ({what})", time.perf_counter() - since, "s", at_most=2)
    texts = [
        asked(place, each, text) for place, each in enumerate(labelled()) for text in (each.twin, each.miss)
    ]
    took, worked = [], []
    with sessions.reading() as session:
        for number in range(queries):
            title, hardship = texts[number % len(texts)]
            since, begun = time.perf_counter(), time.process_time()
            similar.near(session, actor, index, title=title, hardship=hardship, kit=kit)
            took.append((time.perf_counter() - since) * 1000)
            worked.append((time.process_time() - begun) * 1000)
    figures.say(
        f"similar: a look, p99 of the processor's time ({what})",
        statistics.quantiles(worked, n=100)[98],
        "ms",
    )
    figures.say(f"similar: a look, p99 ({what})", statistics.quantiles(took, n=100)[98], "ms", at_most=50)
    figures.say(f"similar: a look, median ({what})", statistics.median(took), "ms")


_ALONE = """
import json, psutil, sys, time
from bot.core.problems.similar import Index
from bot.core.store import Sessions, build_engine
sessions, index = Sessions(build_engine(sys.argv[1])), Index(sys.argv[2])
held = psutil.Process().memory_info
before = held().rss
since = time.perf_counter()
index.warm(sessions)
ready = time.perf_counter() - since
print(json.dumps([ready, before / 2**20, held().rss / 2**20]))
"""


def alone(url: str, name: str, size: int) -> None:
    """A fresh process that has nothing but the index: numpy's import counts, and all of its memory."""
    ran = subprocess.run(
        [sys.executable, "-c", _ALONE, url, name], capture_output=True, check=True, text=True
    )
    ready, before, after = json.loads(ran.stdout)
    what = f"{name}, {size} texts"
    figures.say(f"similar: index ready in a fresh process, numpy and all ({what})", ready, "s", at_most=2)
    figures.say(f"similar: memory of a process with the index ({what})", after, "MB", at_most=250)
    figures.say(f"similar: of that, the index and its model ({what})", after - before, "MB")


def after_send(size: int, rounds: int) -> None:
    """From "Send" to the suggestions, through the real process over signed HTTP, beside a Slack of 100 ms a call."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-similar-"))
    port = free_port()
    with PracticeWorkspace.started(
        manifest=manifest_path(), deliver_to=f"http://127.0.0.1:{port}/slack/events", rate_limits=False
    ) as practice:
        url = f"sqlite:///{folder / 'groundswell.db'}"
        given = environment(practice, url, GROUNDSWELL_PORT=str(port))
        migrate(given)
        sessions = Sessions(build_engine(url))
        publish(sessions, world(size))
        similar.keep_up(sessions, Index(), random.Random(5))
        sessions.engine.dispose()
        practice.fault("*", times=10**6, delay=0.1)
        took, shown = [], 0
        with started(given, folder / "log", "web") as real:
            real.ready()
            real.says("published problems are in memory")
            for place, each in enumerate(labelled()[:rounds]):
                practice.slash("/problem", "", "general", "niamh")
                since = time.perf_counter()
                outcome = practice.submit(
                    "niamh", dict(zip(("title", "hardship"), asked(place, each, each.twin), strict=True))
                )
                took.append((time.perf_counter() - since) * 1000)
                shown += "Is it one of these?" in json.dumps(outcome.views[-1])
    what = f"{size} texts, Slack 100 ms"
    figures.say(f"similar: from send to its answer, the first after a start ({what})", took[0], "ms")
    figures.say(
        f"similar: from send to its answer, slowest of the others ({what})", max(took[1:]), "ms", at_most=400
    )
    figures.say(f"similar: from send to its answer, median ({what})", statistics.median(took), "ms")
    figures.say(f'similar: answers that asked "is it one of these?" ({what})', shown / len(took), "share")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 texts and no Postgres")
    parser.add_argument("--model", default=IDEAS, help="as GROUNDSWELL_SIMILAR takes it")
    given = parser.parse_args()
    size = 1000 if given.quick else 10_000
    for name in dict.fromkeys((given.model, WORDS)):
        quality(name, size)
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as above:
        url = f"sqlite:///{above}/similar.db"
        with opened(url) as sessions:
            speed("SQLite", given.model, sessions, size, 200 if given.quick else 1000)
        alone(url, given.model, size)
    if not given.quick:
        with (
            tempfile.TemporaryDirectory(prefix="groundswell-bench-", ignore_cleanup_errors=True) as above,
            postgres(Path(above)) as url,
            opened(url) as sessions,
        ):
            speed("Postgres", given.model, sessions, size, 1000)
    if given.model == IDEAS:
        after_send(size, 5 if given.quick else 20)


if __name__ == "__main__":
    os.environ.setdefault("GROUNDSWELL_LOG_LEVEL", "error")
    main()
