"""What a person sees after "hits us too", what there is to add, and the inputs behind "Not right?"."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.problems.rules import Mechanism, Ownership
from bot.slack import cards, explaining
from bot.slack import text as t
from bot.slack.desk.views import look_as_steward
from bot.slack.joining import together
from bot.slack.shown import Shown
from bot.words import Words, mark

Said = tuple[str, list[dict[str, Any]]]

#: Buttons: an answer to "could your team fix its part alone?", room for more, which team it counts for.
WHY: Final = "confirm.why"
MORE: Final = "confirm.more"
TEAM: Final = "confirm.team"
#: Forms, by their callback.
NOTED: Final = "confirm.noted"
DETAILS_FORM: Final = "problem.details"
MORE_FORM: Final = "confirm.more"
TEAM_FORM: Final = "confirm.team"
NOT_RIGHT_FORM: Final = "problem.not_right"
#: Blocks of these forms.
HOURS: Final = "hours"
ALONE: Final = "alone"
WOULD_HELP: Final = "would_help"
COUNTS_FOR: Final = "counts_for"
NEEDED_FROM: Final = "needed_from"
OWNED: Final = "owned"
#: Most characters of "what would help".
HELP_MOST: Final = 1000
# A form may have 250,000 bytes; this much of it is for teams.
_TEAM_BYTES: Final = 150_000
CANT_SAY: Final = "cant_say"

ANSWERS: Final = {
    Mechanism.INCENTIVE: mark("Yes, but it isn't worth it for us"),
    Mechanism.AUTHORITY: mark("No, it needs a decision above us"),
    Mechanism.COMMONS: mark("It's shared, we all use it up"),
    Mechanism.OWNERSHIP: mark("Nobody owns it"),
    Mechanism.COUPLING: mark("Only together with others"),
}
WEEKLY: Final = {
    "0-1": (mark("under 1 hour"), (0.0, 1.0)),
    "1-3": (mark("1 to 3 hours"), (1.0, 3.0)),
    "3-8": (mark("3 to 8 hours"), (3.0, 8.0)),
    "8-20": (mark("8 to 20 hours"), (8.0, 20.0)),
    "20-40": (mark("20 to 40 hours"), (20.0, 40.0)),
    "40-60": (mark("more than 40 hours"), (40.0, 60.0)),
}
WHOSE: Final = {
    Ownership.ONE_TEAM: mark("One team's, and it could change it"),
    Ownership.ONE_BUT_CANNOT: mark("One team's, but it can't change it alone"),
    Ownership.CONTESTED: mark("Teams see it differently"),
    Ownership.NOBODY: mark("Nobody's"),
}
_CHANGES: Final = {
    "monday": mark("What others see changes with Monday's edition."),
    "tuesday": mark("What others see changes with Tuesday's edition."),
    "wednesday": mark("What others see changes with Wednesday's edition."),
    "thursday": mark("What others see changes with Thursday's edition."),
    "friday": mark("What others see changes with Friday's edition."),
    "saturday": mark("What others see changes with Saturday's edition."),
    "sunday": mark("What others see changes with Sunday's edition."),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody's "hits us too" counts for.

    team: its name, None for somebody without one. trusted: a user group or the list says so. others: there are
    other teams to pick from. again: it stood already.
    """

    team: str | None
    trusted: bool
    others: bool
    again: bool = False


# After "hits us too"


def noted(words: Words, shown: Shown, counted: Counted, *, day: str) -> Said:
    """The person's own acknowledgement; `day` is the weekday of the edition, in English."""
    lines = [_noted(words, counted), words(_CHANGES[day])]
    if counted.team and not counted.trusted and not counted.again:
        lines.append(
            words(
                "Since the team is your own word, it counts for how widely this is felt, and for nothing else."
            )
        )
    ask = words("If you have ten seconds: could your team fix its part alone?")
    answers = [
        t.button(
            words(text),
            f"{WHY}:{mechanism.value}",
            f"{shown.id}:{mechanism.value}",
        )
        for mechanism, text in ANSWERS.items()
    ]
    elements = [
        t.button(
            words("Say more"), MORE, str(shown.id), label=words("Say what it costs and what would help")
        ),
        cards.take_back(words, shown),
    ]
    if counted.others:
        which = words("Count for another team") if counted.team else words("Say which team you are in")
        elements.append(t.button(which, TEAM, str(shown.id)))
    title = cards.name_of(words, shown)
    first = together(words, *lines)
    blocks = [
        t.context(title),
        t.section(first),
        t.section(ask),
        t.buttons(*answers),
        t.buttons(*elements),
    ]
    text = "\n".join([title, first, ask, *[words(answer) for answer in ANSWERS.values()]])
    return text, blocks


