"""Presses, choices and forms: what people do with what the app shows them."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.answering import submission_answer
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.finding import Found, field_of, find_element
from bot.sandbox.inputs import STATEFUL, TEXTS, chosen, is_empty, option, payload_of
from bot.sandbox.interaction import common, name_as_sent, send
from bot.sandbox.journal import Attempt
from bot.sandbox.opening import shape_of, tell
from bot.sandbox.outcome import Act, Outcome, Watch
from bot.sandbox.stacks import View
from bot.sandbox.state import Person
from bot.sandbox.talking import actor
from bot.sandbox.world import World


async def press(
    world: World,
    who: str,
    action_id: str,
    at: JSON | str | None = None,
    value: str | None = None,
    block_id: str | None = None,
) -> Outcome:
    """Press a button: in the open form, a message (`at={"channel", "ts"}`), an ephemeral one, or `at="home"`.

    Without `at` the open form is searched first, then the newest message that has it, then Home. `value` and `block_id`
    choose among buttons with one action_id.
    """
    person = actor(world, who)
    found = find_element(world, person, action_id, at, value, block_id)
    if found.element["type"] == "overflow":
        return await choose(world, who, action_id, value, at, block_id)
    watch = Watch(world, "press", person)
    watch.outcome.link = found.element.get("url")
    await _dispatch(world, watch, person, found, None)
    return watch.done()


async def choose(
    world: World,
    who: str,
    action_id: str,
    value: Any,
    at: JSON | str | None = None,
    block_id: str | None = None,
    query: str | None = None,
) -> Outcome:
    """Pick in a menu, radio buttons, checkboxes, date or overflow menu; options by value or by label."""
    person = actor(world, who)
    found = find_element(world, person, action_id, at, None, block_id)
    watch = Watch(world, "choose", person)
    if found.element["type"] == "overflow":
        await _dispatch(world, watch, person, found, {"selected_option": option(found.element, value)})
        return watch.done()
    await _fill_one(world, watch, person, found, value, query=query)
    return watch.done()


async def fill(world: World, who: str, fields: JSON, *, enter: bool = False) -> Outcome:
    """Fill fields of the open form: keys are an action_id, a block_id or `block_id/action_id`.

    Text goes in at once (one `on_character_entered`); `enter` presses the enter key in each.
    """
    person = actor(world, who)
    watch = Watch(world, "fill", person)
    for name, value in fields.items():
        found = field_of(_top(world, person), name)
        await _fill_one(world, watch, person, found, value, enter=enter)
    return watch.done()


async def type_in(world: World, who: str, field: str, text: str, *, wait: bool = True) -> Outcome:
    """Type into a field of the open form, one character at a time."""
    person = actor(world, who)
    watch = Watch(world, "type_in", person)
    for end in range(1, len(text) + 1):
        await _fill_one(world, watch, person, field_of(_top(world, person), field), text[:end], wait=wait)
    return watch.done()


async def suggest(
    world: World, who: str, action_id: str, query: str, at: JSON | str | None = None
) -> Outcome:
    """Type into an external select; `options` is what the bot offers."""
    person = actor(world, who)
    watch = Watch(world, "suggest", person)
    await _suggest(world, watch, person, find_element(world, person, action_id, at, None, None), query)
    return watch.done()


async def submit(world: World, who: str, fields: JSON | None = None) -> Outcome:
    """Send the open form, after filling `fields`; required empty fields stop it in the client, unsent."""
    person = actor(world, who)
    watch = Watch(world, "submit", person)
    for name, value in (fields or {}).items():
        await _fill_one(world, watch, person, field_of(_top(world, person), name), value)
    view = _top(world, person)
    if "submit" not in view.content:
        raise NotPossible("this form has no button to send it")
    view.errors = missing(view)
    if view.errors:
        tell(world, person.id)
        watch.outcome.errors = dict(view.errors)
        return watch.done()
    if not world.may_interact():
        return watch.done()
    payload = common(world, person, "view_submission") | {
        "trigger_id": world.trigger(person, view.id),
        "view": shape_of(world, view),
        "response_urls": [],
    }
    await send(
        world, watch, "interactive", view.content.get("callback_id") or "view_submission", payload,
        lambda attempt: submission_answer(world, watch.outcome, view, attempt.body),
    )  # fmt: skip
    return watch.done()


async def close(world: World, who: str, *, everything: bool = False) -> Outcome:
    """Close the top form, or all of them with the cross (`everything`)."""
    person = actor(world, who)
    watch = Watch(world, "close", person)
    stack = world.stacks.of(person.id)
    top = _top(world, person)
    everything = everything or bool(top.content.get("clear_on_close"))
    closed = list(reversed(stack)) if everything else [top]
    for view in closed:
        stack.remove(view)
    tell(world, person.id)
    for view in closed:
        if view.content.get("notify_on_close") and world.may_interact():
            payload = common(world, person, "view_closed") | {
                "view": shape_of(world, view),
                "is_cleared": everything,
            }
            await send(world, watch, "interactive", view.content.get("callback_id") or "view_closed", payload)
    return watch.done()


def _top(world: World, person: Person) -> View:
    stack = world.stacks.of(person.id)
    if not stack:
        raise NotPossible(f"{person.name} has no form open")
    return stack[-1]


def missing(view: View) -> dict[str, str]:
    """The words Slack's own client puts beside fields before it sends a form."""
    errors: dict[str, str] = {}
    for block in view.content["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = view.typed.get(block["block_id"], {}).get(element["action_id"], {})
        text = value.get("value") or ""
        if is_empty(value):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif element["type"] == "plain_text_input" and len(text) < element.get("min_length", 0):
            errors[block["block_id"]] = f"Please use at least {element['min_length']} characters."
    return errors


async def _fill_one(
    world: World, watch: Watch, person: Person, found: Found, value: Any, *, query: str | None = None,
    enter: bool = False, wait: bool = True,
) -> None:  # fmt: skip
    offered: list[JSON] | None = None
    element = found.element
    if element["type"] in {"external_select", "multi_external_select"} and value is not None:
        await _suggest(world, watch, person, found, query if query is not None else str(value))
        offered = list(watch.outcome.options)
    state = chosen(element, value, offered)
    if found.view is not None:
        found.view.typed.setdefault(found.block_id, {})[element["action_id"]] = state
        found.view.errors.pop(found.block_id, None)
        world.changes.publish(
            "typed", people={person.id}, person=person.id, view=found.view.id, block_id=found.block_id,
            action_id=element["action_id"], value=state,
        )  # fmt: skip
    if _dispatches(found, enter=enter):
        await _dispatch(world, watch, person, found, state, wait=wait)


def _dispatches(found: Found, *, enter: bool) -> bool:
    if found.block["type"] != "input":
        return True
    if not found.block.get("dispatch_action"):
        return False
    if found.element["type"] not in TEXTS:
        return True
    config = found.element.get("dispatch_action_config") or {"trigger_actions_on": ["on_enter_pressed"]}
    return "on_character_entered" in config["trigger_actions_on"] or enter


async def _suggest(world: World, watch: Watch, person: Person, found: Found, query: str) -> None:
    if not world.may_interact():
        return
    payload = common(world, person, "block_suggestion") | {
        "action_id": found.element["action_id"],
        "block_id": found.block_id,
        "value": query,
        "container": found.container,
    }
    if found.view is not None:
        payload["view"] = shape_of(world, found.view)

    def apply(attempt: Attempt) -> None:
        options = list(attempt.body.get("options") or [])
        for group in attempt.body.get("option_groups") or []:
            options += group["options"]
        watch.outcome.options = options

    await send(world, watch, "interactive", found.element["action_id"], payload, apply)


async def _dispatch(
    world: World, watch: Watch, person: Person, found: Found, state: JSON | None, *, wait: bool = True
) -> None:
    if not world.may_interact():
        return
    action = payload_of(found.element, found.block_id, state, world.clock.ts())
    payload = common(world, person, "block_actions") | {
        "container": found.container,
        "trigger_id": world.trigger(person, found.view.id if found.view is not None else None),
        "actions": [action],
    }
    if found.view is not None:
        payload["view"] = shape_of(world, found.view)
    elif found.message is not None:
        place = world.state.places[found.message.place]
        values: JSON = {}
        if state is not None and found.element["type"] in STATEFUL:
            values = {found.block_id: {found.element["action_id"]: state}}
        payload |= {
            "channel": {"id": place.id, "name": name_as_sent(place)},
            "response_url": world.response_url(person, place, found.message),
            "state": {"values": values},
        }
        if found.message.seen_by is None:
            payload["message"] = shapes.message(world.state, found.message, base=world.base_url)
    await send(world, watch, "interactive", found.element["action_id"], payload, wait=wait)


ACTS: dict[str, Act] = {
    "press": press,
    "choose": choose,
    "fill": fill,
    "type_in": type_in,
    "suggest": suggest,
    "submit": submit,
    "close": close,
}
