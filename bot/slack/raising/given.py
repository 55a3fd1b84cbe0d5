"""What came back from the form: a request, not proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.problems.catalogue import named
from bot.core.problems.records import RaisedAs
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.slack.raising import fields
from bot.slack.raising.carried import WAYS, Carried, Choices, unpacked

#: What a button's value begins with, so that it is never empty.
_KEPT = ">"
_MOST_KEPT = 1999
BOTH = (
    "Anonymous and with your name do not go together. Take the tick away, or pick the confidential way above."
)


@dataclass(frozen=True, slots=True)
class Given:
    """The words and how they are sent; `faults` says by block what can't be taken as it is."""

    wording: Wording
    choices: Choices
    carried: Carried
    faults: Mapping[str, Refusal] = field(default_factory=dict)

    @property
    def tag(self) -> int | None:
        return self.carried.tag

    @property
    def with_name(self) -> bool:
        return self.tag is None and self.choices.with_name

    @property
    def anonymous(self) -> bool:
        return self.tag is None and self.choices.way == RaisedAs.ANONYMOUS.value

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by block."""
        said = (self.wording.title, self.wording.hardship, self.wording.tried, self.wording.guardrails)
        return {block: text for block, text in zip(fields.TEXTS, said, strict=True) if text}

    def saying(self, texts: Mapping[str, str]) -> Given:
        """The same with other words."""
        title, hardship, tried, guardrails = (texts.get(block, "") for block in fields.TEXTS)
        wording = replace(self.wording, title=title, hardship=hardship, tried=tried, guardrails=guardrails)
        return replace(self, wording=wording, faults=unfit(wording))


def read_form(view: Mapping[str, Any]) -> Given:
    """A form as it was sent: from its fields, or from what it carries of the form before it."""
    carried = unpacked(view.get("private_metadata"))
    values = (view.get("state") or {}).get("values") or {}
    # Where the words stand in fields of another form, their blocks bear a name of their own.
    tail = f".{carried.shown}" if carried.shown else ""
    texts = carried.texts or texts_in(view, tail)
    choices = carried.choices or _picks(values)
    faults = _unpickable(choices, tagged=carried.tag is not None)
    label = named(choices.label)
    wording = Wording(
        title=texts.get(fields.TITLE, ""),
        hardship=texts.get(fields.HARDSHIP, ""),
        tried=texts.get(fields.TRIED, ""),
        guardrails=texts.get(fields.GUARDRAILS, ""),
        label=label.name if label else None,
        felt_by=choices.felt_by,
        needed_from=choices.needed_from or None,
    )
    faults |= {block + tail: fault for block, fault in unfit(wording).items()}
    return Given(wording, choices, carried, faults)


def texts_in(view: Mapping[str, Any], tail: str = "") -> dict[str, str]:
    """What stands in a form's fields, whose blocks end in `tail`."""
    values = (view.get("state") or {}).get("values") or {}
    return {block: str(_element(values, block + tail, block).get("value") or "") for block in fields.TEXTS}


def _picks(values: Mapping[str, Any]) -> Choices:
    needed = _picked(_element(values, fields.NEEDED_FROM))
    way = str((_element(values, fields.WAY).get("selected_option") or {}).get("value") or "")
    return Choices(
        way=way if way in WAYS else None,
        with_name=fields.SHOW_NAME in _picked(_element(values, fields.NAME)),
        felt_by=_teams(_picked(_element(values, fields.FELT_BY))),
        needed_from=_teams([each for each in needed if each != fields.DONT_KNOW]),
        unknown=fields.DONT_KNOW in needed,
        label=str((_element(values, fields.LABEL).get("selected_option") or {}).get("value") or ""),
    )


def _unpickable(choices: Choices, *, tagged: bool) -> dict[str, Refusal]:
    faults: dict[str, Refusal] = {}
    if choices.unknown and choices.needed_from:
        faults[fields.NEEDED_FROM] = Refusal('Pick teams, or "Don\'t know"; not both.')
    if choices.label and named(choices.label) is None:
        faults[fields.LABEL] = Refusal("That is no longer in the list. Please pick another one, or none.")
    if tagged:
        return faults
    if choices.way is None:
        # Never guessed: whoever picked "nobody at all" must not be kept by a slip on the way.
        faults[fields.WAY] = Refusal("Please pick who may learn that it was you.")
    elif choices.way == RaisedAs.ANONYMOUS.value and choices.with_name:
        faults[fields.NAME] = Refusal(BOTH)
    return faults


def read_tag(view: Mapping[str, Any]) -> int | None:
    """The tag that a form puts in words, where it does."""
    return unpacked(view.get("private_metadata")).tag


def number(value: str) -> int:
    """An id that a button or a form carried."""
    if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) < 2**63):
        raise Refusal("This button can't be read any more. `{command}` opens the form anew.")
    return int(value)


def keeping(said: str) -> str:
    """Words as a button's value keeps them, as far as they fit."""
    return _KEPT + said[:_MOST_KEPT]


def fits(said: str) -> bool:
    return len(said) <= _MOST_KEPT


def kept(value: str) -> str:
    """The words that a button kept."""
    return value.removeprefix(_KEPT) if value.startswith(_KEPT) else ""


def _element(values: Mapping[str, Any], block: str, action: str = "") -> Mapping[str, Any]:
    found = (values.get(block) or {}).get(action or block)
    return found if isinstance(found, dict) else {}


def _picked(element: Mapping[str, Any]) -> list[str]:
    return [
        str(each.get("value")) for each in element.get("selected_options") or [] if isinstance(each, dict)
    ]


def _teams(picked: list[str]) -> frozenset[int]:
    ids = (int(each) for each in picked if each.isascii() and each.isdigit() and len(each) < 20)
    return frozenset(each for each in ids if 0 < each < 2**63)


def unfit(wording: Wording) -> dict[str, Refusal]:
    """What can't be taken, by block: each text on its own, so that every fault stands beside its field."""
    tries: dict[str, Callable[[], Wording]] = {
        fields.TITLE: Wording(wording.title, "x").checked,
        fields.HARDSHIP: Wording("x", wording.hardship).checked,
        fields.TRIED: Wording("x", "x", tried=wording.tried).checked,
        fields.GUARDRAILS: Wording("x", "x", guardrails=wording.guardrails).checked,
    }
    faults = {}
    for block, check in tries.items():
        try:
            check()
        except Refusal as refusal:
            faults[block] = refusal
    return faults
