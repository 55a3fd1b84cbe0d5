"""The control API over HTTP: the same acts, the page's stream, and no other origin."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import aiohttp
import pytest

import bot.sandbox
from bot.sandbox import control, reading
from bot.sandbox.journal import ObjectionKind
from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import MANIFEST


def ask(workspace: PracticeWorkspace, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    sent = {"Content-Type": "application/json"} if data is not None else {}
    request = Request(workspace.url + path, data=data, headers={**sent, **headers})
    try:
        with urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            text = error.read().decode()
        return error.code, json.loads(text) if text.startswith(("{", "[")) else text


def test_an_act_is_done_over_http_as_in_python(workspace: PracticeWorkspace) -> None:
    status, outcome = ask(
        workspace,
        "/practice/acts/slash",
        {"who": "priya", "command": "/small", "text": "hi", "where": "releases"},
    )
    assert (status, outcome["ok"]) == (200, True)
    assert outcome["ephemerals"][0]["text"] == "you said hi"
    _status, seen = ask(workspace, "/practice/read/messages?who=priya&where=releases")
    assert seen[-1]["text"] == "you said hi"


def test_a_wrong_act_is_refused_with_the_reason(silent: PracticeWorkspace) -> None:
    assert ask(silent, "/practice/acts/shout", {})[0] == 404
    assert "there is no argument 'loud'" in ask(silent, "/practice/acts/say", {"loud": True})[1]["error"]
    assert "'who' is missing" in ask(silent, "/practice/acts/say", {})[1]["error"]
    body = {"who": "tomasz", "where": "team-leads", "text": "x"}
    assert ask(silent, "/practice/acts/say", body) == (
        409, {"ok": False, "error": "Tomasz Wiśniewski cannot see team-leads"},
    )  # fmt: skip
    assert ask(silent, "/practice/state?as=nobody")[0] == 409


def test_every_act_is_listed_with_its_arguments(silent: PracticeWorkspace) -> None:
    listed = ask(silent, "/practice/acts")[1]
    assert listed["say"]["arguments"] == ["who", "where", "text", "thread_ts"]
    assert len(listed) > 30


def test_pages_of_other_origins_and_other_names_are_refused(silent: PracticeWorkspace) -> None:
    assert ask(silent, "/practice/state?as=priya", Origin=silent.url)[0] == 200
    assert ask(silent, "/practice/state?as=priya", Origin="https://evil.example")[0] == 403
    assert ask(silent, "/practice/state?as=priya", Origin="http://127.0.0.1:1")[0] == 403
    assert ask(silent, "/practice/state?as=priya", Origin="null")[0] == 403
    assert ask(silent, "/practice/state?as=priya", Host="evil.example")[0] == 403
    assert ask(silent, "/api/auth.test", Host="evil.example:80")[0] == 403
    assert ask(silent, "/practice/acts/say", {"who": "priya"}, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    form = {"Content-Type": "text/plain"}
    assert ask(silent, "/practice/acts/say", {"who": "priya"}, **form)[0] == 400


def test_the_snapshot_shows_what_one_person_sees(silent: PracticeWorkspace) -> None:
    leads = silent.place("team-leads").id
    assert leads in ask(silent, "/practice/state?as=priya")[1]["messages"]
    snapshot = ask(silent, "/practice/state?as=tomasz")[1]
    assert leads not in snapshot["messages"]
    assert leads not in {one["id"] for one in snapshot["places"]}
    assert {"me", "people", "places", "messages", "threads", "views", "home", "commands", "clock"} <= set(
        snapshot
    )


async def heard(
    workspace: PracticeWorkspace, who: str, act: Callable[[], Awaitable[Any]], last: str
) -> list[Any]:
    """What a page that acts as `who` hears until a message with the text `last`."""
    told: list[Any] = []
    url = f"{workspace.url}/practice/changes?as={who}".replace("http", "ws", 1)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await act()
        async for message in socket:
            told.append(json.loads(message.data))
            if told[-1].get("message", {}).get("text") == last:
                return told
    return told


def test_the_stream_tells_each_person_what_they_may_hear(silent: PracticeWorkspace) -> None:
    async def act() -> None:
        await asyncio.to_thread(silent.say, "priya", "team-leads", "for leads")
        await asyncio.to_thread(silent.say, "priya", "engineering", "for all")

    def texts(told: list[Any]) -> list[str]:
        return [one["message"]["text"] for one in told if one["kind"] == "message"]

    assert texts(asyncio.run(heard(silent, "priya", act, "for all"))) == ["for leads", "for all"]
    assert texts(asyncio.run(heard(silent, "tomasz", act, "for all"))) == ["for all"]


def test_forms_home_and_whispers_are_told_to_one_person(workspace: PracticeWorkspace) -> None:
    async def act() -> None:
        await asyncio.to_thread(workspace.slash, "/small", "psst", "engineering", "priya")
        await asyncio.to_thread(workspace.slash, "/small", "form", "engineering", "priya")
        await asyncio.to_thread(workspace.open_home, "priya")
        await asyncio.to_thread(workspace.say, "priya", "engineering", "for all")

    own = {"views", "home"}
    hers = asyncio.run(heard(workspace, "priya", act, "for all"))
    assert own <= {one["kind"] for one in hers}
    assert "you said psst" in {one.get("message", {}).get("text") for one in hers}
    theirs = asyncio.run(heard(workspace, "tomasz", act, "for all"))
    assert not own & {one["kind"] for one in theirs}
    assert "you said psst" not in {one.get("message", {}).get("text") for one in theirs}


def test_a_page_that_lost_its_stream_hears_what_it_missed(silent: PracticeWorkspace) -> None:
    since = ask(silent, "/practice/state?as=priya")[1]["change"]
    silent.say("priya", "engineering", "missed")

    async def catch_up() -> Any:
        url = f"{silent.url}/practice/changes?as=priya&since={since}".replace("http", "ws", 1)
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            return json.loads((await socket.receive()).data)

    assert asyncio.run(catch_up())["message"]["text"] == "missed"


def test_time_faults_and_held_deliveries_are_asked_for_over_http(silent: PracticeWorkspace) -> None:
    assert ask(silent, "/practice/clock", {"seconds": 60})[1]["offset"] == pytest.approx(60, abs=1)
    assert ask(silent, "/practice/faults", {"method": "auth.test", "error": "fatal_error"})[0] == 200
    assert ask(silent, "/practice/faults", {"method": "auth.test", "colour": "red"})[0] == 400
    request = Request(silent.api_url + "auth.test", headers={"Authorization": f"Bearer {silent.bot_token}"})
    with urlopen(request) as answer:
        assert json.loads(answer.read())["error"] == "fatal_error"
    ask(silent, "/practice/hold", {})
    said = silent.say("priya", "engineering", "one").message or {}
    silent.react("kwame", said, "jigsaw")
    assert silent.captured() == []


def test_a_taken_port_is_replaced_by_the_next_free_one(silent: PracticeWorkspace) -> None:
    taken = int(silent.url.rsplit(":", 1)[1])
    with PracticeWorkspace.started(manifest=MANIFEST, port=taken) as other:
        assert taken < int(other.url.rsplit(":", 1)[1]) < taken + 100


def test_a_manifest_that_is_none_stops_the_start() -> None:
    with pytest.raises(FileNotFoundError):
        PracticeWorkspace.started(manifest="nowhere.yml")


def test_the_documentation_names_every_act_reading_and_objection() -> None:
    said = (Path(__file__).parents[2] / "docs" / "practice-workspace.md").read_text(encoding="utf-8")
    named = [*control.ACTS, *reading.READINGS, *get_args(ObjectionKind)]
    assert [name for name in named if name not in said] == []


def test_the_docstring_names_every_act_of_the_python_api() -> None:
    said = bot.sandbox.__doc__ or ""
    assert [name for name in control.ACTS if not re.search(rf"\b{name}\b", said)] == []
    assert all(hasattr(PracticeWorkspace, name) for name in control.ACTS)
