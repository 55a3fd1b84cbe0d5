"""What the look at the words found, with a kinder wording beside it; it never stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.core.problems.check_rules import Kind, Mark
from bot.core.problems.wording import Wording
from bot.slack import text as t
from bot.slack.raising import fields, twin_views
from bot.slack.raising.carried import Carried, fits, packed
from bot.slack.raising.checking import Seen
from bot.slack.raising.fields import plain
from bot.slack.raising.given import Given
from bot.slack.raising.views import fitting, preview
from bot.slack.shown import Shown
from bot.words import Words, mark

USE, EDIT, AS_IT_IS = "raise.use_these", "raise.edit", "raise.as_it_is"
#: Places that are shown one by one, and characters of each.
_PLACES, _QUOTED = 12, 240
#: Bytes that the preview may take.
_PREVIEW = 100_000
_NUMBERS: Final = {2: mark("two"), 3: mark("three"), 4: mark("four"), 5: mark("five")}
#: What is said of a place for which there is no other wording.
_WITHOUT_OFFER: Final = {
    Kind.PERSON: mark("*“{said}”* may point at somebody. What happens, whoever does it?"),
    Kind.BLAME: mark("*“{said}”* may read as blame. What makes it hard for them?"),
    Kind.RAISER: mark("*“{said}”* may lead to you. Could it do without?"),
}


def found(
    words: Words, form: Given, seen: Seen, twins: Sequence[Shown] = (), *, noted: str = ""
) -> dict[str, Any]:
    """Problems that may be the same, what was found in the words, what others would read, and the ways on.

    The words travel with the form where Slack carries them, else they stand below in fields of their own.
    """
    carried = Carried(form.tag, form.carried.receipt, form.choices, form.texts, seen.name)
    whole = fits(carried)
    if not whole:
        carried = replace(carried, texts=None)
    as_sent = form.saying(seen.offered).wording
    head = words("*What others would read then*") if seen.offers else words("*What others would read*")
    blocks = twin_views.asked(words, twins, anonymous=form.anonymous, noted=noted)
    if seen:
        blocks += [t.section(summary(words, seen)), *places(words, seen), {"type": "divider"}]
    blocks.append(t.section(head))
    whole_preview = preview(_readable(as_sent))
    shown = fitting(whole_preview, _PREVIEW)
    blocks += shown
    if len(shown) < len(whole_preview):
        blocks.append(t.context(words("And so on: the rest is too long to be shown here.")))
    ways = [t.button(words("Use these"), USE, "use", style="primary")] if seen.offers else []
    as_it_is = words("Send mine as it is") if twins else words("Send as it is")
    ways += [t.button(words("Edit"), EDIT, "edit"), t.button(as_it_is, AS_IT_IS, "send")]
    blocks.append(t.buttons(*ways, block="ways"))
    if not whole:
        blocks += _own_words(words, form, seen.name)
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": AS_IT_IS,
        "private_metadata": packed(carried),
        "title": plain(words("Before it is sent"), t.MODAL_TITLE),
        "close": plain(words("Cancel"), t.MODAL_TITLE),
        "blocks": blocks,
    }
    if not whole:  # Slack asks for it wherever there are fields
        view["submit"] = plain(as_it_is, t.MODAL_TITLE)
    return view


def summary(words: Words, seen: Seen) -> str:
    """How many places might point at whom, in a sentence or two."""
    said = []
    clauses = _clauses(words, {kind: seen.found.of(kind) for kind in Kind})
    if clauses:
        made = clauses[0]
        for at, clause in enumerate(clauses[1:], start=2):
            join = mark("{one}, and {another}") if at == len(clauses) else mark("{one}, {another}")
            made = words(join, one=made, another=clause)
        said.append(_capital(words("{sentence}.", sentence=made)))
    if seen.own_team is not None:
        said.append(
            words(
                "You named {team}, your own team, among those that would have to change: "
                "together with the rest, that may point at you.",
                team=t.cut_escaped(seen.own_team, 200),
            )
        )
    return "\n".join([*said, words("Nothing is sent yet, and whether to change anything is up to you.")])


def _clauses(words: Words, counts: Mapping[Kind, int]) -> list[str]:
    person, raiser, blame = counts[Kind.PERSON], counts[Kind.RAISER], counts[Kind.BLAME]
    made = []
    if person:
        made.append(
            words.many(
                "one place might point at a person",
                "{count} places might point at a person",
                person,
                count=_number(words, person),
            )
        )
    if raiser and person:
        made.append(words.many("one at you", "{count} at you", raiser, count=_number(words, raiser)))
    elif raiser:
        made.append(
            words.many(
                "one place might point at you",
                "{count} places might point at you",
                raiser,
                count=_number(words, raiser),
            )
        )
    if blame and made:
        made.append(
            words.many(
                "one might read as blame",
                "{count} might read as blame",
                blame,
                count=_number(words, blame),
            )
        )
    elif blame:
        made.append(
            words.many(
                "one place might read as blame",
                "{count} places might read as blame",
                blame,
                count=_number(words, blame),
            )
        )
    return made


def places(words: Words, seen: Seen) -> list[dict[str, Any]]:
    """Each place with what could stand there instead."""
    lines: list[str] = []
    for block, marks in seen.found.marks.items():
        for each in marks:
            line = _place(words, seen.texts[block][each.start : each.end], each)
            if line not in lines:
                lines.append(line)
    blocks = [t.section(line) for line in lines[:_PLACES]]
    if len(lines) > _PLACES:
        more = words.many(
            "One more is like these; what others would read is below.",
            "{n} more are like these; what others would read is below.",
            len(lines) - _PLACES,
        )
        blocks.append(t.context(more))
    return blocks


def _place(words: Words, said: str, each: Mark) -> str:
    quoted = t.cut_escaped(t.one_line(said), _QUOTED)
    if each.offer is None:
        return words(_WITHOUT_OFFER[each.kind], said=quoted)
    if not each.offer.strip():
        return words("*“{said}”* could go.", said=quoted)
    return words(
        "*“{said}”* could read *“{offer}”*.",
        said=quoted,
        offer=t.cut_escaped(t.one_line(each.offer), _QUOTED),
    )


def _own_words(words: Words, form: Given, name: str) -> list[dict[str, Any]]:
    """The words in fields whose blocks have new names: Slack then shows what it is given, and brings it back."""
    said = form.wording
    blocks = [
        {"type": "divider"},
        t.context(
            words("Your words are too long to be kept by the buttons, so they stand here as you wrote them.")
        ),
        fields.line(words, f"{fields.TITLE}.{name}", initial=said.title),
        fields.hardship(words, f"{fields.HARDSHIP}.{name}", initial=said.hardship),
    ]
    if said.tried:
        blocks.append(fields.tried(words, f"{fields.TRIED}.{name}", initial=said.tried))
    if said.guardrails:
        blocks.append(fields.guardrails(words, f"{fields.GUARDRAILS}.{name}", initial=said.guardrails))
    return blocks


def _readable(wording: Wording) -> Wording:
    """As it will be stored, as far as that can be said before it is checked."""
    return replace(
        wording,
        title=" ".join(wording.title.split()),
        hardship=wording.hardship.strip(),
        tried=wording.tried.strip(),
        guardrails=wording.guardrails.strip(),
    )


def _number(words: Words, n: int) -> str:
    return words(_NUMBERS[n]) if n in _NUMBERS else str(n)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
