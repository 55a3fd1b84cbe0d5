"""Whole stories: people use what they see, the bot runs as its own processes, and time passes."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Postgres
from tests.journeys.stories import (
    CHANNEL,
    COMMAND,
    INSIDE,
    NOW,
    PRIVATE,
    SIGNED_HTTP,
    SOCKET_MODE,
    Workplace,
    in_a_file,
    lost_to_a_screen_reader,
    read,
    workplace,
)

TITLE = "Customers hear about releases from us last"
HARDSHIP = "For us this means that we answer questions about things that we have not seen."


def a_problem_that_no_single_team_can_solve(office: Workplace, title: str) -> int:
    """Raised, published, felt in five teams and answered for; then the edition. The week's number."""
    office.person("niamh").raises(title, HARDSHIP)
    office.person("thuy").raises(f"{title}, and another thing", "For us this means a morning a week.")
    office.night()
    steward = office.person("amara")
    # Both: what is published before a steward's message goes out no longer waits for anybody.
    office.until(lambda: steward.messages and office.person("jonas").messages, "a steward heard nothing")
    assert title not in "\n".join(steward.messages)
    steward.publishes(f"{title}, and another thing")
    steward.publishes(title)
    answers = {
        "priya": ["Checkout", "Identity", "Support"],
        "soren": ["Checkout", "Identity", "Support"],
        "kwame": ["Checkout", "Platform", "Support", "Sales"],
        "sofia": ["Checkout", "Platform", "Support", "Sales"],
        "daniel": ["Checkout", "Platform", "Support", "Sales"],
    }
    for who, needed_from in answers.items():
        noted = office.person(who).says_hits_us_too(title, "Nobody owns it")
        assert "Monday's edition" in noted
        office.person(who).sets_right(title, needed_from, "Nobody's")
    before = office.person("tomasz")
    before.presses(f"Details of: {title}")
    assert "worked out with the next edition" in before.reads
    before.done()
    edition = office.week()
    said = edition["text"]
    assert "What no single team can solve" in said
    assert f"1. {title}. Many teams in several functions feel it" in said
    assert "3 to 4 teams would have to change" in said, said
    assert "nobody owns it" in said
    assert lost_to_a_screen_reader(edition) == set()
    return int(said.split("week ")[1].split()[0])


def test_five_teams_say_that_it_hits_them_too_and_the_edition_says_why_no_single_team_can_solve_it(
    office: Workplace,
) -> None:
    week = a_problem_that_no_single_team_can_solve(office, TITLE)
    edition = office.edition(week)
    thread = office.thread(edition)
    assert f"{TITLE}, and another thing" in "\n".join(each["text"] for each in thread)
    for each in (edition, *thread):
        for who in ("niamh", "priya", "soren", "kwame", "sofia", "daniel", "amara"):
            person = office.practice.person(who)
            assert person.id not in str(each)
            assert person.name.split()[0] not in each["text"]
    reader = office.person("tomasz")
    reader.presses("Details", at=edition)
    assert "*No single team*" in reader.reads
    assert "Fewer than ten people say that it hits them" in reader.reads
    reader.done()
    following = office.week()
    assert following["ts"] != edition["ts"]
    assert len(office.editions(week)) == 1
    assert [each["ts"] for each in office.thread(edition)] == [each["ts"] for each in thread]
    office.practice.assert_no_objections()


#: Of a problem's parts: its top-level text says the parts themselves, one after the other.
HEADINGS = "What it makes hard. Where this can be solved."
SUBS = {"help", "list", "mine", "show", "digest", "receipt", "teams"}
UNFIT = [
    "help me",
    "list all",
    "mine please",
    "show",
    "show nothing",
    "digest now",
    "receipt please",
    "lits",
    "foo",
    "12",
]


def test_every_sub_command_answers_to_one_person_alone_and_to_a_screen_reader(office: Workplace) -> None:
    steward, practice = office.person("amara"), office.practice
    before = [each["id"] for each in practice.places("abdul")], practice.messages("abdul", CHANNEL)
    whispered = practice.ephemerals("tomasz")
    helped = steward.whispered("help")
    known = re.findall(rf"`{COMMAND} (\w+)", helped["text"])
    assert set(known) >= SUBS
    assert "digest" not in re.findall(rf"`{COMMAND} (\w+)", office.person("abdul").whispered("help")["text"])
    for sub in known:
        outcome = steward.types(f"{sub} 1" if sub == "show" else sub)
        said = [*outcome.ephemerals, *outcome.opened]
        assert len(said) == 1, sub
        assert read(said[0]) or said[0]["text"], sub
        for whisper in outcome.ephemerals:
            assert lost_to_a_screen_reader(whisper, HEADINGS) == set(), sub
        steward.done()
    for unfit in UNFIT:
        whisper = steward.whispered(unfit)
        assert COMMAND in whisper["text"], unfit
        assert lost_to_a_screen_reader(whisper) == set(), unfit
        steward.presses("Raise it as a problem", at=whisper)
        assert steward.form is not None
        assert unfit in str(steward.form), unfit
        steward.done()
    assert "list" in steward.whispered("lits")["text"]
    words = "Reviews wait about three weeks"
    assert words in str(steward.types(words).views)
    steward.done()
    assert practice.ephemerals("tomasz") == whispered
    assert ([each["id"] for each in practice.places("abdul")], practice.messages("abdul", CHANNEL)) == before
    practice.assert_no_objections()


