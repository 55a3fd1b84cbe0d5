"""A decision as stewards put it, checked before it is stored, and written with those who pay and gain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions.records import Decision, Gain, Guardrail, Payer
from bot.core.decisions.rules import Door, Hours, PayersWord
from bot.core.kit import Kit
from bot.core.problems.lifecycle import later, sentence_of
from bot.core.problems.wording import text_of
from bot.core.refusal import Refusal, Stale
from bot.core.store import new_id
from bot.core.teams import queries as teams
from bot.core.teams.records import Team

#: Most teams that one decision lets pay, or gain, and most lines of "a fix must not".
PAYERS_MOST: Final = 4
GAINS_MOST: Final = 12
GUARDRAILS_MOST: Final = 8
#: Most characters of such a line.
LINE_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Load:
    """What one team carries: hours a week, and from when until when."""

    team: int
    what: str = ""
    hours: Hours | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as stewards put it. options, guardrails: a line each. check_on: when somebody looks at the guardrails."""

    sentence: str
    stop_rule: str
    review_on: dt.date
    payers: tuple[Load, ...] = ()
    door: Door = Door.TWO_WAY
    options: str = ""
    gains: tuple[tuple[int, Hours | None], ...] = ()
    guardrails: tuple[str, ...] = ()
    check_on: dt.date | None = None
    disagreement: str = ""

    def checked(self, *, today: dt.date) -> Draft:
        """The same, storable; a refusal says what to mend."""
        sentence = sentence_of(self.sentence, "Please say in a sentence what is tried; everybody reads it.")
        stop = sentence_of(self.stop_rule, "Please say when it stops: what would have to be seen?")
        review = later(self.review_on, today=today)
        lines = tuple(line for each in self.guardrails if (line := " ".join(text_of(each).split())))
        if len(self.payers) > PAYERS_MOST or len(self.gains) > GAINS_MOST or len(lines) > GUARDRAILS_MOST:
            raise Refusal(
                "That is more than one decision holds: {payers} teams that pay, {gains} that gain, and {lines} lines "
                "of what must not happen. Two smaller decisions are easier to end.",
                payers=PAYERS_MOST,
                gains=GAINS_MOST,
                lines=GUARDRAILS_MOST,
            )
        if any(len(line) > LINE_MOST for line in lines):
            raise Refusal("A line of what must not happen can have {most} characters.", most=LINE_MOST)
        return replace(
            self,
            sentence=sentence,
            stop_rule=stop,
            review_on=review,
            payers=tuple(_load(load, today, review) for load in self.payers),
            options=text_of(self.options),
            guardrails=lines,
            check_on=later(self.check_on, today=today) if self.check_on else review,
            disagreement=text_of(self.disagreement),
        )


def _load(load: Load, today: dt.date, review: dt.date) -> Load:
    since, until = load.since or today, load.until or review
    if until < since:
        raise Refusal("A team can't stop to carry something before it begins. Please look at the two days.")
    return replace(load, what=text_of(load.what), since=since, until=until)


def write(session: Session, decision: Decision, draft: Draft, *, kit: Kit, at: dt.datetime) -> None:
    """Put a checked draft into a decision's row and those around it; a team whose load is new or other is asked."""
    named = {load.team for load in draft.payers} | {team for team, _ in draft.gains}
    if teams.existing(session, named) != named:
        raise Stale("One of those teams is not there any more. Nothing was saved; please look again.")
    decision.sentence, decision.stop_rule = draft.sentence, draft.stop_rule
    decision.options, decision.disagreement = draft.options, draft.disagreement
    decision.review_on = draft.review_on
    decision.version += 1
    session.add(decision)
    session.flush()
    _write_payers(session, decision, draft.payers, kit=kit, at=at)
    session.execute(sa.delete(Gain).where(Gain.decision_id == decision.id))
    for team, hours in draft.gains:
        session.add(Gain(decision_id=decision.id, team_id=team, **_range(hours)))
    _write_guardrails(session, decision, draft, kit)
    session.flush()


def _write_payers(
    session: Session, decision: Decision, loads: tuple[Load, ...], *, kit: Kit, at: dt.datetime
) -> None:
    rows = session.scalars(sa.select(Payer).where(Payer.decision_id == decision.id))
    there = {payer.team_id: payer for payer in rows}
    for gone in there.keys() - {load.team for load in loads}:
        session.delete(there[gone])
    for load in loads:
        values = {"what": load.what, "since": load.since, "until": load.until, **_range(load.hours)}
        payer = there.get(load.team)
        if payer is not None and all(getattr(payer, name) == value for name, value in values.items()):
            continue
        if payer is None:
            payer = Payer(decision_id=decision.id, team_id=load.team, review_words="", **values)
            session.add(payer)
        for name, value in values.items():
            setattr(payer, name, value)
        payer.word, payer.words, payer.review_word = PayersWord.INFORMED.value, "", None
        session.flush()
        ask(session, payer, "agree", kit=kit, at=at)


def ask(session: Session, payer: Payer, why: str, *, kit: Kit, at: dt.datetime) -> bool:
    """Tell whoever answers for a team that something waits, once for each reason; False where nobody does."""
    team = session.get_one(Team, payer.team_id)
    if team.contact is None or team.dissolved:
        return False
    about = {"decision": payer.decision_id, "team": payer.team_id}
    once = f"{why}:{payer.decision_id}:{payer.team_id}"
    kit.outbox.to_person(session, team.contact, "payer_asked", about, at=at, once=once)
    return True


def _write_guardrails(session: Session, decision: Decision, draft: Draft, kit: Kit) -> None:
    """Lines that stay keep what was found of them."""
    rows = session.scalars(sa.select(Guardrail).where(Guardrail.decision_id == decision.id))
    there = {row.line: row for row in rows}
    for line in there.keys() - set(draft.guardrails):
        session.delete(there[line])
    for line in dict.fromkeys(draft.guardrails):
        row = there.get(line)
        if row is None:
            row = Guardrail(id=new_id(kit.randomness), decision_id=decision.id, line=line, found="")
            session.add(row)
        if row.held is None and draft.check_on is not None:
            row.check_on = draft.check_on


def _range(hours: Hours | None) -> dict[str, float | None]:
    return {
        "hours_low": hours.low if hours else None,
        "hours_high": hours.high if hours else None,
    }
