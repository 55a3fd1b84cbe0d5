"""Phrases as data, and the one walk that finds them.

A phrase is words with a blank between: `a|b` is either, a `?` at the end makes a word optional, `<often>` stands
for a set of words, `{who}` for a kind of piece, and `[...]` is the part that is marked (all of it without).
An operator writes no patterns, so none can be slow: the walk is a look-up of each word in a tree of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from bot.core.problems.check_text_rules import Piece, folded

# Slots whose width depends on what follows, and those that are one piece of a kind.
WIDE: Final = frozenset({"{things}", "{clause}", "{gap}", "{proper}"})
SLOTS: Final = WIDE | frozenset(
    {
        "{team}",
        "{team's}",
        "{person}",
        "{person's}",
        "{who}",
        "{whose}",
        "{do}",
        "{done}",
        "{any}",
        "{digits}",
    }
    | {"{ticket}", "{link}", "{email}", "{phone}", "{time}"}
)
# A line of the data that stands for more phrases than this is a slip.
_MOST_READINGS: Final = 3000


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a found phrase means. why: None for a phrase that shields its words from others.

    slots: its words and kinds of pieces; opened, closed: the marked ones; unless: words that, coming next, make it
    harmless.
    """

    why: str | None
    offer: str | None
    slots: tuple[str, ...]
    opened: int
    closed: int
    unless: frozenset[str]


@dataclass(slots=True)
class Node:
    """A place in the tree of phrases."""

    words: dict[str, Node] = field(default_factory=dict)
    slots: dict[str, Node] = field(default_factory=dict)
    wide: dict[str, Node] = field(default_factory=dict)
    ends: list[Phrase] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in pieces; bounds: where each of its slots begins, and the last one's end."""

    phrase: Phrase
    bounds: tuple[int, ...]

    @property
    def start(self) -> int:
        """The first marked piece."""
        return self.bounds[self.phrase.opened]

    @property
    def end(self) -> int:
        """The piece after the last marked one."""
        return self.bounds[self.phrase.closed]


def _alternatives(word: str, sets: Mapping[str, Sequence[str]]) -> list[str]:
    if re.fullmatch(r"<[\w-]+>", word):
        name = word[1:-1]
        if name not in sets:
            raise ValueError(f"<{name}> is no set of words")
        return [each for listed in sets[name] for each in _alternatives(listed, sets)]
    if word.startswith("{"):
        if word not in SLOTS:
            raise ValueError(f"{word} is no kind of piece")
        return [word]
    return [folded(each) for each in word.split("|")]


def readings(say: str, sets: Mapping[str, Sequence[str]]) -> list[tuple[tuple[str, ...], int, int]]:
    """All word by word readings of a phrase, each with its first marked slot and the one after the last.

    Raises ValueError for an unknown set or kind, brackets that don't close, or far too many readings.
    """
    choices: list[list[str]] = []
    for raw in say.split():
        opens, closes = raw.startswith("["), raw.rstrip("?").endswith("]")
        word = raw.replace("[", "").replace("]", "")
        optional = word.endswith("?")
        if opens:
            choices.append(["["])
        choices.append([*_alternatives(word.rstrip("?"), sets), *([""] if optional else [])])
        if closes:
            choices.append(["]"])
    size = 1
    for choice in choices:
        size *= len(choice)
    if size > _MOST_READINGS:
        raise ValueError(f"{say!r} stands for {size} phrases; at most {_MOST_READINGS}")
    found = []
    for chosen in product(*choices):
        words = [word for each in chosen if each for word in each.split()]
        if words.count("[") > 1 or words.count("[") != words.count("]"):
            raise ValueError(f"{say!r} needs one [ and one ]")
        plain = tuple(word for word in words if word not in "[]")
        opened = words.index("[") if "[" in words else 0
        closed = words.index("]") - 1 if "]" in words else len(plain)
        if not plain or opened >= closed:
            raise ValueError(f"{say!r} marks nothing")
        found.append((plain, opened, closed))
    return found


def planted(root: Node, phrase: Phrase) -> None:
    """Put one reading of a phrase into the tree."""
    node = root
    for slot in phrase.slots:
        branch = node.wide if slot in WIDE else node.slots if slot in SLOTS else node.words
        node = branch.setdefault(slot, Node())
    node.ends.append(phrase)


Widths = Callable[[str, int], Iterable[int]]


def longest(
    root: Node, pieces: Sequence[Piece], kinds: Sequence[Sequence[str]], at: int, widths: Widths
) -> Hit | None:
    """The phrase that begins at this piece and reaches furthest; of two equally long one of words wins.

    kinds: the slots that each piece alone fills; widths: how many pieces a wide slot may take from a piece on.
    """
    best: Hit | None = None
    open_ends: list[tuple[Node, tuple[int, ...]]] = [(root, (at,))]
    size = len(pieces)
    while open_ends:
        node, bounds = open_ends.pop()
        here = bounds[-1]
        for phrase in node.ends:
            harmless = phrase.unless and here < size and pieces[here].key in phrase.unless
            if not harmless and (best is None or here > best.bounds[-1]):
                best = Hit(phrase, bounds)
        if here == size:
            continue
        for slot, child in node.wide.items():
            for width in widths(slot, here):
                open_ends.append((child, (*bounds, here + width)))
        if node.slots:
            for slot in kinds[here]:
                if (filled := node.slots.get(slot)) is not None:
                    open_ends.append((filled, (*bounds, here + 1)))
        if (following := node.words.get(pieces[here].key)) is not None:
            open_ends.append((following, (*bounds, here + 1)))
    return best
