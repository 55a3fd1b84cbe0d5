"""What people do to the workspace itself: channels, membership, user groups, accounts, the app's installation."""

from bot.sandbox import emitting, shapes
from bot.sandbox.errors import NotPossible
from bot.sandbox.outcome import Act, Outcome, Watch
from bot.sandbox.state import Group, Person, Place
from bot.sandbox.talking import actor, place_of
from bot.sandbox.world import World


def _tell_place(world: World, place: Place) -> None:
    shape = shapes.channel(world.state, place, world.state.bot) | {"members": list(place.members)}
    world.changes.publish("place", place=place.id, shape=shape)


async def create_channel(world: World, who: str, name: str, *, private: bool = False) -> Outcome:
    """Make a channel; the message key carries its id as `channel`."""
    person = actor(world, who)
    watch = Watch(world, "create_channel", person)
    if any(place.name == name for place in world.state.places.values()):
        raise NotPossible(f"there is a channel called {name} already")
    place = Place(
        id=world.ids.of("C", f"made/{name}"), name=name, kind="private" if private else "channel",
        members=[person.id], creator=person.id, created=int(world.clock.now()),
    )  # fmt: skip
    world.state.places[place.id] = place
    _tell_place(world, place)
    outcome = watch.done()
    outcome.message = {"channel": place.id}
    return outcome


async def join(world: World, who: str, where: str) -> Outcome:
    """Join a public channel."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "join", person)
    if place.kind != "channel" or person.team_id != world.state.team_id:
        raise NotPossible("only public channels of one's own workspace can be joined")
    if person.id not in place.members:
        place.members.append(person.id)
        _tell_place(world, place)
        watch.outcome.deliveries += await emitting.membership(world, True, person, place)
    return watch.done()


async def invite(world: World, who: str, where: str, whom: str = "bot") -> Outcome:
    """Bring somebody (or the app: `whom="bot"`) into a channel that one is in."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "invite", person)
    guest = world.state.bot if whom == "bot" else world.state.find_person(whom)
    if person.id not in place.members or place.kind not in {"channel", "private"}:
        raise NotPossible(f"{person.name} cannot invite anybody to {place.name or 'a direct message'}")
    if guest.team_id != world.state.team_id and guest.team_id not in place.shared_with:
        raise NotPossible(f"{place.name} is not shared with the organisation of {guest.name}")
    if guest.id not in place.members:
        place.members.append(guest.id)
        _tell_place(world, place)
        watch.outcome.deliveries += await emitting.membership(world, True, guest, place, inviter=person)
    return watch.done()


