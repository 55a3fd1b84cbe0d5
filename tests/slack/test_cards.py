"""A problem is shown in plain words, within Slack's limits, whatever it holds."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems.breadth_rules import Band, Breadth
from bot.core.problems.records import Problem, RaisedAs, State
from bot.core.problems.rules import Finding, Mechanism, Ownership, Verdict, WhyEarly
from bot.slack import cards
from bot.slack.cards import card, card_text, line
from bot.slack.explaining import explanation, plain_explanation, reasons
from bot.slack.shown import Named, Shown
from bot.slack.text import TEXT
from bot.words import Words
from tests.slack.limits import buttons, check_blocks, check_message, hostile, past_the_catalogue, texts

EN = Words.of("en")
JARGON = re.compile(r"\b(verdict|mechanism|confirm|effective|score|band|incentive|commons)", re.IGNORECASE)
FULL = Finding(
    verdict=Verdict.NO_SINGLE_TEAM,
    likely=False,
    teams=Breadth.MANY,
    functions=Breadth.SEVERAL,
    band=Band.TEN_TO_NINETEEN,
    needed_low=3,
    needed_high=4,
    ownership=Ownership.NOBODY,
    attempts=2,
    not_ours=0,
    came_back=1,
    mechanism=Mechanism.INCENTIVE,
    hours=(30.0, 60.0),
    why_early=None,
)
BARE = Finding(
    verdict=Verdict.TOO_EARLY,
    likely=False,
    teams=None,
    functions=None,
    band=Band.FEWER_THAN_TEN,
    needed_low=None,
    needed_high=None,
    ownership=None,
    attempts=0,
    not_ours=0,
    came_back=0,
    mechanism=None,
    hours=None,
    why_early=WhyEarly.SECOND_PERSON,
)
RELEASES = Shown(
    id=7,
    number=12,
    title="Customers hear about releases from us last",
    hardship="For us this means that tickets tell us what was shipped.",
    finding=FULL,
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Every finding that can be, and many that can't."""
    verdict = draw(st.sampled_from(Verdict))
    early = verdict is Verdict.TOO_EARLY
    needed = draw(st.none() | st.tuples(st.integers(1, 300), st.integers(0, 300)))
    hours = draw(
        st.none() | st.tuples(st.sampled_from([0, 1, 1.5, 30, 80_000]), st.sampled_from([0, 1, 15.0]))
    )
    return Finding(
        verdict=verdict,
        likely=draw(st.booleans()) and not early,
        teams=draw(st.none() | st.sampled_from(Breadth)),
        functions=draw(st.none() | st.sampled_from(Breadth)),
        band=draw(st.sampled_from(Band)),
        needed_low=needed[0] if needed else None,
        needed_high=sum(needed) if needed else None,
        ownership=draw(st.none() | st.sampled_from(Ownership)),
        attempts=draw(st.integers(0, 200)),
        not_ours=draw(st.integers(0, 200)),
        came_back=draw(st.integers(0, 200)),
        mechanism=draw(st.none() | st.sampled_from(Mechanism)),
        hours=(hours[0], hours[0] + hours[1]) if hours else None,
        why_early=draw(st.sampled_from(WhyEarly)) if early else None,
    )


MERGED = st.builds(Named, id=st.integers(1, 2**63 - 1), title=hostile(200), number=st.integers(1, 2**31 - 1))


def problems(*, most: int = 3000) -> st.SearchStrategy[Shown]:
    return st.builds(
        Shown,
        id=st.integers(1, 2**63 - 1),
        number=st.none() | st.integers(1, 2**31 - 1),
        title=hostile(200),
        hardship=hostile(most),
        tried=st.just("") | hostile(most),
        guardrails=st.just("") | hostile(most),
        label=st.none() | hostile(80),
        state=st.sampled_from([state.value for state in State]),
        finding=st.none() | findings(),
        overruled_because=st.none() | hostile(most),
        closing=st.none() | hostile(most),
        permalink=st.sampled_from(
            [None, "https://practice.slack.com/archives/C0PUBLIC/p1700000000000100", "javascript:x|<!here>"]
        ),
        name=st.sampled_from([None, "U0AMARA", "<!here>"]),
        beside=st.lists(st.tuples(hostile(200), hostile(500)), max_size=4).map(tuple),
        early=st.lists(hostile(500), max_size=2).map(tuple),
        merged=st.booleans(),
        goes_on=st.none() | MERGED,
        also=st.lists(MERGED, max_size=12).map(tuple),
    )


