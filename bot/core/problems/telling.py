"""Who hears that there is something: a message that says no more than that, in the outbox."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.identity.erasures import hidden
from bot.core.identity.people import stewards
from bot.core.kit import Kit
from bot.core.problems import merged, queries
from bot.core.problems.records import Problem


def tell_stewards(session: Session, kit: Kit, *, at: dt.datetime) -> None:
    """Say to each steward, once a morning, that something waits; what it is opens in the desk."""
    for person in stewards(session):
        kit.outbox.to_person(session, person, "something_waits", {}, at=at)


def tell_raiser(
    session: Session,
    problem: Problem,
    kit: Kit,
    *,
    at: dt.datetime,
    alone: bool = False,
    once: str | None = None,
) -> bool:
    """Say to the raiser that there is news, in words that are the same for everybody; `at` is a batch hour.

    Raisers of problems that go on in this one hear of it too, unless it concerns its own raiser `alone`.
    False where nobody can be reached. One message a problem, also where two are of one person: a row less
    would show that they are. `once` names what it is of, where that can still be taken back.
    """
    forgotten = hidden(session, kit.sealing)
    told = False
    for each in [problem, *([] if alone else merged.members(session, problem))]:
        person = queries.raiser_of(each, kit)
        if person is not None and each.id not in forgotten:
            kit.outbox.to_person(session, person, "news", {}, at=at, once=once)
            told = True
    return told
