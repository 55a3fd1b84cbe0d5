"""What people do reaches a real Bolt app, and what it answers reaches the people."""

from typing import Any

from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import button


def test_a_command_is_answered_to_the_one_who_typed_it(workspace: PracticeWorkspace) -> None:
    outcome = workspace.slash("/small", "hello", channel="releases", user="priya")
    assert outcome.ok
    assert [one["text"] for one in outcome.ephemerals] == ["you said hello"]
    assert workspace.messages("priya", "releases")[-1]["text"] == "you said hello"
    assert all(one["text"] != "you said hello" for one in workspace.messages("tomasz", "releases"))
    workspace.assert_no_objections()


def test_a_form_is_opened_filled_refused_and_sent(workspace: PracticeWorkspace) -> None:
    assert workspace.slash("/small", "form", user="priya").opened[0]["title"]["text"] == "A form"
    assert workspace.submit("priya").errors == {"line": "Please complete this required field."}
    assert workspace.submit("priya", {"line.text": "wrong"}).errors == {"line": "That is wrong."}
    assert workspace.view("priya")["errors"] == {"line": "That is wrong."}
    again = workspace.submit("priya", {"line.text": "again", "pick.one": "anonymous"})
    assert again.views[-1]["title"]["text"] == "Again"
    done = workspace.submit("priya", {"line.text": "fine"})
    assert done.ok
    assert done.views == []
    workspace.assert_no_objections()


def test_a_button_in_a_message_is_answered_through_the_response_url(workspace: PracticeWorkspace) -> None:
    from slack_sdk import WebClient

    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    posted = client.chat_postMessage(channel=workspace.place("releases").id, text="Press", blocks=[button()])
    outcome = workspace.press("priya", "small.press", at=posted.data)
    assert [one["text"] for one in outcome.ephemerals] == ["pressed"]
    body: Any = workspace.heard[-1]  # type: ignore[attr-defined]
    assert body["message"]["ts"] == posted["ts"]
    assert body["container"]["channel_id"] == posted["channel"]


def test_home_is_published_when_it_is_opened(workspace: PracticeWorkspace) -> None:
    assert workspace.home("priya") is None
    outcome = workspace.open_home("priya")
    assert outcome.views[0]["type"] == "home"
    pressed = workspace.press("priya", "small.press", at="home")
    body: Any = workspace.heard[-1]  # type: ignore[attr-defined]
    assert pressed.status == 200
    assert body["view"]["id"] == outcome.views[0]["id"]
    assert "response_url" not in body


def test_a_reaction_reaches_the_app_over_a_socket(over_sockets: PracticeWorkspace) -> None:
    said = over_sockets.say("priya", "engineering", "It was down again.")
    outcome = over_sockets.react("kwame", said.message or {}, "jigsaw")
    assert outcome.ok
    assert outcome.elapsed < 1
    event: Any = over_sockets.heard[-1]["event"]  # type: ignore[attr-defined]
    assert event["item"] == {
        "type": "message",
        "channel": over_sockets.place("engineering").id,
        "ts": said.ts,
    }
    assert event["item_user"] == over_sockets.person("priya").id
    over_sockets.assert_no_objections()


def test_a_form_goes_over_a_socket_too(over_sockets: PracticeWorkspace) -> None:
    over_sockets.slash("/small", "form", user="priya")
    refused = over_sockets.submit("priya", {"line.text": "wrong"})
    assert refused.errors == {"line": "That is wrong."}
    assert over_sockets.submit("priya", {"line.text": "clear"}).views == []
    over_sockets.assert_no_objections()
