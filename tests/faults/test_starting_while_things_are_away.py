"""A start while Slack or the database is away waits, says so once, and goes on when they are there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.workspace import PracticeWorkspace
from tests.conftest import Postgres
from tests.processes import ROOT, environment, free_port, migrate, started


def lines(log: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("command", ["run", "worker", "web"])
def test_slack_that_is_away_at_the_start_is_waited_for(
    practice: PracticeWorkspace, tmp_path: Path, command: str
) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}")
    migrate(given)
    practice.fault("auth.test", status=503, times=2)
    with started(given, tmp_path / "log", command) as process:
        process.says("waiting for what is away")
        if command != "worker":
            assert process.get("/healthz") == 200
            assert process.get("/readyz") in (503, 200)
            process.ready()
        else:
            process.says("the worker runs")
        process.terminate()
        waited = [line for line in lines(process.log) if line["event"] == "waiting for what is away"]
    assert [(line["check"], line["reason"]) for line in waited] == [("Slack", "http_503")]


@pytest.mark.parametrize("command", ["run", "worker", "web"])
def test_a_database_that_is_away_at_the_start_is_waited_for(
    practice: PracticeWorkspace, tmp_path: Path, postgres: Postgres, command: str
) -> None:
    url = postgres.create()
    away = url.replace(
        str(postgres.url("x").rsplit("/", 1)[0]), f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}"
    )
    given = environment(practice, away)
    with started(given, tmp_path / "log", command) as process:
        process.says("waiting for what is away")
        assert practice.calls("chat.postMessage") == []
        assert process.terminate() < 10
        waited = [line for line in lines(process.log) if line["event"] == "waiting for what is away"]
    assert [line["check"] for line in waited] == ["the database"]
    postgres.drop(url)


def test_a_worker_outlives_a_database_that_goes_away_and_comes_back(
    practice: PracticeWorkspace, tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.create()
    given = environment(practice, url)
    name = url.rsplit("/", 1)[1].partition("?")[0]
    with started(given, tmp_path / "log", "worker") as process:
        process.says("the worker runs")
        postgres._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres._say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        process.says("waiting for the database")
        postgres._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        process.says("the database is there again")
        process.terminate()
        assert "Traceback" not in process.log
    postgres.drop(url)


@pytest.mark.parametrize("command", ["run", "worker", "web"])
def test_a_token_that_slack_refuses_ends_the_start_with_what_to_do(
    practice: PracticeWorkspace, tmp_path: Path, command: str
) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}", SLACK_BOT_TOKEN="xoxb-wrong")
    migrate(given)
    with started(given, tmp_path / "log", command) as process:
        code = process.child.wait(30)
        assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Install the app again" in process.log
        assert "Traceback" not in process.log
    assert code == (0 if command == "web" else 2)


def test_an_app_token_that_slack_refuses_ends_run_with_what_to_do(
    practice: PracticeWorkspace, tmp_path: Path
) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}", SLACK_APP_TOKEN="xapp-wrong")
    with started(given, tmp_path / "log", "run") as process:
        assert process.child.wait(30) == 2
        assert "Slack refuses SLACK_APP_TOKEN (invalid_auth)" in process.log


@pytest.mark.parametrize("command", ["worker", "web"])
def test_an_old_database_is_refused_and_sqlite_in_run_brings_itself_up_to_date(
    practice: PracticeWorkspace, tmp_path: Path, command: str
) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'new' / 'groundswell.db'}")
    with started(given, tmp_path / "log", command) as process:
        assert process.child.wait(30) == 2
        assert "Run `groundswell migrate` first" in process.log
    with started(given, tmp_path / "run.log", "run"):
        practice.wait_connected()


def test_an_old_postgres_is_refused_by_run_too(
    practice: PracticeWorkspace, tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.create(empty=True)
    with started(environment(practice, url), tmp_path / "log", "run") as process:
        assert process.child.wait(30) == 2
        assert "Run `groundswell migrate` first" in process.log
    postgres.drop(url)


def test_every_missing_setting_is_named_at_once(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env={"PATH": "/usr/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GROUNDSWELL_STEWARDS"):
        assert f"{name} is missing" in ended.stderr
    assert "Traceback" not in ended.stderr
