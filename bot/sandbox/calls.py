"""One Web API call: its arguments, whatever form they came in, and the table entry of its method."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.state import Person, Place
from bot.sandbox.world import World

STRUCTURED = {"blocks", "attachments", "metadata", "view", "files"}


@dataclass
class Call:
    """The arguments of one call, with readers that answer as Slack does when they are missing or wrong."""

    world: World
    method: str
    args: JSON
    by: Person

    def text(self, name: str, *, missing: str = "invalid_arguments") -> str:
        value = self.args.get(name)
        if value is None or value == "":
            raise SlackError(missing, **needs(name))
        return str(value)

    def maybe(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else str(value).lower() in {"1", "true", "yes"}

    def number(self, name: str, default: int) -> int:
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise SlackError("invalid_arguments", **needs(name)) from None

    def data(self, name: str) -> Any:
        """A structured argument (blocks, view, ...): an object, or its JSON text."""
        value = self.args.get(name)
        if isinstance(value, str) and name in STRUCTURED and value:
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError("invalid_json" if name != "blocks" else "invalid_blocks_format") from None
        return value

    def place(self, name: str = "channel") -> Place:
        """The conversation meant, if the bot may know of it: `channel_not_found` otherwise."""
        state = self.world.state
        place = state.places.get(self.text(name, missing="channel_not_found"))
        if place is None or (place.is_private and self.by.id not in place.members):
            raise SlackError("channel_not_found")
        return place

    def require(self, *scopes: str) -> None:
        """At least one of these scopes, else `missing_scope`."""
        require_scope(self.world, self.method, scopes)

    def require_for(self, place: Place, what: str) -> None:
        """The scope of this kind of conversation: channels:read, groups:history, ..."""
        prefix = {"channel": "channels", "private": "groups", "mpim": "mpim", "im": "im"}[place.kind]
        self.require(f"{prefix}:{what}")


def needs(name: str) -> JSON:
    return {"response_metadata": {"messages": [f"[ERROR] missing required field: {name}"]}}


def require_scope(world: World, method: str, scopes: tuple[str, ...]) -> None:
    granted = world.manifest.scopes
    if scopes and not granted.intersection(scopes):
        world.object_to("missing_scope", f"{method} needs {scopes[0]}, which the manifest or the grant lacks")
        raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))


@dataclass(frozen=True)
class Method:
    """A method of the Web API: `scopes` is what it always needs (any one of them); `token` who may call it."""

    run: Callable[[Call], JSON | Awaitable[JSON]]
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105  the kind of a token, not one
    accepts: tuple[str, ...] = field(default=())


def page_of(everything: list[Any], call: Call, default: int = 100) -> tuple[list[Any], JSON]:
    """One page by `cursor` and `limit`, and the response_metadata that leads to the next."""
    limit = max(1, min(call.number("limit", default), 1000))
    cursor = call.maybe("cursor")
    start = 0
    if cursor is not None:
        if not cursor.startswith("next:") or not cursor[5:].isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[5:])
    rest = start + limit < len(everything)
    return everything[start : start + limit], {"next_cursor": f"next:{start + limit}" if rest else ""}
