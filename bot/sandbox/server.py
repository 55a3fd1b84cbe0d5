"""The HTTP and WebSocket door of the workspace: the bot's side. Loopback only."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from bot.sandbox import control, web_api
from bot.sandbox.answering import through_response_url
from bot.sandbox.errors import JSON
from bot.sandbox.transports import Link
from bot.sandbox.world import World

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
BIGGEST = 64 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOG = logging.getLogger(__name__)


def built(world: World) -> web.Application:
    """The application with every route of the practice workspace."""
    app = web.Application(client_max_size=BIGGEST, middlewares=[_own_origin])
    door = Door(world)
    app.router.add_route("*", "/api/{method}", door.api)
    app.router.add_get("/link/", door.link)
    app.router.add_post("/upload/v1/{token}", door.upload)
    app.router.add_post("/respond/{key}", door.respond)
    app.router.add_get("/files/{id}/{name}", door.file)
    control.add_routes(app, world)
    return app


@web.middleware
async def _own_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages of other origins and names that were made to point here (DNS rebinding)."""
    host = urlsplit(f"//{request.headers.get('Host', '')}")
    if host.hostname not in LOOPBACK:
        return web.Response(status=403, text="this server answers to its loopback name only\n")
    origin = request.headers.get("Origin")
    if origin is not None:
        asked = urlsplit(origin)
        if asked.hostname not in LOOPBACK or asked.port != host.port:
            return web.Response(status=403, text="this server answers to its own pages only\n")
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return web.Response(status=403, text="this server answers to its own pages only\n")
    return await handler(request)


async def arguments(request: web.Request) -> JSON:
    """The arguments of a call, from the query, a form, multipart or JSON."""
    args: JSON = dict(request.query)
    if request.method == "GET":
        return args
    if request.content_type == "application/json":
        text = await request.text()
        body = json.loads(text) if text.strip() else {}
        return args | (body if isinstance(body, dict) else {})
    form = await request.post()
    return args | {key: value for key, value in form.items() if isinstance(value, str)}


class Door:
    """Handlers of the routes that the bot uses."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            args = await arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        answer = await web_api.answer(self._world, method, args, bearer or args.pop("token", None))
        if answer.body is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._world.manifest.scopes))}
        if answer.retry_after is not None:
            headers["Retry-After"] = str(answer.retry_after)
        if answer.status != 200 and not answer.body:
            return web.Response(status=answer.status, text="practice fault", headers=headers)
        return web.json_response(answer.body, status=answer.status, headers=headers)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Socket Mode: one ticket, one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.tickets:
            return web.Response(status=408, text="no such ticket\n")
        self._world.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=True, heartbeat=None)
        await socket.prepare(request)
        link = Link(socket)
        sockets = self._world.sockets
        hello = {
            "type": "hello",
            "num_connections": len(sockets.links) + 1,
            "debug_info": {"host": "practice", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._world.state.bot.app_id},
        }
        await socket.send_json(hello)
        sockets.join(link)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._received(message.data)
        finally:
            sockets.leave(link)
        return socket

    def _received(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            LOG.warning("a Socket Mode client sent what is no JSON")
            return
        if isinstance(message, dict):
            self._world.sockets.acknowledge(message)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        stored = next((one for one in self._world.state.files.values() if one.token == token), None)
        if stored is None or stored.content is not None:
            return web.Response(status=404, text="no such upload\n")
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
            content = await asyncio.to_thread(part.file.read) if part is not None else b""
        else:
            content = await request.read()
        if len(content) != stored.length:
            return web.Response(status=400, text="the length is not the one that was announced\n")
        stored.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def respond(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if not isinstance(body, dict):
            return web.Response(status=400, text="invalid_payload")
        fault = self._world.faults.for_call("response_url", None)
        if fault is not None and (fault.status or fault.error):
            return web.Response(status=fault.status or 500, text=fault.error or "")
        status, words = through_response_url(self._world, request.match_info["key"], body)
        return web.Response(status=status, text=words)

    async def file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.state.files.get(request.match_info["id"])
        if stored is None or stored.content is None or not stored.completed:
            return web.Response(status=404, text="no such file\n")
        kind = "image/png" if stored.name.endswith(".png") else "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind)
