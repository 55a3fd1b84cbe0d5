"""Teams: by user group, by list, by a person's own word, in that order of trust."""

from __future__ import annotations

import pytest

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.refusal import Refusal
from bot.core.store import Sessions
from bot.core.teams import acts, queries
from bot.core.teams.acts import Group
from bot.core.teams.queries import team_of
from tests.company import AMARA, person, team


def group(ident: str, name: str, *people: Actor, disabled: bool = False) -> Group:
    return Group(ident, name, [each.person for each in people], creator="U0CREATOR", disabled=disabled)


def test_a_user_group_is_trusted_before_the_list_and_the_list_before_ones_own_word(
    sessions: Sessions, kit: Kit
) -> None:
    with sessions.begin() as session:
        chosen = team(session, kit, "Chosen")
        acts.choose(session, person(1), team=chosen.id)
        own = team_of(session, person(1).person)
        assert own is not None
        assert (own.team.name, own.trusted) == ("Chosen", False)
        team(session, kit, "Listed", [person(1)])
        listed = team_of(session, person(1).person)
        assert listed is not None
        assert (listed.team.name, listed.trusted) == ("Listed", True)
        acts.mark_group(session, group("S1", "Grouped", person(1)), function=None, randomness=kit.randomness)
        grouped = team_of(session, person(1).person)
        assert grouped is not None
        assert (grouped.team.name, grouped.trusted) == ("Grouped", True)
        assert team_of(session, person(2).person) is None


def test_somebody_in_several_groups_picks_one_of_them(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        for ident, name in (("S1", "Alpha"), ("S2", "Beta")):
            acts.mark_group(session, group(ident, name, person(1)), function=None, randomness=kit.randomness)
        assert [each.name for each in queries.trusted_teams(session, person(1).person)] == ["Alpha", "Beta"]
        beta = queries.by_name(session, "beta")
        assert beta is not None
        acts.choose(session, person(1), team=beta.id)
        picked = team_of(session, person(1).person)
        assert picked is not None
        assert (picked.team.name, picked.trusted) == ("Beta", True)


def test_ones_own_word_makes_no_team_larger(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        small = team(session, kit, "Small", [person(1), person(2)])
        acts.mark_group(session, group("S1", "small", person(2)), function=None, randomness=kit.randomness)
        for number in range(3, 9):
            acts.choose(session, person(number), team=small.id)
        assert queries.sizes(session) == {small.id: 2}


def test_a_team_that_is_not_there_can_not_be_chosen(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        gone = team(session, kit, "Gone")
        gone.dissolved = True
        for ident in (gone.id, 4711, 0, -1, 2**63, 2**80):
            with pytest.raises(Refusal):
                acts.choose(session, person(1), team=ident)


def test_a_group_keeps_in_step(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        made = acts.mark_group(
            session,
            group("S1", "Identity", person(1), person(2)),
            function="Engineering",
            randomness=kit.randomness,
        )
        assert made.contact == "U0CREATOR"
        assert acts.members_changed(session, "S1", joined=["U000003"], left=["U000001"])
        assert queries.sizes(session) == {made.id: 2}
        assert acts.keep_in_step(session, group("S1", "IDENTITY", person(3)))
        assert (made.name, queries.sizes(session)) == ("IDENTITY", {made.id: 1})
        team(session, kit, "Taken")
        assert acts.keep_in_step(session, group("S1", "Taken", person(3)))
        assert made.name == "IDENTITY"
        assert acts.keep_in_step(session, group("S1", "IDENTITY", person(3), disabled=True))
        assert made.dissolved
        assert queries.sizes(session) == {}
        assert acts.keep_in_step(session, group("S1", "IDENTITY", person(3)))
        assert not made.dissolved
        assert not acts.keep_in_step(session, group("S9", "Nobody's"))
        assert not acts.members_changed(session, "S9", joined=["U1"], left=[])


def test_two_user_groups_of_one_name_do_not_become_one_team(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        made = acts.mark_group(
            session, group("S1", "Support", person(1)), function=None, randomness=kit.randomness
        )
        with pytest.raises(Refusal):
            acts.mark_group(
                session, group("S2", "support", person(2)), function=None, randomness=kit.randomness
            )
        assert made.group == "S1"


def test_an_unmarked_group_leaves_the_people_whom_the_list_names(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        team(session, kit, "Both", [person(1)])
        for ident, name in (("S1", "Both"), ("S2", "Only")):
            acts.mark_group(session, group(ident, name, person(2)), function=None, randomness=kit.randomness)
            with pytest.raises(Refusal):
                acts.unmark_group(session, person(1), ident)
            acts.unmark_group(session, AMARA, ident)
            with pytest.raises(Refusal):
                acts.unmark_group(session, AMARA, ident)
        assert [each.name for each in queries.teams(session)] == ["Both"]
        assert team_of(session, person(2).person) is None


@pytest.mark.parametrize(
    ("first", "then"),
    [("Ärzte", "ÄRZTE"), ("Straße", "STRASSE"), ("Checkout", " checkout "), ("Pay ments", "pay  Ments")],
)
def test_a_name_is_known_again_however_it_is_written(
    sessions: Sessions, kit: Kit, first: str, then: str
) -> None:
    with sessions.begin() as session:
        one = acts.team_named(session, first, function=first, randomness=kit.randomness)
        two = acts.team_named(session, then, function=then, randomness=kit.randomness)
        assert one.id == two.id
        assert len(queries.functions(session)) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a\ud800b", "x" * 201, "a\x1bb"])
def test_a_name_that_can_not_be_read_is_refused_in_words(sessions: Sessions, kit: Kit, name: str) -> None:
    with sessions.begin() as session:
        with pytest.raises(Refusal):
            acts.team_named(session, name, function=None, randomness=kit.randomness)
        with pytest.raises(Refusal):
            acts.function_named(session, name, randomness=kit.randomness)


def test_the_list_names_exactly_its_people(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        made = team(session, kit, "Listed", [person(number) for number in range(50)])
        acts.list_members(session, made, [person(1).person, person(99).person])
        assert queries.sizes(session) == {made.id: 2}
        assert queries.known(session, person(99).person)
        assert not queries.known(session, person(2).person)


def test_somebody_who_left_is_forgotten(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        made = team(session, kit, "Left", [person(1)])
        acts.name_contact(session, AMARA, team=made.id, contact=person(1).person)
        acts.choose(session, person(1), team=made.id)
        acts.forget_person(session, person(1).person)
        session.refresh(made)
        assert made.contact is None
        assert team_of(session, person(1).person) is None


def test_only_stewards_name_a_contact(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        made = team(session, kit, "Led")
        with pytest.raises(Refusal):
            acts.name_contact(session, person(1), team=made.id, contact=person(1).person)
        with pytest.raises(Refusal):
            acts.name_contact(session, AMARA, team=2**70, contact=person(1).person)
