"""The practice pilot: what people did in it is what its report says, number by number; and it needs a bot."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import html
import io
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.core.problems.work_records import PausedDay
from bot.core.teams.records import Team
from bot.jobs.calendar import Calendar
from bot.jobs.pilot import count
from bot.jobs.pulse import Pulse
from bot.jobs.settle import Settler
from bot.manifest import manifest_path
from bot.sandbox.beside import Beside, Hours
from bot.sandbox.control_page import move
from bot.sandbox.pilot_script import stories
from bot.sandbox.piloting import Piloting
from bot.sandbox.workspace import PracticeWorkspace
from bot.slack.pilot import files
from tests.jobs.conftest import Jobs
from tests.sandbox.pilot_truth import Truth
from tests.slack import conftest as office_room
from tests.slack.conftest import Office

practice_server = office_room.practice_server
practice = office_room.practice
settings = office_room.settings
features = office_room.features
open_office = office_room.open_office
lite = office_room.lite
lite_office = office_room.lite_office


@pytest.fixture
def log_stream() -> io.StringIO:
    """The bot's log as it is by default: a line for each request would take longer than the requests."""
    return io.StringIO()


@dataclass
class Lived:
    """A pilot that was lived through: what is true of it, and the report as a sheet and as a page."""

    truth: Truth
    figures: dict[str, list[str]]
    tables: dict[str, list[list[str]]]
    page: str
    told: list[str]


def lived(office: Office, folder: Path) -> Lived:
    """The button's run on a clock that stands still, with the worker's jobs run whenever it has moved time."""
    workspace, world, told = office.practice, office.practice.world, list[str]()
    world.beside = Beside(Hours(ZoneInfo("UTC")))
    members = {group["name"]: group["users"] for group in workspace.groups()}
    with office.sessions.begin() as session:
        for team in session.scalars(sa.select(Team)):
            team.contact = members[team.name][0]
    jobs = Jobs(office)
    looks = (
        Settler(office.bot, jobs.slack).run, Calendar(office.bot).run, Pulse(office.bot, folder / "destroyed.txt").run,
        lambda: count(office.bot), jobs.sender.run,
    )  # fmt: skip

    def catch_up() -> None:
        for look in looks:
            look()

    course = Piloting(
        world, told.append, lambda seconds: move(world, seconds), lambda: asyncio.to_thread(catch_up),
        command=office.command,
    )  # fmt: skip
    starts = office.now.date() + dt.timedelta(days=12)
    away = starts + dt.timedelta(days=-starts.weekday() + 8)  # a Tuesday on which all stewards were away
    with office.sessions.begin() as session:
        session.add(PausedDay(day=away))
    workspace._do(course.run())
    assert course.diary.missed == []
    workspace.assert_no_objections()
    handles = {person.id: person.handle for person in world.state.people.values()}
    truth = Truth(
        course.diary,
        {handles[who]: team for team, people in members.items() for who in people},
        {group["name"]: group["function"] for group in workspace.groups()},
        {team: len(people) for team, people in members.items()},
        {away},
    )
    made = files.of(office.bot)
    assert made is not None
    by_name = {file.name: file.content.decode("utf-8-sig") for file in made.files[:2]}
    figures, *tables = _parts(list(csv.reader(io.StringIO(by_name["pilot-report.csv"]))))
    return Lived(
        truth,
        {row[1]: row for row in figures[1:]},
        {rows[0][0]: rows[1:] for rows in tables},
        html.unescape(by_name["pilot-report.html"]),
        told,
    )


def _parts(rows: list[list[str]]) -> list[list[list[str]]]:
    """A sheet's parts, between empty lines."""
    parts: list[list[list[str]]] = [[]]
    for row in rows:
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    return parts


