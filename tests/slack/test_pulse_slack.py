"""A whole wave over the wire: planned at the desk, answered from direct messages and Home, read by everybody asked."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.identity import installation
from bot.core.identity.installation import Mode
from bot.core.pulse import acts, tone
from bot.core.pulse.records import Invited, PulseAnswer, Side, ToneCount, Wave, WaveState
from bot.core.replies import destroyed
from bot.core.teams.records import Function
from bot.jobs.pulse import Pulse
from bot.slack.desk import views as desk
from bot.slack.pulse import views
from bot.slack.replying import views as replying
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import texts
from tests.slack.test_home_and_desk import raised
from tests.slack.test_right_of_reply_slack import ask, concerns, look


@pytest.fixture
def jobs(lite_office: Office) -> Jobs:
    return Jobs(lite_office)


@pytest.fixture
def waves(jobs: Jobs, tmp_path: Path) -> Pulse:
    return Pulse(jobs.office.bot, tmp_path / "destroyed.txt")


def home(office: Office, who: str) -> str:
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    office.practice.open_home(who)
    office.settle()
    return json.dumps(office.practice.home(who))


def pulse_desk(office: Office, who: str = "amara") -> Any:
    home(office, who)
    return office.practice.press(who, views.DESK, at="home").views[-1]


def said(view: Any) -> str:
    return "\n".join(texts(view))


def planned(office: Office, *, days: int = 10) -> int:
    """Every function is asked, from now on."""
    pulse_desk(office)
    office.practice.press("amara", views.PLAN)
    with office.sessions.reading() as session:
        functions = [str(each) for each in session.scalars(sa.select(Function.id))]
    until = (office.now + dt.timedelta(days=days)).date().isoformat()
    office.practice.submit("amara", {"functions": functions, "closes": until})
    with office.sessions.reading() as session:
        return session.scalars(sa.select(Wave.id)).one()


def asked(office: Office) -> list[str]:
    """Who is asked, by handle."""
    with office.sessions.reading() as session:
        idents = set(session.scalars(sa.select(Invited.person)))
    people = office.practice.world.state.people.values()
    return sorted(person.handle for person in people if person.id in idents)


def answer(office: Office, who: str, fields: dict[str, str]) -> Any:
    """From Home, where the open pulse waits beside the direct message."""
    home(office, who)
    office.practice.press(who, views.ANSWER, at="home")
    return office.practice.submit(who, fields)


def test_a_whole_wave_from_the_desk_to_results_that_everybody_asked_sees(jobs: Jobs, waves: Pulse) -> None:
    office = jobs.office
    assert "No pulse has been run yet" in home(office, "amara")
    wave = planned(office)
    assert "A pulse is planned" in said(pulse_desk(office))
    assert "No pulse has been run yet" not in home(office, "amara"), "what it recommends is on its way"
    waves.run()
    jobs.sender.run()
    people = asked(office)
    assert len(people) > 8
    assert "How many have answered is shown to nobody" in said(pulse_desk(office))
    [invited] = [each for each in office.practice.dms(people[0]) if "11 questions, 3 minutes" in each["text"]]
    office.practice.press(people[0], views.ANSWER, at=invited)
    kept = office.practice.submit(
        people[0], {"q:A1": "6", "q:B1": "5", "q:A2": "none", "phrase": "seven small boats"}
    )
    assert "Thank you, that is kept" in said(kept.views[-1])
    with office.sessions.reading() as session:
        other = session.scalars(sa.select(Function.id).where(Function.name == "Legal")).one()
    done = office.practice.submit(people[0], {"q:A5": "4", "f:0": str(other), "f:0:C1": "2"})
    assert "Thank you" in said(done.views[-1])
    for who in people[1:8]:
        answer(
            office, who, {"q:A1": "4", "q:B1": "6", "q:B2": "5", "q:B3": "6", "q:B4": "2", "q:D1": "raised"}
        )
    # Somebody changes an answer; somebody withdraws; somebody has the form open while it closes.
    home(office, people[1])
    again = office.practice.press(people[1], views.ANSWER, at="home").views[-1]
    chosen = [
        block["element"].get("initial_option", {}).get("value")
        for block in again["blocks"]
        if block["type"] == "input"
    ]
    assert chosen[0] == "4"
    office.practice.submit(people[1], {"q:A1": "7"})
    home(office, people[7])
    office.practice.press(people[7], views.ANSWER, at="home")
    assert "withdrawn" in said(office.practice.press(people[7], views.WITHDRAW).views[-1])
    home(office, people[8])
    office.practice.press(people[8], views.ANSWER, at="home")
    jobs.later(days=8)
    waves.run()
    jobs.sender.run()
    assert all(
        any("there is nothing to do" in each["text"] for each in office.practice.dms(who)) for who in people
    ), "the one reminder goes to everybody"
    jobs.later(days=3)
    waves.run()
    late = office.practice.submit(people[8], {"q:A1": "1"})
    assert "closed meanwhile" in json.dumps(late.errors)
    with office.sessions.reading() as session:
        row = session.get_one(Wave, wave)
        assert (row.state, row.salt) == (WaveState.CLOSED.value, None)
        assert session.scalar(sa.select(sa.func.count()).select_from(PulseAnswer)) == 0
    assert destroyed.listed_of(waves._path, "pulse") == [wave]
    jobs.sender.run()

    seen = []
    for who in (people[0], people[8], "amara"):
        assert "Results of the pulse" in home(office, who)
        seen.append(said(office.practice.press(who, f"{views.RESULTS}", at="home").views[-1]))
    assert len(set(seen)) == 1, "the same for everybody"
    assert f"7 of {len(people)} answered" in seen[0]
    assert "7 answers" in seen[0]
    outsider = next(who for who in ("ingrid", "theo", "sofia", "priya") if who not in people)
    assert "Results of the pulse" not in home(office, outsider)


def test_a_wave_with_four_answers_shows_nothing(jobs: Jobs, waves: Pulse) -> None:
    office = jobs.office
    planned(office)
    waves.run()
    people = asked(office)
    for who in people[:4]:
        answer(office, who, {"q:A1": "2"})
    jobs.later(days=11)
    waves.run()
    home(office, people[5])
    shown = said(office.practice.press(people[5], views.RESULTS, at="home").views[-1])
    assert "Fewer than 5" in shown
    assert "answers" not in shown


def test_stewards_choose_the_careful_mode_and_leave_it_with_a_sentence(jobs: Jobs) -> None:
    office = jobs.office
    for mode, sentence, refused in (
        (Mode.CAREFUL, "", ""),
        (Mode.OPEN, "", "everybody can read"),
        (Mode.OPEN, "We can.", ""),
    ):
        pulse_desk(office)
        office.practice.press("amara", views.MODE)
        told = office.practice.submit("amara", {"mode": mode.value, "sentence": sentence})
        assert refused in json.dumps(told.errors)
    with office.sessions.reading() as session:
        assert installation.mode(session) is Mode.OPEN
        assert installation.mode_sentence(session) == "We can."
    office.practice.close("amara", everything=True)
    assert "No pulse has been run yet" not in home(office, "amara")


@pytest.mark.parametrize(("points", "offered"), [((6, 7), True), ((7, 3), False)])
def test_leaving_the_careful_mode_is_offered_by_the_whole_range_never_by_the_mean(
    jobs: Jobs, waves: Pulse, points: tuple[int, int], offered: bool
) -> None:
    """Both means are above the line of 4.5."""
    office = jobs.office
    with office.sessions.begin() as session:
        installation.set_mode(session, Mode.CAREFUL, "", office.kit.randomness)
    wave = planned(office)
    waves.run()
    for number, who in enumerate(asked(office)[:8]):
        given = dict.fromkeys(("B1", "B2", "B3"), points[number % 2])
        with office.sessions.begin() as session:
            acts.answer(session, office.actor(who), wave, 1, given, kit=office.kit, at=office.now)
    jobs.later(days=11)
    waves.run()
    assert ("may be left" in home(office, "amara")) is offered
    assert ("may be left" in said(pulse_desk(office))) is offered


def test_in_the_careful_mode_the_desk_asks_a_team_before_it_offers_to_publish(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    assert desk.PUBLISH in json.dumps(look(office, "amara", problem))
    with office.sessions.begin() as session:
        installation.set_mode(session, Mode.CAREFUL, "", office.kit.randomness)
    seen = look(office, "amara", problem)
    assert "The mode is careful" in said(seen)
    assert desk.PUBLISH not in json.dumps(seen)
    assert {desk.ASK_TEAMS, desk.EARLY} <= set(re.findall(r"desk\.\w+", json.dumps(seen)))


def test_nobody_but_stewards_reaches_the_pulses_desk(jobs: Jobs) -> None:
    office = jobs.office
    assert views.DESK not in home(office, "priya")
    body = {
        "type": "block_actions",
        "user": {"id": office.id("priya"), "team_id": office.bot.workspace.team},
        "team": {"id": office.bot.workspace.team},
        "trigger_id": "1.2.3",
        "actions": [{"type": "button", "action_id": views.CALL_OFF, "block_id": "b", "value": "5"}],
        "view": {"id": "V1", "type": "modal", "blocks": [], "state": {"values": {}}},
    }
    planned(office)
    answer_ = office.post(b"payload=" + json.dumps(body).encode().replace(b" ", b"+"))
    assert answer_.status == 200
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Wave.state)).one() == WaveState.PLANNED.value


def test_a_pulses_file_that_is_malformed_is_said_to_the_steward(jobs: Jobs, tmp_path: Path) -> None:
    office = jobs.office
    broken = tmp_path / "ours.yml"
    broken.write_text("name: 7")
    object.__setattr__(office.bot, "settings", office.bot.settings.model_copy(update={"pulse_file": broken}))
    pulse_desk(office)
    told = office.practice.press("amara", views.PLAN)
    assert "can't be used" in said(told.views[-1])


def test_after_a_team_has_answered_both_sides_are_asked_once_how_it_felt(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    with jobs.only_one:
        jobs.sender.run()
        [waits] = office.practice.dms("kwame")
        office.practice.press("kwame", replying.OPEN, at=waits)
        thanks = office.practice.submit("kwame", {replying.WORDS: "A list a week ahead."}).views[-1]
        assert "How did this contact feel?" in said(thanks)
        office.practice.press("kwame", f"{views.TONE}:4")
        jobs.sender.run()
    [mine] = [each for each in office.practice.dms("amara") if "How did this contact feel?" in each["text"]]
    for value in (2, 5):
        office.practice.press("amara", f"{views.TONE}:{value}", at=mine)
    with office.sessions.reading() as session:
        rows = {(row.side, row.value): row.times for row in session.scalars(sa.select(ToneCount))}
        assert rows == {(Side.FUNCTION.value, 4): 1, (Side.STEWARD.value, 2): 1}
        assert tone.figures(session) == {}
