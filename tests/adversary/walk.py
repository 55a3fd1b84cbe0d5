"""A walk over all that the bot keeps and says: does anybody stand in it who should not?

Ids of people stand in clear in a few columns, each for a reason; everywhere else nobody may be found, neither by
id, e-mail or the id of direct messages, nor by a hash under any key that is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core.identity.sealing import Sealing
from bot.core.problems.similar_index import stored
from tests.adversary.reading import Dump
from tests.adversary.traces import PREFIX, Fingerprints, atoms
from tests.adversary.world import Watched

#: Where the id of a person stands in clear, and why that is no secret.
IN_CLEAR = {
    "stewards.person",  # everybody knows who they are
    "memberships.person",  # the user groups and the list say so
    "choices.person",  # a named act
    "problems.raiser",  # with the name shown, or tagged in front of everybody
    "audit.steward",
    "questions.steward",
    "early_words.steward",
    "withheld.steward",
    "teams.contact",
    "looked_up.person",
    "helps.person",  # offered help, to the stewards by name
    "away.steward",
    "pulse_invited.person",  # stewards asked whole functions; never who answered
}
#: Where hashes under the sealing key and a problem's salt tell people apart; the promise says so.
KEYED = {"confirmations.voice", "spoken.voice", "pulse_answers.voice"}


def walk(dump: Dump, watched: Watched, sealing: Sealing, *, gone: Sequence[str] = ()) -> set[str]:
    """Places in which somebody or something is found that should not be there; `gone` are words that were changed."""
    keys = [*watched.secrets.values(), watched.sealing_key]
    prints = Fingerprints(watched.people, keys)
    voices = _voices(dump, watched, sealing)
    words: list[str | bytes] = [*gone]
    # A word as it is kept to find similar problems by.
    words += [hashes for word in gone for hashes, _ in stored([(word, "")], None)]
    found = set()
    for table, rows in dump.tables.items():
        for row in rows:
            for column, value in row.items():
                place = f"{table}.{column}"
                if _betrays(value, prints, {} if place in KEYED else voices, words, place in IN_CLEAR):
                    found.add(place)
    told = {
        "log": watched.log,
        "metrics": watched.metrics,
        "messages": "\n".join(watched.said),
        "exports": "\n".join(watched.exports),
    }
    return found | {name for name, text in told.items() if _betrays(text, prints, voices, words, False)}


def _voices(dump: Dump, watched: Watched, sealing: Sealing) -> dict[bytes, str]:
    """Everybody's hash for every problem and purpose, and for every pulse that is open."""
    found = {}
    for row in dump.tables["pulse_waves"]:
        if row["salt"]:
            for person in watched.people:
                salt, mark = bytes(row["salt"]), bytes(row["salt_mark"])
                found[sealing.voice(person.id, salt=salt, mark=mark, purpose="pulse")[:PREFIX]] = person.id
    for row in dump.tables["problems"]:
        if row["salt"]:
            for person in watched.people:
                for purpose in ("confirm", "raise", "follow_up", "answer"):
                    salt, mark = bytes(row["salt"]), bytes(row["salt_mark"])
                    voice = sealing.voice(person.id, salt=salt, mark=mark, purpose=purpose)
                    found[voice[:PREFIX]] = person.id
    return found


def _betrays(
    value: Any, prints: Fingerprints, voices: Mapping[bytes, str], gone: list[str | bytes], clear: bool
) -> bool:
    if not clear and prints.people(value):
        return True
    for atom in atoms(value):
        if isinstance(atom, bytes) and atom[:PREFIX] in voices:
            return True
        if any(word in atom for word in gone if isinstance(word, type(atom))):  # type: ignore[operator]
            return True
    return False


def left_in_files(dump: Dump, watched: Watched, gone: Iterable[str]) -> set[str]:
    """Whose e-mail, direct messages or changed words stand in the bytes of the files; and inbox rows that were moved."""
    looked_for = [word for each in watched.people for word in (each.mail, each.direct)]
    waited = [f'"title": "{title}"' for title in watched.days]  # as only a row of the inbox has it
    return {word for word in [*looked_for, *waited, *gone] if word.encode() in dump.raw}
