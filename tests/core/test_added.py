"""What confirmers say would help is read by stewards: by function, and by none where that would lead to somebody."""

from __future__ import annotations

import datetime as dt

from bot.core.kit import Kit
from bot.core.problems import acts
from bot.core.problems.added import Added, what_would_help
from bot.core.problems.records import Problem
from bot.core.store import Sessions
from bot.core.teams.acts import choose, list_members, team_named
from tests.company import person, published, run_batch


def test_a_function_is_named_from_five_people_on_and_a_team_chosen_by_oneself_gives_none(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        for name, function, members in (
            ("Checkout", "Engineering", range(5)),
            ("Contracts", "Legal", range(5, 9)),
        ):
            team = team_named(session, name, function=function, randomness=kit.randomness)
            list_members(session, team, [person(number).person for number in members])
        choose(session, person(20), team=team.id)
        for number, said in ((0, "A calendar."), (6, "One list."), (20, "A name on it."), (1, "")):
            acts.confirm(session, person(number), ident, kit=kit)
            acts.follow_up(session, person(number), ident, acts.Told((1, 2), would_help=said), kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        found = what_would_help(session, session.get_one(Problem, ident))
    assert sorted(found, key=lambda each: each.text) == [
        Added("Engineering", "A calendar."),
        Added(None, "A name on it."),
        Added(None, "One list."),
    ]
