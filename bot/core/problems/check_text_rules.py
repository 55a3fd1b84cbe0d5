"""A text as the pieces that the check looks at: words, numbers, links, mentions, marks.

Every pattern is bounded or possessive, so that no text makes it slower than its length.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple


class Form(StrEnum):
    """What kind of piece it is; `team` and `person` are found in a second look."""

    WORD = "word"
    NUMBER = "number"
    MARK = "mark"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    TICKET = "ticket"
    TIME = "time"
    DATE = "date"
    MENTION = "mention"
    HANDLE = "handle"
    PLACE = "place"
    TEAM = "team"
    PERSON = "person"


class Piece(NamedTuple):
    """One piece of a text. start, end: code points; key: the word as it is looked up (folded)."""

    form: Form
    text: str
    key: str
    start: int
    end: int
    first: bool

    @property
    def capital(self) -> bool:
        """Whether it begins as a name does; shouting ("LEGAL") is no name."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())

    @property
    def owns(self) -> bool:
        """Whether it ends in a possessive."""
        return self.key.endswith(("'s", "'"))


# Longer runs are no words that anybody looks up; folding them would only take time.
_LONGEST_WORD: Final = 60
_ENDS: Final = frozenset(".!?:;\n…")
_OPENS: Final = frozenset("\"'“”„«»(*_-•>¿¡‘’[")
_MARKS: Final = "\u0300-\u036f"

_PATTERN: Final = re.compile(
    rf"""
    (?P<link><?https?://[^\s<>]{{1,2900}}(?<![.,;:!?)\]'"])>?|\bwww\.[\w-]{{1,63}}+\.[^\s<>]{{2,200}}(?<![.,;:!?)\]'"]))
  | (?P<mention><@[UW][A-Z0-9]{{1,20}}(?:\|[^<>\n]{{0,80}})?>)
  | (?P<email><mailto:[^<>\s]{{3,200}}>|(?<![\w.+-])[\w.+-]{{1,64}}+@[\w-]{{1,63}}+(?:\.[\w-]{{1,63}}+){{1,4}}+)
  | (?P<place><[!\#][^<>\n]{{1,100}}>)
  | (?P<handle>(?<![\w.`])@[^\W\d_][\w.-]{{0,40}}(?<![.-])(?![\w/]))
  | (?=[\d+(])(?:(?P<date>(?<![\w./-])
      (?:\d{{4}}-\d\d?-\d\d?|\d\d?(?P<sep>[./-])\d\d?(?P=sep)(?:\d{{4}}|\d\d))(?![\w/-])(?!\.\d)
      |(?<![\w./-])\d\d?\.[ ]?\d\d?\.(?!\d))
  | (?P<phone>(?<![\w.])(?:\+\d[\d ()/.-]{{6,18}}\d|\(?0\d{{2,4}}\)?[ /-]\d[\d -]{{4,12}}\d
      |\(?\d{{3}}\)?[ .-]\d{{3}}[.-]\d{{4}})(?!\w))
  | (?P<time>(?<![\w:.])(?:[01]?\d|2[0-3])(?::[0-5]\d(?::[0-5]\d)?(?:[ ]?[ap]\.?m\b)?|[ ]?[ap]\.?m\b)(?![:\w]))
  | (?P<number>\d{{1,15}}(?:[.,]\d{{1,6}}){{0,6}}+(?:st|nd|rd|th|º)?(?!\w)))
  | (?P<ticket>(?<![\w-])[A-Z][A-Z0-9]{{1,9}}-\d{{1,7}}(?![\w-])|(?<![\w&])\#\d{{3,7}}(?!\w))
  | (?P<word>[^\W\d_](?:[\w{_MARKS}]|['’-](?=[^\W_]))*+(?:'(?=\s)|’(?=\s))?)
  | (?P<mark>\w+|\n|\S)
    """,
    re.VERBOSE,
)


def folded(word: str) -> str:
    """The word as it is looked up: without case, accents and typographic apostrophes."""
    if len(word) > _LONGEST_WORD:
        return word
    plain = word.replace("’", "'")
    if not plain.isascii():
        plain = "".join(
            each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each)
        )
    return plain.casefold()


def pieces(text: str) -> list[Piece]:
    """All pieces of a text in their order; spaces are none, a line's end is one."""
    found: list[Piece] = []
    first = True
    for match in _PATTERN.finditer(text):
        form, piece = Form(match.lastgroup or "mark"), match.group()
        key = folded(piece) if form is not Form.MARK else piece
        found.append(Piece(form, piece, key, match.start(), match.end(), first))
        first = form is Form.MARK and (piece in _ENDS or (first and piece in _OPENS))
    return found


def phrase_keys(name: str) -> tuple[str, ...]:
    """A name of several words as it is looked up."""
    return tuple(piece.key for piece in pieces(name))
