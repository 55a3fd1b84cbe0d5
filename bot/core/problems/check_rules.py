"""The check before sending: what in a text names a person, blames, or gives its raiser away, and a kinder wording.

It marks and offers; it never refuses anything, and it sends nothing anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.core.problems.check_date_rules import days
from bot.core.problems.check_language_rules import (
    Language,
    Names,
    Why,
    language_from,
    names_from,
    team_keys,
)
from bot.core.problems.check_people_rules import Around, Candidate, Teams, peopled
from bot.core.problems.check_phrase_rules import Hit, longest
from bot.core.problems.check_text_rules import Form, Piece, pieces


class Kind(StrEnum):
    """What a mark is about."""

    PERSON = "person"
    BLAME = "blame"
    RAISER = "raiser"


KINDS: Final[Mapping[Why, Kind]] = {
    **dict.fromkeys((Why.MENTION, Why.NAME, Why.TITLE, Why.BOSS), Kind.PERSON),
    **dict.fromkeys(
        (Why.FAILED, Why.ALWAYS, Why.NEVER, Why.SHOULD_HAVE, Why.UNCARING, Why.CULPRIT, Why.UNKIND),
        Kind.BLAME,
    ),
    **dict.fromkeys(
        (Why.DATE, Why.TIME, Why.ONLY_ONE, Why.SMALL_TEAM, Why.NEW_HERE, Why.ABSENCE), Kind.RAISER
    ),
    **dict.fromkeys((Why.CUSTOMER, Why.TICKET, Why.LINK, Why.EMAIL, Why.PHONE), Kind.RAISER),
}

_ROUNDS: Final = 4
_MOST_THINGS: Final = 4
_MOST_PROPER: Final = 3
_LONGEST_CLAUSE: Final = 8
_LONGEST_GAP: Final = 6
_SHORTEST_NUMBER: Final = 3
_FORMS: Final = {
    form: (f"{{{form}}}",) for form in (Form.TICKET, Form.LINK, Form.EMAIL, Form.PHONE, Form.TIME)
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One place in a text. start, end: code points; offer: what could stand there instead, or None."""

    kind: Kind
    why: Why
    start: int
    end: int
    offer: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The marks of each field, in the order of the text; they never overlap. Fields without any are left out."""

    marks: Mapping[str, tuple[Mark, ...]]

    def __bool__(self) -> bool:
        return bool(self.marks)

    def of(self, kind: Kind) -> int:
        """How many places are of this kind."""
        return sum(mark.kind is kind for marks in self.marks.values() for mark in marks)


@dataclass(frozen=True, slots=True)
class Rules:
    """All languages that the check reads, the reader's own first, and the names known in all of them."""

    languages: tuple[Language, ...]
    names: Names


def compiled(languages: Mapping[str, Mapping[str, object]], names: Mapping[str, object]) -> Rules:
    """Rules from their data, once. Raises ValueError that says which entry is missing or wrong."""
    if not languages:
        raise ValueError("the check needs the rules of at least one language")
    return Rules(tuple(language_from(code, data) for code, data in languages.items()), names_from(names))


def check(
    texts: Mapping[str, str],
    rules: Rules,
    *,
    teams: Sequence[str] = (),
    small_teams: Sequence[str] = (),
    on: date,
) -> Found:
    """Mark what may point at a person, blame, or give the raiser away.

    texts: by field; teams, small_teams: the workspace's teams by name, those under five people apart; on: today.
    Never raises on a text. Where `rewritten` was applied, nothing that has an offer is found again.
    """
    known = (_teams(tuple(teams)), _teams(tuple(small_teams)))
    marks = {field: tuple(_settled(text, rules, *known, on)) for field, text in texts.items()}
    return Found({field: each for field, each in marks.items() if each})


def rewritten(texts: Mapping[str, str], found: Found) -> dict[str, str]:
    """The texts with every offer in the place of the words it is for, and nothing else changed."""
    return {field: _applied(text, found.marks.get(field, ())) for field, text in texts.items()}


def language_of(text_pieces: Sequence[Piece], languages: Sequence[Language]) -> Language:
    """The language whose common words stand most often in the text; the first one where none do."""
    words = [piece.key for piece in text_pieces if piece.form is Form.WORD]
    return max(languages, key=lambda each: sum(map(each.sets["common"].__contains__, words)))


@lru_cache(maxsize=64)
def _teams(names: tuple[str, ...]) -> Teams:
    return team_keys(names)


def _applied(text: str, marks: Iterable[Mark]) -> str:
    parts, at = [], 0
    for mark in marks:
        if mark.offer is not None:
            parts += [text[at : mark.start], mark.offer]
            at = mark.end
    return "".join([*parts, text[at:]])


