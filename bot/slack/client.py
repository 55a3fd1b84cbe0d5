"""Every call to Slack, with Slack's errors as classes that say what to do."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

#: Seconds a call may take inside an interaction, and outside one.
INSIDE, OUTSIDE = 1.5, 10
#: Characters that describe a picture to whoever does not see it.
ALT = 1000


class SlackTrouble(Exception):
    """Slack did not do what was asked. `code` is Slack's own word, never a text with somebody's data in it."""

    def __init__(self, code: str, *, method: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.method = method


class Refused(SlackTrouble):
    """Slack refuses this request as it is; the same again would be refused again."""


class RateLimited(SlackTrouble):
    """Come back after `retry_after` seconds; nothing was done."""

    def __init__(self, code: str, *, method: str, retry_after: float) -> None:
        super().__init__(code, method=method)
        self.retry_after = retry_after


class Unanswered(SlackTrouble):
    """No answer came: whether it was done is not known."""


class Unreached(SlackTrouble):
    """Slack could not be reached, or said that it can't just now; nothing was done."""


class NotInChannel(Refused):
    """The bot is not in the channel: /invite it."""


class ChannelGone(Refused):
    """The channel does not exist, or the bot can't see it."""


class ChannelArchived(Refused):
    """The channel is archived."""


class TokenRevoked(Refused):
    """The bot's token is not valid any more: install it again."""


class MissingScope(Refused):
    """A scope was not granted; `needed` names it."""

    def __init__(self, code: str, *, method: str, needed: str) -> None:
        super().__init__(code, method=method)
        self.needed = needed


class TooLong(Refused):
    """The message is longer than Slack takes."""


class TriggerExpired(Refused):
    """Too late to open a form from this click: offer a button that opens it."""


class ViewChanged(Refused):
    """The form was changed or closed meanwhile."""


class MessageGone(Refused):
    """The message was deleted, or never was."""


class PersonGone(Refused):
    """The person can't be reached: gone, deactivated or not known."""


class NotOnThisPlan(Refused):
    """The workspace's plan has no such feature."""


_CLASSES: Mapping[str, type[Refused]] = {
    "not_in_channel": NotInChannel,
    "channel_not_found": ChannelGone,
    "is_archived": ChannelArchived,
    "invalid_auth": TokenRevoked,
    "account_inactive": TokenRevoked,
    "token_revoked": TokenRevoked,
    "token_expired": TokenRevoked,
    "not_authed": TokenRevoked,
    "msg_too_long": TooLong,
    "msg_blocks_too_long": TooLong,
    "expired_trigger_id": TriggerExpired,
    "exchanged_trigger_id": TriggerExpired,
    "trigger_expired": TriggerExpired,
    "trigger_exchanged": TriggerExpired,
    "hash_conflict": ViewChanged,
    "not_found": ViewChanged,
    "view_not_found": ViewChanged,
    "message_not_found": MessageGone,
    "thread_not_found": MessageGone,
    "user_not_found": PersonGone,
    "users_not_found": PersonGone,
    "user_not_in_channel": PersonGone,
    "user_disabled": PersonGone,
    "cannot_dm_bot": PersonGone,
    "plan_upgrade_required": NotOnThisPlan,
    "paid_teams_only": NotOnThisPlan,
}
_A_WORD = re.compile(r"[a-z0-9_.-]{1,80}")
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "team_added_to_org", "request_timeout"}


