"""The forms in which stewards decide: four questions first, the rest folded below them; and what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.decisions.drafts import GAINS_MOST, PAYERS_MOST, Draft, Load
from bot.core.decisions.queries import Told
from bot.core.decisions.rules import FIRST_REVIEW, Door, Hours, hours_of
from bot.core.problems.wording import TEXT_MOST
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import field, form, given, option, picked, text_input, typed
from bot.words import Words

FORM, MORE = "decide.form", "decide.more"
END, KEEP, FOUND = "decide.end", "decide.keep", "decide.found"
SENTENCE, PAYERS, COST, STOP, REVIEW = "sentence", "payers", "cost", "stop", "review"
DOOR, OPTIONS, GAINS, SAVED, RAILS, CHECK, AGAINST = (
    *("door", "options", "gains", "saved", "guardrails", "check", "disagreement"),
)
_OF_PAYER: Final = ("what", "hours", "since", "until")
HELD: Final = "held"


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about, as it travels with it: a request, not proof. decision: 0 for a new one."""

    problem: int
    decision: int = 0
    version: int = 0
    seen: str = ""

    def packed(self) -> str:
        return f"{self.problem}|{self.decision}|{self.version}|{self.seen}"


def unpacked(value: object) -> About:
    parts = str(value).split("|")
    numbers = parts[:3]
    if len(parts) != 4 or not all(each.isascii() and each.isdigit() and len(each) < 20 for each in numbers):
        raise Refusal("This form can't be read any more. Please open it again from the desk.")
    problem, decision, version = (int(each) for each in numbers)
    return About(problem, decision, version, parts[3])


@dataclass(frozen=True, slots=True)
class Pick:
    """A team as a form names it."""

    team: int
    name: str


def decide_form(
    words: Words,
    about: About,
    groups: Sequence[Mapping[str, Any]],
    *,
    today: dt.date,
    told: Told | None = None,
    unfolded: Sequence[Pick] | None = None,
    review: dt.date | None = None,
) -> dict[str, Any]:
    """The form; `told` fills it with a decision that is changed, `unfolded` are the teams picked so far to pay.

    review: the day that was picked so far; Slack would put the first one back.
    """
    blocks = _first(words, groups, today, told, review)
    if told is not None:
        blocks += _rest(words, groups, [Pick(payer.team, payer.name) for payer in told.payers], today, told)
    elif unfolded is not None:
        blocks += _rest(words, groups, unfolded, today, None)
    else:
        blocks.append(
            t.section(
                words(
                    "_More, if you like:_ how hard it is to undo · what each team carries, and until when · who gains · "
                    "other ways that you considered · a fix must not ... · disagreement"
                ),
                accessory=t.button(
                    words("Add more"), MORE, "more", label=words("Add more fields to this form")
                ),
            )
        )
    title = words("Decide") if told is None else words("Change the decision")
    return form(words, title, FORM, blocks, submit=words("Send"), metadata=about.packed())


def _first(
    words: Words,
    groups: Sequence[Mapping[str, Any]],
    today: dt.date,
    told: Told | None,
    review: dt.date | None,
) -> list[dict[str, Any]]:
    blocks = [
        text_input(
            SENTENCE,
            words("What is tried?"),
            words("In one sentence, which everybody reads."),
            initial=told.sentence if told else "",
        )
    ]
    if groups:
        picks = [(payer.team, payer.name) for payer in told.payers] if told else []
        blocks.append(
            _teams(
                words("Who pays, so that others gain?"),
                PAYERS,
                groups,
                picks,
                most=PAYERS_MOST,
                hint=words("Teams that have extra work by it. They are named, and asked whether they agree."),
            )
        )
        blocks.append(
            text_input(
                COST,
                words("About how many hours a week does each of them carry?"),
                words('A figure or a range: "3", "2-4".'),
                most=20,
                lines=False,
                optional=True,
            )
        )
    stop = told.stop_rule if told else ""
    blocks.append(
        text_input(STOP, words("When does it stop?"), words("What would have to be seen."), initial=stop)
    )
    usual = told.review_on if told and told.review_on > today else today + FIRST_REVIEW
    day = review or usual
    blocks.append(
        _day(REVIEW, words("When is it looked at?"), day, hint=words("Those who pay are asked first."))
    )
    return blocks


