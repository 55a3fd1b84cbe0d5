"""Whole stories of people who are not named: what they are asked, how they answer, and how they are forgotten."""

from __future__ import annotations

import re

import sqlalchemy as sa

from bot.core.problems.records import Problem
from tests.journeys.stories import Somebody, Workplace, read

HARDSHIP = "For us this means that we answer questions about things that we have not seen."


def reads_by_code(somebody: Somebody, code: str) -> str:
    """The form that a code opens."""
    somebody.done()
    somebody.types("receipt")
    return somebody.sends({"code": code})


def asks_the_raiser(steward: Somebody, title: str, question: str) -> None:
    steward.looks_at(title)
    steward.presses("Ask the raiser")
    assert question in steward.sends({"sentence": question})
    steward.done()


def test_an_anonymous_raiser_and_the_stewards_talk_by_a_code_and_nobody_learns_who_it_is(
    office: Workplace,
) -> None:
    title, question, answer = "Event names differ by team", "Since when is it so?", "Since last spring."
    steward, marcus = office.person("amara"), office.person("marcus")
    said = marcus.raises(title, HARDSHIP, way="anonymous")
    code = re.search(r"`((?:\d{4} ){3}\d{4})`", said)
    assert code is not None, said
    office.night()
    asks_the_raiser(steward, title, question)
    office.night()
    assert question in reads_by_code(marcus, code[1].replace(" ", ""))
    assert "is taken" in marcus.sends({"answer": answer})
    marcus.done()
    assert answer not in steward.looks_at(title)
    steward.done()
    office.night()
    assert "where the raiser has written" in read(steward.home())
    assert answer in steward.looks_at(title)
    steward.presses("Publish these words")
    steward.done()
    marcus.types("receipt")
    assert not office.practice.submit("marcus", {"code": "0000 0000 0000 0000"}).ok
    marcus.done()
    assert "It is published" in reads_by_code(marcus, code[1])
    marcus.done()
    assert marcus.messages == []
    assert title not in marcus.whispered("mine")["text"]
    kept = [office.stored(), office.log]
    for secret in (code[1], code[1].replace(" ", ""), code[1].replace(" ", "-")):
        assert [secret in each for each in kept] == [False, False]
    assert marcus.id not in office.log
    office.practice.assert_no_objections()


def test_a_confidential_raiser_answers_by_direct_message_and_is_forgotten_when_asking(
    office: Workplace,
) -> None:
    title, question, answer = "Two trackers are linked by hand", "Which ones?", "The old and the new one."
    steward, agnes = office.person("amara"), office.person("agnes")
    agnes.raises(title, HARDSHIP)
    office.night()
    asks_the_raiser(steward, title, question)
    assert agnes.messages == []
    office.night()
    office.until(lambda: agnes.messages, "the raiser heard nothing")
    news = office.practice.dms("agnes")[-1]
    assert title not in str(news)
    assert question not in str(news)
    agnes.presses("Open", at=news)
    agnes.presses(f"Open: {title}")
    assert question in agnes.reads
    agnes.sends({"answer": answer})
    agnes.done()
    office.night()
    assert answer in steward.looks_at(title)
    assert agnes.id not in str(steward.form)
    steward.presses("Publish these words")
    steward.done()
    siobhan, reader, named = office.person("siobhan"), office.person("tomasz"), "Pricing goes live in pieces"
    assert "can read it now" in siobhan.raises(named, HARDSHIP, name=["show"])
    steward.publishes(named)
    assert siobhan.id in details(reader, named)
    edition = office.week()
    assert siobhan.id not in str([edition, *office.thread(edition)])
    assert addresses(office, title, named) == {title: (True, None), named: (False, siobhan.id)}
    for person, theirs in ((agnes, title), (siobhan, named)):
        assert theirs in person.whispered("mine")["text"]
        assert theirs in stored_about(person)
        assert "It is hidden now" in forgotten(person)
        assert theirs not in person.whispered("mine")["text"]
    assert siobhan.id not in details(reader, named)
    office.stop()
    office.start()  # the sweep runs at every start, and weekly after it
    office.until(
        lambda: addresses(office, title, named) == {title: (False, None), named: (False, None)},
        lambda: f"an address is left: {addresses(office, title, named)}",
    )
    assert title in details(reader, title)
    office.practice.assert_no_objections()


def details(reader: Somebody, title: str) -> str:
    reader.presses(f"Details of: {title}")
    said = reader.reads
    reader.done()
    return said


def stored_about(somebody: Somebody) -> str:
    somebody.types("privacy")
    somebody.presses("What is stored about me")
    said = somebody.reads
    somebody.done()
    return said


def forgotten(somebody: Somebody) -> str:
    somebody.types("privacy")
    somebody.presses("Forget me")
    said = somebody.sends()
    somebody.done()
    return said


def addresses(office: Workplace, *titles: str) -> dict[str, tuple[bool, str | None]]:
    """Of each problem whether a sealed address is kept, and whose name."""
    with office.sessions.reading() as session:
        rows = session.execute(sa.select(Problem.title, Problem.sealed_address, Problem.raiser))
        return {title: (sealed is not None, who) for title, sealed, who in rows if title in titles}
