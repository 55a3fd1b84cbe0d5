"""Who acts with which role, and that a delivery counts once."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.core.identity.people import (
    Actor,
    actor,
    first_time,
    handled,
    set_stewards,
    stewards,
    stewards_only,
)
from bot.core.refusal import Refusal
from bot.core.store import Sessions
from tests.company import together


def test_a_role_is_what_is_known_now(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_stewards(session, ["U1", "U2"])
        assert actor(session, "U1", locale="de") == Actor("U1", steward=True, locale="de")
        assert actor(session, "U3") == Actor("U3")
        set_stewards(session, ["U3", "U2"])
        assert stewards(session) == ["U2", "U3"]
        assert not actor(session, "U1").steward


def test_only_stewards_pass_where_only_stewards_may() -> None:
    stewards_only(Actor("U1", steward=True))
    with pytest.raises(Refusal):
        stewards_only(Actor("U1"))


def test_a_delivery_counts_once_also_from_many_threads(sessions: Sessions, at: dt.datetime) -> None:
    def deliver(_number: int) -> bool:
        with sessions.begin(patient=True) as session:
            return first_time(session, b"m" * 16, on=at.date())

    assert sorted(together(8, deliver)) == [False] * 7 + [True]
    with sessions.reading() as session:
        assert handled(session, b"m" * 16)
        assert not handled(session, b"n" * 16)
