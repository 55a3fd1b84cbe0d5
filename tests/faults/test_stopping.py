"""SIGTERM ends every process within ten seconds, and what was taken is answered first."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.sandbox.workspace import PracticeWorkspace
from tests.processes import environment, migrate, started, wait_for


def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'groundswell.db'}"


def test_an_answer_in_the_making_is_given_before_the_socket_closes(
    practice: PracticeWorkspace, tmp_path: Path
) -> None:
    given = environment(practice, database(tmp_path))
    with started(given, tmp_path / "log", "run") as process:
        practice.wait_connected()
        process.says("the worker runs")
        # Opening the form takes more than a second at Slack: the command is in flight when the signal comes.
        practice.fault("views.open", delay=1.2)
        asked = threading.Thread(
            target=practice.slash, args=("/problem", "releases reach us last", "general", "priya")
        )
        asked.start()
        wait_for(lambda: practice.calls("views.open"))
        seconds = process.terminate()
        asked.join(10)
    [delivery] = [each for each in practice.deliveries() if each.kind == "slash_commands"]
    assert [attempt.status for attempt in delivery.attempts] == [200]
    assert seconds < 10
    practice.assert_no_objections()


def test_what_comes_after_the_signal_is_left_to_the_next_process(
    practice: PracticeWorkspace, tmp_path: Path
) -> None:
    given = environment(practice, database(tmp_path))
    with started(given, tmp_path / "log", "run") as process:
        practice.wait_connected()
        process.says("the worker runs")
        process.terminate()
    with started(given, tmp_path / "log", "run"):
        practice.wait_connected()
        message = practice.say("kwame", "engineering", "Down again.").message
        assert message is not None
        outcome = practice.react("priya", message, "jigsaw")
        assert outcome.deliveries[0].ok


@pytest.mark.parametrize("command", ["run", "worker", "web"])
def test_every_process_ends_within_ten_seconds(
    practice: PracticeWorkspace, tmp_path: Path, command: str
) -> None:
    given = environment(practice, database(tmp_path))
    migrate(given)
    with started(given, tmp_path / "log", command) as process:
        if command == "worker":
            process.says("the worker runs")
        else:
            process.ready()
        assert process.terminate() < 10


def test_a_message_under_way_to_slack_does_not_hold_up_the_end(
    practice: PracticeWorkspace, tmp_path: Path
) -> None:
    given = environment(practice, database(tmp_path))
    with started(given, tmp_path / "log", "run") as process:
        practice.wait_connected()
        process.says("the worker runs")
        message = practice.say("kwame", "engineering", "Down again.").message
        assert message is not None
        practice.fault("chat.postEphemeral", delay=30)
        practice.react("priya", message, "jigsaw")
        wait_for(lambda: "chat.postEphemeral" in {call["method"] for call in practice.calls()})
        assert process.terminate() < 10


def test_slack_asking_for_a_new_connection_loses_nothing(practice: PracticeWorkspace, tmp_path: Path) -> None:
    given = environment(practice, database(tmp_path))
    with started(given, tmp_path / "log", "run") as process:
        practice.wait_connected()
        process.says("the worker runs")
        for time in range(1, 4):
            practice.fault("views.open", delay=0.3)
            asked = threading.Thread(
                target=practice.slash, args=("/problem", "releases reach us last", "general", "priya")
            )
            asked.start()
            wait_for(lambda time=time: len(practice.calls("views.open")) == time)
            practice.refresh_sockets()
            asked.join(10)
            practice.wait_connected()
        assert all(each.ok for each in practice.deliveries())
        practice.assert_no_objections()
