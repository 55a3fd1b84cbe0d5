"""Five whole stories from raising to an outcome that the raiser confirms, each raised in all three ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Postgres
from tests.journeys.raisers import (
    ANONYMOUS,
    CONFIDENTIAL,
    NAMED,
    Raiser,
    Steward,
    details,
    opens_what_waits,
    whole,
)
from tests.journeys.stories import SIGNED_HTTP, SOCKET_MODE, Workplace, in_a_file, workplace

HARDSHIP = "For us this means that a morning a week goes into waiting."
ONE_TEAMS = "One team's, and it could change it"
CONFIRMED = "Whoever raised it says that it is settled."
UNCONFIRMED = "Closed by us, not confirmed by whoever raised it."


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path) -> Iterator[Workplace]:
    with workplace(tmp_path, SOCKET_MODE, in_a_file(tmp_path, sqlite_template)) as place:
        yield place


def raised(office: Workplace, who: Mapping[str, str]) -> list[Raiser]:
    """Each of these people raises one problem, each in another way, and the stewards have them all."""
    ways = (CONFIDENTIAL, ANONYMOUS, NAMED)
    raisers = [
        Raiser(office.person(handle), way, title, HARDSHIP)
        for way, (handle, title) in zip(ways, who.items(), strict=True)
    ]
    for each in raisers:
        each.raises()
    office.night()
    return raisers


def felt(office: Workplace, title: str, by: Sequence[str], why: str) -> None:
    for who in by:
        office.person(who).says_hits_us_too(title, why)


def would_change(office: Workplace, title: str, by: Sequence[str], teams: Sequence[str], whose: str) -> None:
    for who in by:
        office.person(who).sets_right(title, teams, whose)


def confirms(office: Workplace, raisers: Sequence[Raiser], sentence: str) -> None:
    """Each raiser hears, reads the sentence and says that it is settled; then everybody reads so."""
    reader = office.person("edith")
    for each in raisers:
        assert UNCONFIRMED in details(reader, each)
    office.night()
    for each in raisers:
        each.hears()
        assert sentence in each.opens()
        each.answers(outcome="Yes")
        assert CONFIRMED not in details(reader, each)
    office.night()
    for each in raisers:
        said = details(reader, each)
        assert sentence in said
        assert CONFIRMED in said
        assert (each.person.id in said) == (each.way == NAMED)
        each.stays_unknown(office, said, office.person("amara").home(), reader.home())
    office.practice.assert_no_objections()


def test_what_one_team_feels_and_can_end_goes_back_to_it_with_help(office: Workplace) -> None:
    steward = Steward(office.person("amara"))
    raisers = raised(
        office,
        {
            "tomasz": "Our tests fail at random",
            "lena": "The staging data is half a year old",
            "owen": "Nobody in our team knows the payment module",
        },
    )
    for each in raisers:
        steward.publishes(each)
        felt(office, each.title, ["chidi", "yuki"], "Yes, but it isn't worth it for us")
        would_change(office, each.title, ["chidi", "kwame"], ["Checkout"], ONE_TEAMS)
    edition = office.week()
    for number, each in enumerate(raisers, 1):
        assert "One team" in details(office.person("edith"), each)
        each.hears()
        steward.does(
            each,
            "Hand it to a team",
            team="Checkout",
            sentence="Could you take it? Platform lends a tester for two weeks.",
        )
        team = opens_what_waits(office, "Checkout", number)
        assert "lends a tester" in team.reads
        each.stays_unknown(office, team.form)
        yes = {"answer": "Yes, we take it", "words": "In the next sprint."}
        assert "Checkout has it now" in team.sends(yes)
        team.done()
        each.stays_unknown(office, whole(office, edition))
    office.night()
    for each in raisers:
        each.hears()
        assert "A team has it." in each.opens()
        each.person.done()
        assert "In the next sprint." in steward.looks_at(each)
        steward.closes(
            each,
            "The team that feels it ends it itself, with help",
            "Checkout ends it, with a tester of Platform.",
        )
    confirms(office, raisers, "Checkout ends it, with a tester of Platform.")


def test_two_teams_settle_it_directly_and_a_month_later_it_still_holds(office: Workplace) -> None:
    steward = Steward(office.person("amara"))
    raisers = raised(
        office,
        {
            "fatima": "Sessions end in the middle of a payment",
            "chidi": "A change of the sign-in interface breaks our checkout",
            "rafael": "Test accounts vanish overnight",
        },
    )
    for number, each in enumerate(raisers, 1):
        steward.asks_teams(each.title, "Identity")
        team = opens_what_waits(office, "Identity", number)
        assert HARDSHIP in team.reads
        each.stays_unknown(office, team.form)
        assert "will stand beside the problem" in team.sends({"words": "A word a week ahead."})
        team.done()
        steward.publishes(each)
        felt(office, each.title, ["yuki", "lena"], "Only together with others")
        would_change(
            office, each.title, ["yuki", "aisha"], ["Checkout", "Identity"], "Teams see it differently"
        )
    edition = office.week()
    for each in raisers:
        said = details(office.person("edith"), each)
        assert "Two teams, between them" in said, said
        assert "A word a week ahead." in said
        each.hears()
        each.stays_unknown(office, said, whole(office, edition))
        steward.does(each, "Answer the raiser", sentence="Identity and Checkout meet on Tuesday.")
    office.night()
    for each in raisers:
        each.hears()
        assert "Identity and Checkout meet on Tuesday." in each.opens()
        each.person.done()
        steward.closes(each, "Something changed: it should be solved", "Both agreed on two weeks' notice.")
    confirms(office, raisers, "Both agreed on two weeks' notice.")
    office.wait_until(office.now + dt.timedelta(days=31))
    office.night()
    for each in raisers:
        each.hears()
        assert "Does it still hold?" in each.opens()
        each.answers(holds="Yes, it still holds", cost="No")
    office.night()
    for each in raisers:
        assert "Does it still hold?" not in each.opens()
        each.person.done()
    office.practice.assert_no_objections()


def test_one_owner_hears_how_many_wait_and_a_raisers_no_brings_it_back(office: Workplace) -> None:
    steward = Steward(office.person("amara"))
    raisers = raised(
        office,
        {
            "arjun": "A test environment takes two weeks",
            "moses": "Access to logs is granted by hand",
            "charlotte": "Demo systems are updated at noon",
        },
    )
    for number, each in enumerate(raisers, 1):
        steward.asks_teams(each.title, "Platform")
        team = opens_what_waits(office, "Platform", number)
        team.sends({"words": "A list of what is needed by when would help."})
        team.done()
        steward.publishes(each)
        felt(
            office,
            each.title,
            ["priya", "soren", "sofia", "daniel", "niamh"],
            "It's shared, we all use it up",
        )
        would_change(office, each.title, ["priya", "daniel"], ["Platform"], ONE_TEAMS)
    edition = office.week()
    assert "One owner, many waiting" in whole(office, edition)
    for number, each in enumerate(raisers, 4):
        assert "One owner, many waiting" in details(office.person("edith"), each)
        steward.does(
            each, "Hand it to a team", team="Platform", sentence="Many teams wait for this. Can you?"
        )
        team = opens_what_waits(office, "Platform", number)
        team.sends({"answer": "Yes, we take it", "words": "From Monday on."})
        team.done()
        steward.closes(each, "Something changed: it should be solved", "It is one form now.")
    office.night()
    *content, named = raisers
    named.hears()
    named.answers(outcome="No", why="The form goes unread.")
    office.night()
    assert "where the raiser has written" in office.person("amara").reads_home()
    said = steward.looks_at(named)
    assert "The raiser says that it is not settled." in said
    assert "The form goes unread." in said
    steward.does(named, "Open it again", sentence="The form went unread.")
    assert "The form went unread." in details(office.person("edith"), named)
    steward.closes(
        named,
        "Something changed: it should be solved",
        "Platform reads it every morning: it is one form now.",
    )
    confirms(office, [*content, named], "t is one form now.")


def test_what_is_watched_until_a_day_may_rest(office: Workplace) -> None:
    steward = Steward(office.person("amara"))
    raisers = raised(
        office,
        {
            "elif": "Two dashboards give different figures",
            "hannah": "Release notes come in three formats",
            "agnes": "Nobody says when a trial ends",
        },
    )
    day = office.now.date() + dt.timedelta(days=28)
    for each in raisers:
        steward.publishes(each)
        steward.does(
            each,
            "Do nothing and watch, until a day",
            sentence="We count for four weeks how often it happens.",
            day=day.isoformat(),
        )
        assert "We count for four weeks" in details(office.person("edith"), each)
    office.night()
    for each in raisers:
        each.hears()
        assert "Watched until" in each.opens()
        each.person.done()
    office.wait_until(dt.datetime.combine(day, dt.time(6), dt.UTC))
    office.night()
    assert "3 whose day has come" in steward.person.reads_home()
    for each in raisers:
        assert "Its day has come" in steward.looks_at(each)
        steward.closes(each, "It was watched, and may rest", "It happened once in four weeks, so it rests.")
    assert "whose day has come" not in steward.person.reads_home()
    confirms(office, raisers, "It happened once in four weeks, so it rests.")


@contextmanager
def over_http_on_postgres(folder: Path, server: Postgres) -> Iterator[Workplace]:
    url = server.create()
    with workplace(folder, SIGNED_HTTP, url) as place:
        yield place
    server.drop(url)


def test_what_no_single_team_can_solve_is_decided_paid_for_reviewed_and_confirmed(
    tmp_path: Path, postgres: Postgres
) -> None:
    with over_http_on_postgres(tmp_path, postgres) as office:
        decided_paid_for_reviewed_and_confirmed(office)


def decided_paid_for_reviewed_and_confirmed(office: Workplace) -> None:
    steward, reader = Steward(office.person("amara")), office.person("edith")
    raisers = raised(
        office,
        {
            "niamh": "Customers hear about releases from us last",
            "thuy": "The same action has four event names",
            "felix": "Plans are made in five formats",
        },
    )
    for each in raisers:
        steward.publishes(each)
        felt(office, each.title, ["priya", "soren", "kwame", "sofia", "daniel"], "Nobody owns it")
        would_change(office, each.title, ["priya", "sofia"], ["Checkout", "Platform", "Support"], "Nobody's")
    edition = whole(office, office.week())
    for number, each in enumerate(raisers, 1):
        assert each.title in edition
        assert "No single team" in details(reader, each)
        each.hears()
        each.stays_unknown(office, edition)
        decides(office, each)
        team = opens_what_waits(office, "Platform", number)
        assert "One list, kept in one place." in team.reads
        assert "stands beside the decision" in team.sends({"word": "Agreed", "words": "For six weeks."})
        team.done()
        said = details(reader, each)
        assert "Platform carries about 2 to 4 h a week until" in said
        assert "so that two teams save about 6." in said
        assert "Undo: easy. Review:" in said
        assert "Platform has agreed." in said
    assert "That is a lot for one team." in team.reads_home()
    office.night()
    for each in raisers:
        each.hears()
        assert "One list, kept in one place." in each.opens()
        each.person.done()
    office.wait_until(office.now + dt.timedelta(weeks=6))
    office.night()
    for number, _each in enumerate(raisers, 4):
        assert "is asked first" in opens_what_waits(office, "Platform", number).reads
        said = team.sends({"review": "Keep it"})
        assert "stands beside the decision" in said, said
        team.done()
    for each in raisers:
        assert "At the review: Keep it." in steward.looks_at(each)
        steward.person.presses("Keep it")
        steward.person.sends({"sentence": "It helps, so it stays for now."})
        steward.closes(each, "Something changed: it should be solved", "There is one list, and it is kept.")
    confirms(office, raisers, "There is one list, and it is kept.")
    assert "You said, we did" in whole(office, office.week())


def decides(office: Workplace, raiser: Raiser) -> None:
    """Both forms: who pays, who gains, when it stops and when it is looked at."""
    amara = office.person("amara")
    Steward(amara).looks_at(raiser)
    amara.presses("Decide")
    assert office.practice.fill(
        "amara", {"sentence": "One list, kept in one place.", "payers": ["Platform"], "cost": "2-4"}
    ).ok
    amara.presses("Add more")
    said = amara.sends({"stop": "Two launches miss it.", "gains": ["Support", "Sales"], "saved": "3"})
    assert "so that two teams save about 6." in said, said
    amara.done()
