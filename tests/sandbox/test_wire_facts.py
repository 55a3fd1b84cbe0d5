"""What the workspace sends, held against what Slack was seen to send."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.sandbox import limits, web_api
from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import SHARED, button

needs_facts = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder with Slack's samples is not beside the project"
)

# Keys whose content is the app's own (views, blocks) or depends on ids; they are held against the schema elsewhere.
OPEN = {"blocks", "values", "actions", "attachments", "files", "profile", "metadata"}


def keys(value: Any, at: str = "") -> Iterator[str]:
    """The paths of all keys of a JSON value, but inside the app's own content."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{at}{key}"
            if key not in OPEN:
                yield from keys(inner, f"{at}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, at)


def sample(name: str) -> set[str]:
    return set(keys(json.loads((SHARED / "events" / f"{name}.json").read_text(encoding="utf-8"))))


def bodies(*kinds: str) -> list[dict[str, Any]]:
    known = json.loads((SHARED / "request_bodies.json").read_text(encoding="utf-8"))
    found = []
    for one in known:
        if one["kind"] in kinds:
            body = one["body"]
            found.append(dict(parse_qsl(body)) if isinstance(body, str) else body)
    assert found, kinds
    return found


def sent(workspace: PracticeWorkspace, what: str) -> dict[str, Any]:
    workspace.captured()
    found = [one.payload for one in workspace.deliveries() if one.what == what]
    assert found, f"nothing called {what} was delivered"
    return found[-1]


@needs_facts
def test_events_have_only_keys_that_slack_sends(silent: PracticeWorkspace) -> None:
    said = silent.say("priya", "engineering", "Down again.").message or {}
    silent.react("kwame", said, "jigsaw")
    silent.unreact("kwame", said, "jigsaw")
    silent.open_home("priya")
    silent.rename("kwame", "engineering", "builders")
    silent.join("wen", "builders")
    silent.change_group("kwame", "platform", add=["wen"], remove=["tala"])
    silent.deactivate("tala")
    silent.hire("noor", "Noor Haddad")
    silent.uninstall()
    pairs = {
        "reaction_added": "ReactionAddedPayload",
        "reaction_removed": "ReactionRemovedPayload",
        "app_home_opened": "AppHomeOpenedPayload",
        "channel_rename": "ChannelRenamePayload",
        "member_joined_channel": "MemberJoinedChannelPayload",
        "subteam_updated": "SubteamUpdatedPayload",
        "subteam_members_changed": "SubteamMembersChangedPayload",
        "user_change": "UserChangePayload",
        "team_join": "TeamJoinPayload",
        "tokens_revoked": "TokensRevokedPayload",
        "app_uninstalled": "AppUninstalledPayload",
    }
    newer = {"event.subteam.auto_type"}
    for what, name in pairs.items():
        extra = set(keys(sent(silent, what))) - sample(name) - newer
        assert extra == set(), f"{what} has keys that Slack does not send: {extra}"


@needs_facts
@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("reaction_added", ("event:reaction_added",)),
        ("member_joined_channel", ("event:member_joined_channel",)),
        ("app_home_opened", ("event:app_home_opened",)),
        ("tokens_revoked", ("event:tokens_revoked",)),
        ("app_uninstalled", ("event:app_uninstalled",)),
    ],
)
def test_events_have_every_key_that_slack_sent(
    silent: PracticeWorkspace, what: str, kinds: tuple[str, ...]
) -> None:
    said = silent.say("priya", "engineering", "Down again.").message or {}
    silent.react("kwame", said, "jigsaw")
    silent.open_home("priya")
    silent.invite("kwame", "engineering", "ingrid")
    silent.uninstall()
    ours = set(keys(sent(silent, what)))
    outdated = {"authed_users", "enterprise_id"}
    for theirs in bodies(*kinds):
        assert set(keys(theirs)) - ours - outdated == set()


