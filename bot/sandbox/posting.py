"""Messages as they are checked, kept and shown: shared by the bot's calls, its answers and people's own words."""

import re
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.blocks import check_blocks, complete, words_in
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.limits import MESSAGE_BLOCKS_TEXT, MESSAGE_TEXT
from bot.sandbox.state import Message, Person, Place, copied
from bot.sandbox.world import World

PERMALINK = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})")


def checked_content(
    world: World, text: Any, blocks: Any, attachments: Any = None, *, room: int = MESSAGE_TEXT
) -> tuple[str, list[JSON]]:
    """Text and blocks of a message that Slack would take; SlackError otherwise."""
    words = "" if text is None else str(text)
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not words and not blocks and not attachments:
        raise SlackError("no_text")
    if len(words) > room:
        raise SlackError("msg_too_long")
    if blocks:
        faults = check_blocks(blocks, "message")
        if faults:
            raise SlackError("invalid_blocks", errors=faults, response_metadata={"messages": faults})
        if words_in(blocks) > MESSAGE_BLOCKS_TEXT:
            raise SlackError("msg_blocks_too_long")
        _files_ready(world, blocks)
        blocks = complete(copied(blocks), lambda: world.ids.next("block", length=5))
    return words, blocks or []


def _files_ready(world: World, blocks: list[JSON]) -> None:
    for position, block in enumerate(blocks):
        inside = [block, block.get("accessory"), *(block.get("elements") or [])]
        for one in inside:
            if isinstance(one, dict) and one.get("type") == "image" and "slack_file" in one:
                known = world.state.files.get(one["slack_file"].get("id", ""))
                if known is None or not known.completed or world.clock.running() < known.ready_at:
                    said = [f"[ERROR] invalid slack file [json-pointer:/blocks/{position}/slack_file]"]
                    raise SlackError("invalid_blocks", errors=said, response_metadata={"messages": said})


def add(world: World, place: Place, message: Message) -> Message:
    """Put a new message in its place and tell who may see it."""
    place.put(message)
    announce(world, message)
    return message


def announce(world: World, message: Message, kind: str = "message") -> None:
    people = {message.seen_by} if message.seen_by else None
    shape = shapes.message(world.state, message, base=world.base_url)
    world.changes.publish(kind, place=message.place, people=people, message=shape)


def whisper(
    world: World, place: Place, person: Person, text: str, blocks: list[JSON], **more: Any
) -> Message:
    """A message of the app that one person sees."""
    message = Message(
        place=place.id, ts=world.clock.ts(), author=world.state.bot.id, text=text, blocks=blocks, by_app=True,
        seen_by=person.id, **more,
    )  # fmt: skip
    world.state.ephemerals.append(message)
    announce(world, message)
    return message


def find(world: World, place: Place, ts: str) -> Message | None:
    """A message still there, posted or ephemeral, by its place and ts."""
    message = place.messages.get(ts)
    if message is None:
        hits = (
            one for one in world.state.ephemerals if one.place == place.id and one.ts == ts and not one.gone
        )
        return next(hits, None)
    return message


def unfurl(world: World, message: Message) -> None:
    """Attach a preview for each permalink of this workspace in the text or blocks."""
    seen = _all_text(message.text, message.blocks)
    for channel, second, micro in dict.fromkeys(PERMALINK.findall(seen)):
        place = world.state.places.get(channel)
        linked = place.messages.get(f"{second}.{micro}") if place else None
        if place is None or linked is None:
            continue
        message.attachments.append(
            {
                "is_msg_unfurl": True,
                "from_url": world.permalink(place, linked.ts),
                "channel_id": place.id,
                "channel_name": place.name,
                "author_id": linked.author,
                "author_name": world.state.people[linked.author].name,
                "text": linked.text,
                "ts": linked.ts,
                "fallback": linked.text,
            }
        )


def _all_text(text: str, value: Any) -> str:
    if isinstance(value, dict):
        return text + "".join(_all_text("", inner) for inner in value.values())
    if isinstance(value, list):
        return text + "".join(_all_text("", inner) for inner in value)
    return f"{text} {value}" if isinstance(value, str) else text


def open_dm(world: World, *members: Person) -> Place:
    """The conversation of exactly these people, made when there was none."""
    ids = [person.id for person in members]
    known = world.state.dm(*ids)
    if known is not None:
        return known
    kind = "im" if len(set(ids)) <= 2 else "mpim"
    name = "" if kind == "im" else "mpdm-" + "--".join(person.handle for person in members) + "-1"
    place = Place(
        id=world.ids.of("D" if kind == "im" else "G", "-".join(sorted(ids))), name=name, kind=kind, members=ids,
        creator=ids[0], created=int(world.clock.now()),
    )  # fmt: skip
    world.state.places[place.id] = place
    world.changes.publish("place", place=place.id, shape=shapes.channel(world.state, place, members[0]))
    return place