# The words


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            FULL,
            (
                "*No single team*: many teams in several functions feel it; 3 to 4 teams would have to change; "
                "nobody owns it; tried twice; came back. Why it stays: nobody gains enough alone. "
                "About 30 to 60 hours a week."
            ),
        ),
        (
            replace(FULL, verdict=Verdict.ONE_CARRIES, teams=Breadth.ONE, functions=Breadth.ONE, hours=None),
            (
                "*No single team (one carries it, many would have to change)*: one team feels it; 3 to 4 teams "
                "would have to change; nobody owns it; tried twice; came back. "
                "Why it stays: nobody gains enough alone."
            ),
        ),
        (
            replace(
                BARE,
                verdict=Verdict.TEAM_LOCAL,
                why_early=None,
                teams=Breadth.ONE,
                needed_low=1,
                needed_high=1,
                ownership=Ownership.ONE_TEAM,
            ),
            "*One team, by itself*: one team feels it; only that team would have to change; one team owns it.",
        ),
        (
            replace(
                BARE,
                verdict=Verdict.ONE_OWNER_MANY_WAITING,
                likely=True,
                why_early=None,
                teams=Breadth.SEVERAL,
                functions=Breadth.TWO,
                needed_low=1,
                needed_high=1,
                ownership=Ownership.ONE_BUT_CANNOT,
                not_ours=3,
                hours=(0.0, 3.0),
            ),
            (
                "*Likely one owner, many waiting*: several teams in two functions feel it; one team would have to "
                "change; one team owns it and can't change it alone; passed on 3 times. Up to 3 hours a week."
            ),
        ),
        (
            BARE,
            (
                "*Too early to tell*: it is not known yet which teams feel it. It takes one more person whom it "
                "hits, or the word of another team that it doesn't."
            ),
        ),
        (
            replace(BARE, teams=Breadth.TWO, why_early=WhyEarly.SECOND_TEAM),
            (
                "*Too early to tell*: two teams feel it. It takes people of two teams who say who would have to "
                "change."
            ),
        ),
        (
            replace(BARE, teams=Breadth.ONE, why_early=WhyEarly.TWO_OTHERS_ASKED),
            (
                "*Too early to tell*: one team feels it. It takes the word of two other teams on whether it hits "
                "them."
            ),
        ),
    ],
    ids=lambda value: value.verdict.value if isinstance(value, Finding) else "",
)
def test_one_line_says_where_it_can_be_solved_and_why(finding: Finding, said: str) -> None:
    assert explanation(EN, finding) == said


def test_a_stewards_own_word_stands_with_its_sentence() -> None:
    finding = replace(FULL, verdict=Verdict.TWO_TEAMS, mechanism=None, hours=None, attempts=0, came_back=0)
    assert explanation(EN, finding, "Both sides *share* one\ninterface.") == (
        "*Two teams, between them*: many teams in several functions feel it; 3 to 4 teams would have to change; "
        "nobody owns it. The stewards place it here: “Both sides \u2060*\u2060share\u2060*\u2060 one interface.”"
    )
    early = explanation(EN, BARE, "We wait for the new release.")
    assert "It takes" not in early, "what a steward decided does not wait for anybody's word"


def test_a_heading_above_takes_the_first_words() -> None:
    assert reasons(EN, replace(FULL, hours=(1.0, 1.0), mechanism=None, attempts=0, came_back=3)) == (
        "Many teams in several functions feel it; 3 to 4 teams would have to change; nobody owns it; "
        "came back 3 times. About 1 hour a week."
    )


