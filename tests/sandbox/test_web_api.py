"""The Web API as a strict Slack: errors, scopes, limits, faults, files."""

import time
from http.client import RemoteDisconnected
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import MANIFEST, button, form, plain


def refused(call: Any, /, *args: Any, **more: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **more)
    return caught.value.response


def error(call: Any, /, *args: Any, **more: Any) -> str:
    response = refused(call, *args, **more)
    assert response.status_code == 200
    return str(response["error"])


def test_auth_test_names_the_bot(silent: PracticeWorkspace, client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user_id"] == silent.bot.id
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


def test_tokens_are_checked(silent: PracticeWorkspace, client: WebClient) -> None:
    assert error(WebClient(token="xoxb-wrong", base_url=silent.api_url).auth_test) == "invalid_auth"
    assert error(WebClient(base_url=silent.api_url).auth_test) == "not_authed"
    assert error(client.apps_connections_open, app_token=silent.bot_token) == "not_allowed_token_type"
    silent.revoke_token()
    assert error(client.auth_test) == "token_revoked"


def test_an_unknown_method_fails_and_is_logged(silent: PracticeWorkspace, client: WebClient) -> None:
    assert error(client.api_call, "chat.shout") == "unknown_method"
    assert error(client.users_list) == "not_allowed_token_type"
    assert silent.unknown_methods() == ["chat.shout is not a method that the practice workspace knows"]
    assert len(silent.objections("forbidden_method")) == 1
    with pytest.raises(AssertionError, match=r"chat\.shout"):
        silent.assert_no_objections()


def test_a_scope_that_nobody_granted_is_missing() -> None:
    with PracticeWorkspace.started(
        manifest=MANIFEST, deliver_to="captured", without_scopes=["usergroups:read"]
    ) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        answer = refused(client.usergroups_list)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")
        assert "chat:write" in answer["provided"]
        ws.change_group("amara", "checkout", remove=["owen"])
        assert all("usergroups:read" in text for text in ws.objections("missing_scope"))
        assert ws.captured() == []


def test_posting_needs_membership_words_and_an_open_channel(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    assert error(client.chat_postMessage, channel=silent.place("general").id, text="x") == "not_in_channel"
    assert error(client.chat_postMessage, channel="C0NOWHERE", text="x") == "channel_not_found"
    private = silent.create_channel("priya", "secret", private=True)
    assert error(client.chat_postMessage, channel=private, text="x") == "channel_not_found"
    assert error(client.conversations_info, channel=private) == "channel_not_found"
    engineering = silent.place("engineering").id
    assert error(client.api_call, "chat.postMessage", json={"channel": engineering}) == "no_text"
    assert error(client.chat_postMessage, channel=engineering, text="x" * 40_001) == "msg_too_long"
    silent.archive("amara", "engineering")
    assert error(client.chat_postMessage, channel=engineering, text="x") == "is_archived"


def test_bad_blocks_are_refused_with_messages(silent: PracticeWorkspace, client: WebClient) -> None:
    channel = silent.place("engineering").id
    answer = refused(client.chat_postMessage, channel=channel, text="x", blocks=[{"type": "poem"}])
    assert answer["error"] == "invalid_blocks"
    assert "unsupported type of block" in answer["response_metadata"]["messages"][0]
    long = [{"type": "section", "text": plain("x" * 2_900)} for _ in range(5)]
    assert error(client.chat_postMessage, channel=channel, text="x", blocks=long) == "msg_blocks_too_long"


def test_a_message_is_updated_within_4000_characters_and_keeps_its_blocks(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    posted = client.chat_postMessage(channel=silent.place("engineering").id, text="one", blocks=[button()])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert error(client.chat_update, **where, text="x" * 4_001) == "msg_too_long"
    client.chat_update(**where, text="two")
    shown = silent.messages("priya", "engineering")[-1]
    assert (shown["text"], shown["blocks"][0]["type"]) == ("two", "actions")
    client.chat_update(**where, text="three", blocks=[])
    assert silent.messages("priya", "engineering")[-1]["blocks"] == []
    said = silent.say("priya", "engineering", "mine")
    assert error(client.chat_update, channel=posted["channel"], ts=said.ts, text="x") == "cant_update_message"
    assert (
        error(client.chat_update, channel=posted["channel"], ts="1.000001", text="x") == "message_not_found"
    )


def test_a_post_to_a_user_id_lands_in_the_dm(silent: PracticeWorkspace, client: WebClient) -> None:
    priya = silent.person("priya").id
    first = client.chat_postMessage(channel=priya, text="for you")
    assert first["channel"].startswith("D")
    assert [one["text"] for one in silent.dms("priya")] == ["for you"]
    assert error(client.chat_update, channel=priya, ts=first["ts"], text="x") == "channel_not_found"
    client.chat_update(channel=first["channel"], ts=first["ts"], text="changed")
    assert [one["text"] for one in silent.dms("priya")] == ["changed"]
    assert error(client.conversations_open, users=priya) == "missing_scope"


def test_an_ephemeral_message_is_seen_by_one_member(silent: PracticeWorkspace, client: WebClient) -> None:
    channel = silent.place("engineering").id
    client.chat_postEphemeral(channel=channel, user=silent.person("priya").id, text="psst")
    assert [one["text"] for one in silent.ephemerals("priya")] == ["psst"]
    assert silent.ephemerals("kwame") == []
    outside = silent.person("ingrid").id
    assert (
        error(client.chat_postEphemeral, channel=channel, user=outside, text="psst") == "user_not_in_channel"
    )
    ts = silent.ephemerals("priya")[0]["ts"]
    assert error(client.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"


def test_history_is_paged_and_brings_metadata_back(silent: PracticeWorkspace, client: WebClient) -> None:
    channel = silent.place("product-weekly").id
    metadata = {"event_type": "edition", "event_payload": {"id": "e1"}}
    for number in range(5):
        client.chat_postMessage(channel=channel, text=str(number), metadata=metadata)
    page = client.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    assert [one["text"] for one in page["messages"]] == ["4", "3"]
    assert page["messages"][0]["metadata"] == metadata
    assert page["has_more"]
    rest = client.conversations_history(
        channel=channel, limit=10, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [one["text"] for one in rest["messages"]] == ["2", "1", "0"]
    assert "metadata" not in rest["messages"][0]
    assert error(client.conversations_history, channel=silent.place("general").id) == "not_in_channel"


def test_a_thread_is_read_with_its_first_message(silent: PracticeWorkspace, client: WebClient) -> None:
    said = silent.say("priya", "engineering", "one").message or {}
    silent.reply("kwame", said, "two")
    thread = client.conversations_replies(channel=said["channel"], ts=said["ts"])["messages"]
    assert [one["text"] for one in thread] == ["one", "two"]
    assert thread[0]["reply_count"] == 1
    assert error(client.conversations_replies, channel=said["channel"], ts="1.000001") == "thread_not_found"


def test_a_deleted_message_has_no_permalink(silent: PracticeWorkspace, client: WebClient) -> None:
    said = silent.say("priya", "engineering", "one").message or {}
    asked = {"channel": said["channel"], "message_ts": said["ts"]}
    assert f"/archives/{said['channel']}/p" in client.chat_getPermalink(**asked)["permalink"]
    silent.delete("priya", said)
    assert error(client.chat_getPermalink, **asked) == "message_not_found"


def test_people_and_groups_are_found(silent: PracticeWorkspace, client: WebClient) -> None:
    priya = silent.person("priya")
    assert client.users_info(user=priya.id, include_locale=True)["user"]["locale"] == "en-GB"
    assert client.users_lookupByEmail(email=priya.email)["user"]["id"] == priya.id
    assert error(client.users_lookupByEmail, email="nobody@a.example") == "users_not_found"
    outsider = client.users_info(user=silent.person("freya").id)["user"]
    assert outsider["is_stranger"]
    assert outsider["team_id"] != priya.team_id
    groups = client.usergroups_list(include_users=True, include_count=True)["usergroups"]
    assert {one["handle"]: one["user_count"] for one in groups}["legal"] == 3
    assert len(client.usergroups_users_list(usergroup=groups[0]["id"])["users"]) == groups[0]["user_count"]


def test_free_plans_have_no_user_groups() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, usergroups_on_plan=False) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        assert error(client.usergroups_list) == "plan_upgrade_required"


def test_posting_more_than_one_a_second_to_a_channel_is_limited() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, frozen=True) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        engineering, weekly = ws.place("engineering").id, ws.place("product-weekly").id
        for number in range(4):
            client.chat_postMessage(channel=engineering, text=str(number))
        answer = refused(client.chat_postMessage, channel=engineering, text="five")
        assert answer.status_code == 429
        assert answer["error"] == "ratelimited"
        assert int(answer.headers["Retry-After"]) >= 1
        client.chat_postMessage(channel=weekly, text="elsewhere")
        ws.move_clock(60)
        client.chat_postMessage(channel=engineering, text="later")
        assert len(ws.objections("rate_limited")) == 1


def test_a_tier_two_method_takes_twenty_a_minute() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        for _ in range(20):
            client.usergroups_list()
        assert refused(client.usergroups_list).status_code == 429
        client.users_info(user=ws.bot.id)


def test_requested_faults_happen_as_often_as_asked(silent: PracticeWorkspace, client: WebClient) -> None:
    silent.fault("auth.test", error="fatal_error", times=2)
    silent.fault("team.info", status=503)
    silent.fault("users.*", retry_after=7)
    assert [error(client.auth_test), error(client.auth_test)] == ["fatal_error"] * 2
    assert client.auth_test()["ok"]
    assert refused(client.users_info, user=silent.bot.id).headers["Retry-After"] == "7"
    assert client.users_info(user=silent.bot.id)["ok"]
    silent.fault("auth.test", delay=0.2)
    began = time.monotonic()
    client.auth_test()
    assert time.monotonic() - began >= 0.2
    silent.assert_no_objections()


def test_a_lost_answer_has_done_its_work_and_a_dropped_call_has_not(silent: PracticeWorkspace) -> None:
    client = WebClient(token=silent.bot_token, base_url=silent.api_url, retry_handlers=[])
    channel = silent.place("engineering").id
    silent.fault("chat.postMessage", lose_answer=True)
    with pytest.raises((URLError, RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=channel, text="done")
    silent.fault("chat.postMessage", drop=True)
    with pytest.raises((URLError, RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=channel, text="not done")
    said = [one["text"] for one in silent.messages("priya", "engineering")]
    assert "done" in said
    assert "not done" not in said
    assert [one["response"] for one in silent.calls("chat.postMessage")] == [None, None]


def test_a_picture_is_uploaded_in_three_steps_and_shown_when_it_is_ready() -> None:
    with PracticeWorkspace.started(manifest=MANIFEST, frozen=True, files_ready_after=5) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        content = b"\x89PNG practice"
        asked = client.files_getUploadURLExternal(filename="a.png", length=len(content), alt_txt="A picture")
        with urlopen(Request(asked["upload_url"], data=content, method="POST")) as answer:
            assert answer.status == 200
        assert error(client.files_info, file=asked["file_id"]) == "file_not_found"
        client.files_completeUploadExternal(files=[{"id": asked["file_id"], "title": "A"}])
        picture = [{"type": "image", "slack_file": {"id": asked["file_id"]}, "alt_text": "A"}]
        channel = ws.place("engineering").id
        early = refused(client.chat_postMessage, channel=channel, text="x", blocks=picture)
        assert "invalid slack file" in early["response_metadata"]["messages"][0]
        assert client.files_info(file=asked["file_id"])["file"]["mimetype"] == ""
        ws.move_clock(10)
        assert client.files_info(file=asked["file_id"])["file"]["mimetype"] == "image/png"
        client.chat_postMessage(channel=channel, text="x", blocks=picture)
        assert ws.file_bytes(asked["file_id"]) == content
        with urlopen(ws.files()[0]["url_private"]) as shown:
            assert shown.read() == content


def test_slack_sdks_own_upload_works(silent: PracticeWorkspace, client: WebClient) -> None:
    channel = silent.place("engineering").id
    client.files_upload_v2(filename="a.txt", content="words", channel=channel, initial_comment="Here")
    shown = silent.messages("priya", "engineering")[-1]
    assert shown["text"] == "Here"
    assert silent.file_bytes(shown["files"][0]["id"]) == b"words"


def test_calls_are_logged_without_the_token(silent: PracticeWorkspace, client: WebClient) -> None:
    client.api_call("users.info", params={"user": silent.bot.id, "token": silent.bot_token})
    (call,) = silent.calls("users.info")
    assert call["args"] == {"user": silent.bot.id}
    assert call["by"] == "bot"
    assert call["response"]["user"]["id"] == silent.bot.id


def test_a_response_url_serves_five_times_for_half_an_hour(silent: PracticeWorkspace) -> None:
    from slack_sdk.webhook import WebhookClient

    silent.slash("/small", user="priya")
    silent.captured()
    hook = WebhookClient(silent.deliveries()[-1].payload["response_url"])
    assert [hook.send(text=str(number)).status_code for number in range(6)] == [200] * 5 + [404]
    silent.slash("/small", user="priya")
    hook = WebhookClient(silent.deliveries()[-1].payload["response_url"])
    silent.move_clock(1_801)
    assert hook.send(text="late").body == "expired_url"


def test_home_and_forms_are_refused_with_messages(silent: PracticeWorkspace, client: WebClient) -> None:
    priya = silent.person("priya").id
    answer = refused(client.views_publish, user_id=priya, view={"type": "home", "blocks": [{"type": "poem"}]})
    assert answer["error"] == "invalid_arguments"
    assert "json-pointer:/view/blocks/0" in answer["response_metadata"]["messages"][0]
    assert error(client.views_open, trigger_id="1.2.3", view=form()) == "invalid_trigger_id"
    stranger = silent.person("freya").id
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert error(client.views_publish, user_id=stranger, view=home) == "user_not_found"