def _settled(text: str, rules: Rules, teams: Teams, small: Teams, on: date) -> list[Mark]:
    """Marks whose offers, once taken, leave nothing with an offer: what an offer gives rise to is folded into it.

    Offers that don't come to rest are not made; the marks stay.
    """
    marks = _read(text, rules, teams, small, on)
    for _ in range(_ROUNDS):
        if not any(mark.offer is not None for mark in marks):
            return marks
        after = _applied(text, marks)
        again = [mark for mark in _read(after, rules, teams, small, on) if mark.offer is not None]
        if not again:
            return marks
        marks = _folded(marks, again, after)
    return [replace(mark, offer=None) for mark in marks]


def _folded(marks: Sequence[Mark], again: Sequence[Mark], after: str) -> list[Mark]:
    """The marks of a text and those of its rewriting `after`, as marks of the text alone."""
    shift, taken = 0, []
    for mark in marks:
        if mark.offer is not None:
            taken.append((mark.start + shift, mark.start + shift + len(mark.offer), mark))
            shift += len(mark.offer) - (mark.end - mark.start)

    def before(place: int) -> int:
        """A place of the rewriting, outside what was rewritten, in the text."""
        moved = [end - mark.end for _, end, mark in taken if end <= place]
        return place - (moved[-1] if moved else 0)

    groups: list[tuple[int, int, list[Mark], list[Mark]]] = []
    for each in again:
        touched = [one for one in taken if one[0] < each.end and each.start < one[1]]
        start = min([each.start, *(one[0] for one in touched)])
        end = max([each.end, *(one[1] for one in touched)])
        if groups and start < groups[-1][1]:
            first, last, old, new = groups.pop()
            start, end = min(first, start), max(last, end)
            touched_marks = old + [one[2] for one in touched if one[2] not in old]
            groups.append((start, end, touched_marks, [*new, each]))
        else:
            groups.append((start, end, [one[2] for one in touched], [each]))

    made = []
    for start, end, old, new in groups:
        inside = [replace(each, start=each.start - start, end=each.end - start) for each in new]
        lead = (old or new)[0]
        in_text = before(start) if not any(one[0] == start for one in taken) else _start_of(taken, start)
        to_text = before(end)
        made.append(Mark(lead.kind, lead.why, in_text, to_text, _applied(after[start:end], inside)))
    kept = [mark for mark in marks if not any(mark.start < new.end and new.start < mark.end for new in made)]
    return sorted([*kept, *made], key=lambda mark: mark.start)


def _start_of(taken: Sequence[tuple[int, int, Mark]], start: int) -> int:
    return next(mark.start for begun, _, mark in taken if begun == start)


def _read(text: str, rules: Rules, teams: Teams, small: Teams, on: date) -> list[Mark]:
    """One look at a text: what people, days and phrases mark, of overlapping places the longest."""
    plain = pieces(text)
    language = language_of(plain, rules.languages)
    around = Around(language, rules.names, teams, small)
    joined, people = peopled(text, plain, around)
    candidates = [*people, *days(plain, language, on)]
    fill = _kinds(joined, around)

    def widths(slot: str, at: int) -> Iterable[int]:
        return _WIDTHS[slot](joined, at, around)

    for at in range(len(joined)):
        hit = longest(language.phrases, joined, fill, at, widths)
        if hit is not None:
            candidates.append(_candidate(hit, joined, text, around))
    candidates.sort(key=lambda each: (each.start - each.end, each.start))
    covered = bytearray(len(text))
    marks = []
    for each in candidates:
        if not any(covered[each.start : each.end]):
            covered[each.start : each.end] = b"\1" * (each.end - each.start)
            if each.why is not None:
                goes_on = text[: each.start].rstrip().endswith((";", ":"))
                offer = _begun(each.offer) if each.first and not goes_on else each.offer
                marks.append(Mark(KINDS[each.why], each.why, each.start, each.end, offer))
    return sorted(marks, key=lambda mark: mark.start)


def _begun(offer: str | None) -> str | None:
    """An offer at the beginning of a sentence."""
    return offer and offer[0].upper() + offer[1:]


def _candidate(hit: Hit, joined: Sequence[Piece], text: str, around: Around) -> Candidate:
    first, last = joined[hit.start], joined[hit.end - 1]
    offer = hit.phrase.offer
    if offer is not None and "{" in offer:
        offer = _filled(offer, hit, joined, text, around.language)
    why = None if hit.phrase.why is None else Why(hit.phrase.why)
    return Candidate(first.start, last.end, why, offer, first.first)