@given(findings(), st.none() | hostile(3000))
def test_every_finding_has_a_line(finding: Finding, sentence: str | None) -> None:
    said = explanation(EN, finding, sentence)
    assert re.match(r"\*[^*]+\*: ", said)
    assert len(said) <= 1500
    ours = explanation(EN, finding)
    assert not JARGON.search(ours)
    assert not re.search(r"None|!|  |\.\.|;;", ours)
    assert plain_explanation(EN, finding, sentence) == said.replace("*", "", 2)
    assert past_the_catalogue(explanation(Words.pseudo(), finding)) == []


def test_every_word_of_a_finding_is_told_apart() -> None:
    """A table that says two values with the same words would hide one."""
    for field, values in {
        "verdict": list(Verdict),
        "teams": [None, *Breadth],
        "functions": [None, *Breadth],
        "ownership": [None, *Ownership],
        "mechanism": [None, *Mechanism],
        "attempts": [0, 1, 2, 3, 4],
        "not_ours": [0, 1, 2, 3, 4],
        "came_back": [0, 1, 2, 3, 4],
        "hours": [None, (0.0, 1.0), (1.0, 1.0), (1.0, 2.0), (2.0, 2.0)],
        "likely": [False, True],
        "why_early": list(WhyEarly),
    }.items():
        said = [explanation(EN, replace(FULL, **{field: value})) for value in values]  # type: ignore[arg-type]
        assert len(set(said)) == len(said), (field, said)


@given(findings())
def test_nothing_finer_than_the_finding_shows(finding: Finding) -> None:
    """The numbers in a line are those that may be shown, and no others."""
    allowed = {finding.needed_low, finding.needed_high, finding.attempts, finding.not_ours, finding.came_back}
    allowed |= {round(hours) for hours in finding.hours or ()}
    assert {int(number) for number in re.findall(r"\d+", explanation(EN, finding))} <= allowed


# The card


def test_a_card_s_text_keeps_to_its_room_where_every_character_is_escaped() -> None:
    long = "&" * 3000
    said = replace(RELEASES, title=long, hardship=long, tried=long, guardrails=long, closing=long)
    text = card_text(EN, replace(said, finding=FULL, overruled_because=long, name="U0AMARA"))
    assert 0.8 * TEXT < len(text) <= TEXT
    assert text.count("&") == text.count("&amp;")


@settings(deadline=None)
@given(problems(), st.booleans(), st.booleans())
def test_a_card_fits_in_a_message(problem: Shown, confirmed: bool, own: bool) -> None:
    blocks = card(EN, problem, command="/problem", confirmed=confirmed, own=own)
    check_message(card_text(EN, problem), blocks)


@given(problems(), st.booleans(), st.booleans())
def test_a_whole_card_fits_in_a_form(problem: Shown, confirmed: bool, own: bool) -> None:
    blocks = card(EN, problem, command="/problem", confirmed=confirmed, own=own, whole=True)
    assert len(blocks) <= 90
    check_blocks(blocks, None)


def test_a_whole_card_keeps_every_word() -> None:
    long = " ".join(f"word{number}&" for number in range(300))
    problem = replace(
        RELEASES, hardship=long, tried=long, guardrails=long, closing=long, overruled_because=long
    )
    said = "\n".join(texts(card(EN, problem, command="/problem", whole=True)))
    assert all(said.count(f"word{number}&amp;") >= 5 for number in range(300))


def test_a_card_that_was_shortened_says_where_all_of_it_is() -> None:
    short = card(EN, RELEASES, command="/problem")
    long = card(EN, replace(RELEASES, hardship="word " * 500), command="/problem")
    assert [b["text"]["text"] for b in buttons(short)] == ["Hits us too", "Not right?", "We can help"]
    assert [b["text"]["text"] for b in buttons(long)] == [
        "Hits us too",
        "Details",
        "Not right?",
        "We can help",
    ]
    assert "Shortened here; *Details* shows all of it." in texts(long)


