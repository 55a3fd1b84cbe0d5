"""Texts at every limit: stored whole, or refused in words."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.kit import Kit
from bot.core.problems import acts
from bot.core.problems.acts import Told
from bot.core.problems.records import Problem
from bot.core.problems.wording import TEXT_MOST, TITLE_MOST, Wording, said, storable
from bot.core.refusal import Refusal
from bot.core.store import Sessions
from tests.company import RAISER, person, published, refused, run_batch

ZALGO = "h̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ̶̧̨̱̹̭̯ͧ̾ͬC̷̙̲̝͖ͭ̏ͥͮ͟Oͮ͏̮̪̝͍"
STORED = [
    "plain",
    "🧩🧩",
    "👩‍👩‍👧‍👦",
    "مشكلة بين الفرق",
    "\u202eright to left\u202c",
    ZALGO,
    "<!channel> <@U123> &amp; *x*",
    "'; DROP TABLE problems; --",
    "%s %(x)s {command}",
    "x\ufffe\uffff",
    "x" * TITLE_MOST,
]


@pytest.mark.parametrize("text", STORED)
def test_a_text_is_stored_whole(sessions: Sessions, kit: Kit, at: dt.datetime, text: str) -> None:
    wording = Wording(text, text, text, text, "F1")
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, wording, form="V1", kit=kit)
        acts.raise_named(session, RAISER, wording, form="V2", kit=kit, at=at)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        for problem in session.scalars(sa.select(Problem)):
            assert (problem.title, problem.hardship, problem.tried, problem.guardrails) == (text,) * 4


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800", "b\udfffa", "", " \n\t", "\u200b\u200d", "\u0301\u0301"]
)
@pytest.mark.parametrize("field", ["title", "hardship"])
def test_a_text_that_can_not_be_kept_or_read_is_refused_in_words(
    sessions: Sessions, kit: Kit, at: dt.datetime, text: str, field: str
) -> None:
    wording = Wording(**{"title": "a", "hardship": "b", field: text})
    assert refused(sessions, acts.raise_confidential, RAISER, wording, form="V1", kit=kit)
    assert refused(sessions, acts.raise_named, RAISER, wording, form="V1", kit=kit, at=at)


@pytest.mark.parametrize("field", ["hardship", "tried", "guardrails"])
def test_a_text_ends_at_its_limit_and_says_so(
    sessions: Sessions, kit: Kit, at: dt.datetime, field: str
) -> None:
    longest = "ä" * TEXT_MOST
    whole = Wording(**{"title": "a", "hardship": "b", field: f"  {longest}\n"})
    with sessions.begin() as session:
        problem = acts.raise_named(session, RAISER, whole, form="V1", kit=kit, at=at)
        assert getattr(problem, field) == longest
    over = Wording(**{"title": "a", "hardship": "b", field: longest + "x"})
    assert "shorten" in refused(sessions, acts.raise_confidential, RAISER, over, form="V2", kit=kit)


@pytest.mark.parametrize("field", ["tried", "guardrails", "label"])
def test_a_broken_character_anywhere_is_refused_before_the_batch_meets_it(
    sessions: Sessions, kit: Kit, field: str
) -> None:
    wording = Wording(**{"title": "a", "hardship": "b", field: "x\x00"})
    assert "broken" in refused(sessions, acts.raise_confidential, RAISER, wording, form="V1", kit=kit)


def test_a_label_that_is_too_long_does_not_stop_the_batch(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        wording = Wording("a", "b", label="F" * 300)
        acts.raise_confidential(session, RAISER, wording, form="V1", kit=kit)
    assert run_batch(sessions, kit, at) == 1


def test_what_would_help_ends_at_its_limit(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        acts.confirm(session, person(1), ident, kit=kit)
    for text in ("x" * (TEXT_MOST + 1), "x\x00"):
        assert refused(sessions, acts.follow_up, person(1), ident, Told(would_help=text), kit=kit)


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_is_stored_as_it_is_or_refused(text: str) -> None:
    try:
        kept = storable(text)
    except Refusal:
        assert "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text)
    else:
        assert kept == text.strip()
        kept.encode()
        assert isinstance(said(kept), bool)
