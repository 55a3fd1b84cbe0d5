"""Home's menus: what is picked travels with the view, goes by public facts, and is kept nowhere."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.core.outbox import Message
from bot.core.problems import acts, similar
from bot.core.problems.browsing import ANYTHING, Wanted
from bot.core.problems.rules import Verdict
from bot.core.refusal import Refusal
from bot.jobs.send import Sender
from bot.slack.cards import DETAILS
from bot.slack.client import Slack
from bot.slack.desk import forms
from bot.slack.desk import views as desk
from bot.slack.home.composing import view_for
from bot.slack.home.filter_views import BLOCK, FILTER, PAGE, read_page, read_wanted
from bot.slack.home.hearing_views import HEAR
from bot.slack.searching.views import ASK as SEARCH
from bot.slack.turn import Viewer
from tests.company import WORDS, published, raised
from tests.slack.conftest import Office


def titles(office: Office, who: str) -> list[str]:
    """The open problems that stand in somebody's Home, from the top."""
    blocks = office.practice.home(who)["blocks"]
    start = next(n for n, block in enumerate(blocks) if block.get("block_id") == BLOCK)
    rows = [block for block in blocks[start:] if block["type"] == "section" and "accessory" in block]
    return [row["text"]["text"].split("· ")[1].split("*")[0] for row in rows]


def test_a_reader_picks_turns_the_page_and_comes_back(lite_office: Office) -> None:
    office = lite_office
    with office.sessions.begin() as session:
        for number in range(1, 25):
            problem = published(session, office.kit, office.now, title=f"Problem {number}")
            problem.label = "F9" if number % 2 else "F1"
            problem.verdict = Verdict.NO_SINGLE_TEAM.value
    office.practice.open_home("kwame")
    assert titles(office, "kwame") == [f"Problem {n}" for n in range(24, 14, -1)]
    office.practice.choose("kwame", f"{FILTER}:label", "F9", "home")
    assert titles(office, "kwame") == [f"Problem {n}" for n in range(23, 3, -2)]
    office.practice.press("kwame", f"{PAGE}:older", "home")
    assert titles(office, "kwame") == ["Problem 3", "Problem 1"]
    office.practice.open_home("kwame")
    assert titles(office, "kwame")[0] == "Problem 23"  # what was picked stays picked
    office.practice.choose("kwame", f"{FILTER}:verdict", Verdict.TWO_TEAMS.value, "home")
    assert "Nothing open is left that fits." in json.dumps(office.practice.home("kwame"))
    office.practice.choose("kwame", f"{FILTER}:verdict", "any", "home")
    office.practice.choose("kwame", f"{FILTER}:label", "any", "home")
    assert titles(office, "kwame")[0] == "Problem 24"
    office.practice.open_home("priya")
    assert titles(office, "priya")[0] == "Problem 24"  # nobody else's menus


def _view(**picked: object) -> dict[str, object]:
    held = {f"{FILTER}:{name}": {"selected_option": {"value": value}} for name, value in picked.items()}
    return {"state": {"values": {BLOCK: held}}}


def test_what_is_picked_is_read_and_what_is_no_choice_refused() -> None:
    assert read_wanted(_view(label="F9", verdict="two_teams")) == Wanted("F9", verdict=Verdict.TWO_TEAMS)
    assert read_wanted(_view(label="any", age=None)) == read_wanted({}) == ANYTHING
    for wrong in ({"function": "x"}, {"function": str(2**64)}, {"verdict": "worst"}, {"age": "-1"}):
        with pytest.raises(Refusal):
            read_wanted(_view(**wrong))


def test_a_page_is_a_number() -> None:
    assert (read_page("newest"), read_page("before:12")) == (None, 12)
    with pytest.raises(Refusal):
        read_page("before:x")


