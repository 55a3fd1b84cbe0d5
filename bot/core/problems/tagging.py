"""The emoji tag: reactions are noted at once, and settled by the worker once it knows the place and the person."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.people import Actor
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.problems import acts, queries, writing
from bot.core.problems.records import Confirmation, Inbox, Kind, Problem, RaisedAs, Reaction, State, Tag
from bot.core.problems.waits import arrived
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal, Stale
from bot.core.store import beside, insert_into, inserted, monday
from bot.core.teams import queries as teams

#: How long a settled reaction is remembered: longer than Slack's last redelivery.
REMEMBERED = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Noted:
    """A reaction that waits to be settled."""

    mark: bytes
    event_ts: str
    channel: str
    message_ts: str
    person: str
    emoji: str
    there: bool


def note(
    session: Session,
    *,
    channel: str,
    message_ts: str,
    person: str,
    emoji: str,
    event_ts: str,
    there: bool,
    kit: Kit,
    at: dt.datetime,
) -> None:
    """Keep the newest that is known of one person's emoji on one message: a late "added" undoes no "removed"."""
    values = noted(channel, message_ts, person, emoji, event_ts=event_ts, there=there, kit=kit, at=at)
    session.execute(noting(session.get_bind().dialect.name), values)


def noted(
    channel: str,
    message_ts: str,
    person: str,
    emoji: str,
    *,
    event_ts: str,
    there: bool,
    kit: Kit,
    at: dt.datetime,
) -> dict[str, Any]:
    """A reaction's row, sealed, for `noting`; made before any transaction, so that a burst of them takes little."""
    mark = kit.sealing.mark_of("reaction", channel, message_ts, person, emoji)
    sealed = kit.sealing.seal(
        "\x1f".join((channel, message_ts, person, emoji)), bound_to=f"reaction:{mark.hex()}"
    )
    return {"mark": mark, "event_ts": event_ts, "there": there, "sealed": sealed, "settle_at": at}


