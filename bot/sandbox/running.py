"""Runs a workspace's server in a thread of its own, and does things in its loop from other threads."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from aiohttp import web

from bot.sandbox import control
from bot.sandbox.outcome import Outcome
from bot.sandbox.server import built
from bot.sandbox.transports import Answer, Captured, InProcess, OverHttp, SignedRequest
from bot.sandbox.world import Settings, World

T = TypeVar("T")
P = ParamSpec("P")
DeliverTo = str | Callable[[SignedRequest], Answer] | None


class Running:
    """A workspace that runs, from another thread's side."""

    def __init__(self, settings: Settings, *, port: int, deliver_to: DeliverTo) -> None:
        self._settings = settings
        self._port = port
        self._deliver_to = deliver_to
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        self._runner: web.AppRunner | None = None
        self._world: World | None = None
        self._own_folder: Path | None = None
        self._thread = threading.Thread(target=self._run_loop, name="practice-workspace", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Running

    def _start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._open())
        except (OSError, ValueError, KeyError) as error:
            self._failed = error
            self._loop.close()
            return
        finally:
            self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _open(self) -> None:
        world = World(self._settings)
        self._runner = web.AppRunner(built(world), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        for port in [0] if self._port == 0 else range(self._port, self._port + 100):
            with suppress(OSError):
                await web.TCPSite(self._runner, "127.0.0.1", port).start()
                break
        else:
            raise OSError(f"no free port from {self._port} on")
        world.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._world = world
        self._direct(self._deliver_to)

    async def _close(self) -> None:
        await self.world.courier.close()
        await self.world.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def stop(self) -> None:
        """Close every connection and end the thread; harmless when called again."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        if self._own_folder is not None:
            for left in self._own_folder.iterdir():
                left.unlink()
            self._own_folder.rmdir()
            self._own_folder = None

    def _direct(self, deliver_to: DeliverTo) -> None:
        world = self.world
        secret = world.tokens.signing_secret
        if deliver_to is None:
            world.courier.transport = world.sockets
        elif deliver_to == "captured":
            world.courier.transport = Captured(secret, lambda: world.changes.publish("captured"))
        elif isinstance(deliver_to, str):
            world.courier.transport = OverHttp(deliver_to, secret)
        else:
            world.courier.transport = InProcess(deliver_to, secret)

    @property
    def world(self) -> World:
        """The inside of the workspace; touch it from its own loop only."""
        if self._world is None:
            raise RuntimeError("the practice workspace is not running")
        return self._world

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _read(self, reading_of: Callable[Concatenate[World, P], T], *args: P.args, **more: P.kwargs) -> T:
        async def read() -> T:
            return reading_of(self.world, *args, **more)

        return self._do(read())

    def _act(self, name: str, /, *args: Any, **more: Any) -> Outcome:
        async def act() -> Outcome:
            return await control.ACTS[name](self.world, *args, **more)

        return self._do(act())


async def turns() -> None:
    """Let tasks that were just made come to their first wait."""
    for _ in range(3):
        await asyncio.sleep(0)
