"""What comes by itself each morning: reviews begin, what nobody kept lapses, what ended takes its decision along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions import queries
from bot.core.decisions.acts import over
from bot.core.decisions.drafts import ask
from bot.core.decisions.records import Comment, Decision, Guardrail, Payer
from bot.core.decisions.rules import DecisionState, Due
from bot.core.kit import Kit
from bot.core.problems import courses
from bot.core.problems.batch import rewrite
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import READ_BY_ALL, STANDING, Course, State
from bot.core.problems.tracker_records import TrackerLink
from bot.core.replies.records import Withheld

_READ = [state.value for state in READ_BY_ALL]


def each_day(
    session: Session, *, today: dt.date, free: Callable[[dt.date], bool], kit: Kit, at: dt.datetime
) -> None:
    """In the batch's own transaction, once a day; whatever was said until then counts."""
    forget_words(session)
    _end_with_problems(session, today)
    _begin_and_settle(session, today, free, kit, at)
    _let_go(session, kit, at)
    if session.get_bind().dialect.name != "sqlite":
        # On Postgres a row's transaction and place would tell when whoever answers for a team said its word.
        for table in (Payer, Comment):
            rewrite(session, table)


def forget_words(session: Session) -> None:
    """Of a problem whose words are destroyed no decision keeps any, nor a link; teams, hours and days stay."""
    withheld = sa.exists().where(Withheld.problem_id == Problem.id)
    gone = sa.select(Problem.id).where(
        sa.or_(
            Problem.state == State.WITHDRAWN.value,
            sa.and_(Problem.state == State.TAKEN_DOWN.value, ~withheld),
        )
    )
    worded = sa.select(Decision.id).where(Decision.problem_id.in_(gone), Decision.sentence != "")
    idents = list(session.scalars(worded))
    if idents:
        blank = {"sentence": "", "stop_rule": "", "options": "", "disagreement": "", "over_sentence": None}
        session.execute(sa.delete(Guardrail).where(Guardrail.decision_id.in_(idents)))
        session.execute(sa.delete(Comment).where(Comment.decision_id.in_(idents)))
        said = {"what": "", "words": "", "review_words": ""}
        session.execute(sa.update(Payer).where(Payer.decision_id.in_(idents)).values(said))
        session.execute(sa.update(Decision).where(Decision.id.in_(idents)).values(blank))
    session.execute(sa.delete(TrackerLink).where(TrackerLink.problem_id.in_(gone)))


def _end_with_problems(session: Session, today: dt.date) -> None:
    query = (
        sa.select(Decision, Problem)
        .join(Problem, Problem.id == Decision.problem_id)
        .where(
            Decision.state.in_(queries.STANDING),
            sa.or_(
                Problem.state.not_in(queries.ALIVE),
                Decision.sentence == "",
                # Closed and open again since yesterday.
                sa.and_(Decision.state == DecisionState.RUNNING.value, Problem.course != Course.TRIED.value),
            ),
        )
    )
    for decision, problem in session.execute(query).all():
        ran = decision.state == DecisionState.RUNNING.value
        state = DecisionState.ENDED if ran else DecisionState.DROPPED
        over(decision, state, today=problem.closed_on or today)
    session.flush()


def _begin_and_settle(
    session: Session, today: dt.date, free: Callable[[dt.date], bool], kit: Kit, at: dt.datetime
) -> None:
    query = (
        sa.select(Decision, Problem)
        .join(Problem, Problem.id == Decision.problem_id)
        .where(
            Decision.state == DecisionState.RUNNING.value,
            Decision.review_on <= today,
            Problem.state.in_(_READ),
        )
        .order_by(Decision.review_on, Decision.id)
        .with_for_update(of=Problem)
    )
    for decision, problem in session.execute(query).all():
        if not decision.review_asked:
            # Its days count from when people could first answer, also where the bot was away on its day.
            decision.review_asked, decision.review_on = True, today
            for payer in session.scalars(sa.select(Payer).where(Payer.decision_id == decision.id)):
                ask(session, payer, "review", kit=kit, at=at)
            continue
        match queries.due_now(session, decision, today=today, free=free):
            case Due.LAPSES:
                over(decision, DecisionState.LAPSED, today=today)
                if problem.course == Course.TRIED.value:
                    courses.trial_lapsed(session, problem, kit=kit, news_at=at)
                problem.others_spoke = True
            case Due.FLAGGED if not decision.flagged:
                decision.flagged = True
    session.flush()


def _let_go(session: Session, kit: Kit, at: dt.datetime) -> None:
    """A problem that counts as tried while nothing runs: its decision ended while its words were down."""
    runs = sa.exists().where(Decision.problem_id == Problem.id, Decision.state == DecisionState.RUNNING.value)
    had = sa.exists().where(Decision.problem_id == Problem.id)
    stuck = sa.select(Problem).where(
        Problem.course == Course.TRIED.value,
        Problem.state.in_([state.value for state in STANDING]),
        had,
        ~runs,
    )
    for problem in session.scalars(stuck.with_for_update()).all():
        courses.trial_lapsed(session, problem, kit=kit, news_at=at)
