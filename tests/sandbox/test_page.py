"""The page's files and routes: what it may load, what it starts from, how it moves the clock."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.beside import Beside, Hours
from bot.sandbox.control_page import PAGE
from bot.sandbox.errors import JSON
from bot.sandbox.workspace import PracticeWorkspace
from bot.slack import cards
from bot.slack.confirming import views as confirming
from bot.slack.desk import views as desk
from bot.slack.raising import views as raising
from tests.sandbox.conftest import MANIFEST

SCRIPTS = sorted(PAGE.glob("*.js"))
TUESDAY = datetime(2026, 11, 17, 10, tzinfo=UTC)


@pytest.fixture
def quiet() -> Iterator[PracticeWorkspace]:
    """A workspace whose time stands still, with nobody at the other end."""
    with PracticeWorkspace.started(
        manifest=MANIFEST, starts_at=TUESDAY, frozen=True, deliver_to="captured"
    ) as it:
        yield it


def asked(workspace: PracticeWorkspace, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, headers and body of a request to the page's server."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        workspace.url + path, data, {"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def begun(workspace: PracticeWorkspace, who: str) -> JSON:
    return dict(json.loads(asked(workspace, f"/practice/page?as={who}")[2]))


def test_the_page_may_load_nothing_but_what_its_own_server_serves(quiet: PracticeWorkspace) -> None:
    _status, headers, body = asked(quiet, "/")
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://{quiet.url.removeprefix('http://')}"
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert b"<style" not in body
    assert re.findall(rb"<script(?![^>]*src=)", body) == []
    assert asked(quiet, "/archives/C1/p1700000000000100")[2] == body


def test_every_file_that_the_page_names_is_there_and_none_is_outside(quiet: PracticeWorkspace) -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    for script in SCRIPTS:
        named += [f"/page/{name}" for name in re.findall(r'from "\./([^"]+)"', script.read_text("utf-8"))]
    assert len(named) > 20
    assert {path: asked(quiet, path)[0] for path in named} == dict.fromkeys(named, 200)
    outside = r"(?:src|href|from|import|url)\W{1,3}(?:https?:)?//"
    for file in [PAGE / "index.html", PAGE / "page.css", *SCRIPTS]:
        assert re.findall(outside, file.read_text(encoding="utf-8")) == [], file.name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_script_makes_markup_or_code_of_data(script: Path) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser"
    )
    assert re.findall(forbidden, script.read_text(encoding="utf-8")) == []


def test_each_file_of_the_page_holds_one_thing() -> None:
    assert {script.name for script in SCRIPTS if len(script.read_text("utf-8").splitlines()) > 250} == set()


def test_pages_of_other_origins_are_refused(quiet: PracticeWorkspace) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert asked(quiet, "/practice/page?as=priya", **headers)[0] == 403
        assert asked(quiet, "/practice/clock/next", {"to": "day"}, **headers)[0] == 403


def test_the_ids_by_which_the_five_steps_are_seen_are_the_bots_own() -> None:
    text = (PAGE / "guide.js").read_text(encoding="utf-8")
    ids = dict(re.findall(r'export const ([A-Z_]+) = "([a-z_.]+)";', text))
    assert ids == {
        "RAISE_FORM": raising.FORM,
        "PUBLISH": desk.PUBLISH,
        "HITS_US": cards.HITS_US,
        "NOT_RIGHT_FORM": confirming.NOT_RIGHT_FORM,
    }


def test_what_the_page_starts_from_holds_no_messages_and_only_own_whispers(quiet: PracticeWorkspace) -> None:
    place = quiet.place("engineering").id
    before = begun(quiet, "priya")["latest"][place]
    quiet.move_clock(60)
    said = quiet.say("kwame", "engineering", "Up again.")
    quiet.reply("priya", said.message or {}, "Thanks.")
    start = begun(quiet, "priya")
    assert "messages" not in start
    assert before < start["latest"][place] == said.ts
    assert start["me"]["name"] == "priya"
    assert {one["name"] for one in start["people"] if one["steward"]} == {"amara", "jonas"}
    assert quiet.place("support-floor").id in start["latest"]
    assert quiet.place("support-floor").id not in begun(quiet, "freya")["latest"]


def test_commands_come_with_the_manifests_hints(tmp_path: Path) -> None:
    hinted = json.loads(json.dumps(MANIFEST))
    hinted["features"]["slash_commands"][0]["usage_hint"] = "[words] | help"
    with PracticeWorkspace.started(manifest=hinted, deliver_to="captured") as workspace:
        assert begun(workspace, "priya")["commands"] == [
            {"command": "/small", "description": "Try it", "hint": "[words] | help"}
        ]


@pytest.mark.parametrize(
    ("to", "lands"),
    [("batch", "2026-11-18 07:00:01"), ("edition", "2026-11-23 09:00:01"), ("day", "2026-11-18 10:00:00")],
)
def test_the_clocks_buttons_move_time_just_past_what_is_next(
    quiet: PracticeWorkspace, to: str, lands: str
) -> None:
    quiet.stand_beside(Beside(Hours(ZoneInfo("UTC"), time(7), 0, time(9))))
    status, _headers, body = asked(quiet, "/practice/clock/next", {"to": to})
    assert status == 200
    assert f"{datetime.fromtimestamp(quiet.now(), UTC):%Y-%m-%d %H:%M:%S}" == lands
    assert json.loads(body)["now"] == pytest.approx(quiet.now())


def test_a_move_to_what_does_not_exist_is_refused(quiet: PracticeWorkspace) -> None:
    before = quiet.now()
    assert asked(quiet, "/practice/clock/next", {"to": "yesterday"})[0] == 400
    assert quiet.now() == before


@pytest.mark.parametrize(
    ("now", "next_batch"),
    [
        ("2026-03-28T12:00+00:00", "2026-03-29T06:00+00:00"),  # clocks go forward in the night
        ("2026-10-24T12:00+00:00", "2026-10-25T07:00+00:00"),  # and back
        ("2026-11-17T06:59:59+00:00", "2026-11-17T07:00+00:00"),
        ("2026-11-17T07:00:00+00:00", "2026-11-18T07:00+00:00"),
    ],
)
def test_the_next_batch_is_at_its_hour_on_the_clocks_of_its_zone(now: str, next_batch: str) -> None:
    hours = Hours(ZoneInfo("Europe/London"), batch=time(7))
    due = hours.next_batch(datetime.fromisoformat(now).timestamp())
    assert datetime.fromtimestamp(due, UTC) == datetime.fromisoformat(next_batch)


def test_the_next_edition_is_on_its_day_of_that_zone() -> None:
    hours = Hours(ZoneInfo("Pacific/Auckland"), digest_day=0, digest=time(9))
    due = hours.next_edition(
        datetime(2026, 11, 15, 12, tzinfo=UTC).timestamp()
    )  # Monday, one in the night there
    assert datetime.fromtimestamp(due, UTC) == datetime(2026, 11, 15, 20, tzinfo=UTC)


def test_a_bot_that_was_not_started_from_here_is_not_restarted_from_here(quiet: PracticeWorkspace) -> None:
    assert asked(quiet, "/practice/bot/restart", {})[0] == 409
    assert json.loads(asked(quiet, "/practice/bot")[2]) == {"connections": 0, "process": None}
