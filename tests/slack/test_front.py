"""What stands before Bolt, over real HTTP: nothing is parsed that was not signed, and nothing of it does anything."""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import sqlalchemy as sa

from bot.core.problems.records import Inbox, Problem
from bot.slack.front import MOST_BYTES, PATH, SKEW, Front
from tests.slack.conftest import Office

JSON = "application/json"
READABLE = b"command=%2Fproblem&text=help"


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "reading")


def command(office: Office, text: str, who: str = "niamh") -> bytes:
    fields = {
        "command": office.command,
        "text": text,
        "user_id": office.id(who),
        "team_id": office.bot.workspace.team,
        "trigger_id": "1.2.3",
    }
    return urlencode(fields).encode()


def untouched(office: Office) -> None:
    """Nothing was stored and nothing was asked of Slack."""
    with office.sessions.reading() as session:
        for table in (Inbox, Problem):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    assert office.practice.calls() == []


def test_a_signed_command_is_answered(lite_office: Office) -> None:
    answer = lite_office.post(command(lite_office, "help"))
    assert answer.status == 200
    assert "this list" in json.loads(answer.body)["text"]


def test_a_forged_signature_gets_401_and_does_nothing(lite_office: Office) -> None:
    assert lite_office.post(command(lite_office, "a problem"), secret="not the secret").status == 401
    untouched(lite_office)


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
@pytest.mark.parametrize("value", ["", "0", "v0=", "v0=" + "0" * 64, "v0=\xe9", "9" * 40, "-1", "1e9"])
def test_a_broken_signature_or_stamp_gets_401(lite_office: Office, name: str, value: str) -> None:
    assert lite_office.post(command(lite_office, "a problem"), headers={name: value}).status == 401
    untouched(lite_office)


def test_a_body_that_was_changed_after_signing_gets_401(lite_office: Office) -> None:
    whole = command(lite_office, "a problem")
    # One byte more than was signed.
    signed = _signed(lite_office.practice.signing_secret, whole + b"x")
    assert lite_office.post(whole, headers=signed).status == 401
    untouched(lite_office)


def _signed(secret: str, body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@pytest.mark.parametrize("late", [-SKEW - 5, SKEW + 5, -86_400])
def test_a_replayed_request_gets_401(lite_office: Office, late: int) -> None:
    stamp = int(time.time()) + late
    assert lite_office.post(command(lite_office, "a problem"), stamp=stamp).status == 401
    untouched(lite_office)


def test_a_request_within_the_skew_is_taken(lite_office: Office) -> None:
    stamp = int(time.time()) - SKEW + 30
    assert lite_office.post(command(lite_office, "help"), stamp=stamp).status == 200


def test_an_oversized_request_gets_413_before_it_is_read(lite_office: Office) -> None:
    host, port = urlsplit(lite_office.front_url).hostname, urlsplit(lite_office.front_url).port
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode()
        )
        assert b" 413 " in connection.recv(200)
    untouched(lite_office)


def test_a_request_of_no_stated_length_gets_411() -> None:
    answered: list[str] = []
    front = Front("secret", lambda: None, lambda: True)
    for length in ("", "x", "-1"):
        environ: dict[str, Any] = {
            "PATH_INFO": PATH,
            "REQUEST_METHOD": "POST",
            "CONTENT_LENGTH": length,
            "wsgi.input": BytesIO(b"x"),
        }
        front(environ, lambda status, _headers: answered.append(status))  # type: ignore[arg-type,return-value]
    assert answered == ["411 Length Required"] * 3


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b"{broken"),
        (JSON, b"[1, 2]"),
        (JSON, b'"text"'),
        (JSON, b"\xff\xfe{}"),
        (JSON, b'{"a":' * 5000 + b"1" + b"}" * 5000),
        (JSON, b""),
        ("application/x-www-form-urlencoded", b"payload=%7Bbroken"),
        ("application/x-www-form-urlencoded", b"payload=%5B1%5D"),
        ("application/x-www-form-urlencoded", b"payload=" + quote("[" * 50_000).encode()),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"text=%ff%fe"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(500))),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_a_signed_request_that_can_t_be_read_gets_400(
    lite_office: Office, content_type: str, body: bytes
) -> None:
    answer = lite_office.post(body, content_type=content_type)
    assert answer.status == 400
    assert "Traceback" not in answer.body
    untouched(lite_office)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, {}),
        (JSON, {"type": "event_callback"}),
        (JSON, {"type": "event_callback", "event": None}),
        (JSON, {"type": "event_callback", "event": {"type": "reaction_added"}}),
        (JSON, {"type": "event_callback", "event": {"type": ["x"]}}),
        ("form", {"type": "block_actions", "actions": []}),
        ("form", {"type": "block_actions", "actions": [{}]}),
        ("form", {"type": "block_actions", "actions": [{"action_id": 7}], "user": "U1"}),
        ("form", {"type": "view_submission", "view": {}}),
        ("form", {"type": "view_submission", "view": {"callback_id": "raise.form", "state": None}}),
        ("form", {"type": "unheard_of"}),
    ],
)
def test_a_signed_request_of_a_strange_shape_does_nothing_and_shows_no_traceback(
    lite_office: Office, content_type: str, body: dict[str, Any]
) -> None:
    said = json.dumps({"team": {"id": lite_office.bot.workspace.team}, **body})
    raw = said.encode() if content_type == JSON else urlencode({"payload": said}).encode()
    answer = lite_office.post(
        raw, content_type=JSON if content_type == JSON else "application/x-www-form-urlencoded"
    )
    assert "Traceback" not in answer.body
    with lite_office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 0


def test_only_posts_to_its_own_path_are_for_slack(lite_office: Office) -> None:
    assert lite_office.post(READABLE, path="/slack/other").status == 404
    assert lite_office.post(READABLE, path="/").status == 404
    assert _get(lite_office, PATH) == (405, "Slack posts here.")


def _get(office: Office, path: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(office.front_url).netloc, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_health_readiness_and_metrics_are_told_without_a_signature(lite_office: Office) -> None:
    assert _get(lite_office, "/healthz") == (200, "alive")
    assert _get(lite_office, "/readyz") == (200, "ready")
    lite_office.slash("niamh", "help")
    status, metrics = _get(lite_office, "/metrics")
    assert status == 200
    assert 'groundswell_ack_seconds_count{kind="command"}' in metrics
    assert lite_office.id("niamh") not in metrics


def test_while_it_starts_it_is_alive_and_not_ready_and_slack_is_asked_to_come_again() -> None:
    answered: list[str] = []
    front = Front("secret", lambda: None, lambda: True)

    def ask(**environ: Any) -> None:
        front(environ, lambda status, _headers: answered.append(status))  # type: ignore[arg-type,return-value]

    ask(PATH_INFO="/healthz", REQUEST_METHOD="GET")
    ask(PATH_INFO="/readyz", REQUEST_METHOD="GET")
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in _signed("secret", READABLE).items()
    }
    ask(
        PATH_INFO=PATH,
        REQUEST_METHOD="POST",
        CONTENT_LENGTH=str(len(READABLE)),
        **{"wsgi.input": BytesIO(READABLE)},
        **headers,
    )
    assert answered == ["200 OK", "503 Service Unavailable", "503 Service Unavailable"]


def test_slack_s_own_question_is_answered(lite_office: Office) -> None:
    assert lite_office.practice.verify_url()
