"""Every shown figure as a CSV file, so that anybody can work it out again."""

from __future__ import annotations

import csv
import io

from bot.core.pilot.rules import Unit
from bot.core.pilot.shown import Report

_HEAD = ("part", "figure", "value", "low", "high", "unit", "n", "continue", "stop", "says", "sentence")


def sheet(report: Report) -> str:
    """One line a figure, then the lines of each picture's table under the name of its part."""
    kept = io.StringIO()
    out = csv.writer(kept, lineterminator="\r\n")
    out.writerow(_HEAD)
    for section in report.sections:
        for figure in section.figures:
            out.writerow(
                (
                    section.key,
                    figure.key,
                    _number(figure.value, figure.unit),
                    _number(figure.low, figure.unit),
                    _number(figure.high, figure.unit),
                    figure.unit.value,
                    figure.n or "",
                    _number(figure.line.carry_on if figure.line else None, figure.unit),
                    _number(figure.line.stop if figure.line else None, figure.unit),
                    figure.call.value if figure.call else "",
                    _harmless(figure.sentence),
                )
            )
    for section in report.sections:
        if section.table:
            out.writerow(())
            out.writerow((section.key, *map(_harmless, section.table.head)))
            for row in section.table.rows:
                out.writerow((section.key, *map(_harmless, row)))
    return kept.getvalue()


def _number(value: float | None, unit: Unit) -> str:
    """As fine as anybody may know it: a mean of people's points no finer than it is read anywhere.

    With more places, what one of few people said would come out of it and the figures beside it.
    """
    if value is None:
        return ""
    return f"{value:.1f}" if unit is Unit.POINTS else f"{value:.4g}"


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
