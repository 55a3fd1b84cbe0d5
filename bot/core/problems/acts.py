"""What people do with problems. Acts flush and never commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.people import Actor, first_time, handled
from bot.core.identity.receipts import digits_of, slow_hash
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.problems import merged, queries
from bot.core.problems.records import (
    CONFIRMABLE,
    Act,
    Confirmation,
    Inbox,
    Problem,
    RaisedAs,
    Spoken,
    State,
)
from bot.core.problems.rules import Mechanism, Ownership
from bot.core.problems.waits import arrived
from bot.core.problems.wording import Wording, text_of
from bot.core.problems.writing import fresh, put
from bot.core.refusal import Refusal
from bot.core.store import insert, inserted, upsert
from bot.core.teams import queries as teams
from bot.core.teams.acts import to_choose
from bot.words import mark

HOURS_A_WEEK = 168
KEY_LOST = mark(
    "I can't take this for now: a key that belongs to it is missing. "
    "The stewards can see that in the bot's check-up. Nothing was saved."
)
_COUNTED = mark("You raised this one, so you are counted already.")
_SAID = mark("You have already said that this hits you.")
_RESTS = mark(
    "You raised this one, so you are counted already. It rests since nobody has spoken of it for a while, and "
    "wakes as soon as somebody else says that it hits them too. Nothing of it is lost."
)


def raise_confidential(session: Session, actor: Actor, wording: Wording, *, form: str, kit: Kit) -> bool:
    """Put a problem into today's inbox, and write nothing else. False where this form was already sent.

    `form` names the form that was sent, so that a second click is known, also after the batch.
    """
    installation.while_open(session)
    wording = wording.checked()
    mark = kit.sealing.mark_of("raise", form)
    if handled(session, mark):
        return False
    address = kit.sealing.seal(actor.person, bound_to=f"inbox:{mark.hex()}")
    return _wait(session, mark, {**_body(session, wording), "address": address.hex()})


def raise_anonymous(
    session: Session, wording: Wording, *, digits: str, kit: Kit, hashed: bytes | None = None
) -> bool:
    """The same without a word on who it was: the receipt's slow hash alone stands beside the words.

    `digits` are the receipt's sixteen. hashed: what `installation.slowly_hashed` made of them before. False where
    this form was already sent.
    """
    installation.while_open(session)
    wording = wording.checked()
    if digits_of(digits) != digits:
        raise ValueError("a receipt is sixteen digits")
    installation.prepare(session, kit.randomness)
    receipt = hashed or slow_hash(digits, salt=installation.receipt_salt(session) or b"")
    if session.scalar(sa.select(sa.exists().where(Problem.receipt_hash == receipt))):
        return False
    return _wait(session, receipt_mark(receipt), {**_body(session, wording), "receipt": receipt.hex()})


def receipt_mark(receipt: bytes) -> bytes:
    """What an anonymous raise bears in the inbox: the beginning of its receipt's hash."""
    return receipt[:16]


def _body(session: Session, wording: Wording) -> dict[str, object]:
    return {
        "title": wording.title,
        "hardship": wording.hardship,
        "tried": wording.tried,
        "guardrails": wording.guardrails,
        "label": wording.label,
        "felt_by": sorted(teams.existing(session, wording.felt_by)),
        "needed_from": sorted(teams.existing(session, wording.needed_from or ())),
    }


def _wait(session: Session, mark: bytes, body: Mapping[str, object]) -> bool:
    row = {"mark": mark, "act": Act.RAISE.value, "problem_id": None, "body": dict(body)}
    return inserted(session, Inbox, row)


def raise_named(
    session: Session,
    actor: Actor,
    wording: Wording,
    *,
    form: str,
    kit: Kit,
    at: dt.datetime,
    day: dt.date | None = None,
) -> Problem | None:
    """Raise with the name shown; it reaches the stewards at once. None where this form was already sent.

    `day` is that of `at` where the stewards are; without it, in UTC.
    """
    installation.while_open(session)
    wording = wording.checked()
    if not first_time(session, kit.sealing.mark_of("raise", form), on=at.date()):
        return None
    belonging = teams.team_of(session, actor.person)
    problem = fresh(kit, RaisedAs.NAMED, State.NEW, at=at)
    problem.raiser = actor.person
    problem.raiser_team_id = belonging.team.id if belonging and belonging.trusted else None
    session.add(problem)
    put(session, problem, wording, kit=kit)
    arrived(session, 1, day=day or at.date(), at=at)
    return problem


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation counts for: a team's name, or None for somebody without one."""

    problem: Problem
    team: str | None
    trusted: bool


