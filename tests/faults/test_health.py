"""Every process tells whether it is well, and none dies because another one listens where it would."""

from __future__ import annotations

import socket
from pathlib import Path

from bot.sandbox.workspace import PracticeWorkspace
from tests.processes import environment, migrate, started


def test_a_worker_s_container_can_ask_it_for_its_health(practice: PracticeWorkspace, tmp_path: Path) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}")
    migrate(given)
    with started(given, tmp_path / "log", "worker") as process:
        process.ready()
        assert [process.get(path) for path in ("/healthz", "/metrics", "/slack/events")] == [200, 200, 405]
        assert process.terminate() < 10


def test_a_worker_whose_port_is_taken_says_so_once_and_works_on(
    practice: PracticeWorkspace, tmp_path: Path
) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}")
    migrate(given)
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(given["GROUNDSWELL_PORT"])))
        other.listen()
        with started(given, tmp_path / "log", "worker") as process:
            process.says("the worker runs")
            assert process.child.poll() is None
            assert process.log.count("its port is taken") == 1
            assert process.terminate() < 10


def test_a_worker_s_health_may_have_a_port_of_its_own(practice: PracticeWorkspace, tmp_path: Path) -> None:
    given = environment(practice, f"sqlite:///{tmp_path / 'groundswell.db'}")
    migrate(given)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = int(other.getsockname()[1])
    with started(given, tmp_path / "log", "worker", "--port", str(port)) as process:
        process.port = port
        process.ready()
        assert process.terminate() < 10
