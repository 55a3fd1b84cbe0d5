"""What stewards do with a pilot: write it down, start it, change it for all to see, end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.pilot import counting, queries
from bot.core.pilot.facts_rules import Side
from bot.core.pilot.records import Pilot, PilotChange, StewardHours
from bot.core.pilot.rules import Definition, Phase, Unfit, check, coming_monday, differences
from bot.core.problems.lifecycle import sentence_of
from bot.core.problems.triage import note
from bot.core.refusal import Refusal, Stale
from bot.core.replies.stored import Kind, Stored
from bot.core.store import alone, new_id, upsert
from bot.core.teams import queries as teams

#: More hours than this in a week are a slip of the finger.
HOURS_MOST: Final = 80.0


def write_down(session: Session, actor: Actor, definition: Definition, *, kit: Kit, at: dt.datetime) -> Pilot:
    """Keep a draft, in the place of an earlier one; once a pilot has started, it is changed and not rewritten."""
    stewards_only(actor)
    alone(session, "pilot")
    _fitting(session, definition)
    pilot = queries.standing(session)
    if pilot is not None and pilot.starts_on is not None:
        if queries.times(pilot).phase(at.date()) is not Phase.OVER:
            raise Stale(
                "A pilot has started meanwhile. What was written down for it can only be changed now."
            )
        pilot.standing, pilot = None, None
        session.flush()
    if pilot is None:
        pilot = Pilot(id=new_id(kit.randomness), standing=True)
    _store(session, pilot, definition)
    session.add(pilot)
    note(session, None, actor, "pilot_written", definition.question, kit, at)
    return pilot


def start(
    session: Session,
    actor: Actor,
    *,
    kit: Kit,
    at: dt.datetime,
    tone: Mapping[Side, Mapping[int, int]] | None = None,
) -> Pilot:
    """Lock the draft: the pilot begins with this Monday or the next one.

    tone: what is shown by now of how contacts felt; the report leaves it out.
    """
    stewards_only(actor)
    alone(session, "pilot")
    pilot = queries.standing(session)
    if pilot is None:
        raise Refusal("No pilot is written down yet. Write down first what it should answer.")
    if pilot.starts_on is not None:
        raise Stale("This pilot has started already.")
    pilot.starts_on = coming_monday(at.date())
    pilot.felt_before = counting.felt(session, tone or {})
    note(session, None, actor, "pilot_started", pilot.question, kit, at)
    return pilot


def change(
    session: Session, actor: Actor, definition: Definition, because: str, *, kit: Kit, at: dt.datetime
) -> int:
    """Change a started pilot, with a sentence; each difference is kept. How many there were."""
    stewards_only(actor)
    alone(session, "pilot")
    pilot = _running(session, at)
    reason = sentence_of(because, "A started pilot is changed with a sentence that everybody can read. Why?")
    _fitting(session, definition)
    found = differences(queries.definition(pilot), definition)
    for what, was, becomes in found:
        session.add(
            PilotChange(
                id=new_id(kit.randomness),
                pilot_id=pilot.id,
                what=what,
                was=was,
                becomes=becomes,
                because=reason,
                at=at,
            )
        )
    if found:
        _store(session, pilot, definition)
        note(session, None, actor, "pilot_changed", reason, kit, at)
    return len(found)


def end(session: Session, actor: Actor, because: str, *, kit: Kit, at: dt.datetime) -> Pilot:
    """End a pilot before its time, with a sentence; the report says both."""
    stewards_only(actor)
    alone(session, "pilot")
    pilot = _running(session, at)
    pilot.ended_because = sentence_of(
        because, "A pilot is ended with a sentence that everybody can read. Why?"
    )
    pilot.ended_on = at.date()
    note(session, None, actor, "pilot_ended", pilot.ended_because, kit, at)
    return pilot


def give_hours(
    session: Session, actor: Actor, low: float, high: float, *, week: dt.date, kit: Kit, at: dt.datetime
) -> None:
    """A steward's own word on what a week took, hours from low to high; the newer word replaces the older."""
    stewards_only(actor)
    if not 0 <= low <= high <= HOURS_MOST:
        raise Refusal("Hours go from the lower to the higher, at most {most} a week.", most=int(HOURS_MOST))
    pilot = _running(session, at)
    monday = week - dt.timedelta(days=week.weekday())
    newest, *older = kit.sealing.marks_of("steward_hours", str(pilot.id), actor.person)
    of_this_week = (StewardHours.pilot_id == pilot.id, StewardHours.week == monday)
    session.execute(sa.delete(StewardHours).where(*of_this_week, StewardHours.mark.in_(older)))
    values = {"pilot_id": pilot.id, "mark": newest, "week": monday, "low": low, "high": high}
    upsert(session, StewardHours, values, key=["pilot_id", "mark", "week"])


