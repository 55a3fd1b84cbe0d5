"""Prints what was measured: one JSON object a line, whether it is good news or not."""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import os
import platform
from pathlib import Path


def quick(about: str) -> bool:
    """Whether the caller asked for the short run, which ends within 40 s on two cores."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="a smaller world, for a first look")
    return bool(parser.parse_args().quick)


def say(
    figure: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None
) -> bool:
    """Print one figure with its goal; says whether the goal holds (True where there is none)."""
    holds = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
    limits = {"at most": at_most, "at least": at_least}
    goals = [f"{word} {limit:g}" for word, limit in limits.items() if limit is not None]
    line = {
        "figure": figure,
        "value": float(f"{value:.4g}"),
        "unit": unit,
        "goal": " and ".join(goals) or None,
        "holds": holds if goals else None,
        "machine": machine(),
        "load": round(os.getloadavg()[0], 1),  # work beside this one's own explains a figure that surprises
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }
    print(json.dumps(line), flush=True)
    return holds


@functools.cache
def machine() -> str:
    """The processor, how many of it, the system and the Python that measured."""
    listed = Path("/proc/cpuinfo")
    names = (
        [line for line in listed.read_text().splitlines() if line.startswith("model name")]
        if listed.exists()
        else []
    )
    processor = names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()
    return f"{os.cpu_count()} x {processor}, {platform.system()}, Python {platform.python_version()}"
