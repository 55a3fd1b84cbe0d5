"""Two problems that are one: a steward says so, whoever raised them is asked, and it can be undone at any time.

Nothing moves. The one that was not chosen is closed and points at the other; an edition counts both as one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.erasures import hidden
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import merged, queries
from bot.core.problems.lifecycle import CHANGED, sentence_of
from bot.core.problems.merge_records import Merge, MergeState
from bot.core.problems.merged_voices import mark_twins
from bot.core.problems.merging_rules import joined, parted, root_of, within
from bot.core.problems.records import Course, Ending, Problem, State
from bot.core.problems.standing_rules import STANDING, UNDER_WAY
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import mine_to_change, note
from bot.core.refusal import Refusal, Stale
from bot.core.store import alone, new_id
from bot.words import mark

IN_ITSELF: Final = mark("These two are one already, so there is nothing to merge.")
UNDER_WAY_HERE: Final = mark(
    "Somebody works on this one: a team, the sponsor or a decision. Merge the other one into it, or let that end first."
)
NOT_INTO_UNPUBLISHED: Final = mark(
    "Everybody can read this one and not the other, so it would disappear for its readers. "
    "Merge the other one into it, or publish the other one first."
)
WAITS: Final = mark(
    "One of the two waits to be merged already. Take that back first, or let those who raised them answer."
)
SAID_NO: Final = mark("One of those who raised these two said that they are not the same. That word stands.")
DOWN: Final = mark(
    "The words of this one are taken down. A second steward looks at them first; then the merge can be undone."
)
#: How the one stood, kept while it goes on in the other.
_KEPT: Final = (
    "held_because",
    "course_sentence",
    "closing",
    "ending",
    "outcome",
    "outcome_words",
    "holds",
    "course",
)
_KEPT_DAYS: Final = ("course_until", "closed_week", "closed_on")
#: In the audit trail of the one that had gone into the other, and of the other, once they are two again.
APART: Final = ("merge_undone", "gave_back")


def merge(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    into: int,
    sentence: str,
    due_on: dt.date,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Merge:
    """Say that one problem goes on in another, whose words and number stand from then on.

    It takes effect at the batch hour, once both raisers have said yes or `due_on` is over; at once where
    neither can be asked. Nobody is told who raised the other one, nor how.
    """
    alone(session, "inbox")  # not while the batch counts voices, nor while another merge takes effect
    one, other = _both(session, actor, ident, into, kit)
    said = sentence_of(sentence, "Please say why these two are one, in a sentence. Both raisers read it.")
    _may_be_one(session, one, other)
    row = Merge(
        id=new_id(kit.randomness),
        problem_id=one.id,
        into_id=other.id,
        state=MergeState.ASKED.value,
        sentence=said,
        due_on=due_on,
        carried=False,
        yes_of_one=False,
        yes_of_other=False,
    )
    session.add(row)
    session.flush()
    _note(session, one, actor, "merged", said, kit, at)
    _note(session, other, actor, "took_in", "", kit, at)
    forgotten = hidden(session, kit.sealing)
    if any(_to_be_asked(each, kit, forgotten) for each in (one, other)):
        for each in (one, other):
            tell_raiser(session, each, kit, at=news_at)
    else:
        tell_raiser(session, _join(session, row, kit), kit, at=news_at)
    return row


def undo(
    session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime, news_at: dt.datetime
) -> Problem:
    """The problem that was to go on in another, or does, stands by itself again exactly as it stood."""
    alone(session, "inbox")
    one = mine_to_change(session, actor, ident, kit, *STANDING, State.CLOSED, State.TAKEN_DOWN)
    row = _of(session, one)
    if row is None:
        raise Stale(CHANGED)
    if one.state == State.TAKEN_DOWN.value:
        raise Refusal(DOWN)
    undone, gave_back = APART
    _note(session, one, actor, undone, "", kit, at)
    _note(session, session.get_one(Problem, row.into_id), actor, gave_back, "", kit, at)
    root = _end(session, row, kit)
    session.delete(row)
    session.flush()
    for each in (one, root):
        tell_raiser(session, each, kit, at=news_at)
    return one


def hear(session: Session, problem: Problem, body: Mapping[str, Any], _kit: Kit) -> None:
    """A raiser's yes or no, brought by the batch; `settle` does what follows from it."""
    row = session.get(Merge, body["merge"])
    if row is None or problem.id not in (row.problem_id, row.into_id) or problem.closed_week is not None:
        return
    if not body["yes"]:
        row.state = MergeState.REFUSED.value
        for ident in (row.problem_id, row.into_id):  # of both, so that nobody sees whose word it was
            session.get_one(Problem, ident).raiser_spoke = True
    elif problem.id == row.problem_id:
        row.yes_of_one = True
    else:
        row.yes_of_other = True
    session.flush()


