"""Commands, shortcuts and Home: how people call on the app."""

from bot.sandbox import emitting, shapes
from bot.sandbox.answering import command_answer
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.interaction import common, name_as_sent, send
from bot.sandbox.manifest import lacks_command, lacks_shortcut
from bot.sandbox.opening import shape_of
from bot.sandbox.outcome import Act, Outcome, Watch
from bot.sandbox.posting import open_dm
from bot.sandbox.state import Person
from bot.sandbox.talking import actor, message_of, place_of
from bot.sandbox.world import World


def _at_home(world: World, person: Person) -> None:
    if person.team_id != world.state.team_id:
        raise NotPossible(
            "commands, shortcuts and Home of this app are not offered to people of another organisation"
        )


async def slash(world: World, who: str, command: str, text: str = "", where: str = "general") -> Outcome:
    """Type a slash command in a place that the person sees."""
    person = actor(world, who)
    _at_home(world, person)
    place = place_of(world, person, where)
    watch = Watch(world, "slash", person)
    if command not in world.manifest.commands:
        world.object_to("undeclared_command", lacks_command(command))
        watch.outcome.trouble = f"{command} is not a valid command."
        return watch.done()
    if not world.installed:
        watch.outcome.trouble = f"{command} is not a valid command."
        return watch.done()
    payload = {
        "token": world.tokens.verification,
        "team_id": world.state.team_id,
        "team_domain": world.state.domain,
        "channel_id": place.id,
        "channel_name": name_as_sent(place),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": world.state.bot.app_id,
        "is_enterprise_install": "false",
        "response_url": world.response_url(person, place),
        "trigger_id": world.trigger(person),
    }
    await send(
        world, watch, "slash_commands", command, payload,
        lambda attempt: command_answer(world, watch.outcome, place, person, attempt.body),
    )  # fmt: skip
    return watch.done()


async def message_shortcut(world: World, who: str, callback_id: str, at: JSON) -> Outcome:
    """Choose a message shortcut from a message's menu."""
    person = actor(world, who)
    _at_home(world, person)
    place, message = message_of(world, person, at)
    watch = Watch(world, "message_shortcut", person)
    if not _declared(world, callback_id, "message"):
        return watch.done()
    payload = common(world, person, "message_action") | {
        "action_ts": world.clock.ts(),
        "channel": {"id": place.id, "name": name_as_sent(place)},
        "callback_id": callback_id,
        "trigger_id": world.trigger(person),
        "response_url": world.response_url(person, place),
        "message_ts": message.ts,
        "message": shapes.message(world.state, message, base=world.base_url),
    }
    payload.pop("api_app_id")
    await send(world, watch, "interactive", callback_id, payload)
    return watch.done()


async def global_shortcut(world: World, who: str, callback_id: str) -> Outcome:
    """Choose a global shortcut."""
    person = actor(world, who)
    _at_home(world, person)
    watch = Watch(world, "global_shortcut", person)
    if not _declared(world, callback_id, "global"):
        return watch.done()
    payload = common(world, person, "shortcut") | {
        "action_ts": world.clock.ts(),
        "callback_id": callback_id,
        "trigger_id": world.trigger(person),
    }
    payload.pop("api_app_id")
    await send(world, watch, "interactive", callback_id, payload)
    return watch.done()


def _declared(world: World, callback_id: str, kind: str) -> bool:
    known = world.manifest.shortcuts.get(callback_id)
    if known is None or known.kind != kind:
        world.object_to("undeclared_shortcut", lacks_shortcut(callback_id, kind))
        return False
    return world.may_interact()


async def open_home(world: World, who: str, tab: str = "home") -> Outcome:
    """Open the app's Home (or its messages tab); `views` holds what the Home shows."""
    person = actor(world, who)
    _at_home(world, person)
    watch = Watch(world, "open_home", person)
    place = open_dm(world, person, world.state.bot)
    if tab == "home" and not world.manifest.home_tab:
        raise NotPossible("this app has no Home tab")
    watch.outcome.deliveries += await emitting.home_opened(world, person, place, tab)
    outcome = watch.done()
    home = world.stacks.homes.get(person.id)
    outcome.views = [shape_of(world, home)] if home is not None else []
    return outcome


ACTS: dict[str, Act] = {
    "slash": slash,
    "message_shortcut": message_shortcut,
    "global_shortcut": global_shortcut,
    "open_home": open_home,
}
