"""A slow hash takes long: while one is made, others can write."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any

import pytest

from bot.jobs.pulse import Pulse
from bot.slack.pulse import views as pulse
from bot.slack.receipt import views as receipt
from tests.company import run_batch
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.test_pulse_slack import asked, home, planned, waves
from tests.slack.test_raising_ways import ANONYMOUS, code_in

__all__ = ["waves"]


@pytest.fixture
def jobs(lite_office: Office) -> Jobs:
    return Jobs(lite_office)


@pytest.fixture
def hashed(lite_office: Office, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each slow hash whether another process could have written at that moment."""
    seen: list[bool] = []
    slowly, file = hashlib.scrypt, str(lite_office.sessions.engine.url.database)

    def looked(*words: Any, **cost: Any) -> bytes:
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            seen.append(True)
        except sqlite3.OperationalError:
            seen.append(False)
        finally:
            other.close()
        return slowly(*words, **cost)

    monkeypatch.setattr(hashlib, "scrypt", looked)
    return seen


def test_of_a_code_when_something_is_raised_and_when_it_is_withdrawn(
    lite_office: Office, hashed: list[bool]
) -> None:
    office = lite_office
    office.slash("niamh")
    code = code_in(office.practice.submit("niamh", ANONYMOUS).views[-1])
    assert hashed == [True]
    run_batch(office.sessions, office.kit, office.now, days=1)
    office.practice.close("niamh", everything=True)
    office.slash("niamh", "receipt")
    office.practice.submit("niamh", {"code": code})
    office.practice.press("niamh", receipt.WITHDRAW)
    assert len(hashed) > 2
    assert all(hashed)


def test_of_words_that_two_pulses_are_compared_by(jobs: Jobs, waves: Pulse, hashed: list[bool]) -> None:
    office = jobs.office
    planned(office)
    waves.run()
    who = asked(office)[0]
    home(office, who)
    office.practice.press(who, pulse.ANSWER, at="home")
    office.practice.submit(who, {"q:A1": "6", "phrase": "seven small boats"})
    assert hashed == [True]
