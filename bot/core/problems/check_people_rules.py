"""Which pieces of a text are people and which are teams.

A name of the lists is a person wherever it stands as one; a doubtful one ("Will", "Grace") or an unknown word needs
something beside it that only people do or have. Products, places, months and teams are no people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.core.problems.check_language_rules import Language, Names, Why
from bot.core.problems.check_text_rules import Form, Piece, folded

Teams = Mapping[str, tuple[tuple[str, ...], ...]]

_SHORTEST_UNKNOWN: Final = 3
_MOST_NAMES: Final = 3
_INITIALS: Final = 2
_MOST_LEADING: Final = 6
_MOST_LED: Final = 4


class Candidate(NamedTuple):
    """A place that may be marked: code points, the reason (None shields it), the offer, whether a sentence begins."""

    start: int
    end: int
    why: Why | None
    offer: str | None
    first: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What is known where the text is read: its language, the names, the workspace's teams."""

    language: Language
    names: Names
    teams: Teams
    small: Teams

    def has(self, listed: str, piece: Piece | None) -> bool:
        """Whether this piece is one of a set's words."""
        return piece is not None and piece.key in self.language.sets[listed]

    def team(self, pieces: Sequence[Piece], at: int, teams: Teams) -> int:
        """How many pieces a team's name takes here; 0 for none."""
        piece = pieces[at]
        for keys in (*teams.get(piece.key, ()), *(teams.get(_owner(piece), ()) if piece.owns else ())):
            said = pieces[at : at + len(keys)]
            if tuple(each.key for each in said[:-1]) == keys[:-1] and keys[-1] in (
                said[-1].key,
                _owner(said[-1]),
            ):
                return len(keys)
        return 0

    def function(self, pieces: Sequence[Piece], at: int) -> int:
        """How many pieces a function's name takes here, "the security people" included; 0 for none."""
        piece = pieces[at]
        key = _owner(piece)
        if piece.form is not Form.WORD or key not in self.language.sets["functions"]:
            return 0
        if len(key) <= _INITIALS:  # "IT" is a function, "It" is not
            return int(piece.text[: len(key)].isupper())
        return int(piece.text[0].isupper() or self.has("team_words", _at(pieces, at + 1)))

    def anybody(self, pieces: Sequence[Piece], at: int) -> bool:
        """Whether a team or function begins here."""
        return at < len(pieces) and bool(
            self.team(pieces, at, self.teams)
            or self.team(pieces, at, self.small)
            or self.function(pieces, at)
        )

    def other(self, piece: Piece) -> bool:
        """Whether this word is known to be something else than a person's name."""
        language, owner = self.language, _owner(piece)
        return (
            owner in self.names.things
            or owner in language.months
            or any(
                owner in language.sets[each]
                for each in (
                    "common",
                    "functions",
                    "team_words",
                    "not_names",
                    "weekdays",
                    "titles",
                    "who",
                    "own",
                )
            )
        )


def _at(pieces: Sequence[Piece], at: int) -> Piece | None:
    return pieces[at] if 0 <= at < len(pieces) else None


def _owner(piece: Piece) -> str:
    return piece.key.removesuffix("'s").removesuffix("'")


def _handle(piece: Piece, around: Around) -> bool:
    parts = folded(piece.text[1:]).replace("_", "-").replace(".", "-").split("-")
    sets = around.language.sets
    known = (sets["functions"], sets["team_words"], sets["not_names"], around.names.things)
    return not any(part in each for part in parts for each in known) and not any(
        part in around.teams or part in around.small for part in parts
    )


def _titled(pieces: Sequence[Piece], at: int, around: Around) -> int:
    if not around.has("titles", pieces[at]):
        return 0
    here = at
    while around.has("titles", _at(pieces, here)):
        here += 1
        if (dot := _at(pieces, here)) is not None and dot.text == ".":
            here += 1
    while here < at + _MOST_LEADING and around.has("particles", _at(pieces, here)):
        here += 1
    name = _at(pieces, here)
    if name is None or name.form is not Form.WORD or not name.capital or around.other(name):
        return 0
    again = 1 if around.language.nouns_capital and _owner(name) not in around.names.given else 2
    return here + 1 + _more_names(pieces, here + 1, around, again, titled=True) - at