def settle(session: Session, *, day: dt.date, kit: Kit, at: dt.datetime) -> None:
    """With each batch: let take effect what both sides agreed to by word or silence, and end what a raiser ended."""
    for row in _rows(session):
        _let_end(session, row, kit, at)
    forgotten = hidden(session, kit.sealing)
    for row in _rows(session):
        if row.state == MergeState.ASKED.value:
            _let_begin(session, row, day, forgotten, kit, at)
    session.execute(sa.update(Merge).values(carried=True))


def _let_end(session: Session, row: Merge, kit: Kit, at: dt.datetime) -> None:
    one, other = session.get_one(Problem, row.problem_id), session.get_one(Problem, row.into_id)
    gone = State.WITHDRAWN.value in (one.state, other.state)
    down = one.state == State.TAKEN_DOWN.value
    if row.root_id is not None and (gone or (row.state == MergeState.REFUSED.value and not down)):
        if down or one.closed_week is not None:
            # It is over as well, and stays so; it goes on in nothing any more.
            row.kept = {**_kept(one), "ending": Ending.OTHER.value}
        for each in (_end(session, row, kit), one):
            tell_raiser(session, each, kit, at=at)
    if gone:
        session.delete(row)
        session.flush()


def _let_begin(
    session: Session, row: Merge, day: dt.date, forgotten: frozenset[int], kit: Kit, at: dt.datetime
) -> None:
    one, other = session.get_one(Problem, row.problem_id), session.get_one(Problem, row.into_id)
    agreed = (row.yes_of_one or not _to_be_asked(one, kit, forgotten)) and (
        row.yes_of_other or not _to_be_asked(other, kit, forgotten)
    )
    if not _standing(one) or not _standing(merged.goes_on(session, other)):
        session.delete(row)
        session.flush()
    elif (agreed or row.due_on < day) and _fits(session, one, other):
        tell_raiser(session, _join(session, row, kit), kit, at=at)


def _both(session: Session, actor: Actor, ident: int, into: int, kit: Kit) -> tuple[Problem, Problem]:
    """Both problems, locked in one order, so that two stewards at once do not wait for each other."""
    goes_on = merged.goes_on(session, queries.visible(session, actor, into, kit)).id
    if goes_on == ident:
        raise Refusal(IN_ITSELF)
    found = {each: mine_to_change(session, actor, each, kit, *STANDING) for each in sorted((ident, goes_on))}
    return found[ident], found[goes_on]


def _may_be_one(session: Session, one: Problem, other: Problem) -> None:
    if Course(one.course) in UNDER_WAY:
        raise Refusal(UNDER_WAY_HERE)
    if one.number is not None and other.number is None:
        raise Refusal(NOT_INTO_UNPUBLISHED)
    pair = {one.id, other.id}
    for row in _rows(session):
        if {row.problem_id, row.into_id} == pair and row.state == MergeState.REFUSED.value:
            raise Refusal(SAID_NO)
        if row.state == MergeState.ASKED.value and row.problem_id in pair:
            raise Refusal(WAITS)


def _fits(session: Session, one: Problem, other: Problem) -> bool:
    """Whether it can take effect now; what does not fit yet waits on."""
    root = merged.goes_on(session, other)
    unpublished = one.number is not None and root.number is None
    return root.id != one.id and Course(one.course) not in UNDER_WAY and not unpublished


def _standing(problem: Problem) -> bool:
    return problem.state in [state.value for state in STANDING]


def _to_be_asked(problem: Problem, kit: Kit, forgotten: frozenset[int]) -> bool:
    if problem.receipt_hash is not None:
        return True
    return problem.id not in forgotten and queries.reachable(problem, kit)


