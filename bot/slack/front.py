"""What stands before Bolt over HTTP: health, size, signature and readable bytes; then Bolt."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot import metrics

#: Where Slack posts events, commands and interactions; and the most bytes it may post.
PATH = "/slack/events"
MOST_BYTES = 1_000_000
#: How far a request's time may be off, in seconds: older ones may be replays.
SKEW = 300


class Front:
    """A WSGI app. Nothing of a request is parsed before its signature was found right."""

    def __init__(self, secret: str, ready: Callable[[], App | None], healthy: Callable[[], bool]) -> None:
        self._secret = secret.encode()
        self._ready = ready
        self._healthy = healthy
        self._bolt: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == PATH:
            if method != "POST":
                return _say(start_response, "405 Method Not Allowed", "Slack posts here.")
            return self._slack(environ, start_response)
        if method in ("GET", "HEAD"):
            if path == "/healthz":
                return _say(start_response, "200 OK", "alive")
            if path == "/readyz":
                ready = self._ready() is not None and self._healthy()
                return _say(
                    start_response,
                    "200 OK" if ready else "503 Service Unavailable",
                    "ready" if ready else "waiting",
                )
            if path == "/metrics":
                body = generate_latest(metrics.registry)
                start_response(
                    "200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))]
                )
                return [body]
        return _say(start_response, "404 Not Found", "Nothing is here.")

    def _slack(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit():
            return _say(start_response, "411 Length Required", "A length is needed.")
        if int(length) > MOST_BYTES:
            return _say(start_response, "413 Content Too Large", "Too large.")
        body = environ["wsgi.input"].read(int(length))
        if not self._signed(environ, body):
            return _say(start_response, "401 Unauthorized", "The signature is not right, or too old.")
        if not _readable(environ.get("CONTENT_TYPE", ""), body):
            return _say(start_response, "400 Bad Request", "This can't be read.")
        app = self._ready()
        if app is None:
            return _say(start_response, "503 Service Unavailable", "Starting.")
        if self._bolt is None:
            self._bolt = SlackRequestHandler(app, path=PATH)
        environ["wsgi.input"] = _Read(body)
        return self._bolt(environ, start_response)

    def _signed(self, environ: WSGIEnvironment, body: bytes) -> bool:
        stamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
        given = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        # Real time, also in practice: a signature's age has nothing to do with the company's calendar.
        if (
            not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12)
            or abs(time.time() - int(stamp)) > SKEW
        ):
            return False
        expected = "v0=" + hmac.new(self._secret, f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
        return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


class _Read:
    """Bytes that were read already, for the next one to read."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        taken = self._body if size < 0 else self._body[:size]
        self._body = self._body[len(taken) :]
        return taken


def _readable(content_type: str, body: bytes) -> bool:
    """Whether Bolt can parse this: it would answer a traceback otherwise."""
    try:
        said = body.decode("utf-8")
        if content_type.split(";")[0].strip() == "application/json":
            return isinstance(json.loads(said), dict)
        fields = parse_qs(said, keep_blank_values=True, errors="strict", max_num_fields=200)
        payload = fields.get("payload")
        return bool(fields) and (payload is None or isinstance(_object(payload[0]), dict))
    except (ValueError, RecursionError):
        return False


def _object(text: str) -> Any:
    return json.loads(text)


def _say(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    body = text.encode()
    start_response(
        status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
