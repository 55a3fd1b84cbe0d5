"""One problem as a steward sees it: its words, all that travelled about it, what it waits for and what can be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.core.problems.added import Added
from bot.core.problems.flag_records import Why
from bot.core.problems.records import State
from bot.core.replies.acts import QUESTIONS_MOST
from bot.slack import text as t
from bot.slack.cards import card, line
from bot.slack.deciding.buttons import OnLook
from bot.slack.desk import second_look_views, views
from bot.slack.desk.doing_views import Doing, doing_blocks, next_button
from bot.slack.doing import NOTHING
from bot.slack.fields import asks_first, form
from bot.slack.merging import views as merging
from bot.slack.merging.views import Side
from bot.slack.shown import Shown
from bot.words import Words

# Blocks that the words, questions and replies may take together; a form has a hundred.
_ROOM: Final = 88
NO_DECISION: Final = OnLook()


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Words for a problem beside those that stand."""

    id: int
    title: str
    hardship: str
    tried: str = ""
    guardrails: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a problem on a steward's look.

    raised: how it was raised, in words. questions, asked: each with its answer, if any. quiet: no more questions,
    please. to_agree: a steward's words that wait for the raiser; suggested: the raiser's that wait for a steward.
    to_ask: teams to be heard before others read; careful: some team always is. until: when their time is over;
    held_up: one may still answer.
    spoke: the raiser wrote something that no steward has acted on.
    nameable: the raiser chose to show the name, and no steward has it from here. withheld: words that were taken
    down; took_down: by this steward; pointed: why, where it was somebody at whom they point. flagged: why it is
    worth a second look. reviews: by team, what it asks to have looked at again and the answer, if any. similar:
    others that may be the same, best first.
    merges: with which others it is one, or is to be. decided: its decisions. links: where it is worked on elsewhere;
    tracking: the button to a new one. added: what those whom it hits say would help.
    """

    raised: str
    held: str | None = None
    questions: Sequence[tuple[str, str | None]] = ()
    quiet: bool = False
    to_agree: OtherWords | None = None
    suggested: OtherWords | None = None
    to_ask: Sequence[str] = ()
    careful: bool = False
    asked: Sequence[tuple[str, str | None]] = ()
    until: dt.datetime | None = None
    held_up: bool = False
    early: Sequence[str] = ()
    nameable: bool = False
    spoke: bool = False
    withheld: OtherWords | None = None
    took_down: bool = False
    pointed: str | None = None
    flagged: Sequence[Why] = ()
    reviews: Sequence[tuple[int, str, str, str | None]] = ()
    similar: Sequence[Shown] = ()
    doing: Doing = field(default_factory=Doing)
    merges: Sequence[Side] = ()
    decided: OnLook = NO_DECISION
    links: Sequence[dict[str, Any]] = ()
    tracking: dict[str, Any] | None = None
    added: Sequence[Added] = ()


def look_form(words: Words, shown: Shown, around: Around, *, command: str) -> dict[str, Any]:
    """One problem with what a steward can do now."""
    blocks = [
        *card(words, replace(shown, done=NOTHING), command=command, own=True, whole=True, voting=False),
        t.context(around.raised),
    ]
    if around.held:
        held = t.cut_escaped(around.held, 2500)
        blocks.append(t.section(words("*Kept out of the edition:* {reason}", reason=held)))
    acts = _acts(words, shown, around)
    if around.spoke:
        blocks.append(t.section(words("*The raiser has written;* it stands below.")))
    blocks += [t.section(said) for said in _next(words, shown, around)]
    blocks += doing_blocks(words, shown.id, around.doing)
    # What was decided is read before anything further is done.
    blocks += around.decided.stands
    about = [
        *around.decided.further,
        *second_look_views.blocks(words, shown.id, around.flagged, around.reviews),
        *_withheld(words, shown, around),
        *_suggested(words, shown, around),
        *_to_agree(words, around),
        *questions(words, around.questions),
        *_asked(words, around),
        *_added(words, around),
        *merging.desk_blocks(words, shown, around.merges),
        *_similar(words, around),
        *around.links,
    ]
    room = max(0, _ROOM - len(blocks))
    if len(about) > room:
        about = [*about[:room], t.context(words("There is more than fits here."))]
    return form(words, words("One problem"), views.PROBLEM, [*blocks, *acts, *about])


def _next(words: Words, shown: Shown, around: Around) -> list[str]:
    """What it waits for, and until when."""
    if shown.state == State.NEW.value:
        if around.to_agree is not None:
            return [_unagreed(words)]
        if around.to_ask:
            names = t.cut_escaped(", ".join(around.to_ask), 1500)
            return [
                words(
                    "*Before others read it, the teams that would have to change something are heard:* {teams}. "
                    "They have five working days.",
                    teams=names,
                ),
                *_early(words, around),
            ]
        if around.careful:
            said = words(
                "*The mode is careful:* a team is heard before others read, also where none would have to change. Say who "
                "knows this under “Who feels it, who changes”, then ask."
            )
            return [said, *_early(words, around)]
        return [
            words(
                "Once published, everybody in the company can read exactly these words. "
                "The raiser hears that there is news."
            ),
            *_early(words, around),
        ]
    if shown.state == State.ASKED.value:
        if around.to_agree is not None:
            return [_unagreed(words)]
        if around.held_up and around.until is not None:
            date = t.date(around.until)
            said = words(
                "*Asked teams have until {date} to answer.* Until then nothing is published.", date=date
            )
            return [said, *_early(words, around)]
        return [words("*It can be published:* whoever was asked has answered, or had the time.")]
    return []


def _unagreed(words: Words) -> str:
    return words(
        "*It waits for the raiser's yes* to a steward's words, which stand below; they get there within a day. "
        "Until then no team is asked and nothing is published; the words can be taken back."
    )


def _early(words: Words, around: Around) -> list[str]:
    if not around.early:
        return []
    said = t.cut_escaped(around.early[0], 1500)
    return [words("*A steward says that it can't wait:* {said} A second one has to say so too.", said=said)]


def _acts(words: Words, shown: Shown, around: Around) -> list[dict[str, Any]]:
    """The buttons: on with it, to the raiser, and what stewards may set right at any time."""
    ident = str(shown.id)
    if shown.state not in _STANDING:
        over = [
            *([_heard(words, ident)] if around.spoke else []),
            *next_button(words, shown.id, around.doing),
        ]
        return [t.buttons(*over)] if over else []
    on = _onward(words, shown, around, ident)
    if shown.state in _READ_BY_ALL:
        on = [*next_button(words, shown.id, around.doing, style="primary"), *on]
    else:
        on += next_button(words, shown.id, around.doing)
    if around.decided.opens is not None:
        on.insert(1, around.decided.opens)
    on += _to_raiser(words, shown, around, ident)
    right = [
        t.button(words("Who feels it, who changes"), views.INPUTS, ident),
        t.button(words("Say where it can be solved"), views.OVERRULE, ident),
    ]
    if shown.state == State.OPEN.value:
        if around.held:
            right.append(t.button(words("Let it into the edition again"), views.LET_IN, ident))
        else:
            right.append(t.button(words("Keep it out of the edition"), views.HOLD, ident))
    right += merging.merges(words, shown, around.merges)
    right.append(t.button(words("Close with a sentence"), views.CLOSE, ident))
    right += [around.tracking] if around.tracking is not None else []
    right.append(t.button(words("Take it down now"), views.TAKE_DOWN, ident, style="danger"))
    return [*([t.buttons(*on, block="ways")] if on else []), t.buttons(*right, block="right")]


_READ_BY_ALL: Final = (State.OPEN.value, State.RESTING.value)
_STANDING: Final = tuple([state.value for state in (State.NEW, State.ASKED, State.OPEN, State.RESTING)])


def _onward(words: Words, shown: Shown, around: Around, ident: str) -> list[dict[str, Any]]:
    ask = words("Ask the teams")
    made: list[dict[str, Any]] = []
    first = shown.state == State.NEW.value and (bool(around.to_ask) or around.careful)
    if around.to_agree is not None:
        return [t.button(words("Take these words back"), views.TAKE_BACK, ident)]
    if first:
        made.append(t.button(ask, views.ASK_TEAMS, ident, style="primary"))
    elif shown.state == State.NEW.value or (shown.state == State.ASKED.value and not around.held_up):
        made.append(t.button(words("Publish these words"), views.PUBLISH, ident, style="primary"))
    if shown.state != State.NEW.value:
        made.append(t.button(words("Ask another team"), views.ASK_TEAMS, ident))
    if shown.state == State.ASKED.value and around.held_up:
        made.append(t.button(words("Give more time"), views.MORE_TIME, ident))
    if first or around.held_up:
        made.append(t.button(words("Publish early"), views.EARLY, ident))
    return made


def _to_raiser(words: Words, shown: Shown, around: Around, ident: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if around.spoke:
        made.append(_heard(words, ident))
    open_ones = sum(answer is None for _, answer in around.questions)
    if not around.quiet and open_ones < QUESTIONS_MOST:
        made.append(t.button(words("Ask the raiser"), views.ASK, ident))
    if shown.state in (State.NEW.value, State.ASKED.value):
        made.append(t.button(words("Propose other words"), views.PROPOSE, ident))
    if around.nameable:
        name = t.button(words("See the name"), views.NAME, ident, label=words("See the name; it is recorded"))
        made.append(
            asks_first(
                name,
                title=words("See the name?"),
                text=words("That you looked is kept in the audit trail. Most problems need no name."),
                yes=words("See it"),
                no=words("Leave it"),
            )
        )
    return made


def _heard(words: Words, ident: str) -> dict[str, Any]:
    return t.button(words("Noted"), views.HEARD, ident, label=words("Noted, take it off the desk"))


def questions(words: Words, asked: Sequence[tuple[str, str | None]]) -> list[dict[str, Any]]:
    """What stewards asked the raiser, and the answers."""
    blocks: list[dict[str, Any]] = []
    for question, answer in asked:
        head = words("*Asked of the raiser:* {question}", question=t.cut_escaped(question, 2800))
        blocks.append(t.section(head))
        if answer is None:
            blocks.append(
                t.context(
                    words(
                        "No answer yet. A question gets to the raiser within a day, and an answer back within another."
                    )
                )
            )
        else:
            blocks += [t.section(piece) for piece in t.pieces(answer)]
    return blocks


def _to_agree(words: Words, around: Around) -> list[dict[str, Any]]:
    if around.to_agree is None:
        return []
    return [t.section(words("*Words that wait for the raiser's yes*")), *_words_of(words, around.to_agree)]


def _suggested(words: Words, shown: Shown, around: Around) -> list[dict[str, Any]]:
    """The raiser's other words for what everybody reads already."""
    if around.suggested is None:
        return []
    value = f"{shown.id}:{around.suggested.id}"
    return [
        t.section(words("*Whoever raised it sends other words*")),
        t.buttons(
            t.button(words("Take these words"), views.TAKE_THEIRS, value, style="primary"),
            t.button(words("Leave it as it is"), views.LEAVE_THEIRS, value),
        ),
        *_words_of(words, around.suggested),
    ]


