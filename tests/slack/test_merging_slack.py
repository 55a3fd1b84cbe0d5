"""A steward says that two problems are one; both raisers are asked, and it is undone from the same place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.merge_records import Merge
from bot.core.problems.records import Ending, Problem, State
from bot.core.problems.wording import Wording
from bot.slack import text as t
from bot.slack.desk import views as desk
from bot.slack.merging import views
from bot.slack.merging.views import Side
from bot.slack.receipt import views as receipt
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import run_batch
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_blocks, check_view, hostile, past_the_catalogue, texts
from tests.slack.test_home_and_desk import LATE, _batches, raised
from tests.slack.test_right_of_reply_slack import look, said

WHY = "Both are about hearing of releases late."
TWIN = Wording("Support learns of launches from tickets", "For us this means surprised customers.")
ENGLISH = Words.of("en")


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def batch(office: Office) -> None:
    run_batch(office.sessions, office.kit, office.now, days=_batches(office))


def now(office: Office, problem: Problem) -> Problem:
    with office.sessions.reading() as session:
        return session.get_one(Problem, problem.id)


def publish(office: Office, problem: Problem) -> None:
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)


def merge(office: Office, one: Problem, other: Problem, *, query: str = "") -> Any:
    """The one goes into the other, picked from what the menu offers."""
    look(office, "amara", one)
    office.practice.press("amara", views.MERGE)
    office.practice.choose("amara", views.WITH, str(other.id), query=query)
    return office.practice.submit("amara", {views.WHOSE: views.THEIRS, views.SENTENCE: WHY})


def letter(office: Office, who: str, problem: Problem) -> str:
    """What a raiser finds in the own problem."""
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    office.slash(who, "mine")
    return said(office.practice.press(who, f"{receipt.OPEN}:{problem.id}").views[-1])


def says(office: Office, who: str, problem: Problem, word: str) -> str:
    """A raiser opens the own problem from the list of them, and answers."""
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    office.slash(who, "mine")
    office.practice.press(who, f"{receipt.OPEN}:{problem.id}")
    with office.sessions.reading() as session:
        merge_id = session.scalars(sa.select(Merge.id)).one()
    return said(office.practice.press(who, f"{word}:{merge_id}").views[-1])


def test_two_become_one_by_both_raisers_yes_and_two_again_by_a_stewards_undo(jobs: Jobs) -> None:
    office = jobs.office
    one, other = raised(office, "priya"), raised(office, "niamh", TWIN)
    for problem in (other, one):
        publish(office, problem)
    shown = merge(office, one, other, query=str(now(office, other).number)).views[-1]
    assert "Is to go on as:*" in said(shown)
    assert WHY in said(shown)
    assert now(office, one).state == State.OPEN.value
    batch(office)
    asked = says(office, "priya", one, views.SAME)
    assert "Your yes is taken" in asked
    assert TWIN.title in asked, "everybody may read it"
    says(office, "niamh", other, views.SAME)
    batch(office)
    assert now(office, one).ending == Ending.MERGED.value

    old = office.slash("mei", f"show {now(office, one).number}").ephemerals[-1]
    assert "This goes on as:" in json.dumps(old)
    assert TWIN.title in json.dumps(old)
    new = office.slash("mei", f"show {now(office, other).number}").ephemerals[-1]
    assert "Raised like this as well:" in json.dumps(new)

    jobs.later(minutes=5)
    assert "Goes on here:*" in said(look(office, "jonas", other))
    undone = office.practice.press("jonas", f"{views.UNDO}:{one.id}")
    assert views.UNDO not in json.dumps(undone.views[-1])
    stood = now(office, one)
    assert (stood.state, stood.title, stood.ending) == (State.OPEN.value, LATE.title, None)
    for who, problem in (("priya", one), ("niamh", other)):
        assert "have taken that back" not in letter(office, who, problem), "on its way until the batch hour"
    jobs.later(days=1)
    jobs.calendar.batch()
    for who, problem in (("priya", one), ("niamh", other)):
        assert "have taken that back: yours stands by itself" in letter(office, who, problem)


def test_a_no_leaves_both_as_they_are_and_shows_nothing_of_the_other(jobs: Jobs) -> None:
    office = jobs.office
    one, other = raised(office, "priya"), raised(office, "niamh", TWIN)
    merge(office, one, other, query="launches")
    batch(office)
    said_no = says(office, "priya", one, views.NOT_SAME)
    assert "Your no is taken" in said_no
    assert TWIN.title not in said_no, "nobody but stewards may read the other"
    batch(office)
    assert now(office, one).state == State.NEW.value
    again = merge(office, one, other, query="launches")
    assert "not the same" in json.dumps(again.views[-1]) + json.dumps(again.errors)


def test_the_menu_offers_what_still_stands_and_nothing_to_others(jobs: Jobs) -> None:
    office = jobs.office
    one, other = raised(office, "priya"), raised(office, "niamh", TWIN)
    look(office, "amara", one)
    office.practice.press("amara", views.MERGE)
    found = office.practice.suggest("amara", views.WITH, "tickets").options
    assert [option["value"] for option in found] == [str(other.id)]
    assert not office.practice.suggest("amara", views.WITH, "hear about releases").options, "not itself"
    empty = office.practice.submit("amara", {views.WHOSE: views.OURS, views.SENTENCE: WHY})
    assert views.OTHER in empty.errors


SIDES = st.builds(
    Side,
    id=st.integers(1, 2**63 - 1),
    goes=st.booleans(),
    other=st.none() | st.builds(Shown, id=st.integers(1, 2**63 - 1), title=hostile(200)),
    sentence=hostile(3000),
    due_on=st.just(dt.date(2026, 12, 2)),
    stands=st.booleans(),
)
SHOWN = st.builds(
    Shown, id=st.integers(1, 2**63 - 1), title=hostile(200), number=st.none() | st.integers(1, 99)
)


@given(SHOWN, st.lists(SIDES, max_size=9, unique_by=lambda side: side.id))
def test_merges_fit_whatever_was_written(shown: Shown, sides: list[Side]) -> None:
    for blocks in (views.desk_blocks(ENGLISH, shown, sides), views.raiser_blocks(ENGLISH, sides)):
        if blocks:
            check_blocks(blocks, None)
            assert len(blocks) <= 20
    check_view(views.merge_form(ENGLISH, shown))
    offered = views.offered(ENGLISH, [side.other for side in sides if side.other is not None])
    assert all(len(option["text"]["text"]) <= 75 for option in offered["options"])


def test_every_word_is_in_the_catalogue() -> None:
    words = Words.pseudo()
    side = Side(1, True, Shown(id=2, title="Other"), "Sentence", dt.date(2026, 12, 2), False)
    shown = Shown(id=3, title="Title")
    sides = [side, Side(4, False, Shown(id=5, title="Other"), "Sentence", dt.date(2026, 12, 2), True)]
    for made in (
        [*views.desk_blocks(words, shown, sides), t.buttons(*views.merges(words, shown, []))],
        views.raiser_blocks(words, sides),
        views.merge_form(words, shown)["blocks"],
    ):
        assert texts(made)
        assert not past_the_catalogue(made, data=["Other", "Sentence", "Title"])
