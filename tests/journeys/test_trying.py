"""`groundswell try` as a visitor runs it: its port, its bot, its end."""

import json
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journeys.trial import Trial, trial


def posted(running: Trial, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        running.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, None


def opened_form(running: Trial) -> str:
    """The title of the form that the bot opens for its command."""
    command = running.get("/practice/page?as=priya")["commands"][0]["command"]
    _status, outcome = posted(
        running, "/practice/acts/slash", {"who": "priya", "command": command, "where": "engineering"}
    )
    assert outcome["trouble"] is None, outcome
    return str(outcome["opened"][-1]["title"]["text"])


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, taken: int) -> Iterator[Trial]:
    """Started where a visitor's own `.env` lies, on a port in use."""
    folder = tmp_path_factory.mktemp("visitor")
    (folder / ".env").write_text(
        "GROUNDSWELL_DIGEST_CHANNEL=nonsense\nSLACK_BOT_TOKEN=xoxb-of-a-real-bot\n", "ascii"
    )
    one = Trial(folder, "--port", str(taken))
    try:
        one.wait_up()
        yield one
    finally:
        left = one.end()
        assert left == []
        assert one.process.returncode == 0


def test_a_port_in_use_gives_way_to_the_next_free_one_and_this_is_said(running: Trial, taken: int) -> None:
    said = "".join(running.said)
    assert f"Port {taken} is in use" in said
    assert len(re.findall(r"http://\S+", said)) == 1
    assert taken < int(running.url.rsplit(":", 1)[1]) < taken + 100


def test_the_real_bot_opens_its_form(running: Trial) -> None:
    assert opened_form(running) == "Raise a problem"
    posted(running, "/practice/acts/close", {"who": "priya", "everything": True})
    assert running.get("/practice/read/objections") == []


def test_every_user_group_is_a_team_before_anybody_can_press_a_button(running: Trial) -> None:
    command = running.get("/practice/page?as=priya")["commands"][0]["command"]
    ask = {"who": "priya", "command": command, "text": "teams", "where": "engineering"}
    _status, outcome = posted(running, "/practice/acts/slash", ask)
    told = json.dumps([*outcome["ephemerals"], *outcome["opened"]], ensure_ascii=False)
    for team in ("Checkout", "Identity", "Platform", "Analytics", "Product Ops", "Support", "Legal", "Sales"):
        assert team in told


def test_everything_listens_on_loopback_only(running: Trial) -> None:
    heard = {
        connection.laddr.ip
        for process in running.everybody()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert heard == {"127.0.0.1"}


def test_pages_of_other_origins_move_nothing(running: Trial) -> None:
    before = running.get("/practice/page?as=priya")["clock"]["offset"]
    assert posted(running, "/practice/clock/next", {"to": "day"}, Origin="https://evil.example")[0] == 403
    assert posted(running, "/practice/bot/restart", {}, Origin="null")[0] == 403
    assert running.get("/practice/page?as=priya")["clock"]["offset"] == before


def test_a_dead_bot_is_told_with_its_log_and_started_again(running: Trial) -> None:
    (bot,) = running.everybody()[1:]
    bot.kill()
    bot.wait(10)
    told = running.wait_for("died")
    assert told["code"] == -signal.SIGKILL
    assert told["log"]
    assert posted(running, "/practice/bot/restart", {})[0] == 200
    running.wait_for("running")
    assert opened_form(running) == "Raise a problem"
    posted(running, "/practice/acts/close", {"who": "priya", "everything": True})


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_end_while_it_still_starts_leaves_no_process_and_no_file(
    tmp_path: Path, how: signal.Signals
) -> None:
    with trial(tmp_path, "--port", "0") as one:
        folder = one.folder()
        assert folder.is_dir()
        assert one.end(how) == []
        assert one.process.returncode == 0, one.said
        assert not folder.exists()


def test_over_http_the_bot_is_two_processes(tmp_path: Path) -> None:
    with trial(tmp_path, "--port", "0", "--http") as one:
        one.wait_up()
        assert opened_form(one) == "Raise a problem"
        assert one.get("/practice/bot")["connections"] == 0
        commands = sorted(process.cmdline()[3] for process in one.everybody()[1:])
        assert commands == ["web", "web", "worker"]  # gunicorn's own and its worker
        assert one.get("/practice/read/objections") == []
        assert one.end() == []


def test_what_the_bot_stores_is_kept_where_asked(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for start in (1, 2):
        with trial(tmp_path, "--port", "0", "--keep", str(kept)) as one:
            one.wait_up()
            before = float((kept / "workspace" / "clock").read_text("ascii"))
            assert posted(one, "/practice/clock/next", {"to": "edition"})[0] == 200
            key = (kept / "sealing.key").read_text("ascii")
        assert (kept / "groundswell.db").is_file()
        assert (kept / "sealing.key").stat().st_mode & 0o777 == 0o600
        if start == 1:
            first, later = key, before
    assert key == first
    assert before > later  # a kept run goes on from the time it had reached
