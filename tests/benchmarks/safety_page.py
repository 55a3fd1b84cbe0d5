"""The figures of the attacks: one JSON object a line, and the tables of docs/safety.md made from such lines."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
#: Groups in the order in which the page has them, with what each is about.
GROUPS = {
    "two worlds": "Two worlds (T1)",
    "who raised it": "Who raised it (T2, T3, and the walk)",
    "on real processes": "The same with the bot as processes of its own",
    "planted holes": "Planted holes (T4): each has to be seen",
    "differencing": "Differencing: views of two accounts of which this is true",
}


@dataclass(frozen=True)
class Figure:
    """One figure: `of` so many; what chance gives; the 95 % interval; `most` it may be, or whether a hole was `seen`."""

    group: str
    what: str
    value: float
    unit: str
    of: int | None = None
    chance: float | None = None
    interval: tuple[float, float] | None = None
    most: float | None = None
    seen: bool | None = None

    @property
    def holds(self) -> bool:
        return bool(self.seen) if self.most is None else self.value <= self.most


def forget(kept: Path, part: str) -> None:
    """Drop what an earlier run of this part has left in a file."""
    lines = kept.read_text("utf-8").splitlines(keepends=True) if kept.exists() else []
    kept.write_text("".join(line for line in lines if json.loads(line)["part"] != part), "utf-8")


def say(figure: Figure, kept: Path, part: str) -> None:
    """Print one figure, whether it is good news or not, and append it to a file."""
    around = {
        "part": part,
        "holds": figure.holds,
        "machine": machine(),
        "load": round(os.getloadavg()[0], 1),  # work beside this one's own
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }
    line = json.dumps({**asdict(figure), **around})
    print(line, flush=True)
    with kept.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def machine() -> str:
    """What measured, as far as it matters here."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{os.cpu_count()} cores, {platform.machine().replace('_', '-')} {platform.system()}, Python {version}"


def read(kept: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in kept.read_text("utf-8").splitlines()]


def write(page: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{tables(lines)}{END}{after}", "utf-8")


def tables(lines: Iterable[dict[str, Any]]) -> str:
    """A table a group, with when and where it was measured."""
    order = list(GROUPS)
    made = []
    for group, some in groupby(
        sorted(lines, key=lambda line: order.index(line["group"])), lambda line: line["group"]
    ):
        rows = list(some)
        measured = sorted({f"{row['date']}, {row['machine']}" for row in rows})
        made.append(f"\n**{GROUPS[group]}.** {'; '.join(measured)}.\n")
        columns = _columns(rows)
        made.append("| " + " | ".join(name for name, _ in columns) + " |")
        made.append("|---" * len(columns) + "|")
        made += ["| " + " | ".join(cell(row) for _, cell in columns) + " |" for row in rows]
    return "\n".join(made) + "\n\n"


def _columns(rows: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Those that have anything in them."""
    every: list[tuple[str, Any]] = [
        ("what", lambda row: row["what"]),
        ("came to", lambda row: f"{_number(row['value'])} {row['unit']}"),
        ("95 % interval", lambda row: " to ".join(map(_number, row["interval"])) if row["interval"] else ""),
        ("of", lambda row: _number(row["of"])),
        ("by chance", lambda row: _number(row["chance"])),
        ("fails above", lambda row: _number(row["most"])),
        (
            "holds",
            lambda row: (
                ("seen" if row["holds"] else "**not seen**")
                if row["seen"] is not None
                else ("yes" if row["holds"] else "**no**")
            ),
        ),
    ]
    return [(name, cell) for name, cell in every if any(cell(row) for row in rows)]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if (float(value).is_integer() and value != 1.0) or value >= 100 else f"{value:.3g}"
