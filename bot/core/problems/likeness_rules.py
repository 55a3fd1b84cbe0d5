"""What a text comes to for comparing: its words without their endings, and the ideas that they stand for."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

#: Characters of a word that count: what follows is an ending in most European languages.
STEM: Final = 6
#: Shortest part of a compound that may stand for an idea of its own.
_PART: Final = 5
#: Characters of the longer text that are compared, of any text that are read, and words that are remembered.
HARDSHIP_READ: Final = 400
READ_MOST: Final = 1000
_REMEMBERED: Final = 50_000

_WORD = re.compile(r"[^\W_]+")
#: Scripts that are written without spaces: there, two characters at a time are the words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")

#: Words that say nothing of what a text is about, folded: English, German, Spanish, French.
_STOP_WORDS: Final = """
a about after all also am an and any are as at be been being but by can cannot could did do does don for from
get gets got had has have he her his how i if in into is isn it its just like make makes many may me more most
must my no not now of off on one only or other our out over own s she should since so some such t than that the
their them then there these they this those through to too until up us very was we were what when where which
while who why will with would you your
aber als also am an auch auf aus bei bis bin da damit dann das dass dem den denn der des die dies diese dieser
dieses doch du durch ein eine einem einen einer eines er es fur habe haben hat hier ich ihr ihre im in ist ja
kann konnen man mehr mein meine mich mir mit muss mussen nach nicht noch nun nur ob oder schon sehr sein seine
sich sie sind so soll uber um und uns unser unsere unsere unter vom von vor war warum was weil wenn wer werden
wie wieder wir wird wo zu zum zur
al algo ante aqui asi aun aunque como con cual cuando de del desde donde el ella en entre era es esa ese eso
esta este esto estan fue ha han hasta hay la las le les lo los mas me mi mientras muy ni no nos nuestra nuestro
o os otra otro para pero por porque pues que quien se segun ser si sin sobre son su sus tambien tan te tiene
tienen todo tu un una uno unos y ya
ai au aux avec c ca ce cela ces cet cette comme d dans de des du elle en encore est et eu il ils j je l la le
les leur leurs lui m ma mais me mes meme moi mon n ne ni nos notre nous on ont ou par pas pour qu quand que qui
s sa sans se ses si son sont sur t ta te tes tu un une vos votre vous y
"""
_STOP: Final = frozenset(_STOP_WORDS.split())


def folded(text: str) -> str:
    """In small letters and without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def words_of(text: str) -> Iterator[str]:
    """The words of a text, folded, as they follow one another."""
    for word in _WORD.findall(folded(text[:READ_MOST])):
        unspaced = _UNSPACED.search(word)
        if unspaced is None:
            yield word
        else:
            run = unspaced.group()
            yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


def key(what: str) -> int:
    """A word as a number of 32 bits, the same on every machine."""
    return zlib.crc32(what.encode())


@dataclass(slots=True)
class Ideas:
    """Which words stand for which ideas; `whole` by the word itself, `begun` by how it begins.

    Made by `ideas_from`, which gives the ideas' `names` in their order and a `version` that changes with the list.
    Remembers what it has looked up.
    """

    whole: Mapping[str, frozenset[str]]
    begun: Mapping[str, frozenset[str]]
    names: tuple[str, ...]
    version: str
    places: Mapping[str, int] = field(init=False)
    _shortest: int = field(init=False)
    _longest: int = field(init=False)
    _known: dict[str, frozenset[str]] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.places = {name: place for place, name in enumerate(self.names)}
        lengths = [len(start) for start in self.begun] or [1]
        self._shortest, self._longest = min(lengths), max(lengths)

    def of(self, word: str) -> frozenset[str]:
        """The ideas behind a folded word, for a compound those of its parts."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._look_up(word)
        return found

    def _look_up(self, word: str) -> frozenset[str]:
        if word in self.whole:
            return self.whole[word]
        start = self._beginning(word)
        found = self.begun.get(start, frozenset())
        for at in range(max(len(start), 3), len(word) - _PART + 1):
            rest = word[at:]
            if rest in self.whole:
                return found | self.whole[rest]
            part = self._beginning(rest)
            if len(part) >= _PART:
                return found | self.begun[part]
        return found

    def _beginning(self, word: str) -> str:
        for length in range(min(len(word), self._longest), self._shortest - 1, -1):
            if word[:length] in self.begun:
                return word[:length]
        return ""


def ideas_from(text: str) -> Ideas:
    """Read a list of ideas: a line each, `name: word, begin* | ...`; raises ValueError with the line's number."""
    whole: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    names: list[str] = []
    for at, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, listed = line.partition(":")
        if not colon or not name.strip() or not listed.strip():
            raise ValueError(f"line {at}: a name, a colon and words are needed")
        names.append(name.strip())
        for each in listed.replace("|", ",").split(","):
            word = folded(each.strip())
            if word:
                into, stem = (begun, word[:-1]) if word.endswith("*") else (whole, word)
                into.setdefault(stem, set()).add(name.strip())
    return Ideas(
        {word: frozenset(names) for word, names in whole.items()},
        {word: frozenset(names) for word, names in begun.items()},
        tuple(dict.fromkeys(names)),
        f"{zlib.crc32(text.encode()):08x}",
    )


def terms(text: str) -> list[int]:
    """The words that a text is found by, without their endings, each once and in order of their number."""
    return sorted({key(word[:STEM]) for word in words_of(text) if word not in _STOP})


def told(text: str) -> frozenset[str]:
    """The words that say what a text is about."""
    return frozenset(word for word in words_of(text) if word not in _STOP)


def read_of(title: str, hardship: str) -> str:
    """What of a problem is read for its words: its line, and the beginning of what it makes hard."""
    return f"{title}\n{hardship[:HARDSHIP_READ]}"
