"""Deadlines, redelivery, duplicates, order: what the way to the bot does, and does on request."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.sandbox.transports import Answer, SignedRequest
from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import MANIFEST, small_app


def answering(*statuses: int) -> tuple[list[SignedRequest], Callable[[SignedRequest], Answer]]:
    """A bot that answers with these statuses in turn, then with 200."""
    seen: list[SignedRequest] = []

    def answer(request: SignedRequest) -> Answer:
        seen.append(request)
        return Answer(statuses[len(seen) - 1] if len(seen) <= len(statuses) else 200)

    return seen, answer


def header(request: SignedRequest, name: str) -> str | None:
    return next((value for key, value in request.headers.items() if key.lower() == name), None)


def reacted(workspace: PracticeWorkspace, **more: Any) -> Any:
    said = workspace.say("priya", "engineering", "Down again.").message or {}
    return workspace.react("kwame", said, "jigsaw", **more)


def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five() -> None:
    seen, answer = answering(500, 500, 500, 500)
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer, frozen=True) as ws:
        assert not reacted(ws).ok
        ws.wait_until(lambda: len(seen) == 2)
        ws.move_clock(59)
        assert len(seen) == 2
        ws.move_clock(1)
        ws.wait_until(lambda: len(seen) == 3)
        ws.move_clock(300)
        ws.wait_until(lambda: len(seen) == 4)
        ws.settle()
    assert [header(one, "x-slack-retry-num") for one in seen] == [None, "1", "2", "3"]
    assert [header(one, "x-slack-retry-reason") for one in seen[1:]] == ["http_error"] * 3
    assert len({json.loads(one.body)["event_id"] for one in seen}) == 1


def test_an_acknowledged_event_is_not_sent_again() -> None:
    seen, answer = answering(500)
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        reacted(ws)
        ws.settle()
        assert len(seen) == 2
        assert ws.failed_deliveries() == []
        assert ws.objections("failed_delivery") == [
            "reaction_added (events_api, try 1) was answered with 500: http_error"
        ]


def test_a_bot_that_asks_for_no_retry_gets_none() -> None:
    seen: list[SignedRequest] = []

    def answer(request: SignedRequest) -> Answer:
        seen.append(request)
        return Answer(500, headers={"X-Slack-No-Retry": "1"})

    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        reacted(ws)
        ws.settle()
    assert len(seen) == 1


def test_an_interaction_is_never_sent_again_and_the_person_sees_that_it_failed() -> None:
    seen, answer = answering(500)
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        outcome = ws.slash("/small", "hello", user="priya")
        ws.settle()
        assert outcome.trouble == '/small failed with the error "dispatch_failed"'
        assert not outcome.ok
    assert len(seen) == 1


def test_a_late_ack_counts_as_none() -> None:
    go_on = threading.Event()

    def answer(_request: SignedRequest) -> Answer:
        go_on.wait(5)
        return Answer(200)

    with PracticeWorkspace.started(
        manifest=MANIFEST, deliver_to=answer, ack_within=0.05, redeliver_after=()
    ) as ws:
        outcome = ws.slash("/small", "hello", user="priya")
        assert outcome.trouble == '/small failed with the error "operation_timeout"'
        assert ws.objections("late_ack") == ["no ack for /small (slash_commands, try 1) within 0.05 s"]
        go_on.set()


def test_a_requested_lost_ack_brings_the_event_again_without_an_objection() -> None:
    seen, answer = answering()
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        ws.delivery_fault("reaction_added", lose_ack=True)
        reacted(ws)
        ws.settle()
        ws.assert_no_objections()
    assert [header(one, "x-slack-retry-num") for one in seen] == [None, "1"]
    assert header(seen[1], "x-slack-retry-reason") == "http_timeout"


def test_duplicates_carry_the_same_event_id_and_no_retry_header() -> None:
    seen, answer = answering()
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        ws.delivery_fault("reaction_*", duplicate=2)
        reacted(ws)
    assert len(seen) == 3
    assert {header(one, "x-slack-retry-num") for one in seen} == {None}
    assert len({one.body for one in seen}) == 1


def test_held_deliveries_are_released_in_the_order_asked_for() -> None:
    seen, answer = answering()
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        said = ws.say("priya", "engineering", "Down again.").message or {}
        ws.hold()
        ws.react("kwame", said, "jigsaw")
        ws.unreact("kwame", said, "jigsaw")
        assert seen == []
        ws.release("reversed")
    events = [json.loads(one.body)["event"] for one in seen]
    assert [one["type"] for one in events] == ["reaction_removed", "reaction_added"]
    assert float(events[0]["event_ts"]) > float(events[1]["event_ts"])


def test_a_dropped_delivery_never_reaches_the_bot_the_first_time() -> None:
    seen, answer = answering()
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to=answer) as ws:
        ws.delivery_fault("reaction_added", drop=True)
        reacted(ws)
        ws.settle()
    assert [header(one, "x-slack-retry-reason") for one in seen] == ["connection_failed"]


def test_requests_are_signed_over_real_time_and_the_raw_body() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to="captured") as ws:
        ws.move_clock(30 * 86_400)
        ws.slash("/small", "hello", user="priya")
        (request,) = ws.captured()
        stamp = request.headers["X-Slack-Request-Timestamp"]
        base = f"v0:{stamp}:".encode() + request.body
        digest = hmac.new(ws.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        assert request.headers["X-Slack-Signature"] == f"v0={digest}"
        assert abs(int(stamp) - time.time()) < 60
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert parse_qs(request.body.decode())["command"] == ["/small"]


def test_the_answer_to_a_captured_request_takes_effect() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to="captured") as ws:
        ws.slash("/small", "hello", user="priya")
        (request,) = ws.captured()
        assert ws.captured() == []
        delivery = ws.answer(request, Answer(200, {"text": "heard"}))
        assert delivery.ok
        assert [one["text"] for one in ws.ephemerals("priya")] == ["heard"]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_parts: Any) -> None:
        return None


@pytest.fixture
def over_http() -> Iterator[PracticeWorkspace]:
    with PracticeWorkspace.started(manifest=MANIFEST, redeliver_after=()) as ws:
        app, heard = small_app(ws)
        server = make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        ws.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
        ws.heard = heard  # type: ignore[attr-defined]
        try:
            yield ws
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def test_everything_goes_over_signed_http_too(over_http: PracticeWorkspace) -> None:
    assert over_http.verify_url()
    assert reacted(over_http).ok
    over_http.slash("/small", "form", user="priya")
    assert over_http.submit("priya", {"line.text": "wrong"}).errors == {"line": "That is wrong."}
    assert over_http.submit("priya", {"line.text": "fine"}).views == []
    over_http.assert_no_objections()


def test_a_bot_that_is_not_there_is_a_failed_delivery() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, redeliver_after=()) as ws:
        assert reacted(ws).deliveries[0].attempts[0].error == "no_connection"
        ws.deliver_to("http://127.0.0.1:9/slack/events")
        assert ws.slash("/small", "x", user="priya").deliveries[0].attempts[0].error == "connection_failed"
        assert len(ws.failed_deliveries()) == 2


def test_a_refreshed_socket_gets_nothing_more_and_a_new_one_does(over_sockets: PracticeWorkspace) -> None:
    over_sockets.refresh_sockets()
    over_sockets.wait_connected()
    assert reacted(over_sockets).ok
    over_sockets.assert_no_objections()


def test_each_envelope_goes_to_one_of_two_sockets() -> None:
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.socket_mode.response import SocketModeResponse
    from slack_sdk.web import WebClient

    with PracticeWorkspace.started(manifest=MANIFEST) as ws:
        heard: dict[str, list[str]] = {"one": [], "two": []}
        clients = []
        for name, list_of in heard.items():
            client = SocketModeClient(
                app_token=ws.app_token,
                web_client=WebClient(base_url=ws.api_url),
                auto_reconnect_enabled=False,
            )

            def take(client: Any, request: Any, list_of: list[str] = list_of) -> None:
                list_of.append(request.payload["event_id"])
                client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

            client.socket_mode_request_listeners.append(take)
            client.connect()
            clients.append((name, client))
        ws.wait_connected(2)
        for _ in range(6):
            assert reacted(ws).ok
        assert len(heard["one"]) == len(heard["two"]) == 3
        assert not set(heard["one"]) & set(heard["two"])
        for _name, client in clients:
            client.close()