def _join(session: Session, row: Merge, kit: Kit) -> Problem:
    """Let it take effect: the one is closed and points at the other, with all that went into it before.

    Gives the problem in which all of them go on.
    """
    one = session.get_one(Problem, row.problem_id)
    into = joined(_into(session), one.id, row.into_id)
    row.kept = _kept(one)
    row.root_id, row.state = root_of(into, one.id), MergeState.STANDS.value
    one.state, one.ending, one.closing = State.CLOSED.value, Ending.MERGED.value, row.sentence
    one.course, one.course_until, one.course_sentence = Course.WAITING.value, None, None
    _point(session, row, into)
    one.changed = True
    _count_anew(session, [row.root_id], kit)
    return session.get_one(Problem, row.root_id)


def _kept(one: Problem) -> dict[str, Any]:
    days = {name: getattr(one, name) for name in _KEPT_DAYS}
    return {
        "state": one.state,
        **{name: getattr(one, name) for name in _KEPT},
        **{name: day.isoformat() if day is not None else None for name, day in days.items()},
    }


def _end(session: Session, row: Merge, kit: Kit) -> Problem:
    """Let both stand by themselves; where it has taken effect, the one is again what it was.

    Gives the problem in which the other goes on.
    """
    if row.root_id is None:
        return merged.goes_on(session, session.get_one(Problem, row.into_id))
    one, root = session.get_one(Problem, row.problem_id), row.root_id
    into = parted(_into(session), one.id)
    _give_back(session, one, row.kept or {}, kit)
    row.root_id = row.kept = None
    row.state = MergeState.REFUSED.value
    _point(session, row, into)
    _count_anew(session, [one.id, root], kit)
    return session.get_one(Problem, root)


def _give_back(session: Session, one: Problem, kept: Mapping[str, Any], kit: Kit) -> None:
    one.changed = True
    if one.state == State.WITHDRAWN.value:
        return
    if one.state == State.CLOSED.value:
        one.state = kept["state"]
    for name in _KEPT:
        setattr(one, name, kept[name])
    for name in _KEPT_DAYS:
        setattr(one, name, dt.date.fromisoformat(kept[name]) if kept[name] else None)
    if one.salt is None and _standing(one):
        # The other was closed in between, and who spoke here was destroyed with that: people are told apart anew.
        one.salt, one.salt_mark = kit.randomness.randbytes(16), kit.sealing.newest
        one.came_back += 1
    session.flush()


def _point(session: Session, row: Merge, into: Mapping[int, int]) -> None:
    """Write where everything that is touched goes on by now."""
    session.flush()
    touched = within(into, row.problem_id)
    for each in _rows(session):
        if each.problem_id in touched and each.state == MergeState.STANDS.value:
            each.root_id = root_of(into, each.problem_id)
    session.flush()


def _count_anew(session: Session, roots: Iterable[int], kit: Kit) -> None:
    for ident in roots:
        # Read anew, since an edition may just have counted it and taken it for unchanged.
        session.flush()
        root = session.get_one(Problem, ident, with_for_update=True, populate_existing=True)
        root.changed = True
        session.flush()
        mark_twins(session, [root, *merged.members(session, root)], kit)


def _rows(session: Session) -> list[Merge]:
    return list(session.scalars(sa.select(Merge).order_by(Merge.id)))


def _of(session: Session, problem: Problem) -> Merge | None:
    """The one merge by which this goes on elsewhere, or is to."""
    waits = (Merge.problem_id == problem.id, Merge.state != MergeState.REFUSED.value)
    return session.scalar(sa.select(Merge).where(*waits))


def _into(session: Session) -> dict[int, int]:
    return {row.problem_id: row.into_id for row in _rows(session) if row.state == MergeState.STANDS.value}


def _note(
    session: Session, problem: Problem, actor: Actor, act: str, sentence: str, kit: Kit, at: dt.datetime
) -> None:
    """Into the trail, without taking what the raiser wrote off the desk: merging is no answer to that."""
    spoke = problem.raiser_spoke, problem.others_spoke
    note(session, problem, actor, act, sentence, kit, at)
    problem.raiser_spoke, problem.others_spoke = spoke
    session.flush()