def _asked(words: Words, around: Around) -> list[dict[str, Any]]:
    blocks = []
    for team, reply in around.asked:
        name = t.cut_escaped(t.one_line(team), 300)
        if reply is None:
            blocks.append(t.context(words("{team} was asked and has not answered.", team=name)))
        else:
            head = words("*{team} says:*", team=name)
            blocks.append(t.section(f"{head}\n{t.cut_escaped(reply, t.SECTION - len(head) - 1)}"))
    return blocks


def _added(words: Words, around: Around) -> list[dict[str, Any]]:
    """By function, without names; of a small one not even that."""
    blocks = []
    for each in around.added:
        if each.function is None:
            head = words("*Somebody whom it hits says what would help:*")
        else:
            function = t.cut_escaped(t.one_line(each.function), 300)
            head = words("*Somebody of {function} says what would help:*", function=function)
        blocks.append(t.section(f"{head}\n{t.cut_escaped(each.text, t.SECTION - len(head) - 1)}"))
    return blocks


def _similar(words: Words, around: Around) -> list[dict[str, Any]]:
    """Others that may be the same or lie close, published or not: a steward may see both."""
    if not around.similar:
        return []
    blocks = [t.section(words("*Perhaps the same, or close to it*"))]
    for other in around.similar:
        label = words("Look at: {title}", title=t.one_line(other.title))
        look = t.button(words("Look"), f"{views.LOOK}:{other.id}", str(other.id), label=label)
        blocks.append(t.section(line(words, other), accessory=look))
    return blocks


