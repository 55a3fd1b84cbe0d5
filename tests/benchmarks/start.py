"""How soon after its start the bot answers, and how much memory it takes then.

`uv run python -m tests.benchmarks.start`: `groundswell run` on SQLite in a practice workspace, from the start of
the process to an open connection; and `groundswell web`, to its page that says "ready". Medians.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace
from tests.benchmarks import figures
from tests.processes import environment, migrate, started


def measure(*, quick: bool) -> bool:
    holds = []
    for command in ("run", "web"):
        times, memory = zip(*[once(command) for _ in range(3 if quick else 9)], strict=True)
        holds += [
            figures.say(f"start of {command}, until ready", statistics.median(times), "s", at_most=1.5),
            figures.say(f"memory of {command}, when ready", statistics.median(memory), "MB", at_most=150),
        ]
    return all(holds)


def once(command: str) -> tuple[float, float]:
    """Seconds until ready, and megabytes of the process and its children (shared pages counted once)."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-start-"))
    with PracticeWorkspace.started(manifest=manifest_path()) as practice:
        given = environment(practice, f"sqlite:///{folder / 'groundswell.db'}")
        migrate(given)
        since = time.perf_counter()
        with started(given, folder / "log", command) as process:
            if command == "run":
                practice.wait_connected(timeout=30)
            else:
                process.ready()
            took = time.perf_counter() - since
            parent = psutil.Process(process.child.pid)
            all_of_it = [parent, *parent.children(recursive=True)]
            used = sum(each.memory_full_info().pss for each in all_of_it) / 1e6
            process.terminate()
    return took, used


if __name__ == "__main__":
    sys.exit(0 if measure(quick=figures.quick(__doc__ or "")) else 1)
