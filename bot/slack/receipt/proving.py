"""Who a raiser is: by the code of an anonymous problem, or by being the person who raised it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy.orm import Session

from bot.core.identity.guessing import GuessLimit
from bot.core.identity.receipts import digits_of
from bot.core.refusal import Refusal
from bot.core.replies import queries
from bot.core.replies.queries import NO_CODE, Raiser
from bot.slack.client import ViewChanged
from bot.slack.raising.carried import Carried, unpacked
from bot.slack.receipt import views
from bot.slack.turn import Answer, Kind, Turn


class Proof:
    """Finds the raiser behind an interaction; holds the one limit on wrong codes of this process."""

    def __init__(self) -> None:
        self._guesses: GuessLimit | None = None
        self._lock = threading.Lock()

    def hashed(self, turn: Turn, key: Carried) -> bytes | None:
        """The slow hash of the code, made before anything is written, so that no other writer waits for it."""
        if key.receipt is None:
            return None
        self._limit(turn).may_try()
        with turn.bot.sessions.reading() as session:
            return queries.hash_of(session, key.receipt)

    def raiser(self, session: Session, turn: Turn, key: Carried, hashed: bytes | None = None) -> Raiser:
        """The raiser whom a form or a button names, if it is; a refusal for everybody else."""
        if key.receipt is not None:
            return queries.by_receipt(session, key.receipt, guesses=self._limit(turn), hashed=hashed)
        if key.tag is not None:
            return queries.as_raiser(session, turn.actor(session), key.tag, turn.bot.kit)
        raise Refusal("This form can't be read any more. `{command} mine` shows what you raised.")

    def _limit(self, turn: Turn) -> GuessLimit:
        with self._lock:
            if self._guesses is None:
                self._guesses = GuessLimit(turn.bot.clock)
            return self._guesses


def key_of(turn: Turn) -> Carried:
    """What the form at hand carries: a code or a problem's id, and nothing else of it."""
    carried = unpacked(turn.view.get("private_metadata"))
    return Carried(tag=carried.tag, receipt=carried.receipt)


def code_of(turn: Turn) -> Carried:
    """The code that was typed into the form for it."""
    values = (turn.view.get("state") or {}).get("values") or {}
    typed = ((values.get(views.CODE) or {}).get(views.CODE) or {}).get("value")
    digits = digits_of(str(typed or ""))
    if digits is None:
        raise Refusal(NO_CODE)
    return Carried(receipt=digits)


def put(turn: Turn, view: Mapping[str, object]) -> Answer:
    """Show this in the place of the form: in the answer to one that was sent, by a call after a button."""
    if turn.kind is Kind.SUBMISSION:
        return {"response_action": "update", "view": view}
    with suppress(ViewChanged):  # closed meanwhile
        turn.slack.update_view(str(turn.view.get("id")), view)
    return None
