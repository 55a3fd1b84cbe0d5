"""docs/safety.md has the figures as the command wrote them: nobody makes one nicer by hand."""

from __future__ import annotations

from tests.benchmarks import safety_page
from tests.benchmarks.adversary import KEPT
from tests.processes import ROOT


def test_the_page_has_the_figures_that_were_measured() -> None:
    page = (ROOT / "docs/safety.md").read_text("utf-8")
    between = page.partition(safety_page.BEGIN)[2].partition(safety_page.END)[0]
    assert between == f"\n{safety_page.tables(safety_page.read(ROOT / KEPT))}"


def test_what_failed_is_said() -> None:
    line = {"group": "differencing", "what": "a", "value": 3, "unit": "views", "of": None, "chance": None}
    more = {"interval": None, "most": 0, "seen": None, "holds": False, "date": "2026-11-24", "machine": "m"}
    assert "**no**" in safety_page.tables([{**line, **more}])
