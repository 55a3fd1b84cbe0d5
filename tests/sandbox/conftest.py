"""A small app with one listener of each kind, on the practice workspace by each way that Slack delivers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.workspace import PracticeWorkspace, through_wsgi

SHARED = Path(__file__).parents[3] / "shared" / "slack"

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Small app"},
    "features": {
        "bot_user": {"display_name": "Small"},
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "slash_commands": [{"command": "/small", "description": "Try it"}],
        "shortcuts": [
            {"name": "Take it", "type": "message", "callback_id": "small.take", "description": "Take a message"},
            {"name": "Start", "type": "global", "callback_id": "small.start", "description": "Start"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["commands", "chat:write", "reactions:read", "users:read", "channels:read", "groups:read"],
            "bot_optional": [
                "usergroups:read", "channels:history", "groups:history", "files:write", "files:read", "users:read.email",
            ],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened", "app_uninstalled", "channel_archive", "channel_id_changed", "channel_rename",
                "channel_shared", "channel_unshared", "member_joined_channel", "member_left_channel", "reaction_added",
                "reaction_removed", "subteam_created", "subteam_members_changed", "subteam_updated", "team_join",
                "tokens_revoked", "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}  # fmt: skip


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def form(title: str = "A form", **more: Any) -> dict[str, Any]:
    """A form with a required line, an optional choice, and a button."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": "small.form",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "line",
                "label": plain("In one line"),
                "element": {"type": "plain_text_input", "action_id": "line.text", "max_length": 300},
            },
            {
                "type": "input",
                "block_id": "pick",
                "optional": True,
                "label": plain("How"),
                "element": {
                    "type": "radio_buttons",
                    "action_id": "pick.one",
                    "options": [
                        {"text": plain("Confidential"), "value": "confidential"},
                        {"text": plain("Anonymous"), "value": "anonymous"},
                    ],
                    "initial_option": {"text": plain("Confidential"), "value": "confidential"},
                },
            },
            {
                "type": "actions",
                "block_id": "more",
                "elements": [{"type": "button", "action_id": "small.more", "text": plain("More")}],
            },
        ],
    }
    return view | more


def button(action_id: str = "small.press", value: str = "1", text: str = "Press") -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action_id, "text": plain(text), "value": value}],
    }


def small_app(workspace: PracticeWorkspace) -> tuple[App, list[Any]]:
    """The app and the list of what it heard."""
    heard: list[Any] = []
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, timeout=2)
    app = App(
        client=client,
        signing_secret=workspace.signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )

    @app.command("/small")
    def command(ack: Any, body: Any, client: Any) -> None:
        heard.append(body)
        if body["text"] == "form":
            client.views_open(trigger_id=body["trigger_id"], view=form())
            ack()
        else:
            ack(text=f"you said {body['text']}")

    @app.shortcut("small.take")
    def take(ack: Any, body: Any, client: Any) -> None:
        heard.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=form("Take it"))
        ack()

    @app.shortcut("small.start")
    def start(ack: Any, body: Any) -> None:
        heard.append(body)
        ack()

    @app.action("small.press")
    def press(ack: Any, body: Any, respond: Any) -> None:
        heard.append(body)
        ack()
        if "response_url" in body:
            respond(text="pressed", replace_original=False)

    @app.action("small.more")
    def more(ack: Any, body: Any, client: Any) -> None:
        heard.append(body)
        client.views_push(trigger_id=body["trigger_id"], view=form("More"))
        ack()

    @app.view("small.form")
    def sent(ack: Any, body: Any, view: Any) -> None:
        heard.append(body)
        line = view["state"]["values"]["line"]["line.text"]["value"]
        if line == "wrong":
            ack(response_action="errors", errors={"line": "That is wrong."})
        elif line == "again":
            ack(response_action="update", view=form("Again"))
        elif line == "clear":
            ack(response_action="clear")
        else:
            ack()

    @app.view_closed("small.form")
    def closed(ack: Any, body: Any) -> None:
        heard.append(body)
        ack()

    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:

        @app.event(event)
        def happened(body: Any, client: Any, event: Any) -> None:
            heard.append(body)
            if event["type"] == "app_home_opened":
                view = {"type": "home", "blocks": [{"type": "section", "text": plain("Hello")}, button()]}
                client.views_publish(user_id=event["user"], view=view)

    return app, heard


@pytest.fixture
def workspace() -> Iterator[PracticeWorkspace]:
    """A workspace whose app is reached through WSGI in the same process; see `heard`."""
    with PracticeWorkspace.started(manifest=MANIFEST, redeliver_after=(), rate_limits=False) as running:
        app, heard = small_app(running)
        running.deliver_to(through_wsgi(SlackRequestHandler(app)))
        running.heard = heard  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def over_sockets() -> Iterator[PracticeWorkspace]:
    with PracticeWorkspace.started(manifest=MANIFEST, redeliver_after=(0.0,)) as running:
        app, heard = small_app(running)
        handler = SocketModeHandler(app, running.app_token)
        handler.client.web_client.base_url = running.api_url
        handler.connect()
        running.wait_connected()
        running.heard = heard  # type: ignore[attr-defined]
        try:
            yield running
        finally:
            handler.close()


@pytest.fixture
def silent() -> Iterator[PracticeWorkspace]:
    """A workspace without any app: for the Web API and for people among themselves."""
    with PracticeWorkspace.started(manifest=MANIFEST, deliver_to="captured", rate_limits=False) as running:
        yield running


@pytest.fixture
def client(silent: PracticeWorkspace) -> WebClient:
    return WebClient(token=silent.bot_token, base_url=silent.api_url, timeout=5)
