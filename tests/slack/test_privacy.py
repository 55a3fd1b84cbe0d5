"""What people are promised, what is stored about them, and forgetting: the same words everywhere, over the wire."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.core
from bot.core.identity.records import Erasure
from bot.core.pilot.records import Pilot, StewardHours
from bot.core.problems import acts
from bot.core.problems.lifecycle_rules import LIFECYCLE, Role, Step
from bot.core.problems.records import Act, Audit, Confirmation, Inbox, Problem, RaisedAs
from bot.core.refusal import Refusal
from bot.core.replies.forgetting import Stays
from bot.core.replies.stored import Kind, Stored
from bot.core.teams.records import Team
from bot.slack.desk import views as desk
from bot.slack.privacy import pointing_views, promise, views
from bot.words import Words
from tests.company import run_batch
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile, past_the_catalogue, texts
from tests.slack.test_confirming import published
from tests.slack.test_home_and_desk import _batches, raised
from tests.slack.test_right_of_reply_slack import look

ROOT = Path(__file__).parents[2]
_WEEKS = {"intake_weeks": 8, "follow_weeks": 6, "review_weeks": 3}
EN = Words.of("en")


def said(view: Any) -> str:
    return "\n".join(texts(view["blocks"]))


def privacy(office: Office, who: str) -> Any:
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    return office.slash(who, "privacy").views[-1]


def stored(office: Office, who: str) -> str:
    privacy(office, who)
    return said(office.practice.press(who, views.WHAT).views[-1])


def forget(office: Office, who: str) -> str:
    privacy(office, who)
    office.practice.press(who, views.FORGET)
    return said(office.practice.submit(who).views[-1])


# One promise


@pytest.mark.parametrize("name", ["README.md", "docs/privacy.md"])
def test_the_same_is_promised_in_writing(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert promise.as_markdown(EN) in text, f"{name} promises something else than the bot"


def test_the_form_promises_what_is_written(lite_office: Office) -> None:
    shown = said(privacy(lite_office, "priya"))
    for way in promise.WAYS:
        for part in (way.name, way.who, way.answer, way.stored):
            assert part in shown
    for sentence in promise.LIMITS:
        assert sentence in shown


def test_what_comes_after_the_word_is_not_taken(lite_office: Office) -> None:
    outcome = lite_office.slash("priya", "privacy of mine")
    assert outcome.views == []
    assert "privacy" in json.dumps(outcome.ephemerals)


def test_home_leads_to_the_promise(lite_office: Office) -> None:
    lite_office.practice.open_home("priya")
    lite_office.settle()
    opened = lite_office.practice.press("priya", views.OPEN)
    assert promise.WAYS[1].who in said(opened.views[-1])


# What is stored


def test_what_leads_to_a_person_is_listed_and_what_does_not_is_said(office: Office) -> None:
    raised(office)
    other = published(office, title="Event names differ")
    with office.sessions.begin() as session:
        acts.confirm(session, office.actor("priya"), other.id, kit=office.kit)
    shown = stored(office, "priya")
    assert "Releases reach us last (raised confidentially: your user id, sealed)" in shown
    assert "that it hits you too, or no more: Event names differ" in shown
    assert "Checkout (a user group says so)" in shown or "Checkout (a list says so)" in shown
    assert "Anonymous problems can't be listed here" in shown
    run_batch(office.sessions, office.kit, office.now, days=_batches(office))
    again = stored(office, "priya")
    assert "“Hits us too”: a code made from you" in again
    assert "Event names differ" in again
    assert "Releases reach us last" not in stored(office, "chidi")


def test_a_steward_reads_what_the_audit_trail_keeps(lite_office: Office) -> None:
    office = lite_office
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    shown = stored(office, "amara")
    assert "That you are a steward" in shown
    assert "you published a problem" in shown


def test_looking_at_what_is_stored_stores_nothing(lite_office: Office) -> None:
    office = lite_office
    raised(office)
    before = rows(office)
    stored(office, "priya")
    assert rows(office) == before
    assert office.id("priya") not in json.dumps(office.log)


def rows(office: Office) -> dict[str, list[str]]:
    with office.sessions.reading() as session:
        return {
            name: sorted(str(row) for row in session.execute(sa.select(table)))
            for name, table in Problem.metadata.tables.items()
        }


# Forgetting


def test_a_person_is_forgotten_and_told_what_stays_and_why(office: Office) -> None:
    problem = raised(office)
    asked = said_before(office, "priya")
    for why in views.STAYS.values():
        assert why in asked
    told = forget(office, "priya")
    assert "It is hidden now" in told
    assert "The problems that you raised stay" in told
    assert "Your team stays" in told
    assert "you are a steward stays" not in told
    shown = stored(office, "priya")
    assert "Releases reach us last" not in shown
    assert "hidden now, destroyed within a week" in shown
    assert "Releases reach us last" not in json.dumps(office.slash("priya", "mine").ephemerals)
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Erasure)) == 1
        assert session.get(Problem, problem.id) is not None


def said_before(office: Office, who: str) -> str:
    privacy(office, who)
    return said(office.practice.press(who, views.FORGET).views[-1])


def test_a_steward_who_is_forgotten_becomes_a_steward_without_a_name(lite_office: Office) -> None:
    office = lite_office
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    with office.sessions.begin() as session:
        session.scalars(sa.select(Team).where(Team.name == "Identity")).one().contact = office.id("amara")
    told = forget(office, "amara")
    assert "That you are a steward stays" in told
    assert "What you said for a team stays as the team's" in told
    assert "done by “a steward”" in told
    with office.sessions.reading() as session:
        assert {entry.steward for entry in session.scalars(sa.select(Audit))} == {None}
        assert session.scalars(sa.select(Team.contact).where(Team.contact.is_not(None))).all() == []


def test_a_steward_reads_of_hours_given_for_a_pilot_and_leaves_them_as_nobodys(lite_office: Office) -> None:
    office, week = lite_office, lite_office.now.date()
    mark = office.kit.sealing.mark_of("steward_hours", "7", office.id("amara"))
    with office.sessions.begin() as session:
        session.add(
            Pilot(id=7, question="?", decides="x", not_used_for="y", functions=[], lines={}, **_WEEKS)
        )
        session.flush()
        session.add(StewardHours(pilot_id=7, mark=mark, week=week, low=1, high=2))
    assert "How many hours you gave for a week of the pilot" in stored(office, "amara")
    forget(office, "amara")
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(StewardHours.mark)).one() != mark


def test_nothing_is_forgotten_before_the_step_that_asks(lite_office: Office) -> None:
    office = lite_office
    raised(office)
    before = rows(office)
    said_before(office, "priya")
    office.practice.close("priya", everything=True)
    assert rows(office) == before


def test_forgetting_writes_no_line_that_tells_who(lite_office: Office) -> None:
    office = lite_office
    raised(office)
    forget(office, "priya")
    assert office.id("priya") not in json.dumps(office.log)
    with office.sessions.reading() as session:
        for table in (Erasure, Inbox, Confirmation):
            for row in session.execute(sa.select(table.__table__)):
                assert office.id("priya") not in str(row)


# Views

_STORED = st.builds(
    Stored,
    kind=st.sampled_from(Kind),
    title=st.none() | hostile(200),
    team=st.none() | hostile(200),
    what=st.none() | st.sampled_from([*RaisedAs, *Act, "group", "list", "published", "a later act"]).map(str),
    at=st.none() | st.just(dt.datetime(2026, 11, 25, tzinfo=dt.UTC)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(_STORED, max_size=30), st.integers(0, 40))
def test_what_is_stored_stays_within_slacks_limits(several: list[Stored], times: int) -> None:
    check_view(views.stored_form(EN, several * times))


def test_the_promise_and_the_step_before_forgetting_stay_within_slacks_limits() -> None:
    check_view(views.promise_form(EN))
    check_view(views.forget_form(EN))
    assert len(views.forgotten(EN, list(Stays))) <= 3000


def test_every_text_comes_from_the_catalogue() -> None:
    words = Words.pseudo()
    several = [
        *[
            Stored(kind, title="DATA", team="DATA", at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
            for kind in Kind
        ],
        *[Stored(Kind.WAITING, title="DATA", what=act.value) for act in Act],
        *[Stored(Kind.RAISED, title="DATA", what=way.value) for way in RaisedAs],
    ]
    for view in (views.promise_form(words), views.stored_form(words, several), views.forget_form(words)):
        assert past_the_catalogue(view, data=["DATA"]) == []


def test_every_kind_of_row_and_everything_that_stays_has_words() -> None:
    for kind in Kind:
        assert len(views.stored_form(EN, [Stored(kind)])["blocks"]) == 4, kind
    assert set(views.STAYS) == set(Stays)


def test_every_act_of_the_audit_trail_has_words() -> None:
    """The acts are found where they are written: an act without words would be listed as one of another release."""
    core = Path(bot.core.__path__[0])
    source = "\n".join(path.read_text(encoding="utf-8") for path in core.rglob("*.py"))
    written = set(re.findall(r'\bnote\(\s*session,\s*\w+,\s*actor,\s*"(\w+)"', source))
    written |= set(re.findall(r'\bact(?:: str)? ?= ?"(\w+)"', source))
    assert {"taken_down", "published_early"} <= written
    for act in written:
        line = said(views.stored_form(EN, [Stored(Kind.ACT, what=act)]))
        assert "no words for" not in line, act


def test_there_are_words_for_everything_that_may_be_stored_of_a_person() -> None:
    assert set(views._HEADS) == set(Kind)
    assert {Act(each) for each in views._WAITING} == set(Act)
    by_stewards = {step.value for step, move in LIFECYCLE.items() if move.who is Role.STEWARD}
    # These two stand in the trail under names of their own.
    other_names = {Step.SET_RIGHT.value, Step.ASKED_MORE_TEAMS.value}
    assert by_stewards - other_names <= set(views._ACTS)


def test_whoever_empties_the_list_meets_a_limit_and_the_eleventh_person_a_way_out() -> None:
    pointing_views.refuse_more_than(pointing_views.MOST - 1)
    with pytest.raises(Refusal, match="please write to a steward"):
        pointing_views.refuse_more_than(pointing_views.MOST)
