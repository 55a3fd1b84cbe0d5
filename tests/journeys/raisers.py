"""Whoever raises something, in each of the three ways, and how the answers get there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.sandbox.company import OWN
from tests.journeys.stories import Somebody, Workplace, read

_SEED = yaml.safe_load(OWN.read_text("utf-8"))
CONFIDENTIAL, ANONYMOUS, NAMED = "confidential", "anonymous", "show my name"
#: What each way adds to the form.
_FORM: dict[str, dict[str, Any]] = {
    CONFIDENTIAL: {},
    ANONYMOUS: {"way": "anonymous"},
    NAMED: {"name": ["show"]},
}
#: Who is in which team, by the team's name.
COMPANY: dict[str, list[str]] = {
    team["name"]: list(_SEED["people"][team["handle"]]) for team in _SEED["teams"]
}
NEWS = "There is news on something you follow."


@dataclass
class Raiser:
    """One person with one problem; `title` is what everybody else knows of it."""

    person: Somebody
    way: str
    title: str
    hardship: str
    more: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""  # once it is published
    _code: str = ""
    _heard: int = 0

    def raises(self) -> None:
        said = self.person.raises(self.title, self.hardship, **_FORM[self.way], **self.more)
        code = re.search(r"`((?:\d{4} ){3}\d{4})`", said)
        assert (code is not None) == (self.way == ANONYMOUS), said
        self._code = code[1] if code else ""

    def hears(self) -> None:
        """That there is news and nothing else, by direct message; by code nobody is told anything."""
        if self.way == ANONYMOUS:
            assert self.person.messages == []
            return
        told = self.person.workplace.until(
            lambda: self.person.messages[self._heard :], f"{self.person.handle} heard nothing of {self.title}"
        )
        assert set(told) == {NEWS}, told
        self._heard = len(self.person.messages)

    def opens(self) -> str:
        """The own problem with all that came, as it is read."""
        self.person.done()
        if self.way == ANONYMOUS:
            self.person.types("receipt")
            return self.person.sends({"code": self._code})
        if self._heard:
            self.person.presses("Open", at=self.person.practice.dms(self.person.handle)[-1])
        else:
            self.person.types("mine")
        self.person.presses(f"Open: {self.title}")
        return self.person.reads

    def answers(self, **given: str) -> None:
        """What is asked after closing, by the name of the field."""
        self.opens()
        said = self.person.sends(given)
        assert "Thank you, that is taken." in said, said
        self.person.done()

    def stays_unknown(self, office: Workplace, *shown: Any) -> None:
        """Neither what was shown, nor the log, names whoever did not want to be named; the name stands in no edition."""
        if self.way == NAMED:
            return
        name = office.practice.person(self.person.handle).name
        for each in (*[str(one) for one in shown], office.log):
            assert self.person.id not in each
            assert name not in each
        if self.way == ANONYMOUS:
            stored = office.rows("problems", "inbox", "outbox", "audit", "deliveries", "questions")
            assert self.person.id not in stored


@dataclass(frozen=True)
class Steward:
    """A steward at the desk."""

    person: Somebody

    def publishes(self, raiser: Raiser) -> None:
        self.person.looks_at(raiser.title)
        self.person.presses("Publish these words")
        number = re.search(rf"(\d+) · {raiser.title}", self.person.reads)
        assert number is not None, self.person.reads
        raiser.number = number[1]
        self.person.done()

    def looks_at(self, raiser: Raiser) -> str:
        """The problem as stewards see it: from the desk, else from the list of what everybody may read."""
        self.person.done()
        if f"Look at: {raiser.title}" in str(self.person.home()):
            return self.person.looks_at(raiser.title)
        self.person.presses(f"Details of: {raiser.title}")
        self.person.presses("Look as a steward")
        return self.person.reads

    def does(self, raiser: Raiser, step: str, **given: Any) -> str:
        """One of the ways on under "What next?"; the problem as it stands then."""
        self.looks_at(raiser)
        self.person.presses("What next?")
        self.person.sends({"way": step})
        said = self.person.sends(given)
        self.person.done()
        return said

    def closes(self, raiser: Raiser, ending: str, sentence: str) -> str:
        self.looks_at(raiser)
        self.person.presses("Close with a sentence")
        said = self.person.sends({"ending": ending, "sentence": sentence})
        self.person.done()
        return said

    def asks_teams(self, title: str, *needed: str) -> None:
        """Before anybody else reads it, those who would have to change something are heard."""
        self.person.looks_at(title)
        self.person.presses("Who feels it, who changes")
        self.person.sends({"needed_from": list(needed)})
        self.person.presses("Ask the teams")
        said = self.person.sends()
        assert "Asked teams have until" in said, said
        self.person.done()


def opens_what_waits(office: Workplace, team: str, number: int) -> Somebody:
    """Whoever answers for a team, before the newest of `number` messages that say only that something waits."""
    said = f"Something waits for {team}."
    members = [office.person(handle) for handle in COMPANY[team]]
    contact: Somebody = office.until(
        lambda: next((each for each in members if each.messages.count(said) >= number), None),
        f"{team} was not asked {number} times",
    )
    contact.done()
    told = [each for each in office.practice.dms(contact.handle) if each["text"] == said]
    contact.presses("Open", at=told[number - 1])
    return contact


def details(reader: Somebody, raiser: Raiser) -> str:
    """What everybody reads of it, by its number."""
    reader.done()
    return read(reader.whispered(f"show {raiser.number}"))


def whole(office: Workplace, edition: Mapping[str, Any]) -> str:
    """An edition with its thread, as it is read."""
    return "\n".join(f"{each['text']}\n{read(each)}" for each in (edition, *office.thread(edition)))
