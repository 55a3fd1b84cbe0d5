"""The forms of stewards' acts, each asking the few things that it needs; and what came back from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.problems.rules import Verdict
from bot.core.problems.standing_rules import Ending
from bot.core.problems.wording import TEXT_MOST, TITLE_MOST, Wording
from bot.core.refusal import Refusal
from bot.core.replies.right_of_reply import DAYS, DAYS_MOST
from bot.slack import text as t
from bot.slack.desk import views
from bot.slack.desk.look_views import questions
from bot.slack.desk.step_views import ENDINGS
from bot.slack.desk.step_views import read_ending as ending_of
from bot.slack.fields import field, form, given, option, picked, text_input, typed
from bot.words import Words

SENTENCE = "sentence"
TITLE, HARDSHIP, TRIED, GUARDRAILS = "title", "hardship", "tried", "guardrails"
TEAMS, DAYS_IN_ALL, ENDING = "teams", "days", "ending"


@dataclass(frozen=True, slots=True)
class Askable:
    """A team that may be asked. contact: somebody answers for it. asked: it was asked already."""

    id: int
    name: str
    contact: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a form holds when it is opened. stood: how it stood then, to come back with the form.

    changed: what happened since it was first opened, where that is why it is shown again.
    """

    stood: str = ""
    sentence: str = ""
    ending: Ending | None = None
    verdict: Verdict | None = None
    changed: Sequence[str] = ()

    def metadata(self, ident: int) -> str:
        return f"{ident}|{self.stood}" if self.stood else str(ident)

    def above(self) -> list[dict[str, Any]]:
        return [t.section(said) for said in self.changed]


NOTHING_HELD: Final = Held()


def sentence_form(words: Words, act: str, ident: int, held: Held = NOTHING_HELD) -> dict[str, Any]:
    """The form of an act that needs a sentence."""
    title, ask, hint = {
        views.CLOSE: (
            words("Close"),
            words("What do you say back?"),
            words(
                "Everybody who can read the problem reads this sentence. Closing destroys what could tell whom it hits."
            ),
        ),
        views.HOLD: (
            words("Keep it out"),
            words("Why not in the next edition?"),
            words("Stewards read this reason."),
        ),
        views.EARLY: (
            words("Publish early"),
            words("Why can't it wait?"),
            words(
                "Everybody reads this sentence. It takes a second steward with another one; then it is published."
            ),
        ),
        views.TAKE_DOWN: (
            words("Take it down now"),
            words("What should everybody read in its place?"),
            words(
                "One line. The words are gone from everywhere at once, posted editions too; "
                "a second steward looks at them."
            ),
        ),
    }[act]
    one_line = act == views.TAKE_DOWN
    ends = [_ending(words, held.ending)] if act == views.CLOSE else []
    asks = text_input(
        SENTENCE,
        ask,
        hint,
        most=TITLE_MOST if one_line else TEXT_MOST,
        lines=not one_line,
        initial=held.sentence,
    )
    blocks = [*held.above(), *ends, asks]
    return form(words, title, act, blocks, submit=words("Send"), metadata=held.metadata(ident))


def _ending(words: Words, chosen: Ending | None) -> dict[str, Any]:
    options = {ending: option(words(said), ending.value) for ending, said in ENDINGS.items()}
    pick = {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[chosen or Ending.OTHER],
    }
    return field(ENDING, words("How does it end?"), pick)


