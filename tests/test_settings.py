"""What an operator writes becomes settings, or one list of everything that is wrong."""

import base64
import os
import re
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.own_key import keep_own_key
from bot.setting_kinds import emoji_name, sealing_key_text
from bot.settings import (
    REQUIRED,
    SECRETS,
    Settings,
    SettingsError,
    load,
)

DOCS = Path(__file__).parent.parent / "docs" / "operating.md"
EXAMPLE = Path(__file__).parent.parent / ".env.example"
KEY = sealing_key_text(bytes(range(32)))
OLD_KEY = sealing_key_text(b"\xff" * 32)

ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-hush-1",
    "SLACK_APP_TOKEN": "xapp-hush-2",
    "SLACK_SIGNING_SECRET": "hush-3",
    "GROUNDSWELL_DIGEST_CHANNEL": "C0123456789",
    "GROUNDSWELL_STEWARDS": "U0123456789, W9876543210",
    "GROUNDSWELL_MISCONDUCT_CHANNEL": "#people-help",
    "GROUNDSWELL_SEALING_KEY": KEY,
}


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.settings.own_key_file", lambda: tmp_path / "config" / "sealing.key")
    for name in list(os.environ):
        if name.startswith(("SLACK_", "GROUNDSWELL_", "DATABASE_URL")):
            monkeypatch.delenv(name)


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch):
    def writes(**changes: str) -> None:
        for name, value in {**ENOUGH, **changes}.items():
            monkeypatch.setenv(name, value)

    return writes


def faults(for_: str = "run") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(for_)
    return list(caught.value.faults)


def fault_of(write, **change: str) -> str:
    write(**change)
    (only,) = faults()
    return only


def test_what_is_needed_is_enough_and_the_rest_has_defaults(write) -> None:
    write()
    settings = load("run")
    assert settings.slack_bot_token.get_secret_value() == "xoxb-hush-1"
    assert settings.stewards == ("U0123456789", "W9876543210") == settings.steward_ids
    assert settings.steward_group is None
    assert [key.get_secret_value() for key in settings.sealing_keys] == [bytes(range(32))]
    assert (settings.emoji, settings.digest_day, settings.digest_hour) == (("jigsaw",), "monday", time(9))
    assert (settings.batch_hour, settings.time_zone, settings.guests) == (time(7), ZoneInfo("UTC"), False)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url.get_secret_value().startswith("sqlite:////")
    assert settings.database_url.get_secret_value().endswith("groundswell.db")


@pytest.mark.parametrize("for_", list(REQUIRED))
def test_a_command_asks_for_what_it_needs_and_no_more(for_: str, write, monkeypatch) -> None:
    aliases = {name: field.alias for name, field in Settings.model_fields.items()}
    needed = {aliases[name] for name in REQUIRED[for_]}
    if needed:
        assert {fault.split()[0] for fault in faults(for_)} == needed
    write()
    for name in ENOUGH.keys() - needed:
        monkeypatch.delenv(name)
    assert isinstance(load(for_), Settings)


