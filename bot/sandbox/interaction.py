"""One interaction on its way to the app: what all their payloads have in common, and how one is sent."""

from typing import Any

from bot.sandbox.answering import trouble
from bot.sandbox.errors import JSON
from bot.sandbox.journal import Attempt
from bot.sandbox.outcome import Watch
from bot.sandbox.state import Person, Place
from bot.sandbox.world import World


def _user(person: Person) -> JSON:
    return {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team_id}


def common(world: World, person: Person, kind: str) -> JSON:
    """What every payload begins with; Slack leaves some of it out of some kinds."""
    own = person.team_id == world.state.team_id
    return {
        "type": kind,
        "team": {
            "id": person.team_id,
            "domain": world.state.domain if own else person.email.split("@")[-1].split(".")[0],
        },
        "user": _user(person),
        "api_app_id": world.state.bot.app_id,
        "token": world.tokens.verification,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def name_as_sent(place: Place) -> str:
    """A place's name in payloads: what is not public is not named."""
    return {"channel": place.name, "private": "privategroup"}.get(place.kind, "directmessage")


async def send(
    world: World, watch: Watch, kind: str, what: str, payload: JSON, apply: Any = None, *, wait: bool = True
) -> None:
    """Deliver an interaction; the answer is applied when it comes, trouble shown when it does not."""

    def on_answer(attempt: Attempt) -> None:
        if apply is not None:
            apply(attempt)

    delivery = await world.courier.deliver(kind, what, payload, on_answer=on_answer, wait=wait)
    watch.outcome.deliveries.append(delivery)
    if delivery.attempts and not delivery.ok:
        watch.outcome.trouble = trouble(world, watch.outcome.by, kind, what, delivery.attempts[0])
