"""Exact days in a text, and how far off they are in words that many could say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from bot.core.problems.check_language_rules import Language, Why
from bot.core.problems.check_people_rules import Candidate
from bot.core.problems.check_text_rules import Form, Piece

_ORDINAL: Final = re.compile(r"(\d\d?)(?:st|nd|rd|th|º)?")
_CENTURY: Final = 100
_DECEMBER: Final = 12
_A_YEAR: Final = timedelta(days=365)
# Between "since my" and its day: "since my second call with them on 3 March".
_MOST_BETWEEN: Final = 6


def _day(piece: Piece | None) -> int:
    if piece is None or piece.form is not Form.NUMBER or not (said := _ORDINAL.fullmatch(piece.key)):
        return 0
    return int(said[1])


def _month(piece: Piece | None, language: Language) -> int:
    if piece is None or piece.form is not Form.WORD or (len(piece.key) < 4 and not piece.text[0].isupper()):
        return 0
    return language.months.get(piece.key, 0)


def _year(piece: Piece | None) -> int:
    said = piece is not None and piece.form is Form.NUMBER and re.fullmatch(r"(19|20)\d\d", piece.key)
    return int(piece.key) if piece is not None and said else 0


def _nearest(day: int, month: int, year: int, on: date) -> date | None:
    """The day meant: without a year the one nearest to `on`."""
    years = (year,) if year else (on.year - 1, on.year, on.year + 1)
    days = []
    for each in years:
        try:
            days.append(date(each, month, day))
        except ValueError:  # there is no 31 June, and no 29 February in most years
            continue
    return min(days, key=lambda each: abs(each - on), default=None)


def _figures(said: str, on: date) -> date | None:
    """A day in figures; of day first and month first the one that exists and lies nearer."""
    parts = [int(each) for each in re.findall(r"\d+", said)]
    if len(parts) == 3 and parts[0] > 31:
        return _nearest(parts[2], parts[1], parts[0], on)
    year = parts[2] + (2000 if parts[2] < _CENTURY else 0) if len(parts) == 3 else 0
    orders = [(parts[0], parts[1])] if "." in said else [(parts[0], parts[1]), (parts[1], parts[0])]
    days = [_nearest(day, month, year, on) for day, month in orders if month <= _DECEMBER]
    return min((each for each in days if each), key=lambda each: abs(each - on), default=None)


def _one(pieces: Sequence[Piece], at: int, language: Language, on: date) -> tuple[int, date] | None:
    """The day that begins here, and the piece behind it."""

    def piece(number: int) -> Piece | None:
        return pieces[number] if number < len(pieces) else None

    def is_(number: int, listed: str) -> bool:
        here = piece(number)
        return here is not None and here.key in language.sets[listed]

    first = pieces[at]
    if first.form is Form.MARK or (first.form is Form.WORD and first.key not in language.months):
        return None
    if first.form is Form.DATE:
        day = _figures(first.text, on)
        return (at + 1, day) if day else None
    here = at + 1
    if number := _day(first):
        dot = piece(here)
        here += dot is not None and dot.text == "."
        here += is_(here, "of")
        month = _month(piece(here), language)
    elif month := _month(first, language):
        here += is_(here, "articles")
        number = _day(piece(here))
    if not (number and month):
        return None
    here += 1
    ahead = here + (is_(here, "of") or (at + 1 < len(pieces) and (piece(here) or first).text == ","))
    year = _year(piece(ahead))
    resolved = _nearest(number, month, year, on)
    return (ahead + 1 if year else here, resolved) if resolved else None


def _wording(day: date, on: date, *, since: bool, language: Language) -> str:
    months = (day.year - on.year) * 12 + day.month - on.month
    if months == 0:
        return language.offers["this_month"]
    if months > 0:
        return language.offers["next_month" if months == 1 else "later"]
    past = {0: "this_year", 1: "last_year"}.get(on.year - day.year, "long_ago")
    key = "last_month" if months == -1 else past
    return language.offers[f"since_{key}" if since else key]


def days(pieces: Sequence[Piece], language: Language, on: date) -> Iterator[Candidate]:
    """Each exact day with what leads to it ("since my call on ..."), and its vaguer wording."""
    sets, at = language.sets, 0
    while at < len(pieces):
        found = _one(pieces, at, language, on)
        if found is None:
            at += 1
            continue
        end, day = found
        if end + 1 < len(pieces) and pieces[end].key in sets["to"] | {"-", "–"}:
            further = _one(pieces, end + 1, language, on)
            end = further[0] if further else end
        start, since, own = _led(pieces, at, language), False, None
        if start and pieces[start - 1].key in sets["since"]:
            start, since = start - 1, True
        elif (own := _own_event(pieces, start, language)) is not None:
            start = own
        if day > on and (since or start == own):
            day -= _A_YEAR  # "since 3 March", said in November: the one that was
        offer = _wording(day, on, since=since, language=language)
        yield Candidate(pieces[start].start, pieces[end - 1].end, Why.DATE, offer, pieces[start].first)
        at = end


def _led(pieces: Sequence[Piece], start: int, language: Language) -> int:
    """Where the words that lead to a day begin: "on Tuesday, the 3rd"."""
    sets = language.sets
    while start:
        before = pieces[start - 1].key
        comma = before == "," and start > 1 and pieces[start - 2].key in sets["weekdays"]
        if before in sets["day_words"]:
            return start - 1
        if not (comma or before in sets["weekdays"] | sets["articles"] | sets["of"]):
            break
        start -= 1
    return start


def _own_event(pieces: Sequence[Piece], start: int, language: Language) -> int | None:
    """Where "since my call" begins, when the day is the day of something of one's own."""
    for back in range(start - 1, max(start - _MOST_BETWEEN, 0) - 1, -1):
        if pieces[back].form is Form.MARK:
            return None
        if pieces[back].key in language.sets["own"]:
            return back - 1 if back and pieces[back - 1].key in language.sets["since"] else None
    return None
