"""What the page alone asks for: its files, what it starts from, the clock's buttons, the bot beside it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.sandbox import reading
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.piloting import Piloting
from bot.sandbox.state import Person
from bot.sandbox.world import World

PAGE = Path(__file__).with_name("page")
#: Past the instant itself, so that whoever compares with "not before" finds it come.
PAST = 1.0
DAY = 86_400.0
#: Seconds in which the bot's calendar has looked what is due, in which it says the next thing, and the most to wait.
_LOOKED, _STILL, _LONGEST = 2.2, 1.0, 20.0


def add_routes(app: web.Application, world: World) -> None:
    desk = PageDesk(world)
    app.router.add_get("/", desk.page)
    app.router.add_get("/archives/{place}/{ts}", desk.page)
    app.router.add_static("/page/", PAGE)
    app.router.add_get("/practice/page", desk.start)
    app.router.add_post("/practice/clock/next", desk.next)
    app.router.add_post("/practice/pilot", desk.pilot)
    app.router.add_get("/practice/bot", desk.bot)
    app.router.add_post("/practice/bot/restart", desk.restart)
    app.on_response_prepare.append(_policy)


async def _policy(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page load what this server serves and nothing else, and let nobody frame it."""
    sockets = f"ws://{request.host}"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-cache")


class PageDesk:
    def __init__(self, world: World) -> None:
        self._world = world
        self._piloting: asyncio.Task[None] | None = None

    async def page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def start(self, request: web.Request) -> web.StreamResponse:
        """All that the page needs to draw for `?as=PERSON`, but the messages, which it reads place by place."""
        try:
            return web.json_response(begin(self._world, request.query.get("as", "")))
        except (NotPossible, KeyError) as refusal:
            return web.json_response({"ok": False, "error": str(refusal.args[0])}, status=409)

    async def next(self, request: web.Request) -> web.StreamResponse:
        """Move time just past the next "batch" or "edition", or on by a "day": `{"to": ...}`."""
        world = self._world
        now = world.clock.now()
        hours = world.beside.hours
        targets = {
            "batch": hours.next_batch(now) + PAST,
            "edition": hours.next_edition(now) + PAST,
            "day": now + DAY,
        }
        body = await request.json() if request.content_type == "application/json" else {}
        to = body.get("to") if isinstance(body, dict) else None
        if to not in targets:
            return web.json_response({"ok": False, "error": f"there is no {to!r}"}, status=400)
        move(world, targets[to] - now)
        return web.json_response(clock(world))

    async def pilot(self, _request: web.Request) -> web.StreamResponse:
        """Let the company live through a pilot: a pulse, fourteen weeks, a second pulse. One at a time; takes minutes."""
        if self._piloting is not None and not self._piloting.done():
            return web.json_response({"ok": False, "error": "a pilot is under way already"}, status=409)
        world = self._world
        beside = world.beside.bot
        if beside is None or beside.plain()["state"] != "running":
            refused = "the bot is not running; try again when it is"
            return web.json_response({"ok": False, "error": refused}, status=409)
        try:
            course = self._course()
        except ValueError as refusal:
            return web.json_response({"ok": False, "error": str(refusal)}, status=409)
        self._piloting = asyncio.get_running_loop().create_task(course.run())
        self._piloting.add_done_callback(self._broke_off)
        return web.json_response({"ok": True})

    def _course(self) -> Piloting:
        world = self._world
        return Piloting(
            world,
            lambda said: world.changes.publish("pilot", text=said),
            lambda seconds: move(world, seconds),
            lambda: quiet(world),
            command=next(iter(world.manifest.commands)),
        )

    def _broke_off(self, task: asyncio.Task[None]) -> None:
        """Say so on the page, where something went wrong that nobody thought of."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._world.changes.publish("pilot", text=f"The pilot broke off: {type(error).__name__}")

    async def bot(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(bot(self._world))

    async def restart(self, _request: web.Request) -> web.StreamResponse:
        beside = self._world.beside.bot
        if beside is None:
            return web.json_response({"ok": False, "error": "the bot was not started from here"}, status=409)
        await asyncio.to_thread(beside.restart)
        return web.json_response(bot(self._world))


async def quiet(world: World) -> None:
    """Wait until the bot has had the time to look what is due, and says nothing more."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    calls, since = len(world.journal.calls), began
    while (now := loop.time()) < began + _LONGEST:
        if len(world.journal.calls) != calls:
            calls, since = len(world.journal.calls), now
        if now > began + _LOOKED and now > since + _STILL:
            return
        await asyncio.sleep(0.1)


def clock(world: World) -> JSON:
    """The workspace's time, and when the bot's next batch and edition are due."""
    now = world.clock.now()
    hours = world.beside.hours
    return {
        "now": now,
        "offset": world.clock.offset,
        "next_batch": hours.next_batch(now),
        "next_edition": hours.next_edition(now),
        "zone": str(hours.zone),
    }


def move(world: World, seconds: float) -> None:
    """Move time, and tell every page."""
    world.clock.move(seconds)
    world.changes.publish("clock", **clock(world))


def bot(world: World) -> JSON:
    """How the bot is: its sockets, and its process where it was started from here."""
    beside = world.beside.bot
    return {
        "connections": len(world.sockets.links),
        "process": beside.plain() if beside is not None else None,
    }


def begin(world: World, who: str) -> JSON:
    """What the page draws first for one person, and the number of the last change that it holds."""
    person = world.state.find_person(who)
    seen = reading.places(world, person.id)
    return {
        "change": world.changes.number,
        "workspace": {"id": world.state.team_id, "name": world.state.team_name, **world.about},
        "me": world.user_shape(person, locale=True) | {"steward": person.steward},
        "bot": world.user_shape(world.state.bot),
        "people": reading.people(world),
        "groups": reading.groups(world),
        "places": seen,
        "latest": {place["id"]: _latest(world, person, place["id"]) for place in seen},
        "views": reading.views(world, person.id),
        "home": reading.home(world, person.id),
        "files": reading.files(world),
        "commands": _commands(world),
        "shortcuts": [
            {"callback_id": key, "name": one.name, "type": one.kind}
            for key, one in world.manifest.shortcuts.items()
        ],
        "emoji": list(world.beside.emoji),
        "clock": clock(world),
        "bot_is": bot(world),
        "objections": reading.objections(world),
    }


def _latest(world: World, person: Person, place_id: str) -> str | None:
    """The ts of the newest message outside threads that this person sees there."""
    place = world.state.places[place_id]
    tops = [ts for ts, one in place.messages.items() if one.thread_ts in {None, ts}]
    mine = [
        one.ts
        for one in world.state.ephemerals
        if one.seen_by == person.id and one.place == place_id and not one.gone
    ]
    return max([*tops, *mine], key=float, default=None)


def _commands(world: World) -> list[JSON]:
    source = world.settings.manifest
    content: Any = source if isinstance(source, Mapping) else yaml.safe_load(Path(source).read_text("utf-8"))
    hints = {
        one["command"]: one.get("usage_hint", "") for one in content["features"].get("slash_commands") or []
    }
    return [
        {"command": name, "description": text, "hint": hints.get(name, "")}
        for name, text in world.manifest.commands.items()
    ]
