"""views.*: forms and Homes that the bot opens."""

from typing import Any

from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.opening import change, checked_view, push, shape_of, show_first, show_home
from bot.sandbox.state import Person


def _exchange(call: Call) -> tuple[Person, str | None]:
    trigger_id = call.text("trigger_id")
    error = call.world.trigger_error(trigger_id)
    if error is not None:
        raise SlackError(error)
    trigger = call.world.triggers[trigger_id]
    return call.world.state.people[trigger.person], trigger.view


def _peek(call: Call, kind: str) -> JSON:
    """The view, checked before the trigger is spent: a refused view leaves it usable, as at Slack."""
    view: Any = call.data("view")
    return checked_view(call.world, view, kind)


def open_(call: Call) -> JSON:
    content = _peek(call, "modal")
    person, _source = _exchange(call)
    return {"view": shape_of(call.world, show_first(call.world, person, content))}


def push_(call: Call) -> JSON:
    content = _peek(call, "modal")
    person, source = _exchange(call)
    if source is None or not any(view.id == source for view in call.world.stacks.of(person.id)):
        raise SlackError("invalid_trigger_id")
    return {"view": shape_of(call.world, push(call.world, person, content))}


def update(call: Call) -> JSON:
    view = call.world.stacks.find(call.maybe("view_id"), call.maybe("external_id"))
    if view is None:
        raise SlackError("not_found")
    content = checked_view(call.world, call.data("view"), view.kind, but=view)
    given = call.maybe("hash")
    if given is not None and given != view.hash:
        raise SlackError("hash_conflict")
    return {"view": shape_of(call.world, change(call.world, view, content))}


def publish(call: Call) -> JSON:
    world = call.world
    if not world.manifest.home_tab:
        raise SlackError("not_enabled")
    person = world.state.people.get(call.text("user_id"))
    if person is None or person.team_id != world.state.team_id or person.is_bot:
        raise SlackError("user_not_found")
    content = checked_view(world, call.data("view"), "home")
    held = world.stacks.homes.get(person.id)
    given = call.maybe("hash")
    if given is not None and held is not None and given != held.hash:
        raise SlackError("hash_conflict")
    return {"view": shape_of(world, show_home(world, person, content))}


METHODS = {
    "views.open": Method(open_),
    "views.push": Method(push_),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