@pytest.mark.parametrize(
    ("problem", "reader", "offered"),
    [
        (RELEASES, {}, ["Hits us too", "Not right?", "We can help"]),
        (RELEASES, {"confirmed": True}, ["Take it back", "Not right?", "We can help"]),
        (RELEASES, {"own": True}, ["Not right?", "We can help"]),
        (replace(RELEASES, state="resting"), {}, ["Hits us too", "Not right?", "We can help"]),
        (replace(RELEASES, state="closed", closing="Done."), {}, []),
        (replace(RELEASES, state="tagged"), {}, []),
    ],
)
def test_a_reader_is_offered_what_can_be_done(
    problem: Shown, reader: dict[str, bool], offered: list[str]
) -> None:
    made = buttons(card(EN, problem, command="/problem", **reader))
    assert [b["text"]["text"] for b in made] == offered
    assert all(b["value"] == "7" and "Customers hear" in b["accessibility_label"] for b in made)


def test_a_card_says_who_can_read_it_and_a_name_only_where_it_was_chosen() -> None:
    public = "\n".join(texts(card(EN, replace(RELEASES, name="U0AMARA"), command="/problem")))
    waiting = "\n".join(texts(card(EN, replace(RELEASES, number=None, state="new"), command="/problem")))
    assert "Everybody in this workspace can read this." in public
    assert "Raised by <@U0AMARA>, who chose to say so." in public
    assert "The stewards and whoever raised it can read this, and nobody else." in waiting
    assert "Raised by" not in waiting


def test_what_an_asked_team_says_stands_beside_the_problem() -> None:
    made = replace(RELEASES, beside=(("Identity", "We can say it a week ahead."),), early=("It can't wait.",))
    for said in ("\n".join(texts(card(EN, made, command="/problem"))), card_text(EN, made)):
        assert "What Identity says" in said
        assert "We can say it a week ahead." in said
    assert "It can't wait." in "\n".join(texts(card(EN, made, command="/problem", whole=True)))


def test_a_cards_text_says_all_that_its_blocks_say_in_their_order() -> None:
    other = Named(8, "Releases surprise Sales", number=9)
    made = replace(
        RELEASES,
        tried="A mail to all.",
        guardrails="Slow releases down.",
        beside=(("Identity", "We can say it a week ahead."),),
        early=("It can't wait.",),
        also=(other,),
        name="U0AMARA",
        label="Launches",
    )
    bare = str.maketrans("", "", "*")
    blocks = [block for block in card(EN, made, command="/problem") if block["type"] != "actions"]
    shown = [each.translate(bare) for said in texts(blocks) for each in said.split("\n") if said != "Details"]
    at, text = -1, card_text(EN, made)
    for each in shown:
        if each in ("What it makes hard", "Where this can be solved"):
            continue  # headings whose lines say it alone
        assert text.find(each.rstrip(":"), at + 1) > at, each
        at = text.find(each.rstrip(":"), at + 1)
    unread = replace(RELEASES, finding=None)
    assert "Where this can be solved: That is worked out with the next edition" in card_text(EN, unread)
    assert buttons(card(EN, unread, command="/problem"))[1]["text"]["text"] == "Who would have to change?"


def test_what_was_taken_down_says_what_becomes_of_it_and_offers_nothing() -> None:
    made = replace(RELEASES, title="It named a person.", hardship="", state="taken_down")
    said = "\n".join(texts(card(EN, made, command="/problem")))
    assert "A second steward looks at the words" in said
    assert "Everybody in this workspace can read this." in said
    assert buttons(card(EN, made, command="/problem")) == []


def test_a_stewards_own_look_offers_no_vote() -> None:
    assert buttons(card(EN, RELEASES, command="/problem", voting=False)) == []


def test_a_closed_card_says_what_to_do_when_it_is_still_there() -> None:
    closed = card(EN, replace(RELEASES, state="closed", closing="We look again in March."), command="/pain")
    said = "\n".join(texts(closed))
    assert "*Closed by the stewards*\nWe look again in March." in said
    assert "Still in your way? Raise it again with `/pain`: that counts as coming back." in said


