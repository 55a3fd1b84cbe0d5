"""An edition is composed once a period, says what stands, and is the only moment at which public facts move."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import Workdays
from bot.core.editions import acts, queries
from bot.core.editions.records import Edition, EditionItem, EditionState, Section
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message, Sending
from bot.core.problems import evidence, order_rules, triage
from bot.core.problems.records import FollowUp, Problem, State
from bot.core.problems.rules import Ownership, Verdict
from bot.core.refusal import Refusal
from bot.core.store import Sessions
from bot.core.teams.records import Team
from tests.conftest import new_kit
from tests.core.test_evidence import MONDAY, a_problem, answer, confirm, team

STEWARD = Actor("U0STEWARD", steward=True)
WEEK = dt.timedelta(weeks=1)


def compose(
    session: Session, kit: Kit, at: dt.datetime, *, period: str = "2026-W47", late: bool = False
) -> Edition | None:
    return acts.compose(session, period=period, due_at=at, late=late, channel="C0DIGEST", kit=kit, at=at)


def made(session: Session, kit: Kit, at: dt.datetime, *, period: str = "2026-W47") -> queries.Composed:
    edition = compose(session, kit, at, period=period)
    assert edition is not None
    return queries.composed(session, edition)


def overruled(
    session: Session, number: int, verdict: Verdict = Verdict.NO_SINGLE_TEAM, **values: Any
) -> None:
    """A published problem whose place a steward has named, so that a test can say it in one line."""
    a_problem(session, number, overrule_verdict=verdict.value, overrule_sentence="It is so.", **values)


def felt_by(session: Session, number: int, *teams: int) -> None:
    for one in teams:
        if not session.scalar(sa.select(sa.func.count()).where(Team.id == one)):
            team(session, one)
        confirm(session, number, one)


def hours(session: Session, number: int, each: float) -> None:
    session.add_all(
        FollowUp(id=number * 100 + n, problem_id=number, hours_low=each, hours_high=each) for n in range(3)
    )
    session.flush()


def messages(session: Session, kind: str) -> list[Message]:
    found = list(session.scalars(sa.select(Message).where(Message.kind == kind)))
    return sorted(found, key=lambda message: message.once or "")


def numbers(content: queries.Composed, section: Section) -> list[int]:
    return [line.number for line in content.section(section)]


def age(problem_week: int) -> dt.date:
    return MONDAY - dt.timedelta(weeks=problem_week)


def test_a_period_has_one_edition_however_often_it_is_composed(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        assert compose(session, kit, at) is not None
    with sessions.begin() as session:
        assert compose(session, kit, at + dt.timedelta(hours=1)) is None
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Edition)) == 1
        [message] = messages(session, "edition")
        edition = queries.by_period(session, "2026-W47")
        assert edition is not None
        assert message.about == {"edition": edition.id}
        assert (message.channel, message.once) == ("C0DIGEST", "edition:2026-W47")
        assert message.sending == Sending.WAITING.value


def test_two_workers_that_compose_at_once_make_one_edition(sessions: Sessions, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1, 4):
            overruled(session, number)
    gate = threading.Barrier(2)
    results: list[bool] = []

    def work(seed: int) -> None:
        gate.wait(timeout=10)
        with sessions.begin(patient=True) as session:
            results.append(compose(session, new_kit(seed), at) is not None)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results) == [False, True]
    with sessions.reading() as session:
        assert len(messages(session, "edition")) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(EditionItem)) == 3


def test_nothing_of_an_edition_stays_when_its_transaction_fails(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)

    def interrupted() -> None:
        with sessions.begin() as session:
            compose(session, kit, at)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        interrupted()
    with sessions.reading() as session:
        assert queries.latest(session) is None
        assert messages(session, "edition") == []
        assert session.get_one(Problem, 1).finding is None


def test_the_lead_is_three_by_score_and_two_by_hours(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1, 9):
            overruled(session, number, not_ours=3 if number <= 3 else 0)
            felt_by(session, number, 11, 12, 13)
        hours(session, 7, 20)
        hours(session, 8, 10)
        content = made(session, kit, at)

    lead = content.section(Section.LEAD)
    assert sorted(numbers(content, Section.LEAD)[:3]) == [1, 2, 3]
    assert numbers(content, Section.LEAD)[3:] == [7, 8]
    assert [line.by for line in lead] == ["score"] * 3 + ["hours"] * 2
    assert content.told.rest == 3
    assert lead[0].because == "It is so."


def test_what_has_not_changed_is_ordered_together_with_what_has(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    """Half of them come from memory and half by index; the lead must not show which."""
    with sessions.begin() as session:
        for number in range(1, 13):
            overruled(session, number, not_ours=number % 4)
            felt_by(session, number, *range(11, 11 + number % 5))
            hours(session, number, 1 + (number * 7) % 12)
        compose(session, kit, at, period="2026-W46")
        session.execute(sa.update(Problem).where(Problem.id % 2 == 0).values(changed=True))
        session.expire_all()
        once = acts.preview(session, at=at)
        session.execute(sa.update(Problem).values(changed=True))
        again = acts.preview(session, at=at)
        session.execute(sa.update(Problem).values(changed=False))
        still = acts.preview(session, at=at)

    assert len(once.section(Section.LEAD)) == 5
    assert [line.number for line in once.lines] == [line.number for line in again.lines]
    assert once.lines == again.lines == still.lines
    assert once.told == again.told == still.told


def test_every_unowned_problem_is_in_the_lead_or_counted_as_the_rest(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in range(1, 41):
            overruled(session, number, Verdict.ONE_CARRIES if number % 3 else Verdict.NO_SINGLE_TEAM)
        for number in range(41, 61):
            overruled(session, number, Verdict.ONE_OWNER_MANY_WAITING)
        overruled(session, 61, held_because="Not yet.")
        overruled(session, 62, published_week=age(60))
        first = made(session, kit, at)
        second = made(session, kit, at + WEEK, period="2026-W48")

    for content in (first, second):
        assert content.told.rest == 35
        assert content.told.more_waiting_on_one == 15
        assert len(content.section(Section.WAITING_ON_ONE)) == 5
    assert first.told.moved.new == 61
    assert second.told.moved.new == 0


def test_a_week_counts_problems_that_are_new_and_answered(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in (1, 2, 3):
            a_problem(session, number)
        first = made(session, kit, at)
        triage.close(session, STEWARD, 1, "We look again in March.", kit=kit, at=at, news_at=at)
        a_problem(session, 4)
        second = made(session, kit, at + WEEK, period="2026-W48")
        third = made(session, kit, at + 2 * WEEK, period="2026-W49")

    assert numbers(first, Section.NEW) == [1, 2, 3]
    assert numbers(second, Section.NEW) == [4]
    assert (second.told.moved.new, second.told.moved.answered, second.told.moved.solved) == (1, 1, 0)
    assert (third.told.moved.new, third.told.moved.answered) == (0, 0)
    assert third.told.quiet


def test_a_crowd_of_people_moves_no_count_of_an_edition(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        compose(session, kit, at)
        confirm(session, 1, None, 30)
        content = made(session, kit, at + WEEK, period="2026-W48")
    assert content.told.moved == queries.Moved(answered=0, solved=0, new=0)


def test_a_stale_problem_is_asked_for_once_and_then_rests(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1, published_week=age(60))
        overruled(session, 2, published_week=age(1))
        first = made(session, kit, at)
        assert session.get_one(Problem, 1).state == State.RESTING.value
        assert session.get_one(Problem, 2).state == State.OPEN.value
        triage.overrule(session, STEWARD, 1, Verdict.TWO_TEAMS, "They settled it.", kit=kit, at=at)
        second = made(session, kit, at + WEEK, period="2026-W48")

    assert numbers(first, Section.STILL_THERE) == [1]
    assert numbers(first, Section.LEAD) == [2]
    assert first.section(Section.STILL_THERE)[0].finding is None
    assert numbers(second, Section.STILL_THERE) == []
    assert [part for part in first.parts() if Section.STILL_THERE in queries.PARTS[part - 1]] == [2]


def test_of_many_stale_problems_only_those_rest_that_are_asked_for(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in range(1, 8):
            overruled(session, number, published_week=age(60))
        first = made(session, kit, at)
        asked = numbers(first, Section.STILL_THERE)
        resting = session.scalars(
            sa.select(Problem.number).where(Problem.state == State.RESTING.value).order_by(Problem.number)
        )
        assert (asked, list(resting)) == ([1, 2, 3, 4, 5], asked)
        second = made(session, kit, at + WEEK, period="2026-W48")
    assert numbers(second, Section.STILL_THERE) == [6, 7]
    assert numbers(second, Section.LEAD) == []


def test_a_problem_goes_stale_ninety_days_after_its_newest_voice_however_few_they_were(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        confirm(session, 1, None, 3)
        evidence.work_out(session, at=at)
        weeks = next(n for n in range(100) if order_rules.is_stale(order_rules.freshness([n])))
        before = acts.preview(session, at=at + (weeks - 1) * WEEK)
        after = acts.preview(session, at=at + weeks * WEEK)

    assert numbers(before, Section.LEAD) == [1]
    assert numbers(after, Section.LEAD) == []
    assert numbers(after, Section.STILL_THERE) == [1]


def test_what_a_steward_holds_is_in_no_edition_and_is_new_once_it_is_let_in(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        a_problem(session, 1)
        triage.hold(session, STEWARD, 1, "The function concerned answers first.", kit=kit, at=at)
        first = made(session, kit, at)
        triage.hold(session, STEWARD, 1, "", kit=kit, at=at)
        second = made(session, kit, at + WEEK, period="2026-W48")

    assert first.lines == ()
    assert first.told.moved.new == 0
    assert numbers(second, Section.NEW) == [1]


def test_the_least_seen_changes_from_week_to_week(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1, 5):
            a_problem(session, number)
        made(session, kit, at)
        seen = [
            numbers(made(session, kit, at + n * WEEK, period=f"2026-W{47 + n}"), Section.LEAST_SEEN)
            for n in range(1, 6)
        ]
    assert seen == [[1], [2], [3], [4], [1]]


def test_the_oldest_without_an_answer_counts_although_nobody_may_read_it_yet(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for ident, week in ((8, 1), (9, 2)):
            a_problem(
                session, ident, state=State.NEW.value, number=None, published_week=None, raised_week=age(week)
            )
        content = made(session, kit, at)
    assert content.lines == ()
    assert content.told.quiet
    assert content.told.oldest_waiting == 12  # two whole weeks, Tuesday and Wednesday
    assert content.parts() == []


def test_days_that_nobody_works_are_no_wait(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    monday_off = Workdays(ZoneInfo("Europe/Berlin"), lambda day: day == at.date() - dt.timedelta(days=2))
    with sessions.begin() as session:
        a_problem(session, 8, state=State.NEW.value, number=None, published_week=None, raised_week=age(1))
        assert acts.preview(session, at=at).told.oldest_waiting == 7
        assert acts.preview(session, at=at, days=monday_off).told.oldest_waiting == 6
        edition = acts.compose(
            session,
            period="2026-W47",
            due_at=at,
            late=False,
            channel="C0DIGEST",
            kit=kit,
            at=at,
            days=monday_off,
        )
        assert edition is not None
        assert queries.composed(session, edition).told.oldest_waiting == 6


def test_a_week_without_anything_is_still_an_edition(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        content = made(session, kit, at)
        assert len(messages(session, "edition")) == 1
    assert content.told.quiet
    assert content.told.oldest_waiting is None


def test_a_preview_is_the_edition_and_writes_nothing(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1, 9):
            overruled(session, number, published_week=age(60 if number == 8 else 0))
        acts.add_note(session, STEWARD, "2026-W47", "Mind the release train.")
    written: list[str] = []

    def watch(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if (
            not statement.lstrip().startswith(("SELECT", "BEGIN", "PRAGMA", "SET"))
            or "FOR UPDATE" in statement
        ):
            written.append(statement)

    sa.event.listen(sessions.engine, "before_cursor_execute", watch)
    with sessions.reading() as session:
        expected = acts.preview(session, at=at, period="2026-W47")
        assert not session.dirty
    sa.event.remove(sessions.engine, "before_cursor_execute", watch)
    assert written == []

    with sessions.begin() as session:
        content = made(session, kit, at)
    assert content == expected
    assert content.note == "Mind the release train."


def test_the_mean_of_all_scores_runs_on_from_edition_to_edition(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in (1, 2):
            a_problem(session, number, not_ours=number)
            compose(session, kit, at + number * WEEK, period=f"2026-W{47 + number}")
        third = compose(session, kit, at + 3 * WEEK, period="2026-W50")
        raws = list(session.scalars(sa.select(Problem.raw_score)))
    assert third is not None
    assert (third.raw_total, third.raw_problems) == (pytest.approx(sum(raws)), 2)
    assert sum(raws) > 0


def test_what_was_said_stays_as_it_was_said(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        before = made(session, kit, at)
        session.get_one(Problem, 1).title = "Other words"
        confirm(session, 1, None, 30)
        evidence.work_out(session, at=at)
    with sessions.reading() as session:
        edition = queries.latest(session)
        assert edition is not None
        after = queries.composed(session, edition)
        [item] = queries.items(session, edition)
    assert after == before
    assert item.title == "Problem 1"


def test_an_edition_says_nothing_finer_than_words_and_bands(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        felt_by(session, 1, 11, 11, 11, 12, 12, 13)
        answer(session, 1, 11, 12, 13, ownership=Ownership.NOBODY)
        hours(session, 1, 7.3)
        edition = compose(session, kit, at)
        assert edition is not None
        [item] = session.scalars(sa.select(EditionItem))
        problem = session.get_one(Problem, 1)
        said = json.dumps([item.shown, edition.facts])
    assert set(item.shown) == {"number", "by", "finding"}
    for hidden in (problem.raw_score, problem.score, problem.hours, problem.freshness):
        assert hidden
        assert f"{hidden:.2f}"[:4] not in said
    for team_id in ("11", "12", "13"):
        assert f'"{team_id}"' not in said
    assert item.shown["finding"]["band"] == "<10"


def test_a_posted_edition_has_its_thread_said_once(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1, 4):
            overruled(session, number, Verdict.ONE_OWNER_MANY_WAITING)
        a_problem(session, 4)
        edition = compose(session, kit, at)
        assert edition is not None
    for _ in range(2):
        with sessions.begin() as session:
            acts.posted(session, edition.id, "1763474851.000100", kit=kit, at=at)
    with sessions.reading() as session:
        stored = session.get_one(Edition, edition.id)
        assert (stored.state, stored.message_ts) == (EditionState.POSTED.value, "1763474851.000100")
        thread = messages(session, "edition_thread")
        assert [message.about for message in thread] == [
            {"edition": edition.id, "part": 1},
            {"edition": edition.id, "part": 2},
        ]
        content = queries.composed(session, stored)
        said = [line for part in content.parts() for line in content.section(*queries.PARTS[part - 1])]
        assert sorted(line.number for line in said) == [1, 2, 3, 4]


def test_an_edition_with_nothing_but_its_lead_has_no_thread(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        overruled(session, 1)
        edition = compose(session, kit, at)
        assert edition is not None
        acts.posted(session, edition.id, "1763474851.000100", kit=kit, at=at)
        assert messages(session, "edition_thread") == []


def test_an_edition_of_unknown_outcome_is_held_until_it_is_found(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        edition = compose(session, kit, at)
        assert edition is not None
        acts.held(session, edition.id)
        session.refresh(edition)
        assert edition.state == EditionState.HELD.value
        acts.posted(session, edition.id, "1763474851.000100", kit=kit, at=at)
        acts.held(session, edition.id)
        session.refresh(edition)
        assert edition.state == EditionState.POSTED.value


def test_the_last_posted_edition_is_the_one_that_readers_saw(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        editions = [
            compose(session, kit, at + n * WEEK, period=f"2026-W{47 + n}", late=n == 2) for n in range(3)
        ]
        first, second, third = [edition for edition in editions if edition is not None]
        acts.posted(session, first.id, "1763474851.000100", kit=kit, at=at)
        assert queries.last_posted_before(session, third) == first
        assert queries.last_posted_before(session, first) is None
        assert queries.latest(session) == third
        assert third.late
        assert not second.late


@pytest.mark.parametrize(
    ("actor", "text"),
    [(STEWARD, "x" * 501), (STEWARD, "a\x00b"), (Actor("U1"), "Mine."), (STEWARD, "Too late.")],
)
def test_a_note_that_cannot_stand_is_refused(
    sessions: Sessions, kit: Kit, at: dt.datetime, actor: Actor, text: str
) -> None:
    with sessions.begin() as session:
        if text == "Too late.":
            acts.add_note(session, STEWARD, "2026-W47", "In time.")
            made(session, kit, at)
        with pytest.raises(Refusal):
            acts.add_note(session, actor, "2026-W47", text)
        edition = queries.latest(session)
        assert edition is None or edition.note == "In time."


def test_an_empty_note_takes_the_last_one_away(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        acts.add_note(session, STEWARD, "2026-W47", "First.")
        acts.add_note(session, STEWARD, "2026-W47", "Second.")
        assert acts.preview(session, at=at, period="2026-W47").note == "Second."
        acts.add_note(session, STEWARD, "2026-W47", " ")
        assert made(session, kit, at).note is None


def test_ten_thousand_open_problems_make_a_short_edition(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin(patient=True) as session:
        session.execute(
            sa.insert(Problem),
            [
                {
                    "id": number,
                    "number": number,
                    "raised_as": "confidential",
                    "state": "open",
                    "raised_week": MONDAY,
                    "published_week": MONDAY,
                    "title": f"Problem {number}",
                    "hardship": "It costs us a day.",
                    "overrule_verdict": Verdict.NO_SINGLE_TEAM.value,
                    "overrule_sentence": "It is so.",
                }
                for number in range(1, 10_001)
            ],
        )
        content = made(session, kit, at)
    assert len(content.lines) == 15
    assert content.told.rest == 9_995
    assert content.told.more_new == 9_985