def _rest(
    words: Words,
    groups: Sequence[Mapping[str, Any]],
    payers: Sequence[Pick],
    today: dt.date,
    told: Told | None,
) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if told is None:
        doors = [
            option(words("Easy to undo"), Door.TWO_WAY.value),
            option(words("Hard to undo: a second steward, and 5 working days to object"), Door.ONE_WAY.value),
        ]
        pick = {"type": "static_select", "options": doors, "initial_option": doors[0]}
        blocks.append(field(DOOR, words("How hard is it to undo?"), pick, optional=True))
    for payer in list(payers)[:PAYERS_MOST]:
        blocks += _payer(words, payer, today, told)
    if groups:
        gains = [(team, name) for team, name, _ in told.gains] if told else []
        blocks.append(_teams(words("Who gains?"), GAINS, groups, gains, most=GAINS_MOST, hint=""))
        each = next((hours_ for _, _, hours_ in told.gains if hours_ is not None), None) if told else None
        label = words("About how many hours a week does each of them save?")
        blocks.append(_hours(SAVED, label, each))
    checks = told.guardrails if told else ()
    blocks += [
        text_input(
            OPTIONS,
            words("What else did you consider?"),
            words("A line each. “Do nothing and watch” is always among them."),
            initial=told.options if told else "",
            optional=True,
        ),
        text_input(
            RAILS,
            words("A fix must not ..."),
            words("A line each."),
            initial="\n".join(check.line for check in checks),
            optional=True,
        ),
        _day(CHECK, words("When does somebody look whether it does?"), None, optional=True),
        text_input(
            AGAINST,
            words("Disagreement, in its own words"),
            "",
            initial=told.disagreement if told else "",
            optional=True,
        ),
    ]
    return blocks


def _payer(words: Words, payer: Pick, today: dt.date, told: Told | None) -> list[dict[str, Any]]:
    there = next((each for each in told.payers if each.team == payer.team), None) if told else None
    what, hours_, since, until = (f"{name}:{payer.team}" for name in _OF_PAYER)
    name = t.cut(t.plain(t.one_line(payer.name)), 60)
    return [
        text_input(
            what,
            words("What does {team} carry?", team=name),
            "",
            most=1000,
            initial=there.what if there else "",
            optional=True,
        ),
        _hours(hours_, words("{team}: hours a week", team=name), there.hours if there else None),
        _day(since, words("{team}: from", team=name), there.since if there else today, optional=True),
        _day(until, words("{team}: until", team=name), there.until if there else None, optional=True),
    ]


def _hours(block: str, label: str, initial: Hours | None) -> dict[str, Any]:
    said = ""
    if initial is not None:
        said = f"{initial.low:g}" if initial.one else f"{initial.low:g}-{initial.high:g}"
    return text_input(block, label, "", most=20, lines=False, initial=said, optional=True)


def _teams(
    label: str,
    block: str,
    groups: Sequence[Mapping[str, Any]],
    chosen: Sequence[tuple[int, str]],
    *,
    most: int,
    hint: str,
) -> dict[str, Any]:
    offered = {each["value"]: each for group in groups for each in group["options"]}
    pick: dict[str, Any] = {
        "type": "multi_static_select",
        "option_groups": list(groups),
        "max_selected_items": most,
    }
    initial = [offered[str(team)] for team, _ in chosen if str(team) in offered]
    if initial:
        pick["initial_options"] = initial
    made = field(block, label, pick, optional=True)
    if hint:
        made["hint"] = {"type": "plain_text", "text": hint, "emoji": False}
    return made


def _day(
    block: str, label: str, initial: dt.date | None, *, hint: str = "", optional: bool = False
) -> dict[str, Any]:
    pick: dict[str, Any] = {"type": "datepicker"}
    if initial is not None:
        pick["initial_date"] = initial.isoformat()
    made = field(block, label, pick, optional=optional)
    if hint:
        made["hint"] = {"type": "plain_text", "text": hint, "emoji": False}
    return made