def _withheld(words: Words, shown: Shown, around: Around) -> list[dict[str, Any]]:
    """The words that were taken down, and what a second steward may do with them."""
    if not shown.taken_down:
        return []
    if around.withheld is None:
        return [t.section(words("The words are destroyed. What stands in their place stays."))]
    gone = [t.section(words("*The words that were taken down*")), *_words_of(words, around.withheld)]
    if around.took_down:
        said = words(
            "*You took this down.* Another steward looks at the words: they come back, or they are destroyed."
        )
        return [t.section(said), *gone]
    ident = str(shown.id)
    destroy = t.button(words("Destroy the words"), views.DESTROY, ident, style="danger")
    blocks = [
        t.section(
            words(
                "*A second steward decides:* the words come back as they were, or they are destroyed, with "
                "questions, answers and replies."
            )
        ),
        t.buttons(
            t.button(words("Give them back"), views.RESTORE, ident),
            asks_first(
                destroy,
                title=words("Destroy the words?"),
                text=words("Nobody can bring them back. The sentence in their place stays."),
                yes=words("Destroy them"),
                no=words("Leave them"),
                danger=True,
            ),
        ),
    ]
    if around.pointed is not None:
        reason = t.cut_escaped(around.pointed, 2500) or words("No reason was given, and none is needed.")
        blocks.append(t.section(words("*Somebody says that it points at them:* {reason}", reason=reason)))
    return [*blocks, *gone]


def _words_of(words: Words, other: OtherWords) -> list[dict[str, Any]]:
    blocks = [t.section(f"*{t.cut_escaped(t.one_line(other.title), 600)}*")]
    for head, said in (
        (words("What it makes hard"), other.hardship),
        (words("Tried before"), other.tried),
        (words("A fix must not"), other.guardrails),
    ):
        first, *more = t.pieces(said, t.SECTION - len(head) - 3) or [""]
        if first:
            blocks += [t.section(f"*{head}*\n{first}"), *[t.section(piece) for piece in more]]
    return blocks
