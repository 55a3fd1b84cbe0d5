"""files.*: the external upload in its three steps."""

from bot.sandbox import shapes
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.posting import add
from bot.sandbox.state import File, Message


def get_upload_url(call: Call) -> JSON:
    world = call.world
    stored = File(
        id=world.ids.next("file", "F"), name=call.text("filename"), title=call.text("filename"),
        length=call.number("length", 0), alt_text=call.maybe("alt_txt") or "", owner=call.by.id,
        token=world.ids.next("upload", length=20).lower(), created=int(world.clock.now()),
    )  # fmt: skip
    if stored.length <= 0:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] length must be over 0"]}
        )
    world.state.files[stored.id] = stored
    return {"upload_url": f"{world.base_url}/upload/v1/{stored.token}", "file_id": stored.id}


def complete_upload(call: Call) -> JSON:
    world = call.world
    asked = call.data("files")
    if not isinstance(asked, list) or not asked:
        raise SlackError("invalid_arguments")
    found = []
    for one in asked:
        stored = world.state.files.get(str(one.get("id"))) if isinstance(one, dict) else None
        if stored is None or stored.content is None or stored.completed:
            raise SlackError("file_not_found")
        found.append((stored, str(one.get("title") or stored.name)))
    place = None
    if call.maybe("channel_id"):
        place = call.place("channel_id")
        if call.by.id not in place.members:
            raise SlackError("not_in_channel")
    for stored, title in found:
        stored.title = title
        stored.completed = True
        stored.ready_at = world.clock.running() + world.settings.files_ready_after
        if place is not None:
            stored.places.append(place.id)
    if place is not None:
        message = Message(
            place=place.id, ts=world.clock.ts(), author=call.by.id, text=call.maybe("initial_comment") or "",
            by_app=True, thread_ts=call.maybe("thread_ts"), files=[stored.id for stored, _title in found],
            subtype="file_share",
        )  # fmt: skip
        add(world, place, message)
    return {
        "files": [shapes.file(world.state, one, base=world.base_url, ready=False) for one, _title in found]
    }


def info(call: Call) -> JSON:
    world = call.world
    stored = world.state.files.get(call.text("file", missing="file_not_found"))
    if stored is None or not stored.completed:
        raise SlackError("file_not_found")
    ready = world.clock.running() >= stored.ready_at
    return {"file": shapes.file(world.state, stored, base=world.base_url, ready=ready), "comments": []}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
}
