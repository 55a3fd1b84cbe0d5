"""The ids of what stewards press, the desk's form, and messages that could not be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import form
from bot.words import Words, mark

OPEN, LOOK, PUBLISH = "desk.open", "desk.look", "desk.publish"
INPUTS, OVERRULE, CLOSE, HOLD, LET_IN = (
    "desk.inputs",
    "desk.overrule",
    "desk.close",
    "desk.hold",
    "desk.let_in",
)
#: To the raiser: a question, other words (and back), a word on the raiser's own other words, the name.
ASK, PROPOSE, TAKE_BACK, TAKE_THEIRS, LEAVE_THEIRS, NAME = (
    "desk.ask",
    "desk.propose",
    "desk.take_back",
    "desk.take_theirs",
    "desk.leave_theirs",
    "desk.name",
)
#: To the teams that would have to change something.
ASK_TEAMS, MORE_TIME, EARLY = "desk.ask_teams", "desk.more_time", "desk.early"
HEARD = "desk.heard"
#: A second look at what was flagged, and the answer to a team that asked for one.
LOOKED, REVIEW = "desk.looked", "desk.review"
TAKE_DOWN, RESTORE, DESTROY = "desk.take_down", "desk.restore", "desk.destroy"
SEND_AGAIN, DROP = "desk.send_again", "desk.drop"
#: The form that shows one problem, the one with a whole list, the menu of lists, and the buttons to one.
PROBLEM, LISTED, BROWSE, LIST = "desk.problem", "desk.listed", "desk.browse", "desk.list"
#: The desk's own form.
DESK = "desk"

#: A correction whose message a steward alone can find.
NOT_FOUND: Final = "NotFound"
#: Why a message could not be sent, by the class of Slack's answer, and what to do.
UNSENT: Mapping[str, str] = {
    "NotInChannel": mark("I am not in {channel}. Invite me there with /invite, then send it again."),
    "ChannelGone": mark("I can't see {channel}: it was deleted, or is private and I am not in it."),
    "ChannelArchived": mark("{channel} is archived. Unarchive it, or name another channel in the settings."),
    "TokenRevoked": mark("Slack no longer takes my token. The operator has to install me again."),
    "MissingScope": mark(
        "Slack did not grant me a scope that this needs. The operator sees which with `doctor`."
    ),
    "TooLong": mark("The message is longer than Slack takes. Please tell the operator."),
    "SharedChannel": mark("{channel} is shared with another organisation, so I post nothing there."),
    "Unanswered": mark(
        "I don't know whether this went out: Slack's answer was lost. Please look in {channel} first."
    ),
    NOT_FOUND: mark(
        "Words that were taken down may still stand in {channel}, in a message that I can't find again. Please look "
        "there, and delete that message if they do."
    ),
    "Unreached": mark("Slack could not be reached for a whole day."),
    "RateLimited": mark("Slack asked me to wait for a whole day."),
    "KeyLost": mark("The key that says who gets this is missing, so it can't reach anybody."),
}
_OTHER = mark("Slack refused it. The operator finds the reason in the log.")


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that waits for a steward's word."""

    id: int
    kind: str
    channel: str | None
    reason: str


def unsent_blocks(words: Words, message: Unsent) -> list[dict[str, Any]]:
    channel = f"<#{message.channel}>" if message.channel else words("a direct message")
    what = _what(words, message.kind)
    reason = words(UNSENT.get(message.reason, _OTHER), channel=channel)
    said = t.section(words("*{what} could not be sent.* {reason}", what=what, reason=reason))
    if message.reason == NOT_FOUND:
        done = t.button(words("I have looked"), f"{DROP}:{message.id}", str(message.id))
        return [said, t.buttons(done)]
    return [
        said,
        t.buttons(
            t.button(words("Send it now"), f"{SEND_AGAIN}:{message.id}", str(message.id)),
            t.button(words("It is there already, or not wanted"), f"{DROP}:{message.id}", str(message.id)),
        ),
    ]


def _what(words: Words, kind: str) -> str:
    if kind == "correct_edition":
        return words("A correction of a posted edition")
    return words("The weekly edition") if kind.startswith("edition") else words("A message")


def look_as_steward(words: Words, problem: int) -> dict[str, Any]:
    """The way from what everybody reads of a problem to what stewards can do."""
    return t.button(words("Look as a steward"), f"{LOOK}:{problem}", str(problem))


def desk_form(words: Words, blocks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return form(words, words("The desk"), DESK, blocks)


def read_ident(value: object) -> int:
    """The id in a button or a form; a request, not proof."""
    said = str(value)
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise Refusal("That button is out of date. Please open the desk again.")
    return int(said)


def read_pair(value: object) -> tuple[int, int]:
    """A problem and what belongs to it, as "problem:other"."""
    first, _, second = str(value).partition(":")
    return read_ident(first), read_ident(second)