def _noted(words: Words, counted: Counted) -> str:
    team = t.cut_escaped(t.one_line(counted.team or ""), 400)
    if counted.again:
        # Not for which team: that was taken when it was said, and may be another one today.
        return words("You have said so already, and it counts once.")
    if team:
        return words("Noted for {team}.", team=team)
    return words("Noted, for you as a person: no team is known for you here.")


def taken_back(words: Words, shown: Shown, *, day: str) -> Said:
    """After the undo; with the way back."""
    said = words(
        "Taken back. {when} If you added hours or an answer, that stays without your name.",
        when=words(_CHANGES[day]),
    )
    title = cards.name_of(words, shown)
    return f"{title}\n{said}", [
        t.context(title),
        t.section(said),
        t.buttons(cards.hits_us(words, shown)),
    ]


def as_form(words: Words, said: Said) -> dict[str, Any]:
    """The same in a form."""
    return _form(words, words("Hits us too"), NOTED, said[1])


# What there is to add


def more_form(words: Words, shown: Shown, *, told: Mechanism | None, kept: bool) -> dict[str, Any]:
    """Hours, why it stays and what would help, all optional; `kept` where an answer was just kept."""
    said = words("Kept. Two more, if you like:") if kept else words("All of it is optional.")
    hours = [_option(words(text), value) for value, (text, _) in WEEKLY.items()]
    hours.append(_option(words("I can't say"), CANT_SAY))
    blocks = [
        t.context(cards.name_of(words, shown)),
        t.section(said),
        _input(
            words("About how many hours a week does it cost you?"),
            HOURS,
            {"type": "static_select", "action_id": HOURS, "options": hours},
            hint=words("You alone: others add theirs. It is public only as a range, from three answers on."),
        ),
        _input(
            words("What would help?"),
            WOULD_HELP,
            {
                "type": "plain_text_input",
                "action_id": WOULD_HELP,
                "multiline": True,
                "max_length": HELP_MOST,
            },
            hint=words("The stewards read it, with your function and without your name."),
        ),
        _input(
            words("Could your team fix its part alone?"),
            ALONE,
            _picked_first(
                {"type": "radio_buttons", "action_id": ALONE},
                [_option(words(text), mechanism.value) for mechanism, text in ANSWERS.items()],
                told.value if told else None,
            ),
        ),
    ]
    return _form(words, words("Hits us too"), MORE_FORM, blocks, submit=words("Send"), ident=shown.id)


def counts(words: Words, team: str | None, *, trusted: bool) -> str:
    """After somebody has said which team to count for."""
    name = t.cut_escaped(t.one_line(team or ""), 400)
    if trusted:
        return words("It counts for {team} now, and so will what you say from now on.", team=name)
    return words(
        "It counts for {team} now, and so will what you say from now on: for how widely something is felt, and "
        "for nothing else.",
        team=name,
    )


def thanks(words: Words, *, day: str) -> str:
    return words("Thank you, it is kept. {when}", when=words(_CHANGES[day]))


# Which team


def team_form(
    words: Words, ident: int, groups: Sequence[Mapping[str, Any]], *, trusted: bool
) -> dict[str, Any]:
    """Which team a person counts for; `trusted` where only teams are offered that vouch for the person."""
    fitting, whole = _fitting(groups)
    if trusted:
        said = words("You are in several teams. One of them counts, here and from now on.")
    else:
        said = words(
            "Nobody else vouches for this, so it counts for how widely something is felt and for nothing "
            "else. Without a team you count as a person."
        )
    blocks = [t.section(said)]
    if not fitting:
        none = words("No teams are known yet. The stewards set them up from user groups or a list.")
        return _form(words, words("Your team"), NOTED, [t.section(none)])
    blocks.append(
        _input(
            words("Which team should you count for?"),
            COUNTS_FOR,
            {"type": "static_select", "action_id": COUNTS_FOR, "option_groups": fitting},
            optional=False,
        )
    )
    if not whole:
        blocks.append(t.context(words("There are more teams than fit here.")))
    return _form(words, words("Your team"), TEAM_FORM, blocks, submit=words("Keep this"), ident=ident)


