"""What a person sees, and what the wire saw: the same readings for tests and for the page."""

from collections.abc import Callable
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.changes import Change
from bot.sandbox.errors import JSON
from bot.sandbox.opening import screen, shape_of
from bot.sandbox.outcome import seen
from bot.sandbox.state import Message, Person, Place
from bot.sandbox.talking import place_of
from bot.sandbox.world import World


def _visible(world: World, person: Person, message: Message) -> JSON:
    """The message without previews of places that this person cannot see."""
    shape = seen(world, message)
    if "attachments" in shape:
        kept = []
        for one in shape["attachments"]:
            source = world.state.places.get(str(one.get("channel_id")))
            if not one.get("is_msg_unfurl") or (source is not None and world.state.may_see(person, source)):
                kept.append(one)
        shape["attachments"] = kept
    return shape


def messages(world: World, who: str, where: str) -> list[JSON]:
    """The messages of a place as this person sees them (threads' replies apart), oldest first, own ephemerals among them."""
    person = world.state.find_person(who)
    place = place_of(world, person, where)
    tops = [one for one in place.messages.values() if one.thread_ts in {None, one.ts} or one.broadcast]
    mine = [one for one in _whispers(world, person) if one.place == place.id and one.thread_ts is None]
    return [_visible(world, person, one) for one in sorted([*tops, *mine], key=lambda one: float(one.ts))]


def replies(world: World, who: str, where: str, ts: str) -> list[JSON]:
    """The replies in a thread as this person sees them, oldest first, without the first message."""
    person = world.state.find_person(who)
    place = place_of(world, person, where)
    inside = place.threads.get(ts, [])
    mine = [one for one in _whispers(world, person) if one.place == place.id and one.thread_ts == ts]
    return [_visible(world, person, one) for one in sorted([*inside, *mine], key=lambda one: float(one.ts))]


def _whispers(world: World, person: Person) -> list[Message]:
    return [one for one in world.state.ephemerals if one.seen_by == person.id and not one.gone]


def ephemerals(world: World, who: str) -> list[JSON]:
    """The messages that this person alone sees, oldest first."""
    person = world.state.find_person(who)
    return [seen(world, one) for one in _whispers(world, person)]


def dms(world: World, who: str) -> list[JSON]:
    """What the app has said to this person in their direct messages, oldest first."""
    person = world.state.find_person(who)
    place = world.state.dm(person.id, world.state.bot.id)
    if place is None:
        return []
    return [
        _visible(world, person, one) for one in place.messages.values() if one.author == world.state.bot.id
    ]


def views(world: World, who: str) -> list[JSON]:
    """The open forms of a person, the top one last, each with the `errors` beside its fields."""
    return [screen(world, view) for view in world.stacks.of(world.state.find_person(who).id)]


def home(world: World, who: str) -> JSON | None:
    """The Home of a person as last published, None when none was."""
    held = world.stacks.homes.get(world.state.find_person(who).id)
    return shape_of(world, held) if held is not None else None


def places(world: World, who: str) -> list[JSON]:
    """The places in a person's sidebar."""
    person = world.state.find_person(who)
    return [
        shapes.channel(world.state, place, person) | {"members": list(place.members)}
        for place in world.state.places.values()
        if world.state.may_see(person, place)
    ]


def people(world: World) -> list[JSON]:
    return [
        world.user_shape(person)
        | {"steward": person.steward, "outsider": person.team_id != world.state.team_id}
        for person in world.state.people.values()
    ]


def groups(world: World) -> list[JSON]:
    return [
        shapes.group(world.state, group, users=True, count=True) | {"function": group.function}
        for group in world.state.groups.values()
    ]


def files(world: World) -> list[JSON]:
    return [
        shapes.file(world.state, one, base=world.base_url)
        for one in world.state.files.values()
        if one.completed
    ]


def calls(world: World, method: str | None = None) -> list[JSON]:
    """The log of Web API calls: number, at, method, args, by, status, response."""
    return [dict(vars(one)) for one in world.journal.calls if method in {None, one.method}]


def deliveries(world: World) -> list[JSON]:
    return [one.plain() for one in world.journal.deliveries]


def objections(world: World, kind: str | None = None) -> list[JSON]:
    return [dict(vars(one)) for one in world.journal.objections if kind in {None, one.kind}]


def snapshot(world: World, who: str) -> JSON:
    """All that the page draws for one person, and the number of the last change that it holds."""
    person = world.state.find_person(who)
    seen_places = places(world, person.id)
    return {
        "change": world.changes.number,
        "workspace": {"id": world.state.team_id, "name": world.state.team_name, **world.about},
        "me": world.user_shape(person, locale=True) | {"steward": person.steward},
        "bot": world.user_shape(world.state.bot),
        "people": people(world),
        "groups": groups(world),
        "places": seen_places,
        "messages": {place["id"]: messages(world, person.id, place["id"]) for place in seen_places},
        "threads": {place["id"]: _threads(world, person, place["id"]) for place in seen_places},
        "views": views(world, person.id),
        "home": home(world, person.id),
        "files": files(world),
        "commands": [
            {"command": name, "description": text} for name, text in world.manifest.commands.items()
        ],
        "shortcuts": [
            {"callback_id": key, "name": one.name, "type": one.kind}
            for key, one in world.manifest.shortcuts.items()
        ],
        "clock": {"now": world.clock.now(), "offset": world.clock.offset},
        "connections": len(world.sockets.links),
        "objections": objections(world),
    }


def _threads(world: World, person: Person, place_id: str) -> JSON:
    place = world.state.places[place_id]
    return {root: replies(world, person.id, place_id, root) for root in sorted(place.threads)}


def hears(world: World, person: Person, change: Change) -> JSON | None:
    """The change as this person's page gets it, None when it is not for them."""
    if change.people is not None and person.id not in change.people:
        return None
    if change.place is not None:
        place: Place | None = world.state.places.get(change.place)
        if place is None or not world.state.may_see(person, place):
            return None
        if "message" in change.data and change.people is None:
            message = place.messages.get(str(change.data["message"]["ts"]))
            if message is not None:
                return change.plain() | {"message": _visible(world, person, message)}
    return change.plain()


READINGS: dict[str, Callable[..., Any]] = {
    "messages": messages,
    "replies": replies,
    "ephemerals": ephemerals,
    "dms": dms,
    "views": views,
    "home": home,
    "places": places,
    "people": people,
    "groups": groups,
    "files": files,
    "calls": calls,
    "deliveries": deliveries,
    "objections": objections,
    "snapshot": snapshot,
}
