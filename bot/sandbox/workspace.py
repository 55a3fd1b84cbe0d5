"""The practice workspace for Python: made, run, and all that a test or the command asks of it."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from bot.sandbox import control, control_page
from bot.sandbox.acting import Acting
from bot.sandbox.beside import Beside
from bot.sandbox.errors import JSON
from bot.sandbox.faults import CallFault, DeliveryFault
from bot.sandbox.journal import Delivery
from bot.sandbox.running import DeliverTo, turns
from bot.sandbox.transports import Answer, Captured, SignedRequest
from bot.sandbox.watching import Watching
from bot.sandbox.world import Settings, World


class PracticeWorkspace(Acting, Watching):
    """A running practice workspace; make one with `PracticeWorkspace.started(...)` and use it in a `with`."""

    @classmethod
    def started(
        cls,
        *,
        seed: int = 1,
        manifest: Path | str | Mapping[str, Any] = "manifest.yml",
        company: Path | None = None,
        deliver_to: DeliverTo = None,
        port: int = 0,
        folder: Path | None = None,
        without_scopes: Iterable[str] = (),
        starts_at: datetime | None = None,
        frozen: bool = False,
        rate_limits: bool = True,
        ack_within: float = 3.0,
        redeliver_after: Iterable[float] = (0.0, 60.0, 300.0),
        files_ready_after: float = 0.2,
        usergroups_on_plan: bool = True,
    ) -> "PracticeWorkspace":
        """Start a workspace on 127.0.0.1.

        `manifest`: a path or its content. `company`: a seed file instead of our own. `deliver_to`: None for
        Socket Mode, a URL for signed HTTP, "captured" to hand the requests to the test, or a function from SignedRequest to
        Answer (`through_wsgi(app)` makes one). `port` 0 takes any; the next free one if taken. `folder` holds
        the clock file (a temporary one when None). `without_scopes`: declared but not granted. `starts_at`: the workspace's
        time at the start; `frozen` lets it stand still until `move_clock`. Seconds for `ack_within`,
        `redeliver_after` (on the workspace's clock) and `files_ready_after`.
        """
        own = folder if folder is not None else Path(tempfile.mkdtemp(prefix="practice-"))
        settings = Settings(
            seed=seed, manifest=manifest, folder=own, company=company, without_scopes=tuple(without_scopes),
            starts_at=starts_at, frozen=frozen, rate_limits=rate_limits, files_ready_after=files_ready_after,
            usergroups_on_plan=usergroups_on_plan,
        )  # fmt: skip
        workspace = cls(settings, port=port, deliver_to=deliver_to)
        workspace._start()
        workspace.world.courier.ack_within = ack_within
        workspace.world.courier.redeliver_after = tuple(redeliver_after)
        workspace._own_folder = own if folder is None else None
        return workspace

    @property
    def url(self) -> str:
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL; ends in /api/."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.world.tokens.bot

    @property
    def app_token(self) -> str:
        return self.world.tokens.app

    @property
    def signing_secret(self) -> str:
        return self.world.tokens.signing_secret

    @property
    def clock_file(self) -> Path:
        """Holds the offset from real time in seconds; for GROUNDSWELL_PRACTICE_CLOCK."""
        return self.world.clock.file

    def deliver_to(self, deliver_to: DeliverTo) -> None:
        """Change the way to the bot: see `started`."""

        async def turn() -> None:
            old = self.world.courier.transport
            self._direct(deliver_to)
            if old is not None and old is not self.world.sockets:
                await old.close()

        self._do(turn())

    def captured(self) -> list[SignedRequest]:
        """The requests not fetched yet, in "captured" mode."""

        def take(world: World) -> list[SignedRequest]:
            transport = world.courier.transport
            if not isinstance(transport, Captured):
                raise TypeError('the workspace was not started with deliver_to="captured"')
            taken, transport.requests = transport.requests, []
            return taken

        self._do(turns())
        return self._read(take)

    def answer(self, request: SignedRequest, answer: Answer) -> Delivery:
        """Bring back what the bot answered to a captured request; it takes effect as if Slack had got it."""

        async def settle() -> Delivery:
            transport = self.world.courier.transport
            if not isinstance(transport, Captured):
                raise TypeError('the workspace was not started with deliver_to="captured"')
            transport.settle(request.delivery, answer)
            delivery = self.world.journal.deliveries[request.delivery - 1]
            await delivery.first.wait()
            return delivery

        return self._do(settle())

    def verify_url(self) -> bool:
        """Send `url_verification` over HTTP; whether the challenge came back."""

        async def verify() -> bool:
            payload = {
                "token": self.world.tokens.verification,
                "challenge": "practice-challenge",
                "type": "url_verification",
            }
            delivery = await self.world.courier.deliver("events_api", "url_verification", payload)
            body = delivery.attempts[0].body
            return "practice-challenge" in {body.get("challenge"), body.get("text")}

        return self._do(verify())

    def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask the bot's sockets to connect anew, as Slack does."""
        self._do(self.world.sockets.refresh(reason))

    def settle(self) -> None:
        """Wait until no delivery is under way (redeliveries that wait for their time included)."""
        self._do(self.world.courier.settle())

    def stand_beside(self, beside: Beside) -> None:
        """Tell the page what runs beside the workspace: the bot's hours, emoji and process."""

        def tell(world: World) -> None:
            world.beside = beside
            world.changes.publish("bot", **control_page.bot(world))
            world.changes.publish("clock", **control_page.clock(world))

        self._read(tell)

    def bot_changed(self) -> None:
        """Tell the page that the bot's process has started, died or said something; from any thread."""
        self._loop.call_soon_threadsafe(
            lambda: self.world.changes.publish("bot", **control_page.bot(self.world))
        )

    # Time, faults, waiting

    def now(self) -> float:
        return self._read(lambda world: world.clock.now())

    def move_clock(self, seconds: float) -> None:
        self._read(control.move_clock, seconds)

    def fault(self, method: str, **how: Any) -> None:
        """Let calls of a method fail: see faults.CallFault for `how` (error, retry_after, delay, drop, ...)."""
        self._read(control.add_fault, CallFault(method, **how))

    def delivery_fault(self, what: str, **how: Any) -> None:
        """Let deliveries go wrong: see faults.DeliveryFault (duplicate, delay, drop, lose_ack, hold, times)."""
        self._read(control.add_fault, DeliveryFault(what, **how))

    def clear_faults(self) -> None:
        self._read(lambda world: world.faults.clear())

    def hold(self) -> None:
        """Keep every delivery from now on, until `release`."""

        def keep(world: World) -> None:
            world.courier.holding = True

        self._read(keep)

    def release(self, order: str | Iterable[int] = "as_sent", *, seed: int = 0) -> list[Delivery]:
        """Send what was held: "as_sent", "reversed", "shuffled" (by seed) or a list of positions."""
        return self._do(self.world.courier.release(order, seed=seed))

    def reset(self) -> None:
        self._read(lambda world: world.reset())


def through_wsgi(app: Callable[..., Iterable[bytes]]) -> Callable[[SignedRequest], Answer]:
    """A `deliver_to` that calls a WSGI application in the same process, one thread a request."""

    def deliver(request: SignedRequest) -> Answer:
        environ: JSON = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": BytesIO(request.body),
            "REMOTE_ADDR": "127.0.0.1",
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        setup_testing_defaults(environ)
        got: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            got[:] = [int(status.split()[0]), dict(headers)]

        body = b"".join(app(environ, start_response))
        return Answer(got[0], body, got[1])

    return deliver
