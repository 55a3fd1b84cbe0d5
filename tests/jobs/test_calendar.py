"""What is due is told by rows and the bot's clock: once each, late where it was missed, and nothing for nothing."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import sqlalchemy as sa

from bot.core.editions.corrections import take_down
from bot.core.editions.moving import channel_moved, channel_now
from bot.core.editions.records import Edition
from bot.core.identity.people import first_time
from bot.core.identity.records import Delivery
from bot.core.problems import acts, courses, triage
from bot.core.problems.records import Batch, Inbox, Problem, State
from bot.core.store import Sessions
from bot.core.teams.acts import looked_up
from bot.core.teams.records import LookedUp
from bot.jobs.calendar import Calendar, Every
from tests import company
from tests.company import WORDS
from tests.jobs.conftest import Jobs, Opened
from tests.slack.conftest import Office, fill_company


def raise_one(office: Office, form: str = "V1") -> None:
    with office.sessions.begin() as session:
        acts.raise_confidential(session, office.actor("priya"), WORDS, form=form, kit=office.kit)


def editions(office: Office) -> list[Edition]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Edition).order_by(Edition.due_at)))


def told(jobs: Jobs) -> list[str]:
    return [row.kind for row in jobs.rows()]


def count(sessions: Sessions, table: Any) -> int:
    with sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_batch_runs_once_a_day_and_stewards_hear_of_it(jobs: Jobs) -> None:
    office = jobs.office
    jobs.calendar.batch()  # today's, before anything was raised
    raise_one(office)
    assert jobs.calendar.batch() is None
    jobs.later(hours=17)  # the next morning, after seven
    assert jobs.calendar.batch() == 1
    assert jobs.calendar.batch() is None
    assert count(office.sessions, Inbox) == 0
    assert [problem.state for problem in jobs.problems()] == [State.NEW.value]
    assert told(jobs) == ["something_waits"] * 2


def test_a_look_that_finds_nothing_due_writes_nothing(lite_jobs: Jobs) -> None:
    lite_jobs.calendar.run()
    statements: list[str] = []
    sa.event.listen(
        lite_jobs.office.sessions.engine,
        "before_cursor_execute",
        lambda _c, _cu, statement, *_rest: statements.append(statement.split()[0]),
    )
    lite_jobs.calendar.run()
    assert set(statements) <= {"BEGIN", "PRAGMA", "SELECT"}


def test_stewards_are_told_again_each_working_morning_as_long_as_something_waits(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        company.raised(session, office.kit, office.now)
    mornings = []
    for _ in range(7):  # from Thursday to Wednesday
        lite_jobs.later(days=1)
        lite_jobs.calendar.run()
        lite_jobs.sender.run()
        mornings.append(len(office.practice.dms("amara")))
    assert mornings == [1, 2, 2, 2, 3, 4, 5]


def test_stewards_are_told_of_a_published_problem_whose_raiser_has_no_answer(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    amara, at = office.actor("amara"), office.now
    with office.sessions.begin() as session:
        ident = company.raised(session, office.kit, at).id
        triage.publish(session, amara, ident, kit=office.kit, at=at, news_at=at)
    lite_jobs.later(days=1)
    lite_jobs.calendar.run()
    lite_jobs.sender.run()
    assert [each["text"] for each in office.practice.dms("amara")] == [
        "1 waits for a first answer. The longest wait for an answer is 1 working day."
    ]
    with office.sessions.begin() as session:
        courses.acknowledge(session, amara, ident, "By Friday.", kit=office.kit, at=at, news_at=office.now)
    lite_jobs.later(days=3)
    lite_jobs.calendar.run()
    lite_jobs.sender.run()
    assert len(office.practice.dms("amara")) == 1


def test_a_holiday_is_no_working_morning(open_office: Opened, lite: Sessions) -> None:
    office = open_office(lite, holidays=(dt.date(2026, 11, 19),))
    fill_company(office)
    jobs = Jobs(office)
    with office.sessions.begin() as session:
        company.raised(session, office.kit, office.now)
    jobs.later(days=1)
    jobs.calendar.run()
    assert "something_waits" not in told(jobs)


def test_several_mornings_gather_into_one_message(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        company.raised(session, office.kit, office.now)
    for _ in range(2):
        lite_jobs.later(days=1)
        lite_jobs.calendar.run()
    assert told(lite_jobs).count("something_waits") == 2


def test_the_edition_is_composed_once_when_its_hour_comes(jobs: Jobs) -> None:
    jobs.calendar.run()
    jobs.later(days=4, hours=18, minutes=51)  # Monday, 8:58
    jobs.calendar.run()
    assert editions(jobs.office) == []
    jobs.later(minutes=2)
    for _ in range(3):
        jobs.calendar.run()
    [made] = editions(jobs.office)
    assert (made.period, made.late) == ("2026-W48", False)
    assert told(jobs).count("edition") == 1


def test_a_new_installation_does_not_begin_with_an_edition_of_the_past(lite_jobs: Jobs) -> None:
    lite_jobs.calendar.run()
    assert editions(lite_jobs.office) == []


def test_a_problem_published_in_the_first_week_brings_no_edition_of_before_the_installation(
    lite_jobs: Jobs,
) -> None:
    lite_jobs.calendar.run()  # installed on a Wednesday
    lite_jobs.later(days=1)
    with lite_jobs.office.sessions.begin() as session:
        company.published(session, lite_jobs.office.kit, lite_jobs.office.bot.clock())
    for calendar in (lite_jobs.calendar, Calendar(lite_jobs.office.bot)):  # and after a restart
        calendar.run()
        assert editions(lite_jobs.office) == []
    lite_jobs.later(days=4)
    lite_jobs.calendar.run()
    assert [each.period for each in editions(lite_jobs.office)] == ["2026-W48"]


def test_a_first_edition_that_nobody_was_running_for_is_made_up_for(lite_jobs: Jobs) -> None:
    lite_jobs.calendar.run()
    with lite_jobs.office.sessions.begin() as session:
        company.published(session, lite_jobs.office.kit, lite_jobs.office.now)
    lite_jobs.later(days=6)
    Calendar(lite_jobs.office.bot).run()
    assert [(each.period, each.late) for each in editions(lite_jobs.office)] == [("2026-W48", True)]


def test_a_first_edition_is_made_up_for_after_weeks_as_well(lite_jobs: Jobs) -> None:
    lite_jobs.calendar.run()
    with lite_jobs.office.sessions.begin() as session:
        company.published(session, lite_jobs.office.kit, lite_jobs.office.now)
    lite_jobs.later(days=20)  # by now no batch tells of those days
    Calendar(lite_jobs.office.bot).run()
    assert [(each.period, each.late) for each in editions(lite_jobs.office)] == [("2026-W50", True)]


def test_after_downtime_the_missed_edition_comes_once_and_late(lite_jobs: Jobs) -> None:
    lite_jobs.later(days=5)
    lite_jobs.calendar.run()  # Monday's, in its time or on the same day
    lite_jobs.later(days=17)  # three Mondays nobody was there for
    again = Calendar(lite_jobs.office.bot)
    again.run()
    again.run()
    assert [(each.period, each.late) for each in editions(lite_jobs.office)] == [
        ("2026-W48", True),
        ("2026-W50", True),
    ]


def test_the_batch_comes_before_a_late_edition(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    lite_jobs.calendar.run()
    with office.sessions.begin() as session:
        problem = company.published(session, office.kit, office.now)
    with office.sessions.begin() as session:
        acts.confirm(session, office.actor("soren"), problem.id, kit=office.kit)
    lite_jobs.later(days=6)
    lite_jobs.calendar.run()
    assert count(office.sessions, Inbox) == 0
    assert len(editions(office)) == 1


def test_without_a_digest_channel_lists_and_cards_change_weekly_and_nothing_is_posted(
    open_office: Opened, sessions: Sessions
) -> None:
    office = open_office(sessions, digest_channel=None)
    fill_company(office)
    jobs = Jobs(office)
    jobs.calendar.run()
    with office.sessions.begin() as session:
        ident = company.published(session, office.kit, office.now).id
        assert session.get_one(Problem, ident).verdict is None
    jobs.later(days=5)
    jobs.calendar.run()
    jobs.calendar.run()
    with office.sessions.begin() as session:
        assert session.get_one(Problem, ident).verdict is not None
        take_down(
            session, office.actor("amara"), ident, "It pointed at a person.", kit=office.kit, at=office.now
        )
    assert [(each.period, each.channel) for each in editions(office)] == [("2026-W48", "")]
    assert not {"edition", "edition_thread", "correct_edition"} & set(told(jobs))
    named = Jobs(open_office(sessions))
    named.later(days=7)
    named.calendar.run()
    [before, now] = editions(office)
    assert (before.channel, now.channel) == ("", office.practice.place("product-weekly").id)
    assert told(named).count("edition") == 1


def test_the_next_edition_follows_a_channel_whose_id_has_changed(jobs: Jobs) -> None:
    office = jobs.office
    named = office.bot.settings.digest_channel
    assert named
    jobs.calendar.run()
    with office.sessions.begin() as session:
        channel_moved(session, named, "C0SECOND")
        channel_moved(session, "C0SECOND", "C0THIRD")
        channel_moved(session, "C0OTHER", "C0NEWS")
    jobs.later(days=5)
    jobs.calendar.run()
    assert [each.channel for each in editions(office)] == ["C0THIRD"]
    assert [row.channel for row in jobs.rows() if row.kind == "edition"] == ["C0THIRD"]


def test_a_channel_that_bears_its_first_id_again_is_that_one(jobs: Jobs) -> None:
    with jobs.office.sessions.begin() as session:
        channel_moved(session, "C0FIRST", "C0SECOND")
        channel_moved(session, "C0SECOND", "C0FIRST")
        assert {channel_now(session, each) for each in ("C0FIRST", "C0SECOND")} == {"C0FIRST"}


def test_what_was_kept_to_know_a_delivery_again_goes_after_a_day(jobs: Jobs) -> None:
    office = jobs.office
    with office.sessions.begin() as session:
        first_time(session, b"1" * 16, on=office.now.date())
        looked_up(session, b"2" * 16, "U1", on=office.now.date())
    jobs.later(days=1)
    jobs.calendar.run()
    assert (count(office.sessions, Delivery), count(office.sessions, LookedUp)) == (1, 1)
    jobs.later(days=1)
    jobs.calendar.run()
    assert (count(office.sessions, Delivery), count(office.sessions, LookedUp)) == (0, 0)


def test_two_calendars_on_one_database_do_each_thing_once(jobs: Jobs) -> None:
    office = jobs.office
    jobs.calendar.run()
    raise_one(office)
    jobs.later(days=5)
    calendars = [Calendar(office.bot) for _ in range(4)]
    for calendar in calendars:
        calendar._started = jobs.calendar._started
    threads = [threading.Thread(target=calendar.run) for calendar in calendars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(editions(office)) == 1
    assert count(office.sessions, Batch) == 2
    assert sorted(told(jobs)) == ["edition", "something_waits", "something_waits"]


def test_what_is_done_once_in_so_long_is_done_by_the_bots_clock() -> None:
    now = [dt.datetime(2026, 11, 18, tzinfo=dt.UTC)]
    outcomes = iter([False, True, True])
    done: list[bool] = []

    def run() -> bool:
        done.append(next(outcomes))
        return done[-1]

    every = Every(dt.timedelta(days=1), lambda: now[0], run)
    every()
    every()  # the first was not done
    every()
    assert done == [False, True]
    now[0] += dt.timedelta(days=1)
    every()
    assert done == [False, True, True]
