"""The careful mode, for companies where functions work behind defences: chosen at any time, left with a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.installation import Mode
from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems.lifecycle import sentence_of
from bot.core.problems.triage import note
from bot.core.problems.wording import storable
from bot.core.refusal import Refusal

#: It stands in the next edition, beside an editor's note.
SENTENCE_MOST: Final = 300


def choose(session: Session, actor: Actor, chosen: Mode, sentence: str, *, kit: Kit, at: dt.datetime) -> None:
    """Choose a mode. Leaving the careful one takes a sentence, which the next edition says to everybody."""
    stewards_only(actor)
    if installation.careful(session) and chosen is Mode.OPEN:
        said = sentence_of(
            sentence, "Please say why, in a sentence that everybody can read in the next edition."
        )
    else:
        said = storable(sentence)
    said = " ".join(said.split())
    if len(said) > SENTENCE_MOST:
        raise Refusal(
            "The sentence has {length} characters and can have {most}.", length=len(said), most=SENTENCE_MOST
        )
    if installation.mode(session) is chosen:
        raise Refusal("It is so already; nothing was changed.")
    installation.set_mode(session, chosen, said, kit.randomness)
    note(session, None, actor, f"mode_{chosen.value}", said, kit, at)
