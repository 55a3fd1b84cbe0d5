"""Forms as Slack keeps them: the stack, hashes, triggers, what was typed, what closing sends."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.errors import NotPossible
from bot.sandbox.transports import Answer
from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import button, form, plain
from tests.sandbox.test_web_api import error


def trigger(workspace: PracticeWorkspace, who: str = "priya") -> str:
    workspace.global_shortcut(who, "small.start")
    return str(workspace.deliveries()[-1].payload["trigger_id"])


def opened(workspace: PracticeWorkspace, client: WebClient, view: Any = None) -> Any:
    return client.views_open(trigger_id=trigger(workspace), view=view or form())["view"]


def answered(workspace: PracticeWorkspace, body: Any) -> None:
    """Send the open form and let the bot answer it with this body."""
    workspace.submit("priya")
    request = workspace.captured()[-1]
    workspace.answer(request, Answer(200, body))


def test_a_trigger_opens_one_form_within_three_seconds(silent: PracticeWorkspace, client: WebClient) -> None:
    good = trigger(silent)
    client.views_open(trigger_id=good, view=form())
    assert error(client.views_open, trigger_id=good, view=form()) == "exchanged_trigger_id"
    late = trigger(silent)
    silent.move_clock(4)
    assert error(client.views_open, trigger_id=late, view=form()) == "expired_trigger_id"


def test_three_forms_stack_and_a_fourth_does_not(silent: PracticeWorkspace, client: WebClient) -> None:
    first = opened(silent, client)
    for title in ("Two", "Three"):
        silent.press("priya", "small.more")
        pushed = client.views_push(trigger_id=silent.deliveries()[-1].payload["trigger_id"], view=form(title))
    assert [one["title"]["text"] for one in silent.views("priya")] == ["A form", "Two", "Three"]
    assert pushed["view"]["root_view_id"] == first["id"]
    assert pushed["view"]["previous_view_id"] == silent.views("priya")[1]["id"]
    silent.press("priya", "small.more")
    trigger_id = silent.deliveries()[-1].payload["trigger_id"]
    assert error(client.views_push, trigger_id=trigger_id, view=form()) == "push_limit_reached"
    silent.close("priya")
    assert [one["title"]["text"] for one in silent.views("priya")] == ["A form", "Two"]


def test_a_stale_hash_is_a_conflict(silent: PracticeWorkspace, client: WebClient) -> None:
    view = opened(silent, client)
    client.views_update(view_id=view["id"], hash=view["hash"], view=form("Two"))
    assert (
        error(client.views_update, view_id=view["id"], hash=view["hash"], view=form("Three"))
        == "hash_conflict"
    )
    client.views_update(view_id=view["id"], view=form("Four"))
    assert silent.view("priya")["title"]["text"] == "Four"
    silent.close("priya")
    assert error(client.views_update, view_id=view["id"], view=form("Five")) == "not_found"


def test_an_external_id_is_used_once_and_finds_its_view(silent: PracticeWorkspace, client: WebClient) -> None:
    opened(silent, client, form(external_id="one"))
    again = trigger(silent, "kwame")
    assert error(client.views_open, trigger_id=again, view=form(external_id="one")) == "duplicate_external_id"
    client.views_update(external_id="one", view=form("Found", external_id="one"))
    assert silent.view("priya")["title"]["text"] == "Found"


def values(view: Any) -> Any:
    return view["state"]["values"]


def test_typed_words_stay_where_the_ids_stay_and_no_initial_value_is_given(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    view = opened(silent, client)
    silent.fill("priya", {"line.text": "typed", "pick": "anonymous"})
    kept = client.views_update(view_id=view["id"], view=form("Two"))["view"]
    assert values(kept)["line"]["line.text"]["value"] == "typed"
    changed = form("Three")
    changed["blocks"][0]["element"]["initial_value"] = "given"
    given = client.views_update(view_id=view["id"], view=changed)["view"]
    assert values(given)["line"]["line.text"]["value"] == "given"
    changed["blocks"][0]["block_id"] = "line.2"
    del changed["blocks"][0]["element"]["initial_value"]
    fresh = client.views_update(view_id=view["id"], view=changed)["view"]
    assert values(fresh)["line.2"]["line.text"]["value"] is None


def test_prefilled_fields_come_back_untouched(silent: PracticeWorkspace, client: WebClient) -> None:
    view = form()
    view["blocks"][0]["element"]["initial_value"] = "prefilled"
    opened(silent, client, view)
    silent.submit("priya")
    sent = silent.deliveries()[-1].payload["view"]["state"]["values"]
    assert sent["line"]["line.text"] == {"type": "plain_text_input", "value": "prefilled"}
    assert sent["pick"]["pick.one"]["selected_option"]["value"] == "confidential"


def test_an_answer_can_update_push_clear_or_close(silent: PracticeWorkspace, client: WebClient) -> None:
    opened(silent, client)
    silent.fill("priya", {"line.text": "words"})
    answered(silent, {"response_action": "update", "view": form("Updated")})
    assert [one["title"]["text"] for one in silent.views("priya")] == ["Updated"]
    answered(silent, {"response_action": "push", "view": form("Pushed")})
    assert [one["title"]["text"] for one in silent.views("priya")] == ["Updated", "Pushed"]
    silent.fill("priya", {"line.text": "words"})
    answered(silent, None)
    assert [one["title"]["text"] for one in silent.views("priya")] == ["Updated"]
    answered(silent, {"response_action": "clear"})
    assert silent.views("priya") == []
    silent.assert_no_objections()


@pytest.mark.parametrize(
    "body",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "shout"},
        {"text": "a message is no answer to a form"},
    ],
)
def test_an_answer_that_slack_would_not_take_is_objected_to(
    silent: PracticeWorkspace, client: WebClient, body: Any
) -> None:
    opened(silent, client)
    silent.fill("priya", {"line.text": "words"})
    answered(silent, body)
    assert len(silent.views("priya")) == 1
    assert len(silent.objections("bad_answer")) == 1


def test_closing_tells_the_bot_only_when_it_asked(silent: PracticeWorkspace, client: WebClient) -> None:
    opened(silent, client)
    assert silent.close("priya").deliveries == []
    opened(silent, client, form(notify_on_close=True))
    payload = silent.close("priya").deliveries[0].payload
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    opened(silent, client, form(notify_on_close=True))
    assert silent.close("priya", everything=True).deliveries[0].payload["is_cleared"]


def asking(config: str) -> Any:
    view = form()
    view["blocks"][0]["dispatch_action"] = True
    view["blocks"][0]["element"]["dispatch_action_config"] = {"trigger_actions_on": [config]}
    return view


def test_typing_is_told_at_each_character_where_it_is_asked_for(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    opened(silent, client, asking("on_character_entered"))
    before = len(silent.deliveries())
    silent.type_in("priya", "line.text", "abc")
    said = [one.payload["actions"][0]["value"] for one in silent.deliveries()[before:]]
    assert said == ["a", "ab", "abc"]
    opened(silent, client, asking("on_enter_pressed"))
    assert silent.fill("priya", {"line.text": "words"}).deliveries == []
    assert len(silent.fill("priya", {"line.text": "words"}, enter=True).deliveries) == 1


MENUS: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    ({"type": "datepicker"}, "2026-03-02", {"selected_date": "2026-03-02"}),
    ({"type": "timepicker"}, "08:30", {"selected_time": "08:30"}),
    ({"type": "users_select"}, "U123", {"selected_user": "U123"}),
    ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ({"type": "number_input", "is_decimal_allowed": False}, "3", {"value": "3"}),
]


@pytest.mark.parametrize(("element", "value", "held"), MENUS, ids=lambda one: str(one)[:30])
def test_each_kind_of_field_is_filled(
    silent: PracticeWorkspace, client: WebClient, element: Any, value: Any, held: Any
) -> None:
    block = {
        "type": "input", "block_id": "it", "label": plain("It"), "element": {"action_id": "it.it", **element},
    }  # fmt: skip
    opened(silent, client, form(blocks=[block]))
    silent.submit("priya", {"it": value})
    sent = silent.deliveries()[-1].payload["view"]["state"]["values"]["it"]["it.it"]
    assert sent == {"type": element["type"], **held}


def test_options_are_picked_by_value_or_label_and_no_other(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    options = [{"text": plain("First"), "value": "1"}, {"text": plain("Second"), "value": "2"}]
    checks = {"type": "checkboxes", "action_id": "c", "options": options}
    overflow = {"type": "overflow", "action_id": "o", "options": options}
    blocks = [
        {"type": "input", "block_id": "cs", "label": plain("C"), "element": checks},
        {"type": "actions", "elements": [overflow]},
    ]
    opened(silent, client, form(blocks=blocks))
    silent.fill("priya", {"c": ["Second", "1"]})
    held = values(silent.view("priya"))["cs"]["c"]["selected_options"]
    assert [one["value"] for one in held] == ["2", "1"]
    with pytest.raises(NotPossible, match="not offered"):
        silent.fill("priya", {"c": ["3"]})
    action = silent.choose("priya", "o", "2").deliveries[0].payload["actions"][0]
    assert action["selected_option"]["value"] == "2"


def test_one_action_id_on_many_buttons_needs_a_value(silent: PracticeWorkspace, client: WebClient) -> None:
    channel = silent.place("engineering").id
    blocks = [button(value=str(number)) for number in range(3)]
    posted = client.chat_postMessage(channel=channel, text="Three", blocks=blocks)
    with pytest.raises(NotPossible, match="3 times"):
        silent.press("priya", "small.press", at=posted.data)
    action = (
        silent.press("priya", "small.press", at=posted.data, value="2").deliveries[0].payload["actions"][0]
    )
    assert action["value"] == "2"


def test_an_ephemeral_message_is_pressed_by_its_one_reader(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    channel = silent.place("engineering").id
    client.chat_postEphemeral(channel=channel, user=silent.person("priya").id, text="x", blocks=[button()])
    seen = silent.ephemerals("priya")[0]
    payload = silent.press("priya", "small.press", at=seen).deliveries[0].payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    with pytest.raises(NotPossible, match="sees no message"):
        silent.press("kwame", "small.press", at=seen)
