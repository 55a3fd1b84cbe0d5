"""A problem as people read it: its words, where it can be solved and why, and what they can do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.core.problems.breadth_rules import Band
from bot.core.problems.records import State
from bot.core.problems.rules import Finding
from bot.slack import text as t
from bot.slack.doing import ended, lines
from bot.slack.explaining import SENTENCE, explanation, where
from bot.slack.shown import Named, Shown
from bot.words import Words, mark

HITS_US: Final = "problem.hits_us"
TAKE_BACK: Final = "problem.take_back"
DETAILS: Final = "problem.details"
NOT_RIGHT: Final = "problem.not_right"
WE_HELP: Final = "problem.we_help"
POINTS_AT_ME: Final = "problem.points_at_me"

_LINK: Final = re.compile(r"https://[^\s<>|]+")
# What a message has room for; a form shows the whole text.
_TITLE, _TEXT = 600, 900
# Replies of asked teams: how many a form and a message have room for, and characters of each in a message.
_MERGED, _MERGED_IN_MESSAGE = 8, 2
_REPLIES, _REPLIES_IN_MESSAGE, _REPLY = 12, 3, 300

_PEOPLE: Final = {
    Band.FEWER_THAN_TEN: mark("Fewer than ten people say that it hits them."),
    Band.TEN_TO_NINETEEN: mark("10 to 19 people say that it hits them."),
    Band.TWENTY_AND_MORE: mark("20 people or more say that it hits them."),
}


def name_of(words: Words, shown: Shown | Named, *, most: int = _TITLE) -> str:
    """The title with its number, escaped."""
    title = t.cut_escaped(t.one_line(shown.title), most) or words("Not in words yet")
    return title if shown.number is None else words("{number} · {title}", number=shown.number, title=title)


def line(words: Words, shown: Shown, *, marked: bool = True) -> str:
    """One line for a list: the title, and where it stands."""
    title = name_of(words, shown, most=400)
    return words("{title}: {state}", title=f"*{title}*" if marked else title, state=_standing(words, shown))


def _standing(words: Words, shown: Shown) -> str:
    match shown.state:
        case State.TAGGED.value:
            return words("a tag on a message")
        case State.NEW.value:
            return words("with the stewards")
        case State.ASKED.value:
            return words("the teams that would have to change something are heard first")
        case State.TAKEN_DOWN.value:
            return words("taken down")
        case State.CLOSED.value:
            return words("goes on in another one") if shown.merged else ended(words, shown.done)
        case State.RESTING.value:
            return words("resting, nobody has spoken of it for a while")
    if shown.finding is None:
        return words("where it can be solved is worked out with the next edition")
    found = where(words, shown.finding)
    return found[:1].lower() + found[1:]


def card(
    words: Words,
    shown: Shown,
    *,
    command: str,
    confirmed: bool = False,
    own: bool = False,
    whole: bool = False,
    voting: bool = True,
) -> list[dict[str, Any]]:
    """All that may be read of a problem; `whole` in a form, else cut to a message's room.

    confirmed: the reader has said that it hits them. own: the reader raised it. voting: what a reader can say
    of it is offered; not in a steward's own form.
    """
    parts = [
        (words("What it makes hard"), shown.hardship),
        (words("Tried before"), shown.tried),
        (words("A fix must not"), shown.guardrails),
        (_closed(words, shown), shown.closing or ""),
    ]
    blocks = [t.section(f"*{name_of(words, shown)}*"), *_merges(words, shown, whole=whole)]
    for title, said in parts:
        blocks += _part(title, said, whole=whole)
    blocks += _replies(words, shown, whole=whole)
    if shown.taken_down:
        blocks.append(t.section(_withheld(words)))
    else:
        blocks.append(t.section(words("*Where this can be solved*") + "\n" + _solved(words, shown)))
    done = lines(words, shown.done)
    if done:
        blocks.append(t.section("\n".join(done)))
    because = t.escaped(shown.overruled_because or "")
    if whole and len(because) > SENTENCE:
        blocks += _part(words("The stewards' sentence"), shown.overruled_because or "", whole=True)
    blocks.append(t.context("\n".join(_about(words, shown))))
    elements = actions(words, shown, confirmed=confirmed, own=own) if voting else []
    if not whole and _is_cut(shown):
        blocks.append(t.context(words("Shortened here; *Details* shows all of it.")))
        elements.insert(1 if elements else 0, details(words, shown))
    if elements:
        blocks.append(t.buttons(*elements))
    elif shown.state == State.CLOSED.value and not shown.merged:
        blocks.append(
            t.context(
                words(
                    "Still in your way? Raise it again with `{command}`: that counts as coming back.",
                    command=command,
                )
            )
        )
    return blocks


def _merges(words: Words, shown: Shown, *, whole: bool) -> list[dict[str, Any]]:
    """Where it goes on, and what goes on in it."""
    blocks = []
    if shown.goes_on is not None:
        said = words("*This goes on as:* {name}", name=name_of(words, shown.goes_on, most=400))
        blocks.append(t.section(said, accessory=details(words, shown.goes_on)))
    most = _MERGED if whole else _MERGED_IN_MESSAGE
    for each in shown.also[:most]:
        said = words("*Raised like this as well:* {name}", name=name_of(words, each, most=400))
        blocks.append(t.section(said, accessory=details(words, each)))
    if len(shown.also) > most:
        blocks.append(t.context(words.many("{n} more like it.", "{n} more like it.", len(shown.also) - most)))
    return blocks


def _closed(words: Words, shown: Shown) -> str:
    return words("Why it goes on in another one") if shown.merged else words("Closed by the stewards")


def card_text(words: Words, shown: Shown) -> str:
    """The card as a message's top-level text, in the order of its blocks: all of it that fits, in plain words."""

    def part(what: str, said: str) -> str:
        return words("{what}: {said}", what=what, said=said)

    # What must stand comes with a 0; of the rest the lower figure is kept first where there is little room.
    stands = _withheld(words, marked=False) if shown.taken_down else _solved(words, shown, marked=False)
    lasting = [(0, said) for said in (stands, *lines(words, shown.done, marked=False), *_about(words, shown))]
    title = name_of(words, shown)
    room = t.TEXT - len(title) - sum(len(said) + 1 for _, said in lasting) - 1
    said = [(0, title)]
    if shown.goes_on is not None:
        said.append((1, part(words("This goes on as"), name_of(words, shown.goes_on, most=400))))
    said += [
        (3, part(words("Raised like this as well"), name_of(words, each, most=400)))
        for each in shown.also[:_MERGED_IN_MESSAGE]
    ]
    said.append((1, t.cut_escaped(shown.hardship, max(0, min(_TEXT, room)))))
    said += [
        (2, part(what, t.cut_escaped(text, 500)))
        for what, text in (
            (words("Tried before"), shown.tried),
            (words("A fix must not"), shown.guardrails),
            (_closed(words, shown), shown.closing or ""),
        )
        if text
    ]
    said += [
        (3, part(_says(words, name), t.cut_escaped(reply, _REPLY)))
        for name, reply in shown.beside[:_REPLIES_IN_MESSAGE]
    ]
    said += [
        (3, _early(words, t.cut_escaped(sentence, _REPLY), marked=False)) for sentence in shown.early[:2]
    ]
    return "\n".join(_fitting([*said, *lasting]))


