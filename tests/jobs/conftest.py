"""Jobs as plain calls, in the practice company."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator

import pytest
import sqlalchemy as sa

from bot.core.outbox import Message
from bot.core.problems.records import Problem
from bot.jobs.calendar import Calendar
from bot.jobs.only_one import OnlyOne
from bot.jobs.pace import Pace
from bot.jobs.send import Sender
from bot.jobs.settle import Settler
from bot.slack.client import Slack
from tests.slack import conftest as office_room
from tests.slack.conftest import Office

# The same office as in the scenarios.
practice_server = office_room.practice_server
practice = office_room.practice
log_stream = office_room.log_stream
settings = office_room.settings
features = office_room.features
open_office = office_room.open_office
office = office_room.office
lite = office_room.lite
lite_office = office_room.lite_office


class Jobs:
    """The worker's jobs on an office, run when a test says so and never waiting."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.stopping = threading.Event()
        self.slack = Slack.at(office.practice.bot_token, office.practice.api_url, timeout=5)
        self.only_one = OnlyOne(office.sessions)
        self.sender = self.new_sender()
        self.settler = Settler(office.bot, self.slack)
        self.calendar = Calendar(office.bot)

    def new_sender(self) -> Sender:
        """A sender that remembers nothing, as after a restart."""
        return Sender(
            self.office.bot,
            self.slack,
            pace=Pace(a_place=0, over_all=0),
            stopping=self.stopping,
            pause=lambda _seconds: None,
            only_one=self.only_one,
        )

    def later(self, **how_much: float) -> None:
        """Let the company's time go on: `later(hours=2)`."""
        self.office.practice.move_clock(dt.timedelta(**how_much).total_seconds())

    def rows(self) -> list[Message]:
        with self.office.sessions.reading() as session:
            return list(session.scalars(sa.select(Message).order_by(Message.due_at, Message.id)))

    def problems(self) -> list[Problem]:
        with self.office.sessions.reading() as session:
            return list(session.scalars(sa.select(Problem).order_by(Problem.id)))

    def posts(self, where: str) -> list[str]:
        """What stands in a channel of the bot's, oldest first."""
        office = self.office
        place = office.practice.place(where)
        found = office.practice.world.state.places[place.id].messages
        return [each.text for each in found.values() if each.author == office.practice.bot.id]

    def calls(self, *methods: str) -> Iterable[str]:
        return [call["method"] for call in self.office.practice.calls() if call["method"] in methods]


@pytest.fixture
def jobs(office: Office) -> Iterator[Jobs]:
    """On both databases."""
    made = Jobs(office)
    with made.only_one:
        yield made


@pytest.fixture
def lite_jobs(lite_office: Office) -> Jobs:
    """On SQLite alone."""
    return Jobs(lite_office)


Opened = Callable[..., Office]
