"""Events that the workspace sends, each with the keys that Slack sends."""

from bot.sandbox import shapes
from bot.sandbox.errors import JSON
from bot.sandbox.journal import Delivery
from bot.sandbox.opening import shape_of
from bot.sandbox.outcome import Outcome
from bot.sandbox.state import Group, Message, Person, Place
from bot.sandbox.world import World


async def emit(world: World, event: JSON, place: Place | None = None, *, wait: bool = True) -> list[Delivery]:
    """Deliver an event when the manifest declares it; an empty list when it does not."""
    name = str(event["type"])
    if name == "message":
        name = f"message.{ {'channel': 'channels', 'private': 'groups'}.get(place.kind, place.kind) if place else 'im' }"
    if not world.may_deliver(name):
        return []
    payload = world.event_payload(event, place)
    return [await world.courier.deliver("events_api", str(event["type"]), payload, wait=wait)]


def concerns_bot(world: World, place: Place) -> bool:
    return world.state.bot.id in place.members


async def reaction(
    world: World, added: bool, person: Person, message: Message, name: str, *, wait: bool, item_user: bool
) -> list[Delivery]:
    place = world.state.places[message.place]
    if not concerns_bot(world, place):
        return []
    event: JSON = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": person.id,
        "reaction": name,
        "item": {"type": "message", "channel": place.id, "ts": message.ts},
        "event_ts": world.clock.ts(),
    }
    if item_user:
        event["item_user"] = message.author
    return await emit(world, event, place, wait=wait)


async def said(world: World, message: Message, outcome: Outcome) -> None:
    place = world.state.places[message.place]
    if not concerns_bot(world, place):
        return
    kind = {"channel": "channel", "private": "group"}.get(place.kind, place.kind)
    event = shapes.message(world.state, message) | {
        "channel": place.id,
        "channel_type": kind,
        "event_ts": message.ts,
    }
    outcome.deliveries += await emit(world, event, place)


async def home_opened(world: World, person: Person, place: Place, tab: str) -> list[Delivery]:
    event: JSON = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": place.id,
        "tab": tab,
        "event_ts": world.clock.ts(),
    }
    held = world.stacks.homes.get(person.id)
    if held is not None and tab == "home":
        event["view"] = shape_of(world, held)
    return await emit(world, event, place)


async def membership(
    world: World, joined: bool, person: Person, place: Place, inviter: Person | None = None
) -> list[Delivery]:
    if person.id == world.state.bot.id and not joined:
        name = "channel_left" if place.kind == "channel" else "group_left"
        left = {"type": name, "channel": place.id, "actor_id": "", "event_ts": world.clock.ts()}
        return await emit(world, left, place) if name in world.manifest.events else []
    if not concerns_bot(world, place):
        return []
    event: JSON = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": person.id,
        "channel": place.id,
        "channel_type": "C" if place.kind == "channel" else "G",
        "team": person.team_id,
        "event_ts": world.clock.ts(),
    }
    if inviter is not None and joined:
        event["inviter"] = inviter.id
    return await emit(world, event, place)


async def renamed(world: World, place: Place) -> list[Delivery]:
    if not concerns_bot(world, place):
        return []
    channel: JSON = {
        "id": place.id,
        "is_channel": place.kind == "channel",
        "is_mpim": False,
        "name": place.name,
        "name_normalized": place.name,
        "created": place.created,
    }
    kind = "channel_rename" if place.kind == "channel" else "group_rename"
    return await emit(world, {"type": kind, "channel": channel, "event_ts": world.clock.ts()}, place)


async def archived(world: World, place: Place, by: Person, archive: bool) -> list[Delivery]:
    if not concerns_bot(world, place):
        return []
    kind = ("channel_" if place.kind == "channel" else "group_") + ("archive" if archive else "unarchive")
    event = {"type": kind, "channel": place.id, "user": by.id, "event_ts": world.clock.ts()}
    return await emit(world, event, place)


async def shared(world: World, place: Place, team_id: str, *, now_shared: bool) -> list[Delivery]:
    if not concerns_bot(world, place):
        return []
    event: JSON = {"channel": place.id, "event_ts": world.clock.ts()}
    if now_shared:
        event |= {"type": "channel_shared", "connected_team_id": team_id}
    else:
        event |= {
            "type": "channel_unshared",
            "previously_connected_team_id": team_id,
            "is_ext_shared": place.is_shared,
        }
    return await emit(world, event, place)


async def id_changed(world: World, place: Place, old: str) -> list[Delivery]:
    if not concerns_bot(world, place):
        return []
    event = {
        "type": "channel_id_changed",
        "old_channel_id": old,
        "new_channel_id": place.id,
        "event_ts": world.clock.ts(),
    }
    return await emit(world, event, place)


async def group_changed(world: World, group: Group, *, created: bool = False) -> list[Delivery]:
    subteam = shapes.group(world.state, group, users=True, count=True)
    subteam["users"] = subteam["users"][:500]
    kind = "subteam_created" if created else "subteam_updated"
    return await emit(world, {"type": kind, "subteam": subteam, "event_ts": world.clock.ts()})


async def group_members_changed(
    world: World, group: Group, added: list[str], removed: list[str], before: int
) -> list[Delivery]:
    event: JSON = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": world.state.team_id,
        "date_previous_update": before,
        "date_update": group.date_update,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": world.clock.ts(),
    }
    return await emit(world, event)


async def user_changed(world: World, person: Person, *, joined: bool = False) -> list[Delivery]:
    shape = world.user_shape(person, locale=True)
    if joined:
        return await emit(world, {"type": "team_join", "user": shape})
    return await emit(world, {"type": "user_change", "user": shape, "cache_ts": int(world.clock.now())})


async def revoked(world: World) -> list[Delivery]:
    return await emit(world, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [world.state.bot.id]}})


async def uninstalled(world: World) -> list[Delivery]:
    return await emit(world, {"type": "app_uninstalled"})
