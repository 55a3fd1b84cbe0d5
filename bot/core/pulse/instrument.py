"""What a pulse asks: a data file, ours (`pulse.yml` beside this) or an operator's, refused with reasons where malformed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml

#: The points of the agreement scale, from "not at all" to "entirely".
LEAST, MOST = 1, 7
#: A page has to fit into a form, and to be answered in three minutes.
ITEMS_MOST, ABOUT_MOST, OPTIONS_MOST = 20, 6, 20
_TEXT_MOST, _OPTION_MOST, _NAME_MOST = 300, 75, 150
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
_FIELDS: Final = {"id", "page", "kind", "text", "reversed", "line", "options"}


class Kind(StrEnum):
    AGREE = "agree"
    CHOICE = "choice"
    ABOUT = "about"  # agreement, of a function that one works with
    TEXT = "text"


class Malformed(Exception):
    """A file of questions that can't be used; `faults` names every reason, a line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["The file of the pulse's questions can't be used.", *faults]))


@dataclass(frozen=True, slots=True)
class Item:
    """One question. options: code and words, of a choice alone. line: counts for leaving the careful mode."""

    id: str
    page: int
    kind: Kind
    text: str
    reversed: bool = False
    line: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """All questions in their order, and the words of the scale's ends and middle."""

    name: str
    about: str
    least: str
    middle: str
    most: str
    items: tuple[Item, ...]

    def page(self, number: int, *kinds: Kind) -> list[Item]:
        return [item for item in self.items if item.page == number and (not kinds or item.kind in kinds)]

    def item(self, ident: str) -> Item | None:
        return next((item for item in self.items if item.id == ident), None)

    def stored(self) -> dict[str, Any]:
        """As a wave keeps it, so that a later file changes nothing that was asked."""
        return {
            "name": self.name,
            "about": self.about,
            "scale": {"least": self.least, "middle": self.middle, "most": self.most},
            "items": [_stored(item) for item in self.items],
        }


def _stored(item: Item) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": item.id, "page": item.page, "kind": item.kind.value, "text": item.text}
    kept |= {name: True for name in ("reversed", "line") if getattr(item, name)}
    # A list, since a database may keep the keys of an object in an order of its own.
    return kept | ({"options": [list(option) for option in item.options]} if item.options else {})


def load(path: Path | None = None) -> Instrument:
    """The questions of a file, ours without one. Raises `Malformed` where it can't be read or used."""
    source = path or Path(__file__).with_name("pulse.yml")
    try:
        written = yaml.safe_load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise Malformed([f"It can't be read ({error.strerror or type(error).__name__})."]) from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise Malformed(["It is not YAML in UTF-8."]) from None
    return read(written)


def read(written: object) -> Instrument:
    """The questions from a file's or a wave's mapping. Raises `Malformed` with every fault in it."""
    if not isinstance(written, Mapping):
        raise Malformed(["It should be a mapping with name, about, scale and items."])
    faults: list[str] = []
    name, about = (_words(written.get(key), key, _TEXT_MOST, faults) for key in ("name", "about"))
    scale = written.get("scale")
    ends = scale if isinstance(scale, Mapping) else {}
    least, middle, most = (
        _words(ends.get(key), f"scale: {key}", _OPTION_MOST - 5, faults)
        for key in ("least", "middle", "most")
    )
    listed = written.get("items")
    if not isinstance(listed, list) or not listed:
        raise Malformed([*faults, "items should be a list of questions."])
    items = tuple(
        item for number, each in enumerate(listed, 1) if (item := _item(each, number, faults)) is not None
    )
    _together(items, faults)
    if faults:
        raise Malformed(faults)
    return Instrument(name, about, least, middle, most, items)


def _words(written: object, what: str, most: int, faults: list[str]) -> str:
    said = " ".join(written.split()) if isinstance(written, str) else ""
    if not said or not said.isprintable():
        faults.append(f"{what} should be words.")
    elif len(said) > most:
        faults.append(f"{what} has {len(said)} characters and can have {most}.")
    return said


def _item(written: object, number: int, faults: list[str]) -> Item | None:
    if not isinstance(written, Mapping):
        faults.append(f"Question {number} should be a mapping.")
        return None
    before = len(faults)
    ident = str(written.get("id", ""))
    what = f"Question {ident or number}"
    if not _ID.fullmatch(ident):
        faults.append(f"{what}: its id should be a letter, then letters, digits or _, at most 20.")
    if strange := sorted(str(key) for key in written if key not in _FIELDS):
        faults.append(f"{what}: {', '.join(strange)} is not known here.")
    page, kind = written.get("page"), written.get("kind")
    if page not in (1, 2) or isinstance(page, bool):
        faults.append(f"{what}: page should be 1 or 2.")
    if kind not in [each.value for each in Kind]:
        faults.append(f"{what}: kind should be agree, choice, about or text.")
    text = _words(written.get("text"), f"{what}: text", _TEXT_MOST, faults)
    flags = {name: written.get(name, False) for name in ("reversed", "line")}
    for name, flag in flags.items():
        if not isinstance(flag, bool) or (flag and kind != Kind.AGREE.value):
            faults.append(f"{what}: {name} is true or false, of agreement alone.")
    options = _options(written.get("options"), what, kind == Kind.CHOICE.value, faults)
    if kind == Kind.ABOUT.value and page == 1:
        faults.append(f"{what}: what is asked of a function one works with stands on page 2.")
    if len(faults) > before:
        return None
    return Item(ident, int(page or 0), Kind(str(kind)), text, flags["reversed"], flags["line"], options)


def _options(written: object, what: str, wanted: bool, faults: list[str]) -> tuple[tuple[str, str], ...]:
    if not wanted:
        if written is not None:
            faults.append(f"{what}: only a choice has options.")
        return ()
    pairs = list(written.items()) if isinstance(written, Mapping) else written
    if (
        not isinstance(pairs, list)
        or not 2 <= len(pairs) <= OPTIONS_MOST
        or not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs)
    ):
        faults.append(f"{what}: a choice has 2 to {OPTIONS_MOST} options, each a code and its words.")
        return ()
    made = []
    for code, words in pairs:
        if not _ID.fullmatch(str(code)):
            faults.append(
                f"{what}: an option's code should be a letter, then letters, digits or _, at most 20."
            )
        made.append((str(code), _words(words, f"{what}, option {code}", _OPTION_MOST, faults)))
    if len({code for code, _ in made}) < len(made):
        faults.append(f"{what}: two options have the same code.")
    return tuple(made)


def _together(items: tuple[Item, ...], faults: list[str]) -> None:
    idents = [item.id for item in items]
    if twice := sorted({ident for ident in idents if idents.count(ident) > 1}):
        faults.append(f"These ids stand twice: {', '.join(twice)}.")
    if not any(item.page == 1 for item in items):
        faults.append("Page 1 asks nothing.")
    for number in (1, 2):
        plain = [item for item in items if item.page == number and item.kind is not Kind.ABOUT]
        if len(plain) > ITEMS_MOST:
            faults.append(f"Page {number} has {len(plain)} questions and can have {ITEMS_MOST}.")
    if sum(item.kind is Kind.ABOUT for item in items) > ABOUT_MOST:
        faults.append(f"At most {ABOUT_MOST} questions can be about a function one works with.")
