"""On a steward's look: what may be the same, published or not, and a way from one to the other."""

from __future__ import annotations

import json

from bot.core.problems import acts, similar
from bot.core.problems.wording import Wording
from bot.slack.desk import look_views, views
from bot.slack.desk.look_views import Around
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import published
from tests.slack import limits
from tests.slack.conftest import Office


def test_a_steward_sees_what_may_be_the_same_and_goes_there_and_back(lite_office: Office) -> None:
    practice = lite_office.practice
    with lite_office.sessions.begin() as session:
        there = published(session, lite_office.kit, lite_office.now).id
        wording = Wording("Support hears about a new release last", "Tickets of customers tell us.")
        waits = acts.raise_named(
            session,
            lite_office.actor("priya"),
            wording,
            form="f",
            kit=lite_office.kit,
            at=lite_office.now,
        )
        assert waits is not None
    similar.keep_up(lite_office.sessions, lite_office.bot.similar, lite_office.kit.randomness)
    practice.open_home("amara")
    lite_office.settle()
    practice.press("amara", f"{views.LOOK}:{waits.id}")
    look = practice.view("amara")
    assert "Perhaps the same" in json.dumps(look)
    practice.press("amara", f"{views.LOOK}:{there}")
    other = practice.view("amara")
    assert other["id"] == look["id"], "in its place, since Slack holds three forms on each other"
    assert "Customers hear about releases from us last" in json.dumps(other)
    assert f"{views.LOOK}:{waits.id}" in json.dumps(other), "one that waits is told to stewards"
    practice.press("amara", f"{views.LOOK}:{waits.id}")
    assert f"{views.LOOK}:{there}" in json.dumps(practice.view("amara"))
    practice.assert_no_objections()


def test_many_similar_ones_with_long_titles_fit() -> None:
    others = [Shown(id=n, title="<!channel> *x* " * 200, state="new") for n in range(1, 6)]
    form = look_views.look_form(
        Words.of("en"), Shown(id=9, title="A title"), Around("Raised.", similar=others), command="/problem"
    )
    limits.check_view(form)
