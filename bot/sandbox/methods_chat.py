"""chat.* and reactions.*: what the bot says."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.limits import UPDATE_TEXT
from bot.sandbox.posting import add, announce, checked_content, open_dm, unfurl, whisper
from bot.sandbox.state import Message, Place, Reaction, copied


def _destination(call: Call) -> Place:
    """Where to post: a channel the bot is in, or the DM with a user id."""
    state = call.world.state
    where = call.text("channel", missing="channel_not_found")
    person = state.people.get(where)
    if person is not None:
        if person.deleted or person.is_bot or person.team_id != state.team_id:
            raise SlackError("channel_not_found")
        return _open_messages(call, open_dm(call.world, call.by, person))
    place = call.place()
    if call.by.id not in place.members:
        raise SlackError("not_in_channel")
    if place.archived:
        raise SlackError("is_archived")
    return _open_messages(call, place)


def _open_messages(call: Call, place: Place) -> Place:
    if place.kind == "im" and not call.world.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    return place


def _metadata(call: Call) -> JSON | None:
    metadata: Any = call.data("metadata")
    if metadata in (None, ""):
        return None
    good = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not good or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": copied(metadata["event_payload"])}


def post_message(call: Call) -> JSON:
    place = _destination(call)
    metadata = _metadata(call)
    text, blocks = checked_content(
        call.world, call.args.get("text"), call.data("blocks"), call.data("attachments")
    )
    thread_ts = call.maybe("thread_ts")
    if thread_ts is not None and thread_ts not in place.messages:
        raise SlackError("thread_not_found")
    message = Message(
        place=place.id, ts=call.world.clock.ts(), author=call.by.id, text=text, blocks=blocks, by_app=True,
        attachments=copied(call.data("attachments") or []), thread_ts=thread_ts,
        broadcast=call.flag("reply_broadcast"), metadata=metadata,
    )  # fmt: skip
    if call.flag("unfurl_links", default=True):
        unfurl(call.world, message)
    add(call.world, place, message)
    shape = shapes.message(call.world.state, message, metadata=True, base=call.world.base_url)
    return {"channel": place.id, "ts": message.ts, "message": shape}


def post_ephemeral(call: Call) -> JSON:
    place = call.place()
    if call.by.id not in place.members:
        raise SlackError("not_in_channel")
    if place.archived:
        raise SlackError("is_archived")
    person = call.world.state.people.get(call.text("user", missing="user_not_in_channel"))
    if person is None or person.id not in place.members or person.deleted:
        raise SlackError("user_not_in_channel")
    text, blocks = checked_content(
        call.world, call.args.get("text"), call.data("blocks"), call.data("attachments")
    )
    message = whisper(call.world, place, person, text, blocks, thread_ts=call.maybe("thread_ts"))
    return {"message_ts": message.ts}


def _own_message(call: Call, error: str) -> tuple[Place, Message]:
    place = call.place()
    message = place.messages.get(call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.author != call.by.id:
        raise SlackError(error)
    return place, message


def update(call: Call) -> JSON:
    place, message = _own_message(call, "cant_update_message")
    if place.archived:
        raise SlackError("is_archived")
    blocks: Any = call.data("blocks")
    text, checked = checked_content(
        call.world, call.args.get("text"), blocks, call.data("attachments"), room=UPDATE_TEXT
    )
    if call.args.get("text") is not None or blocks is not None:
        message.text = text
    if blocks is not None:
        message.blocks = checked
    if call.data("attachments") is not None:
        message.attachments = copied(call.data("attachments"))
    metadata = _metadata(call)
    if metadata is not None:
        message.metadata = metadata
    message.edited_ts = call.world.clock.ts()
    announce(call.world, message, "message_changed")
    shape = shapes.message(call.world.state, message, metadata=True, base=call.world.base_url)
    return {"channel": place.id, "ts": message.ts, "text": message.text, "message": shape}


def delete(call: Call) -> JSON:
    place, message = _own_message(call, "cant_delete_message")
    place.take(message.ts)
    call.world.changes.publish("message_deleted", place=place.id, ts=message.ts)
    return {"channel": place.id, "ts": message.ts}


def get_permalink(call: Call) -> JSON:
    place = call.place()
    ts = call.text("message_ts", missing="message_not_found")
    message = place.messages.get(ts)
    if message is None:
        raise SlackError("message_not_found")
    return {"channel": place.id, "permalink": call.world.permalink(place, ts, message.thread_ts)}


def _message(call: Call) -> Message:
    place = call.place()
    message = place.messages.get(call.text("timestamp", missing="no_item_specified"))
    if message is None:
        raise SlackError("message_not_found")
    return message


def reactions_get(call: Call) -> JSON:
    message = _message(call)
    shape = shapes.message(call.world.state, message, base=call.world.base_url)
    place = call.world.state.places[message.place]
    return {
        "type": "message",
        "channel": place.id,
        "message": shape | {"permalink": call.world.permalink(place, message.ts)},
    }


def reactions_add(call: Call) -> JSON:
    message = _message(call)
    name = call.text("name", missing="no_reaction").strip(":")
    held = next((one for one in message.reactions if one.name == name), None)
    if held is None:
        held = Reaction(name, [])
        message.reactions.append(held)
    if call.by.id in held.people:
        raise SlackError("already_reacted")
    held.people.append(call.by.id)
    announce(call.world, message, "message_changed")
    return {}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
    "reactions.get": Method(reactions_get, ("reactions:read",)),
    "reactions.add": Method(reactions_add, ("reactions:write",)),
}
