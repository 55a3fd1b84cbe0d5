"""What people of the practice company see of the bot, and how they press and send it, by the words that stand there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox import interacting, invoking, talking
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.inputs import elements_of
from bot.sandbox.outcome import Outcome
from bot.sandbox.state import Message, Person, Place
from bot.sandbox.world import World


class People:
    """Everybody of the workspace; `who` is a handle. What somebody does not see raises NotPossible."""

    def __init__(self, world: World, command: str) -> None:
        self.world = world
        self._command = command

    def working_here(self) -> list[Person]:
        here = self.world.state.team_id
        people = self.world.state.people.values()
        return [
            one for one in people if not (one.deleted or one.is_bot or one.is_guest) and one.team_id == here
        ]

    async def types(self, who: str, said: str = "") -> Outcome:
        """The command with this after it."""
        return _went(await invoking.slash(self.world, who, self._command, said))

    async def presses(self, who: str, label: str, at: Message | None = None) -> Outcome:
        """The button with this label, or whose label begins so: in a message, the open form, or else in Home."""
        if at is not None:
            return await self._press(who, label, at.blocks, {"channel": at.place, "ts": at.ts})
        if (form := self.form(who)) is not None:
            return await self._press(who, label, form["blocks"], None)
        return await self._press(who, label, (await self.home(who))["blocks"], "home")

    async def _press(self, who: str, label: str, blocks: list[JSON], at: JSON | str | None) -> Outcome:
        buttons = [
            (block, element, {element["text"]["text"], element.get("accessibility_label") or ""})
            for block, element, _ in elements_of(blocks)
            if element["type"] == "button"
        ]
        exactly = [(block, element) for block, element, names in buttons if label in names]
        nearly = [
            (block, one) for block, one, names in buttons if any(name.startswith(label) for name in names)
        ]
        for block, element in (exactly or nearly)[:1]:
            pressed = interacting.press(
                self.world, who, element["action_id"], at, element.get("value"), block
            )
            return _went(await pressed)
        raise NotPossible(f"{who} sees no button {label!r}")

    async def sends(self, who: str, given: Mapping[str, Any] | None = None) -> str:
        """Send the open form with these fields; what can be read then."""
        _went(await interacting.submit(self.world, who, dict(given or {})))
        return self.reads(who)

    async def fills(self, who: str, given: Mapping[str, Any]) -> None:
        _went(await interacting.fill(self.world, who, dict(given)))

    async def home(self, who: str) -> JSON:
        """Home, opened anew."""
        await invoking.open_home(self.world, who)
        home = self.world.stacks.homes.get(self.ident(who))
        return dict(home.content) if home is not None else {"blocks": []}

    async def puts_away(self, who: str) -> None:
        """Close every form."""
        if self.form(who) is not None:
            await interacting.close(self.world, who, everything=True)

    async def shortcut(self, who: str, callback: str, at: JSON) -> None:
        _went(await invoking.message_shortcut(self.world, who, callback, at))

    async def says(self, who: str, where: str, text: str) -> JSON:
        said = await talking.say(self.world, who, where, text)
        if said.message is None:
            raise NotPossible(f"{who} could not say anything in {where}")
        return said.message

    async def reacts(self, who: str, at: JSON, emoji: str) -> None:
        await talking.react(self.world, who, at, emoji)

    def ident(self, who: str) -> str:
        return self.world.state.find_person(who).id

    def form(self, who: str) -> JSON | None:
        """The form on top."""
        stack = self.world.stacks.of(self.ident(who))
        return dict(stack[-1].content) if stack else None

    def reads(self, who: str) -> str:
        """The form on top, as far as it can be read."""
        return "\n".join(_texts((self.form(who) or {}).get("blocks") or []))

    def fields(self, who: str) -> set[str]:
        """The names of the form's fields."""
        return {block for block, _, whole in self._elements(who) if whole["type"] == "input"}

    def choices(self, who: str) -> dict[str, list[str]]:
        """The options of each field of the form, by the field's name."""
        return {
            block: [str(one["value"]) for one in element["options"]]
            for block, element, _ in self._elements(who)
            if element.get("options")
        }

    def _elements(self, who: str) -> Iterator[tuple[str, JSON, JSON]]:
        return elements_of((self.form(who) or {}).get("blocks") or [])

    def told(self, who: str) -> list[Message]:
        """What the bot told somebody directly, oldest first."""
        place = self._dm(self.ident(who))
        messages = place.messages.values() if place is not None else ()
        return [one for one in messages if one.author == self.world.state.bot.id]

    def _dm(self, ident: str) -> Place | None:
        both = {ident, self.world.state.bot.id}
        return next(
            (
                one
                for one in self.world.state.places.values()
                if one.kind == "im" and set(one.members) == both
            ),
            None,
        )

    def whispers(self, who: str) -> list[Message]:
        """What this person alone sees in a channel, oldest first."""
        ident = self.ident(who)
        return [one for one in self.world.state.ephemerals if one.seen_by == ident and not one.gone]


def _went(outcome: Outcome) -> Outcome:
    if outcome.trouble or outcome.errors:
        raise NotPossible(str(outcome.trouble or outcome.errors))
    return outcome


def number_in(read: str, title: str) -> str:
    """The number under which everybody finds a problem."""
    found = re.search(rf"(\d+) · {re.escape(title)}", read)
    if found is None:
        raise NotPossible(f"{title} has no number")
    return found[1]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _texts(inner)
