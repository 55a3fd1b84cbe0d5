"""People, places, messages, groups and files in the shapes that Slack's answers and events have."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.errors import JSON
from bot.sandbox.state import File, Group, Message, Person, Place, State, answered, copied


def user(state: State, person: Person, *, now: float, email: bool = True, locale: bool = False) -> JSON:
    """A user object as `users.info` and the user events carry it."""
    zone = datetime.fromtimestamp(now, ZoneInfo(person.tz))
    offset = zone.utcoffset()
    profile: JSON = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "status_text": "",
        "status_emoji": "",
        "team": person.team_id,
        "avatar_hash": "practice",
    }
    if email and person.email:
        profile["email"] = person.email
    shape: JSON = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "real_name": person.name,
        "tz": person.tz,
        "tz_label": zone.tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.team_id != state.team_id:
        shape["is_stranger"] = True
    if locale:
        shape["locale"] = person.locale
    return shape


def channel(state: State, place: Place, viewer: Person) -> JSON:
    """A conversation object as `conversations.info` gives it to this viewer."""
    shape: JSON = {
        "id": place.id,
        "created": place.created,
        "is_archived": place.archived,
        "is_im": place.kind == "im",
        "is_org_shared": False,
        "context_team_id": state.team_id,
        "updated": place.created * 1000,
    }
    if place.kind == "im":
        other = next((member for member in place.members if member != viewer.id), viewer.id)
        return shape | {
            "user": other,
            "is_user_deleted": state.people[other].deleted,
            "is_open": True,
            "priority": 0,
        }
    return shape | {
        "name": place.name,
        "name_normalized": place.name,
        "is_channel": place.kind == "channel",
        "is_group": place.kind == "private",
        "is_mpim": place.kind == "mpim",
        "is_private": place.is_private,
        "is_general": place.name == "general",
        "is_shared": place.is_shared,
        "is_ext_shared": place.is_shared,
        "is_pending_ext_shared": bool(place.pending_with),
        "pending_shared": list(place.pending_with),
        "pending_connected_team_ids": list(place.pending_with),
        "connected_team_ids": list(place.shared_with),
        "shared_team_ids": [state.team_id, *place.shared_with],
        "internal_team_ids": [state.team_id],
        "is_member": viewer.id in place.members,
        "unlinked": 0,
        "creator": place.creator,
        "topic": {"value": place.topic, "creator": "", "last_set": 0},
        "purpose": {"value": place.purpose, "creator": "", "last_set": 0},
        "previous_names": list(place.previous_names),
    }


def group(state: State, team: Group, *, users: bool, count: bool) -> JSON:
    """A user group object (a subteam)."""
    shape: JSON = {
        "id": team.id,
        "team_id": state.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": team.name,
        "description": team.description,
        "handle": team.handle,
        "is_external": False,
        "date_create": team.date_create,
        "date_update": team.date_update,
        "date_delete": team.date_delete,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": team.created_by,
        "updated_by": team.created_by,
        "deleted_by": team.created_by if team.date_delete else None,
        "prefs": {"channels": [], "groups": []},
    }
    if count:
        shape["user_count"] = len(team.members)
    if users:
        shape["users"] = list(team.members)
    return shape


def message(state: State, said: Message, *, metadata: bool = False, base: str = "") -> JSON:
    """A message object, with the thread's figures on a message that has replies."""
    author = state.people[said.author]
    shape: JSON = {
        "type": "message",
        "user": said.author,
        "text": said.text,
        "ts": said.ts,
        "team": author.team_id,
        "blocks": copied(said.blocks) if said.blocks or said.by_app else rich_text(said),
    }
    if said.by_app:
        shape |= {"bot_id": bot_id(state), "app_id": state.bot.app_id, "bot_profile": bot_profile(state)}
    else:
        shape["client_msg_id"] = f"{said.place}-{said.ts}"
    if said.subtype:
        shape["subtype"] = said.subtype
    if said.attachments:
        shape["attachments"] = copied(said.attachments)
    if said.edited_ts:
        shape["edited"] = {"user": said.author, "ts": said.edited_ts}
    if said.reactions:
        shape["reactions"] = reactions(said)
    if said.files:
        shape["files"] = [file(state, state.files[one], base=base) for one in said.files]
    if said.metadata is not None and metadata:
        shape["metadata"] = copied(said.metadata)
    if said.thread_ts:
        shape["thread_ts"] = said.thread_ts
    if said.seen_by:
        return shape | {"is_ephemeral": True}
    replies = answered(said, state.places[said.place])
    if replies:
        shape |= {
            "thread_ts": said.ts,
            "reply_count": len(replies),
            "reply_users": list(dict.fromkeys(reply.author for reply in replies)),
            "reply_users_count": len({reply.author for reply in replies}),
            "latest_reply": replies[-1].ts,
        }
    elif said.thread_ts:
        parent = state.places[said.place].messages.get(said.thread_ts)
        if parent is not None:
            shape["parent_user_id"] = parent.author
    return shape


def rich_text(said: Message) -> list[JSON]:
    """The block that Slack's own editor makes of what a person typed."""
    section: JSON = {"type": "rich_text_section", "elements": [{"type": "text", "text": said.text}]}
    return [{"type": "rich_text", "block_id": f"b{said.ts.split('.')[1]}", "elements": [section]}]


def reactions(said: Message) -> list[JSON]:
    return [{"name": one.name, "users": list(one.people), "count": len(one.people)} for one in said.reactions]


def bot_id(state: State) -> str:
    return "B" + state.bot.id[1:]


def bot_profile(state: State) -> JSON:
    return {
        "id": bot_id(state),
        "deleted": state.bot.deleted,
        "name": state.bot.name,
        "updated": state.bot.updated,
        "app_id": state.bot.app_id,
        "team_id": state.team_id,
    }


def file(state: State, stored: File, *, base: str, ready: bool = True) -> JSON:
    """A file object; before Slack has looked at the content, its type is unknown."""
    kind = stored.name.rsplit(".", 1)[-1].lower() if "." in stored.name else "bin"
    shape: dict[str, Any] = {
        "id": stored.id,
        "created": stored.created,
        "timestamp": stored.created,
        "name": stored.name,
        "title": stored.title,
        "mimetype": MIME.get(kind, "application/octet-stream") if ready else "",
        "filetype": kind if ready else "",
        "pretty_type": kind.upper() if ready else "",
        "user": stored.owner,
        "user_team": state.team_id,
        "editable": False,
        "size": stored.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(state.places[place].kind == "channel" for place in stored.places),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base}/files/{stored.id}/{stored.name}",
        "url_private_download": f"{base}/files/{stored.id}/{stored.name}",
        "permalink": f"{base}/files/{stored.id}/{stored.name}",
        "channels": [place for place in stored.places if state.places[place].kind == "channel"],
        "groups": [place for place in stored.places if state.places[place].kind in {"private", "mpim"}],
        "ims": [place for place in stored.places if state.places[place].kind == "im"],
    }
    if stored.alt_text:
        shape["alt_txt"] = stored.alt_text
    return shape


MIME = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "html": "text/html",
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
}
