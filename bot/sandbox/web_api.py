"""The Web API's door: token, limits, requested faults, the method, the log."""

import asyncio
import inspect
from dataclasses import dataclass

from bot.sandbox import methods_chat, methods_files, methods_people, methods_places, methods_views
from bot.sandbox.calls import Call, Method, require_scope
from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.journal import ApiCall
from bot.sandbox.state import copied
from bot.sandbox.world import World

METHODS: dict[str, Method] = {
    **methods_chat.METHODS,
    **methods_files.METHODS,
    **methods_people.METHODS,
    **methods_places.METHODS,
    **methods_views.METHODS,
}
NEVER = {
    "users.list": "the bot must never list the whole workspace",
    "conversations.list": "the bot must never list all channels",
}
SECRET = {"token"}


@dataclass(frozen=True)
class ApiAnswer:
    """What goes back: `body` None means that the connection is dropped; `retry_after` in seconds."""

    status: int
    body: JSON | None
    retry_after: int | None = None


async def answer(world: World, method: str, args: JSON, token: str | None) -> ApiAnswer:
    """Answer one call as Slack would, and write it down."""
    shown = {key: copied(value) for key, value in args.items() if key not in SECRET}
    by = _whose(world, token)
    number = len(world.journal.calls) + 1
    call_log = ApiCall(number, world.clock.now(), method, shown, by, 200, None)
    world.journal.calls.append(call_log)
    made = await _answer(world, method, args, token, by)
    call_log.status = made.status
    call_log.response = copied(made.body)
    world.changes.publish("api_call", call=vars(call_log))
    return made


def _whose(world: World, token: str | None) -> str:
    if token == world.tokens.bot:
        return "bot"
    return "app" if token == world.tokens.app else "nobody"


async def _answer(world: World, method: str, args: JSON, token: str | None, by: str) -> ApiAnswer:
    channel = args.get("channel")
    fault = world.faults.for_call(method, channel if isinstance(channel, str) else None)
    if fault is not None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            return ApiAnswer(0, None)
        if fault.retry_after is not None:
            return ApiAnswer(429, {"ok": False, "error": "ratelimited"}, fault.retry_after)
        if fault.error is not None:
            return ApiAnswer(fault.status or 200, {"ok": False, "error": fault.error})
        if fault.status is not None:
            return ApiAnswer(fault.status, {})
    made = await _do(world, method, args, token, by)
    if fault is not None and fault.lose_answer:
        return ApiAnswer(0, None)
    return made


async def _do(world: World, method: str, args: JSON, token: str | None, by: str) -> ApiAnswer:
    try:
        known = _admit(world, method, token, by)
        wait = world.limits.wait(method, _channel(world, args))
        if wait:
            seconds = max(1, round(wait + 0.5))
            world.object_to("rate_limited", f"{method} was called too often; {seconds} s to wait")
            return ApiAnswer(429, {"ok": False, "error": "ratelimited"}, seconds)
        require_scope(world, method, known.scopes)
        made = known.run(Call(world, method, args, world.state.bot))
        body = await made if inspect.isawaitable(made) else made
        return ApiAnswer(200, {"ok": True, **body})
    except SlackError as error:
        return ApiAnswer(200, {"ok": False, "error": error.code, **error.more})


def _admit(world: World, method: str, token: str | None, by: str) -> Method:
    if method in NEVER:
        world.object_to("forbidden_method", f"{method} was called: {NEVER[method]}")
        raise SlackError("not_allowed_token_type")
    known = METHODS.get(method)
    if known is None:
        world.object_to("unknown_method", f"{method} is not a method that the practice workspace knows")
        raise SlackError("unknown_method", req_method=method)
    if token is None or token == "":
        raise SlackError("not_authed")
    if by == "nobody":
        raise SlackError(world.tokens.past.get(token, "invalid_auth"))
    if not world.installed:
        raise SlackError("account_inactive")
    if by != known.token and method != "auth.test":
        raise SlackError("not_allowed_token_type")
    return known


def _channel(world: World, args: JSON) -> str | None:
    """The channel a post counts for: a user id and that person's DM are one."""
    channel = args.get("channel")
    if not isinstance(channel, str):
        return None
    if channel in world.state.people:
        place = world.state.dm(world.state.bot.id, channel)
        return place.id if place else channel
    return channel
