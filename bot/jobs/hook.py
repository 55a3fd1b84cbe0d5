"""The outgoing webhook: one signed POST, to a public address, following nothing."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.slack.client import Refused, Unreached

#: Seconds that another tool has to take the connection, and to answer.
PATIENCE: Final = 4.0
_LATER: Final = (408, 425, 429)
_SIGNATURE, _STAMP = "X-Groundswell-Signature", "X-Groundswell-Timestamp"


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to, and by which secret. private: whether an address inside the own network is allowed."""

    url: str
    secret: SecretStr = field(repr=False)
    private: bool = False

    def post(self, content: Mapping[str, Any], *, stamp: int) -> None:
        """Send it, signed with this time (seconds of the epoch).

        Raises `Unreached` where another try may help, and `Refused` where it would not: a redirect, an address
        that is not allowed, or a 4xx.
        """
        body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Groundswell",
            _STAMP: str(stamp),
            _SIGNATURE: signature(self.secret, stamp, body),
        }
        status = self._send(body, headers)
        if 200 <= status < 300:
            return
        if status in _LATER or status >= 500:
            raise Unreached(f"webhook_{status}", method="webhook")
        raise Refused(f"webhook_{status}", method="webhook")

    def _send(self, body: bytes, headers: Mapping[str, str]) -> int:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with closing(_to(host, port, self._address(host, port), secure=secure)) as connection:
                connection.request("POST", target, body, dict(headers))
                return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Unreached("webhook_unreached", method="webhook") from error

    def _address(self, host: str, port: int) -> str:
        """The address that is connected to, looked up once, so that no second look-up can give another one."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self.private and not all(_public(address) for address in found):
            raise Refused("webhook_private_address", method="webhook")
        return found[0]


def signature(secret: SecretStr, stamp: int, body: bytes) -> str:
    """ "v1=" and the HMAC-SHA256 of "timestamp.body" in hex."""
    said = f"{stamp}.".encode() + body
    return "v1=" + hmac.new(secret.get_secret_value().encode(), said, hashlib.sha256).hexdigest()


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _to(host: str, port: int, address: str, *, secure: bool) -> http.client.HTTPConnection:
    """A connection to this very address, that still asks for the host by its name and checks its certificate."""
    sock: socket.socket = socket.create_connection((address, port), timeout=PATIENCE)
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        if secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise
    connection.sock = sock
    return connection
