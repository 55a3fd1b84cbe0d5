"""The check-up names what is wrong, each with how to mend it, and is content where nothing is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from pydantic import SecretBytes, SecretStr

from bot.core import figures
from bot.core.identity.installation import Mode, set_mode
from bot.core.problems.similar import Index, keep_up
from bot.core.store import Sessions, build_engine
from bot.jobs.checkup import WITHOUT, Found, Level, examine
from bot.manifest import declared
from bot.settings import Settings
from bot.slack.client import Slack
from tests import company
from tests.conftest import KEY
from tests.jobs.conftest import Jobs, Opened
from tests.slack.conftest import Office, fill_company


def complete(office: Office, **changed: Any) -> Settings:
    """Settings with nothing missing."""
    given = {
        "sealing_keys": (SecretBytes(KEY),),
        "slack_app_token": SecretStr(office.practice.app_token),
        "time_zone": ZoneInfo("Europe/Berlin"),
        "stewards_checked": "the works council, 2026-11-02",
        **changed,
    }
    return office.bot.settings.model_copy(update=given)


def looked(office: Office, settings: Settings | None = None, now: dt.datetime | None = None) -> list[Found]:
    settings = settings or complete(office)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    slack = Slack.at(token, settings.slack_api_url, timeout=5)
    app_token = settings.slack_app_token
    app_slack = (
        Slack.at(app_token.get_secret_value(), settings.slack_api_url, timeout=5) if app_token else None
    )
    return list(examine(settings, office.sessions, slack, app_slack, now or dt.datetime.now(dt.UTC)))


def wrong(found: list[Found]) -> str:
    return " ".join(f"{each.what} {each.mend}" for each in found if each.level is not Level.GOOD)


def test_where_nothing_is_wrong_it_says_so(jobs: Jobs) -> None:
    with jobs.office.sessions.begin() as session:
        set_mode(session, Mode.CAREFUL, "", jobs.office.kit.randomness)
    found = looked(jobs.office)
    assert wrong(found) == ""
    said = " ".join(each.what for each in found)
    assert "2 stewards from 2 functions" in said
    assert "Editions go to #product-weekly" in said
    assert "The next edition is due on Monday" in said
    jobs.office.practice.assert_no_objections()


def test_without_a_pulse_and_a_choice_the_careful_mode_is_recommended(lite_jobs: Jobs) -> None:
    [found] = [each for each in looked(lite_jobs.office) if "No pulse has been run" in each.what]
    assert found.level is Level.WARNING


def test_a_malformed_file_of_the_pulse_is_bad_with_the_reason(
    open_office: Opened, lite: Sessions, tmp_path: Path
) -> None:
    broken = tmp_path / "ours.yml"
    broken.write_text("{name: Ours}")
    office = open_office(lite)
    [found] = [
        each
        for each in looked(office, complete(office, pulse_file=broken))
        if "The pulse's questions" in each.what
    ]
    assert found.level is Level.BAD
    assert "a list of questions" in found.what


def test_without_the_libraries_figures_have_no_intervals_and_it_says_so(
    lite_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda _name: None)
    assert "Without the extra `reports`" in wrong(looked(lite_jobs.office))


@company.ON_POSTGRES
def test_a_server_that_keeps_its_write_ahead_log_is_a_warning(jobs: Jobs) -> None:
    sessions = jobs.office.sessions
    with sessions.begin() as session:
        name = sessions.engine.url.database
        session.execute(sa.text(f"ALTER DATABASE {name} SET wal_recycle = on"))
    sessions.engine.dispose()  # whoever is connected keeps the settings that were there
    found = [each for each in looked(jobs.office) if "write-ahead log" in each.what]
    assert [each.level for each in found] == [Level.WARNING]
    assert "docs/operating.md" in found[0].mend


@pytest.mark.parametrize(
    ("mishap", "says", "level"),
    [
        (lambda p: p.kick("amara", "product-weekly"), "/invite", Level.BAD),
        (lambda p: p.archive("amara", "product-weekly"), "is archived", Level.BAD),
        (lambda p: p.share("amara", "product-weekly"), "is shared with another organisation", Level.BAD),
        (lambda p: p.share("amara", "product-weekly", pending=True), "is shared with another", Level.BAD),
        (lambda p: p.deactivate("jonas"), "1 steward who can be reached", Level.BAD),
        (lambda p: p.fault("auth.test", error="invalid_auth"), "Install the app again", Level.BAD),
        (lambda p: p.fault("auth.test", status=503), "Slack does not answer", Level.BAD),
        (lambda p: p.fault("apps.connections.open", error="invalid_auth"), "connections:write", Level.BAD),
        (
            lambda p: p.fault("conversations.info", error="channel_not_found"),
            "can't see the digest",
            Level.BAD,
        ),
        (lambda p: p.fault("conversations.info", error="internal_error"), "Try again", Level.WARNING),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(
    lite_jobs: Jobs, mishap: Any, says: str, level: Level
) -> None:
    mishap(lite_jobs.office.practice)
    found = [each for each in looked(lite_jobs.office) if says in f"{each.what} {each.mend}"]
    assert [each.level for each in found] == [level]
    assert found[0].mend


def test_without_a_place_for_misconduct_it_refuses(open_office: Opened, lite: Sessions) -> None:
    office = open_office(lite, people_channel=None)
    found = [each for each in looked(office) if "GROUNDSWELL_MISCONDUCT_CHANNEL" in each.what]
    assert [each.level for each in found] == [Level.BAD]


def test_a_clock_that_is_off_is_named_with_by_how_much(lite_jobs: Jobs) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    assert "seconds off Slack's" in wrong(looked(lite_jobs.office, now=later))


def test_stewards_of_one_function_are_a_warning(lite_jobs: Jobs) -> None:
    people = lite_jobs.office.practice.members("support")[:2]
    settings = complete(lite_jobs.office, stewards=tuple(each.id for each in people))
    assert "not known to be from different functions" in wrong(looked(lite_jobs.office, settings))


def test_it_asks_whether_somebody_has_looked_at_the_stewards_and_shows_who_did(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    unseen = wrong(looked(office, complete(office, stewards_checked=None)))
    assert "no steward has line authority" in unseen
    assert "GROUNDSWELL_STEWARDS_CHECKED" in unseen
    said = [each.what for each in looked(office) if each.level is Level.GOOD]
    assert "That no steward has line authority was looked at: the works council, 2026-11-02." in said


def test_a_key_that_is_missing_is_found_before_somebody_waits_for_an_answer(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        company.raised(session, office.kit, office.now)
    other = complete(office, sealing_keys=(SecretBytes(bytes(32)),))
    assert "sealing key is missing" in wrong(looked(office, other))
    both = complete(office, sealing_keys=(SecretBytes(bytes(32)), SecretBytes(KEY)))
    assert "sealing key" not in wrong(looked(office, both))


def test_an_old_database_and_one_that_is_away_are_told_apart(
    open_office: Opened, tmp_path: Any, lite: Sessions
) -> None:
    for url, says in (
        (f"sqlite:///{tmp_path}/new.db", "groundswell migrate"),
        (f"sqlite:///{tmp_path}/no/such/folder.db", "Check DATABASE_URL"),
    ):
        sessions = Sessions(build_engine(url))
        office = open_office(lite)
        slack = Slack.at(office.practice.bot_token, office.practice.api_url, timeout=5)
        found = list(examine(complete(office), sessions, slack, None, dt.datetime.now(dt.UTC)))
        assert says in wrong(found)
        sessions.engine.dispose()


def test_every_scope_that_may_be_declined_says_what_is_lost_without_it() -> None:
    assert set(WITHOUT) == set(declared().optional_scopes)


def test_missing_settings_are_all_named(open_office: Opened, lite: Sessions) -> None:
    fill_company(open_office(lite))
    bare = complete(open_office(lite), sealing_keys=(), digest_channel=None, slack_app_token=None)
    told = wrong(looked(open_office(lite), bare))
    assert "sealing" in told
    assert "GROUNDSWELL_DIGEST_CHANNEL is missing" in told
    assert "SLACK_APP_TOKEN is missing" not in told  # signed HTTP needs none


def test_a_missing_model_and_one_that_was_changed_are_told_with_what_to_do(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        company.published(session, office.kit, office.now)
    keep_up(office.sessions, Index("words"), office.kit.randomness)
    changed = wrong(looked(office))
    assert "read by another model" in changed
    assert "groundswell similar rebuild" in changed
    missing = wrong(looked(office, complete(office, similar="nowhere.at_all:make")))
    assert "found by their words alone: the model is missing" in missing
    assert "nowhere.at_all:make" in missing
    assert "words alone" not in wrong(looked(office, complete(office, similar="words")))
