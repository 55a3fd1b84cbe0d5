"""What came back from these buttons and forms: requests, not proof."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.core.problems.acts import Told
from bot.core.problems.rules import Mechanism, Ownership
from bot.core.refusal import Refusal
from bot.slack.confirming import views


def read_ident(value: str) -> int:
    """The problem that a button or form is about."""
    if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) < 2**63):
        raise Refusal("This button can't be read any more. `{command} list` shows what is open.")
    return int(value)


def read_why(value: str) -> tuple[int, Mechanism]:
    """The problem, and the answer that was tapped."""
    ident, _, said = value.partition(":")
    try:
        return read_ident(ident), Mechanism(said)
    except ValueError:
        raise Refusal("This button can't be read any more. `{command} list` shows what is open.") from None


def read_form(view: Mapping[str, Any]) -> int:
    """The problem that a form is about."""
    try:
        kept = json.loads(str(view.get("private_metadata") or ""))
    except ValueError:
        kept = None
    return read_ident(str(kept.get("problem")) if isinstance(kept, dict) else "")


def read_told(view: Mapping[str, Any]) -> Told | None:
    """What somebody added; None where nothing was."""
    hours = views.WEEKLY.get(_option(view, views.HOURS))
    alone = _option(view, views.ALONE)
    told = Told(
        hours=hours[1] if hours else None,
        mechanism=Mechanism(alone) if alone in set(Mechanism) else None,
        would_help=str(_element(view, views.WOULD_HELP).get("value") or "").strip(),
    )
    return None if told == Told() else told


def read_team(view: Mapping[str, Any]) -> int:
    return _team(_option(view, views.COUNTS_FOR))


def read_answer(view: Mapping[str, Any]) -> tuple[frozenset[int], Ownership | None]:
    """The teams that would have to change, and whose it is."""
    picked = _element(view, views.NEEDED_FROM).get("selected_options") or []
    teams = frozenset([_team(str(each.get("value"))) for each in picked if isinstance(each, dict)])
    owned = _option(view, views.OWNED)
    return teams, Ownership(owned) if owned in set(Ownership) else None


def _team(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) < 2**63):
        raise Refusal("That team can't be read any more. Please pick it again.")
    return int(value)


def _element(view: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    values = (view.get("state") or {}).get("values") or {}
    found = (values.get(block) or {}).get(block)
    return found if isinstance(found, dict) else {}


def _option(view: Mapping[str, Any], block: str) -> str:
    option = _element(view, block).get("selected_option")
    return str(option.get("value") or "") if isinstance(option, dict) else ""
