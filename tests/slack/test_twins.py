"""Is it one of these? Over the wire, and its blocks against Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems import similar, triage
from bot.core.problems.records import Act, Inbox
from bot.core.problems.wording import Wording
from bot.slack.raising import check_views, twin_views
from bot.slack.raising.carried import Carried, Choices
from bot.slack.raising.given import Given, read_form
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import AMARA, published
from tests.slack import limits
from tests.slack.conftest import Office
from tests.slack.test_check_step import form_with, inbox, seen_in, shown

ENGLISH = Words.of("en")
TWIN = {
    "title": "Support hears about a new release last",
    "hardship": "For us this means that we learn of it when the tickets of customers come in.",
}
OTHER = {"title": "Reviews wait long", "hardship": "For us this means waiting."}


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "confirming", "help")


@pytest.fixture
def ident(lite_office: Office) -> int:
    """A published problem that this process and every other one can find."""
    with lite_office.sessions.begin() as session:
        made = published(session, lite_office.kit, lite_office.now).id
    similar.keep_up(lite_office.sessions, lite_office.bot.similar, lite_office.kit.randomness)
    return made


def waiting(office: Office) -> list[str]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Inbox.act)))


def the_button(view: Mapping[str, Any]) -> dict[str, Any]:
    (found,) = [each for each in limits.buttons(view["blocks"]) if "this_one" in each["action_id"]]
    return dict(found)


def test_a_near_twin_is_shown_before_anything_is_stored(lite_office: Office, ident: int) -> None:
    before = lite_office.log
    view = form_with(lite_office, "niamh", TWIN)
    said = shown(view)
    assert "Is it one of these?" in said
    assert "Customers hear about releases from us last" in said
    assert "“Hits us too” counts for your team" in said
    assert "confirm" not in the_button(view)
    labels = [each["text"]["text"] for each in limits.buttons(view["blocks"])]
    assert labels == ["This one hits us too", "Edit", "Send mine as it is"]
    assert waiting(lite_office) == []
    assert lite_office.log == before
    form_with(lite_office, "owen", OTHER)
    assert waiting(lite_office) == [Act.RAISE.value]
    lite_office.practice.assert_no_objections()


def test_it_is_this_one_says_hits_us_too_and_gives_the_own_words_back(
    lite_office: Office, ident: int
) -> None:
    form_with(lite_office, "niamh", TWIN)
    outcome = lite_office.practice.press("niamh", f"{twin_views.THIS_ONE}:{ident}")
    said = shown(outcome.views[-1])
    assert "Noted" in said
    assert "Your own words were not sent" in said
    assert TWIN["title"] in said
    assert TWIN["hardship"] in said
    assert waiting(lite_office) == [Act.CONFIRM.value]
    form_with(lite_office, "niamh", TWIN)
    again = lite_office.practice.press("niamh", f"{twin_views.THIS_ONE}:{ident}")
    assert "You have said so already" in shown(again.views[-1])
    assert waiting(lite_office) == [Act.CONFIRM.value]
    lite_office.practice.assert_no_objections()


def test_send_mine_as_it_is_keeps_the_own_words(lite_office: Office, ident: int) -> None:
    form_with(lite_office, "niamh", TWIN)
    outcome = lite_office.practice.press("niamh", check_views.AS_IT_IS)
    assert "*Heard.*" in shown(outcome.views[-1])
    (body,) = inbox(lite_office)
    assert body["title"] == TWIN["title"]
    lite_office.practice.assert_no_objections()


def test_an_anonymous_raiser_is_told_first_what_hits_us_too_keeps(lite_office: Office, ident: int) -> None:
    view = form_with(lite_office, "niamh", {**TWIN, "way": "anonymous"})
    assert "is not as anonymous as this form" in shown(view)
    assert "a code made from you" in the_button(view)["confirm"]["text"]["text"]
    assert waiting(lite_office) == []
    # Going another way leaves nothing of the person.
    lite_office.practice.press("niamh", check_views.AS_IT_IS)
    assert waiting(lite_office) == [Act.RAISE.value]
    assert "receipt" in inbox(lite_office)[0]
    lite_office.practice.assert_no_objections()


def test_one_that_was_closed_meanwhile_keeps_the_form_and_says_why(lite_office: Office, ident: int) -> None:
    form_with(lite_office, "niamh", TWIN)
    with lite_office.sessions.begin() as session:
        at = lite_office.now
        triage.close(session, AMARA, ident, "Announced ahead.", kit=lite_office.kit, at=at, news_at=at)
    outcome = lite_office.practice.press("niamh", f"{twin_views.THIS_ONE}:{ident}")
    view = outcome.views[-1]
    assert "This one is closed" in shown(view)
    assert "Is it one of these?" not in shown(view)
    assert read_form(view).wording.title == TWIN["title"]
    lite_office.practice.press("niamh", check_views.AS_IT_IS)
    assert waiting(lite_office) == [Act.RAISE.value]
    lite_office.practice.assert_no_objections()


def test_what_the_look_at_the_words_found_stands_below_the_twins(lite_office: Office, ident: int) -> None:
    words = {**TWIN, "hardship": TWIN["hardship"] + " Legal always sits on it."}
    said = shown(form_with(lite_office, "niamh", words))
    assert said.index("Is it one of these?") < said.index("Legal always sits on it")
    labels = [each["text"]["text"] for each in limits.buttons(lite_office.practice.view("niamh")["blocks"])]
    assert labels == ["This one hits us too", "Use these", "Edit", "Send mine as it is"]


@given(title=limits.hostile(), text=limits.hostile(3000), way=st.sampled_from(["confidential", "anonymous"]))
@settings(max_examples=40, deadline=None)
def test_any_twins_fit_into_a_form(title: str, text: str, way: str) -> None:
    twins = [Shown(id=n, title=title, hardship=text, number=n) for n in (1, 2, 2**31)]
    form = Given(Wording(title, text), Choices(way), Carried(receipt="1234567812345678"))
    view = check_views.found(ENGLISH, form, seen_in(form.texts), twins, noted="This one is closed.")
    limits.check_view(view)
    limits.check_view({**view, "blocks": twin_views.not_sent(ENGLISH, form.texts, tagged=True)})


def test_nothing_of_the_question_bypasses_the_catalogue() -> None:
    twin = Shown(id=1, title="A title", hardship="Hard.", number=3)
    for anonymous in (True, False):
        blocks = twin_views.asked(Words.pseudo(), [twin], anonymous=anonymous)
        assert limits.past_the_catalogue(blocks, data=["A title", "Hard.", "3"]) == []