def _fitting(said: Sequence[tuple[int, str]]) -> list[str]:
    """As many of these lines as a message's text has room for, the lowest figures first, in their order."""
    room, kept = t.TEXT, set()
    for at in sorted(range(len(said)), key=lambda each: said[each][0]):
        size = len(said[at][1]) + 1
        if size > 1 and size <= room:
            kept.add(at)
            room -= size
    return [line for at, (_, line) in enumerate(said) if at in kept]


def actions(
    words: Words, shown: Shown, *, confirmed: bool = False, own: bool = False
) -> list[dict[str, Any]]:
    """The buttons that fit this problem and this reader."""
    if not shown.open:
        return []
    made = []
    if not own and (not confirmed or shown.state == State.RESTING.value):  # saying it again wakes what rests
        made.append(hits_us(words, shown, style="primary"))
    if confirmed:
        made.append(take_back(words, shown))
    # Before anything is worked out nothing can be wrong with it.
    ask = words("Not right?") if shown.finding is not None else words("Who would have to change?")
    made.append(_button(ask, NOT_RIGHT, shown, reads=words("Say who would have to change")))
    if shown.published:
        made.append(we_help(words, shown))
    return made


def we_help(words: Words, shown: Shown) -> dict[str, Any]:
    return _button(words("We can help"), WE_HELP, shown)


def hits_us(words: Words, shown: Shown, *, style: str | None = None) -> dict[str, Any]:
    return _button(words("Hits us too"), HITS_US, shown, style=style)


def take_back(words: Words, shown: Shown) -> dict[str, Any]:
    return _button(words("Take it back"), TAKE_BACK, shown, reads=words("Take back that it hits us"))


def details(words: Words, shown: Shown | Named) -> dict[str, Any]:
    return _button(words("Details"), DETAILS, shown)


