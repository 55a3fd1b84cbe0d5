"""The verdict: every case that the product's text lists, every cell of its table, and what may never happen."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from bot.core.problems.breadth_rules import Band, Breadth, effective_teams
from bot.core.problems.rules import (
    TABLE,
    Answer,
    Column,
    Evidence,
    Finding,
    Mechanism,
    Ownership,
    Verdict,
    WhyEarly,
    find,
)

TEAMS = tuple("ABCDEFGH")


def said(by: str | None, *teams: str, ownership: Ownership | None = None, steward: bool = False) -> Answer:
    return Answer(by, frozenset(teams), ownership, steward)


def place(
    felt: Mapping[str, int], *answers: Answer, no: str = "", elsewhere: int = 0, unplaced: int = 0
) -> Finding:
    return find(
        Evidence(
            felt=felt,
            answers=answers,
            asked_said_no=frozenset(no),
            elsewhere=elsewhere,
            unplaced=unplaced,
        )
    )


def test_a_release_train_that_three_teams_feel_and_four_must_change_is_for_no_single_team() -> None:
    found = place(
        {"Web": 14, "Mobile": 13, "Support": 13},
        said("Web", "Web", "Mobile", "Platform", "Release"),
        said("Mobile", "Web", "Mobile", "Platform", "Release"),
    )
    assert (found.verdict, found.likely, found.teams) == (Verdict.NO_SINGLE_TEAM, False, Breadth.SEVERAL)
    assert (found.needed_low, found.needed_high, found.band) == (4, 4, Band.TWENTY_AND_MORE)


def test_telemetry_names_are_carried_by_one_team_once_two_others_were_asked() -> None:
    six = ("Web", "Mobile", "Growth", "Core", "Billing", "Data")
    answers = (said("Analytics", *six), said("Data", *six))
    unasked = find(Evidence(felt={"Analytics": 3}, answers=answers))
    one_asked = find(Evidence(felt={"Analytics": 3}, answers=answers, asked_said_no=frozenset({"Web"})))
    asked = find(Evidence(felt={"Analytics": 3}, answers=answers, asked_said_no=frozenset({"Web", "Core"})))
    assert (unasked.verdict, unasked.why_early) == (Verdict.TOO_EARLY, WhyEarly.TWO_OTHERS_ASKED)
    assert (one_asked.verdict, one_asked.why_early) == (Verdict.TOO_EARLY, WhyEarly.TWO_OTHERS_ASKED)
    assert (asked.verdict, asked.why_early) == (Verdict.ONE_CARRIES, None)


def test_checkout_hurt_by_the_api_of_identity_is_for_two_teams() -> None:
    found = place({"Checkout": 3}, said("Checkout", "Identity"), said("Identity", "Identity"))
    assert (found.verdict, found.likely) == (Verdict.TWO_TEAMS, False)


def test_a_slow_legal_queue_that_five_teams_feel_has_one_owner_and_many_waiting() -> None:
    found = place(
        {"A": 2, "B": 1, "C": 3, "D": 2, "E": 1},
        said("A", "Legal", ownership=Ownership.ONE_TEAM),
        said("C", "Legal", ownership=Ownership.ONE_BUT_CANNOT),
    )
    assert (found.verdict, found.likely, found.teams) == (
        Verdict.ONE_OWNER_MANY_WAITING,
        False,
        Breadth.MANY,
    )


def test_twenty_five_people_of_one_team_on_their_own_flaky_tests_are_team_local() -> None:
    found = place({"A": 25}, said("A", "A"), said("A", "A"))
    assert (found.verdict, found.teams, found.band) == (
        Verdict.TEAM_LOCAL,
        Breadth.ONE,
        Band.TWENTY_AND_MORE,
    )


def test_twenty_five_of_one_team_and_one_of_another_are_not_several() -> None:
    found = place({"A": 25, "B": 1}, said("A", "A"), said("B", "A"))
    assert round(effective_teams({"A": 25, "B": 1}), 1) == 1.6
    assert (found.verdict, found.teams) == (Verdict.TEAM_LOCAL, Breadth.ONE)


def test_an_unread_newsletter_that_six_teams_write_is_for_no_single_team() -> None:
    writers = tuple("ABCDEF")
    found = find(
        Evidence(
            felt=dict.fromkeys(writers, 1),
            answers=(said("A", *writers), said("B", *writers, "Comms")),
            mechanisms={Mechanism.AUTHORITY: 3},
        )
    )
    assert (found.verdict, found.mechanism) == (Verdict.NO_SINGLE_TEAM, Mechanism.AUTHORITY)
    assert (found.needed_low, found.needed_high) == (6, 7)


@pytest.mark.parametrize(
    ("voices", "effective"), [((25,), 1.0), ((25, 1), 1.6), ((2, 1, 3, 2, 1), 4.9), ((), 0.0), ((0, 7), 1.0)]
)
def test_effective_teams_come_out_as_printed(voices: tuple[int, ...], effective: float) -> None:
    assert round(effective_teams(dict(zip(TEAMS, voices, strict=False))), 1) == effective


def test_the_finding_carries_what_its_one_line_says() -> None:
    found = find(
        Evidence(
            felt=dict.fromkeys("ABCDE", 2),
            answers=(
                said("A", "A", "B", "F", ownership=Ownership.NOBODY),
                said("B", "A", "B", "F", "G", ownership=Ownership.NOBODY),
            ),
            function_of={
                "A": "Engineering",
                "B": "Engineering",
                "C": "Support",
                "D": "Legal",
                "E": "Support",
            },
            attempts=2,
            came_back=1,
            not_ours=3,
            mechanisms={Mechanism.INCENTIVE: 4, Mechanism.COUPLING: 1},
            hours=[(8, 15), (12, 20), (10, 18)],
        )
    )
    assert found == Finding(
        verdict=Verdict.NO_SINGLE_TEAM,
        likely=False,
        teams=Breadth.MANY,
        functions=Breadth.SEVERAL,
        band=Band.TEN_TO_NINETEEN,
        needed_low=3,
        needed_high=4,
        ownership=Ownership.NOBODY,
        attempts=2,
        not_ours=3,
        came_back=1,
        mechanism=Mechanism.INCENTIVE,
        hours=(30, 60),
        why_early=None,
    )


def test_one_person_alone_is_too_early() -> None:
    found = place({"A": 1}, said("A", "B"), said("B", "B"))
    assert (found.verdict, found.why_early) == (Verdict.TOO_EARLY, WhyEarly.SECOND_PERSON)


def test_one_person_and_the_no_of_an_asked_team_are_enough() -> None:
    found = place({"A": 1}, said("A", "B"), said("B", "B"), no="B")
    assert found.verdict is Verdict.TWO_TEAMS


def test_the_no_of_ones_own_team_is_no_second_voice() -> None:
    found = place({"A": 1}, said("A", "B"), said("B", "B"), no="A")
    assert found.why_early is WhyEarly.SECOND_PERSON


def test_a_no_without_anybody_who_feels_it_is_too_early() -> None:
    assert place({}, said("A", "B"), said("B", "B"), no="BC").why_early is WhyEarly.SECOND_PERSON


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (said("A", "B"),),
        (said("A", "B"), said("A", "B")),
        (said("A", "B"), said("C")),
        (said("A", "B"), said("C", ownership=Ownership.ONE_TEAM)),
        (said("A", "B"), said(None, "B")),
        (said(None, "B"), said(None, "B")),
    ],
)
def test_needed_from_takes_two_people_who_are_known_to_be_of_two_teams(answers: tuple[Answer, ...]) -> None:
    found = place({"A": 2, "C": 2}, *answers)
    assert (found.verdict, found.why_early) == (Verdict.TOO_EARLY, WhyEarly.SECOND_TEAM)


def test_a_steward_without_a_team_counts_as_another_team() -> None:
    assert place({"A": 2}, said("A", "B"), said(None, "B", steward=True)).verdict is Verdict.TWO_TEAMS


def test_a_steward_of_the_same_team_does_not_count_as_another() -> None:
    found = place({"A": 2}, said("A", "B"), said("A", "B", steward=True))
    assert found.why_early is WhyEarly.SECOND_TEAM


def test_that_nobody_owns_it_answers_who_would_have_to_change() -> None:
    nobody = Ownership.NOBODY
    found = place({"A": 1, "C": 1}, said("A", ownership=nobody), said("C", ownership=nobody))
    assert (found.verdict, found.needed_low) == (Verdict.NO_SINGLE_TEAM, None)


def test_a_team_may_say_of_itself_alone_that_it_is_its_own() -> None:
    assert place({"A": 1}, said("A", "A"), said(None, "A"), unplaced=1).verdict is Verdict.TEAM_LOCAL
    assert place({"A": 2}, said(None, "A"), said(None, "A")).why_early is WhyEarly.SECOND_TEAM
    nobody = said("A", "A", ownership=Ownership.NOBODY)
    assert place({"A": 2}, said("A", "A"), nobody, no="BC").why_early is WhyEarly.SECOND_TEAM


def test_no_team_makes_another_one_change_by_its_own_word() -> None:
    assert place({"A": 25}, *[said("A", "B")] * 25).why_early is WhyEarly.SECOND_TEAM


def test_one_persons_number_is_never_shown() -> None:
    found = place({"A": 2}, said("A", "B", "C", "D"))
    assert (found.needed_low, found.needed_high) == (None, None)


def test_two_teams_that_must_change_for_a_third_make_three() -> None:
    found = place({"A": 3}, said("A", "B", "C"), said("B", "B", "C"), no="DE")
    assert found.verdict is Verdict.ONE_CARRIES


def test_two_teams_that_feel_it_and_must_change_settle_it() -> None:
    found = place({"A": 3, "B": 2}, said("A", "A", "B"), said("B", "A", "B"))
    assert (found.verdict, found.likely) == (Verdict.TWO_TEAMS, False)


def test_one_of_two_teams_that_feel_it_is_not_an_owner_with_many_waiting() -> None:
    assert place({"A": 3, "B": 2}, said("A", "A"), said("B", "A")).verdict is Verdict.TWO_TEAMS


def test_one_of_many_teams_that_feel_it_is_an_owner_with_many_waiting() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "A"), said("B", "A"))
    assert found.verdict is Verdict.ONE_OWNER_MANY_WAITING


@pytest.mark.parametrize(
    ("voices", "verdict"),
    [((40, 40, 1), Verdict.TWO_TEAMS), ((30, 30, 1), Verdict.NO_SINGLE_TEAM)],
)
def test_a_thin_third_team_counts_from_two_and_a_half_effective_teams_on(
    voices: tuple[int, int, int], verdict: Verdict
) -> None:
    felt = dict(zip("ABC", voices, strict=True))
    assert (effective_teams(felt) < 2.5) is (verdict is Verdict.TWO_TEAMS)
    assert place(felt, said("A", "A", "B"), said("B", "A", "B")).verdict is verdict


def test_which_of_two_equally_thin_teams_counts_does_not_hang_on_its_name() -> None:
    felt = {"A": 16, "B": 1, "C": 1}
    for other in "BC":
        assert place(felt, said("A", "A", other), said(other, "A", other)).verdict is Verdict.TWO_TEAMS
    assert place(felt, said("A", "B", "C"), said("B", "B", "C")).verdict is Verdict.NO_SINGLE_TEAM
    assert place(felt, said("A", "A", "D"), said("D", "A", "D")).verdict is Verdict.NO_SINGLE_TEAM


def test_nobody_owns_it_wins_over_one_team_could() -> None:
    one, nobody = Ownership.ONE_TEAM, Ownership.NOBODY
    found = place(
        {"A": 1, "B": 1, "C": 1},
        said("A", "D", ownership=one),
        said("B", "D", ownership=one),
        said("C", "D", ownership=nobody),
    )
    assert (found.verdict, found.likely, found.ownership) == (Verdict.NO_SINGLE_TEAM, True, nobody)


def test_who_names_a_team_but_no_owner_does_not_contradict_that_nobody_owns_it() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D", ownership=Ownership.NOBODY), said("B", "D"))
    assert (found.verdict, found.likely) == (Verdict.NO_SINGLE_TEAM, False)


def test_a_range_across_two_columns_gives_likely_and_the_wider_one_of_a_tie() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D"), said("B", "D", "E"))
    assert (found.verdict, found.likely) == (Verdict.NO_SINGLE_TEAM, True)
    assert (found.needed_low, found.needed_high) == (1, 2)


def test_most_answers_decide_a_range_across_two_columns() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D"), said("B", "D"), said("C", "D", "E"))
    assert (found.verdict, found.likely) == (Verdict.ONE_OWNER_MANY_WAITING, True)


def test_a_range_within_one_column_is_certain() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D", "E", "F"), said("B", "D", "E", "F", "G", "H"))
    assert (found.verdict, found.likely) == (Verdict.NO_SINGLE_TEAM, False)
    assert (found.needed_low, found.needed_high) == (3, 5)


def test_people_who_each_point_to_another_owner_have_not_found_one() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D"), said("B", "E"))
    assert (found.verdict, found.likely) == (Verdict.NO_SINGLE_TEAM, True)
    assert (found.needed_low, found.needed_high) == (1, 2)


def test_an_owner_whom_most_point_to_stays_the_owner() -> None:
    found = place({"A": 1, "B": 1, "C": 1}, said("A", "D"), said("B", "D"), said("C", "E"))
    assert (found.verdict, found.likely) == (Verdict.ONE_OWNER_MANY_WAITING, True)


def test_people_of_no_known_team_count_as_people_and_as_one_unnamed_team() -> None:
    answers = (said("A", "A"), said("B", "A"))
    found = place({}, *answers, elsewhere=12)
    assert (found.verdict, found.likely, found.teams) == (Verdict.TWO_TEAMS, True, None)
    assert found.band is Band.TEN_TO_NINETEEN
    wide = place({}, said("A", "A", "B", "C"), said("B", "A", "B", "C"), elsewhere=2, no="AB")
    assert (wide.verdict, wide.likely) == (Verdict.ONE_CARRIES, False)


def test_people_of_no_known_team_do_not_widen_a_known_one() -> None:
    found = place({"A": 2}, said("A", "A"), said("A", "A"), elsewhere=20, unplaced=1)
    assert (found.verdict, found.teams) == (Verdict.TEAM_LOCAL, Breadth.ONE)


def test_a_thin_team_that_feels_it_was_asked_too() -> None:
    felt = {"A": 25, "B": 1}
    answers = (said("A", "C", "D"), said("B", "C", "D"))
    assert place(felt, *answers).why_early is WhyEarly.TWO_OTHERS_ASKED
    assert place(felt, *answers, no="C").verdict is Verdict.ONE_CARRIES


ROWS = {
    "one": {"A": 4},
    "one, and a thin second": {"A": 25, "B": 1},
    "two": {"A": 2, "B": 2},
    "two, and a thin third": {"A": 40, "B": 40, "C": 1},
    "three": {"A": 2, "B": 2, "C": 2},
}
COLUMNS = ["A", "B", "H", "AB", "AH", "GH", "ABC", "FGH"]
EXPECTED = {
    "one": "local two two two two carry carry carry",
    "one, and a thin second": "local two two two two carry carry carry",
    "two": "two two owner two none none none none",
    "two, and a thin third": "two two owner two none none none none",
    "three": "owner owner owner none none none none none",
}
SHORT = {
    "local": Verdict.TEAM_LOCAL,
    "two": Verdict.TWO_TEAMS,
    "owner": Verdict.ONE_OWNER_MANY_WAITING,
    "carry": Verdict.ONE_CARRIES,
    "none": Verdict.NO_SINGLE_TEAM,
}


@pytest.mark.parametrize("row", ROWS)
def test_every_cell_of_the_table_comes_out_as_written(row: str) -> None:
    got = [place(ROWS[row], said("A", *teams), said("B", *teams), no="EF").verdict for teams in COLUMNS]
    assert got == [SHORT[word] for word in EXPECTED[row].split()]


@pytest.mark.parametrize("row", ROWS)
def test_the_column_of_nobody_owns_it_comes_out_as_written(row: str) -> None:
    nobody = Ownership.NOBODY
    for teams in ("", *COLUMNS):
        answers = said("A", *teams, ownership=nobody), said("B", *teams, ownership=nobody)
        expected = Verdict.ONE_CARRIES if row.startswith("one") else Verdict.NO_SINGLE_TEAM
        assert place(ROWS[row], *answers, no="EF").verdict is expected


def test_the_table_has_every_cell_but_the_two_that_cannot_be() -> None:
    missing = set(product([False, True], Column)) - set(TABLE)
    assert missing == {(True, Column.SAME_TEAM), (False, Column.OTHER_TEAM)}


def test_no_combination_of_who_feels_it_and_who_would_change_is_left_without_a_verdict() -> None:
    verdicts = set()
    for voices in product([0, 1, 7, 30], repeat=3):
        felt = {team: count for team, count in zip("ABC", voices, strict=True) if count}
        for first, second in product([*COLUMNS, ""], repeat=2):
            for ownership in (None, *Ownership):
                answers = (said("A", *first, ownership=ownership), said("B", *second))
                found = place(felt, *answers, no="EF", elsewhere=2)
                verdicts.add(found.verdict)
                assert (found.verdict is Verdict.TOO_EARLY) is (found.why_early is not None)
    assert verdicts == set(Verdict)
