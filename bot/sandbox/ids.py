"""Ids that look like Slack's and come out the same for the same seed."""

import base64
import hashlib
from collections import Counter


class Ids:
    """Makes ids from a seed: `of` from a name (independent of order), `next` from a count for each kind."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._counts: Counter[str] = Counter()

    def of(self, prefix: str, name: str, length: int = 9) -> str:
        digest = hashlib.sha256(f"{self._seed}/{prefix}/{name}".encode()).digest()
        return prefix + base64.b32encode(digest).decode()[:length]

    def next(self, kind: str, prefix: str = "", length: int = 9) -> str:
        self._counts[kind] += 1
        return self.of(prefix, f"{kind}#{self._counts[kind]}", length)

    def count(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]

    def secret(self, name: str) -> str:
        return hashlib.sha256(f"{self._seed}/secret/{name}".encode()).hexdigest()[:32]
