"""The labelled sentences of check_sentences.yml, and how well rules do on them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.core.problems.check_rules import Found, Kind, Rules, check

LABELLED = re.compile(r"\{(person|blame|raiser):([^{}]*)\}")
PARTS = ("tuned", "held_out", "unlisted")


class Label(NamedTuple):
    """What a reader would mark: code points in the sentence without its labels."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence, who wrote it down where, and its labels."""

    text: str
    labels: tuple[Label, ...]
    language: str
    part: str


@dataclass
class Tally:
    """Labels found and missed, and marks that no label asks for."""

    hits: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """The share of the marks that a reader would have made."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of a reader's labels that were found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0


@cache
def _data() -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return data


def sentences(part: str | None = None) -> Iterator[Sentence]:
    """All sentences, or those of one part."""
    for each in PARTS if part is None else (part,):
        by_language = _data()[each]
        assert isinstance(by_language, dict)
        for language, written in by_language.items():
            for raw in written:
                yield _sentence(raw, language, each)


def _sentence(raw: str, language: str, part: str) -> Sentence:
    text, labels, at = "", [], 0
    for match in LABELLED.finditer(raw):
        text += raw[at : match.start()]
        labels.append(Label(Kind(match[1]), len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return Sentence(text + raw[at:], tuple(labels), language, part)


def checked(text: str, rules: Rules) -> Found:
    """What the check finds in one text, in the workspace of the sentences."""
    data = _data()
    teams, small, today = data["teams"], data["small_teams"], data["today"]
    assert isinstance(teams, list)
    assert isinstance(small, list)
    assert isinstance(today, dt.date)
    return check({"text": text}, rules, teams=teams, small_teams=small, on=today)


def tallies(part: str, rules: Rules) -> dict[str, Tally]:
    """By kind and by language ("person", "en") and over all of a part ("all").

    A label counts as found where a mark of its kind overlaps it, a mark as false where none of its kind does.
    """
    counted: dict[str, Tally] = {}
    for each in sentences(part):
        marks = checked(each.text, rules).marks.get("text", ())
        for label in each.labels:
            found = any(
                mark.kind is label.kind and mark.start < label.end and label.start < mark.end
                for mark in marks
            )
            for name in (label.kind.value, each.language, "all"):
                tally = counted.setdefault(name, Tally())
                tally.hits, tally.missed = tally.hits + found, tally.missed + (not found)
        for mark in marks:
            asked = any(
                mark.kind is label.kind and mark.start < label.end and label.start < mark.end
                for label in each.labels
            )
            for name in (mark.kind.value, each.language, "all"):
                counted.setdefault(name, Tally()).false += not asked
    return counted
