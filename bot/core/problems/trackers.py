"""Where a problem is worked on in other tools, and what those tools are told: public words and bands, nothing else."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import evidence
from bot.core.problems.records import PUBLISHED, Problem
from bot.core.problems.standing_rules import READ_BY_ALL, Course
from bot.core.problems.tracker_records import TrackerLink
from bot.core.problems.tracker_rules import item_of, link_of
from bot.core.problems.triage import mine_to_change, note
from bot.core.problems.work_records import Hand, TeamsAnswer
from bot.core.refusal import Refusal
from bot.core.store import inserted, monday, new_id

#: Most links of one problem.
LINKS_MOST: Final = 10
#: The outbox's name for where these go; it is no channel.
WEBHOOK: Final = "webhook"
_READ: Final = tuple(state.value for state in READ_BY_ALL)
_A_WEEK: Final = dt.timedelta(days=7)


class News(StrEnum):
    """What another tool hears of."""

    PUBLISHED = "published"
    HANDED_OVER = "handed_over"


def link(session: Session, actor: Actor, ident: int, typed: str, *, kit: Kit, at: dt.datetime) -> Problem:
    """Put a link beside a published problem, for everybody who may read it."""
    problem = mine_to_change(session, actor, ident, kit, *READ_BY_ALL)
    try:
        url = link_of(typed)
    except ValueError:
        raise Refusal(
            "That is no link that I can keep: it should begin with https:// and name a host."
        ) from None
    if len(links_of(session, problem)) >= LINKS_MOST:
        raise Refusal("There are {most} links already. Take one away first.", most=LINKS_MOST)
    values = {"id": new_id(kit.randomness), "problem_id": problem.id, "url": url}
    if inserted(session, TrackerLink, values):
        note(session, problem, actor, "linked", item_of(url), kit, at)
    return problem


def unlink(session: Session, actor: Actor, ident: int, link: int, *, kit: Kit, at: dt.datetime) -> Problem:
    """Take a link away again."""
    problem = mine_to_change(session, actor, ident, kit, *READ_BY_ALL)
    gone = sa.delete(TrackerLink).where(TrackerLink.id == link, TrackerLink.problem_id == problem.id)
    url = session.scalar(gone.returning(TrackerLink.url))
    if url is not None:
        note(session, problem, actor, "unlinked", item_of(url), kit, at)
    return problem


def links_of(session: Session, problem: Problem) -> list[tuple[int, str, str]]:
    """Its links by id, with what each names; none while its words are not for everybody."""
    if problem.state not in PUBLISHED:
        return []
    rows = session.scalars(sa.select(TrackerLink).where(TrackerLink.problem_id == problem.id))
    return sorted(((row.id, row.url, item_of(row.url)) for row in rows), key=lambda each: each[1])


def payload(problem: Problem, news: News, ident: str) -> dict[str, Any] | None:
    """What a tool is told of a problem, as docs/webhook.md says; None where it is not for everybody (any more)."""
    if problem.state not in _READ or problem.number is None:
        return None
    finding = evidence.finding_of(problem)
    return {
        "version": 1,
        "id": ident,
        "event": news.value,
        "number": problem.number,
        "title": problem.title,
        "hardship": problem.hardship,
        "tried": problem.tried,
        "guardrails": problem.guardrails,
        "label": problem.label,
        "solved_where": finding.verdict.value if finding else None,
        "teams": finding.teams.value if finding and finding.teams else None,
        "functions": finding.functions.value if finding and finding.functions else None,
        "people": finding.band.value if finding else None,
    }


def payload_of(session: Session, ident: int, news: News, row: str) -> dict[str, Any] | None:
    """The same by the problem's id, for the row that says so."""
    problem = session.get(Problem, ident)
    return payload(problem, news, row) if problem is not None else None


def announce(session: Session, *, kit: Kit, at: dt.datetime) -> None:
    """Write what other tools are to hear, each once: published since last week, or handed to a team by now."""
    fresh = sa.select(Problem.id).where(
        Problem.state.in_(_READ), Problem.published_week >= monday(at) - _A_WEEK
    )
    for ident in session.scalars(fresh.order_by(Problem.id)).all():
        _say(session, ident, News.PUBLISHED, f"{WEBHOOK}:published:{ident}", kit, at)
    handed = (
        sa.select(Hand.id, Problem.id)
        .join(Problem, Problem.id == Hand.problem_id)
        .where(
            Problem.state.in_(_READ),
            Problem.course.in_([Course.HANDED.value, Course.TAKEN.value]),
            Hand.answer.in_([TeamsAnswer.WAITING.value, TeamsAnswer.YES.value]),
        )
    )
    for hand, ident in session.execute(handed.order_by(Hand.id)).all():
        _say(session, ident, News.HANDED_OVER, f"{WEBHOOK}:handed:{hand}", kit, at)


def _say(session: Session, ident: int, news: News, once: str, kit: Kit, at: dt.datetime) -> None:
    about = {"problem": ident, "news": news.value}
    kit.outbox.to_channel(session, WEBHOOK, "webhook", about, at=at, once=once)
