"""Seals who somebody is, and hashes who said "hits us too", with keys that are not in the database."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = 1
_MARK = 4  # bytes of a key's fingerprint
_NONCE = 12
_BLOCK = 64  # every sealed text is padded to whole blocks, so that its length tells nothing


class Unreadable(Exception):
    """Sealed with a key that is not held, or not sealed for this row."""


def fingerprint(key: bytes) -> bytes:
    """Four bytes that name a key without telling it."""
    return hashlib.sha256(b"groundswell key" + key).digest()[:_MARK]


@dataclass(frozen=True, slots=True)
class Sealing:
    """AES-256-GCM under several keys: the first one writes, all of them read.

    `keys` are 32 bytes each, newest first; `randomness` gives the nonces.
    """

    keys: Sequence[bytes] = field(repr=False)
    randomness: random.Random = field(repr=False)

    @property
    def newest(self) -> bytes:
        """The fingerprint of the key that writes."""
        return fingerprint(self.keys[0])

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """Seal a text for the row that `bound_to` names; it opens for no other row."""
        raw = text.encode()
        size = (len(raw) // _BLOCK + 1) * _BLOCK
        padded = raw + b"\x00" * (size - len(raw))
        nonce = self.randomness.randbytes(_NONCE)
        sealed = AESGCM(self.keys[0]).encrypt(nonce, padded, bound_to.encode())
        return bytes([_VERSION]) + self.newest + nonce + sealed

    def unseal(self, sealed: bytes, *, bound_to: str) -> str:
        """The text again; `Unreadable` where the key is not held or the row is another."""
        if len(sealed) < 1 + _MARK + _NONCE + 16 or sealed[0] != _VERSION:
            raise Unreadable
        mark, rest = sealed[1 : 1 + _MARK], sealed[1 + _MARK :]
        for key in self.keys:
            if fingerprint(key) == mark:
                try:
                    raw = AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], bound_to.encode())
                except InvalidTag:
                    raise Unreadable from None
                return raw.rstrip(b"\x00").decode()
        raise Unreadable

    def holds(self, mark: bytes) -> bool:
        """Whether the key with this fingerprint is held."""
        return any(fingerprint(key) == mark for key in self.keys)

    def voice(self, person: str, *, salt: bytes, mark: bytes, purpose: str = "confirm") -> bytes:
        """A 16-byte hash of a person for one problem and purpose: it tells one from another, not who.

        `salt` is the problem's own; once it is destroyed the hash can't be worked out again.
        """
        return self.voices([person], salt=salt, mark=mark, purpose=purpose)[0]

    def voices(
        self, people: Sequence[str], *, salt: bytes, mark: bytes, purpose: str = "confirm"
    ) -> list[bytes]:
        """The same of many people for one problem, in their order."""
        for key in self.keys:
            if fingerprint(key) == mark:
                derived = HKDF(hashes.SHA256(), 32, salt, b"groundswell voice").derive(key)
                return [
                    hmac.digest(derived, f"{purpose}:{person}".encode(), "sha256")[:16] for person in people
                ]
        raise Unreadable

    def mark_of(self, *parts: str) -> bytes:
        """A 16-byte keyed hash of a delivery, a form or a reaction, to know it again."""
        return _mark(self.keys[0], parts)

    def marks_of(self, *parts: str) -> list[bytes]:
        """The same under every key that is held, for what was marked before the newest came."""
        return [_mark(key, parts) for key in self.keys]


def _mark(key: bytes, parts: Sequence[str]) -> bytes:
    derived = hmac.digest(key, b"groundswell delivery", "sha256")
    return hmac.digest(derived, "\x1f".join(parts).encode(), "sha256")[:16]
