"""What stewards do about a problem, each with a sentence back; and what they set beside it for every reader."""

from __future__ import annotations

import datetime as dt
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import catalogue, merged, triage
from bot.core.problems.lifecycle import later, sentence_of, take, to_step
from bot.core.problems.lifecycle_rules import LIFECYCLE, Role, Step
from bot.core.problems.records import Audit, Problem
from bot.core.problems.standing_rules import STANDING, UNDER_WAY, Course, Ending, State
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import note
from bot.core.problems.wording import text_of
from bot.core.problems.work_records import WorkRule
from bot.core.refusal import Refusal
from bot.core.store import alone, monday, upsert

#: Characters of "what would help", which stands in an edition's two lines.
HELP_MOST = 200
#: Most problems under way at once that the limit can be set to.
LIMIT_MOST = 999


class When(TypedDict):
    """When a step is taken, and when its raiser hears of it; `seen` is where it stood when the form was opened."""

    kit: Kit
    at: dt.datetime
    news_at: dt.datetime
    seen: NotRequired[str | None]


def acknowledge(session: Session, actor: Actor, ident: int, sentence: str, **when: Unpack[When]) -> Problem:
    """A first answer from a person: the raiser reads the sentence."""
    return _step(session, actor, ident, Step.ACKNOWLEDGED, sentence, **when)


def write(session: Session, actor: Actor, ident: int, sentence: str, **when: Unpack[When]) -> Problem:
    """One more sentence to the raiser alone, after the first; what is being done goes on."""
    return _step(session, actor, ident, Step.WROTE, sentence, **when)


def observe(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    until: dt.date,
    today: dt.date,
    **when: Unpack[When],
) -> Problem:
    """Do nothing and watch until a day; everybody reads what for."""
    until = later(until, today=today)
    return _step(session, actor, ident, Step.OBSERVED, sentence, until=until, **when)


def not_now(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    until: dt.date,
    today: dt.date,
    **when: Unpack[When],
) -> Problem:
    """Put it off with the reason and the day of the next look; it counts as no open work."""
    until = later(until, today=today)
    return _step(session, actor, ident, Step.NOT_NOW, sentence, until=until, **when)


def try_out(
    session: Session, actor: Actor, ident: int, sentence: str, *, review_on: dt.date, **when: Unpack[When]
) -> Problem:
    """A decision runs until its review; its public sentence stands beside the problem."""
    return _step(session, actor, ident, Step.TRIED, sentence, until=review_on, **when)


def trial_over(session: Session, actor: Actor, ident: int, sentence: str, **when: Unpack[When]) -> Problem:
    """The decision has ended or lapsed, and the problem stands as before."""
    return _step(session, actor, ident, Step.TRIAL_OVER, sentence, **when)


def trial_changed(problem: Problem, sentence: str, *, review_on: dt.date) -> None:
    """What is tried, or until when, was changed while it runs; the problem is locked and tried."""
    problem.course_sentence, problem.course_until = sentence, review_on


def trial_lapsed(session: Session, problem: Problem, *, kit: Kit, news_at: dt.datetime) -> None:
    """Nobody said at its review that it should go on: the problem stands as before, and its raiser hears of it."""
    take(problem, Step.TRIAL_LAPSED, role=Role.TIME)
    session.flush()
    tell_raiser(session, problem, kit, at=news_at)


def take_back(session: Session, actor: Actor, ident: int, sentence: str, **when: Unpack[When]) -> Problem:
    """Take it back from a team or the sponsor, with the reason."""
    problem = _step(session, actor, ident, Step.TOOK_BACK, sentence, **when)
    triage.release(session, problem)
    return problem


def not_for_us(
    session: Session, actor: Actor, ident: int, sentence: str, *, instead: str, **when: Unpack[When]
) -> Problem:
    """Close what others look after, and say who that is."""
    who = " ".join(sentence_of(instead, "Please say who looks after such things instead.").split())
    why = sentence_of(sentence, "Nothing is closed without a sentence back. What should people read?")
    said = text_of(f"{why}\n→ {who}")
    ending, step = Ending.NOT_FOR_US, Step.NOT_FOR_US
    return triage.close(session, actor, ident, said, ending=ending, step=step, **when)


def reopen(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    seen: str | None = None,
) -> Problem:
    """A new round: it came back, people are told apart anew, and what was counted before stays as numbers."""
    alone(session, "inbox")
    problem = to_step(session, actor, ident, Step.REOPENED, kit, seen=seen)
    because = sentence_of(sentence, "Please say why it is open again, in a sentence that everybody can read.")
    if problem.ending == Ending.MERGED.value:
        raise Refusal(
            "This one goes on in another problem. Undo the merge instead, and both stand as they were."
        )
    take(problem, Step.REOPENED, sentence=because)
    if problem.number is None:
        problem.state = State.NEW.value  # never published: that needs the same yes as before
    problem.came_back += 1
    problem.salt, problem.salt_mark = kit.randomness.randbytes(16), kit.sealing.newest
    problem.reopened_week, problem.changed, problem.stale_from = monday(at), True, None
    problem.closing = problem.closed_week = problem.closed_on = None
    problem.ending = problem.outcome = problem.outcome_words = problem.holds = None
    merged.opened_again(session, problem)
    session.flush()
    note(session, problem, actor, Step.REOPENED.value, because, kit, at)
    tell_raiser(session, problem, kit, at=news_at)
    return problem


