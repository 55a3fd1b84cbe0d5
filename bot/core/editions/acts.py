"""The only writers of editions: exactly one a period."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import Workdays
from bot.core.editions import composing, queries
from bot.core.editions.moving import channel_now
from bot.core.editions.records import Edition, EditionItem, EditionNote, EditionState, Section
from bot.core.identity import installation
from bot.core.identity.people import Actor, stewards, stewards_only
from bot.core.kit import Kit
from bot.core.problems import evidence
from bot.core.problems.queries import in_steps
from bot.core.problems.records import Problem, State
from bot.core.problems.said import STEP
from bot.core.problems.wording import storable
from bot.core.refusal import Refusal
from bot.core.store import inserted, new_id, upsert

#: Most characters of an editor's note: it stands above five problems in a message that a phone can show.
NOTE_MOST = 500
_WEEKDAYS: Final = Workdays(ZoneInfo("UTC"))


def compose(
    session: Session,
    *,
    period: str,
    due_at: dt.datetime,
    late: bool,
    channel: str | None,
    kit: Kit,
    at: dt.datetime,
    days: Workdays = _WEEKDAYS,
) -> Edition | None:
    """Make the edition of this period and say that it is to be posted; None where it stands already.

    Without a channel it is posted nowhere: lists and cards alone change with it. In the careful mode stewards alone
    get it. Public facts change here and nowhere else; what nobody has spoken of for long rests from now on.
    `days`: those that stewards work on, by which the longest wait is counted.
    """
    ident, mean = new_id(kit.randomness), composing.mean_so_far(session)
    careful = installation.careful(session)
    place = channel_now(session, channel) if channel and not careful else ""
    first = {
        "id": ident,
        "period": period,
        "due_at": due_at,
        "composed_at": at,
        "late": late,
        "state": EditionState.COMPOSED.value,
        "channel": place,
        "facts": {},
    }
    # First of all, so that a second composer waits here and then finds it done.
    if not inserted(session, Edition, first):
        return None
    made = composing.draft(session, at=at, locked=True, note=_note_for(session, period), mean=mean, days=days)
    evidence.store(session, made.facts, at=at)
    _keep(session, ident, made.content, kit)
    session.execute(sa.delete(EditionNote).where(EditionNote.period == period))
    installation.mode_sentence_said(session)
    edition = session.get_one(Edition, ident)
    edition.facts, edition.note = queries.as_stored(made.content.told), made.content.note
    edition.raw_total, edition.raw_problems = made.mean
    if place:
        kit.outbox.to_channel(session, place, "edition", {"edition": ident}, at=at, once=f"edition:{period}")
    for steward in stewards(session) if careful else ():
        about, once = {"edition": ident}, f"edition:{period}"
        kit.outbox.to_person(session, steward, "edition_to_steward", about, at=at, once=once)
    session.flush()
    return edition


def preview(
    session: Session, *, at: dt.datetime, period: str | None = None, days: Workdays = _WEEKDAYS
) -> queries.Composed:
    """What the edition would say if it were composed now; writes nothing."""
    note = _note_for(session, period) if period else None
    return composing.draft(session, at=at, note=note, mean=composing.mean_so_far(session), days=days).content


def posted(session: Session, ident: int, ts: str, *, kit: Kit, at: dt.datetime) -> None:
    """It stands in the channel; now its thread is to be said."""
    edition = session.get_one(Edition, ident)
    edition.state, edition.message_ts = EditionState.POSTED.value, ts
    for part in queries.composed(session, edition).parts():
        about = {"edition": ident, "part": part}
        once = f"edition:{edition.period}:part:{part}"
        kit.outbox.to_channel(session, edition.channel, "edition_thread", about, at=at, once=once)
    session.flush()


def thread_posted(session: Session, ident: int, part: int, ts: str) -> None:
    """A part of its thread stands; where, is kept for the day on which it has to be set right."""
    edition = session.get_one(Edition, ident, with_for_update=True, populate_existing=True)
    stand = {**edition.facts.get(queries.THREAD, {}), str(part): ts}
    edition.facts = {**edition.facts, queries.THREAD: stand}
    session.flush()


def held(session: Session, ident: int) -> None:
    """Nobody knows whether it was posted: it waits for a steward's word."""
    session.execute(
        sa.update(Edition)
        .where(Edition.id == ident, Edition.state == EditionState.COMPOSED.value)
        .values(state=EditionState.HELD.value)
    )


def add_note(session: Session, actor: Actor, period: str, text: str) -> None:
    """A steward's note on top of an edition that is still to come; an empty one takes it away."""
    stewards_only(actor)
    note = storable(text)
    if len(note) > NOTE_MOST:
        raise Refusal(
            "The note has {length} characters and can have {most}.", length=len(note), most=NOTE_MOST
        )
    if queries.by_period(session, period) is not None:
        raise Refusal(
            "That edition is already on its way. Your note was not saved; write it for the next one."
        )
    if note:
        upsert(session, EditionNote, {"period": period, "note": note}, key=["period"])
    else:
        session.execute(sa.delete(EditionNote).where(EditionNote.period == period))


def _note_for(session: Session, period: str) -> str | None:
    """A steward's note, and why the mode was changed, which everybody can read there."""
    kept = session.get(EditionNote, period)
    said = [each for each in (kept.note if kept else None, installation.mode_sentence(session)) if each]
    return "\n".join(said) or None


def _keep(session: Session, ident: int, content: queries.Composed, kit: Kit) -> None:
    """Store what is said as it is said, and let rest what is asked whether it is still there."""
    if content.lines:
        session.execute(
            sa.insert(EditionItem),
            [
                {
                    "id": new_id(kit.randomness),
                    "edition_id": ident,
                    "section": line.section.value,
                    "position": line.position,
                    "problem_id": line.problem,
                    "title": line.title,
                    "shown": queries.shown(line),
                }
                for line in content.lines
            ],
        )
    asked = {line.problem for line in content.section(Section.STILL_THERE)}
    read = {line.problem for line in content.lines} - asked
    for step in in_steps(sorted(asked), STEP):
        session.execute(
            sa.update(Problem)
            .where(Problem.id.in_(step), Problem.state == State.OPEN.value)
            .values(state=State.RESTING.value)
        )
    session.execute(
        sa.update(Problem).where(Problem.id.in_(sorted(read))).values(editions=Problem.editions + 1)
    )
