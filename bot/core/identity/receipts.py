"""Receipts of anonymous problems: sixteen digits, shown once, of which only a slow hash is kept."""

from __future__ import annotations

import hashlib
import random
import unicodedata

DIGITS = 16
# About 60 ms and 32 MB a guess: all ten thousand million million codes stay out of reach, one's own code does not.
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}


def new_receipt(randomness: random.Random) -> str:
    """A code as a person reads it: four groups of four digits."""
    digits = f"{randomness.randrange(10**DIGITS):0{DIGITS}}"
    return " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))


def digits_of(typed: str) -> str | None:
    """The digits of a code as somebody typed it, in any script and with any spaces or dashes; None if it is none."""
    digits = []
    for character in typed.strip():
        if character.isdecimal():
            digits.append(str(unicodedata.decimal(character)))
        elif not (
            character.isspace() or unicodedata.category(character) in ("Pd", "Cf") or character in ".·"
        ):
            return None
    return "".join(digits) if len(digits) == DIGITS else None


def slow_hash(digits: str, *, salt: bytes) -> bytes:
    """The hash under which a receipt is found; `salt` is one for the installation."""
    return hashlib.scrypt(digits.encode(), salt=salt, **_COST)
