"""What people do with messages: say, edit, delete, react."""

from bot.sandbox import emitting
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.outcome import Act, Outcome, Watch
from bot.sandbox.posting import add, announce, open_dm, unfurl
from bot.sandbox.state import Message, Person, Place, Reaction
from bot.sandbox.world import World


def actor(world: World, who: str | Person) -> Person:
    """A person who can act: not deactivated, not the bot."""
    person = world.state.find_person(who)
    if person.deleted or person.is_bot:
        raise NotPossible(f"{person.name} cannot act here")
    return person


def place_of(world: World, person: Person, where: str | Place) -> Place:
    """A place the person sees; `@handle` is the DM with that person (or the bot)."""
    state = world.state
    if isinstance(where, str) and (where.startswith("@") or where in state.people):
        return open_dm(world, person, state.find_person(where))
    place = state.find_place(where)
    world.require_seen(person, place)
    return place


def message_of(world: World, person: Person, at: JSON) -> tuple[Place, Message]:
    """The message at `{"channel", "ts"}`, if this person sees it."""
    place = place_of(world, person, str(at["channel"]))
    message = place.messages.get(str(at["ts"]))
    if message is None:
        raise NotPossible(f"{person.name} sees no message {at['ts']} in {place.name or place.id}")
    return place, message


async def say(world: World, who: str, where: str, text: str, thread_ts: str | None = None) -> Outcome:
    """Say something in a place, or in the thread of `thread_ts`."""
    person = actor(world, who)
    place = place_of(world, person, where)
    watch = Watch(world, "say", person)
    if place.archived:
        raise NotPossible(f"{place.name} is archived")
    if place.kind == "channel" and person.id not in place.members:
        raise NotPossible(f"{person.name} has not joined {place.name}")
    bots_dm = world.state.bot.id in place.members and place.kind == "im"
    if bots_dm and world.manifest.messages_read_only:
        raise NotPossible("sending messages to this app has been turned off")
    if thread_ts is not None and thread_ts not in place.messages:
        raise NotPossible(f"there is no message {thread_ts} to reply to")
    message = Message(place=place.id, ts=world.clock.ts(), author=person.id, text=text, thread_ts=thread_ts)
    unfurl(world, message)
    add(world, place, message)
    if thread_ts is not None:
        announce(world, place.messages[thread_ts], "message_changed")
    await emitting.said(world, message, watch.outcome)
    return watch.done(message)


async def reply(world: World, who: str, at: JSON, text: str) -> Outcome:
    """Answer in the thread of the message at `{"channel", "ts"}`."""
    person = actor(world, who)
    place, message = message_of(world, person, at)
    return await say(world, who, place.id, text, thread_ts=message.thread_ts or message.ts)


async def edit(world: World, who: str, at: JSON, text: str) -> Outcome:
    """Change the words of one's own message."""
    person = actor(world, who)
    _place, message = message_of(world, person, at)
    watch = Watch(world, "edit", person)
    if message.author != person.id:
        raise NotPossible("only one's own messages can be edited")
    message.text, message.edited_ts = text, world.clock.ts()
    announce(world, message, "message_changed")
    return watch.done(message)


async def delete(world: World, who: str, at: JSON) -> Outcome:
    """Delete one's own message (an admin: anybody's)."""
    person = actor(world, who)
    place, message = message_of(world, person, at)
    watch = Watch(world, "delete", person)
    if message.author != person.id and not person.is_admin:
        raise NotPossible("only one's own messages can be deleted")
    place.take(message.ts)
    message.gone = True
    world.changes.publish("message_deleted", place=place.id, ts=message.ts)
    return watch.done()


async def react(
    world: World, who: str, at: JSON, emoji: str, *, wait: bool = True, item_user: bool = True
) -> Outcome:
    """Add a reaction; `item_user` off leaves that key out of the event, as Slack sometimes does."""
    return await _reaction(world, who, at, emoji, added=True, wait=wait, item_user=item_user)


async def unreact(
    world: World, who: str, at: JSON, emoji: str, *, wait: bool = True, item_user: bool = True
) -> Outcome:
    """Take one's reaction away."""
    return await _reaction(world, who, at, emoji, added=False, wait=wait, item_user=item_user)


async def _reaction(
    world: World, who: str, at: JSON, emoji: str, *, added: bool, wait: bool, item_user: bool
) -> Outcome:
    person = actor(world, who)
    place, message = message_of(world, person, at)
    watch = Watch(world, "react" if added else "unreact", person)
    if place.archived:
        raise NotPossible(f"{place.name} is archived")
    name = emoji.strip(":") if "::" not in emoji.strip(":") else emoji.removeprefix(":").removesuffix(":")
    base = name.split("::")[0]
    held = next((one for one in message.reactions if one.name.split("::")[0] == base), None)
    if added:
        if held is not None and person.id in held.people:
            raise NotPossible(f"{person.name} has already reacted with {name}")
        if held is None:
            held = Reaction(name, [])
            message.reactions.append(held)
        held.people.append(person.id)
    else:
        if held is None or person.id not in held.people:
            raise NotPossible(f"{person.name} has not reacted with {name}")
        held.people.remove(person.id)
        if not held.people:
            message.reactions.remove(held)
    announce(world, message, "message_changed")
    watch.outcome.deliveries += await emitting.reaction(
        world, added, person, message, name, wait=wait, item_user=item_user
    )
    return watch.done(message)


async def dm(world: World, who: str, others: list[str]) -> Outcome:
    """Open a conversation with others (or with the bot); the message key carries its id as `channel`."""
    person = actor(world, who)
    watch = Watch(world, "dm", person)
    place = open_dm(world, person, *(world.state.find_person(other) for other in others))
    outcome = watch.done()
    outcome.message = {"channel": place.id}
    return outcome


ACTS: dict[str, Act] = {
    "say": say,
    "reply": reply,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "dm": dm,
}
