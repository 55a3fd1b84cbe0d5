"""One command pauses raising, for the day on which an identity has leaked; what is written about that day holds."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.command import OPERATOR
from bot.core.identity.installation import paused_because
from bot.core.kit import Kit
from bot.core.problems import acts
from bot.core.problems.records import Audit
from bot.core.replies import forgetting, right_of_reply
from bot.core.store import Sessions
from bot.setting_kinds import sealing_key_text
from tests.company import RAISER, WORDS, refused
from tests.conftest import KEY
from tests.slack import conftest as office_room

lite = office_room.lite
DOCS = Path(__file__).parents[1] / "docs"
WRITTEN = [*sorted(DOCS.glob("notices/*.md")), DOCS / "privacy.md", DOCS / "identity-leak.md"]


@pytest.fixture
def command(lite: Sessions, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`groundswell intake ...` on this database."""
    monkeypatch.setenv("DATABASE_URL", str(lite.engine.url))
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", sealing_key_text(KEY))
    monkeypatch.setattr("bot.logs.configure", lambda *_given: None)
    runner = CliRunner()

    def typed(*arguments: str) -> Any:
        return runner.invoke(app, ["intake", *arguments], catch_exceptions=False)

    return typed


def test_one_command_pauses_raising_and_another_lets_it_go_on(
    command: Any, lite: Sessions, kit: Kit, at: dt.datetime
) -> None:
    paused = command("pause", "--because", "We look into a possible leak.")
    assert paused.exit_code == 0, paused.output
    with lite.reading() as session:
        assert paused_because(session) == "We look into a possible leak."
    told = refused(lite, acts.raise_named, RAISER, WORDS, form="V1", kit=kit, at=at)
    assert told.startswith("Raising is paused for now: {because}")
    assert "again" in command("resume").output
    with lite.begin() as session:
        assert acts.raise_named(session, RAISER, WORDS, form="V1", kit=kit, at=at) is not None
        trail = [(entry.act, entry.steward) for entry in session.scalars(sa.select(Audit).order_by(Audit.at))]
    assert trail == [("paused_intake", OPERATOR), ("resumed_intake", OPERATOR)]


def test_nothing_is_paused_without_a_sentence(command: Any, lite: Sessions) -> None:
    told = command("pause", "--because", " ")
    assert told.exit_code == 1
    assert "Nothing was paused" in told.output
    with lite.reading() as session:
        assert paused_because(session) is None


def test_letting_go_on_what_was_not_paused_says_so(command: Any) -> None:
    assert "was not paused" in command("resume").output


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_what_is_written_leads_to_files_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target


def test_the_course_for_a_leak_names_commands_that_are_there() -> None:
    text = (DOCS / "identity-leak.md").read_text(encoding="utf-8")
    named = set(re.findall(r"groundswell intake (\w+)", text))
    assert named == {"pause", "resume"}
    for name in named:
        assert CliRunner().invoke(app, ["intake", name, "--help"]).exit_code == 0


def test_the_figures_of_the_notices_are_the_codes() -> None:
    leads = (DOCS / "notices" / "team-leads.md").read_text(encoding="utf-8")
    numbers = {5: "five", 10: "ten"}
    assert f"{numbers[right_of_reply.DAYS]} working days" in leads
    assert f"({numbers[right_of_reply.DAYS_MOST]} at the most" in leads
    council = (DOCS / "notices" / "works-council.md").read_text(encoding="utf-8")
    assert dt.timedelta(days=30 + 14) == forgetting.ADDRESS_KEPT
    assert "44 days after the problem has ended" in council
