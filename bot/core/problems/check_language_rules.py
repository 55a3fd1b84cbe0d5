"""One language's rules, read from its data and made ready once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.problems.check_phrase_rules import SLOTS, Node, Phrase, planted, readings
from bot.core.problems.check_text_rules import folded, phrase_keys


class Why(StrEnum):
    """Why a place is marked; the words that people read for it are the catalogue's."""

    MENTION = "mention"
    NAME = "name"
    TITLE = "title"
    BOSS = "boss"
    FAILED = "failed"
    ALWAYS = "always"
    NEVER = "never"
    SHOULD_HAVE = "should_have"
    UNCARING = "uncaring"
    CULPRIT = "culprit"
    UNKIND = "unkind"
    DATE = "date"
    TIME = "time"
    ONLY_ONE = "only_one"
    SMALL_TEAM = "small_team"
    NEW_HERE = "new_here"
    ABSENCE = "absence"
    CUSTOMER = "customer"
    TICKET = "ticket"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"


# The sets of words that the code itself looks into; a language may have more, for its phrases.
NEEDED_SETS: Final = frozenset(
    {
        "common",
        "functions",
        "team_words",
        "who",
        "whose",
        "own",
        "sufferings",
        "done",
        "done_endings",
        "done_not",
    }
    | {
        "stops",
        "plural_endings",
        "determiners",
        "titles",
        "particles",
        "articles",
        "joiners",
        "saying",
        "asking",
    }
    | {
        "sources",
        "not_after",
        "not_before",
        "not_names",
        "no_name_endings",
        "weekdays",
        "day_words",
        "since",
        "of",
        "to",
    }
    | {
        "clause_ends",
        "relatives",
        "who_else",
        "definite",
        "saying_only",
        "talking",
        "toward",
        "roles",
        "surnames",
        "surname_endings",
    }
)
NEEDED_OFFERS: Final = frozenset(
    {"somebody", "somebodys", "several", "severals", "small_team", "small_teams"}
    | {"this_month", "last_month", "next_month", "this_year", "last_year", "long_ago", "later"}
    | {"since_last_month", "since_this_year", "since_last_year", "since_long_ago"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of names, whatever the language: of people, of people and things, of places, of things alone."""

    given: frozenset[str]
    doubtful: frozenset[str]
    places: frozenset[str]
    things: frozenset[str]
    standards: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """The rules of one language.

    sets: words by the name of their set; offers: wordings by what they stand for; cases: how "somebody" reads after
    a word; melted: the same where that word holds an article and goes too; nouns_capital: whether every noun does.
    """

    code: str
    sets: Mapping[str, frozenset[str]]
    offers: Mapping[str, str]
    cases: Mapping[str, str]
    melted: Mapping[str, str]
    months: Mapping[str, int]
    nouns_capital: bool
    phrases: Node


def _listed(value: object, what: str) -> list[str]:
    if isinstance(value, str):
        return value.split()
    if isinstance(value, Sequence) and all(isinstance(each, str) for each in value):
        return [str(each) for each in value]
    raise ValueError(f"{what} must be words: one text or a list of texts")


def _mapped(value: object, what: str) -> Mapping[str, object]:
    if isinstance(value, Mapping) and all(isinstance(each, str) for each in value):
        return value
    raise ValueError(f"{what} must be names with values")


def _texts(value: object, what: str) -> dict[str, str]:
    listed = _mapped(value, what)
    wrong = [name for name, each in listed.items() if not isinstance(each, str)]
    if wrong:
        raise ValueError(f"{what} must have a text for {', '.join(wrong)}")
    return {name: str(each) for name, each in listed.items()}


def _lacking(needed: frozenset[str], given: Mapping[str, object], what: str) -> None:
    if missing := sorted(needed - set(given)):
        raise ValueError(f"{what} lacks {', '.join(missing)}")


def names_from(data: Mapping[str, object]) -> Names:
    """Names as data: lists of words. Raises ValueError that says which list is missing or wrong."""
    parts = ("given", "doubtful", "places", "things", "standards")
    _lacking(frozenset(parts), data, "names")
    return Names(*(frozenset(folded(each) for each in _listed(data[part], part)) for part in parts))


def language_from(code: str, data: Mapping[str, object]) -> Language:
    """One language's data made ready. Raises ValueError that says which entry is missing or wrong."""
    known = frozenset({"sets", "offers", "cases", "melted", "months", "nouns_capital", "phrases"})
    _lacking(known, data, f"the rules for {code}")
    if unknown := sorted(set(data) - known):
        raise ValueError(f"the rules for {code} have unknown parts: {', '.join(unknown)}")
    listed = {name: _listed(each, name) for name, each in _mapped(data["sets"], "sets").items()}
    offers = _texts(data["offers"], "offers")
    _lacking(NEEDED_SETS, listed, f"sets ({code})")
    _lacking(NEEDED_OFFERS, offers, f"offers ({code})")
    months: dict[str, int] = {}
    for number, spellings in enumerate(_listed(data["months"], "months"), 1):
        months.update((folded(each), number) for each in spellings.split("|"))
    if max(months.values(), default=0) != 12:
        raise ValueError(f"months ({code}) must be twelve")
    return Language(
        code=code,
        sets={name: frozenset(folded(each) for each in words) for name, words in listed.items()},
        offers=offers,
        cases={folded(name): each for name, each in _texts(data["cases"], "cases").items()},
        melted={folded(name): each for name, each in _texts(data["melted"], "melted").items()},
        months=months,
        nouns_capital=bool(data["nouns_capital"]),
        phrases=_tree(_mapped(data["phrases"], "phrases"), listed),
    )


def _tree(groups: Mapping[str, object], sets: Mapping[str, Sequence[str]]) -> Node:
    """All phrases in one tree; groups: reason (or "calm") to a list of {say, offer, unless}."""
    root = Node()
    for reason, entries in groups.items():
        why = None if reason == "calm" else Why(reason)
        if not isinstance(entries, Sequence) or isinstance(entries, str):
            raise ValueError(f"{reason} must be a list of phrases")  # noqa: TRY004 - of data, as all else here
        for entry in entries:
            said = entry if isinstance(entry, Mapping) else {"say": entry}
            if not set(said) <= {"say", "offer", "unless"} or "say" not in said:
                raise ValueError(
                    f"a phrase of {reason} has say, offer and unless, not {', '.join(map(str, said))}"
                )
            offer = said.get("offer")
            unless = frozenset(
                folded(word)
                for each in _listed(said.get("unless", ""), "unless")
                for word in (sets.get(each[1:-1], ()) if each.startswith("<") else (each,))
            )
            for say in _listed([said["say"]] if isinstance(said["say"], str) else said["say"], "say"):
                for slots, opened, closed in readings(say, sets):
                    wording = None if offer is None else str(offer)
                    lost = [word for word in (wording or "").split() if word in SLOTS and word not in slots]
                    if lost:
                        raise ValueError(f"the offer of {say!r} keeps {lost[0]}, which it does not find")
                    planted(root, Phrase(why, wording, slots, opened, closed, unless))
    return root


def team_keys(teams: Sequence[str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Names of teams by their first word, the longest first."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in teams:
        if keys := phrase_keys(name):
            by_first.setdefault(keys[0], []).append(keys)
    return {first: tuple(sorted(set(each), key=len, reverse=True)) for first, each in by_first.items()}