PROMPT = "Your reaction is visible here"


def prompts(office: Workplace, who: str) -> list[dict[str, Any]]:
    return [each for each in office.practice.ephemerals(who) if each["text"].startswith(PROMPT)]


def tags(office: Workplace, who: str, message: dict[str, Any]) -> dict[str, Any]:
    """Put the emoji on a message; the quiet prompt that comes."""
    before = len(prompts(office, who))
    assert office.practice.react(who, message, "jigsaw").ok
    office.until(lambda: len(prompts(office, who)) > before, "no prompt came")
    return prompts(office, who)[-1]


def says(office: Workplace, who: str, where: str, text: str) -> dict[str, Any]:
    message = office.practice.say(who, where, text).message
    assert message is not None
    return message


def test_a_tagged_message_is_put_in_words_and_a_second_person_s_tag_counts(office: Workplace) -> None:
    title = "The shared environment breaks every week"
    message = says(office, "kwame", "engineering", "It was down again from nine to eleven.")
    prompt = tags(office, "priya", message)
    assert prompt["channel"] == message["channel"]
    assert office.practice.react("soren", message, "jigsaw::skin-tone-3").ok
    office.until(lambda: not office.unsettled(), "a reaction is left")
    priya = office.person("priya")
    assert "Waiting for your words" in read(priya.home())
    priya.presses("Put it in words", at=prompt)
    assert "It was down" not in str(priya.form)
    assert "can read it now" in priya.sends_own({"title": title, "hardship": HARDSHIP})
    priya.done()
    assert "Waiting for your words" not in read(priya.home())
    office.person("amara").publishes(title)
    office.night()
    soren = office.person("soren")
    soren.presses(f"Details of: {title}")
    assert "Take it back" in soren.reads
    soren.done()
    assert prompts(office, "soren") == []
    assert "nine to eleven" not in office.stored()
    office.practice.assert_no_objections()


def test_taking_the_emoji_away_takes_the_tag_back_and_whoever_is_left_is_asked(office: Workplace) -> None:
    lena, chidi = office.person("lena"), office.person("chidi")
    message = says(office, "owen", "releases", "We heard of it from a customer.")
    prompt = tags(office, "lena", message)
    assert "Waiting for your words" in read(lena.home())
    assert office.practice.react("chidi", message, "jigsaw").ok
    assert office.practice.unreact("lena", message, "jigsaw").ok
    office.until(lambda: prompts(office, "chidi"), "nobody asked who is left")
    assert "Waiting for your words" not in read(lena.home())
    refused = lena.presses("Put it in words", at=prompt)
    assert len(refused.ephemerals) == 1
    assert refused.opened == []
    assert "Waiting for your words" in read(chidi.home())
    assert office.practice.unreact("chidi", message, "jigsaw").ok
    office.until(lambda: "Waiting for your words" not in read(chidi.home()), "the tag still waits")
    office.practice.assert_no_objections()


#: What the bot asks Slack itself, about a place that it was added to.
LOOK_UPS = {"conversations.info", "chat.getPermalink", "reactions.get", "conversations.members"}


