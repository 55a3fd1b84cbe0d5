"""conversations.*: where the bot may look."""

from bot.sandbox import shapes
from bot.sandbox.calls import Call, Method, page_of
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.posting import open_dm
from bot.sandbox.state import Message, Place, answered


def info(call: Call) -> JSON:
    place = call.place()
    call.require_for(place, "read")
    shape = shapes.channel(call.world.state, place, call.by)
    if call.flag("include_num_members"):
        shape["num_members"] = len(place.members)
    if call.flag("include_locale"):
        shape["locale"] = "en-US"
    return {"channel": shape}


def _readable(call: Call) -> Place:
    place = call.place()
    call.require_for(place, "history")
    if call.by.id not in place.members:
        raise SlackError("not_in_channel")
    return place


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = call.maybe("oldest") or "0", call.maybe("latest") or "9999999999"
    inclusive = call.flag("inclusive")

    def within(message: Message) -> bool:
        at = float(message.ts)
        if inclusive and message.ts in {oldest, latest}:
            return True
        return float(oldest) < at < float(latest)

    return [message for message in messages if within(message)]


def history(call: Call) -> JSON:
    place = _readable(call)
    tops = [one for one in place.messages.values() if one.thread_ts in {None, one.ts} or one.broadcast]
    newest_first = sorted(_between(call, tops), key=lambda one: float(one.ts), reverse=True)
    page, onward = page_of(newest_first, call)
    with_metadata = call.flag("include_all_metadata")
    state, base = call.world.state, call.world.base_url
    return {
        "messages": [shapes.message(state, one, metadata=with_metadata, base=base) for one in page],
        "has_more": bool(onward["next_cursor"]),
        "pin_count": 0,
        "response_metadata": onward,
    }


def replies(call: Call) -> JSON:
    place = _readable(call)
    parent = place.messages.get(call.text("ts", missing="thread_not_found"))
    if parent is None:
        raise SlackError("thread_not_found")
    thread = [parent, *_between(call, answered(parent, place))]
    page, onward = page_of(thread, call, default=1000)
    with_metadata = call.flag("include_all_metadata")
    state, base = call.world.state, call.world.base_url
    return {
        "messages": [shapes.message(state, one, metadata=with_metadata, base=base) for one in page],
        "has_more": bool(onward["next_cursor"]),
        "response_metadata": onward,
    }


def members(call: Call) -> JSON:
    place = call.place()
    call.require_for(place, "read")
    page, onward = page_of(list(place.members), call)
    return {"members": page, "response_metadata": onward}


def join(call: Call) -> JSON:
    place = call.place()
    if place.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if place.archived:
        raise SlackError("is_archived")
    if call.by.id not in place.members:
        place.members.append(call.by.id)
        call.world.changes.publish(
            "place", place=place.id, shape=shapes.channel(call.world.state, place, call.by)
        )
    return {"channel": shapes.channel(call.world.state, place, call.by)}


def open_(call: Call) -> JSON:
    state = call.world.state
    if call.maybe("channel"):
        return {"channel": {"id": call.place().id}}
    people = []
    for user in call.text("users", missing="users_list_not_supplied").split(","):
        person = state.people.get(user.strip())
        if person is None or person.team_id != state.team_id:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        people.append(person)
    known = state.dm(call.by.id, *(person.id for person in people))
    place = open_dm(call.world, call.by, *people)
    return {"channel": {"id": place.id}, "already_open": known is not None, "no_op": known is not None}


METHODS = {
    "conversations.info": Method(info, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.members": Method(members, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "conversations.join": Method(join, ("channels:join",)),
    "conversations.open": Method(open_, ("im:write", "mpim:write", "channels:manage", "groups:write")),
}
