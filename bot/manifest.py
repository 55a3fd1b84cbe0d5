"""The app's manifest, with the names that were configured."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_OVER_HTTP = re.compile(r"^(\s*)# over HTTP: (\w+): https://your\.host(/\S*)$", re.M)
_COMMAND = re.compile(r"^(\s*- command: )/\S+$", re.M)


@dataclass(frozen=True)
class Declared:
    """What the manifest asks Slack for."""

    required_scopes: frozenset[str]
    optional_scopes: frozenset[str]
    events: tuple[str, ...]
    commands: tuple[str, ...]
    shortcuts: tuple[str, ...]


def manifest_path() -> Path:
    """manifest.yml beside the package in a checkout, its copy inside the package in a wheel."""
    package = Path(__file__).parent
    inside = package / "_manifest.yml"
    return inside if inside.is_file() else package.parent / "manifest.yml"


def manifest_text(command: str, base_url: str | None = None) -> str:
    """The manifest as YAML, comments kept, with the configured name of the command.

    With `base_url` ("https://bot.example.com") it is for signed HTTP, without it for Socket Mode.
    """
    text = _COMMAND.sub(lambda found: f"{found[1]}{command}", manifest_path().read_text(encoding="utf-8"))
    if base_url is None:
        return text
    base = base_url.rstrip("/")
    text = _OVER_HTTP.sub(lambda found: f"{found[1]}{found[2]}: {base}{found[3]}", text)
    return text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")


def declared() -> Declared:
    """What manifest.yml declares, for those who compare it with what is granted or handled."""
    whole: dict[str, Any] = yaml.safe_load(manifest_path().read_text(encoding="utf-8"))
    scopes = whole["oauth_config"]["scopes"]
    return Declared(
        required_scopes=frozenset(scopes["bot"]) - frozenset(scopes["bot_optional"]),
        optional_scopes=frozenset(scopes["bot_optional"]),
        events=tuple(whole["settings"]["event_subscriptions"]["bot_events"]),
        commands=tuple(each["command"] for each in whole["features"]["slash_commands"]),
        shortcuts=tuple(each["callback_id"] for each in whole["features"]["shortcuts"]),
    )
