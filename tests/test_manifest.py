"""What the app asks Slack for, and how it is printed with the configured names."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import app
from bot.manifest import declared, manifest_path, manifest_text
from bot.settings import Settings
from bot.wiring import listeners

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.json"

# Which scopes Slack wants for an event, from its reference of events; none stands for "no scopes required".
SCOPES_OF_EVENTS = {
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "app_home_opened": set(),
    "subteam_created": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
    "user_change": {"users:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_id_changed": set(),
    "tokens_revoked": set(),
    "app_uninstalled": set(),
}


def test_the_scopes_are_exactly_those_that_were_promised() -> None:
    assert declared().required_scopes == {
        *("commands", "chat:write", "reactions:read", "users:read", "channels:read", "groups:read")
    }
    assert declared().optional_scopes == {
        *("usergroups:read", "channels:history", "groups:history", "files:write", "files:read"),
        "users:read.email",
    }


def test_a_scope_that_may_be_declined_is_also_asked_for() -> None:
    scopes = yaml.safe_load(manifest_path().read_text(encoding="utf-8"))["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert set(scopes) == {"bot", "bot_optional"}


def test_every_scope_says_why_it_is_asked_for() -> None:
    text = manifest_path().read_text(encoding="utf-8")
    for scope in declared().required_scopes | declared().optional_scopes:
        assert re.search(rf"^ +- {re.escape(scope)} +# \w.{{10,}}$", text, re.M), scope


def test_every_event_is_one_that_our_scopes_allow() -> None:
    granted = declared().required_scopes | declared().optional_scopes
    assert {event: SCOPES_OF_EVENTS[event] - granted for event in declared().events} == {
        event: set() for event in SCOPES_OF_EVENTS
    }
    assert not [event for event in declared().events if event.startswith("message")]


@pytest.mark.parametrize("base_url", [None, "https://bot.example.com", "https://bot.example.com/"])
@pytest.mark.skipif(not SCHEMA.is_file(), reason="Slack's schema of manifests is not beside this checkout")
def test_both_forms_are_valid_for_slack(base_url: str | None) -> None:
    whole = yaml.safe_load(manifest_text("/hurdle", base_url))
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(whole)


def test_the_printed_manifest_has_the_configured_command_and_keeps_its_comments() -> None:
    printed = manifest_text("/hurdle")
    assert [each["command"] for each in yaml.safe_load(printed)["features"]["slash_commands"]] == ["/hurdle"]
    assert declared().commands[0] not in printed
    assert printed.count("#") == manifest_path().read_text(encoding="utf-8").count("#")


def test_with_the_default_name_it_is_the_committed_file() -> None:
    assert manifest_text(Settings().command) == manifest_path().read_text(encoding="utf-8")


def test_over_http_everything_has_an_address_and_socket_mode_is_off() -> None:
    over_socket = yaml.safe_load(manifest_text("/hurdle"))
    over_http = yaml.safe_load(manifest_text("/hurdle", "https://bot.example.com/"))
    address = "https://bot.example.com/slack/events"
    assert over_socket["settings"]["socket_mode_enabled"] is True
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert "slack/events" not in json.dumps(over_socket)
    assert over_http["settings"]["event_subscriptions"]["request_url"] == address
    assert over_http["settings"]["interactivity"]["request_url"] == address
    assert [each["url"] for each in over_http["features"]["slash_commands"]] == [address]


def test_an_address_that_slack_would_refuse_is_refused_here() -> None:
    for address in ("bot.example.com", "http://bot.example.com"):
        answer = CliRunner().invoke(app, ["manifest", "--url", address])
        assert answer.exit_code == 2
        assert "https://" in answer.output


def test_the_commands_name_stands_in_the_manifest_and_in_one_default_and_nowhere_else() -> None:
    name = re.compile(rf"{re.escape(declared().commands[0])}\b")
    found = {
        str(path.relative_to(ROOT)): len(name.findall(path.read_text(encoding="utf-8")))
        for path in [*(ROOT / "bot").rglob("*"), ROOT / "manifest.yml"]
        if path.is_file() and path.suffix not in (".pyc", ".png", ".ico") and path.name != "_manifest.yml"
    }
    assert {path: count for path, count in found.items() if count} == {
        "bot/settings.py": 1,
        "manifest.yml": 1,
    }


def test_what_the_manifest_declares_is_what_somebody_listens_to() -> None:
    table = listeners()
    assert set(declared().events) == set(table.events)
    assert set(declared().shortcuts) == set(table.shortcuts)


def test_the_hint_beside_the_command_promises_only_what_there_is() -> None:
    [command] = yaml.safe_load(manifest_path().read_text(encoding="utf-8"))["features"]["slash_commands"]
    promised = [each.strip() for each in command["usage_hint"].split("|")]
    assert set(promised) <= {each.usage for each in listeners().commands.values()}
    assert len(promised) > 3


def test_the_readme_names_every_scope() -> None:
    table = re.findall(
        r"^\| (?:\*optional:\* )?(`.+?`) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    )
    named = {scope for line in table for scope in re.findall(r"`([\w:.]+)`", line)}
    assert named == declared().required_scopes | declared().optional_scopes
