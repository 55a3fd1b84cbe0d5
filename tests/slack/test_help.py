"""What the command answers to `help`, to words it does not know, and to arguments that don't fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.core.store import Sessions
from bot.slack.help import views
from bot.slack.turn import Listeners, SubCommand
from bot.words import Words
from tests.slack import limits
from tests.slack.conftest import Office, Opened, fill_company, listeners_of


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "reading", "teams", "examples")


def only(outcome: Any) -> dict[str, Any]:
    """The one message that the person alone saw, and nothing else happened."""
    assert outcome.ok
    assert outcome.views == []
    (whisper,) = outcome.ephemerals
    limits.check_message(whisper["text"], whisper["blocks"])
    return dict(whisper)


def test_the_help_says_what_a_further_emoji_counts_as_and_how_it_is_taken_back() -> None:
    text, blocks = views.overview(Words.of("en"), [], command="/problem", emoji="jigsaw", misconduct=None)
    for said in (text, str(blocks)):
        assert "counts as “hits us too”; taking it away takes that back" in said


def test_help_lists_every_sub_command_with_the_line_that_stands_with_it(lite_office: Office) -> None:
    said = only(lite_office.slash("niamh", "help"))["text"]
    for name, sub in lite_office.listeners.commands.items():
        assert f"`{lite_office.command} {sub.usage}`  {sub.about}" in said, name
    assert f"<#{lite_office.practice.place('people-help').id}>" in said
    lite_office.practice.assert_no_objections()


def test_help_knows_the_command_by_its_configured_name(open_office: Opened, lite: Sessions) -> None:
    office = open_office(lite)
    assert office.bot.settings.command == "/problem"
    text, blocks = views.overview(
        Words.of("en"),
        list(office.listeners.commands.values()),
        command="/hurdle",
        emoji="jigsaw",
        misconduct=None,
    )
    assert "/problem" not in text + json.dumps(blocks)


@pytest.fixture
def table() -> Listeners:
    listeners = listeners_of("raising", "help", "reading")
    desk = SubCommand("desk", "desk", "what waits for you", lambda _turn, _rest: None, stewards=True)
    listeners.command(desk)
    return listeners


def test_stewards_alone_read_of_what_is_theirs(open_office: Opened, lite: Sessions, table: Listeners) -> None:
    office = open_office(lite, table)
    fill_company(office)
    assert "what waits for you" in only(office.slash("amara", "help"))["text"]
    assert "what waits for you" not in only(office.slash("niamh", "help"))["text"]
    assert "desk" in only(office.slash("amara", "dsk"))["text"]
    assert "desk" not in only(office.slash("niamh", "dsk"))["text"]


def test_help_with_a_sub_command_shows_that_one(lite_office: Office) -> None:
    said = only(lite_office.slash("niamh", "help show"))["text"]
    assert "show N" in said
    assert "mine" not in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lst", "list"), ("hlep", "help"), ("MINES", "mine"), ("12", "show 12"), ("#12", "show 12")],
)
def test_a_lone_word_is_asked_back_with_the_nearest_sub_command(
    lite_office: Office, typed: str, meant: str
) -> None:
    said = only(lite_office.slash("niamh", typed))["text"]
    assert f"Did you mean `{lite_office.command} {meant}`?" in said


def test_a_lone_word_that_is_near_nothing_is_not_guessed_at(lite_office: Office) -> None:
    said = only(lite_office.slash("niamh", "kubernetes"))["text"]
    assert "I don't know “kubernetes”" in said
    assert "Did you mean" not in said


def test_a_lone_word_that_was_a_problem_opens_the_form_by_a_button(lite_office: Office) -> None:
    whisper = only(lite_office.slash("niamh", "kubernetes"))
    view = lite_office.practice.press("niamh", "raise.open_again", at=whisper).views[-1]
    assert '"initial_value": "kubernetes"' in json.dumps(view)


def test_two_words_are_a_problem(lite_office: Office) -> None:
    outcome = lite_office.slash("niamh", "flaky tests")
    assert outcome.ephemerals == []
    assert '"initial_value": "flaky tests"' in json.dumps(outcome.views[-1])


def test_a_sentence_without_spaces_is_a_problem(lite_office: Office) -> None:
    outcome = lite_office.slash("yuki", "リリースの知らせが遅い")
    assert "リリースの知らせが遅い" in json.dumps(outcome.views[-1], ensure_ascii=False)


@pytest.mark.parametrize(
    "typed",
    [
        "help me please",
        "list of releases is wrong",
        "mine all",
        "teams never tell us",
        "examples of it",
        "show",
        "show me",
        "show 1 2",
        "show 99999999999999",
    ],
)
def test_arguments_that_do_not_fit_get_usage_and_a_way_out(lite_office: Office, typed: str) -> None:
    whisper = only(lite_office.slash("niamh", typed))
    assert "not how this one is used" in whisper["text"]
    view = lite_office.practice.press("niamh", "raise.open_again", at=whisper).views[-1]
    assert f'"initial_value": "{typed}"' in json.dumps(view)
    lite_office.practice.assert_no_objections()


@pytest.mark.parametrize("said", limits.HOSTILE)
def test_hostile_words_are_answered_without_doing_anything(lite_office: Office, said: str) -> None:
    outcome = lite_office.slash("niamh", said)
    assert outcome.ok
    for whisper in outcome.ephemerals:
        limits.check_message(whisper["text"], whisper["blocks"])
    lite_office.practice.assert_no_objections()


def test_nothing_bypasses_the_catalogue() -> None:
    words = Words.pseudo()
    subs = list(listeners_of("raising", "help", "reading").commands.values())
    data = ("/problem", ":jigsaw:", "jigsaw", *(sub.usage for sub in subs if sub.usage), "flaky")
    for text, blocks in (
        views.overview(words, subs, command="/problem", emoji="jigsaw", misconduct=None),
        views.usage(words, subs[0], command="/problem", said="flaky"),
        views.unknown(words, "flaky", "list", command="/problem"),
        views.unknown(words, "flaky", None, command="/problem"),
    ):
        assert limits.past_the_catalogue(text, data=data) == []
        assert limits.past_the_catalogue(blocks, data=data) == []
