"""A wave of the pulse from its plan to its results, on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core import figures, tables
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.pulse import acts, queries, waves
from bot.core.pulse.acts import Plan
from bot.core.pulse.instrument import Instrument, load, read
from bot.core.pulse.records import Invited, PulseAnswer, PulseLink, Wave, WaveState
from bot.core.pulse.results import Results
from bot.core.refusal import NotFound, Refusal
from bot.core.replies.stored import Kind
from bot.core.store import Sessions
from bot.core.teams.records import Function, Membership, Team
from tests.company import AMARA, ON_SQLITE, STRANGER, appoint, person, refused, team
from tests.conftest import new_kit

DAY = dt.timedelta(days=1)
OURS = load()
#: Teams with their functions, and from which number on how many people.
COMPANY = {
    "Tickets": ("Support", range(8)),
    "Phones": ("Support", range(8, 14)),
    "Identity": ("Platform", range(20, 29)),
    "Contracts": ("Legal", range(40, 43)),
    "Ledger": ("Finance", range(50, 56)),
}
EVERYBODY = [person(number) for _, numbers in COMPANY.values() for number in numbers]


def founded(
    sessions: Sessions, kit: Kit, company: Mapping[str, tuple[str, Iterable[int]]] = COMPANY
) -> dict[str, int]:
    """The company's functions by name; its stewards are of none of them."""
    appoint(sessions)
    with sessions.begin() as session:
        for name, (function, numbers) in company.items():
            team(session, kit, name, [person(number) for number in numbers], function=function)
    with sessions.reading() as session:
        return dict(session.execute(sa.select(Function.name, Function.id)).all())


def planned(
    sessions: Sessions, kit: Kit, at: dt.datetime, *, asks: Instrument = OURS, days: int = 10, **changed: Any
) -> int:
    """A wave that opens now, for everybody."""
    with sessions.begin() as session:
        everybody = list(session.scalars(sa.select(Function.id)))
        decided = Plan(
            **{"functions": everybody, "teams": [], "opens_at": at, "closes_at": at + days * DAY, **changed}
        )
        return acts.plan(session, AMARA, decided, instrument=asks, kit=kit, at=at).id


def go_on(sessions: Sessions, kit: Kit, at: dt.datetime) -> Wave | None:
    with sessions.begin() as session:
        return waves.go_on(session, kit=kit, at=at)


def opened(sessions: Sessions, kit: Kit, at: dt.datetime, **changed: Any) -> int:
    ident = planned(sessions, kit, at, **changed)
    go_on(sessions, kit, at)
    return ident


def say(
    sessions: Sessions,
    kit: Kit,
    at: dt.datetime,
    wave: int,
    who: Actor,
    page: int = 1,
    phrase: str = "",
    **given: Any,
) -> None:
    with sessions.begin() as session:
        acts.answer(session, who, wave, page, given, phrase=phrase, kit=kit, at=at)


def closed(sessions: Sessions, kit: Kit, at: dt.datetime, wave: int, *, days: int = 10) -> Results:
    go_on(sessions, kit, at + days * DAY)
    with sessions.reading() as session:
        return queries.shown(session.get_one(Wave, wave))


def told(sessions: Sessions) -> dict[str, int]:
    with sessions.reading() as session:
        return dict(session.execute(sa.select(Message.kind, sa.func.count()).group_by(Message.kind)).all())


def count(sessions: Sessions, table: Any) -> int:
    with sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_wave_opens_reminds_once_closes_and_leaves_no_row_of_anybody(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)
    wave = planned(sessions, kit, at, days=10)
    assert told(sessions) == {}
    go_on(sessions, kit, at)
    assert told(sessions) == {"pulse_invite": len(EVERYBODY)}
    for number, who in enumerate(EVERYBODY):
        say(sessions, kit, at, wave, who, A1=number % 7 + 1, B4=2, D1="raised")
    go_on(sessions, kit, at + 6 * DAY)
    assert "pulse_reminder" not in told(sessions)
    for _ in range(2):
        go_on(sessions, kit, at + 8 * DAY)
    assert told(sessions)["pulse_reminder"] == len(EVERYBODY), (
        "to everybody, once: else it tells who has answered"
    )

    found = closed(sessions, kit, at, wave)
    assert (found.invited, found.answered, found.intervals) == (32, 32, True)
    support = f"f{names['Support']}"
    assert found.items["A1"]["all"].n == 32
    assert found.items["B4"][support].counts == {"2": 14}
    assert found.items["D1"][support].counts == {"raised": 14}
    low, high = found.items["D1"][support].ranges["raised"]
    assert (round(low, 2), high) == (0.78, 1.0)
    assert found.items["D1"][support].ranges["saw_none"][0] == pytest.approx(0)
    assert {named.name for named in found.groups if named.name} == {"Support", "Platform"}, (
        "Legal has three, so the next smallest goes with it"
    )
    assert told(sessions)["pulse_results"] == len(EVERYBODY)
    assert count(sessions, PulseAnswer) == 0
    with sessions.reading() as session:
        row = session.get_one(Wave, wave)
        assert (row.state, row.salt, row.salt_mark, row.remind_at) == (
            WaveState.CLOSED.value,
            None,
            None,
            None,
        )
        assert not waves.due(session, at=at + 100 * DAY)


