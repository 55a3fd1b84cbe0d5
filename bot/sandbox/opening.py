"""Puts forms and Homes on a person's screen: checked, stacked, hashed."""

import json
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.blocks import check_view, complete
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.limits import STACK, VIEW_BYTES
from bot.sandbox.stacks import View
from bot.sandbox.state import Person, copied
from bot.sandbox.world import World


def checked_view(world: World, view: Any, kind: str, *, but: View | None = None) -> JSON:
    """A copy of a view that Slack would take, with ids where they were missing; `but` is the view it replaces."""
    if not isinstance(view, dict):
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]}
        )
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    words = check_view(view, kind)
    if words:
        raise SlackError("invalid_arguments", response_metadata={"messages": words})
    external = view.get("external_id")
    if external:
        held = world.stacks.find(None, external)
        if held is not None and held is not but:
            raise SlackError("duplicate_external_id")
    content: JSON = copied(view)
    complete(content["blocks"], lambda: world.ids.next("block", length=5))
    return content


def shape_of(world: World, view: View) -> JSON:
    state = world.state
    return view.shape(team_id=state.team_id, app_id=state.bot.app_id, bot_id=shapes.bot_id(state))


def _new(world: World, person: Person, kind: str, content: JSON, under: View | None) -> View:
    view_id = world.ids.next("view", "V")
    view = View(
        id=view_id, kind=kind, person=person.id, content=content, hash=_hash(world),
        root=under.root if under else view_id, previous=under.id if under else None,
    )  # fmt: skip
    view.fill_in()
    if kind == "modal":
        world.stacks.opened.append(view)
    return view


def _hash(world: World) -> str:
    return f"{int(world.clock.now())}.{world.ids.next('hash', length=8)}"


def tell(world: World, person_id: str) -> None:
    """Tell the person's screen what forms are open on it now."""
    stack = [screen(world, view) for view in world.stacks.of(person_id)]
    world.changes.publish("views", people={person_id}, person=person_id, stack=stack)


def screen(world: World, view: View) -> JSON:
    """What the page draws: the view with the words beside its fields."""
    return shape_of(world, view) | {"errors": dict(view.errors)}


def show_first(world: World, person: Person, content: JSON) -> View:
    """Open a form; whatever forms were open are gone."""
    view = _new(world, person, "modal", content, None)
    world.stacks.modals[person.id] = [view]
    tell(world, person.id)
    return view


def push(world: World, person: Person, content: JSON) -> View:
    """Open a form on top of the person's others, three at most."""
    stack = world.stacks.of(person.id)
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = _new(world, person, "modal", content, stack[-1] if stack else None)
    stack.append(view)
    tell(world, person.id)
    return view


def change(world: World, view: View, content: JSON) -> View:
    """Replace a view's content; what was typed stays where the ids stayed and no initial value is given."""
    view.content = content
    view.errors = {}
    view.hash = _hash(world)
    view.fill_in()
    if view.kind == "modal":
        tell(world, view.person)
    else:
        world.changes.publish("home", people={view.person}, person=view.person, view=screen(world, view))
    return view


def show_home(world: World, person: Person, content: JSON) -> View:
    held = world.stacks.homes.get(person.id)
    if held is None:
        held = world.stacks.homes[person.id] = _new(world, person, "home", content, None)
    return change(world, held, content)
