"""What becomes of tags when the place or the message that they stand on changes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.problems.records import Kind, Problem, State, Tag


def shared(session: Session, channel: str) -> None:
    """A channel is read by another organisation now: what its messages were tagged with keeps no link to it."""
    session.execute(
        sa.update(Tag).where(Tag.channel == channel).values(place=Kind.SHARED.value, permalink=None)
    )


def renamed(session: Session, old: str, new: str) -> None:
    """A channel got a new id, as happens to a private one that is shared."""
    taken = sa.select(Tag.message_ts).where(Tag.channel == new)
    session.execute(
        sa.update(Tag).where(Tag.channel == old, Tag.message_ts.not_in(taken)).values(channel=new)
    )


def tags_after(session: Session, last: tuple[str, str] | None, *, most: int) -> Sequence[tuple[str, str]]:
    """Tagged messages as (channel, ts), in a fixed order, from after `last` on."""
    query = sa.select(Tag.channel, Tag.message_ts).order_by(Tag.channel, Tag.message_ts).limit(most)
    if last is not None:
        query = query.where(
            sa.or_(Tag.channel > last[0], sa.and_(Tag.channel == last[0], Tag.message_ts > last[1]))
        )
    return [(row[0], row[1]) for row in session.execute(query)]


def message_gone(session: Session, channel: str, message_ts: str) -> None:
    """The tagged message was deleted: a tag without words goes with it, words of the tagger's own stay."""
    tag = session.get(Tag, (channel, message_ts))
    if tag is None:
        return
    problem = session.get(Problem, tag.problem_id, with_for_update=True)
    session.delete(tag)
    session.flush()
    if problem is not None and problem.state == State.TAGGED.value:
        session.delete(problem)
        session.flush()