def test_nothing_of_a_private_channel_reaches_anybody_outside_it(office: Workplace) -> None:
    practice, place = office.practice, office.practice.place(PRIVATE).id
    title = "Sign-in changes wait about six weeks"
    message = says(office, "rafael", place, "The heliotrope budget is gone until March.")
    prompt = tags(office, "yuki", message)
    assert practice.react("rafael", message, "jigsaw").ok
    office.until(lambda: not office.unsettled(), "a reaction is left")
    yuki, steward = office.person("yuki"), office.person("amara")
    yuki.presses("Put it in words", at=prompt)
    yuki.sends_own({"title": title, "hardship": HARDSHIP})
    yuki.done()
    before = len(practice.calls("views.open"))
    assert practice.message_shortcut("rafael", "raise_from_message", message).ok
    (his,) = practice.calls("views.open")[before:]
    assert "heliotrope" in str(his["args"])
    rafael = office.person("rafael")
    rafael.sends_own({"title": "Budgets are closed before teams know", "hardship": HARDSHIP})
    rafael.done()
    got = [steward.looks_at(title), str(steward.form)]
    steward.presses("Publish these words")
    steward.done()
    office.night()
    steward.publishes("Budgets are closed before teams know")
    edition = office.week()
    assert title in "\n".join(each["text"] for each in (edition, *office.thread(edition)))
    reader = office.person("tomasz")
    reader.presses(f"Details of: {title}")
    number = re.search(rf"(\d+) · {title}", reader.reads)
    assert number is not None
    got += [str(reader.form), str(reader.whispered("list")), str(reader.whispered(f"show {number[1]}"))]
    reader.done()
    everybody = [each["id"] for each in practice.people() if each["id"] != practice.bot.id]
    outside = set(everybody) - {practice.person(each).id for each in INSIDE}
    assert len(outside) == len(everybody) - 2
    got += [str(practice.snapshot(each)) for each in sorted(outside)]
    # What was asked of Slack or answered to it, but for look-ups and what those inside saw: prompts, his form.
    prompted = {practice.person(each).id for each in INSIDE}
    got += [
        str(call["args"])
        for call in practice.calls()
        if call["method"] not in LOOK_UPS
        and call["number"] != his["number"]
        and not (call["method"] == "chat.postEphemeral" and call["args"].get("user") in prompted)
    ]
    got += [str(attempt.body) for each in practice.deliveries() for attempt in each.attempts]
    got += [office.log]
    secrets = [place, PRIVATE, "heliotrope", message["ts"], message["ts"].replace(".", "")]
    assert [secret for secret in secrets for each in got if secret in each] == []
    stored = office.stored()
    assert [each for each in (PRIVATE, "heliotrope", "/archives/" + place) if each in stored] == []
    assert title in stored
    practice.assert_no_objections()


@pytest.mark.parametrize("way", [SOCKET_MODE, SIGNED_HTTP])
def test_what_was_said_before_between_and_while_the_bot_is_away_is_not_lost(
    way: str, tmp_path: Path, request: pytest.FixtureRequest, sqlite_template: Path
) -> None:
    """Over Socket Mode on SQLite, over signed HTTP on Postgres."""
    if way == SOCKET_MODE:
        url, drop = in_a_file(tmp_path, sqlite_template), None
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create()
        drop = server.drop
    with workplace(tmp_path, way, url) as office:
        loses_nothing(office)
    if drop is not None:
        drop(url)


def loses_nothing(office: Workplace) -> None:
    practice, steward, daniel = office.practice, office.person("amara"), office.person("daniel")
    office.person("niamh").raises(TITLE, HARDSHIP)
    office.crash()
    office.wait_until(NOW + dt.timedelta(days=1))  # past the batch hour
    message = says(office, "kwame", "engineering", "Down again.")
    practice.react("priya", message, "jigsaw", wait=False)
    office.start()
    office.until(lambda: steward.messages, "nobody made up for the batch")
    practice.move_clock(61)  # Slack sends the event once more
    office.until(lambda: prompts(office, "priya"), "the tag is lost")
    steward.publishes(TITLE)
    daniel.says_hits_us_too(TITLE, "Nobody owns it")
    for who, needed_from in (("sofia", ["Checkout", "Identity"]), ("daniel", ["Platform", "Identity"])):
        office.person(who).sets_right(TITLE, needed_from, "Nobody's")
    office.stop()
    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    office.wait_until(monday + dt.timedelta(hours=5))
    assert office.editions(48) == []
    office.start()
    edition = office.edition(48)
    assert TITLE in "\n".join(each["text"] for each in (edition, *office.thread(edition)))
    assert "This edition is late" in edition["text"]
    daniel.presses(f"Details of: {TITLE}")
    assert "Fewer than ten people say that it hits them" in daniel.reads
    daniel.done()
    assert "surprise" not in office.log
    # While it was away, Slack waited in vain.
    practice.assert_no_objections("failed_delivery", "late_ack")


def test_two_bots_on_one_postgres_post_an_edition_once(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create()
    with workplace(tmp_path, SOCKET_MODE, url, bots=2) as office:
        week = a_problem_that_no_single_team_can_solve(office, TITLE)
        edition = office.edition(week)
        thread = [each["text"] for each in office.thread(edition)]
        assert len(set(thread)) == len(thread)
        mornings = office.person("jonas").messages
        # One on the morning after they were raised, one on Monday, since their raisers have no answer yet.
        assert len(set(mornings)) == len(mornings) == 2, mornings
        office.week()
        assert len(office.editions(week)) == len(office.editions(week + 1)) == 1
        assert [each["text"] for each in office.thread(edition)] == thread
        assert "surprise" not in office.log
        assert all("the worker runs" in each.log for each in office.processes)
        office.practice.assert_no_objections()
    postgres.drop(url)