def test_once_it_is_closed_nothing_leads_to_anybody_even_with_the_key_in_hand(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for who in EVERYBODY:
        say(sessions, kit, at, wave, who, A1=3)
    with sessions.reading() as session:
        row = session.get_one(Wave, wave)
        hashes = {queries.voice_of(who.person, row, kit) for who in EVERYBODY}
        assert set(session.scalars(sa.select(PulseAnswer.voice))) == hashes
    closed(sessions, kit, at, wave)
    with sessions.reading() as session:
        for table in tables.metadata.sorted_tables:
            for line in session.execute(sa.select(table)):
                assert not hashes & {value for value in line if isinstance(value, bytes)}
                if table.name not in ("memberships", "pulse_invited"):
                    assert not any(who.person in str(tuple(line)) for who in EVERYBODY), table.name


def dump(sessions: Sessions) -> dict[str, list[tuple[Any, ...]]]:
    """Every table in the order of storage, with the order of transactions on Postgres."""
    place = "" if sessions.dialect == "sqlite" else ", dense_rank() OVER (ORDER BY xmin::text::bigint)"
    order = "" if sessions.dialect == "sqlite" else " ORDER BY ctid"
    with sessions.reading() as session:
        return {
            table.name: [
                tuple(map(str, row))
                for row in session.execute(sa.text(f'SELECT *{place} FROM "{table.name}"{order}'))
            ]
            for table in tables.metadata.sorted_tables
        }


def test_who_of_a_group_said_what_and_in_which_order_leaves_no_trace(
    worlds: Callable[[], Sessions], at: dt.datetime
) -> None:
    """Two worlds that differ in nothing else are the same once the wave is closed, byte for byte."""
    still_open, dumps = [], []
    for turned in (False, True):
        sessions, kit = worlds(), new_kit()
        founded(sessions, kit)
        wave = opened(sessions, kit, at)
        # The same answers in each function, of other people, one after the other or the other way round.
        support, others = EVERYBODY[:14], EVERYBODY[14:]
        said = list(zip(reversed(support) if turned else support, range(14), strict=True))
        for who, number in reversed(said) if turned else said:
            say(sessions, kit, at, wave, who, A1=number % 7 + 1, B1=(number + 3) % 7 + 1, D1="raised")
        for who in reversed(others) if turned else others:
            say(sessions, kit, at, wave, who, A1=4)
        if turned:  # and somebody changed their mind twice
            for point in (1, 7):
                say(sessions, kit, at, wave, support[0], A1=point)
            say(sessions, kit, at, wave, support[0], A1=13 % 7 + 1, B1=(13 + 3) % 7 + 1, D1="raised")
        still_open.append(dump(sessions))
        closed(sessions, kit, at, wave)
        dumps.append(dump(sessions))
    assert still_open[0] != still_open[1], "as the promise says; so the comparison would see what is left"
    assert dumps[0] == dumps[1]


@ON_SQLITE
def test_four_answers_show_nothing_not_even_that_they_are_four(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for who in EVERYBODY[:4]:
        say(sessions, kit, at, wave, who, A1=3, B1=4, B2=4)
    found = closed(sessions, kit, at, wave)
    assert (found.answered, found.items, found.groups, found.line) == (None, {}, (), None)
    with sessions.reading() as session:
        assert '"4"' not in str(session.get_one(Wave, wave).results)


@ON_SQLITE
def test_where_everybody_is_of_one_function_it_shows_the_same_as_the_whole(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit, {"Tickets": ("Support", range(12))})
    wave = opened(sessions, kit, at)
    for number in range(9):
        say(sessions, kit, at, wave, person(number), A1=5)
    found = closed(sessions, kit, at, wave)
    assert found.items["A1"]["all"] == found.items["A1"][f"f{names['Support']}"]


def test_somebody_who_moves_in_the_middle_counts_where_they_were_asked(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)
    wave = opened(sessions, kit, at)
    with sessions.begin() as session:
        there = session.scalars(sa.select(Team.id).where(Team.name == "Identity")).one()
        session.execute(
            sa.update(Membership).where(Membership.person == person(0).person).values(team_id=there)
        )
    for number in range(14):
        say(sessions, kit, at, wave, person(number), A1=4)
    say(sessions, kit, at, wave, person(0), A1=6)
    found = closed(sessions, kit, at, wave)
    assert found.items["A1"][f"f{names['Support']}"].counts == {"4": 13, "6": 1}


def test_an_answer_can_be_changed_and_withdrawn_until_the_wave_closes(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    say(sessions, kit, at, wave, person(0), A1=4, A2=5)
    say(sessions, kit, at, wave, person(0), page=2, A5=7)
    say(sessions, kit, at, wave, person(0), A1=2)
    with sessions.reading() as session:
        row = session.get_one(Wave, wave)
        assert queries.mine(session, person(0), row, kit) == {"A1": 2, "A5": 7}, "a page takes its own place"
        assert queries.mine(session, person(1), row, kit) is None
    with sessions.begin() as session:
        acts.withdraw(session, person(0), wave, kit=kit, at=at)
    assert count(sessions, PulseAnswer) == 0


@ON_SQLITE
def test_what_a_forged_form_says_is_left_out(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    names = founded(sessions, kit)
    wave = opened(sessions, kit, at)
    about = [
        {"function": names["Platform"], "items": {"C1": 5, "C2": 9, "X": 1}},
        {"function": names["Support"], "items": {"C1": 5}},  # one's own
        {"function": 12345, "items": {"C1": 5}},
        {"function": names["Legal"], "items": {"C1": 5}},  # a fourth
    ]
    say(sessions, kit, at, wave, person(0), A1=8, A2=True, A3="5", B9=3, D1="yes", D2="harm", A5=4)
    say(sessions, kit, at, wave, person(0), page=2, about=about, A1=5)
    with sessions.reading() as session:
        assert queries.mine(session, person(0), session.get_one(Wave, wave), kit) == {
            "D2": "harm",
            "about": [{"function": names["Platform"], "items": {"C1": 5}}],
        }


def test_an_empty_form_is_no_answer_and_says_so(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    assert "Nothing is picked" in refused(sessions, acts.answer, person(0), wave, 1, {}, kit=kit, at=at)
    assert count(sessions, PulseAnswer) == 0
    say(sessions, kit, at, wave, person(0), A1=3)
    say(sessions, kit, at, wave, person(0))  # taken back like any other answer
    with sessions.reading() as session:
        assert queries.mine(session, person(0), session.get_one(Wave, wave), kit) == {}


def test_who_is_not_asked_and_who_comes_too_late_is_told_so(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = planned(sessions, kit, at + DAY - DAY)
    say_to = (acts.answer, person(0), wave, 1, {"A1": 3})
    assert "does not ask you" in refused(sessions, *say_to, kit=kit, at=at), "nobody is asked before it opens"
    go_on(sessions, kit, at)
    assert "does not ask you" in refused(sessions, acts.answer, STRANGER, wave, 1, {}, kit=kit, at=at)
    assert "does not ask you" in refused(sessions, acts.answer, person(0), 2**70, 1, {}, kit=kit, at=at)
    # The form is open, and the time is over before the job has looked.
    assert "closed meanwhile" in refused(sessions, *say_to, kit=kit, at=at + 10 * DAY)
    say(sessions, kit, at, wave, person(0), A1=3)
    closed(sessions, kit, at, wave)
    assert "closed meanwhile" in refused(sessions, *say_to, kit=kit, at=at + 10 * DAY)
    assert "closed meanwhile" in refused(sessions, acts.withdraw, person(0), wave, kit=kit, at=at + 10 * DAY)


@ON_SQLITE
def test_only_stewards_plan_one_wave_at_a_time_for_enough_people_and_days(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)

    def said(who: Actor = AMARA, **changed: Any) -> str:
        decided = Plan(
            **{
                "functions": list(names.values()),
                "teams": [],
                "opens_at": at,
                "closes_at": at + 9 * DAY,
                **changed,
            }
        )
        return refused(sessions, acts.plan, who, decided, instrument=OURS, kit=kit, at=at)

    assert "for the stewards" in said(person(0))
    assert "fewer than {least}" in said(functions=[names["Legal"]])
    assert "{least} to {most} days" in said(closes_at=at + DAY / 2)
    assert "{least} to {most} days" in said(closes_at=at + 50 * DAY)
    assert "{least} to {most} days" in said(opens_at=at - 9 * DAY, closes_at=at + DAY / 2)
    assert "never lowered" in said(figures_from=4)
    planned(sessions, kit, at)
    assert "There is a pulse already" in said()


def test_user_groups_can_be_asked_and_everybody_counts_once(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)
    with sessions.begin() as session:
        council = team(session, kit, "Council", [person(0), person(20), person(77)]).id
    wave = opened(sessions, kit, at, functions=[names["Finance"]], teams=[council], by_team=True)
    with sessions.reading() as session:
        asked = queries.groups_of(session, session.get_one(Wave, wave))
        by_name = dict(session.execute(sa.select(Team.name, Team.id)).all())
    assert len(asked) == 6 + 3
    # One group each, as everywhere: the first by name of the teams somebody is in.
    assert asked[person(0).person] == (None, by_name["Council"])
    assert asked[person(50).person] == (names["Finance"], by_name["Ledger"])


def test_a_wave_that_is_called_off_destroys_what_was_answered(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    say(sessions, kit, at, wave, person(0), A1=3)
    assert "for the stewards" in refused(sessions, acts.call_off, person(0), wave, kit=kit, at=at)
    with sessions.begin() as session:
        acts.call_off(session, AMARA, wave, kit=kit, at=at)
    assert (count(sessions, PulseAnswer), count(sessions, Invited)) == (0, 0)
    assert "over already" in refused(sessions, acts.call_off, AMARA, wave, kit=kit, at=at)
    planned(sessions, kit, at)


def test_a_wave_whose_time_passed_while_the_bot_was_away_is_called_off(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    planned(sessions, kit, at)
    over = go_on(sessions, kit, at + 20 * DAY)
    assert over is not None
    assert over.state == WaveState.CALLED_OFF.value
    assert told(sessions) == {}


def test_thresholds_are_raised_never_lowered_and_show_nothing_new(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for who in EVERYBODY:
        say(sessions, kit, at, wave, who, A1=3)
    before = closed(sessions, kit, at, wave)
    lower = {"figures_from": 4, "texts_from": 10, "kit": kit, "at": at}
    assert "never lowered" in refused(sessions, acts.raise_thresholds, AMARA, wave, **lower)
    with sessions.begin() as session:
        acts.raise_thresholds(session, AMARA, wave, figures_from=12, texts_from=12, kit=kit, at=at)
    with sessions.reading() as session:
        after = queries.shown(session.get_one(Wave, wave))
        assert queries.thresholds(session) == (12, 12)
    assert set(after.items["A1"]) == {"all", f"f{names['Support']}"} < set(before.items["A1"])
    assert {named.name for named in after.groups if named.name} == {"Support"}
    decided = Plan(list(names.values()), [], at, at + 9 * DAY, figures_from=11, texts_from=12)
    assert "never lowered" in refused(sessions, acts.plan, AMARA, decided, instrument=OURS, kit=kit, at=at)


@ON_SQLITE
def test_free_text_is_shown_from_ten_on_and_destroyed_below(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    asks = read(
        {
            "name": "N",
            "about": "B",
            "scale": {"least": "a", "middle": "b", "most": "c"},
            "items": [
                {"id": "T1", "page": 1, "kind": "text", "text": "Why?"},
                {"id": "T2", "page": 1, "kind": "text", "text": "What then?"},
            ],
        }
    )
    wave = opened(sessions, kit, at, asks=asks)
    for number, who in enumerate(EVERYBODY[:10]):
        say(sessions, kit, at, wave, who, T1=f"word {9 - number}", T2="secret" if number else "")
    found = closed(sessions, kit, at, wave)
    assert found.texts == {"T1": tuple(f"word {number}" for number in range(10))}
    with sessions.reading() as session:
        assert "secret" not in str(session.get_one(Wave, wave).results)


@ON_SQLITE
def test_who_was_asked_and_the_stewards_see_the_same_results_and_nobody_else_any(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    with sessions.reading() as session:
        with pytest.raises(NotFound):
            queries.to_be_seen(session, person(0), wave)
        assert queries.waiting_for(session, person(0), at=at) is not None
        assert queries.waiting_for(session, STRANGER, at=at) is None
        assert queries.waiting_for(session, person(0), at=at + 10 * DAY) is None
    closed(sessions, kit, at, wave)
    with sessions.reading() as session:
        assert queries.to_be_seen(session, person(0), wave).id == queries.to_be_seen(session, AMARA, wave).id
        for who, ident in ((STRANGER, wave), (person(0), 5), (person(0), 2**70)):
            with pytest.raises(NotFound):
                queries.to_be_seen(session, who, ident)


@ON_SQLITE
def test_what_functions_say_of_one_another_is_for_the_two_of_them_first(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    names = founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for number in range(6):
        said = [{"function": names["Platform"], "items": {"C1": 3, "C2": 4}}]
        if number < 4:
            said.append({"function": names["Finance"], "items": {"C1": 1}})
        say(sessions, kit, at, wave, person(number), page=2, about=said)
    found = closed(sessions, kit, at, wave)
    [about] = found.about
    assert (about.by_name, about.of_name, about.items["C1"].n) == ("Support", "Platform", 6)
    now = at + 10 * DAY
    with sessions.reading() as session:
        first = {
            who: queries.about_for(session, who, found, at=now)
            for who in (person(13), person(20), person(50), AMARA)
        }
        assert [bool(each) for each in first.values()] == [True, True, False, False]
        assert queries.about_for(session, AMARA, found, at=now + 14 * DAY) == [about]
        # Everybody sees all of it then, and one's own first.
        elsewhere = dataclasses.replace(about, by=names["Finance"], of=names["Legal"])
        both = dataclasses.replace(found, about=(elsewhere, about))
        assert queries.about_for(session, person(20), both, at=now + 14 * DAY) == [about, elsewhere]
        assert queries.about_for(session, person(20), both, at=now) == [about]


# Two waves


def two_waves(
    sessions: Sessions,
    kit: Kit,
    at: dt.datetime,
    *,
    joined: int = 0,
    phrases: Mapping[int, str] | None = None,
) -> tuple[int, Results]:
    """Everybody of Support (14) answers twice, one point higher the second time; some join in between."""
    phrases = phrases or {}
    names = founded(
        sessions, kit, {"Tickets": ("Support", range(14)), "Identity": ("Platform", range(20, 30))}
    )
    answering = [*range(14), *range(20, 30)]
    first = opened(sessions, kit, at)
    for number in answering:
        say(sessions, kit, at, first, person(number), A1=3 + number % 2, phrase=phrases.get(number, ""))
    closed(sessions, kit, at, first)
    with sessions.begin() as session:
        team(session, kit, "Tickets", [person(number) for number in range(14 + joined)], function="Support")
    later = at + 90 * DAY
    second = opened(sessions, kit, later)
    for number in answering + list(range(14, 14 + joined)):
        say(sessions, kit, later, second, person(number), A1=4 + number % 2, phrase=phrases.get(number, ""))
    return names["Support"], closed(sessions, kit, later, second)


def test_a_change_is_shown_with_its_interval_and_in_what_share_it_is_higher(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    support, found = two_waves(sessions, kit, at)
    change = found.changes["A1"][f"f{support}"]
    assert (change.n_first, change.n_second, change.difference) == (14, 14, 1.0)
    assert change.low is not None
    assert change.high is not None
    assert change.low < 1.0 < change.high
    assert (change.higher, change.lower) == (0.75, 0.0)
    assert set(found.changes["A1"]) == {"all", f"f{support}", *found.changes["A1"]}
    assert found.linked == {}
    assert not found.rate_moved


@ON_SQLITE
def test_where_a_handful_came_or_went_no_change_is_shown(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    """Else who takes one sum from the other is left with those few."""
    support, found = two_waves(sessions, kit, at, joined=2)
    assert f"f{support}" not in found.changes["A1"]
    assert "all" not in found.changes["A1"]
    assert f"f{support}" in found.items["A1"], "the wave's own figures stand"


@ON_SQLITE
def test_only_who_chose_it_is_compared_and_words_that_two_chose_compare_nobody(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    phrases = {number: f"green bicycle {number}" for number in [*range(14), *range(20, 25)]}
    phrases |= {25: "The same WORDS", 26: "the  same words"}
    _, found = two_waves(sessions, kit, at, phrases=phrases)
    linked = found.linked["A1"]
    assert (linked.n, linked.mean) == (19, 1.0)
    with sessions.reading() as session:
        kept = list(session.scalars(sa.select(PulseLink)))
    assert len({row.wave_id for row in kept}) == 1, "what the first wave kept is destroyed"
    assert len(kept) == 19
    assert all(set(row.given) == {"A1"} for row in kept)


@ON_SQLITE
def test_no_linked_change_is_shown_where_a_handful_did_not_choose_it(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    phrases = {number: f"green bicycle {number}" for number in [*range(14), *range(20, 27)]}
    _, found = two_waves(sessions, kit, at, phrases=phrases)
    assert found.linked == {}


@ON_SQLITE
def test_words_to_be_compared_by_have_to_be_long_enough(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    said = refused(sessions, acts.answer, person(0), wave, 1, {}, phrase="cat", kit=kit, at=at)
    assert "{least} to {most} characters" in said
    say(sessions, kit, at, wave, person(0), phrase="seven small boats")
    say(sessions, kit, at, wave, person(0), A1=4)
    with sessions.reading() as session:
        assert session.scalars(sa.select(PulseAnswer.link)).one() is not None, "once said it stays"


def test_what_was_kept_to_be_compared_goes_where_no_other_wave_comes(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    say(sessions, kit, at, wave, person(0), A1=4, phrase="seven small boats")
    closed(sessions, kit, at, wave)
    for days, left in ((300, 1), (420, 0)):
        with sessions.begin() as session:
            waves.even_out(session, at=at + days * DAY)
        assert count(sessions, PulseLink) == left


# People


def test_what_is_stored_says_who_is_asked_and_who_is_forgotten_answers_no_more(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    say(sessions, kit, at, wave, person(0), A1=4)

    def stored(number: int) -> list[Kind]:
        with sessions.reading() as session:
            return [each.kind for each in queries.stored_of(session, person(number), kit)]

    assert stored(0) == [Kind.PULSE_ASKED, Kind.PULSE_ANSWER]
    assert stored(1) == [Kind.PULSE_ASKED]
    with sessions.begin() as session:
        acts.forget(session, person(0).person, kit)
    assert stored(0) == []
    assert count(sessions, PulseAnswer) == 0


def test_answers_of_a_day_are_written_anew_and_say_the_same(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for number in range(5):
        say(sessions, kit, at, wave, person(number), A1=number + 1)
    with sessions.begin() as session:
        waves.even_out(session, at=at)
    with sessions.reading() as session:
        rows = list(session.scalars(sa.select(PulseAnswer)))
    assert sorted(row.given["A1"] for row in rows) == [1, 2, 3, 4, 5]


def test_a_restored_backup_opens_no_wave_again(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    say(sessions, kit, at, wave, person(0), A1=4)
    with sessions.begin() as session:
        assert waves.destroy_again(session, [wave, 17]) == 1
    assert count(sessions, PulseAnswer) == 0
    with sessions.begin() as session:
        assert session.get_one(Wave, wave).state == WaveState.CALLED_OFF.value
        assert waves.destroy_again(session, [wave]) == 0


@ON_SQLITE
def test_without_the_libraries_there_are_figures_and_no_intervals(
    sessions: Sessions, kit: Kit, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda _name: None)
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for number in range(6):
        say(sessions, kit, at, wave, person(number), A1=4)
    found = closed(sessions, kit, at, wave)
    shown = found.items["A1"]["all"]
    assert (found.intervals, shown.mean, shown.low) == (False, 4.0, None)


@ON_SQLITE
def test_with_the_key_lost_nobody_answers_and_nothing_breaks(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    other = new_kit(key=bytes(32))
    with sessions.begin() as session, pytest.raises(Refusal, match="key"):
        acts.answer(session, person(0), wave, 1, {"A1": 3}, kit=other, at=at)
    with sessions.begin() as session:
        acts.forget(session, person(1).person, other)
        assert [each.kind for each in queries.stored_of(session, person(0), other)] == [Kind.PULSE_ASKED]


# A large company: nobody is kept from writing for long


def test_a_wave_that_was_counted_ahead_closes_only_where_nothing_has_changed_since(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave, over = opened(sessions, kit, at), at + 10 * DAY
    for who in EVERYBODY[:6]:
        say(sessions, kit, at, wave, who, A1=3)
    with sessions.reading() as session:
        assert waves.counted(session, at=at) is None, "its time is not over"
        ahead = waves.counted(session, at=over)
    say(sessions, kit, at, wave, EVERYBODY[6], A1=7)  # was under way while it was counted
    with sessions.begin() as session:
        assert waves.go_on(session, kit=kit, at=over, counted=ahead) is None
    assert count(sessions, PulseAnswer) == 7
    with sessions.reading() as session:
        ahead = waves.counted(session, at=over)
    with sessions.begin() as session:
        assert waves.go_on(session, kit=kit, at=over, counted=ahead) is not None
    with sessions.reading() as session:
        assert queries.shown(session.get_one(Wave, wave)).answered == 7
    assert count(sessions, PulseAnswer) == 0


def test_everybody_is_told_once_by_and_by_also_where_the_bot_dies_in_between(
    sessions: Sessions, kit: Kit, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "TOLD_AT_ONCE", 10)
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    assert told(sessions) == {}, "opening is a transaction by itself"
    with sessions.begin() as session:
        assert waves.tell_on(session, kit=kit)
    assert told(sessions) == {"pulse_invite": 10}
    with sessions.begin() as session:
        waves.tell_on(session, kit=kit)
        session.rollback()  # killed before it was written
    assert told(sessions) == {"pulse_invite": 10}
    with sessions.reading() as session:
        assert waves.due(session, at=at), "what is left is due at the next look"
    more = True
    while more:
        with sessions.begin() as session:
            more = waves.tell_on(session, kit=kit)
    assert told(sessions) == {"pulse_invite": len(EVERYBODY)}
    with sessions.reading() as session:
        rows = list(session.scalars(sa.select(Message)))
        people = [kit.sealing.unseal(row.sealed_person or b"", bound_to=f"outbox:{row.id}") for row in rows]
        assert sorted(people) == sorted(each.person for each in EVERYBODY)
        assert len({row.due_at for row in rows}) == 1
        row = session.get_one(Wave, wave)
        assert (row.telling, row.told_to, row.told_at) == (None, None, None)
        assert not waves.due(session, at=at)


def test_the_one_figure_of_several_questions_tells_nothing_of_a_few_who_left_some_out(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    for number, who in enumerate(EVERYBODY[:12]):
        say(sessions, kit, at, wave, who, B1=2 + number % 3, B2=5, B3=4 + number % 2, B4=3)
    say(sessions, kit, at, wave, EVERYBODY[12], B1=7)  # and can't say the rest
    found = closed(sessions, kit, at, wave)
    assert found.line is not None
    shown = {item: found.items[item]["all"] for item in ("B1", "B2", "B3", "B4")}
    assert [shown[item].n for item in shown] == [13, 12, 12, 12]
    means = {item: figure.mean or 0.0 for item, figure in shown.items()}
    ends = {item: (figure.low or 0.0, figure.high or 0.0) for item, figure in shown.items()}
    # All of it follows from what is shown of each question, so it adds nothing to it.
    assert found.line.n == 12
    assert found.line.mean == pytest.approx((means["B1"] + means["B2"] + means["B3"] + 8 - means["B4"]) / 4)
    assert found.line.low == pytest.approx(
        (ends["B1"][0] + ends["B2"][0] + ends["B3"][0] + 8 - ends["B4"][1]) / 4
    )
    assert found.line.high == pytest.approx(
        (ends["B1"][1] + ends["B2"][1] + ends["B3"][1] + 8 - ends["B4"][0]) / 4
    )


def test_where_nobody_or_enough_people_left_some_out_it_is_of_peoples_own_means(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    founded(sessions, kit)
    wave = opened(sessions, kit, at)
    own = []
    for number, who in enumerate(EVERYBODY[:12]):
        points = {"B1": 2 + number % 3, "B2": 5, "B3": 4 + number % 2, "B4": 3}
        if number < 5:
            del points["B2"]
        say(sessions, kit, at, wave, who, **points)
        turned = [8 - point if item == "B4" else point for item, point in points.items()]
        own.append(sum(turned) / len(turned))
    found = closed(sessions, kit, at, wave)
    assert found.line is not None
    known = figures.t_interval(own)
    assert (found.line.n, found.line.mean, found.line.low) == (12, known.mean, known.low)