def test_after_a_stewards_act_the_stewards_own_home_is_published_anew(lite_office: Office) -> None:
    office = lite_office
    with office.sessions.begin() as session:
        problem = published(session, office.kit, office.now, title="Releases reach us last")
        session.execute(sa.delete(Message))
    office.practice.open_home("amara")
    before = len(office.practice.calls("views.publish"))
    office.practice.press("amara", f"{DETAILS}:{problem.id}", "home")
    office.practice.press("amara", f"{desk.LOOK}:{problem.id}")
    office.practice.press("amara", desk.CLOSE)
    office.practice.submit("amara", {forms.SENTENCE: "It is gone since the new pipeline."})
    Sender(office.bot, Slack.at(office.practice.bot_token, office.practice.api_url, timeout=5)).run()
    assert "Releases reach us last" not in json.dumps(office.practice.home("amara"))
    published_for = [call["args"]["user_id"] for call in office.practice.calls("views.publish")[before:]]
    assert published_for == [office.id("amara")]
    with office.sessions.reading() as session:
        assert "home" not in session.scalars(sa.select(Message.kind)).all()


def test_a_raise_publishes_nobodys_home(lite_office: Office) -> None:
    lite_office.practice.open_home("priya")
    before = len(lite_office.practice.calls("views.publish"))
    with lite_office.sessions.begin() as session:
        acts.raise_confidential(session, lite_office.actor("priya"), WORDS, form="V1", kit=lite_office.kit)
        assert session.scalars(sa.select(Message)).all() == []
    assert len(lite_office.practice.calls("views.publish")) == before


def _sent(office: Office) -> int:
    """Send what is due now; how many direct messages Priya has."""
    Sender(office.bot, Slack.at(office.practice.bot_token, office.practice.api_url, timeout=5)).run()
    return sum(
        1
        for each in office.practice.calls("chat.postMessage")
        if each["args"]["channel"] == office.id("priya")
    )


def test_who_wants_to_hear_on_mondays_hears_on_monday_and_who_never_does_not(lite_office: Office) -> None:
    office = lite_office  # on a Wednesday
    office.practice.open_home("priya")
    for how, before, on_monday in (("mondays", 0, 1), ("never", 1, 1)):
        office.practice.press("priya", HEAR, "home")
        office.practice.submit("priya", {"how": how})
        office.practice.close("priya", everything=True)
        with office.sessions.begin() as session:
            office.kit.outbox.to_person(session, office.id("priya"), "news", {}, at=office.now)
        assert _sent(office) == before
        office.practice.move_clock(dt.timedelta(days=5).total_seconds())
        assert _sent(office) == on_monday
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Message)).all() == []


def test_words_are_searched_from_home(lite_office: Office) -> None:
    office = lite_office
    with office.sessions.begin() as session:
        published(session, office.kit, office.now, title="Releases reach us last")
    similar.keep_up(office.sessions, office.bot.similar, office.kit.randomness)
    office.practice.open_home("priya")
    office.practice.press("priya", SEARCH, "home")
    refused = office.practice.submit("priya", {"words": "\u2060 "})
    assert "a word or two" in str(refused.errors or refused.views)
    found = office.practice.submit("priya", {"words": "who hears of releases last"})
    assert "Releases reach us last" in str(found.views[-1])


def test_a_stewards_home_asks_as_often_of_many_problems_as_of_few(lite_office: Office) -> None:
    office = lite_office
    asked: list[str] = []
    event.listen(office.sessions.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def composed() -> int:
        viewer = Viewer(person=office.id("amara"), at=office.now, words=office.bot.words(), bot=office.bot)
        with office.sessions.reading() as session:
            session.connection()
            asked.clear()
            view_for(viewer, session)
        return len(asked)

    counts = []
    for number in range(1, 4):
        with office.sessions.begin() as session:
            for each in range(number):
                published(session, office.kit, office.now, title=f"Read {number} {each}")
                raised(session, office.kit, office.now, title=f"New {number} {each}")
        counts.append(composed())
    assert len(set(counts)) == 1
    assert counts[0] <= 30, "each is a round trip, with somebody waiting in front of a Home that is empty"
    assert not any("sealed_address IS NOT NULL" in each for each in asked)
