"""How the people of a practice pilot raise, answer, feel, decide and end what the script has for them."""

import json
import random
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final

from bot.sandbox.errors import NotPossible
from bot.sandbox.pilot_diary import Diary, Did
from bot.sandbox.pilot_people import People, number_in
from bot.sandbox.pilot_script import (
    ANONYMOUS,
    COMMAND,
    DECIDED,
    HANDED,
    NAMED,
    PUT_OFF,
    SHORTCUT,
    WATCHED,
    Story,
)
from bot.sandbox.state import Message

#: Pages of a list that a steward looks through.
_PAGES: Final = 10
HARDSHIP: Final = "For us this means work that comes twice."
SOMETHING_WAITS: Final = "Something waits for "
ASKED_HOW: Final = "How did this contact feel?"
_FORM: Final[Mapping[str, Mapping[str, Any]]] = {ANONYMOUS: {"way": "anonymous"}, NAMED: {"name": ["show"]}}
_FROM_A_MESSAGE: Final = "raise_from_message"


class Acts:
    """Everything is written in the diary once the bot has taken it.

    today: the day by the workspace's clock. talk: a channel that all are in, with the bot.
    """

    def __init__(self, people: People, diary: Diary, steward: str, emoji: str, talk: str) -> None:
        self._people = people
        self._diary = diary
        self._steward = steward
        self._emoji = emoji
        self._talk = talk
        self._codes: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._read: dict[tuple[str, str], int] = {}
        self.today = date.min

    def _did(self, what: str, who: str, story: Story | None = None, **given: Any) -> None:
        self._diary.entries.append(Did(self.today, what, who, story.title if story else "", given))

    # Whoever raises it

    async def raises(self, story: Story) -> None:
        if story.through == COMMAND:
            await self._people.types(story.raiser)
        elif story.through == SHORTCUT:
            said = await self._people.says(story.raiser, self._talk, "This happened again today.")
            await self._people.shortcut(story.raiser, _FROM_A_MESSAGE, said)
        else:
            await self._puts_in_words(story)
        given = {"title": story.title, "hardship": HARDSHIP, **_FORM.get(story.way, {})}
        said_then = await self._people.sends(story.raiser, given)
        if "as it is" in str(self._people.form(story.raiser)):
            await self._people.presses(story.raiser, self._as_it_is(story.raiser))
            said_then = self._people.reads(story.raiser)
        code = re.search(r"`((?:\d{4} ){3}\d{4})`", said_then)
        if code is not None:
            self._codes[story.title] = code[1]
        self._did("raised", story.raiser, story, through=story.through, way=story.way)

    def _as_it_is(self, who: str) -> str:
        return (
            "Send mine as it is" if "Send mine as it is" in str(self._people.form(who)) else "Send as it is"
        )

    async def tags(self, story: Story) -> None:
        """An emoji on a message; the words follow once the bot has asked for them."""
        said = await self._people.says(story.raiser, self._talk, "And once more.")
        await self._people.reacts(story.raiser, said, self._emoji)

    async def _puts_in_words(self, story: Story) -> None:
        prompt = next(
            (one for one in reversed(self._people.whispers(story.raiser)) if "reaction" in one.text), None
        )
        await self._people.presses(story.raiser, "Put it in words", prompt)

    async def says_what_became(self, story: Story, asked: Mapping[str, str | None]) -> bool:
        """What is asked of whoever raised it, as far as it is by now; whether there was anything to say."""
        who = story.raiser
        if story.title in self._codes:
            await self._people.types(who, "receipt")
            await self._people.sends(who, {"code": self._codes[story.title]})
        else:
            whisper = (await self._people.types(who, "mine")).ephemerals
            at = self._people.whispers(who)[-1] if whisper else None
            await self._people.presses(who, f"Open: {story.title}", at)
        fields = self._people.fields(who)
        given = {key: said for key, said in asked.items() if said is not None and key in fields}
        if not given:
            return False
        await self._people.sends(who, given)
        for key, said in given.items():
            self._did(key, who, story, said=said)
        return True

    # Whoever reads it

    async def hits_too(self, story: Story, who: str, hours: str) -> None:
        await self._shows(who, story)
        await self._people.presses(who, "Hits us too", self._people.whispers(who)[-1])
        await self._people.presses(who, "Say more")
        await self._people.sends(who, {"hours": hours})
        self._did("felt", who, story, hours=hours)

    async def sets_right(self, story: Story, who: str) -> None:
        await self._shows(who, story)
        await self._people.presses(who, "Say who would have to change", self._people.whispers(who)[-1])
        await self._people.sends(who, {"needed_from": list(story.needed), "owned": "Nobody's"})
        self._did("set_right", who, story, needed=list(story.needed))

    async def _shows(self, who: str, story: Story) -> None:
        if story.title not in self._numbers:
            raise NotPossible(f"{story.title} is not published")
        await self._people.types(who, f"show {self._numbers[story.title]}")

    # Stewards

    async def answers(self, story: Story) -> None:
        await self._step(
            story, "Answer the raiser", sentence="We read it, and ask the teams concerned this week."
        )
        self._did("answered", self._steward, story)

    async def publishes(self, story: Story) -> None:
        await self._looks_at(story)
        await self._people.presses(self._steward, "Publish these words")
        self._numbers[story.title] = number_in(self._people.reads(self._steward), story.title)
        self._did("published", self._steward, story)

    async def asks_teams(self, story: Story) -> None:
        await self._looks_at(story)
        await self._people.presses(self._steward, "Who feels it, who changes")
        await self._people.sends(self._steward, {"needed_from": list(story.needed)})
        await self._people.presses(self._steward, "Ask the teams")
        await self._people.sends(self._steward)
        self._did("asked_teams", self._steward, story, teams=list(story.needed))

    async def hands(self, story: Story) -> None:
        await self._step(story, "Hand it to a team", team=story.team, sentence="Could you take it?")
        self._did("handed", self._steward, story, team=story.team)

    async def watches(self, story: Story) -> None:
        day = (self.today + timedelta(days=14)).isoformat()
        await self._step(story, "Do nothing and watch", sentence="We count how often it happens.", day=day)
        self._did("watched", self._steward, story)

    async def puts_off(self, story: Story) -> None:
        day = (self.today + timedelta(days=28)).isoformat()
        await self._step(story, "Not now", sentence="Two other things come first.", day=day)
        self._did("put_off", self._steward, story)

    async def overrules(self, story: Story) -> None:
        """Says that it can be solved elsewhere than was worked out."""
        await self._looks_at(story)
        await self._people.presses(self._steward, "Say where it can be solved")
        before = self._people.choices(self._steward)["verdict"]
        other = "team_local" if "team_local" in before else before[0]
        await self._people.sends(self._steward, {"verdict": other, "sentence": "One team has found a way."})
        self._did("overruled", self._steward, story)

    async def decides(self, story: Story, until: date) -> None:
        await self._looks_at(story)
        await self._people.presses(self._steward, "Decide")
        first = {
            "sentence": "One list, kept in one place.",
            "payers": [story.team],
            "stop": "Two launches miss it.",
            "review": (self.today + timedelta(weeks=3)).isoformat(),
        }
        await self._people.fills(self._steward, first)
        await self._people.presses(self._steward, "Add more")
        named = {field.partition(":")[0]: field for field in self._people.fields(self._steward)}
        rest = {
            named["hours"]: story.pays,
            named["until"]: until.isoformat(),
            "guardrails": "keep anybody waiting longer",
            "check": (self.today + timedelta(weeks=2)).isoformat(),
        }
        await self._people.sends(self._steward, rest)
        self._did("decided", self._steward, story, team=story.team, hours=story.pays, until=until)

    async def looks_after(self, story: Story) -> None:
        """Two weeks on: does the fix do what it must not?"""
        await self._looks_at(story)
        await self._people.presses(self._steward, "Say what was found")
        given = {"held": "yes" if story.held else "no", "sentence": "We looked for a week."}
        await self._people.sends(self._steward, given)
        self._did("checked", self._steward, story, held=story.held)

    async def reviews(self, story: Story) -> None:
        await self._looks_at(story)
        await self._people.presses(self._steward, "Keep it" if story.kept else "End it")
        await self._people.sends(self._steward, {"sentence": "So say those who pay."})
        self._did("reviewed" if story.kept else "ended", self._steward, story)

    async def closes(self, story: Story) -> None:
        ending = ending_of(story)
        await self._looks_at(story)
        await self._people.presses(self._steward, "Close with a sentence")
        sentence = "This is how far it came, and how it stands now."
        await self._people.sends(self._steward, {"ending": ending, "sentence": sentence})
        self._did("closed", self._steward, story, ending=ending)

    async def _step(self, story: Story, step: str, **given: Any) -> None:
        await self._looks_at(story)
        await self._people.presses(self._steward, "What next?")
        ways = self._people.form(self._steward)
        await self._people.sends(self._steward, {"way": _labelled(ways, step)})
        await self._people.sends(self._steward, given)

    async def _looks_at(self, story: Story) -> None:
        """From what everybody can find, or from the desk where nobody else can."""
        who = self._steward
        await self._people.puts_away(who)
        if story.title in self._numbers:
            await self._finds(story)
            await self._people.presses(who, "Look as a steward")
            return
        if f"Look at: {story.title}" not in str(await self._people.home(who)):
            await self._people.types(who, "desk")
        await self._people.presses(who, f"Look at: {story.title}")

    async def _finds(self, story: Story) -> None:
        """Its details, from the list of what is open, page by page."""
        who, label = self._steward, f"Details: {story.title}"
        await self._people.types(who, "list")
        for _ in range(_PAGES):
            with suppress(NotPossible):
                await self._people.presses(who, label, self._listed(who))
                return
            await self._people.presses(who, "More open problems", self._listed(who))
        raise NotPossible(f"{story.title} is on no page of the list")

    def _listed(self, who: str) -> Message | None:
        """Where the list stands: alone beside a channel, or in the open form."""
        return None if self._people.form(who) else self._people.whispers(who)[-1]

    async def says_how_it_felt(self, chance: random.Random) -> None:
        """The steward's tap on each contact that it was asked about since."""
        for message in self._new(self._steward, ASKED_HOW):
            value = chance.choice((2, 3, 4, 4, 5))
            await self._people.presses(self._steward, _tapped(value), message)
            self._did("felt_contact", self._steward, None, side="steward", value=value)

    # Whoever answers for a team

    async def opens_what_waits(self, who: str, stories: Mapping[str, Story]) -> None:
        """Each thing that waits for this person's team since it last looked, answered as the script has it."""
        for message in self._new(who, SOMETHING_WAITS):
            await self._people.puts_away(who)
            await self._people.presses(who, "Open", message)
            read = self._people.reads(who)
            story = next((each for title, each in stories.items() if title in read), None)
            if story is None:
                raise NotPossible(f"{who} does not know what waits")
            await self._answers_for_a_team(who, story)
            await self._people.puts_away(who)

    async def _answers_for_a_team(self, who: str, story: Story) -> None:
        fields = self._people.fields(who)
        if "answer" in fields:
            yes = story.yes and story.kind == HANDED
            said = "Yes, we take it" if yes else "Not ours"
            answers = self._people.form(who)
            given = {"answer": _labelled(answers, said), "words": "We have talked about it."}
            await self._people.sends(who, given)
            self._did("took" if yes else "not_ours", who, story)
            await self._feels(who, story)
        elif "review" in fields:
            given = {"review": "Keep it" if story.kept else "End it", "words": "It costs us what we thought."}
            await self._people.sends(who, given)
            self._did("paid_review", who, story)
        elif "word" in fields:
            await self._people.sends(who, {"word": "Agreed", "words": "For these weeks."})
            self._did("agreed", who, story)
        else:
            await self._people.sends(who, {"words": "A word a week ahead would make it easier."})
            self._did("replied", who, story)
            await self._feels(who, story)

    async def _feels(self, who: str, story: Story) -> None:
        """One tap on how the contact felt, in the answer to the form."""
        await self._people.presses(who, _tapped(story.felt))
        self._did("felt_contact", who, story, side="function", value=story.felt)

    def _new(self, who: str, says: str) -> list[Message]:
        """Messages of a kind that this person has not looked at yet."""
        told = [one for one in self._people.told(who) if says in one.text]
        before = self._read.get((who, says), 0)
        self._read[who, says] = len(told)
        return told[before:]


def ending_of(story: Story) -> str:
    """The value of the ending with which a story closes."""
    if story.kind == HANDED:
        return "back_to_team" if story.yes else "not_now"
    if story.kind == DECIDED and not story.kept:
        return "not_now"
    return {WATCHED: "rests", PUT_OFF: "not_now"}.get(story.kind, "solved")


def _labelled(form: Mapping[str, Any] | None, label: str) -> str:
    """The whole label of the option that begins so."""
    found = re.search(rf'"({re.escape(label)}[^"]*)"', json.dumps(form, ensure_ascii=False))
    if found is None:
        raise NotPossible(f"there is no way {label!r}")
    return found[1]


def _tapped(value: int) -> str:
    return {1: "1 · defensive", 5: "5 · open"}.get(value, str(value))