# Details, and what lies behind the line


def details_form(
    words: Words,
    shown: Shown,
    *,
    command: str,
    confirmed: bool,
    own: bool,
    steward: bool = False,
    about: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """All that may be read of a problem; a steward gets from here to what stewards can do.

    about: what stands there for this reader alone, whose team would have to change something.
    """
    blocks = cards.card(words, shown, command=command, confirmed=confirmed, own=own, whole=True)
    more = [cards.points_at_me(words, shown)] if shown.published else []
    if steward:
        more.append(look_as_steward(words, shown.id))
    if more:
        blocks.append(t.buttons(*more))
    blocks = [*blocks, *about][: t.MODAL_BLOCKS]
    return _form(words, words("Details"), DETAILS_FORM, blocks)


def not_right_form(words: Words, shown: Shown, groups: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The inputs that a reader may set right: who would have to change, and whose it is. Never the result."""
    said = words(
        "Where a problem can be solved is worked out from what people say of it. Your word goes beside the "
        "others': nobody sees whose it was."
    )
    blocks = [t.context(cards.name_of(words, shown))]
    if shown.finding is not None:
        blocks.append(t.section(explaining.explanation(words, shown.finding, shown.overruled_because)))
    blocks.append(t.section(said))
    fitting, whole = _fitting(groups)
    if fitting:
        blocks.append(
            _input(
                words("Which teams would have to change something to end it?"),
                NEEDED_FROM,
                {"type": "multi_static_select", "action_id": NEEDED_FROM, "option_groups": fitting},
                hint=words("Leave it empty if you don't know. Yours may be among them."),
            )
        )
        if not whole:
            blocks.append(t.context(words("There are more teams than fit here.")))
    whose = [_option(words(text), ownership.value) for ownership, text in WHOSE.items()]
    whose.append(_option(words("I don't know"), CANT_SAY))
    blocks.append(
        _input(
            words("Whose is it?"),
            OWNED,
            {"type": "radio_buttons", "action_id": OWNED, "options": whose},
        )
    )
    title = words("Not right?") if shown.finding is not None else words("Who would change it?")
    return _form(words, title, NOT_RIGHT_FORM, blocks, submit=words("Send"), ident=shown.id)


def answered(words: Words, *, day: str) -> str:
    return words(
        "Thank you. Where this can be solved is worked out again from what everybody said. {when}",
        when=words(_CHANGES[day]),
    )


# What forms are made of


def _form(
    words: Words,
    title: str,
    callback: str,
    blocks: Sequence[dict[str, Any]],
    *,
    submit: str = "",
    ident: int | None = None,
) -> dict[str, Any]:
    form: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title, t.MODAL_TITLE),
        "close": _plain(words("Close"), t.MODAL_TITLE),
        "blocks": list(blocks),
    }
    if submit:
        form["submit"] = _plain(submit, t.MODAL_TITLE)
    if ident is not None:
        form["private_metadata"] = json.dumps({"problem": str(ident)})
    return form


def _input(
    label: str, block: str, element: dict[str, Any], *, hint: str = "", optional: bool = True
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "input",
        "block_id": block,
        "label": _plain(label, 2000),
        "optional": optional,
        "element": element,
    }
    if hint:
        made["hint"] = _plain(hint, 2000)
    return made


def _picked_first(
    element: dict[str, Any], options: list[dict[str, Any]], value: str | None
) -> dict[str, Any]:
    chosen = [option for option in options if option["value"] == value]
    return {**element, "options": options, **({"initial_option": chosen[0]} if chosen else {})}


def _option(text: str, value: str) -> dict[str, Any]:
    return {"text": _plain(text, t.OPTION_TEXT), "value": value}


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": t.cut(t.plain(text), most), "emoji": False}


def _fitting(groups: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """The groups of teams as far as a form has room, and whether all of them had."""
    made: list[dict[str, Any]] = []
    size = 0
    for group in groups[:100]:
        options: list[Any] = []
        for option in group["options"]:
            if not option["text"]["text"].strip():
                continue
            size += len(json.dumps(option)) + 2
            if size > _TEAM_BYTES:
                return [*made, {**group, "options": options}] if options else made, False
            options.append(option)
        if options:
            made.append({**group, "options": options})
    return made, len(groups) <= 100
