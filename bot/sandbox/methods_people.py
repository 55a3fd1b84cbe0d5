"""auth.*, apps.*, users.*, usergroups.*, team.*, bots.*: who is there."""

from bot.sandbox import shapes
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.limits import SOCKETS


def auth_test(call: Call) -> JSON:
    state = call.world.state
    return {
        "url": f"{call.world.base_url}/",
        "team": state.team_name,
        "user": call.by.handle,
        "team_id": state.team_id,
        "user_id": call.by.id,
        "bot_id": shapes.bot_id(state),
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> JSON:
    world = call.world
    if len([link for link in world.sockets.links if link.open]) >= SOCKETS:
        raise SlackError("too_many_websockets")
    ticket = world.ids.next("ticket", length=20).lower()
    world.tickets.add(ticket)
    return {
        "url": f"{world.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={world.state.bot.app_id}"
    }


def users_info(call: Call) -> JSON:
    person = call.world.state.people.get(call.text("user", missing="user_not_found"))
    if person is None:
        raise SlackError("user_not_found")
    email = "users:read.email" in call.world.manifest.scopes
    return {"user": call.world.user_shape(person, email=email, locale=call.flag("include_locale"))}


def lookup_by_email(call: Call) -> JSON:
    wanted = call.text("email", missing="users_not_found").lower()
    state = call.world.state
    for person in state.people.values():
        if person.email.lower() == wanted and not person.deleted and person.team_id == state.team_id:
            return {"user": call.world.user_shape(person)}
    raise SlackError("users_not_found")


def usergroups_list(call: Call) -> JSON:
    if not call.world.settings.usergroups_on_plan:
        raise SlackError("plan_upgrade_required")
    users, count = call.flag("include_users"), call.flag("include_count")
    groups = [
        shapes.group(call.world.state, group, users=users, count=count)
        for group in call.world.state.groups.values()
        if not group.date_delete or call.flag("include_disabled")
    ]
    return {"usergroups": groups}


def usergroups_users_list(call: Call) -> JSON:
    group = call.world.state.groups.get(call.text("usergroup", missing="no_such_subteam"))
    if group is None or (group.date_delete and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def team_info(call: Call) -> JSON:
    state = call.world.state
    return {
        "team": {
            "id": state.team_id,
            "name": state.team_name,
            "domain": state.domain,
            "url": f"{call.world.base_url}/",
            "email_domain": f"{state.domain}.example",
            "icon": {"image_default": True},
            "is_verified": False,
        }
    }


def bots_info(call: Call) -> JSON:
    state = call.world.state
    if call.text("bot", missing="bot_not_found") != shapes.bot_id(state):
        raise SlackError("bot_not_found")
    return {"bot": shapes.bot_profile(state) | {"user_id": state.bot.id, "icons": {}}}


METHODS = {
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(connections_open, token="app"),  # noqa: S106  the kind of a token, not one
    "users.info": Method(users_info, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
    "usergroups.list": Method(usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroups_users_list, ("usergroups:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "bots.info": Method(bots_info, ("users:read",)),
}