def points_at_me(words: Words, shown: Shown) -> dict[str, Any]:
    """Whoever is pointed at can have the words taken down at once."""
    return _button(words("This points at me"), POINTS_AT_ME, shown)


def _button(
    said: str, action: str, shown: Shown | Named, *, reads: str = "", style: str | None = None
) -> dict[str, Any]:
    """`reads` is what a screen reader says instead; the problem's title follows it."""
    label = f"{reads or said}: {t.one_line(shown.title)}"
    return t.button(said, f"{action}:{shown.id}", str(shown.id), style=style, label=label)


def _part(title: str, said: str, *, whole: bool) -> list[dict[str, Any]]:
    if not said.strip():
        return []
    if not whole:
        return [t.section(f"*{title}*\n{t.cut_escaped(said.strip(), _TEXT)}")]
    first, *others = t.pieces(said, t.SECTION - len(title) - 3)
    return [t.section(f"*{title}*\n{first}"), *[t.section(piece) for piece in others]]


def _replies(words: Words, shown: Shown, *, whole: bool) -> list[dict[str, Any]]:
    """What asked teams say, and why two stewards did not wait for them."""
    blocks = []
    for name, reply in shown.beside[: _REPLIES if whole else _REPLIES_IN_MESSAGE]:
        head = f"*{_says(words, name)}*"
        said = t.cut_escaped(reply, t.SECTION - len(head) - 1 if whole else _REPLY)
        blocks.append(t.section(f"{head}\n{said}"))
    if whole and len(shown.beside) > _REPLIES:
        rest = len(shown.beside) - _REPLIES
        blocks.append(t.context(words.many("{n} more team answered.", "{n} more teams answered.", rest)))
    for sentence in shown.early[:2]:
        blocks.append(t.section(_early(words, t.cut_escaped(sentence, 2000 if whole else _REPLY))))
    return blocks


def _early(words: Words, said: str, *, marked: bool = True) -> str:
    head = words("Published before asked teams had all their time.")
    return words("{head} A steward: {said}", head=f"*{head}*" if marked else head, said=said)


def _says(words: Words, team: str) -> str:
    return words("What {team} says", team=t.cut_escaped(t.one_line(team), 300))


def _withheld(words: Words, *, marked: bool = True) -> str:
    head = words("Taken down.")
    said = words("A second steward looks at the words: they come back, or they are destroyed.")
    return words("{head} {said}", head=f"*{head}*" if marked else head, said=said)


def _is_cut(shown: Shown) -> bool:
    if len(shown.beside) > _REPLIES_IN_MESSAGE:
        return True
    if any(len(t.escaped(said)) > _REPLY for said in (*[reply for _, reply in shown.beside], *shown.early)):
        return True
    texts: Sequence[str] = (shown.hardship, shown.tried, shown.guardrails, shown.closing or "")
    if len(t.escaped(shown.overruled_because or "")) > SENTENCE:
        return True
    return any(len(t.escaped(text.strip())) > _TEXT for text in texts)


def _solved(words: Words, shown: Shown, *, marked: bool = True) -> str:
    if shown.finding is not None:
        return explanation(words, shown.finding, shown.overruled_because, marked=marked)
    if shown.published:
        said = words("That is worked out with the next edition, from what people say until then.")
    else:
        said = words("That is worked out once it is published.")
    return said if marked else words("{what}: {said}", what=words("Where this can be solved"), said=said)


def people(words: Words, finding: Finding) -> str:
    """How many people say that it hits them, as finely as anybody is told."""
    return words(_PEOPLE[finding.band])


def _about(words: Words, shown: Shown) -> list[str]:
    """How many it hits, whose label it bears, and who can read it."""
    said = []
    if shown.finding is not None:
        said.append(words("{people} (As of the last edition.)", people=words(_PEOPLE[shown.finding.band])))
    if shown.label:
        said.append(words("Label: {label}.", label=t.cut_escaped(t.one_line(shown.label), 200)))
    mention = t.person(shown.name or "")
    if mention:
        said.append(words("Raised by {person}, who chose to say so.", person=mention))
    if shown.permalink and _LINK.fullmatch(shown.permalink):
        said.append(words("From <{link}|this message>.", link=shown.permalink))
    if shown.published or (shown.taken_down and shown.number is not None):
        said.append(words("Everybody in this workspace can read this."))
    elif shown.state == State.ASKED.value:
        said.append(
            words("The stewards, whoever raised it and those who answer for an asked team can read this.")
        )
    else:
        said.append(words("The stewards and whoever raised it can read this, and nobody else."))
    return said