class Slack:
    """The calls that the bot makes; nothing else of Slack is used."""

    def __init__(self, web: WebClient) -> None:
        self._web = web

    @classmethod
    def at(cls, token: str, url: str, *, timeout: float) -> Slack:
        return cls(WebClient(token=token, base_url=url, timeout=int(timeout) or 1, retry_handlers=[]))

    def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """One call; raises a `SlackTrouble`."""
        return self._called(
            method, json={name: value for name, value in arguments.items() if value is not None}
        )

    def _called(self, method: str, **request: Any) -> Mapping[str, Any]:
        try:
            response: SlackResponse = self._web.api_call(method, **request)
        except SlackApiError as error:
            raise _trouble(method, error) from None
        except (ConnectionRefusedError, urllib.error.URLError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, (ConnectionRefusedError, OSError)) and not isinstance(reason, TimeoutError):
                if isinstance(reason, ConnectionResetError | BrokenPipeError):
                    raise Unanswered("connection_lost", method=method) from None
                raise Unreached("unreachable", method=method) from None
            raise Unanswered("timeout", method=method) from None
        except (TimeoutError, HTTPException, OSError, ValueError):
            raise Unanswered("no_answer", method=method) from None
        data = response.data
        if not isinstance(data, dict):
            raise Unanswered("no_answer", method=method)
        return data

    def auth_test(self) -> Mapping[str, Any]:
        return self.call("auth.test")

    def granted(self) -> tuple[frozenset[str], str]:
        """The scopes that were granted, and what time it is at Slack (an HTTP date, "" where it was not told)."""
        try:
            response: Any = self._web.api_call("auth.test", json={})
        except SlackApiError as error:
            raise _trouble("auth.test", error) from None
        except (OSError, HTTPException, ValueError):
            raise Unanswered("no_answer", method="auth.test") from None
        told = {name.lower(): value for name, value in dict(response.headers or {}).items()}
        scopes = told.get("x-oauth-scopes", "")
        return frozenset(each.strip() for each in str(scopes).split(",") if each.strip()), str(
            told.get("date", "")
        )

    def post(
        self,
        channel: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]] | None = None,
        *,
        thread_ts: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """Post a message; its `ts`. Text is taken as it is: no links, names or pictures are made of it."""
        said = self.call(
            "chat.postMessage",
            channel=channel,
            text=text,
            blocks=list(blocks) if blocks else None,
            thread_ts=thread_ts,
            metadata=metadata,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(said["ts"])

    def update(
        self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        self.call(
            "chat.update",
            channel=channel,
            ts=ts,
            text=text,
            blocks=list(blocks) if blocks else None,
            parse="none",
            link_names=False,
        )

    def post_to_one(
        self, channel: str, person: str, text: str, blocks: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """An ephemeral message: seen by one person, not guaranteed, gone on reload."""
        self.call(
            "chat.postEphemeral",
            channel=channel,
            user=person,
            text=text,
            blocks=list(blocks) if blocks else None,
            parse="none",
            link_names=False,
        )

    def open_view(self, trigger: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
        return _view(self.call("views.open", trigger_id=trigger, view=view))

    def push_view(self, trigger: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
        return _view(self.call("views.push", trigger_id=trigger, view=view))

    def update_view(
        self, view_id: str, view: Mapping[str, Any], *, expected: str | None = None
    ) -> Mapping[str, Any]:
        return _view(self.call("views.update", view_id=view_id, view=view, hash=expected))

    def publish_home(self, person: str, view: Mapping[str, Any]) -> None:
        self.call("views.publish", user_id=person, view=view)

    def respond(self, url: str, text: str, blocks: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Answer an interaction by its own URL, to the person alone; the URL is used now and never kept."""
        made = WebhookClient(url, timeout=self._web.timeout)
        body: dict[str, Any] = {"text": text, "response_type": "ephemeral", "replace_original": False}
        if blocks:
            body["blocks"] = list(blocks)
        try:
            answer = made.send_dict(body)
        except (OSError, HTTPException):
            raise Unanswered("no_answer", method="response_url") from None
        if answer.status_code != 200:
            raise Refused("response_url", method="response_url")

    def upload(self, name: str, content: bytes, *, alt: str = "") -> str:
        """Put a file where Slack takes it; its id. Nobody sees it until it is shared."""
        # These two methods take no JSON.
        about = {"filename": name, "length": len(content), "alt_txt": alt[:ALT] or None}
        given = self._called("files.getUploadURLExternal", params=about)
        try:
            connection = urllib.request.Request(str(given["upload_url"]), data=content, method="POST")  # noqa: S310  Slack's own answer
            connection.add_header("Content-Type", "application/octet-stream")
            with urllib.request.urlopen(connection, timeout=self._web.timeout) as answer:  # noqa: S310  the same
                status = answer.status
        except (OSError, HTTPException):
            raise Unreached("upload", method="files.getUploadURLExternal") from None
        if status != 200:
            raise Refused("upload", method="files.getUploadURLExternal")
        return str(given["file_id"])

    def share(self, channel: str, files: Sequence[tuple[str, str]], said: str) -> None:
        """Post uploaded files (id, title) in a channel with a text: one message."""
        about = {
            "files": json.dumps([{"id": ident, "title": title} for ident, title in files]),
            "channel_id": channel,
            "initial_comment": said,
        }
        self._called("files.completeUploadExternal", params=about)

    def permalink(self, channel: str, ts: str) -> str:
        return str(self.call("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    def place(self, channel: str) -> Mapping[str, Any]:
        """`conversations.info` of a place."""
        found = self.call("conversations.info", channel=channel)["channel"]
        return found if isinstance(found, dict) else {}

    def person(self, person: str) -> Mapping[str, Any]:
        """`users.info` of a person."""
        found = self.call("users.info", user=person, include_locale=True)["user"]
        return found if isinstance(found, dict) else {}

    def person_by_mail(self, mail: str) -> str | None:
        """The id of the person with this e-mail, or None."""
        try:
            return str(self.call("users.lookupByEmail", email=mail)["user"]["id"])
        except PersonGone:
            return None

    def user_groups(self) -> list[Mapping[str, Any]]:
        """All user groups with their people, by one call."""
        found = self.call("usergroups.list", include_users=True, include_disabled=True)["usergroups"]
        return list(found)

    def group_people(self, group: str) -> list[str]:
        return list(self.call("usergroups.users.list", usergroup=group)["users"])

    def who_reacted(self, channel: str, ts: str) -> Mapping[str, list[str]]:
        """People per emoji on a message, as far as Slack lists them."""
        message = self.call("reactions.get", channel=channel, timestamp=ts, full=True).get("message") or {}
        return {each["name"]: list(each.get("users", [])) for each in message.get("reactions", [])}

    def recent(self, channel: str, *, oldest: str, most: int = 100) -> list[Mapping[str, Any]]:
        """Messages since a time, with their metadata; needs the history scope."""
        found = self.call(
            "conversations.history", channel=channel, oldest=oldest, limit=most, include_all_metadata=True
        )["messages"]
        return list(found)

    def thread(self, channel: str, ts: str, *, most: int = 200) -> list[Mapping[str, Any]]:
        """Replies under a message, with their metadata; needs the history scope."""
        found = self.call(
            "conversations.replies", channel=channel, ts=ts, limit=most, include_all_metadata=True
        )
        return list(found["messages"])


def _view(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    view = answer.get("view")
    return view if isinstance(view, dict) else {}


def _trouble(method: str, error: SlackApiError) -> SlackTrouble:
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(data.get("error") or "")
    if not _A_WORD.fullmatch(code):
        code = ""  # the SDK's own sentence, with what a gateway said in it
    if status == 429 or code in ("ratelimited", "rate_limited"):
        headers = {
            name.lower(): value for name, value in dict(getattr(response, "headers", {}) or {}).items()
        }
        value = headers.get("retry-after", "1")
        value = value[0] if isinstance(value, list) else value
        return RateLimited("ratelimited", method=method, retry_after=_seconds(value))
    if status >= 500 or code in _PASSING:
        # A gateway's 5xx may come after the work was done.
        return Unanswered(code or f"http_{status}", method=method)
    if code == "missing_scope":
        return MissingScope(code, method=method, needed=str(data.get("needed", "")))
    if not code:
        return Unanswered(f"http_{status}", method=method)
    return _CLASSES.get(code, Refused)(code, method=method)


def _seconds(value: object) -> float:
    try:
        return min(max(float(str(value)), 1.0), 3600.0)
    except ValueError:
        return 1.0
