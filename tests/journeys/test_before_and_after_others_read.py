"""Whole stories of what happens to words: agreed on, answered by whom they touch, taken down, and given back."""

from __future__ import annotations

import re

from tests.journeys.stories import Somebody, Workplace, read

#: One of them answers for the team.
IDENTITY = ("soren", "mei", "dmitri", "aisha", "carlos", "hannah")
HARDSHIP = "For us this means that we answer questions about things that we have not seen."


def by_code(somebody: Somebody, code: str) -> str:
    somebody.done()
    somebody.types("receipt")
    return somebody.sends({"code": code})


def opens(somebody: Somebody, title: str) -> str:
    """The details, from Home."""
    somebody.presses(f"Details of: {title}")
    return somebody.reads


def test_an_anonymous_raiser_agrees_to_other_words_the_team_answers_and_both_are_read_side_by_side(
    office: Workplace,
) -> None:
    practice, steward, owen = office.practice, office.person("amara"), office.person("owen")
    first, title = "The login team lets everybody wait", "Sign-in changes wait about six weeks"
    said = "Two people review each of them. A list of what comes would let us plan."
    # By a message's shortcut, which nobody else sees; of the message nothing is kept.
    message = practice.say("kwame", "engineering", "Still waiting for sign-in, plover.").message
    assert message is not None
    practice.message_shortcut("owen", "raise_from_message", message)
    heard = owen.sends_own({"title": first, "hardship": HARDSHIP, "way": "anonymous"})
    if "Heard" not in heard:  # the check found a culprit in it, and does not block
        owen.presses("Send as it is")
        heard = owen.reads
    code = re.search(r"`((?:\d{4} ){3}\d{4})`", heard)
    assert code is not None, heard
    owen.done()
    office.night()
    steward.looks_at(first)
    steward.presses("Propose other words")
    steward.sends({"title": title, "hardship": HARDSHIP})
    assert "Words that wait for the raiser's yes" in steward.reads
    steward.done()
    office.night()
    assert title in by_code(owen, code[1])
    owen.presses("Yes, these")
    by_code(owen, code[1])
    owen.presses("No more questions")
    owen.done()
    assert first in read(steward.home())
    office.night()
    steward.looks_at(title)
    assert "Ask the raiser" not in str(steward.form)
    steward.presses("Who feels it, who changes")
    steward.sends({"needed_from": ["Identity"]})
    steward.presses("Ask the teams")
    steward.sends()
    assert "Asked teams have until" in steward.reads
    assert "Publish these words" not in steward.reads
    steward.done()
    team, reader = [office.person(each) for each in IDENTITY], office.person("tomasz")
    asked = office.until(
        lambda: next((each for each in team if each.messages), None), "nobody asked the team"
    )
    told = practice.dms(asked.handle)[-1]
    assert told["text"] == "Something waits for Identity."
    asked.presses("Open", at=told)
    assert title in asked.reads
    assert "will stand beside the problem" in asked.sends({"words": said})
    asked.done()
    assert title not in read(reader.home())
    steward.publishes(title)
    details = opens(reader, title)
    assert "What Identity says" in details
    assert said in details
    reader.done()
    assert said in by_code(owen, code[1])
    owen.done()
    assert owen.messages == []
    stored = office.stored()
    assert [each for each in (code[1].replace(" ", ""), "plover", first) if each in stored] == []
    assert owen.id not in office.log
    practice.assert_no_objections()


def test_words_that_point_at_somebody_are_taken_down_at_once_and_a_second_steward_gives_them_back(
    office: Workplace,
) -> None:
    title, why = "Every report is asked for twice", "These words are looked at again"
    steward, second, reader = office.person("amara"), office.person("jonas"), office.person("tomasz")
    office.person("marcus").raises(title, HARDSHIP, name=["show"])
    steward.publishes(title)
    office.person("priya").says_hits_us_too(title, "Nobody owns it")
    week = re.search(r"[Ww]eek (\d+)", office.week()["text"])
    assert week is not None

    def posted() -> str:
        (edition,) = office.editions(int(week[1]))
        return "\n".join(each["text"] for each in (edition, *office.thread(edition)))

    assert title in posted()
    number = re.search(rf"(\d+) · {title}", opens(steward, title))
    assert number is not None
    steward.presses("Look as a steward")
    steward.presses("Take it down now")
    steward.sends({"sentence": why})
    steward.done()
    office.until(lambda: title not in posted() and why in posted(), posted)
    shown = str(reader.whispered(f"show {number[1]}"))
    assert why in shown
    assert HARDSHIP not in shown
    second.looks_at(why)
    assert title in second.reads
    second.presses("Give them back")
    second.done()
    office.until(lambda: title in posted(), "the edition does not say it again")
    assert HARDSHIP in opens(reader, title)
    # Anybody may say that it points at them, without a reason, and is kept nowhere.
    reader.presses("This points at me")
    assert "It is down." in reader.sends()
    reader.done()
    office.until(lambda: title not in posted(), "the edition still says it")
    assert reader.id not in office.rows("problems", "withheld", "audit", "outbox", "inbox", "deliveries")
    assert reader.id not in office.log
    office.practice.assert_no_objections()
