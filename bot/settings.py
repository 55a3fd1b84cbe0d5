"""What an operator decides: read here and nowhere else from the environment.

Every setting is a variable of the environment, or a line of `.env` in the working directory; a secret may
also stand in a file that NAME_FILE names. All that is missing or wrong is said at once.
"""

import base64
import binascii
import difflib
import os
import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import platformdirs
from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.own_key import own_key_file

Purpose = Literal[
    "run", "web", "worker", "migrate", "doctor", "teams", "export", "import", "backup", "manifest", "try"
]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TALKS = ("slack_bot_token", "digest_channel", "stewards", "sealing_keys", "people_channel")
REQUIRED: dict[Purpose, tuple[str, ...]] = {
    # The first hour: what else there is can be said later, and doctor and the desk ask for it.
    "run": ("slack_bot_token", "slack_app_token", "stewards"),
    "web": (*_TALKS, "slack_signing_secret"),
    "worker": _TALKS,
    "migrate": (),
    "doctor": (),
    "teams": (),
    "export": (),
    "import": (),
    "backup": (),
    "manifest": (),
    "try": (),
}

SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "database_url", "sealing_keys")
KEY_BYTES = 32

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")


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

    slack_bot_token: SecretStr | None = Field(
        None,
        alias="SLACK_BOT_TOKEN",
        description="The app's page on api.slack.com/apps, Install App: the Bot User OAuth Token (xoxb-...).",
    )
    slack_app_token: SecretStr | None = Field(
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
    slack_api_url: str = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="Where the Web API is: Slack's own, or another host that speaks it.",
    )
    database_url: SecretStr = Field(
        default_factory=_default_database,
        alias="DATABASE_URL",
        description="postgresql://user:password@host/name, or sqlite:///path. "
        "Without it: SQLite in the user's data directory.",
    )
    command: str = Field(
        "/problem",
        alias="GROUNDSWELL_COMMAND",
        description="The name of the slash command. `groundswell manifest` prints the manifest with it.",
    )
    emoji: Annotated[tuple[str, ...], NoDecode] = Field(
        ("jigsaw",),
        alias="GROUNDSWELL_EMOJI",
        description="The names of the emoji that tag a message as a problem, separated by commas.",
    )
    digest_channel: str | None = Field(
        None,
        alias="GROUNDSWELL_DIGEST_CHANNEL",
        description="The id of the channel that gets the weekly edition (C...): in Slack, the channel's name "
        "above the messages, at the bottom of About. Then /invite the bot there.",
    )
    digest_day: Day = Field(
        "monday", alias="GROUNDSWELL_DIGEST_DAY", description="The day of the weekly edition."
    )
    digest_hour: time = Field(
        time(9),
        alias="GROUNDSWELL_DIGEST_HOUR",
        description="The hour of the weekly edition: 0 to 23, or HH:MM.",
    )
    time_zone: ZoneInfo = Field(
        ZoneInfo("UTC"),
        alias="GROUNDSWELL_TIME_ZONE",
        description="The zone of the hours here, by its IANA name (Europe/Berlin).",
    )
    batch_hour: time = Field(
        time(7),
        alias="GROUNDSWELL_BATCH_HOUR",
        description="The hour at which what was raised reaches the stewards, each day: 0 to 23, or HH:MM.",
    )
    holidays: Annotated[tuple[date, ...], NoDecode] = Field(
        (),
        alias="GROUNDSWELL_HOLIDAYS",
        description="Days on which nobody works, separated by commas (2027-01-01,2027-04-02): "
        "they don't count where working days are promised.",
    )
    stewards: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="GROUNDSWELL_STEWARDS",
        description="Who looks after problems: the id of a user group (S...), or of at least two people "
        "(U..., in a profile under the three dots, Copy member ID), separated by commas.",
    )
    sponsor: str | None = Field(
        None,
        alias="GROUNDSWELL_SPONSOR",
        description="The id (U...) of the leader who answers problems of authority, "
        "and complaints about a steward.",
    )
    people_channel: str | None = Field(
        None,
        alias="GROUNDSWELL_MISCONDUCT_CHANNEL",
        description="Where misconduct, harassment and safety are reported instead; the form names it: "
        "a channel's id, or words (#people-help, or a telephone number).",
    )
    sealing_keys: Annotated[tuple[SecretBytes, ...], NoDecode] = Field(
        (),
        alias="GROUNDSWELL_SEALING_KEY",
        description="Seals who raised a problem. `groundswell key` prints a new one; keep it apart from the "
        "database and its backups. Several, separated by commas: the first seals, all of them open.",
    )
    locale: str = Field(
        "en", alias="GROUNDSWELL_LOCALE", description="The language of what is posted in the channel."
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
    practice_clock: Path | None = Field(
        None,
        alias="GROUNDSWELL_PRACTICE_CLOCK",
        description="For practice only: a file with the seconds by which the bot's clock is ahead.",
    )

    @property
    def steward_group(self) -> str | None:
        """The id of the user group whose members are the stewards, where one was named."""
        return self.stewards[0] if self.stewards and _GROUP.fullmatch(self.stewards[0]) else None

    @property
    def steward_ids(self) -> tuple[str, ...]:
        """The ids of the stewards, where people were named and not a group."""
        return () if self.steward_group else self.stewards

    @field_validator("slack_bot_token", "slack_app_token", mode="after")
    @classmethod
    def _right_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        begins = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(begins):
            raise ValueError(f"this is another kind of token: it should begin with {begins}")
        return value

    @field_validator("slack_api_url", mode="after")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("it should be a URL such as https://slack.com/api/")
        return value.rstrip("/") + "/"

    @field_validator("database_url", mode="after")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value.get_secret_value())
        if not re.fullmatch(r"postgresql\+psycopg://\S+|sqlite:///[^:]\S*.*", url):
            raise ValueError("it should begin with postgresql:// or sqlite:/// and name a file or a server")
        return SecretStr(url)

    @field_validator("command", mode="after")
    @classmethod
    def _with_one_slash(cls, value: str) -> str:
        name = "/" + value.lstrip("/").lower()
        if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
            raise ValueError("a command is one word of small letters, digits, - and _, at most 31")
        return name

    @field_validator("emoji", "stewards", "holidays", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(_pieces(value)) if isinstance(value, str) else value

    @field_validator("emoji", mode="after")
    @classmethod
    def _emoji_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(emoji_name(each) for each in value))
        if not names or not all(re.fullmatch(r"[^\s:]*[^\W_][^\s:]*|[+-]1", name) for name in names):
            raise ValueError("write the emoji's name, as between its colons in Slack (jigsaw)")
        return names

    @field_validator("digest_channel", mode="after")
    @classmethod
    def _channel_id(cls, value: str | None) -> str | None:
        if value is not None and not _CHANNEL.fullmatch(value):
            raise ValueError("a channel's name is not enough, Slack wants its id (C... or G...)")
        return value

    @field_validator("digest_day", mode="before")
    @classmethod
    def _whole_day(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        days = [day for day in DAYS if len(value) >= 3 and day.startswith(value.lower())]
        if not days:
            raise ValueError("it should be a day of the week, in English (monday)")
        return days[0]

    @field_validator("digest_hour", "batch_hour", mode="before")
    @classmethod
    def _hour(cls, value: object) -> object:
        if not isinstance(value, str | int):
            return value
        found = re.fullmatch(r"([01]?\d|2[0-3])(?::([0-5]\d))?", str(value))
        if not found:
            raise ValueError("it should be an hour from 0 to 23, or HH:MM")
        return time(int(found[1]), int(found[2] or 0))

    @field_validator("time_zone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value not in available_timezones():
            near = difflib.get_close_matches(value, available_timezones(), n=1)
            hint = f"; did you mean {near[0]}?" if near else " such as Europe/Berlin"
            raise ValueError(f"it should be the IANA name of a zone{hint}")
        return ZoneInfo(value)

    @field_validator("stewards", mode="after")
    @classmethod
    def _two_or_a_group(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        people = tuple(dict.fromkeys(value))
        if not people or (len(people) == 1 and _GROUP.fullmatch(people[0])):
            return people
        if not all(_PERSON.fullmatch(each) for each in people):
            raise ValueError("it should be one user group's id (S...), or people's ids (U...)")
        if len(people) < 2:
            raise ValueError("one steward is not enough: name at least two, from different functions")
        return people

    @field_validator("sponsor", mode="after")
    @classmethod
    def _person_id(cls, value: str | None) -> str | None:
        if value is not None and not _PERSON.fullmatch(value):
            raise ValueError("it should be a person's id (U...)")
        return value

    @field_validator("people_channel", mode="after")
    @classmethod
    def _short_words(cls, value: str | None) -> str | None:
        if value is not None and len(value) > 150:
            raise ValueError("it should be a channel's id, or at most 150 characters of words")
        return value

    @field_validator("sealing_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return tuple(_decoded(each) for each in _pieces(value)) if isinstance(value, str) else value

    @field_validator("sealing_keys", mode="after")
    @classmethod
    def _long_enough(cls, value: tuple[SecretBytes, ...]) -> tuple[SecretBytes, ...]:
        if not all(len(each.get_secret_value()) == KEY_BYTES for each in value):
            raise ValueError("each key should be 32 bytes in base64, as `groundswell key` prints it")
        return value

    @field_validator("locale", mode="after")
    @classmethod
    def _locale_name(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4})?", value):
            raise ValueError("it should be a language such as en or de-AT")
        return value

    @field_validator("*", mode="before")  # stands last, so that it runs first
    @classmethod
    def _stripped(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value


def emoji_name(written: str) -> str:
    """An emoji's bare name: ":Wave::skin-tone-2:" is "wave"; as events and settings write it."""
    return written.strip().strip(":").split("::")[0].lower()


def sealing_key_text(material: bytes) -> str:
    """A sealing key as GROUNDSWELL_SEALING_KEY takes it, from 32 random bytes."""
    if len(material) != KEY_BYTES:
        raise ValueError("a sealing key is 32 bytes")
    return base64.b64encode(material).decode()


def _pieces(listed: str) -> list[str]:
    return [piece.strip() for piece in listed.split(",") if piece.strip()]


def _decoded(key: str) -> bytes:
    try:
        return base64.b64decode(key.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        return b""  # of the wrong length, which is what the person is told


class _Read(Settings, BaseSettings):
    """The settings as the environment and `.env` give them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")


def load(for_: Purpose = "run") -> Settings:
    """The settings that the command `for_` needs, or a SettingsError that names every fault at once.

    Where both NAME and NAME_FILE are given, the file wins.
    """
    both = {**dotenv_values(".env"), **os.environ}
    written = {name.upper(): value for name, value in both.items() if value}
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