def test_every_number_of_a_practice_pilots_report_is_what_people_did(
    lite_office: Office, tmp_path: Path
) -> None:
    pilot = lived(lite_office, tmp_path)
    truth, figures, tables = pilot.truth, pilot.figures, pilot.tables
    # The story is a whole one: each way to raise something, and each thing that can become of it.
    raised = {(each.given["through"], each.given["way"]) for each in truth.diary.of("raised")}
    assert {way for _, way in raised} == {"confidential", "anonymous", "named"}
    assert {through for through, _ in raised} == {"command", "shortcut", "tag"}
    known = {each.what for each in truth.diary}
    assert known >= {
        *(
            "answered",
            "published",
            "felt",
            "set_right",
            "asked_teams",
            "replied",
            "handed",
            "took",
            "watched",
        ),
        *(
            "put_off",
            "decided",
            "agreed",
            "checked",
            "paid_review",
            "reviewed",
            "ended",
            "overruled",
            "closed",
        ),
        *("outcome", "cost", "holds", "hours", "felt_contact", "answered_pulse"),
    }

    expected = truth.figures()
    assert figures.keys() == {*expected, "raising_cost"}
    for key, (value, low, high, n) in expected.items():
        found = figures[key]
        assert _numbers(found) == ([*_written(found[5], value, low, high)], n), key
    hits, of = float(figures["raising_cost"][2]), int(figures["raising_cost"][6])
    assert truth.cost_may_be()(round(hits * of), of)

    stages = [int(row[-1]) for row in tables["funnel"]]
    assert stages == truth.funnel()
    steps = [
        (str(at), _percent(share), f"{_percent(low)} – {_percent(high)}", str(watched))
        for at, share, low, high, watched in truth.curve()
    ]
    assert [tuple(row[1:]) for row in tables["answers"]] == steps
    assert {row[1]: int(row[2]) for row in tables["crossings"]} == truth.crossings()
    for row, side in zip(tables["tone"], ("function", "steward"), strict=True):
        ratings = truth.tone(side)
        assert row[2:] == [
            *[_percent(ratings.count(point) / len(ratings)) for point in range(1, 6)],
            str(len(ratings)),
        ]
    for wave, row in enumerate(tables["pulse"]):
        points, people = truth.points(wave), len(truth.people(wave))
        shares = [_percent(points[point] / points.total()) for point in range(1, 8)]
        assert row[2:10] == [*shares, str(people)]
    higher, lower = truth.higher_and_lower()
    assert f"the later one is higher in {higher} of 100 cases, lower in {lower}." in figures["pulse"][-1]

    # The page says the same, and so did the button while it ran.
    for row in figures.values():
        assert row[-1] in pilot.page, row[1]
    for key, (_, low, high, _) in expected.items():
        if key in ("confirmed", "participation", "answered_in_time"):
            assert f"({_percent(low or 0)} to {_percent(high or 0)})" in pilot.page
    assert pilot.told[0] == "Writing the pilot down"
    assert pilot.told[-1] == "Done: the report is in #product-weekly."
    posted = [each for each in lite_office.practice.messages("abdul", "product-weekly") if each.get("files")]
    assert len(posted) == 1


def _numbers(row: list[str]) -> tuple[list[str], int]:
    return row[2:5], int(row[6])


def _written(unit: str, *values: float | None) -> Iterator[str]:
    for value in values:
        yield "" if value is None else f"{value:.1f}" if unit == "points" else f"{value:.4g}"


def _percent(share: float) -> str:
    return f"{round(round(100 * share, 9))}\u00a0%"  # a half is one, however it was worked out


def test_any_company_with_three_teams_can_play_it_and_the_same_seed_plays_the_same() -> None:
    people = [f"p{number}" for number in range(5)]
    teams = {"A": ["p0"], "B": ["p1"], "C": ["p2", "p3"]}
    made = stories(7, people, teams, ["A"])
    assert made == stories(7, people, teams, ["A"])
    assert made != stories(8, people, teams, ["A"])
    assert {story.team for story in made} == {"A"}
    assert all(len(story.felt_by) == 3 for story in made)
    with pytest.raises(ValueError, match="three teams"):
        stories(7, people, {"A": ["p0"]}, ["A"])


def test_without_a_bot_beside_it_nothing_is_played() -> None:
    with PracticeWorkspace.started(manifest=manifest_path(), deliver_to="captured") as quiet:
        asked = urllib.request.Request(f"{quiet.url}/practice/pilot", data=b"{}", method="POST")
        asked.add_header("Content-Type", "application/json")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked)
        assert refused.value.code == 409
        assert "not running" in json.load(refused.value)["error"]
        refused.value.close()