def label(
    session: Session, actor: Actor, ident: int, code: str | None, *, kit: Kit, at: dt.datetime
) -> Problem:
    """Put a function of the catalogue beside it, or none."""
    problem = to_step(session, actor, ident, Step.LABELLED, kit)
    function = catalogue.named(code)
    if code is not None and function is None:
        raise Refusal("That label is not in the catalogue any more. Please pick another one.")
    problem.label = function.name if function else None
    note(session, problem, actor, Step.LABELLED.value, problem.label or "", kit, at)
    return problem


def say_what_helps(
    session: Session, actor: Actor, ident: int, sentence: str, *, kit: Kit, at: dt.datetime
) -> Problem:
    """The stewards' own line on what would help, for everybody; an empty one takes it away."""
    problem = to_step(session, actor, ident, Step.SAID_WHAT_HELPS, kit)
    line = " ".join(text_of(sentence).split())
    if len(line) > HELP_MOST:
        raise Refusal(
            "The line has {length} characters and can have {most}: an edition has room for one line.",
            length=len(line),
            most=HELP_MOST,
        )
    problem.would_help = line or None
    note(session, problem, actor, Step.SAID_WHAT_HELPS.value, line, kit, at)
    return problem


def say_way_around(
    session: Session, actor: Actor, ident: int, sentence: str, **when: Unpack[When]
) -> Problem:
    """How to get by until something changes: the raiser reads it at once, everybody once it is published."""
    problem = _step(session, actor, ident, Step.SAID_WAY_AROUND, sentence, **when)
    problem.way_around = text_of(sentence)
    session.flush()
    return problem


def under_way(session: Session) -> int:
    """How many problems take up teams' and stewards' time now."""
    query = sa.select(sa.func.count()).select_from(Problem)
    return session.scalar(query.where(*_UNDER_WAY)) or 0


_UNDER_WAY = (
    Problem.state.in_([state.value for state in STANDING]),
    Problem.course.in_([course.value for course in UNDER_WAY]),
)


def limit(session: Session) -> int | None:
    """How many may be under way at once; None where the stewards set no limit."""
    return session.scalar(sa.select(WorkRule.most_under_way))


def set_limit(session: Session, actor: Actor, most: int | None, *, kit: Kit, at: dt.datetime) -> None:
    """Set how much may be under way at once, or no limit; what is under way already goes on."""
    stewards_only(actor)
    if most is not None and not 0 < most <= LIMIT_MOST:
        raise Refusal("Please give a number from 1 to {most}, or leave it empty.", most=LIMIT_MOST)
    if limit(session) == most:
        return
    upsert(session, WorkRule, {"id": 1, "most_under_way": most}, key=["id"])
    note(session, None, actor, "set_limit", "" if most is None else str(most), kit, at)


def room_for_more(session: Session, problem: Problem | None = None) -> None:
    """Refuse to take up more than the stewards have set for themselves; what is under way already needs no room."""
    if problem is not None and Course(problem.course) in UNDER_WAY:
        return
    alone(session, "under way")  # else two stewards at once would both find the last place
    most = limit(session)
    if most is not None and under_way(session) >= most:
        raise Refusal(
            "As much is under way as the stewards set for themselves: {most} at once. Finish or take back one first, "
            "or say “Not now, because ...”, which is an honest answer.",
            most=most,
        )


def _step(
    session: Session,
    actor: Actor,
    ident: int,
    step: Step,
    sentence: str,
    *,
    until: dt.date | None = None,
    **when: Unpack[When],
) -> Problem:
    kit = when["kit"]
    problem = to_step(session, actor, ident, step, kit, seen=when.get("seen"))
    said = sentence_of(sentence, "Please say it in a sentence: whoever raised this reads it.")
    if _said_already(session, problem, actor, step, said, news_at=when["news_at"]):
        return problem
    if step is Step.TRIED:
        room_for_more(session, problem)
    if step in (Step.OBSERVED, Step.NOT_NOW, Step.TRIED) and Course(problem.course) in UNDER_WAY:
        triage.release(session, problem)
    take(problem, step, until=until, sentence=said)
    session.flush()
    note(session, problem, actor, step.value, said, kit, when["at"])
    tell_raiser(session, problem, kit, at=when["news_at"])
    return problem


def _said_already(
    session: Session, problem: Problem, actor: Actor, step: Step, sentence: str, *, news_at: dt.datetime
) -> bool:
    """Whether this is a second click: where a step moves nothing, a form that is sent again looks like the first."""
    if LIFECYCLE[step].to_course is not None:
        return False
    such = sa.select(Audit).where(Audit.problem_id == problem.id, Audit.act == step.value)
    last = session.scalar(such.order_by(Audit.at.desc(), Audit.id).limit(1))
    if last is None or news_at - last.at > dt.timedelta(days=1):
        return False
    return (last.steward, last.sentence) == (actor.person, sentence)
