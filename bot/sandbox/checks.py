"""Small pieces that a shape of JSON is checked with; each adds what is wrong, with its place, to a list of words."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Check = Callable[[Any, str, list[str]], None]


def wrong(words: list[str], text: str, where: str) -> None:
    words.append(f"[ERROR] {text} [json-pointer:{where}]")


def text(most: int, least: int = 0, pattern: str | None = None) -> Check:
    shape = re.compile(pattern) if pattern else None

    def check(value: Any, where: str, words: list[str]) -> None:
        if not isinstance(value, str):
            wrong(words, "must be a string", where)
        elif len(value) > most:
            wrong(words, f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            wrong(words, f"must be more than {least - 1} character{'s' if least != 2 else ''}", where)
        elif shape is not None and not shape.search(value):
            wrong(words, "has the wrong format", where)

    return check


def flag(value: Any, where: str, words: list[str]) -> None:
    if not isinstance(value, bool):
        wrong(words, "must be a boolean", where)


def number(least: int, most: int) -> Check:
    def check(value: Any, where: str, words: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            wrong(words, "must be an integer", where)
        elif not least <= value <= most:
            wrong(words, f"must be between {least} and {most}", where)

    return check


def one_of(*allowed: Any) -> Check:
    def check(value: Any, where: str, words: list[str]) -> None:
        if value not in allowed:
            wrong(words, f"must be one of {', '.join(map(str, allowed))}", where)

    return check


def anything(_value: Any, _where: str, _words: list[str]) -> None:
    return None


def items(check_one: Check, most: int, least: int = 1, *, unique: bool = False) -> Check:
    def check(value: Any, where: str, words: list[str]) -> None:
        if not isinstance(value, list):
            wrong(words, "must be an array", where)
            return
        if len(value) < least:
            wrong(words, f"must have at least {least} item{'s' if least != 1 else ''}", where)
        if len(value) > most:
            wrong(words, f"no more than {most} items allowed", where)
        if unique and len({str(one) for one in value}) != len(value):
            wrong(words, "items must be unique", where)
        for position, one in enumerate(value):
            check_one(one, f"{where}/{position}", words)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *,
    exactly_one: Sequence[str] = (),
    least: int = 0,
) -> Check:
    """An object with these keys and no other; `exactly_one` of some optional keys must be there, and `least` keys in all."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str, words: list[str]) -> None:
        if not isinstance(value, dict):
            wrong(words, "must be an object", where)
            return
        if len(value) < least:
            wrong(words, "must not be empty", where)
        for key in required:
            if key not in value:
                wrong(words, f"missing required field: {key}", where)
        if exactly_one and sum(key in value for key in exactly_one) != 1:
            wrong(words, f"must have exactly one of {', '.join(exactly_one)}", where)
        for key, inner in value.items():
            if key not in known:
                wrong(words, f"additional property: {key}", where)
            else:
                known[key](inner, f"{where}/{key}", words)

    return check


def by_type(kinds: Mapping[str, Check], what: str) -> Check:
    def check(value: Any, where: str, words: list[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            wrong(words, f"unsupported type of {what}: {kind}", f"{where}/type")
        else:
            kinds[kind](value, where, words)

    return check
