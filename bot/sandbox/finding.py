"""Finds the button or field that a person means, on what that person can see."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.inputs import elements_of
from bot.sandbox.posting import find
from bot.sandbox.stacks import View
from bot.sandbox.state import Message, Person
from bot.sandbox.talking import place_of
from bot.sandbox.world import World


@dataclass
class Found:
    """An element with its block, and the view or the message that it stands in."""

    block_id: str
    block: JSON
    element: JSON
    view: View | None = None
    message: Message | None = None

    @property
    def container(self) -> JSON:
        if self.view is not None:
            return {"type": "view", "view_id": self.view.id}
        message = self.message
        if message is None:
            raise AssertionError("an element stands in a view or in a message")
        shape: JSON = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.place,
            "is_ephemeral": message.seen_by is not None,
        }
        return shape | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def find_element(
    world: World,
    person: Person,
    action_id: str,
    at: JSON | str | None,
    value: str | None,
    block_id: str | None,
) -> Found:
    """The one element that is meant; NotPossible, naming what there is, when there is none or more than one."""
    for where in _surfaces(world, person, at):
        blocks = where.content["blocks"] if isinstance(where, View) else where.blocks
        hits = [
            Found(
                block, whole, element,
                view=where if isinstance(where, View) else None,
                message=where if isinstance(where, Message) else None,
            )
            for block, element, whole in elements_of(blocks)
            if element["action_id"] == action_id
            and (block_id is None or block == block_id)
            and (value is None or element["type"] != "button" or element.get("value") == value)
        ]  # fmt: skip
        if len(hits) > 1:
            named = [(hit.block_id, hit.element.get("value")) for hit in hits]
            raise NotPossible(f"{action_id} stands there {len(hits)} times; name block_id or value: {named}")
        if hits:
            return hits[0]
    raise NotPossible(
        f"{person.name} sees no element {action_id!r}; to be seen: {_visible(world, person, at)}"
    )


def field_of(view: View, name: str) -> Found:
    """A field of a form by action_id, block_id or `block_id/action_id`."""
    hits = [
        Found(block, whole, element, view=view)
        for block, element, whole in elements_of(view.content["blocks"])
        if name in {element["action_id"], block, f"{block}/{element['action_id']}"}
    ]
    if len(hits) != 1:
        fields = [
            f"{block}/{element['action_id']}"
            for block, element, _whole in elements_of(view.content["blocks"])
        ]
        raise NotPossible(f"{len(hits)} fields are called {name!r}; the form has {fields}")
    return hits[0]


def _surfaces(world: World, person: Person, at: JSON | str | None) -> Iterator[View | Message]:
    stack = world.stacks.of(person.id)
    home = world.stacks.homes.get(person.id)
    if isinstance(at, dict):
        if "channel" not in at or "ts" not in at:
            raise NotPossible("`at` needs channel and ts")
        place = world.state.places.get(str(at["channel"])) or place_of(world, person, str(at["channel"]))
        message = find(world, place, str(at["ts"]))
        if message is None or message.seen_by not in {None, person.id}:
            raise NotPossible(f"{person.name} sees no message {at['ts']} there")
        if message.seen_by is None:
            world.require_seen(person, place)
        yield message
        return
    if at in {None, "form"} and stack:
        yield stack[-1]
    if at == "home" and home is not None:
        yield home
    if at is None:
        mine = [one for one in world.state.ephemerals if one.seen_by == person.id and not one.gone]
        for place in world.state.places.values():
            if world.state.may_see(person, place):
                mine += place.messages.values()
        yield from sorted((one for one in mine if one.blocks), key=lambda one: float(one.ts), reverse=True)
        if home is not None:
            yield home


def _visible(world: World, person: Person, at: JSON | str | None) -> list[str]:
    named: list[str] = []
    for where in _surfaces(world, person, at):
        blocks = where.content["blocks"] if isinstance(where, View) else where.blocks
        named += [str(element["action_id"]) for _block, element, _whole in elements_of(blocks)]
    return list(dict.fromkeys(named))[:40]
