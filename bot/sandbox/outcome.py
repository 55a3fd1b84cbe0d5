"""What a person's act led to, as far as that person can see it, and how the bot took it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.sandbox import shapes
from bot.sandbox.errors import JSON
from bot.sandbox.journal import Attempt, Delivery
from bot.sandbox.opening import screen
from bot.sandbox.state import Message, Person
from bot.sandbox.world import World


@dataclass
class Outcome:
    """The result of one act.

    `deliveries` is what was sent to the bot; `message` the message said or changed; `ephemerals` what this person alone
    has seen since; `opened` the forms opened meanwhile, `views` the open stack now (top last); `errors` the words beside
    fields by block_id; `trouble` what Slack would show when the bot did not answer; `options` what an external select
    was offered; `link` where a link button leads.
    """

    act: str
    by: str
    deliveries: list[Delivery] = field(default_factory=list)
    message: JSON | None = None
    ephemerals: list[JSON] = field(default_factory=list)
    opened: list[JSON] = field(default_factory=list)
    views: list[JSON] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    options: list[JSON] = field(default_factory=list)
    link: str | None = None

    @property
    def first(self) -> Attempt | None:
        """The first try of the first delivery, None when nothing was sent (or it is still held or captured)."""
        tries = self.deliveries[0].attempts if self.deliveries else []
        return tries[0] if tries else None

    @property
    def ok(self) -> bool:
        """Whether everything sent was acknowledged in time and the person met no error."""
        return all(one.ok for one in self.deliveries) and self.trouble is None and not self.errors

    @property
    def status(self) -> int | None:
        return self.first.status if self.first else None

    @property
    def body(self) -> JSON:
        return self.first.body if self.first else {}

    @property
    def elapsed(self) -> float:
        """Seconds until the first answer, 0 when nothing was sent."""
        return self.first.elapsed if self.first else 0.0

    @property
    def ts(self) -> str:
        """The ts of the message said; KeyError when the act made none."""
        return str((self.message or {})["ts"])

    def plain(self) -> JSON:
        """As JSON, for the control API."""
        own = {key: value for key, value in vars(self).items() if key not in {"deliveries", "told"}}
        return {**own, "ok": self.ok, "deliveries": [delivery.plain() for delivery in self.deliveries]}


Act = Callable[..., Awaitable[Outcome]]


class Watch:
    """Notes what a person sees between the beginning and the end of an act."""

    def __init__(self, world: World, act: str, person: Person) -> None:
        self._world = world
        self._person = person
        self._ephemerals = len(world.state.ephemerals)
        self._opened = len(world.stacks.opened)
        self.outcome = Outcome(act=act, by=person.id)

    def done(self, message: Message | None = None) -> Outcome:
        world, person, outcome = self._world, self._person, self.outcome
        if message is not None:
            outcome.message = seen(world, message)
        outcome.ephemerals = [
            seen(world, one)
            for one in world.state.ephemerals[self._ephemerals :]
            if one.seen_by == person.id and not one.gone
        ]
        outcome.opened = [
            screen(world, view) for view in world.stacks.opened[self._opened :] if view.person == person.id
        ]
        outcome.views = [screen(world, view) for view in world.stacks.of(person.id)]
        return outcome


def seen(world: World, message: Message) -> JSON:
    """A message as tests and the page read it: Slack's shape, its metadata and the channel it stands in."""
    shape = shapes.message(world.state, message, metadata=True, base=world.base_url)
    return shape | {"channel": message.place, "by_app": message.by_app}
