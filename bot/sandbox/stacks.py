"""Forms on people's screens: the stack of up to three, what was typed into them, and Home."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import JSON
from bot.sandbox.inputs import initial_value, inputs_of
from bot.sandbox.state import copied

Typed = dict[str, dict[str, JSON]]


@dataclass
class View:
    """A form or a Home; `typed` is what its inputs hold by block_id and action_id, `errors` what stands beside them."""

    id: str
    kind: str  # "modal" or "home"
    person: str
    content: JSON
    hash: str
    root: str
    previous: str | None = None
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def fill_in(self) -> None:
        """Give every input its initial value, keeping what was typed where block_id and action_id stayed the same."""
        before, self.typed = self.typed, {}
        for block_id, element in inputs_of(self.content["blocks"]):
            action_id = element["action_id"]
            value = initial_value(element)
            kept = before.get(block_id, {}).get(action_id)
            if kept is not None and not has_initial(element) and kept["type"] == value["type"]:
                value = kept
            self.typed.setdefault(block_id, {})[action_id] = value

    def shape(self, *, team_id: str, app_id: str, bot_id: str) -> JSON:
        """The view object as Slack sends and returns it."""
        content = self.content
        return {
            "id": self.id,
            "team_id": team_id,
            "type": self.kind,
            "blocks": copied(content["blocks"]),
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": copied(self.typed)},
            "hash": self.hash,
            "title": copied(content.get("title"))
            or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(content.get("clear_on_close")),
            "notify_on_close": bool(content.get("notify_on_close")),
            "close": copied(content.get("close")),
            "submit": copied(content.get("submit")),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": app_id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": team_id,
            "bot_id": bot_id,
        }


def has_initial(element: JSON) -> bool:
    return any(key.startswith("initial_") for key in element)


@dataclass
class Stacks:
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    opened: list[View] = field(default_factory=list)

    def of(self, person_id: str) -> list[View]:
        """The open forms of a person, the top one last."""
        return self.modals.setdefault(person_id, [])

    def find(self, view_id: str | None, external_id: str | None) -> View | None:
        """An open form or a Home by either of its ids."""
        everything: list[Any] = [view for stack in self.modals.values() for view in stack]
        everything += self.homes.values()
        for view in everything:
            if view_id and view.id == view_id:
                return view if isinstance(view, View) else None
            if external_id and view.content.get("external_id") == external_id:
                return view if isinstance(view, View) else None
        return None
