"""The webhook: signed, to nowhere but where it was sent, and tried again where that may help."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from bot.core.identity.people import set_stewards
from bot.core.outbox import Sending
from bot.core.problems import triage
from bot.core.store import Sessions
from bot.jobs.hook import Hook, signature
from bot.slack.client import Refused, Unreached
from tests.jobs.conftest import Jobs, Opened
from tests.slack.test_home_and_desk import raised

SECRET = SecretStr("between the two of us")


@dataclass
class Tool:
    """Another tool on this machine, that answers as it is told."""

    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def tool() -> Iterator[Tool]:
    made = Tool()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            if made.status in (301, 302, 307):
                self.send_header("Location", made.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            """Nothing: pytest shows what failed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.url = f"http://127.0.0.1:{server.server_port}/hook?team=web"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def test_what_is_sent_is_signed_with_its_time(tool: Tool) -> None:
    Hook(tool.url, SECRET, private=True).post({"number": 12, "title": "Ü"}, stamp=1_800_000_000)
    ((headers, body),) = tool.got
    assert json.loads(body) == {"number": 12, "title": "Ü"}
    said = hmac.new(SECRET.get_secret_value().encode(), b"1800000000." + body, hashlib.sha256).hexdigest()
    assert headers["x-groundswell-signature"] == f"v1={said}" == signature(SECRET, 1_800_000_000, body)
    assert headers["x-groundswell-timestamp"] == "1800000000"
    assert "between" not in repr(Hook(tool.url, SECRET))


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410])
def test_a_redirect_is_not_followed_and_a_no_is_final(tool: Tool, status: int) -> None:
    tool.status = status
    with pytest.raises(Refused):
        Hook(tool.url, SECRET, private=True).post({}, stamp=1)
    assert len(tool.got) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(tool: Tool, status: int) -> None:
    tool.status = status
    with pytest.raises(Unreached):
        Hook(tool.url, SECRET, private=True).post({}, stamp=1)


def test_where_nobody_answers_it_is_tried_again() -> None:
    with pytest.raises(Unreached):
        Hook("http://127.0.0.1:1/", SECRET, private=True).post({}, stamp=1)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.8", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.8]"],
)
def test_an_address_of_the_own_network_is_refused_unless_it_is_allowed(tool: Tool, host: str) -> None:
    port = tool.url.split(":")[2].split("/")[0]
    with pytest.raises(Refused, match="private"):
        Hook(f"http://{host}:{port}/", SECRET).post({}, stamp=1)
    assert tool.got == []


def test_published_problems_go_out_at_the_batch_hour_by_the_outbox_and_again_after_a_failure(
    open_office: Opened, lite: Sessions, tool: Tool
) -> None:
    office = open_office(lite, webhook_url=tool.url, webhook_secret=SECRET, webhook_private=True)
    with office.sessions.begin() as session:
        set_stewards(session, [each.id for each in office.practice.stewards])
    problem = raised(office)
    with office.sessions.begin() as session:
        when = {"kit": office.kit, "at": office.now, "news_at": office.now}
        triage.publish(session, office.actor("amara"), problem.id, **when)
    jobs = Jobs(office)
    with jobs.only_one:
        jobs.sender.run()
        assert tool.got == []
        jobs.later(days=1)
        jobs.calendar.run()
        tool.status = 503
        jobs.sender.run()
        tool.status = 204
        jobs.later(minutes=6)
        jobs.sender.run()
    first, second = (json.loads(body) for _, body in tool.got)
    assert first == second
    assert (first["event"], first["title"]) == ("published", problem.title)
    (row,) = [row for row in jobs.rows() if row.kind == "webhook"]
    assert (row.sending, row.about) == (Sending.SENT.value, {})