def _acts(pieces: Sequence[Piece], at: int, around: Around) -> bool:
    """Whether what only somebody does is said here of whoever stands before: "should have answered"."""
    sets, none = around.language.sets, frozenset[str]()
    leads, led, deeds = (sets.get(each, none) for each in ("leads", "led", "deeds"))
    piece = _at(pieces, at)
    if piece is None or piece.key not in leads:
        return False
    for here in range(at + 1, at + 1 + _MOST_LED):
        piece = _at(pieces, here)
        if piece is None or piece.key in deeds:
            return piece is not None
        if piece.key not in leads | led:
            return False
    return False


def _more_names(pieces: Sequence[Piece], at: int, around: Around, most: int, *, titled: bool = False) -> int:
    """How many pieces behind a name belong to it: "de la Cruz", "van Dyk". titled: whatever has a capital does."""
    # Where nouns have capitals: none stands between the first word of a sentence and its verb, a surname does.
    here, taken = at, 0
    while taken < most - 1 and not pieces[here - 1].owns:
        ahead = here
        while ahead < here + 2 and around.has("particles", _at(pieces, ahead)):
            ahead += 1
        name = _at(pieces, ahead)
        if (
            name is None
            or name.form is not Form.WORD
            or not name.capital
            or name.first
            or around.other(name)
            or around.anybody(pieces, ahead)
            or not (titled or pieces[at - 1].first or _surname(name, around))
        ):
            break
        here, taken = ahead + 1, taken + 1
    return here - at


def _surname(name: Piece, around: Around) -> bool:
    """Where every noun has a capital, only what looks like a surname is one."""
    sets, owner = around.language.sets, _owner(name)
    return (
        not around.language.nouns_capital
        or owner in sets["surnames"]
        or owner.endswith(tuple(sets["surname_endings"]))
    )


def _given(piece: Piece, around: Around) -> tuple[str, bool]:
    """The list that this word's name is in ("given", "doubtful", "places" or ""), and whether it owns something."""
    names, key = around.names, _owner(piece)
    readings = [(key, piece.owns)]
    if around.language.nouns_capital and key.endswith("s"):
        readings.append((key[:-1], True))
    for each, owns in readings:
        first, _, second = each.partition("-")
        if each in names.given or (
            second and first in names.given and piece.text.partition("-")[2].islower()
        ):
            return "given", owns
        if second and first in names.given and second in names.given:
            return "given", owns
        if each in names.doubtful:
            return "doubtful", owns
        if each in names.places:
            return "places", owns
    return "", piece.owns


def _named(pieces: Sequence[Piece], at: int, around: Around) -> int:
    """How many pieces of a person's name stand here; 0 for none."""
    piece, before = pieces[at], _at(pieces, at - 1)
    if piece.form is not Form.WORD or not piece.capital or around.has("not_after", before):
        return 0
    listed, owns = _given(piece, around)
    if not listed and (around.language.nouns_capital or around.other(piece) or piece.owns):
        return 0
    most = _MOST_NAMES if listed != "places" else 1
    width = 1 + (0 if owns else _more_names(pieces, at + 1, around, most))
    after = _at(pieces, at + width)
    if around.has("not_before", after) and not pieces[at + width - 1].owns:
        return 0
    if listed == "given":
        return width
    says = around.has("saying", after)
    sourced = around.has("sources", after) and around.anybody(pieces, at + width + 1)
    talked = around.has("toward", before) and around.has("talking", _at(pieces, at - 2))
    asked = talked or around.has("asking", before) or around.has("roles", before)
    if listed == "doubtful":
        full = width > 1 and not piece.first
        return (
            width if says or sourced or asked or full or (owns and not around.language.nouns_capital) else 0
        )
    if listed == "places":
        return width if says or sourced else 0
    last = pieces[at + width - 1]
    plausible = len(piece.key) >= _SHORTEST_UNKNOWN and not last.key.endswith(
        tuple(around.language.sets["no_name_endings"])
    )
    says = around.has("saying_only", after) or _acts(pieces, at + width, around)
    role = around.has("roles", before) and not around.language.nouns_capital
    return width if plausible and (says or role or (sourced and not piece.first)) else 0


