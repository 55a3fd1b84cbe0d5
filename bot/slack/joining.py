"""Texts put together as the catalogue joins them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.words import Words


def together(words: Words, *said: str) -> str:
    """Sentences one after the other; empty ones say nothing."""
    made = ""
    for each in said:
        made = words("{one} {another}", one=made, another=each) if made and each else made or each
    return made


def listed(words: Words, what: Sequence[str]) -> str:
    """Things one after the other."""
    made = ""
    for each in what:
        made = words("{one}, {another}", one=made, another=each) if made else each
    return made