def interactions(workspace: PracticeWorkspace) -> dict[str, dict[str, Any]]:
    """One payload of each kind, as delivered."""
    from slack_sdk import WebClient

    from tests.sandbox.conftest import form

    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    channel = workspace.place("engineering").id
    posted = client.chat_postMessage(channel=channel, text="Press", blocks=[button()])
    workspace.slash("/small", "Hi", channel="engineering", user="priya")
    slash = sent(workspace, "/small")
    workspace.press("priya", "small.press", at=posted.data)
    pressed = sent(workspace, "small.press")
    said = workspace.say("kwame", "engineering", "Down again.").message or {}
    workspace.message_shortcut("priya", "small.take", said)
    workspace.global_shortcut("priya", "small.start")
    started = sent(workspace, "small.start")
    view = form(notify_on_close=True)
    client.views_open(trigger_id=started["trigger_id"], view=view)
    workspace.submit("priya", {"line.text": "Words"})
    submitted = sent(workspace, "small.form")
    workspace.press("priya", "small.more")
    inside = sent(workspace, "small.more")
    workspace.close("priya")
    return {
        "slash_commands": slash,
        "block_actions": pressed,
        "in_view": inside,
        "message_action": sent(workspace, "small.take"),
        "shortcut": started,
        "view_submission": submitted,
        "view_closed": sent(workspace, "small.form"),
    }


@needs_facts
def test_interactions_have_the_keys_that_slack_sends(silent: PracticeWorkspace) -> None:
    ours = interactions(silent)
    seen: dict[str, set[str]] = {
        "slash_commands": sample("SlashCommandPayload").union(*map(keys, bodies("slash", "slash_form"))),
        "block_actions": sample("BlockActionPayload").union(*map(keys, bodies("block_actions"))),
        "in_view": sample("BlockActionPayload").union(*map(keys, bodies("view_submission"))),
        "message_action": sample("MessageShortcutPayload").union(*map(keys, bodies("message_action"))),
        "shortcut": set().union(*map(keys, bodies("shortcut"))),
        "view_submission": sample("ViewClosedPayload").union(*map(keys, bodies("view_submission"))),
        "view_closed": sample("ViewClosedPayload").union(*map(keys, bodies("view_closed"))),
    }
    # The samples are of several years: these keys are documented, and sent today on every interaction.
    today = {
        "enterprise", "is_enterprise_install", "user.team_id", "user.name", "user.username", "state", "state.values",
        "message.team", "message.client_msg_id", "message.edited", "message.bot_id", "message.app_id",
        "message.bot_profile", "api_app_id", "view.state.values", "trigger_id",
    }  # fmt: skip
    for kind, payload in ours.items():
        extra = {
            key
            for key in keys(payload)
            if key not in seen[kind] and not key.startswith("message.bot_profile")
        }
        assert extra - today == set(), f"{kind} has keys that Slack does not send: {extra - today}"


@needs_facts
def test_interactions_have_every_key_that_slack_sent(silent: PracticeWorkspace) -> None:
    ours = interactions(silent)
    grid = {"team.enterprise_id", "team.enterprise_name", "enterprise_id", "enterprise_name", "enterprise.id"}
    absent = {
        "slash_commands": ("slash",),
        "block_actions": ("block_actions",),
        "message_action": ("message_action",),
        "shortcut": ("shortcut",),
        "view_submission": ("view_submission",),
        "view_closed": ("view_closed",),
    }
    for kind, kinds in absent.items():
        # The sample of view_closed carries response_urls, an empty list, which Slack's documentation does not have.
        allowed = grid | {"enterprise.domain", "enterprise.name", "response_urls"}
        for theirs in bodies(*kinds):
            missing = set(keys(theirs)) - set(keys(ours[kind])) - allowed
            assert missing == set(), f"{kind} lacks {missing}"


@needs_facts
def test_the_rate_limits_are_the_tiers_that_slack_publishes() -> None:
    published = json.loads((SHARED / "rate_limit_tiers.json").read_text(encoding="utf-8"))
    assert {name: published[name] for name in limits.METHOD_TIERS} == limits.METHOD_TIERS
    assert set(limits.METHOD_TIERS.values()) <= set(limits.TIERS)


def test_every_method_has_a_tier() -> None:
    assert set(web_api.METHODS) | set(web_api.NEVER) == set(limits.METHOD_TIERS)