def test_run_needs_three_variables_and_keeps_a_key_of_its_own(write, monkeypatch, tmp_path: Path) -> None:
    write()
    for name in ENOUGH.keys() - {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GROUNDSWELL_STEWARDS"}:
        monkeypatch.delenv(name)
    assert load("run").sealing_keys == ()
    path = tmp_path / "config" / "sealing.key"
    assert keep_own_key(path)
    made = load("run").sealing_keys
    assert len(made[0].get_secret_value()) == 32
    assert not keep_own_key(path), "a key that is there is never written over"
    assert load("run").sealing_keys == made
    assert path.stat().st_mode & 0o077 == 0
    assert load("doctor").sealing_keys == load("run").sealing_keys


def test_everything_wrong_is_named_at_once_with_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_DIGEST_HOUR", "25")
    monkeypatch.setenv("GROUNDSWELL_DIGEST_CHANEL", "C0123456789")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-wrong-kind")
    with pytest.raises(SettingsError) as caught:
        load("web")
    said = str(caught.value)
    assert said.splitlines()[0] == "8 settings are missing or wrong."
    for words in (
        "GROUNDSWELL_DIGEST_HOUR is wrong: it should be an hour from 0 to 23, or HH:MM",
        "GROUNDSWELL_DIGEST_CHANEL is not a setting: did you mean GROUNDSWELL_DIGEST_CHANNEL?",
        "SLACK_BOT_TOKEN is wrong: this is another kind of token: it should begin with xoxb-",
        "SLACK_SIGNING_SECRET is missing. For signed HTTP.",
        "`groundswell key` prints a new one",
    ):
        assert words in said


def test_one_fault_is_told_in_the_singular(write) -> None:
    write(GROUNDSWELL_PORT="0")
    with pytest.raises(
        SettingsError, match=r"^1 setting is missing or wrong\.\n  - GROUNDSWELL_PORT is wrong"
    ):
        load("run")


def test_one_wrong_setting_does_not_make_the_others_look_missing(write) -> None:
    assert fault_of(write, GROUNDSWELL_LOG_LEVEL="loud").startswith("GROUNDSWELL_LOG_LEVEL is wrong")


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        ("SLACK_BOT_TOKEN", "xapp-hush-9"),
        ("SLACK_APP_TOKEN", "xoxb-hush-9"),
        ("DATABASE_URL", "mysql://me:hush-9@db/x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("GROUNDSWELL_SEALING_KEY", "hush-9"),
        ("GROUNDSWELL_SEALING_KEY", f"{KEY},hush-9"),
        ("GROUNDSWELL_DIGEST_CHANNEL", "xoxb-hush-9"),
        ("GROUNDSWELL_STEWARDS", "xoxb-hush-9"),
        ("GROUNDSWELL_TIME_ZONE", "xoxb-hush-9"),
        ("GROUNDSWELL_PORT", "hush-9"),
        ("GROUNDSWELL_GUESTS", "hush-9"),
        ("GROUNDSWELL_SIMILAR", "hush-9"),
        ("GROUNDSWELL_HOLIDAYS", "hush-9"),
    ],
)
def test_what_was_written_is_never_repeated(variable: str, written: str, write) -> None:
    fault = fault_of(write, **{variable: written})
    assert fault.startswith(f"{variable} is wrong")
    assert "hush" not in fault


def test_no_way_of_printing_settings_shows_a_secret(write) -> None:
    write(DATABASE_URL="postgres://me:hush-4@db/groundswell")
    settings = load("run")
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()} {vars(settings)}"
    assert "hush" not in shown
    assert KEY not in shown
    assert str(bytes(range(32))) not in shown
    assert {
        name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
    } == set(SECRETS)


def test_settings_do_not_change_once_they_are_read(write) -> None:
    write()
    with pytest.raises(ValidationError):
        load("run").port = 1  # type: ignore[misc]


def test_settings_made_by_hand_read_no_environment(write) -> None:
    write()
    assert Settings().slack_bot_token is None
    assert Settings(port=1).port == 1


def test_a_dot_env_file_is_read_and_the_environment_wins(tmp_path: Path, write) -> None:
    (tmp_path / ".env").write_text(
        "GROUNDSWELL_EMOJI=wave\nGROUNDSWELL_PORT=4000\nPOSTGRES_PASSWORD=other\nGROUNDSWELL_EMOJY=x\n"
    )
    write(GROUNDSWELL_PORT="5000")
    assert faults() == ["GROUNDSWELL_EMOJY is not a setting: did you mean GROUNDSWELL_EMOJI?"]
    (tmp_path / ".env").write_text("GROUNDSWELL_EMOJI=wave\nGROUNDSWELL_PORT=4000\nPOSTGRES_PASSWORD=other\n")
    assert (load("run").emoji, load("run").port) == (("wave",), 5000)


def test_an_empty_value_counts_as_none(write) -> None:
    write(GROUNDSWELL_PORT="", GROUNDSWELL_SPONSOR="")
    assert load("run").port == 3000
    write(SLACK_BOT_TOKEN="")
    assert faults()[0].startswith("SLACK_BOT_TOKEN is missing")


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file(name: str, tmp_path: Path, write, monkeypatch) -> None:
    variable = Settings.model_fields[name].alias
    more = {"DATABASE_URL": "sqlite:////data/other.db", "GROUNDSWELL_WEBHOOK_SECRET": "hush-4-hush-4-hush-4"}
    value = expected = {**ENOUGH, **more}[variable]
    write()
    monkeypatch.delenv(variable, raising=False)
    (tmp_path / "secret").write_text(f"{value}\n")
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "secret"))
    read = getattr(load("run"), name)
    if name == "sealing_keys":
        assert base64.b64encode(read[0].get_secret_value()).decode() == expected
    else:
        assert read.get_secret_value() == expected


