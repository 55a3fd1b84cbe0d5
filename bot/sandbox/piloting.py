"""A pilot in some minutes: the practice company goes through a pulse, fourteen weeks and a second pulse.

Everything is done as people do it: they open Home, press buttons and send forms; time is moved on between. What the bot
makes of it is the bot's. Steps that its screens do not offer are left out, and nobody minds.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.sandbox import interacting, invoking
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.inputs import elements_of
from bot.sandbox.state import Person
from bot.sandbox.world import World

#: The ids by which the bot's own buttons and forms are known; a test holds them against the bot.
PILOT, START, HOURS, POST = "pilot.open", "pilot.start", "pilot.hours", "pilot.post"
PULSE, PLAN, ANSWER = "pulse.desk", "pulse.plan", "pulse.answer"
LOOK, NEXT, PUBLISH, CLOSE, HITS_US = (
    "desk.look",
    "step.next",
    "desk.publish",
    "desk.close",
    "problem.hits_us",
)
AS_IT_IS, DETAILS, MINE, MY_OWN, ENDED = (
    *("raise.as_it_is", "problem.details", "read.mine", "receipt.open", "receipt.ended"),
)
ACKNOWLEDGED, SOLVED = "acknowledged", "solved"

WEEKS, INTAKE, SECOND_PULSE = 14, 8, 12
_DAY: Final = 86_400.0
#: Past the instant itself, so that it has come for whoever compares.
_PAST: Final = 1.0
_HARD: Final = (
    "Customers hear about releases from us last", "The same action has four event names", "Reviews wait about three weeks",
    "Two dashboards give different numbers", "Sign-in changes wait for about six weeks",
    "The test environment is often broken", "Each survey tool has its own contract",
    "Roadmaps in five formats can't be compared", "Flags are never removed",
)  # fmt: skip


class Piloting:
    """One run. told: called with each step in words. move: moves time. wait: seconds in which the bot does what is due."""

    def __init__(
        self,
        world: World,
        told: Callable[[str], None],
        move: Callable[[float], None],
        *,
        command: str,
        wait: float = 3.0,
        seed: int = 1,
    ) -> None:
        self._world = world
        self._told = told
        self._moved = move
        self._command = command
        self._wait = wait
        self._chance = random.Random(seed)  # noqa: S311  a play, and no secret
        people = [one for one in world.state.people.values() if self._works_here(one)]
        self._stewards = [one.handle for one in people if one.steward]
        self._raisers: set[str] = set()
        self._people = [one.handle for one in people if not one.steward]

    def _works_here(self, one: Person) -> bool:
        return not one.deleted and not one.is_bot and one.team_id == self._world.state.team_id

    async def run(self) -> None:
        """From the first pulse to the report in the channel; some minutes."""
        steward = self._stewards[0]
        self._told("Writing the pilot down")
        if not await self._write_down(steward):
            self._told("There is a pilot already; look at it in a steward's Home.")
            return
        await self._pulse(steward, 3.6)
        await self._to_monday()
        for week in range(WEEKS):
            self._told(f"Week {week + 1} of {WEEKS}")
            if week < INTAKE:
                for who in self._chance.sample(self._people, 3):
                    await self._raise(who)
            await self._next_batch()
            await self._answer(steward)
            await self._hits_us()
            if week >= 2:
                await self._close(steward)
            if week % 2:
                await self._say_what_became()
            for each in self._stewards[:2]:
                await self._hours(each)
            if week == SECOND_PULSE - 1:
                await self._pulse(steward, 4.6)
            await self._to_monday()
        self._told("Posting the report")
        await asyncio.sleep(2 * self._wait)
        await self._open(steward, PILOT)
        await self._tried(self._press(steward, POST))
        await self._leave(steward)
        self._told("Done: the report is in the digest channel.")

    async def _write_down(self, who: str) -> bool:
        await self._open(who, PILOT)
        if not any(block.get("block_id") == "question" for block in self._top(who).get("blocks", [])):
            await self._leave(who)
            return False
        words = {
            "question": "Do problems between our teams get an answer that helps, at a price we would pay again?",
            "decides": "The heads of Engineering and Support, together",
            "not_used_for": "Judging people, comparing teams, staffing",
        }
        await self._tried(interacting.submit(self._world, who, words))
        await self._tried(self._press(who, START))
        await self._leave(who)
        return True

    async def _pulse(self, who: str, mean: float) -> None:
        self._told("Everybody is asked by the pulse")
        await self._open(who, PULSE)
        await self._tried(self._press(who, PLAN))
        asked = {block: values for block, values in self._choices(who).items() if block == "functions"}
        closes = (self._now() + timedelta(days=4)).date().isoformat()
        await self._tried(interacting.submit(self._world, who, {**asked, "closes": closes}))
        await self._leave(who)
        await self._move(_DAY / 24)
        await asyncio.sleep(2 * self._wait)  # until everybody is asked
        for each in [*self._people, *self._stewards]:
            if self._chance.random() < 0.7:
                await self._open(each, ANSWER)
                said: dict[str, object] = {
                    block: self._point(values, mean) for block, values in self._choices(each).items()
                }
                await self._tried(interacting.submit(self._world, each, said))
                await self._leave(each)
        await self._move(5 * _DAY)

    def _point(self, values: list[str], mean: float) -> str:
        """One of a question's options, near the mean where they are a scale of points."""
        points = [value for value in values if value.isdecimal()]
        if not points:
            return self._chance.choice(values)
        near = round(self._chance.gauss(mean, 1.2))
        return min(points, key=lambda value: abs(int(value) - near))

    async def _raise(self, who: str) -> None:
        await self._tried(invoking.slash(self._world, who, self._command))
        texts = self._texts(who)
        said = [
            f"{self._chance.choice(_HARD)} ({self._chance.randint(2, 9)})",
            "For us this means work that comes twice.",
        ]
        await self._tried(interacting.submit(self._world, who, dict(zip(texts, said, strict=False))))
        await self._tried(self._press(who, AS_IT_IS))  # where it looks like one that is there
        await self._leave(who)
        self._raisers.add(who)

    async def _answer(self, who: str) -> None:
        """A steward answers most of what waits, and lets it be read."""
        await self._tried(invoking.open_home(self._world, who))
        for ident, value in self._buttons(self._home(who), LOOK):
            if self._chance.random() < 0.85:
                await self._tried(interacting.press(self._world, who, ident, "home", value))
                await self._tried(self._press(who, NEXT))
                await self._tried(interacting.submit(self._world, who, {"way": ACKNOWLEDGED}))
                sentence = {"sentence": "We read it, and ask the teams concerned this week."}
                await self._tried(interacting.submit(self._world, who, sentence))
                await self._tried(self._press(who, PUBLISH))
                await self._leave(who)

    async def _close(self, who: str) -> None:
        """One of those that are open ends with a sentence."""
        await self._tried(invoking.open_home(self._world, who))
        for ident, value in self._chance.sample(
            listed := self._buttons(self._home(who), DETAILS), min(1, len(listed))
        ):
            await self._tried(interacting.press(self._world, who, ident, "home", value))
            await self._tried(self._press(who, LOOK))
            await self._tried(self._press(who, CLOSE))
            ends = {"ending": SOLVED, "sentence": "One list, kept by both teams. It runs since Monday."}
            await self._tried(interacting.submit(self._world, who, ends))
            await self._leave(who)

    async def _say_what_became(self) -> None:
        """Raisers are asked what became of theirs, and most of them answer."""
        for who in sorted(self._raisers):
            await self._open(who, MINE)
            for ident, value in self._buttons(self._top(who), MY_OWN):
                await self._tried(interacting.press(self._world, who, ident, None, value))
                if self._top(who).get("callback_id") == ENDED:
                    said = {
                        block: self._chance.choice(values[:1] * 3 + values)
                        for block, values in self._choices(who).items()
                    }
                    await self._tried(interacting.submit(self._world, who, dict(said)))
                await self._leave(who)
                await self._open(who, MINE)
            await self._leave(who)

    async def _hits_us(self) -> None:
        """Some readers of the newest edition say that it hits them too."""
        place = next(
            (one for one in self._world.state.places.values() if one.name == self._world.about["digest"]),
            None,
        )
        messages = list(place.messages.values()) if place is not None else []
        for message in messages[-3:]:
            for ident, value in self._buttons({"blocks": message.blocks}, HITS_US)[:3]:
                for who in self._chance.sample(self._people, 4):
                    at = {"channel": message.place, "ts": message.ts}
                    await self._tried(interacting.press(self._world, who, ident, at, value))
                    await self._leave(who)

    async def _hours(self, who: str) -> None:
        await self._open(who, PILOT)
        await self._tried(self._press(who, HOURS))
        low = self._chance.randint(2, 4)
        await self._tried(interacting.submit(self._world, who, {"hours": f"{low}-{low + 2}"}))
        await self._leave(who)

    # What a person does, and where a refusal or a button that is not there stops nobody

    async def _tried(self, act: Awaitable[object]) -> None:
        try:
            await act
        except NotPossible:
            return

    async def _open(self, who: str, button: str) -> None:
        await self._tried(invoking.open_home(self._world, who))
        for ident, value in self._buttons(self._home(who), button)[:1]:
            await self._tried(interacting.press(self._world, who, ident, "home", value))

    async def _press(self, who: str, button: str) -> None:
        """A button of the form on top; nothing where it is not there."""
        for ident, value in self._buttons(self._top(who), button)[:1]:
            await interacting.press(self._world, who, ident, None, value)

    async def _leave(self, who: str) -> None:
        await self._tried(interacting.close(self._world, who, everything=True))

    # What a person sees

    def _ident(self, who: str) -> str:
        return self._world.state.find_person(who).id

    def _home(self, who: str) -> JSON:
        home = self._world.stacks.homes.get(self._ident(who))
        return dict(home.content) if home is not None else {}

    def _top(self, who: str) -> JSON:
        stack = self._world.stacks.of(self._ident(who))
        return dict(stack[-1].content) if stack else {}

    @staticmethod
    def _buttons(view: JSON, action: str) -> list[tuple[str, str]]:
        """Whole id and value of all buttons with this id, or whose id begins with it and a colon."""
        found = [
            (str(element.get("action_id", "")), str(element.get("value", "")))
            for _, element, _ in elements_of(view.get("blocks", []))
        ]
        return list(dict.fromkeys(each for each in found if each[0].partition(":")[0] == action))

    def _choices(self, who: str) -> dict[str, list[str]]:
        """The options of each field of the form on top, by block."""
        return {
            block: [str(one["value"]) for one in element["options"]]
            for block, element, _ in elements_of(self._top(who).get("blocks", []))
            if element.get("options")
        }

    def _texts(self, who: str) -> list[str]:
        """The fields to write into of the form on top, those that have to be filled first."""
        fields = [
            (bool(whole.get("optional")), block)
            for block, element, whole in elements_of(self._top(who).get("blocks", []))
            if element.get("type") == "plain_text_input"
        ]
        return [block for _, block in sorted(fields, key=lambda each: each[0])]

    # Time

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._world.clock.now(), UTC)

    async def _move(self, seconds: float) -> None:
        self._moved(seconds)
        await asyncio.sleep(self._wait)

    async def _next_batch(self) -> None:
        now = self._world.clock.now()
        await self._move(self._world.beside.hours.next_batch(now) + _PAST - now)

    async def _to_monday(self) -> None:
        """To the next edition, which is on the day on which a week begins, and an hour on."""
        now = self._world.clock.now()
        await self._move(self._world.beside.hours.next_edition(now) + _PAST - now)
        await self._move(_DAY / 24)