async def kick(world: World, who: str, where: str, whom: str = "bot") -> Outcome:
    """Remove somebody (or the app) from a channel; removing oneself is leaving."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "kick", person)
    gone = world.state.bot if whom == "bot" else world.state.find_person(whom)
    if gone.id not in place.members:
        raise NotPossible(f"{gone.name} is not in {place.name}")
    place.members.remove(gone.id)
    _tell_place(world, place)
    watch.outcome.deliveries += await emitting.membership(world, False, gone, place)
    return watch.done()


async def rename(world: World, who: str, where: str, name: str) -> Outcome:
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "rename", person)
    place.previous_names.insert(0, place.name)
    place.name = name
    _tell_place(world, place)
    watch.outcome.deliveries += await emitting.renamed(world, place)
    return watch.done()


async def archive(world: World, who: str, where: str, *, undo: bool = False) -> Outcome:
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "archive", person)
    place.archived = not undo
    _tell_place(world, place)
    watch.outcome.deliveries += await emitting.archived(world, place, person, not undo)
    return watch.done()


async def share(
    world: World, who: str, where: str, *, organisation: str = "", pending: bool = False
) -> Outcome:
    """Share a channel with another organisation (the outsiders' one unless an id is given); `pending` only invites."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "share", person)
    team_id = organisation or _other_team(world)
    if pending:
        place.pending_with.append(team_id)
        _tell_place(world, place)
        return watch.done()
    if team_id in place.pending_with:
        place.pending_with.remove(team_id)
    place.shared_with.append(team_id)
    _tell_place(world, place)
    watch.outcome.deliveries += await emitting.shared(world, place, team_id, now_shared=True)
    return watch.done()


async def unshare(world: World, who: str, where: str) -> Outcome:
    """End the sharing; people of the other organisation lose the channel."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "unshare", person)
    teams, place.shared_with, place.pending_with = list(place.shared_with), [], []
    place.members = [one for one in place.members if world.state.people[one].team_id == world.state.team_id]
    _tell_place(world, place)
    for team_id in teams:
        watch.outcome.deliveries += await emitting.shared(world, place, team_id, now_shared=False)
    return watch.done()


async def change_channel_id(world: World, who: str, where: str) -> Outcome:
    """Give a channel a new id, as Slack does when channels are converted; the message key carries the new one."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "change_channel_id", person)
    old = place.id
    place.previous_id, place.id = old, world.ids.next("channel", "C")
    del world.state.places[old]
    world.state.places[place.id] = place
    for message in place.messages.values():
        message.place = place.id
    _tell_place(world, place)
    watch.outcome.deliveries += await emitting.id_changed(world, place, old)
    outcome = watch.done()
    outcome.message = {"channel": place.id}
    return outcome


def _other_team(world: World) -> str:
    others = (one.team_id for one in world.state.people.values() if one.team_id != world.state.team_id)
    return next(others, world.ids.of("T", "elsewhere"))


async def create_group(
    world: World, who: str, handle: str, name: str, members: list[str] | None = None, function: str = ""
) -> Outcome:
    """Make a user group with these members."""
    person = actor(world, who)
    watch = Watch(world, "create_group", person)
    now = int(world.clock.now())
    ids = [world.state.find_person(member).id for member in members or []]
    group = Group(
        id=world.ids.of("S", handle), handle=handle, name=name, description=name, members=ids,
        created_by=person.id, date_create=now, date_update=now, function=function,
    )  # fmt: skip
    world.state.groups[group.id] = group
    world.changes.publish("group", shape=shapes.group(world.state, group, users=True, count=True))
    watch.outcome.deliveries += await emitting.group_changed(world, group, created=True)
    return watch.done()


async def change_group(
    world: World, who: str, group: str, add: list[str] | None = None, remove: list[str] | None = None
) -> Outcome:
    """Add people to a user group and remove others: one `subteam_members_changed`, one `subteam_updated`."""
    person = actor(world, who)
    watch = Watch(world, "change_group", person)
    held = world.state.find_group(group)
    added = [one.id for one in map(world.state.find_person, add or []) if one.id not in held.members]
    removed = [one.id for one in map(world.state.find_person, remove or []) if one.id in held.members]
    before = held.date_update
    held.members = [one for one in held.members if one not in removed] + added
    held.date_update = int(world.clock.now())
    await _group_told(world, watch, held)
    watch.outcome.deliveries += await emitting.group_members_changed(world, held, added, removed, before)
    return watch.done()


async def rename_group(world: World, who: str, group: str, name: str) -> Outcome:
    person = actor(world, who)
    watch = Watch(world, "rename_group", person)
    held = world.state.find_group(group)
    held.name, held.date_update = name, int(world.clock.now())
    await _group_told(world, watch, held)
    return watch.done()


async def disable_group(world: World, who: str, group: str) -> Outcome:
    person = actor(world, who)
    watch = Watch(world, "disable_group", person)
    held = world.state.find_group(group)
    held.date_delete = held.date_update = int(world.clock.now())
    await _group_told(world, watch, held)
    return watch.done()


async def _group_told(world: World, watch: Watch, group: Group) -> None:
    world.changes.publish("group", shape=shapes.group(world.state, group, users=True, count=True))
    watch.outcome.deliveries += await emitting.group_changed(world, group)


async def deactivate(world: World, whom: str) -> Outcome:
    """Close somebody's account: out of every channel and group, `user_change` with `deleted`."""
    person = world.state.find_person(whom)
    watch = Watch(world, "deactivate", person)
    person.deleted, person.updated = True, int(world.clock.now())
    for place in world.state.places.values():
        if place.kind not in {"im", "mpim"} and person.id in place.members:
            place.members.remove(person.id)
            _tell_place(world, place)
    world.stacks.modals.pop(person.id, None)
    return await _person_told(world, watch, person)


async def reactivate(world: World, whom: str) -> Outcome:
    person = world.state.find_person(whom)
    watch = Watch(world, "reactivate", person)
    person.deleted, person.updated = False, int(world.clock.now())
    return await _person_told(world, watch, person)


async def change_profile(
    world: World, whom: str, title: str | None = None, locale: str | None = None, tz: str | None = None
) -> Outcome:
    """Change what a profile says; Slack sends `user_change` for each such change."""
    person = world.state.find_person(whom)
    watch = Watch(world, "change_profile", person)
    person.title = title if title is not None else person.title
    person.locale = locale if locale is not None else person.locale
    person.tz = tz if tz is not None else person.tz
    person.updated = int(world.clock.now())
    return await _person_told(world, watch, person)


async def hire(world: World, handle: str, name: str, title: str = "", guest: bool = False) -> Outcome:
    """Somebody joins the company (`team_join`)."""
    person = Person(
        id=world.ids.of("U", handle), handle=handle, name=name, title=title, is_guest=guest,
        email=f"{handle}@{world.state.domain}.example", team_id=world.state.team_id, updated=int(world.clock.now()),
    )  # fmt: skip
    world.state.people[person.id] = person
    watch = Watch(world, "hire", person)
    world.changes.publish("person", shape=world.user_shape(person))
    watch.outcome.deliveries += await emitting.user_changed(world, person, joined=True)
    return watch.done()


async def _person_told(world: World, watch: Watch, person: Person) -> Outcome:
    world.changes.publish("person", shape=world.user_shape(person))
    watch.outcome.deliveries += await emitting.user_changed(world, person)
    return watch.done()


async def revoke_token(world: World) -> Outcome:
    """Revoke the bot's token: calls answer `token_revoked`, the bot gets `tokens_revoked`."""
    watch = Watch(world, "revoke_token", world.state.bot)
    world.tokens.past[world.tokens.bot] = "token_revoked"
    world.tokens.bot = "revoked"
    watch.outcome.deliveries += await emitting.revoked(world)
    return watch.done()


async def rotate_token(world: World) -> Outcome:
    """Give the bot a new token; the old one answers `token_expired`."""
    watch = Watch(world, "rotate_token", world.state.bot)
    old, past = world.tokens.bot, world.tokens.past
    world.tokens = world.new_tokens()
    world.tokens.past = {**past, old: "token_expired"}
    return watch.done()


async def uninstall(world: World, *, uninstalled_first: bool = False) -> Outcome:
    """Remove the app: `tokens_revoked` and `app_uninstalled` in either order, and no call works any more."""
    watch = Watch(world, "uninstall", world.state.bot)
    world.tokens.past[world.tokens.bot] = "account_inactive"
    world.tokens.bot = "uninstalled"
    both = (
        [emitting.uninstalled, emitting.revoked]
        if uninstalled_first
        else [emitting.revoked, emitting.uninstalled]
    )
    for event in both:
        watch.outcome.deliveries += await event(world)
    world.installed = False
    return watch.done()


async def send_event(world: World, event: dict[str, object], where: str | None = None) -> Outcome:
    """Deliver an event as given, for odd payloads that the other acts never make."""
    watch = Watch(world, "send_event", world.state.bot)
    place = world.state.find_place(where) if where else None
    watch.outcome.deliveries += await emitting.emit(world, dict(event), place)
    return watch.done()


ACTS: dict[str, Act] = {
    "create_channel": create_channel,
    "join": join,
    "invite": invite,
    "kick": kick,
    "rename": rename,
    "archive": archive,
    "share": share,
    "unshare": unshare,
    "change_channel_id": change_channel_id,
    "create_group": create_group,
    "change_group": change_group,
    "rename_group": rename_group,
    "disable_group": disable_group,
    "deactivate": deactivate,
    "reactivate": reactivate,
    "change_profile": change_profile,
    "hire": hire,
    "revoke_token": revoke_token,
    "rotate_token": rotate_token,
    "uninstall": uninstall,
    "send_event": send_event,
}