def test_a_secret_file_that_cannot_be_read_is_one_of_the_faults(tmp_path: Path, write, monkeypatch) -> None:
    write(GROUNDSWELL_PORT="0")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "nowhere"))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY_FILE", str(tmp_path / "bytes"))
    said = faults()
    assert len(said) == 3
    assert "SLACK_BOT_TOKEN_FILE names can't be read (No such file or directory)" in said[0]
    assert "GROUNDSWELL_SEALING_KEY_FILE names can't be read (it is not text)" in said[1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+psycopg://u@h/d?sslmode=require"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////data/bot.db", "sqlite:////data/bot.db"),
        ("sqlite:///bot.db", "sqlite:///bot.db"),
    ],
)
def test_a_database_is_named_as_people_name_it(written: str, read: str, write) -> None:
    write(DATABASE_URL=written)
    assert load("run").database_url.get_secret_value() == read


@pytest.mark.parametrize("written", ["http://127.0.0.1:8900/api", "http://127.0.0.1:8900/api/"])
def test_the_address_of_the_web_api_ends_with_one_slash(written: str, write) -> None:
    write(SLACK_API_URL=written)
    assert load("run").slack_api_url == "http://127.0.0.1:8900/api/"


@pytest.mark.parametrize(
    ("written", "read"), [("hurdle", "/hurdle"), ("/Hurdle", "/hurdle"), ("/a-b_1", "/a-b_1")]
)
def test_a_command_has_one_slash(written: str, read: str, write) -> None:
    write(GROUNDSWELL_COMMAND=written)
    assert load("run").command == read


@pytest.mark.parametrize("written", ["/two words", "/", "/" + "x" * 32, "/a/b"])
def test_a_command_that_slack_would_refuse_is_refused(written: str, write) -> None:
    assert fault_of(write, GROUNDSWELL_COMMAND=written).startswith("GROUNDSWELL_COMMAND is wrong")


def test_emoji_lose_colons_and_skin_tones(write) -> None:
    write(GROUNDSWELL_EMOJI=" :jigsaw:, Wave::skin-tone-3 ,:wave:, +1 ")
    assert load("run").emoji == ("jigsaw", "wave", "+1")
    assert emoji_name(":raised_hand::skin-tone-2:") == "raised_hand"


@pytest.mark.parametrize("written", ["🧩", ":", "two words", ","])
def test_an_emoji_that_no_event_would_name_is_refused(written: str, write) -> None:
    assert "write the emoji's name" in fault_of(write, GROUNDSWELL_EMOJI=written)


@pytest.mark.parametrize("written", ["#product-weekly", "product-weekly", "D0123456789"])
def test_a_channel_needs_its_id_and_the_words_say_where_it_stands(written: str, write) -> None:
    fault = fault_of(write, GROUNDSWELL_DIGEST_CHANNEL=written)
    assert "Slack wants its id" in fault
    assert "at the bottom of About" in fault


@pytest.mark.parametrize(
    ("written", "read"), [("7", time(7)), ("07:30", time(7, 30)), (" 23 ", time(23)), ("0", time(0))]
)
def test_an_hour_is_an_hour_or_hours_and_minutes(written: str, read: time, write) -> None:
    write(GROUNDSWELL_DIGEST_HOUR=written, GROUNDSWELL_BATCH_HOUR=written)
    assert (load("run").digest_hour, load("run").batch_hour) == (read, read)


@pytest.mark.parametrize("written", ["24", "7:60", "-1", "noon", "7.5"])
def test_an_hour_that_no_clock_shows_is_refused(written: str, write) -> None:
    assert fault_of(write, GROUNDSWELL_DIGEST_HOUR=written).startswith("GROUNDSWELL_DIGEST_HOUR is wrong")


@pytest.mark.parametrize(("written", "read"), [("Friday", "friday"), ("tue", "tuesday")])
def test_a_day_may_be_short(written: str, read: str, write) -> None:
    write(GROUNDSWELL_DIGEST_DAY=written)
    assert load("run").digest_day == read


@pytest.mark.parametrize("written", ["t", "someday", "Montag"])
def test_a_day_that_could_be_two_is_refused(written: str, write) -> None:
    assert "a day of the week" in fault_of(write, GROUNDSWELL_DIGEST_DAY=written)


