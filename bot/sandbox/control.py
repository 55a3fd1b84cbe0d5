"""The control API under /practice/: everything a person does and sees, for the page and for tests."""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox import control_page, interacting, invoking, organising, reading, talking
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.faults import CallFault, DeliveryFault
from bot.sandbox.outcome import Act
from bot.sandbox.world import World

ACTS: dict[str, Act] = {
    **talking.ACTS,
    **invoking.ACTS,
    **interacting.ACTS,
    **organising.ACTS,
}


def add_routes(app: web.Application, world: World) -> None:
    desk = Control(world)
    app.router.add_post("/practice/acts/{name}", desk.act)
    app.router.add_get("/practice/read/{name}", desk.read)
    app.router.add_get("/practice/state", desk.state)
    app.router.add_get("/practice/changes", desk.changes)
    app.router.add_get("/practice/acts", desk.acts)
    app.router.add_post("/practice/clock", desk.clock)
    app.router.add_post("/practice/faults", desk.faults)
    app.router.add_delete("/practice/faults", desk.clear_faults)
    app.router.add_post("/practice/hold", desk.hold)
    app.router.add_post("/practice/release", desk.release)
    app.router.add_post("/practice/refresh", desk.refresh)
    app.router.add_post("/practice/reset", desk.reset)
    control_page.add_routes(app, world)


class BadRequest(Exception):
    pass


async def _body(request: web.Request) -> JSON:
    if not request.can_read_body:
        return {}
    if request.content_type != "application/json":
        raise BadRequest("the body must be application/json")
    try:
        body = await request.json()
    except ValueError as error:
        raise BadRequest("the body is no JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("the body must be an object")
    return body


def _refused(words: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "error": words}, status=status)


def fitting(call: Callable[..., Any], body: JSON) -> str | None:
    """Why these arguments do not fit the act, None when they do."""
    known = list(inspect.signature(call).parameters.values())[1:]
    names = {one.name for one in known}
    for name in body:
        if name not in names:
            return f"there is no argument {name!r}; there are {sorted(names)}"
    for one in known:
        if one.default is inspect.Parameter.empty and one.name not in body:
            return f"the argument {one.name!r} is missing"
    return None


class Control:
    """Handlers of the control API; each act and reading is the function that the Python API calls too."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def act(self, request: web.Request) -> web.StreamResponse:
        act = ACTS.get(request.match_info["name"])
        if act is None:
            return _refused(f"there is no act {request.match_info['name']!r}", 404)
        try:
            body = await _body(request)
            unfit = fitting(act, body)
            if unfit is not None:
                return _refused(unfit)
            outcome = await act(self._world, **body)
        except BadRequest as refusal:
            return _refused(str(refusal))
        except (NotPossible, KeyError) as refusal:
            return _refused(str(refusal.args[0]), 409)
        return web.json_response(outcome.plain())

    async def acts(self, _request: web.Request) -> web.StreamResponse:
        """The acts with their arguments and first line of help."""
        listed = {}
        for name, act in ACTS.items():
            names = [one.name for one in list(inspect.signature(act).parameters.values())[1:]]
            listed[name] = {"arguments": names, "help": (act.__doc__ or "").strip().split("\n")[0]}
        return web.json_response(listed)

    async def read(self, request: web.Request) -> web.StreamResponse:
        reading_of: Callable[..., Any] | None = reading.READINGS.get(request.match_info["name"])
        if reading_of is None:
            return _refused(f"there is no reading {request.match_info['name']!r}", 404)
        asked = dict(request.query)
        unfit = fitting(reading_of, asked)
        if unfit is not None:
            return _refused(unfit)
        try:
            return web.json_response(reading_of(self._world, **asked))
        except (NotPossible, KeyError) as refusal:
            return _refused(str(refusal.args[0]), 409)

    async def state(self, request: web.Request) -> web.StreamResponse:
        """The snapshot for `?as=PERSON`."""
        try:
            return web.json_response(reading.snapshot(self._world, request.query.get("as", "")))
        except (NotPossible, KeyError) as refusal:
            return _refused(str(refusal.args[0]), 409)

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket of changes for `?as=PERSON`, after change number `since` where the workspace still has it."""
        try:
            person = self._world.state.find_person(request.query.get("as", ""))
        except KeyError as refusal:
            return _refused(str(refusal.args[0]), 409)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        queue = self._world.changes.subscribe()
        since = int(request.query.get("since", "") or self._world.changes.number)
        for missed in [one for one in self._world.changes.recent if one.number > since]:
            queue.put_nowait(missed)
        sending = asyncio.get_running_loop().create_task(self._pour(socket, queue, person.id))
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
        finally:
            sending.cancel()
            self._world.changes.unsubscribe(queue)
        return socket

    async def _pour(self, socket: web.WebSocketResponse, queue: "asyncio.Queue[Any]", person_id: str) -> None:
        told = 0
        while not socket.closed:
            change = await queue.get()
            person = self._world.state.people.get(person_id)
            shape = reading.hears(self._world, person, change) if person is not None else None
            if shape is not None and change.number > told:
                told = change.number
                await socket.send_json(shape)

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Move time by `{"seconds": n}`."""
        try:
            body = await _body(request)
            seconds = float(body.get("seconds", 0))
        except (BadRequest, TypeError, ValueError) as refusal:
            return _refused(str(refusal))
        move_clock(self._world, seconds)
        return web.json_response({"now": self._world.clock.now(), "offset": self._world.clock.offset})

    async def faults(self, request: web.Request) -> web.StreamResponse:
        """Ask for a fault: the keys of CallFault (with `method`) or of DeliveryFault (with `what`)."""
        try:
            body = await _body(request)
            fault = CallFault(**body) if "method" in body else DeliveryFault(**body)
        except (BadRequest, TypeError) as refusal:
            return _refused(str(refusal))
        add_fault(self._world, fault)
        return web.json_response(asdict(fault))

    async def clear_faults(self, _request: web.Request) -> web.StreamResponse:
        self._world.faults.clear()
        return web.json_response({"ok": True})

    async def hold(self, _request: web.Request) -> web.StreamResponse:
        """Keep every delivery from now on until release."""
        self._world.courier.holding = True
        return web.json_response({"ok": True})

    async def release(self, request: web.Request) -> web.StreamResponse:
        """Send what was held, in `{"order": "as_sent" | "reversed" | "shuffled" | [positions]}`."""
        try:
            body = await _body(request)
        except BadRequest as refusal:
            return _refused(str(refusal))
        sent = await self._world.courier.release(body.get("order", "as_sent"), seed=int(body.get("seed", 0)))
        return web.json_response([delivery.plain() for delivery in sent])

    async def refresh(self, _request: web.Request) -> web.StreamResponse:
        """Ask the bot's sockets to connect anew."""
        await self._world.sockets.refresh()
        return web.json_response({"ok": True})

    async def reset(self, _request: web.Request) -> web.StreamResponse:
        self._world.reset()
        return web.json_response({"ok": True})


def move_clock(world: World, seconds: float) -> None:
    """Move the workspace's time (and, through the clock file, the bot's)."""
    world.clock.move(seconds)
    world.changes.publish("clock", **control_page.clock(world))


def add_fault(world: World, fault: CallFault | DeliveryFault) -> None:
    if isinstance(fault, CallFault):
        world.faults.calls.append(fault)
    else:
        world.faults.deliveries.append(fault)
