"""From an empty start to reading an edition that the visitor caused, by the page alone, in a real browser."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.trial import trial
from tests.journeys.visitor import PROBLEM, Visitor, browser, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine"),
]
PICTURES = Path(os.environ.get("TMPDIR", "/tmp")) / "groundswell-pictures"


@pytest.mark.parametrize("width", [1280, 400])
def test_a_visitor_reads_an_edition_that_they_caused(tmp_path: Path, width: int) -> None:
    with trial(tmp_path, "--port", "0") as running, browser() as opened:
        running.wait_up()
        visitor = Visitor(opened, width=width)
        visitor.open(running.url)
        visitor.at_step("Raise")
        visitor.begins_to_raise()
        visitor.picture(PICTURES / f"form-{width}.png")
        visitor.raises()
        visitor.at_step("Next morning")
        visitor.lets_the_night_pass()
        visitor.at_step("Publish")
        visitor.publishes()
        visitor.at_step("Hits us too")
        visitor.says_hits_us_too("Niamh")
        visitor.says_hits_us_too("Daniel")
        visitor.at_step("Read it")
        edition = visitor.reads_the_edition()
        visitor.picture(PICTURES / f"edition-{width}.png")
        expect(edition).to_contain_text("nobody owns it")
        expect(edition).not_to_contain_text("Priya")
        expect(visitor.guide).to_contain_text("You caused this edition")
        assert visitor.complaints == []
        assert running.get("/practice/read/objections") == [], PROBLEM