def test_a_time_zone_is_an_iana_name(write) -> None:
    write(GROUNDSWELL_TIME_ZONE="Europe/Berlin")
    assert load("run").time_zone == ZoneInfo("Europe/Berlin")
    assert "did you mean Europe/Berlin?" in fault_of(write, GROUNDSWELL_TIME_ZONE="Europe/Berlim")


def test_stewards_are_a_group_or_at_least_two_people(write) -> None:
    write(GROUNDSWELL_STEWARDS="S0123456789")
    assert (load("run").steward_group, load("run").steward_ids) == ("S0123456789", ())
    assert "one steward is not enough" in fault_of(write, GROUNDSWELL_STEWARDS="U0123456789,U0123456789")
    assert "one user group's id" in fault_of(write, GROUNDSWELL_STEWARDS="S0123456789,U0123456789")
    assert "one user group's id" in fault_of(write, GROUNDSWELL_STEWARDS="@amara,@jonas")
    assert "GROUNDSWELL_STEWARDS is missing" in fault_of(write, GROUNDSWELL_STEWARDS=",")


def test_a_sponsor_is_a_person(write) -> None:
    assert "a person's id" in fault_of(write, GROUNDSWELL_SPONSOR="S0123456789")


def test_several_keys_keep_their_order_newest_first(write) -> None:
    write(GROUNDSWELL_SEALING_KEY=f"{KEY}, {OLD_KEY}")
    assert [key.get_secret_value() for key in load("run").sealing_keys] == [bytes(range(32)), b"\xff" * 32]


def test_a_key_may_be_written_for_urls(write) -> None:
    write(GROUNDSWELL_SEALING_KEY=base64.urlsafe_b64encode(b"\xff" * 32).decode())
    assert load("run").sealing_keys[0].get_secret_value() == b"\xff" * 32


def test_only_32_bytes_make_a_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing_key_text(b"short")


def test_holidays_are_days(write) -> None:
    write(GROUNDSWELL_HOLIDAYS="2027-01-01, 2027-04-02")
    assert load("run").holidays == (date(2027, 1, 1), date(2027, 4, 2))


@pytest.mark.parametrize(
    ("place", "free"), [("DE", False), ("de-be", True), ("US", False), ("GB-SCT", False)]
)
def test_public_holidays_are_those_of_the_country_and_region(place: str, free: bool, write) -> None:
    write(GROUNDSWELL_COUNTRY=place, GROUNDSWELL_HOLIDAYS="2026-12-24")
    settings = load("run")
    assert settings.country == place.upper()
    assert settings.is_holiday(date(2026, 12, 25))
    assert settings.is_holiday(date(2026, 12, 24))  # the operator's own
    assert settings.is_holiday(date(2026, 3, 8)) == free  # in Berlin alone
    assert not settings.is_holiday(date(2026, 11, 18))


@pytest.mark.parametrize("place", ["XX", "DE-XX", "Germany", ""])
def test_a_place_without_a_calendar_is_refused(place: str, write) -> None:
    assert "it should be a country" in fault_of(write, GROUNDSWELL_COUNTRY=place or " ")


def test_every_setting_stands_in_the_operators_table_and_in_the_example() -> None:
    variables = {str(field.alias) for field in Settings.model_fields.values()}
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", DOCS.read_text(encoding="utf-8"), re.M))
    assert rows == variables
    example = set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.M))
    assert example == variables - {"GROUNDSWELL_PRACTICE_CLOCK"}


def test_the_operators_table_tells_the_true_defaults() -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", DOCS.read_text(encoding="utf-8"), re.M))
    written = {
        str(field.alias): told[str(field.alias)].strip("`")
        for name, field in Settings.model_fields.items()
        if told[str(field.alias)].startswith("`")
    }
    plain = Settings()
    read = Settings.model_validate(written)
    assert len(written) > 8
    for name, field in Settings.model_fields.items():
        if field.alias in written:
            assert getattr(read, name) == getattr(plain, name), name


def test_the_operators_table_tells_what_each_command_needs() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| .+? \| (.*?) ?\| ", DOCS.read_text(encoding="utf-8"), re.M)
    told = {
        variable: {each.strip() for each in needed.split(",") if each.strip()} for variable, needed in rows
    }
    for name, field in Settings.model_fields.items():
        assert told[str(field.alias)] == {command for command, names in REQUIRED.items() if name in names}, (
            name
        )