@cache
def noting(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The statement that keeps the newest of a reaction; built once, since it is the one that bursts run."""
    statement = insert_into(dialect, Reaction)
    changed = {name: statement.excluded[name] for name in ("event_ts", "there", "sealed", "settle_at")}
    newer = Reaction.event_ts < statement.excluded.event_ts
    made: sqlite.Insert | postgresql.Insert = statement.on_conflict_do_update(
        index_elements=["mark"], set_=changed, where=newer
    )
    return made


def due(session: Session, *, kit: Kit, at: dt.datetime, most: int, lease: dt.timedelta) -> list[Noted]:
    """Reactions to settle now; nobody else takes them until the lease ends."""
    rows = session.scalars(
        sa.select(Reaction)
        .where(Reaction.settle_at <= at)
        .order_by(Reaction.settle_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = []
    for row in rows:
        row.settle_at = at + lease
        if row.sealed is None:
            continue
        try:
            parts = kit.sealing.unseal(row.sealed, bound_to=f"reaction:{row.mark.hex()}").split("\x1f", 3)
        except Unreadable:
            row.sealed = row.settle_at = None  # its key is lost: the person can react once more
            continue
        channel, message_ts, person, emoji = parts
        found.append(Noted(row.mark, row.event_ts, channel, message_ts, person, emoji, row.there))
    session.flush()
    return found


def settled(session: Session, noted: Noted) -> bool:
    """Forget which reaction this was. False where something newer came meanwhile, which is settled next."""
    result = session.execute(
        sa.update(Reaction)
        .where(Reaction.mark == noted.mark, Reaction.event_ts == noted.event_ts, Reaction.sealed.is_not(None))
        .values(sealed=None, settle_at=None)
    )
    return bool(getattr(result, "rowcount", 0))


def forget(session: Session, *, before: dt.datetime) -> None:
    """Drop settled reactions that no redelivery can be late for any more."""
    session.execute(
        sa.delete(Reaction).where(Reaction.sealed.is_(None), Reaction.event_ts < f"{before.timestamp():.6f}")
    )


def tagged(session: Session, channel: str, message_ts: str, *, locked: bool = False) -> Problem | None:
    """The problem tagged on this message."""
    tag = session.get(Tag, (channel, message_ts))
    if tag is None:
        return None
    return session.get(Problem, tag.problem_id, with_for_update=locked or None, populate_existing=locked)


def tag(
    session: Session,
    actor: Actor,
    *,
    channel: str,
    message_ts: str,
    place: Kind,
    permalink: str | None,
    kit: Kit,
    at: dt.datetime,
) -> Problem:
    """A person's emoji on a message: the first makes a problem that waits for words, a further one confirms it."""
    beside(session, "inbox")
    problem = tagged(session, channel, message_ts, locked=True)
    if problem is None:
        problem = writing.fresh(kit, RaisedAs.TAGGED, State.TAGGED, at=at)
        session.add(problem)
        session.flush()
        values = {
            "channel": channel,
            "message_ts": message_ts,
            "problem_id": problem.id,
            "place": place.value,
            # Of a private or shared place not even the link is kept.
            "permalink": permalink if place is Kind.PUBLIC else None,
        }
        if inserted(session, Tag, values):
            _first(session, actor, problem, channel, kit=kit, at=at)
            return problem
        session.delete(problem)  # another replica settled a tag on the same message first
        session.flush()
        problem = tagged(session, channel, message_ts, locked=True)
        if problem is None:
            raise Stale("This tag was taken away meanwhile.")
    if problem.state == State.TAGGED.value and problem.raiser is None:
        _first(session, actor, problem, channel, kit=kit, at=at)
    elif problem.raiser != actor.person:
        # Confirmed already, or closed: the emoji says nothing new. Nor is a further tagger told that it counts: the
        # outbox would hold who confirmed, and when. How it counts and is taken back stands in the help.
        with suppress(Refusal):
            acts.confirm_problem(session, actor, problem, kit=kit)
    return problem


def _first(
    session: Session, actor: Actor, problem: Problem, channel: str, *, kit: Kit, at: dt.datetime
) -> None:
    # Whoever had confirmed it before is counted as the one who raised it from now on.
    with suppress(Unreadable):
        voice = queries.voice_of(problem, actor.person, kit)
        session.execute(sa.delete(Inbox).where(Inbox.mark == voice))
        session.execute(
            sa.delete(Confirmation).where(Confirmation.problem_id == problem.id, Confirmation.voice == voice)
        )
    belonging = teams.team_of(session, actor.person)
    problem.raiser = actor.person
    problem.raiser_team_id = belonging.team.id if belonging and belonging.trusted else None
    kit.outbox.to_person_in(session, actor.person, channel, "tag_prompt", {"problem": problem.id}, at=at)
    session.flush()


def untag(session: Session, actor: Actor, *, channel: str, message_ts: str, kit: Kit) -> Problem | None:
    """A person takes the emoji away. Returns the problem where it is left without anybody to word it."""
    beside(session, "inbox")
    problem = tagged(session, channel, message_ts, locked=True)
    if problem is None:
        return None
    if problem.raiser != actor.person:
        # Where nothing of this person stood, there is nothing to take back.
        with suppress(Refusal):
            acts.undo_for(session, actor, problem, kit=kit)
        if problem.raiser is not None or problem.state != State.TAGGED.value:
            return None
    elif problem.state != State.TAGGED.value:
        return None  # its words are sent already; withdrawing those is another act
    else:
        problem.raiser = problem.raiser_team_id = None
    if anybody(session, problem):
        session.flush()
        return problem
    session.execute(sa.delete(Inbox).where(Inbox.problem_id == problem.id))
    session.delete(problem)
    session.flush()
    return None


def inherit(
    session: Session, actor: Actor, *, channel: str, message_ts: str, kit: Kit, at: dt.datetime
) -> None:
    """Somebody whose emoji is still there is asked for the words in place of the first tagger."""
    beside(session, "inbox")
    problem = tagged(session, channel, message_ts, locked=True)
    if problem is None or problem.raiser is not None or problem.state != State.TAGGED.value:
        return
    _first(session, actor, problem, channel, kit=kit, at=at)


def word(
    session: Session,
    actor: Actor,
    ident: int,
    wording: Wording,
    *,
    kit: Kit,
    at: dt.datetime,
    day: dt.date | None = None,
) -> Problem:
    """The tagger puts the problem in words, which reach the stewards; `day` as in `acts.raise_named`."""
    installation.while_open(session)
    problem = queries.visible(session, actor, ident, kit, locked=True)
    if problem.state != State.TAGGED.value:
        raise Refusal("These words were already sent. `{command} mine` shows where it stands.")
    wording = wording.checked()
    problem.state, problem.raised_week = State.NEW.value, monday(at)
    arrived(session, 1, day=day or at.date(), at=at)
    writing.put(session, problem, wording, kit=kit)
    return problem


def asks_for_words(session: Session, ident: int, person: str) -> bool:
    """Whether a tag still waits for this person's words: not taken away, not in words, not somebody else's."""
    problem = session.get(Problem, ident)
    return problem is not None and problem.state == State.TAGGED.value and problem.raiser == person


def anybody(session: Session, problem: Problem) -> bool:
    """Whether somebody has tagged or confirmed it beside the one who is asked for the words."""
    gone: set[bytes] = set()
    came: set[bytes] = set()
    for mark, body in session.execute(
        sa.select(Inbox.mark, Inbox.body).where(Inbox.problem_id == problem.id, Inbox.act == "confirm")
    ):
        (came if body["standing"] else gone).add(mark)
    stood = set(session.scalars(sa.select(Confirmation.voice).where(Confirmation.problem_id == problem.id)))
    return bool(came or stood - gone)