def stored_of(session: Session, actor: Actor, kit: Kit) -> list[Stored]:
    """What concerns this person here: the hours that a steward gave, one row a week."""
    return [Stored(Kind.HOURS) for _ in _hours_of(session, actor.person, kit)]


def forget(session: Session, person: str, kit: Kit) -> None:
    """A steward's hours stay in the sum, as nobody's: no two weeks of them belong together any more."""
    for hours in _hours_of(session, person, kit):
        session.execute(
            sa.update(StewardHours)
            .where(StewardHours.pilot_id == hours.pilot_id, StewardHours.mark == hours.mark)
            .where(StewardHours.week == hours.week)
            .values(mark=kit.randomness.randbytes(len(hours.mark)))
        )


def _hours_of(session: Session, person: str, kit: Kit) -> list[StewardHours]:
    found: list[StewardHours] = []
    for pilot in session.scalars(sa.select(StewardHours.pilot_id).distinct()).all():
        marks = kit.sealing.marks_of("steward_hours", str(pilot), person)
        theirs = (StewardHours.pilot_id == pilot, StewardHours.mark.in_(marks))
        found += session.scalars(sa.select(StewardHours).where(*theirs))
    return found


def send_report(session: Session, actor: Actor, *, kit: Kit, at: dt.datetime) -> None:
    """Say that the report is to be sent to the steward who asks for it."""
    stewards_only(actor)
    if counting.latest(session) is None:
        raise Refusal("Nothing is counted yet: a report needs the pilot's first whole week.")
    kit.outbox.to_person(session, actor.person, "pilot_report_to_steward", {}, at=at, once="pilot report")


def post_report(session: Session, actor: Actor, channel: str | None, *, kit: Kit, at: dt.datetime) -> None:
    """Say that the report of the weeks counted last is to be posted, once."""
    stewards_only(actor)
    pilot, facts = queries.standing(session), counting.latest(session)
    if pilot is None or facts is None:
        raise Refusal("Nothing is counted yet: a report needs the pilot's first whole week.")
    if channel is None:
        raise Refusal(
            "No channel is named for posts. The operator can name one; the report can be read here meanwhile."
        )
    about = {"pilot": pilot.id, "counted_to": facts.counted_to.isoformat()}
    once = f"pilot:{pilot.id}:{facts.counted_to}"
    if not kit.outbox.to_channel(session, channel, "pilot_report", about, at=at, once=once):
        raise Refusal("This report was posted already. The next one is counted on Monday.")
    note(session, None, actor, "pilot_report_posted", "", kit, at)


def _running(session: Session, at: dt.datetime) -> Pilot:
    pilot = queries.standing(session)
    if pilot is None or pilot.starts_on is None:
        raise Refusal("No pilot has started yet.")
    if pilot.ended_on is not None or queries.times(pilot).phase(at.date()) is Phase.OVER:
        raise Stale("This pilot is over. Its report stays as it is.")
    return pilot


def _fitting(session: Session, definition: Definition) -> None:
    try:
        check(definition)
    except Unfit as unfit:
        raise Refusal("This can't be a pilot yet: look at {what} again.", what=unfit.field) from None
    known = set(teams.functions(session))
    if not set(definition.functions) <= known:
        raise Stale("One of those functions is not there any more. Nothing was saved; please look again.")


def _store(session: Session, pilot: Pilot, definition: Definition) -> None:
    names = teams.functions(session)
    pilot.question, pilot.decides = definition.question.strip(), definition.decides.strip()
    pilot.not_used_for = definition.not_used_for.strip()
    pilot.functions = [[str(each), names[each]] for each in sorted(definition.functions)]
    pilot.intake_weeks, pilot.follow_weeks = definition.intake_weeks, definition.follow_weeks
    pilot.review_weeks = definition.review_weeks
    pilot.lines = {
        figure.value: [line.carry_on, line.stop] for figure, line in sorted(definition.lines.items())
    }
    session.flush()