def confirm(session: Session, actor: Actor, ident: int, *, kit: Kit) -> Confirmed:
    """Say "this hits us too", once a person, for the person's team of this moment; of one that rests, once more.

    Of a problem that was merged it counts where that goes on.
    """
    problem = queries.visible(session, actor, ident, kit)
    return confirm_problem(session, actor, problem, kit=kit)


def confirm_problem(
    session: Session, actor: Actor, problem: Problem, *, kit: Kit, chosen: int | None = None
) -> Confirmed:
    """The same for a problem that was loaded by its tag.

    chosen: the team that the person picks with it, by id. That choice travels sealed and is kept from the batch on:
    written at once beside this, it would tell who confirmed.
    """
    first, *others = merged.together(session, problem)
    _still_open(first)
    if any(queries.raised_by(each, actor.person, kit) for each in (first, *others)):
        raise Refusal(_RESTS if first.state == State.RESTING.value else _COUNTED)
    voice = _voice(first, actor, kit)
    belonging = teams.team_of(session, actor.person, chosen=chosen)
    body: dict[str, object] = {
        "standing": True,
        "team": belonging.team.id if belonging else None,
        "trusted": bool(belonging and belonging.trusted),
    }
    if chosen is not None:
        sealed = kit.sealing.seal(f"{actor.person}\x1f{chosen}", bound_to=f"inbox:{voice.hex()}")
        body["chosen"] = sealed.hex()
    before = queries.stands(session, others, actor.person, kit)
    if before and first.state != State.RESTING.value:
        raise Refusal(_SAID)
    if body["team"] in _teams_of(session, before):
        body["twin"] = True  # said of the other one before, and said again to wake this one
    if queries.has_spoken(session, first, voice) or not _say(session, first, voice, body):
        raise Refusal(_SAID)
    return Confirmed(
        problem, belonging.team.name if belonging else None, bool(belonging and belonging.trusted)
    )


def count_for(session: Session, actor: Actor, ident: int, team: int, *, kit: Kit) -> Confirmed:
    """Let what this person said count for another team, from the batch on."""
    problem = queries.visible(session, actor, ident, kit)
    to_choose(session, team)
    if not queries.hits(session, problem, actor.person, kit):
        raise Refusal("First say that it hits you too; then it can count for a team.")
    undo_for(session, actor, problem, kit=kit)
    return confirm_problem(session, actor, problem, kit=kit, chosen=team)


def _teams_of(session: Session, voices: Sequence[tuple[Problem, bytes]]) -> set[int | None]:
    rows = [session.get(Confirmation, (each.id, voice)) for each, voice in voices]
    return {row.team_id for row in rows if row is not None}


def undo_confirmation(session: Session, actor: Actor, ident: int, *, kit: Kit) -> Problem:
    """Take "this hits us too" back."""
    return undo_for(session, actor, queries.visible(session, actor, ident, kit), kit=kit)


def undo_for(session: Session, actor: Actor, problem: Problem, *, kit: Kit) -> Problem:
    """The same for a problem that was loaded by its tag."""
    together = merged.together(session, problem)
    if together[0].state not in CONFIRMABLE:
        raise Refusal("This one is closed, and what could tell whom it hit is destroyed.")
    _voice(together[0], actor, kit)
    voices = queries.stands(session, together, actor.person, kit)
    if not voices:
        raise Refusal("There is nothing to take back: you have not said that this hits you.")
    for each, voice in voices:
        # Today's word goes first: where the batch is just moving it, this waits until it is moved.
        session.execute(sa.delete(Inbox).where(Inbox.mark == voice))
        if session.get(Confirmation, (each.id, voice), populate_existing=True) is not None:
            body = {"standing": False, "team": None, "trusted": False}
            inserted(session, Inbox, _row(voice, Act.CONFIRM, each, body))
    return problem