def sentence_form(words: Words, act: str, about: About, *, today: dt.date) -> dict[str, Any]:
    """Why it ends, or why it goes on and until when."""
    hint = words("Everybody who can read the problem reads this sentence.")
    if act == END:
        asks = [text_input(SENTENCE, words("Why does it end?"), hint)]
        return form(words, words("End it"), END, asks, submit=words("Send"), metadata=about.packed())
    asks = [
        text_input(SENTENCE, words("Why does it go on?"), hint),
        _day(REVIEW, words("When is it looked at again?"), today + FIRST_REVIEW),
    ]
    return form(words, words("Keep it"), KEEP, asks, submit=words("Send"), metadata=about.packed())


def found_form(words: Words, about: About, line: str) -> dict[str, Any]:
    """What was found of one line that the fix must not cross; `about.decision` is that line's id."""
    held = [option(words("It held"), "yes"), option(words("It did not hold"), "no")]
    blocks = [
        t.section(words("*It must not* {line}", line=t.cut_escaped(line, 600))),
        field(HELD, words("Did it hold?"), {"type": "radio_buttons", "options": held}),
        text_input(
            SENTENCE, words("What did you find?"), words("Everybody who can read the problem reads it.")
        ),
    ]
    return form(words, words("What was found"), FOUND, blocks, submit=words("Send"), metadata=about.packed())


# What came back


def read_day(view: Mapping[str, Any], block: str) -> dt.date | None:
    said = str(given(view, block).get("selected_date") or "")
    try:
        return dt.date.fromisoformat(said) if said else None
    except ValueError:
        raise Refusal("That is no day. Please pick one from the calendar.") from None


def read_teams(view: Mapping[str, Any], block: str) -> list[int]:
    values = [str(each.get("value")) for each in given(view, block).get("selected_options") or []]
    if not all(each.isascii() and each.isdigit() and len(each) < 20 for each in values):
        raise Refusal("One of those teams can't be read. Please pick it again.")
    return [int(each) for each in values]


def read_hours(view: Mapping[str, Any], block: str) -> Hours | None:
    try:
        return hours_of(typed(view, block))
    except ValueError:
        raise Refusal('Please give hours a week as a figure or a range, such as "3" or "2-4".') from None


def hours_blocks(view: Mapping[str, Any]) -> list[str]:
    """Fields that hold hours, beside which a mistake is said."""
    return [COST, SAVED, *[f"hours:{team}" for team in read_teams(view, PAYERS)]]


def read_draft(view: Mapping[str, Any], *, today: dt.date) -> Draft:
    """What stewards put; days and ids are requests, the act checks them."""
    cost, saved = read_hours(view, COST), read_hours(view, SAVED)
    door = picked(view, DOOR)
    return Draft(
        sentence=typed(view, SENTENCE),
        stop_rule=typed(view, STOP),
        review_on=read_day(view, REVIEW) or today + FIRST_REVIEW,
        payers=tuple(
            Load(
                team,
                typed(view, f"what:{team}"),
                read_hours(view, f"hours:{team}") or cost,
                read_day(view, f"since:{team}"),
                read_day(view, f"until:{team}"),
            )
            for team in read_teams(view, PAYERS)
        ),
        door=Door.ONE_WAY if door == Door.ONE_WAY.value else Door.TWO_WAY,
        options=typed(view, OPTIONS),
        gains=tuple((team, saved) for team in read_teams(view, GAINS)),
        guardrails=tuple(typed(view, RAILS)[:TEXT_MOST].splitlines()),
        check_on=read_day(view, CHECK),
        disagreement=typed(view, AGAINST),
    )


def read_held(view: Mapping[str, Any]) -> bool:
    value = picked(view, HELD)
    if value not in ("yes", "no"):
        raise Refusal("Please pick whether it held.")
    return value == "yes"
