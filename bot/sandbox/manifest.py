"""What the app declares in its manifest, and the words for what it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Shortcut:
    name: str
    kind: str  # "message" or "global"


@dataclass(frozen=True)
class Manifest:
    """The declared part of an app: what Slack would deliver to it and allow it."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: Mapping[str, str]
    events: frozenset[str]
    shortcuts: Mapping[str, Shortcut]
    interactivity: bool
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool

    @classmethod
    def load(
        cls, source: "Path | str | Mapping[str, Any] | Manifest", *, without: Iterable[str] = ()
    ) -> "Manifest":
        """Read a manifest.yml (a path) or take its content as data; `without` are scopes nobody granted."""
        if isinstance(source, Manifest):
            return source
        content = source if isinstance(source, Mapping) else _content(Path(source))
        return cls._read(content, frozenset(without))

    @classmethod
    def _read(cls, content: Mapping[str, Any], without: frozenset[str]) -> "Manifest":
        features = content.get("features") or {}
        settings = content.get("settings") or {}
        scopes = (content.get("oauth_config") or {}).get("scopes") or {}
        home = features.get("app_home") or {}
        name = (content.get("display_information") or {}).get("name", "Practice app")
        return cls(
            name=name,
            bot_name=(features.get("bot_user") or {}).get("display_name", name),
            scopes=frozenset([*(scopes.get("bot") or []), *(scopes.get("bot_optional") or [])]) - without,
            commands={c["command"]: c.get("description", "") for c in features.get("slash_commands") or []},
            events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or []),
            shortcuts={
                s["callback_id"]: Shortcut(s["name"], s["type"]) for s in features.get("shortcuts") or []
            },
            interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled")),
            messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        )


def _content(path: Path) -> Mapping[str, Any]:
    content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"the manifest {path} holds no mapping")  # noqa: TRY004  a bad file, not a bad argument
    return content


def lacks(section: str, line: str) -> str:
    """The sentence for a missing line of the manifest."""
    return f"manifest.yml lacks, under {section}: {line}"


def lacks_event(event: str) -> str:
    return lacks("settings.event_subscriptions.bot_events", f"- {event}")


def lacks_command(command: str) -> str:
    return lacks("features.slash_commands", f"- command: {command}")


def lacks_scope(scope: str) -> str:
    return lacks("oauth_config.scopes.bot (or bot_optional)", f"- {scope}")


def lacks_shortcut(callback_id: str, kind: str) -> str:
    return lacks("features.shortcuts", f"- callback_id: {callback_id} (type: {kind})")
