"""Reads the company that a practice workspace starts with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.clock import PracticeClock
from bot.sandbox.ids import Ids
from bot.sandbox.manifest import Manifest
from bot.sandbox.state import Group, Message, Person, Place, State

OWN = Path(__file__).with_name("company.yml")


def load(source: Path | None) -> Mapping[str, Any]:
    """The content of a seed file; the company that comes with the project when none is given."""
    content: Any = yaml.safe_load((source or OWN).read_text(encoding="utf-8"))
    for needed in ("workspace", "teams", "people", "places"):
        if not isinstance(content, dict) or needed not in content:
            raise ValueError(f"the seed file {source or OWN} has no '{needed}'")
    return dict(content)


def seeded(content: Mapping[str, Any], *, ids: Ids, clock: PracticeClock, manifest: Manifest) -> State:
    """A workspace with the people, teams, places and first messages of a seed file."""
    start = int(clock.now())
    founded = start - 400 * 86_400
    team_id = ids.of("T", content["workspace"]["domain"])
    app_id = ids.of("A", manifest.name)
    bot = Person(
        id=ids.of("U", "bot"), handle=manifest.bot_name.lower().replace(" ", ""), name=manifest.bot_name, email="",
        team_id=team_id, is_bot=True, app_id=app_id, updated=founded, tz="UTC",
    )  # fmt: skip
    state = State(
        team_id=team_id,
        team_name=content["workspace"]["name"],
        domain=content["workspace"]["domain"],
        bot=bot,
        people={bot.id: bot},
    )
    _people(state, content, ids, founded)
    _teams(state, content, ids, founded)
    _places(state, content, ids, founded)
    for place_name, author, minutes, words in sorted(
        content.get("said") or [], key=lambda line: -int(line[2])
    ):
        place = state.find_place(place_name)
        ts = f"{start - int(minutes) * 60}.{len(place.messages) * 100 + 100:06d}"
        place.put(Message(place=place.id, ts=ts, author=state.find_person(author).id, text=words))
    return state


def _people(state: State, content: Mapping[str, Any], ids: Ids, founded: int) -> None:
    domain = content["workspace"]["domain"]
    for group in content["people"].values():
        for handle, line in group.items():
            _add(state, ids, handle, line, team_id=state.team_id, domain=domain, founded=founded)
    outsiders = content.get("outsiders") or {}
    for handle, line in (outsiders.get("people") or {}).items():
        away = outsiders["workspace"]["domain"]
        _add(state, ids, handle, line, team_id=ids.of("T", away), domain=away, founded=founded)
    for handle in content.get("guests") or []:
        state.find_person(handle).is_guest = True
    for handle in content.get("admins") or []:
        state.find_person(handle).is_admin = True
    for handle in content.get("stewards") or []:
        state.find_person(handle).steward = True


def _add(
    state: State, ids: Ids, handle: str, line: list[str], *, team_id: str, domain: str, founded: int
) -> None:
    name, title, tz, locale = line
    person = Person(
        id=ids.of("U", handle), handle=handle, name=name, email=f"{handle}@{domain}.example", team_id=team_id,
        title=title, tz=tz, locale=locale, updated=founded,
    )  # fmt: skip
    state.people[person.id] = person


def _teams(state: State, content: Mapping[str, Any], ids: Ids, founded: int) -> None:
    for team in content["teams"]:
        members = [state.find_person(handle).id for handle in content["people"].get(team["handle"], {})]
        group = Group(
            id=ids.of("S", team["handle"]), handle=team["handle"], name=team["name"],
            description=team.get("description", f"{team['name']} ({team['function']})"), members=members,
            created_by=members[0] if members else state.bot.id, date_create=founded, date_update=founded,
            function=team["function"],
        )  # fmt: skip
        state.groups[group.id] = group


def _places(state: State, content: Mapping[str, Any], ids: Ids, founded: int) -> None:
    everybody = [
        p.id for p in state.people.values() if p.team_id == state.team_id and not p.is_guest and not p.is_bot
    ]
    for line in content["places"]:
        members: list[str] = []
        if line["members"] == "everybody":
            members = list(everybody)
        else:
            for name in line["members"]:
                team = content["people"].get(name)
                members += [state.find_person(handle).id for handle in (team or {name: None})]
        outsiders = [state.find_person(handle) for handle in line.get("outsiders") or []]
        members += [person.id for person in outsiders]
        if line.get("bot"):
            members.append(state.bot.id)
        place = Place(
            id=ids.of("C", line["name"]), name=line["name"], kind="private" if line.get("private") else "channel",
            members=list(dict.fromkeys(members)), creator=members[0], created=founded, purpose=line.get("purpose", ""),
            shared_with=sorted({person.team_id for person in outsiders}),
        )  # fmt: skip
        state.places[place.id] = place
