"""An app that shows every block and element, for the page to be held against."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import button, plain


def option(text: str, value: str, more: str = "") -> dict[str, Any]:
    return {"text": plain(text), "value": value, **({"description": plain(more)} if more else {})}


ABC = [option("Apple", "a", "red"), option("Banana", "b"), option("Cherry", "c")]


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def asked(block_id: str, label: str, kind: str, *, optional: bool = True, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": f"{block_id}.given", **more}
    return {
        "type": "input", "block_id": block_id, "label": plain(label), "optional": optional, "element": element,
    }  # fmt: skip


GROUPS = [
    {"label": plain("Fruit"), "options": ABC},
    {"label": plain("Roots"), "options": [option("Yam", "y")]},
]
EVERY_FIELD = [
    asked("line", "One line", "plain_text_input", optional=False, max_length=80),
    asked("story", "The story", "plain_text_input", multiline=True),
    asked("mail", "E-mail", "email_text_input"),
    asked("site", "Address", "url_text_input"),
    asked("count", "How many", "number_input", is_decimal_allowed=False),
    asked("fruit", "Fruit", "static_select", option_groups=GROUPS, placeholder=plain("Pick one")),
    asked("fruits", "Fruits", "multi_static_select", option_groups=GROUPS),
    asked("one", "Which one", "radio_buttons", options=ABC),
    asked("some", "Which ones", "checkboxes", options=ABC),
    asked("day", "Day", "datepicker"),
    asked("hour", "Hour", "timepicker"),
    asked("whom", "Whom", "users_select"),
    asked("found", "Found", "external_select", min_query_length=1),
]
EVERY_BLOCK = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn("*bold* _italic_ ~gone~ `code` :tada: and a_b_c"),
        "fields": [mrkdwn("left"), mrkdwn("right")],
        "accessory": button("small.press", "accessory", "Beside")["elements"][0],
    },
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small print")]},
    {"type": "image", "image_url": "https://pictures.example/a.png", "alt_text": "A chart of waits"},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "small.press", "text": plain("Press me"), "value": "1",
             "confirm": {"title": plain("Really?"), "text": plain("It counts."), "confirm": plain("Yes"),
                         "deny": plain("No")}},
            {"type": "overflow", "action_id": "small.more_of_it", "options": [option("First", "1"), option("Second", "2")]},
            {"type": "static_select", "action_id": "small.pick", "options": ABC, "placeholder": plain("Pick")},
        ],
    },
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "in a list", "style": {"bold": True}}]}]}],
    },
    {"type": "video", "alt_text": "A film", "title": plain("A film"), "thumbnail_url": "https://a.example/t.png",
     "video_url": "https://a.example/v"},
]  # fmt: skip


def form(title: str = "Every field", blocks: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "modal", "callback_id": "small.form", "title": plain(title), "submit": plain("Send"),
        "blocks": blocks or EVERY_FIELD, **more,
    }  # fmt: skip


def notice(title: str) -> dict[str, Any]:
    return {
        "type": "modal", "callback_id": "small.notice", "title": plain(title), "close": plain("Close"),
        "blocks": [{"type": "section", "text": plain(title)}, button("small.deeper", "1", "Deeper")],
    }  # fmt: skip


def page_app(workspace: PracticeWorkspace) -> App:
    """`/small` shows: `blocks`, `form`, `typing` (a form that the bot changes when asked); else it whispers."""
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, timeout=2)
    app = App(
        client=client, signing_secret=workspace.signing_secret, process_before_response=True,
        raise_error_for_unhandled_request=False,
    )  # fmt: skip

    @app.command("/small")
    def command(ack: Any, body: Any, client: Any) -> None:
        if body["text"] == "blocks":
            client.chat_postMessage(channel=body["channel_id"], text="Every block", blocks=EVERY_BLOCK)
            ack()
        elif body["text"] == "form":
            client.views_open(trigger_id=body["trigger_id"], view=form())
            ack()
        elif body["text"] == "deep":
            client.views_open(trigger_id=body["trigger_id"], view=notice("Level 1"))
            ack()
        else:
            ack(text=f"you said {body['text']}")

    @app.action("small.press")
    def press(ack: Any, body: Any, respond: Any) -> None:
        ack()
        respond(text=f"pressed {body['actions'][0]['value']}", replace_original=False)

    @app.action("small.more_of_it")
    @app.action("small.pick")
    def picked(ack: Any, body: Any, respond: Any) -> None:
        ack()
        respond(text=f"picked {body['actions'][0]['selected_option']['value']}", replace_original=False)

    @app.action("small.deeper")
    def deeper(ack: Any, body: Any, client: Any) -> None:
        level = int(body["view"]["title"]["text"][-1]) + 1
        client.views_push(trigger_id=body["trigger_id"], view=notice(f"Level {level}"))
        ack()

    @app.options("found.given")
    def offer(ack: Any, payload: Any) -> None:
        ack(options=[option(f"{payload['value']} found", f"f-{payload['value']}")])

    @app.view("small.form")
    def sent(ack: Any, view: Any) -> None:
        line = view["state"]["values"]["line"]["line.given"]["value"]
        if line == "wrong":
            ack(response_action="errors", errors={"line": "That is wrong."})
        elif line == "again":
            ack(response_action="update", view=form("Again"))
        elif line == "push":
            ack(response_action="push", view=notice("Level 2"))
        elif line == "clear":
            ack(response_action="clear")
        else:
            ack()

    @app.event("app_home_opened")
    def home(client: Any, event: Any) -> None:
        blocks = [{"type": "section", "text": plain("This is Home")}, button()]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("reaction_added")
    def reacted(ack: Any) -> None:
        ack()

    return app
