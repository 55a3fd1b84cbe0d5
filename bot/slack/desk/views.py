"""The stewards' desk: what waits for them, and the ids of what they press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import form
from bot.slack.shown import Shown
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
#: The form that shows one problem.
PROBLEM = "desk.problem"

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


@dataclass(frozen=True, slots=True)
class Waits:
    """Problems that wait for the same thing, as far as there is room, and how many more there are."""

    listed: Sequence[Shown] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits for stewards.

    new: nobody else reads it. ready: asked teams answered, or had their time. asked: they still have time.
    spoke: a raiser wrote something.
    again: worth a second look, or a team asks for one. down: taken down, for a second steward.
    lost: no answer reaches the raiser. paused: why nothing can be raised now.
    answered: a team, a helper or the sponsor has spoken. due: a day that was set has come.
    unanswered: everybody reads it, and its raiser has no answer. undecided: it has one, and what comes next is open.
    """

    new: Waits = Waits()
    ready: Waits = Waits()
    asked: Waits = Waits()
    spoke: Waits = Waits()
    down: Waits = Waits()
    again: Waits = Waits()
    lost: int = 0
    unsent: Sequence[Unsent] = ()
    paused: str | None = None
    answered: Waits = Waits()
    due: Waits = Waits()
    unanswered: Waits = Waits()
    undecided: Waits = Waits()

    @property
    def nothing(self) -> bool:
        several = [self.new, self.ready, self.asked, self.spoke, self.down, self.again]
        several += [self.answered, self.due, self.unanswered, self.undecided]
        return not any(waits.listed for waits in several) and not self.unsent


def desk_blocks(
    words: Words, waiting: Waiting, *, open_count: str, unnamed: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """What waits for stewards, as it stands in Home and in the desk's form; `unnamed` is what the operator left out."""
    blocks = [t.header(words("For you as a steward"))]
    blocks += [t.section(text) for text in unnamed]
    if waiting.paused is not None:
        because = t.cut_escaped(waiting.paused, 1000)
        blocks.append(
            t.section(words("*Raising is paused:* {because} The operator lets it go on.", because=because))
        )
    if waiting.nothing:
        blocks.append(t.section(words("Nothing waits for you.")))
    down, new, ready, spoke, asked, again = (
        len(waits.listed) + waits.more
        for waits in (waiting.down, waiting.new, waiting.ready, waiting.spoke, waiting.asked, waiting.again)
    )
    for waits, head in (
        (
            waiting.down,
            words.many("{n} taken down, for a second steward", "{n} taken down, for a second steward", down),
        ),
        (
            waiting.spoke,
            words.many(
                "{n} where the raiser has written",
                "{n} where the raisers have written",
                spoke,
            ),
        ),
        (
            waiting.again,
            words.many("{n} worth a second look", "{n} worth a second look", again),
        ),
        (
            waiting.new,
            words.many("{n} new, nobody else reads it yet", "{n} new, nobody else reads them yet", new),
        ),
        (
            waiting.ready,
            words.many(
                "{n} can be published: asked teams answered or had their time",
                "{n} can be published: asked teams answered or had their time",
                ready,
            ),
        ),
        (
            waiting.asked,
            words.many(
                "{n} waits for asked teams, who still have time",
                "{n} wait for asked teams, who still have time",
                asked,
            ),
        ),
        *_further(words, waiting),
    ):
        if waits.listed:
            blocks += [t.section(f"*{head}*"), *[_row(words, shown) for shown in waits.listed]]
        if waits.more:
            blocks.append(t.context(words("The rest follows once these are answered.")))
    for message in waiting.unsent:
        blocks += _unsent_blocks(words, message)
    if waiting.lost:
        blocks.append(
            t.context(
                words.many(
                    "{n} raiser can't be reached: the key to the address is missing. The operator may have it.",
                    "{n} raisers can't be reached: the key to their address is missing. The operator may have it.",
                    waiting.lost,
                )
            )
        )
    blocks.append(t.context(open_count))
    return blocks


def _further(words: Words, waiting: Waiting) -> list[tuple[Waits, str]]:
    answered, come, unanswered, undecided = (
        len(waits.listed) + waits.more
        for waits in (waiting.answered, waiting.due, waiting.unanswered, waiting.undecided)
    )
    return [
        (
            waiting.answered,
            words.many(
                "{n} where a team or the sponsor has spoken",
                "{n} where teams or the sponsor have spoken",
                answered,
            ),
        ),
        (waiting.due, words.many("{n} whose day has come", "{n} whose day has come", come)),
        (
            waiting.unanswered,
            words.many(
                "{n} published, and nobody has answered its raiser",
                "{n} published, and nobody has answered their raisers",
                unanswered,
            ),
        ),
        (
            waiting.undecided,
            words.many(
                "{n} answered, and nobody has said what comes next",
                "{n} answered, and nobody has said what comes next",
                undecided,
            ),
        ),
    ]


def _row(words: Words, shown: Shown) -> dict[str, Any]:
    title = t.cut_escaped(t.one_line(shown.title), 300)
    label = words("Look at: {title}", title=t.one_line(shown.title))
    look = t.button(words("Look"), f"{LOOK}:{shown.id}", str(shown.id), label=label)
    return t.section(title, accessory=look)


def _unsent_blocks(words: Words, message: Unsent) -> list[dict[str, Any]]:
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


def desk_form(words: Words, blocks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return form(words, words("The desk"), "desk", blocks)


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
