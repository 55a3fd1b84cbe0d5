"""Taking a text down: the words go at once, everybody reads why, and posted editions are set right."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.editions.queries import part_of
from bot.core.editions.records import Edition, EditionItem, Section
from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.problems.records import Problem, State
from bot.core.refusal import NotFound
from bot.core.replies import queries as replies
from bot.core.replies import withholding


def take_down(
    session: Session, actor: Actor, ident: int, sentence: str, *, kit: Kit, at: dt.datetime
) -> Problem:
    """A steward takes the words away from everybody at once; the sentence (one line) stands in their place."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit, locked=True)
    withholding.withhold(session, actor, problem, sentence, kit=kit, at=at)
    _correct(session, problem, kit, at)
    return problem


def points_at_me(
    session: Session, actor: Actor, ident: int, reason: str, *, sentence: str, kit: Kit, at: dt.datetime
) -> Problem:
    """Whoever can read it says "this points at me": down at once. The reason is for stewards, and names nobody.

    `sentence` is what everybody reads in the place of the words; the caller has it in the workspace's language.
    """
    problem = readable(session, actor, ident, kit, locked=True)
    withholding.withhold_for(session, problem, reason, sentence)
    _correct(session, problem, kit, at)
    return problem


def review_take_down(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    restore: bool,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Problem:
    """A second steward gives the words back to everybody, or destroys them."""
    problem = withholding.review(session, actor, ident, restore=restore, kit=kit, at=at, news_at=news_at)
    if restore:
        _correct(session, problem, kit, at)
    return problem


def correct_withdrawn(session: Session, sentence: str, *, kit: Kit, at: dt.datetime) -> int:
    """Destroy the words of withdrawn problems in editions too; `sentence` stands in their place. How many problems."""
    standing = sa.select(EditionItem.problem_id).where(EditionItem.title != sentence)
    query = sa.select(Problem).where(Problem.state == State.WITHDRAWN.value, Problem.id.in_(standing))
    found = list(session.scalars(query.order_by(Problem.id)))
    for problem in found:
        _correct(session, problem, kit, at, title=sentence)
    return len(found)


def readable(session: Session, actor: Actor, ident: int, kit: Kit, *, locked: bool = False) -> Problem:
    """The problem where this person may read it; so may whoever answers for an asked team, before others do."""
    try:
        return queries.visible(session, actor, ident, kit, locked=locked)
    except NotFound:
        if not replies.is_asked(session, actor, ident):
            raise
        return session.get_one(Problem, ident, with_for_update=locked or None, populate_existing=locked)


def _correct(
    session: Session, problem: Problem, kit: Kit, at: dt.datetime, *, title: str | None = None
) -> None:
    """Replace its line in every edition, and say so where one stands or is on its way to a channel."""
    rows = session.execute(
        sa.select(EditionItem.edition_id, EditionItem.section).where(EditionItem.problem_id == problem.id)
    )
    parts: dict[int, set[int]] = {}
    for edition_id, section in rows:
        # The channel's own message says that something was set right, wherever it stood.
        parts.setdefault(edition_id, {0}).add(part_of(Section(section)))
    session.execute(
        sa.update(EditionItem)
        .where(EditionItem.problem_id == problem.id)
        .values(title=problem.title if title is None else title)
    )
    if problem.state == State.TAKEN_DOWN.value:
        for item in session.scalars(sa.select(EditionItem).where(EditionItem.problem_id == problem.id)):
            item.shown = {name: value for name, value in item.shown.items() if name != "would_help"}
    # One that is being sent at this moment was put in words before: it is set right as well, once it stands.
    named = (Edition.id.in_(parts), Edition.channel != "")  # the others stand nowhere
    editions = session.scalars(sa.select(Edition).where(*named).order_by(Edition.due_at))
    for edition in editions:
        for part in sorted(parts[edition.id]):
            about = {"edition": edition.id, "problem": problem.id, "part": part}
            kit.outbox.to_channel(session, edition.channel, "correct_edition", about, at=at)
    session.flush()