@given(problems(most=300))
def test_every_text_of_a_card_comes_from_the_catalogue(problem: Shown) -> None:
    bare = replace(
        problem,
        title="DATA",
        hardship="DATA",
        tried=problem.tried and "DATA",
        guardrails=problem.guardrails and "DATA",
        closing=problem.closing and "DATA",
        overruled_because=problem.overruled_because and "DATA",
        label=problem.label and "DATA",
        beside=tuple([("DATA", "DATA") for _ in problem.beside]),
        early=tuple(["DATA" for _ in problem.early]),
    )
    pseudo = Words.pseudo()
    assert past_the_catalogue(card(pseudo, bare, command="/problem"), data=["DATA"]) == []
    assert past_the_catalogue(card_text(pseudo, bare), data=["DATA"]) == []
    assert past_the_catalogue(line(pseudo, bare), data=["DATA"]) == []


# The line


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (RELEASES, "*12 · Customers hear about releases from us last*: no single team"),
        (
            replace(RELEASES, finding=None),
            (
                "*12 · Customers hear about releases from us last*: where it can be solved is worked out with the "
                "next edition"
            ),
        ),
        (
            replace(RELEASES, number=None, state="new"),
            "*Customers hear about releases from us last*: with the stewards",
        ),
        (replace(RELEASES, state="closed"), "*12 · Customers hear about releases from us last*: closed"),
        (replace(RELEASES, title="", number=None, state="tagged"), "*Not in words yet*: a tag on a message"),
    ],
)
def test_a_line_for_a_list_says_where_it_stands(problem: Shown, said: str) -> None:
    assert line(EN, problem) == said


@given(problems())
def test_a_line_is_one_line(problem: Shown) -> None:
    said = line(EN, problem)
    assert "\n" not in said
    assert len(said) <= 600


# From a row


def row(**values: Any) -> Problem:
    given: dict[str, Any] = {
        "id": 7,
        "number": 12,
        "raised_as": RaisedAs.NAMED.value,
        "raiser": "U0RAISER",
        "state": State.OPEN.value,
        "raised_week": dt.date(2026, 11, 16),
        "title": "Title",
        "hardship": "Hardship",
        "tried": "",
        "guardrails": "",
        "label": None,
        "closing": None,
        "finding": None,
    }
    return Problem(**{**given, **values})


def test_a_name_is_shown_from_publication_on_and_only_where_it_was_chosen() -> None:
    assert Shown.of(row()).name == "U0RAISER"
    assert Shown.of(row(state=State.NEW.value, number=None)).name is None
    for raised_as, state in itertools.product(RaisedAs, State):
        made = Shown.of(row(raised_as=raised_as.value, state=state.value))
        assert made.name is None or (raised_as is RaisedAs.NAMED and made.published)


def test_what_an_edition_knew_is_what_is_shown() -> None:
    stored = {
        "verdict": "two_teams",
        "likely": False,
        "teams": "two",
        "functions": None,
        "band": "5-9",
        "needed_low": None,
        "needed_high": None,
        "ownership": None,
        "attempts": 0,
        "not_ours": 0,
        "came_back": 0,
        "mechanism": None,
        "hours": None,
        "why_early": None,
        "because": "One interface.",
    }
    made = Shown.of(row(finding=stored, overrule_sentence="Written since, and in no edition yet."))
    assert made.overruled_because == "One interface."
    said = card_text(EN, made)
    assert "Two teams, between them: two teams feel it. The stewards place it here: “One interface.”" in said
    assert "Fewer than ten people say that it hits them." in said
    assert "Written since" not in said


def test_ids_of_buttons_are_the_listeners_names() -> None:
    made = [
        *buttons(card(EN, RELEASES, command="/problem")),
        *buttons(card(EN, RELEASES, command="/problem", confirmed=True)),
        cards.details(EN, RELEASES),
    ]
    assert {b["action_id"].split(":")[0] for b in made} == {
        cards.HITS_US,
        cards.TAKE_BACK,
        cards.NOT_RIGHT,
        cards.DETAILS,
        cards.WE_HELP,
    }