@dataclass(frozen=True, slots=True)
class Told:
    """What a confirmer may add: a range of hours a week, why it stays, what would help. All optional."""

    hours: tuple[float, float] | None = None
    mechanism: Mechanism | None = None
    would_help: str = ""

    def checked(self) -> Told:
        """The same with the text storable and the hours a range within a week."""
        if self.hours is not None and not 0 <= self.hours[0] <= self.hours[1] <= HOURS_A_WEEK:
            raise Refusal("Hours a week are a range from 0 to 168, the smaller figure first.")
        return Told(self.hours, self.mechanism, text_of(self.would_help))


def follow_up(session: Session, actor: Actor, ident: int, told: Told, *, kit: Kit) -> None:
    """Keep what a confirmer adds, apart from who it was: the person's function alone stands beside it."""
    told = told.checked()
    together = merged.together(session, queries.visible(session, actor, ident, kit))
    _still_open(together[0])
    _voice(together[0], actor, kit)
    if not queries.stands(session, together, actor.person, kit):
        raise Refusal("First say that it hits you too; then there is room for more.")
    belonging = teams.team_of(session, actor.person)
    body = {
        "function": belonging.team.function_id if belonging and belonging.trusted else None,
        "hours": list(told.hours) if told.hours else None,
        "mechanism": told.mechanism.value if told.mechanism else None,
        "would_help": told.would_help,
    }
    _once(session, together, actor, Act.FOLLOW_UP, body, kit=kit)


def give_answer(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    needed_from: frozenset[int],
    ownership: Ownership | None,
    kit: Kit,
) -> None:
    """A reader's "Not right?": who would have to change, and who owns it. It opens the inputs, never the result."""
    together = merged.together(session, queries.visible(session, actor, ident, kit))
    _still_open(together[0])
    named = teams.existing(session, needed_from)
    if not named and ownership is None:
        raise Refusal("Pick at least one team or one answer; or close the form, nothing is lost.")
    belonging = teams.team_of(session, actor.person)
    body = {
        "team": belonging.team.id if belonging and belonging.trusted else None,
        "teams": sorted(named),
        "ownership": ownership.value if ownership else None,
    }
    _once(session, together, actor, Act.ANSWER, body, kit=kit)


def _once(
    session: Session,
    together: Sequence[Problem],
    actor: Actor,
    act: Act,
    body: Mapping[str, object],
    *,
    kit: Kit,
) -> None:
    voice = _voice(together[0], actor, kit, purpose=act.value)
    for each, theirs in queries.voices_of(together, actor.person, kit, purpose=act.value):
        if session.get(Spoken, (each.id, theirs)) is not None:
            raise Refusal("You have already told us about this one, and it stands.")
    upsert(
        session, Inbox, _row(voice, act, together[0], body), key=["mark"]
    )  # until the batch, the last word counts


def _row(voice: bytes, act: Act, problem: Problem, body: Mapping[str, object]) -> dict[str, object]:
    return {"mark": voice, "act": act.value, "problem_id": problem.id, "body": dict(body)}


def _say(session: Session, problem: Problem, voice: bytes, body: Mapping[str, object]) -> bool:
    """Put "hits us too" into today's inbox. False where it stands there already, by a click at the same moment."""
    row = _row(voice, Act.CONFIRM, problem, body)
    statement = insert(session, Inbox).values(**row)
    statement = statement.on_conflict_do_update(
        index_elements=["mark"],
        set_={"body": row["body"]},
        where=Inbox.body["standing"].as_boolean().is_(False),
    )
    return session.execute(statement.returning(Inbox.mark)).first() is not None


def _still_open(problem: Problem) -> None:
    if problem.state not in CONFIRMABLE:
        raise Refusal(
            "This one is closed. If it is still in your way, raise it again: that counts as coming back."
        )


def _voice(problem: Problem, actor: Actor, kit: Kit, *, purpose: str = "confirm") -> bytes:
    try:
        return queries.voice_of(problem, actor.person, kit, purpose=purpose)
    except Unreadable:
        raise Refusal(KEY_LOST) from None