def _who(pieces: Sequence[Piece], at: int, around: Around) -> tuple[Form, Why | None, int] | None:
    """The person or team that begins here: what it is, why it is marked, and how many pieces it takes."""
    piece = pieces[at]
    upper = piece.text[0].isupper()
    if piece.form in (Form.WORD, Form.TICKET):
        if upper and (width := around.team(pieces, at, around.small)):
            return Form.TEAM, Why.SMALL_TEAM, width
        if width := (upper and around.team(pieces, at, around.teams)) or around.function(pieces, at):
            more = around.has("team_words", _at(pieces, at + width)) and not pieces[at + width - 1].owns
            return Form.TEAM, None, width + more
        if piece.form is Form.WORD and (width := _titled(pieces, at, around)):
            return Form.PERSON, Why.TITLE, width
        if upper and (width := _named(pieces, at, around)):
            return Form.PERSON, Why.NAME, width
    elif piece.form is Form.MENTION or (piece.form is Form.HANDLE and _handle(piece, around)):
        return Form.PERSON, Why.MENTION, 1
    return None


def _family(found: Sequence[Piece], around: Around) -> bool:
    """Whether the word before a name is its family name: "Li Wei"."""
    name = _at(found, len(found) - 1)
    return (
        name is not None
        and name.form is Form.WORD
        and name.capital
        and not (name.first or name.owns or around.language.nouns_capital or around.other(name))
    )


def _somebody(found: list[Piece], around: Around, *, owns: bool) -> str:
    """How "somebody" reads here; takes away the word before where the two melt into one."""
    language, before = around.language, _at(found, len(found) - 1)
    if before is not None and before.key in language.melted and not owns:
        return language.melted[found.pop().key]
    if around.has("articles", before):
        found.pop()
        before = _at(found, len(found) - 1)
    if owns:
        return language.offers["somebodys"]
    return language.cases.get(before.key if before is not None else "", language.offers["somebody"])


def peopled(text: str, pieces: Sequence[Piece], around: Around) -> tuple[list[Piece], list[Candidate]]:
    """The pieces with each person and team as one, and the places that name a person or a small team."""
    found: list[Piece] = []
    marked: list[Candidate] = []
    offers = around.language.offers
    at = 0
    while at < len(pieces):
        who = _who(pieces, at, around)
        if who is None:
            found.append(pieces[at])
            at += 1
            continue
        form, why, width = who
        start, last = pieces[at], pieces[at + width - 1]
        owns = last.owns or (why is Why.NAME and width == 1 and _given(last, around)[1])
        kept = len(found)
        offer = offers["small_teams" if owns else "small_team"]
        if form is Form.PERSON:
            offer = _somebody(found, around, owns=owns)
        elif around.has("articles", _at(found, kept - 1)):
            found.pop()
        if why is Why.NAME and len(found) == kept and _family(found, around):
            found.pop()
        if len(found) < kept:
            gone = pieces[at - 1]
            start = start._replace(start=gone.start, first=gone.first)
        if (
            form is Form.PERSON
            and len(found) > 1
            and around.has("joiners", found[-1])
            and found[-2].form is Form.PERSON
        ):
            found.pop()
            start, offer = found.pop(), offers["severals" if owns else "several"]
            marked.pop()
        words = text[start.start : last.end]
        found.append(
            Piece(
                form,
                words,
                folded(words) + "'s" * (owns and not last.owns),
                start.start,
                last.end,
                start.first,
            )
        )
        if why is not None:
            marked.append(Candidate(start.start, last.end, why, offer, start.first))
        at += width
    return found, marked
