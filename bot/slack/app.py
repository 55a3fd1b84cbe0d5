"""The Bolt app: one listener a kind of payload, and one table that knows who listens (see decision 0005)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import logs, metrics
from bot.core.refusal import Refusal
from bot.slack import failures
from bot.slack.client import INSIDE, Slack
from bot.slack.people import Strangers
from bot.slack.turn import Answer, Bot, Kind, Listener, Listeners, Turn

log = structlog.get_logger(__name__)
_ANY = re.compile(".*")
#: What `build_app` makes, for those who only pass it on.
BoltApp = App


def build_app(bot: Bot, listeners: Listeners, *, token: str) -> App:
    """A Bolt app that answers every payload through `listeners`. Signatures are checked before it, by the front."""
    here = bot.workspace
    known = AuthorizeResult(
        enterprise_id=here.enterprise,
        team_id=here.team,
        bot_user_id=here.bot_user,
        bot_id=here.bot,
        bot_token=token,
    )

    def authorize() -> AuthorizeResult:
        return known

    # Without the token: Bolt takes it from what `authorize` says, and warns of a second one.
    web = WebClient(base_url=bot.settings.slack_api_url, timeout=max(1, int(INSIDE)))
    web.timeout = INSIDE  # type: ignore[assignment]  # the client annotates whole seconds; sockets take fractions
    web.retry_handlers = []
    app = App(
        client=web,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        ssl_check_enabled=True,
        url_verification_enabled=True,
    )
    strangers = Strangers(bot)

    def take(
        body: dict[str, Any],
        context: dict[str, Any],
        client: WebClient,
        ack: Callable[..., BoltResponse],
        kind: Kind,
        listener: Listener | None,
    ) -> None:
        person = _person(body)
        turn = Turn(
            kind=kind,
            body=body,
            person=person,
            at=bot.clock(),
            words=bot.words(strangers.locale_of(person)),
            bot=bot,
            slack=Slack(client),
            protected=listener in listeners.protected,
        )
        context["turn"] = turn
        with metrics.ack(kind.value), logs.protected_act() if turn.protected else nullcontext():
            ack(**(answer(turn, listener) or {}))

    def answer(turn: Turn, listener: Listener | None) -> Answer:
        if listener is None:
            # Pressed on a message of an older release, or a link button: Slack only wants to hear "yes".
            return None
        try:
            if turn.kind is not Kind.EVENT:
                try:
                    strangers.refuse(turn)
                finally:
                    turn = replace(turn, words=bot.words(strangers.locale_of(turn.person)))
            return listener(turn)
        except Refusal as refusal:
            return failures.refused(turn, refusal)

    def event(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]  # Bolt injects by name
        take(body, context, client, ack, Kind.EVENT, listeners.events.get(body["event"].get("type", "")))

    def command(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        take(body, context, client, ack, Kind.COMMAND, _commands(listeners))

    def action(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        kind = Kind.VIEW_BUTTON if body.get("view") else Kind.MESSAGE_BUTTON
        found = listeners.actions.get(str(body["actions"][0].get("action_id", "")).split(":")[0])
        take(body, context, client, ack, kind, found)

    def submission(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        found = listeners.submissions.get(body["view"].get("callback_id", ""))
        take(body, context, client, ack, Kind.SUBMISSION, found)

    def closing(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        found = listeners.closings.get(body["view"].get("callback_id", ""))
        take(body, context, client, ack, Kind.EVENT, found)

    def shortcut(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        take(body, context, client, ack, Kind.SHORTCUT, listeners.shortcuts.get(body.get("callback_id", "")))

    def options(body, context, client, ack) -> None:  # type: ignore[no-untyped-def]
        take(body, context, client, ack, Kind.OPTIONS, listeners.options.get(body.get("action_id", "")))

    def surprised(error: Exception, context: Mapping[str, Any]) -> BoltResponse:
        turn: Turn | None = context.get("turn")
        if turn is None or turn.kind is Kind.EVENT:
            # Not acknowledged, so that Slack sends it again.
            logs.surprise(log, error, kind="event")
            return BoltResponse(status=500, body="")
        said = failures.broke(turn, error)
        return BoltResponse(status=200, body=dict(said) if said else "")

    app.event(_ANY)(event)
    app.action(_ANY)(action)
    app.command(_ANY)(command)
    app.view_submission(_ANY)(submission)
    app.shortcut(_ANY)(shortcut)
    app.options(_ANY)(options)
    app.view_closed(_ANY)(closing)
    app.error(surprised)
    return app


def _commands(listeners: Listeners) -> Listener:
    def run(turn: Turn) -> Answer:
        said = str(turn.body.get("text") or "").strip()
        word, rest = ([*said.split(maxsplit=1), ""] if said else ["", ""])[:2]
        found = listeners.commands.get(word.lower())
        if found is not None:
            return found.listener(turn, rest)
        return listeners.commands[""].listener(turn, said)

    return run


def _person(body: Mapping[str, Any]) -> str:
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("id", ""))
    event = body.get("event")
    if isinstance(event, dict):
        of_event = event.get("user")
        return str(of_event.get("id", "") if isinstance(of_event, dict) else of_event or "")
    return str(body.get("user_id") or user or "")
