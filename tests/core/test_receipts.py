"""A receipt is typed by tired people, and guessed by patient ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity.receipts import digits_of, new_receipt, slow_hash
from tests.conftest import SHIPPED_COST


@given(st.integers())
def test_a_receipt_reads_back_as_its_sixteen_digits(seed: int) -> None:
    receipt = new_receipt(random.Random(seed))
    assert len(receipt) == 19
    assert digits_of(receipt) == receipt.replace(" ", "")


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123456",
        "1234-5678-9012-3456",
        " 1234 5678 9012 3456\n",
        "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦",
        "1234.5678.9012.3456",
    ],
)
def test_a_code_is_read_however_it_is_spaced(typed: str) -> None:
    assert digits_of(typed) == "1234567890123456"


@pytest.mark.parametrize(
    "typed", ["", "1234", "12345678901234567", "1234 5678 9012 345x", "²³⁴⁵ 5678 9012 3456", "\x00" * 16]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert digits_of(typed) is None


def test_the_same_digits_under_another_salt_are_another_hash() -> None:
    first = slow_hash("1234567890123456", salt=b"a" * 16)
    assert first == slow_hash("1234567890123456", salt=b"a" * 16)
    assert first != slow_hash("1234567890123456", salt=b"b" * 16)
    assert first != slow_hash("1234567890123457", salt=b"a" * 16)


def test_a_guess_costs_as_much_memory_as_was_decided() -> None:
    """scrypt takes 128 * n * r bytes: 32 MB for each code that is tried."""
    assert 128 * SHIPPED_COST["n"] * SHIPPED_COST["r"] == 32 * 2**20
    assert SHIPPED_COST["p"] == 1
