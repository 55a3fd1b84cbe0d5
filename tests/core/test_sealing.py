"""Sealed addresses and voices: readable with their key for their row, and by nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity.sealing import Sealing, Unreadable, fingerprint

OLD, NEW = b"o" * 32, b"n" * 32
SALT = b"s" * 16


def sealing(*keys: bytes, seed: int = 1) -> Sealing:
    return Sealing(keys, random.Random(seed))


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=300), st.text())
def test_what_is_sealed_opens_again_for_its_row(text: str, row: str) -> None:
    row = row.encode("utf-8", "replace").decode()
    one = sealing(NEW)
    assert one.unseal(one.seal(text, bound_to=row), bound_to=row) == text


def test_it_opens_for_no_other_row() -> None:
    one = sealing(NEW)
    with pytest.raises(Unreadable):
        one.unseal(one.seal("U1", bound_to="problem:1"), bound_to="problem:2")


@given(st.integers(0, 92), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(place: int, change: int) -> None:
    one = sealing(NEW)
    sealed = bytearray(one.seal("U1", bound_to="row"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Unreadable):
        one.unseal(bytes(sealed), bound_to="row")


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x01" * 20, b"\x02" * 100])
def test_what_was_never_sealed_is_unreadable(junk: bytes) -> None:
    with pytest.raises(Unreadable):
        sealing(NEW).unseal(junk, bound_to="row")


def test_old_keys_read_and_the_newest_writes() -> None:
    sealed = sealing(OLD).seal("U1", bound_to="row")
    both = sealing(NEW, OLD)
    assert both.unseal(sealed, bound_to="row") == "U1"
    again = both.seal("U1", bound_to="row")
    assert sealing(NEW).unseal(again, bound_to="row") == "U1"
    with pytest.raises(Unreadable):
        sealing(OLD).unseal(again, bound_to="row")


def test_a_lost_key_reads_nothing() -> None:
    with pytest.raises(Unreadable):
        sealing(NEW).unseal(sealing(OLD).seal("U1", bound_to="row"), bound_to="row")
    with pytest.raises(Unreadable):
        sealing(NEW).voice("U1", salt=SALT, mark=fingerprint(OLD))
    assert not sealing(NEW).holds(fingerprint(OLD))
    assert sealing(NEW, OLD).holds(fingerprint(OLD))


def test_the_length_tells_nothing_of_a_person() -> None:
    one = sealing(NEW)
    assert len({len(one.seal("U" * size, bound_to="row")) for size in range(1, 33)}) == 1


def test_the_same_person_sealed_twice_looks_like_two() -> None:
    one = sealing(NEW)
    assert one.seal("U1", bound_to="row") != one.seal("U1", bound_to="row")


def test_a_voice_is_one_for_a_person_a_problem_and_a_purpose() -> None:
    one, mark = sealing(NEW), fingerprint(NEW)
    voices = {
        one.voice(who, salt=salt, mark=mark, purpose=purpose)
        for who in ("U1", "U2")
        for salt in (SALT, b"t" * 16)
        for purpose in ("confirm", "answer")
    }
    assert len(voices) == 8
    assert one.voice("U1", salt=SALT, mark=mark) == sealing(NEW, OLD, seed=9).voice(
        "U1", salt=SALT, mark=mark
    )


def test_a_voice_goes_on_under_the_key_it_began_with() -> None:
    assert sealing(NEW, OLD).voice("U1", salt=SALT, mark=fingerprint(OLD)) == sealing(OLD).voice(
        "U1", salt=SALT, mark=fingerprint(OLD)
    )


def test_a_mark_tells_its_parts_apart() -> None:
    one = sealing(NEW)
    assert one.mark_of("a", "bc") != one.mark_of("ab", "c")
    assert one.mark_of("a") == sealing(NEW, seed=5).mark_of("a")
    assert one.mark_of("a") != sealing(OLD).mark_of("a")


def test_neither_key_nor_randomness_is_printed() -> None:
    assert repr(sealing(NEW)) == "Sealing()"