def _filled(offer: str, hit: Hit, joined: Sequence[Piece], text: str, language: Language) -> str:
    """An offer with the words it keeps ("{things}") and "{waits/wait}" as "wait" for many things, "waits" for one."""
    many, words = False, []
    for slot, _, end in zip(hit.phrase.slots, hit.bounds, hit.bounds[1:], strict=False):
        if slot == "{things}":
            last = joined[end - 1].key
            many = last.endswith(tuple(language.sets["plural_endings"])) and not last.endswith("ss")
    for word in offer.split(" "):
        if word in hit.phrase.slots:
            at = hit.phrase.slots.index(word)
            start, end = hit.bounds[at], hit.bounds[at + 1]
            words += [text[joined[start].start : joined[end - 1].end]] if end > start else []
        elif "/" in word and word.startswith("{"):
            one, _, several = word.strip("{}").partition("/")
            words.append(several if many else one)
        else:
            words.append(word)
    return " ".join(words)


def _kinds(found: Sequence[Piece], around: Around) -> list[tuple[str, ...]]:
    """The slots of a phrase that each piece alone fills."""
    sets = around.language.sets
    known: dict[str, tuple[str, ...]] = {}
    kinds = []
    for at, piece in enumerate(found):
        if piece.form is not Form.WORD:
            kinds.append(_of_form(piece, around))
            continue
        slots = known.get(piece.key)
        if slots is None:
            slots = known[piece.key] = _of_word(piece.key, sets)
        before = found[at - 1].key if at else ""
        if "{who}" in slots and before in sets["own"]:
            slots = tuple(slot for slot in slots if slot != "{who}")
        elif piece.key in sets["who_else"] and before in sets["definite"]:
            slots = ("{who}", *slots)
        kinds.append(slots)
    return kinds


def _of_word(key: str, sets: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    done = key in sets["done"] or (key.endswith(tuple(sets["done_endings"])) and key not in sets["done_not"])
    fills = {
        "{any}": True,
        "{who}": key in sets["who"],
        "{whose}": key in sets["whose"],
        "{do}": key not in sets["sufferings"],
        "{done}": done,
    }
    return tuple(slot for slot, filled in fills.items() if filled)


def _of_form(piece: Piece, around: Around) -> tuple[str, ...]:
    if piece.form in (Form.TEAM, Form.PERSON):
        if piece.owns:
            return ("{whose}", f"{{{piece.form}'s}}")
        return ("{any}", "{who}", f"{{{piece.form}}}")
    if piece.form is Form.NUMBER:
        return ("{digits}",) if piece.key.isdigit() and len(piece.key) >= _SHORTEST_NUMBER else ()
    if piece.form is Form.TICKET and piece.text.partition("-")[0].casefold() in around.names.standards:
        return ()
    return _FORMS.get(piece.form, ())


def _things(found: Sequence[Piece], at: int, around: Around) -> Iterable[int]:
    """A run of plain words to where the thought ends: "our contract reviews"."""
    sets = around.language.sets
    for width in range(_MOST_THINGS + 1):
        piece = found[at + width] if at + width < len(found) else None
        leads = piece is not None and not width and piece.key in sets["determiners"]
        if piece is None or piece.form is Form.MARK or (piece.key in sets["stops"] and not leads):
            bare = width == 1 and found[at].key in sets["determiners"]
            return (width,) if width and not bare else ()
        strange = piece.capital and not piece.first and not around.language.nouns_capital
        if piece.form is not Form.WORD or piece.key in sets["relatives"] or strange:
            return ()
    return ()


def _gap(found: Sequence[Piece], at: int, around: Around) -> Iterable[int]:  # noqa: ARG001 - as its siblings
    for width in range(_LONGEST_GAP + 1):
        yield width
        if at + width >= len(found) or found[at + width].form is Form.MARK:
            return


def _clause(found: Sequence[Piece], at: int, around: Around) -> Iterable[int]:
    width = 0
    while width < _LONGEST_CLAUSE and at + width < len(found):
        piece = found[at + width]
        if piece.form is Form.MARK or piece.key in around.language.sets["clause_ends"]:
            break
        width += 1
    return (width,) if width else ()


def _proper(found: Sequence[Piece], at: int, around: Around) -> Iterable[int]:
    widths = []
    for width in range(1, _MOST_PROPER + 1):
        piece = found[at + width - 1] if at + width <= len(found) else None
        if piece is None or piece.form is not Form.WORD or not piece.text[0].isupper() or around.other(piece):
            break
        widths.append(width)
    return widths


_WIDTHS: Final = {"{things}": _things, "{clause}": _clause, "{gap}": _gap, "{proper}": _proper}
