"""What a form brings back besides its fields, within the 3,000 characters that Slack carries for it.

It comes back from a person's screen: a request, not proof. Nothing of it is kept here between two clicks.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.identity.receipts import digits_of
from bot.core.problems.records import RaisedAs
from bot.core.refusal import Refusal
from bot.core.store import is_id
from bot.slack import text as t

#: How a form may be sent; "show my name" is a tick beside it.
WAYS = (RaisedAs.CONFIDENTIAL.value, RaisedAs.ANONYMOUS.value)
#: Bytes that the longest words of a form can have, all together.
_MOST = 64_000
#: Bytes of a team's id, and teams that are carried of one field.
_ID, _TEAMS_MOST = 8, 100


@dataclass(frozen=True, slots=True)
class Choices:
    """What was picked rather than typed. `way` is None where nothing was; `unknown` is "Don't know"."""

    way: str | None = RaisedAs.CONFIDENTIAL.value
    with_name: bool = False
    felt_by: frozenset[int] = frozenset()
    needed_from: frozenset[int] = frozenset()
    unknown: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a form brings back.

    tag: the problem that it puts in words. receipt: sixteen digits. choices, texts: of a form that another one
    has replaced; texts by block, None where they stand in the form's own fields. shown: names the words that a
    person has seen, so that no others are sent.
    """

    tag: int | None = None
    receipt: str | None = None
    choices: Choices | None = None
    texts: Mapping[str, str] | None = None
    shown: str = ""

    def __repr__(self) -> str:
        return "Carried(...)"


def packed(carried: Carried) -> str:
    """As `private_metadata`; the caller asks `fits` first where texts are in it."""
    made: dict[str, Any] = {}
    if carried.tag is not None:
        made["problem"] = str(carried.tag)
    if carried.receipt is not None:
        made["receipt"] = carried.receipt
    if carried.choices is not None:
        made["picked"] = _picked(carried.choices)
    if carried.texts is not None:
        made["texts"] = _squeezed(carried.texts)
    if carried.shown:
        made["shown"] = carried.shown
    return json.dumps(made, separators=(",", ":"))


def fits(carried: Carried) -> bool:
    """Whether Slack carries it."""
    return len(packed(carried)) <= t.METADATA


def unpacked(metadata: object) -> Carried:
    """What a form has brought back; a refusal where it is none of ours."""
    try:
        made = json.loads(str(metadata or "{}"))
        if not isinstance(made, dict):
            raise TypeError
        return Carried(
            tag=_ident(made["problem"]) if "problem" in made else None,
            receipt=_digits(made["receipt"]) if "receipt" in made else None,
            choices=_choices(made["picked"]) if "picked" in made else None,
            texts=_texts(made["texts"]) if "texts" in made else None,
            shown=_shown(made.get("shown", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error):
        raise Refusal("This form can't be read any more. Please copy your words and open it again.") from None


def _picked(choices: Choices) -> dict[str, Any]:
    made: dict[str, Any] = {"way": choices.way}
    if choices.with_name:
        made["name"] = True
    if choices.felt_by:
        made["felt"] = _ids(choices.felt_by)
    if choices.needed_from:
        made["needed"] = _ids(choices.needed_from)
    if choices.unknown:
        made["unknown"] = True
    if choices.label:
        made["label"] = choices.label
    return made


def _choices(made: Mapping[str, Any]) -> Choices:
    way = made.get("way")
    label = str(made.get("label", ""))
    if (way is not None and way not in WAYS) or len(label) > t.OPTION_VALUE:
        raise ValueError
    return Choices(
        way=way,
        with_name=made.get("name") is True,
        felt_by=_teams(str(made.get("felt", ""))),
        needed_from=_teams(str(made.get("needed", ""))),
        unknown=made.get("unknown") is True,
        label=label,
    )


def _ids(idents: Iterable[int]) -> str:
    kept = sorted(idents)[:_TEAMS_MOST]  # more can't be picked
    return base64.urlsafe_b64encode(b"".join(ident.to_bytes(_ID) for ident in kept)).decode()


def _teams(kept: str) -> frozenset[int]:
    raw = base64.b64decode(kept, altchars=b"-_", validate=True)
    if len(raw) % _ID:
        raise ValueError
    return frozenset(int.from_bytes(raw[at : at + _ID]) for at in range(0, len(raw), _ID))


def _squeezed(texts: Mapping[str, str]) -> str:
    said = json.dumps(dict(texts), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(zlib.compress(said, 9)).decode()


def _texts(kept: str) -> dict[str, str]:
    squeezed = base64.b64decode(kept, altchars=b"-_", validate=True)
    said = json.loads(zlib.decompressobj().decompress(squeezed, _MOST))
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise TypeError
    return said


def _ident(kept: object) -> int:
    said = str(kept)
    if not (said.isascii() and said.isdigit() and len(said) < 20 and is_id(int(said))):
        raise ValueError
    return int(said)


def _digits(kept: object) -> str:
    if not isinstance(kept, str) or digits_of(kept) != kept:
        raise ValueError
    return kept


def _shown(kept: object) -> str:
    if not isinstance(kept, str) or len(kept) > 32 or not kept.isascii() or (kept and not kept.isalnum()):
        raise ValueError
    return kept
