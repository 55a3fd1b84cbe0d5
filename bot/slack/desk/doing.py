"""What is being done about a problem, gathered for a steward's look."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import handing, helping, sponsoring
from bot.core.problems.lifecycle import standing_of
from bot.core.problems.lifecycle_rules import Role, steps_of
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import STANDING, Course, Outcome, State
from bot.core.problems.work_records import HelpState, TeamsAnswer
from bot.slack.desk.doing_views import Doing, Handed, Offered, Sponsored
from bot.slack.desk.step_views import WAYS


def doing_of(session: Session, actor: Actor, problem: Problem, kit: Kit, *, today: dt.date) -> Doing:
    """All that a steward reads of it, and which ways on there are."""
    stands = State(problem.state) in STANDING
    return Doing(
        course=Course(problem.course),
        until=problem.course_until,
        due=stands and problem.course_until is not None and problem.course_until <= today,
        sentence=problem.course_sentence,
        would_help=problem.would_help,
        way_around=problem.way_around,
        hands=[
            Handed(name, row.asks, row.due_on, TeamsAnswer(row.answer), row.text)
            for name, row in handing.hands_of(session, problem)
        ],
        sponsor=[
            Sponsored(row.asks, row.due_on, row.text) for row in sponsoring.answers_of(session, problem)
        ],
        offers=[
            Offered(each.id, each.person, each.team, each.text, each.state == HelpState.ACCEPTED.value)
            for each in helping.offers(session, actor, problem.id, kit=kit)
            if each.state != HelpState.DECLINED.value
        ],
        outcome=Outcome(problem.outcome) if problem.outcome else None,
        outcome_words=problem.outcome_words,
        holds=problem.holds,
        ways=[step for step in steps_of(Role.STEWARD, standing_of(problem)) if step in WAYS],
    )
