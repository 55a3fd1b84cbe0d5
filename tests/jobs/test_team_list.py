"""A file of teams as spreadsheets write it: every bad row by its line, all or nothing, and resumable."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.store import Sessions
from bot.core.teams import queries
from bot.core.teams.records import LookedUp, Team
from bot.jobs import team_list
from bot.jobs.pace import Allowance
from bot.jobs.team_list import Fault, Lookup, Row, read
from bot.setting_kinds import sealing_key_text
from bot.slack.client import SlackTrouble
from tests.conftest import KEY
from tests.jobs.conftest import Jobs


def test_a_plain_file_is_read_row_by_row() -> None:
    got = read(b"team,function,member\nCheckout,Engineering,a@x.example\nLegal,Legal,U0EDITH\n")
    assert got.rows == (
        Row(2, "Checkout", "Engineering", "a@x.example"),
        Row(3, "Legal", "Legal", "U0EDITH"),
    )
    assert got.faults == ()


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffteam,function,member\r\nCheckout,Engineering,a@x.example\r\n".encode(),
        b"team;function;member\r\n\r\n\r\nCheckout;Engineering;a@x.example\r\n",
        b"team\tfunction\tmember\nCheckout\tEngineering\ta@x.example",
        b'"team","function","member"\r"Checkout","Engineering","a@x.example"\r',
        "team,function,member\nCheckout,Engineering,a@x.example\n".encode("utf-16"),
        b"Member, Function ,TEAM,remark\n a@x.example , Engineering , Checkout ,hello\n",
        b"Checkout,Engineering,a@x.example",
        b"team,function,member\nCheckout,Engineering,a@x.example\nCheckout,Engineering,A@X.example\n",
    ],
)
def test_what_spreadsheets_make_of_it_says_the_same(data: bytes) -> None:
    got = read(data)
    assert [(row.team, row.function, row.member) for row in got.rows] == [
        ("Checkout", "Engineering", "a@x.example")
    ]
    assert got.faults == ()


def test_a_quoted_name_may_hold_the_delimiter_and_quotes() -> None:
    got = read(b'team,function,member\n"Search, ""and"" browse",Engineering,U0A1\n')
    assert got.rows == (Row(2, 'Search, "and" browse', "Engineering", "U0A1"),)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b",Engineering,U0A1", "team is missing"),
        (b"Checkout,Engineering,", "member is missing"),
        (b"Checkout,Engineering,priya", "neither an e-mail nor a member ID"),
        (b"Checkout,Engineering,<@U0A1>", "neither an e-mail nor a member ID"),
        (b"Checkout", "columns are needed"),
        (b"x" * 3001 + b",Engineering,U0A1", "at most 200 characters"),
        (b"Check\x00out,Engineering,U0A1", "can't be shown"),
        (b"Checkout,Engin\x1beering,U0A1", "can't be shown"),
        (b"Good,Sales,U0A2", "another function in line 2"),
    ],
)
def test_a_bad_row_is_named_by_its_line_with_what_is_wrong(line: bytes, says: str) -> None:
    got = read(b"team,function,member\nGood,Legal,U0A1\n\n" + line + b"\nLast,Legal,U0A9\n")
    [fault] = got.faults
    assert fault.line == 4
    assert says in fault.why
    assert [row.line for row in got.rows] == [2, 5]


def test_a_row_over_several_lines_is_named_by_its_first() -> None:
    got = read(b'team,function,member\n"A\nB",Engineering,U0A1\nC,Engineering,nobody\n')
    assert [fault.line for fault in got.faults] == [2, 4]


def test_a_file_that_is_no_utf_8_is_refused_at_its_line() -> None:
    got = read("team,function,member\nKäufe,Sales,U0A1\n".encode("latin-1"))
    assert got.rows == ()
    assert got.faults == (Fault(2, "this is not UTF-8: save the file as CSV in UTF-8"),)


@given(st.binary(max_size=400))
def test_no_file_makes_it_stumble(data: bytes) -> None:
    got = read(data)
    assert all(row.team and row.member for row in got.rows)
    assert all(fault.line >= 1 and fault.why for fault in got.faults)


NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=60
)


@given(
    st.lists(
        st.tuples(NAMES.map(str.strip).filter(bool), st.from_regex(r"U[A-Z0-9]{4,9}", fullmatch=True)),
        max_size=20,
    )
)
def test_what_was_written_is_what_is_read(people: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["team", "function", "member"])
    writer.writerows((team, "Engineering", member) for team, member in people)
    got = read(out.getvalue().encode())
    assert got.faults == ()
    assert {(row.team.lower(), row.member) for row in got.rows} == {
        (team.lower(), member) for team, member in people
    }


def lookup(jobs: Jobs, *, allowance: Allowance | None = None, **more: Any) -> Lookup:
    given: dict[str, Any] = {"pause": lambda _s: None, "progress": lambda *_n: None, **more}
    return Lookup(jobs.office.bot, jobs.slack, allowance=allowance, **given)


def test_people_are_found_by_e_mail_and_by_id_and_nobody_is_a_fault(lite_jobs: Jobs) -> None:
    practice = lite_jobs.office.practice
    priya, kwame = practice.person("priya"), practice.person("kwame")
    practice.deactivate("tomasz")
    rows = [
        Row(2, "A", "E", priya.email),
        Row(3, "A", "E", kwame.id),
        Row(4, "A", "E", "nobody@x.example"),
        Row(5, "A", "E", practice.person("tomasz").email),
        Row(6, "A", "E", practice.person("tomasz").id),
        Row(7, "A", "E", practice.bot.id),
        Row(8, "A", "E", "U0NOBODY"),
    ]
    people, faults = lookup(lite_jobs).people(rows)
    assert people == {priya.email: priya.id, kwame.id: kwame.id}
    assert [fault.line for fault in faults] == [4, 5, 6, 7, 8]
    assert practice.unknown_methods() == []


def test_a_broken_import_goes_on_where_it_was(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    emails = [each.email for each in office.practice.members("checkout")]
    rows = [Row(number, "A", "E", mail) for number, mail in enumerate(emails, start=2)]
    office.practice.fault("users.lookupByEmail", times=0)
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        if done == 3 and len(heard) == 3:
            office.practice.fault("users.lookupByEmail", error="internal_error")

    with pytest.raises(SlackTrouble):
        lookup(lite_jobs, progress=progress).people(rows)
    people, faults = lookup(lite_jobs, progress=progress).people(rows)
    assert len(people) == len(emails)
    assert faults == []
    assert len(list(lite_jobs.calls("users.lookupByEmail"))) == len(emails) + 1
    assert heard[-1] == (len(emails), len(emails))
    with office.sessions.reading() as session:
        marks = session.scalars(sa.select(LookedUp.mark)).all()
    assert not any(mail.encode() in mark for mark in marks for mail in emails)


def test_what_was_looked_up_is_asked_again_another_day(lite_jobs: Jobs) -> None:
    row = [Row(2, "A", "E", lite_jobs.office.practice.person("priya").email)]
    lookup(lite_jobs).people(row)
    lite_jobs.later(days=2)
    lookup(lite_jobs).people(row)
    assert len(list(lite_jobs.calls("users.lookupByEmail"))) == 2


def test_an_account_that_came_back_is_found_on_the_next_try(lite_jobs: Jobs) -> None:
    priya = lite_jobs.office.practice.person("priya")
    rows = [Row(2, "A", "E", priya.email), Row(3, "A", "E", priya.id)]
    priya.deleted = True
    assert [fault.line for fault in lookup(lite_jobs).people(rows)[1]] == [2, 3]
    priya.deleted = False
    people, faults = lookup(lite_jobs).people(rows)
    assert (set(people.values()), faults) == ({priya.id}, [])


def test_look_ups_keep_to_slacks_pace_and_wait_when_told(lite_jobs: Jobs) -> None:
    now = [0.0]
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    rows = [
        Row(n, "A", "E", each.email) for n, each in enumerate(lite_jobs.office.practice.members("support"))
    ]
    lite_jobs.office.practice.fault("users.lookupByEmail", retry_after=7)
    allowance = Allowance(4, now=lambda: now[0])
    lookup(lite_jobs, pause=pause, allowance=allowance).people(rows)
    assert 7 in waits
    assert now[0] >= 60 * (len(rows) // 4 - 1)


def test_a_team_has_exactly_the_people_whom_the_list_names(jobs: Jobs) -> None:
    office = jobs.office
    rows = [Row(2, "Checkout", "Money", "m1"), Row(3, "New one", "", "m2")]
    ids = {"m1": office.id("kwame"), "m2": office.id("priya")}
    with office.sessions.begin() as session:
        done = team_list.store(session, office.bot, rows, ids)
    assert (done.teams, done.people) == (2, 2)
    with office.sessions.reading() as session:
        checkout, new = queries.by_name(session, "checkout"), queries.by_name(session, "New one")
        assert checkout is not None
        assert new is not None
        assert checkout.function is not None
        assert checkout.function.name == "Money"
        assert new.function is None
        assert queries.sizes(session)[checkout.id] == 1
        kept = queries.by_name(session, "Legal")
        assert kept is not None
        assert queries.sizes(session)[kept.id] == 3


@pytest.fixture
def command(
    lite_jobs: Jobs, lite: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    """Types `groundswell teams ...` against the practice company."""
    practice = lite_jobs.office.practice
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", practice.bot_token)
    monkeypatch.setenv("SLACK_API_URL", practice.api_url)
    monkeypatch.setenv("DATABASE_URL", str(lite.engine.url))
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", sealing_key_text(KEY))
    monkeypatch.setattr("bot.logs.configure", lambda *_given: None)
    runner = CliRunner()

    def typed(*arguments: str) -> Any:
        return runner.invoke(app, ["teams", *arguments], catch_exceptions=False)

    return typed


def test_import_takes_all_or_nothing(command: Any, lite_jobs: Jobs, tmp_path: Path) -> None:
    practice = lite_jobs.office.practice
    file = tmp_path / "teams.csv"
    file.write_text(
        f"team,function,member\nGrowth,Product,{practice.person('priya').email}\nGrowth,Product,nobody@x.example\n"
    )
    refused = command("import", str(file))
    assert refused.exit_code == 1
    assert "line 3: nobody has this e-mail here" in refused.output
    assert "Nothing was imported" in refused.output
    with lite_jobs.office.sessions.reading() as session:
        assert queries.by_name(session, "Growth") is None
    taken = command("import", str(file), "--skip-bad")
    assert taken.exit_code == 0, taken.output
    assert "Imported 1 team with 1 person." in taken.output
    assert "1 bad rows were left out" in taken.output or "left out" in taken.output
    assert "Growth (Product): 1 person, from a list" in command("list").output


def test_rows_that_can_not_be_read_are_told_before_slack_is_asked(
    command: Any, lite_jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "teams.csv"
    file.write_text("team,function,member\nGrowth,Product,priya\n")
    refused = command("import", str(file))
    assert (refused.exit_code, "line 2" in refused.output) == (1, True)
    assert list(lite_jobs.calls("users.lookupByEmail", "users.info")) == []


def test_a_missing_file_and_a_missing_scope_are_said_in_words(
    command: Any, lite_jobs: Jobs, tmp_path: Path
) -> None:
    assert "can't be read" in command("import", str(tmp_path / "no.csv")).output
    file = tmp_path / "teams.csv"
    file.write_text("team,function,member\nGrowth,Product,a@x.example\n")
    lite_jobs.office.practice.fault("users.lookupByEmail", error="missing_scope")
    assert "users:read.email" in command("import", str(file)).output
    lite_jobs.office.practice.fault("users.lookupByEmail", error="internal_error")
    assert "Run the same command again" in command("import", str(file)).output


def test_a_user_group_becomes_a_team(command: Any, lite_jobs: Jobs) -> None:
    group = lite_jobs.office.practice.group("checkout")
    listed = command("groups").output
    assert f"{group.id}  @checkout  Checkout: 8 people, not a team" in listed
    done = command("mark", "@checkout", "--function", "Engineering")
    assert "Checkout is a team of Engineering now, with 8 people." in done.output
    assert "Checkout: 8 people, team (Engineering)" in command("groups").output
    with lite_jobs.office.sessions.reading() as session:
        assert session.scalar(sa.select(Team.group).where(Team.name == "Checkout")) == group.id
    assert command("mark", "nothing", "--function", "X").exit_code == 1


def test_on_a_plan_without_groups_the_command_says_what_to_do(command: Any, lite_jobs: Jobs) -> None:
    lite_jobs.office.practice.fault("usergroups.list", error="plan_upgrade_required")
    told = command("groups")
    assert told.exit_code == 1
    assert "groundswell teams import FILE" in told.output