def ask_form(words: Words, ident: int, asked: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
    """A question to the raiser, under those that were asked before."""
    blocks = questions(words, asked)
    blocks.append(
        text_input(
            SENTENCE,
            words("What do you want to know?"),
            words(
                "I carry it to the raiser within a day, without a name on either side. Ask for what helps, never for "
                "who it was: "
                "the answer may take days, and may not come."
            ),
        )
    )
    return form(words, words("Ask the raiser"), views.ASK, blocks, submit=words("Send"), metadata=str(ident))


def propose_form(words: Words, ident: int, now: Wording) -> dict[str, Any]:
    """Other words for a problem, beginning with those that it has."""
    blocks = [
        t.section(
            words(
                "The raiser reads these words within a day and says yes or no. Until then no team is asked "
                "and nothing is published; on a no, the raiser's own words stand."
            )
        ),
        text_input(
            TITLE, words("The problem in one line"), "", most=TITLE_MOST, lines=False, initial=now.title
        ),
        text_input(HARDSHIP, words("What it makes hard"), "", initial=now.hardship),
        text_input(TRIED, words("Tried before"), "", initial=now.tried, optional=True),
        text_input(GUARDRAILS, words("A fix must not"), "", initial=now.guardrails, optional=True),
    ]
    return form(
        words, words("Propose other words"), views.PROPOSE, blocks, submit=words("Send"), metadata=str(ident)
    )


def teams_form(
    words: Words, ident: int, teams: Sequence[Askable], *, until: dt.datetime, running: bool
) -> dict[str, Any]:
    """Which teams to ask before others read; `running`: the one clock runs already, until then."""
    title = words("Ask the teams")
    if running:
        clock = words(
            "The clock runs until {date}. A team that you add now is heard as well, and holds nothing up.",
            date=t.date(until),
        )
    else:
        clock = words(
            "They have {usual} working days together, until {date}; you can give up to {most} in all. "
            "Until then nothing is published.",
            usual=DAYS,
            most=DAYS_MOST,
            date=t.date(until),
        )
    free = [team for team in teams if not team.asked]
    if not free:
        said = (
            words("Every team that is named was asked already.")
            if teams
            else words("Nobody is named yet. Say first who would have to change something.")
        )
        return form(words, title, views.ASK_TEAMS, [t.section(said)])
    options = [option(_team_text(words, team), str(team.id)) for team in free[:100]]
    pick: dict[str, Any] = {"type": "multi_static_select", "options": options}
    chosen = [made for made, team in zip(options, free, strict=False) if team.contact]
    if chosen:
        pick["initial_options"] = chosen
    blocks = [
        t.section(
            words(
                "Whoever answers for a team reads the problem in private, as somebody who can help: "
                "“What would make this easier from your side?” Its words will stand beside the problem."
            )
        ),
        field(TEAMS, words("Which teams would have to change something?"), pick),
        t.context(clock),
    ]
    if any(not team.contact for team in free):
        blocks.append(
            t.context(
                words(
                    "A team that nobody answers for can't reply; name somebody, or talk to the team yourself."
                )
            )
        )
    return form(words, title, views.ASK_TEAMS, blocks, submit=words("Ask them"), metadata=str(ident))


def _team_text(words: Words, team: Askable) -> str:
    name = t.one_line(team.name)
    return name if team.contact else words("{team} (nobody answers for it)", team=t.cut(name, 45))


def time_form(words: Words, ident: int) -> dict[str, Any]:
    """More time for the asked teams, in working days since the first one was asked."""
    options = [
        option(words.many("{n} working day in all", "{n} working days in all", days), str(days))
        for days in range(DAYS + 1, DAYS_MOST + 1)
    ]
    pick = {"type": "static_select", "options": options}
    blocks = [field(DAYS_IN_ALL, words("How long do the asked teams have?"), pick)]
    return form(
        words, words("Give more time"), views.MORE_TIME, blocks, submit=words("Send"), metadata=str(ident)
    )


def name_form(words: Words, person: str) -> dict[str, Any]:
    """Who raised it, once; the audit trail has it by now."""
    said = words(
        "Raised by {person}, who chose to show the name once it is published. "
        "That you looked is in the audit trail, with your name.",
        person=t.person(person),
    )
    return form(words, words("Who raised it"), views.NAME, [t.section(said)])


# What came back


def read_seen(view: Mapping[str, Any]) -> tuple[int, str]:
    """The problem that a form is about, and how it stood when the form was opened."""
    ident, _, seen = str(view.get("private_metadata")).partition("|")
    return views.read_ident(ident), seen[:80]


def read_since(seen: str) -> int | None:
    """Which act a form was opened after; None for a form of an older release."""
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 20 else None


def read_sentence(view: Mapping[str, Any]) -> str:
    return typed(view, SENTENCE)


def read_wording(view: Mapping[str, Any]) -> Wording:
    return Wording(typed(view, TITLE), typed(view, HARDSHIP), typed(view, TRIED), typed(view, GUARDRAILS))


def read_ending(view: Mapping[str, Any]) -> Ending:
    return ending_of(picked(view, ENDING))


def read_teams(view: Mapping[str, Any], block: str = TEAMS) -> frozenset[int]:
    picked = given(view, block).get("selected_options") or []
    return frozenset(views.read_ident(option.get("value")) for option in picked)


def read_days(view: Mapping[str, Any]) -> int:
    value = picked(view, DAYS_IN_ALL)
    if not (value.isascii() and value.isdigit() and len(value) < 3):
        raise Refusal("Please pick how many days.")
    return int(value)
