"""Applies what the bot answers: to a command, to a form, and through a response_url."""

from typing import Any

from bot.sandbox.errors import JSON, SlackError
from bot.sandbox.journal import Attempt
from bot.sandbox.opening import change, checked_view, push, tell
from bot.sandbox.outcome import Outcome
from bot.sandbox.posting import add, announce, checked_content, find, whisper
from bot.sandbox.stacks import View
from bot.sandbox.state import Message, Person, Place
from bot.sandbox.world import World


def trouble(world: World, person_id: str, kind: str, what: str, attempt: Attempt) -> str:
    """What Slack shows when the bot did not answer an interaction in time."""
    if kind == "slash_commands":
        why = "operation_timeout" if attempt.error == "timeout" else "dispatch_failed"
        text = f'{what} failed with the error "{why}"'
    else:
        text = "We had some trouble connecting. Try again?"
    world.changes.publish("trouble", people={person_id}, person=person_id, text=text)
    return text


def _bad(world: World, outcome: Outcome, what: str, error: SlackError) -> None:
    messages = error.more.get("response_metadata", {}).get("messages", [])
    world.object_to("bad_answer", f"{what}: {error.code} {messages}")
    outcome.trouble = "We had some trouble connecting. Try again?"
    world.changes.publish("trouble", people={outcome.by}, person=outcome.by, text=outcome.trouble)


def command_answer(world: World, outcome: Outcome, place: Place, person: Person, body: JSON) -> None:
    """A body in a command's ack becomes a message: seen by the person, or by all (`in_channel`)."""
    if not body:
        return
    try:
        _say(world, place, person, body)
    except SlackError as error:
        _bad(world, outcome, "the answer to a command", error)


def _say(world: World, place: Place, person: Person, body: JSON) -> Message:
    text, blocks = checked_content(world, body.get("text"), body.get("blocks"), body.get("attachments"))
    thread_ts = body.get("thread_ts")
    if body.get("response_type") != "in_channel":
        return whisper(world, place, person, text, blocks, thread_ts=thread_ts)
    message = Message(
        place=place.id, ts=world.clock.ts(), author=world.state.bot.id, text=text, blocks=blocks, by_app=True,
        thread_ts=thread_ts,
    )  # fmt: skip
    return add(world, place, message)


def submission_answer(world: World, outcome: Outcome, view: View, body: JSON) -> None:
    """Do what the answer to a sent form says: close, errors, update, push or clear."""
    stack = world.stacks.of(view.person)
    action = body.get("response_action")
    try:
        if action is None:
            if body:
                raise SlackError(f"unknown keys {sorted(body)}")
            if view in stack:
                stack.remove(view)
        elif action == "errors":
            view.errors = _errors(view, body.get("errors"))
            outcome.errors = dict(view.errors)
        elif action == "clear":
            stack.clear()
        elif action == "update":
            change(world, view, checked_view(world, body.get("view"), "modal", but=view))
        elif action == "push":
            push(world, world.state.people[view.person], checked_view(world, body.get("view"), "modal"))
        else:
            raise SlackError(f"unknown response_action {action}")
    except SlackError as error:
        _bad(world, outcome, "the answer to a sent form", error)
    tell(world, view.person)


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if (
        not isinstance(errors, dict)
        or not errors
        or not all(isinstance(text, str) for text in errors.values())
    ):
        raise SlackError("errors must map block_ids to words")
    stray = set(errors) - inputs
    if stray:
        raise SlackError(f"errors for {sorted(stray)}, which are no input blocks of this form")
    return dict(errors)


def through_response_url(world: World, key: str, body: JSON) -> tuple[int, str]:
    """Take a post to a response_url: the HTTP status and the words of the answer."""
    url = world.spend_response_url(key)
    if isinstance(url, str):
        return 404, url
    place, person = world.state.places[url.place], world.state.people[url.person]
    original = find(world, place, url.message_ts) if url.message_ts else None
    try:
        if body.get("delete_original"):
            if original is not None:
                original.gone = True
                place.take(original.ts)
                told = {person.id} if original.seen_by else None
                world.changes.publish("message_deleted", place=place.id, people=told, ts=original.ts)
            return 200, "ok"
        if body.get("replace_original") and original is not None:
            text, blocks = checked_content(
                world, body.get("text"), body.get("blocks"), body.get("attachments")
            )
            original.text, original.blocks = text, blocks
            announce(world, original, "message_changed")
            return 200, "ok"
        _say(world, place, person, body)
    except SlackError as error:
        return 500 if error.code == "no_text" else 400, error.code
    return 200, "ok"
