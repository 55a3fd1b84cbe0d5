"""What a cell of a database can betray: a person, a time, a key that leads on to another row."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.adversary.roster import Person

_FROM, _TO = dt.datetime(2026, 10, 1, tzinfo=dt.UTC), dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_HEX = re.compile(r"(?:[0-9a-f]{2}){8,}", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9_-]{40,}=*")
#: So many leading bytes tell two hashes apart.
PREFIX = 8
Atom = int | float | str | bytes


def atoms(value: Any) -> Iterator[Atom]:
    """Everything that a cell holds, one by one: JSON is opened, hexadecimal and base64 are read."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, dt.datetime):
        yield (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).timestamp()
    elif isinstance(value, dt.date):
        return  # a day; finer ones are datetimes
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from atoms(key)
            yield from atoms(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from atoms(inner)
    elif isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, bytes):
        yield value
        if _ENCODED.fullmatch(value.decode("ascii", "replace")):
            yield base64.urlsafe_b64decode(value + b"=" * (-len(value) % 4))
    else:
        yield value


def _of_text(text: str) -> Iterator[Atom]:
    yield text
    if text[:1] in "[{":
        try:
            opened = json.loads(text)
        except ValueError:
            opened = None
        if isinstance(opened, dict | list):
            yield from atoms(opened)
            return
    for found in _HEX.findall(text):
        yield bytes.fromhex(found)
    for found in _TIME.findall(text):
        yield _utc(found).timestamp()
    if re.fullmatch(r"\d{9,20}(\.\d+)?", text):
        yield float(text)
    elif _ENCODED.fullmatch(text):
        try:
            yield base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except binascii.Error:
            return


def _utc(text: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def times(value: Any) -> set[dt.datetime]:
    """Every time that a cell may carry: as text, as seconds, at the head of an id, or within bytes."""
    found = set()
    for atom in atoms(value):
        for second in _seconds(atom):
            if _FROM.timestamp() <= second <= _TO.timestamp():
                found.add(dt.datetime.fromtimestamp(second, dt.UTC))
    return found


def _seconds(atom: Atom) -> Iterator[float]:
    if isinstance(atom, int | float):
        for scale in (1, 1e3, 1e6, 1e9):
            yield atom / scale
        if isinstance(atom, int) and atom > 2**40:
            # Whatever stands behind the time, in the common layouts of ids that begin with one.
            for behind in (15, 16, 20, 22):
                yield (atom >> behind) / 1000
    elif isinstance(atom, bytes):
        for start in range(max(0, min(len(atom), 24) - 7)):
            yield float(int.from_bytes(atom[start : start + 8], "big"))
        yield int.from_bytes(atom[:6], "big") / 1000


class Fingerprints:
    """Every way in which a person may stand in a cell: ids and addresses, and their hashes under every key held."""

    def __init__(self, people: Iterable[Person], keys: Iterable[bytes]) -> None:
        self.words: dict[str, str] = {}
        self.hashes: dict[bytes, str] = {}
        held = list(keys)
        for person in people:
            for word in (person.id, person.mail, person.direct):
                self.words[word] = person.id
                for digest in _digests(word.encode(), held):
                    self.hashes[digest[:PREFIX]] = person.id
        self._anywhere = re.compile("|".join(map(re.escape, self.words)))

    def people(self, value: Any) -> set[str]:
        """Whom a cell betrays."""
        found = set()
        for atom in atoms(value):
            if isinstance(atom, str):
                found |= {self.words[word] for word in self._anywhere.findall(atom)}
            elif isinstance(atom, bytes) and len(atom) >= PREFIX:
                found |= {self.hashes[atom[:PREFIX]]} if atom[:PREFIX] in self.hashes else set()
                found |= {self.words[w] for w in self._anywhere.findall(atom.decode("ascii", "replace"))}
        return found


def _digests(word: bytes, keys: list[bytes]) -> Iterator[bytes]:
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        yield hashlib.new(name, word).digest()
    for key in keys:
        yield hmac.digest(key, word, "sha256")
        yield hmac.digest(hashlib.sha256(key).digest(), word, "sha256")
        yield hashlib.sha256(key + word).digest()


def joins(value: Any) -> set[Atom]:
    """What of a cell may be a key to another row: large numbers and long bytes."""
    found: set[Atom] = set()
    for atom in atoms(value):
        if (isinstance(atom, bytes) and len(atom) >= PREFIX) or (isinstance(atom, int) and atom > 2**32):
            found.add(atom)
    return found
