"""A pilot in some minutes: the practice company goes through a pulse, fourteen weeks and a second pulse.

Everything is done as people do it: they open Home, press buttons and send forms; time is moved on between. What the bot
makes of it is the bot's. The diary has what was done, so that a report can be held against it.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.sandbox.errors import NotPossible
from bot.sandbox.pilot_acts import Acts, ending_of
from bot.sandbox.pilot_diary import Diary, Did
from bot.sandbox.pilot_people import People
from bot.sandbox.pilot_script import (
    ASKED,
    DAYS_A_WEEK,
    DECIDED,
    HANDED,
    INTAKE,
    PUT_OFF,
    TAG,
    WATCHED,
    WEEKS,
    Story,
    stories,
)
from bot.sandbox.world import World

#: The week of the pilot in which the second pulse runs.
SECOND_PULSE: Final = 11
#: How questions are answered, from one pulse to the next.
BEFORE, AFTER = 3.6, 4.6
_ANSWER: Final = 0.75
_DAY: Final = 86_400.0
#: Past the instant itself, so that it has come for whoever compares.
_PAST: Final = 1.0
#: Days between what people do: Monday to Tuesday, Tuesday to Thursday.
_ON: Final = (1, 2)
#: How often it is looked whether the bot has come so far.
_LOOKS: Final = 5


class Piloting:
    """One run.

    told: called with each step in words. move: moves time by seconds. caught_up: waits until the bot has done what
    is due by now.
    """

    def __init__(
        self,
        world: World,
        told: Callable[[str], None],
        move: Callable[[float], None],
        caught_up: Callable[[], Awaitable[None]],
        *,
        command: str,
        seed: int = 1,
    ) -> None:
        self._world = world
        self._told = told
        self._moved = move
        self._caught_up = caught_up
        self._chance = random.Random(seed)  # noqa: S311  a play, and no secret
        self._people = People(world, command)
        here = self._people.working_here()
        self._stewards = [one.handle for one in here if one.steward]
        self._others = sorted(one.handle for one in here if not one.steward)
        self._contacts = {
            group.name: world.state.people[group.created_by].handle for group in world.state.groups.values()
        }
        self.diary = Diary()
        self._acts = Acts(
            self._people, self.diary, self._stewards[0], world.beside.emoji[0], str(world.about["digest"])
        )
        in_teams = {who for group in world.state.groups.values() for who in group.members}
        self._asked = [one.handle for one in here if one.id in in_teams]
        readers = {one.id: one.handle for one in here if not one.steward}
        teams = {
            group.name: [readers[one] for one in group.members if one in readers]
            for group in world.state.groups.values()
        }
        # Whoever answers for a team and is no steward.
        self._askable = sorted(team for team, who in self._contacts.items() if who in self._others)
        contacts = {self._contacts[team] for team in self._askable}
        raisers = [who for who in self._others if who not in contacts]
        self.stories = stories(
            seed, raisers, {team: people for team, people in teams.items() if people}, self._askable
        )

    async def run(self) -> None:
        """From the first pulse to the report in the channel."""
        if not await self._write_down():
            self._told("There is a pilot already; look at it in a steward's Home.")
            return
        await self._pulse(BEFORE)
        await self._move(6 * _DAY)  # it closes meanwhile
        if self._today().weekday() == 0:
            await self._move(_DAY)
        await self._try("start the pilot", self._start())
        await self._to_monday()
        for week in range(WEEKS):
            for place in range(DAYS_A_WEEK):
                await self._day(DAYS_A_WEEK * week + place)
                if place < len(_ON):
                    await self._move(_ON[place] * _DAY)
            await self._hours()
            if week == SECOND_PULSE:
                await self._pulse(AFTER)
            await self._to_monday()
        self._told("Posting the report")
        await self._caught_up()
        await self._try("the report", self._post())
        missed = f" {len(self.diary.missed)} steps could not be done." if self.diary.missed else ""
        self._told(f"Done: the report is in #{self._world.about['digest']}.{missed}")

    async def _day(self, day: int) -> None:
        """What the script has for a day, stewards and teams first."""
        week = day // DAYS_A_WEEK + 1
        self._acts.today = self._today()
        self._told(f"Week {week} of {WEEKS}: answers, decisions, and what became of it")
        by_title = {story.title: story for story in self.stories}
        for team in self._askable:
            who = self._contacts[team]
            await self._try(f"{team} answers", self._acts.opens_what_waits(who, by_title))
        await self._try("how a contact felt", self._acts.says_how_it_felt(self._chance))
        for story in self.stories:
            await self._on(story, day)
        raised = [story for story in self.stories if story.raised == day]
        if raised:
            self._told(f"Week {week} of {WEEKS}: people raise problems")
        for story in raised:
            if story.through == TAG:
                await self._try(f"tag {story.title}", self._acts.tags(story))
        if raised:
            await self._move(60)  # so that whoever tagged is asked for words
        for story in raised:
            await self._try(f"raise {story.title}", self._acts.raises(story))
            await self._people.puts_away(story.raiser)

    async def _on(self, story: Story, day: int) -> None:
        """What is to become of one problem on this day."""
        if story.answered is None:
            return
        acts, since = self._acts, day - story.answered
        asked = story.kind == ASKED
        felt_on = 3 if asked else 1
        if since == 0:
            await self._try(f"answer {story.title}", acts.answers(story))
            if asked:
                await self._try(f"ask about {story.title}", acts.asks_teams(story))
            else:
                await self._try(f"publish {story.title}", acts.publishes(story))
        if since == 2 and asked:
            await self._try(f"publish {story.title}", acts.publishes(story))
        if since == felt_on:
            await self._feel(story)
        if since == 3 + felt_on:
            steps = {HANDED: acts.hands, WATCHED: acts.watches, PUT_OFF: acts.puts_off}
            if story.kind in steps:
                await self._try(f"{story.kind} {story.title}", steps[story.kind](story))
            if story.kind == DECIDED:
                await self._try(f"decide {story.title}", acts.decides(story, self._ends()))
        if since == 7 and story.overruled:
            await self._try(f"overrule {story.title}", acts.overrules(story))
        if story.kind == DECIDED and since == 11:
            await self._try(f"check {story.title}", acts.looks_after(story))
        if story.kind == DECIDED and since == 14:
            await self._try(f"review {story.title}", acts.reviews(story))
        if story.ends == day:
            await self._try(f"close {story.title}", acts.closes(story))
        elif story.ends is not None and self.diary.of("closed", story.title):
            await self._ask_raiser(story, day - story.ends)

    async def _feel(self, story: Story) -> None:
        for who, hours in story.felt_by:
            await self._try(f"{who} feels {story.title}", self._acts.hits_too(story, who, hours))
            await self._people.puts_away(who)
        for who, _ in story.felt_by[:2]:
            await self._try(f"{who} sets right {story.title}", self._acts.sets_right(story, who))
            await self._people.puts_away(who)

    async def _ask_raiser(self, story: Story, since: int) -> None:
        """A day after the end, after two weeks and after a month: what became of it, as far as it is asked."""
        asked = {1: ("outcome", story.outcome), 8: ("cost", story.cost), 15: ("holds", story.holds)}.get(
            since
        )
        if asked is None or asked[1] is None:
            return
        if asked[0] == "holds" and ending_of(story) != "solved":
            return
        await self._try(f"{asked[0]} of {story.title}", self._acts.says_what_became(story, dict([asked])))
        await self._people.puts_away(story.raiser)

    # The pilot and the pulse

    async def _write_down(self) -> bool:
        """False where there is a pilot already."""
        who = self._stewards[0]
        self._told("Writing the pilot down")
        for _ in range(_LOOKS):  # a bot that has just started takes its time with the first Home
            seen = str(await self._people.home(who))
            if "Set up a pilot" in seen or "The pilot" in seen:
                break
            await self._caught_up()
        try:
            await self._people.presses(who, "Set up a pilot")
        except NotPossible:
            return False
        words = {
            "question": "Do problems between our teams get an answer that helps, at a price we would pay again?",
            "decides": "The heads of Engineering and Support, together",
            "not_used_for": "Judging people, comparing teams, staffing",
        }
        await self._people.sends(who, words)
        await self._people.puts_away(who)
        return True

    async def _start(self) -> None:
        who = self._stewards[0]
        await self._people.presses(who, "The pilot")
        await self._people.presses(who, "Start it")

    async def _pulse(self, mean: float) -> None:
        """Everybody is asked, and about three quarters answer."""
        who = self._stewards[0]
        self._told("Everybody is asked by the pulse")
        await self._try("plan a pulse", self._plan(who))
        await self._people.puts_away(who)
        await self._move(_DAY / 24)
        for _ in range(_LOOKS):  # until it has opened
            if "Answer" in str(await self._people.home(self._asked[0])):
                break
            await self._caught_up()
        wave = len(self.diary.of("wave"))
        self.diary.entries.append(Did(self._today(), "wave", who))
        for each in self._asked:
            if self._chance.random() < _ANSWER:
                await self._try(f"{each} answers the pulse", self._answer(each, mean, wave))
                await self._people.puts_away(each)

    async def _plan(self, who: str) -> None:
        await self._people.presses(who, "Pulse and mode")
        await self._people.presses(who, "Plan a pulse")
        asked = {"functions": self._people.choices(who)["functions"]}
        closes = (self._now() + timedelta(days=3)).date().isoformat()
        await self._people.sends(who, {**asked, "closes": closes})

    async def _answer(self, who: str, mean: float, wave: int) -> None:
        await self._people.presses(who, "Answer")
        said = {block: self._point(values, mean) for block, values in self._people.choices(who).items()}
        await self._people.sends(who, said)
        given = {block: value for block, value in said.items() if value.isdecimal()}
        self.diary.entries.append(Did(self._today(), "answered_pulse", who, str(wave), given))

    def _point(self, values: list[str], mean: float) -> str:
        """One of a question's options, near the mean where they are a scale of points."""
        points = [value for value in values if value.isdecimal()]
        if not points:
            return self._chance.choice(values)
        near = round(self._chance.gauss(mean, 1.2))
        return min(points, key=lambda value: abs(int(value) - near))

    async def _hours(self) -> None:
        """On a Thursday: what the week took."""
        for who in self._stewards[:2]:
            low = self._chance.randint(2, 4)
            await self._try("a steward's hours", self._give_hours(who, low, low + 2))
            await self._people.puts_away(who)

    async def _give_hours(self, who: str, low: int, high: int) -> None:
        await self._people.presses(who, "The pilot")
        await self._people.presses(who, "My hours")
        await self._people.sends(who, {"hours": f"{low}-{high}"})
        self.diary.entries.append(Did(self._today(), "hours", who, given={"low": low, "high": high}))

    async def _post(self) -> None:
        who = self._stewards[0]
        await self._people.presses(who, "The pilot")
        await self._people.presses(who, "Post it in the channel")
        await self._caught_up()

    async def _try(self, what: str, act: Awaitable[object]) -> None:
        """A step that the bot does not offer or refuses stops nobody; the diary says which."""
        try:
            await act
        except NotPossible as refusal:
            self.diary.missed.append(f"{what}: {refusal.args[0]}")
        for who in self._stewards:
            await self._people.puts_away(who)

    # Time

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._world.clock.now(), UTC)

    def _today(self) -> date:
        return self._now().astimezone(self._world.beside.hours.zone).date()

    def _ends(self) -> date:
        """After the last week, whichever it is now."""
        return self._today() + timedelta(weeks=WEEKS + INTAKE)

    async def _move(self, seconds: float) -> None:
        self._moved(seconds)
        await self._caught_up()

    async def _to_monday(self) -> None:
        """To the next batch, then to the edition of a Monday, and an hour on."""
        now = self._world.clock.now()
        await self._move(self._world.beside.hours.next_edition(now) + _PAST - now)
        await self._move(_DAY / 24)
