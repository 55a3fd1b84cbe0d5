"""What the raiser of a closed problem is asked: does that settle it, does it still hold, what did raising it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.problems.records import Problem, State
from bot.core.problems.standing_rules import Ending, Outcome
from bot.core.problems.wording import TEXT_MOST
from bot.core.refusal import Refusal
from bot.core.replies.outcomes import Cost
from bot.slack import text as t
from bot.slack.fields import field, option, picked, text_input, typed
from bot.words import Words, mark

ENDED = "receipt.ended"
OUTCOME, WHY, HOLDS, COST = "outcome", "why", "holds", "cost"
_OUTCOMES: Final = {
    Outcome.CONFIRMED: mark("Yes"),
    Outcome.PARTLY: mark("In part"),
    Outcome.DENIED: mark("No"),
}
_HOLDS: Final = {"yes": mark("Yes, it still holds"), "no": mark("No, it is back")}
_COSTS: Final = {Cost.NO: mark("No"), Cost.LITTLE: mark("A little"), Cost.YES: mark("Yes")}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a raiser says after closing; None for what was not answered."""

    outcome: Outcome | None = None
    why: str = ""
    holds: bool | None = None
    cost: Cost | None = None


def is_asked(problem: Problem) -> bool:
    """Whether the raiser is asked anything about how it ended."""
    goes_on = problem.ending == Ending.MERGED.value and problem.closed_week is None
    return problem.state == State.CLOSED.value and not goes_on


def ending_blocks(words: Words, problem: Problem) -> list[dict[str, Any]]:
    """The questions, the newest first; each may be left open."""
    blocks: list[dict[str, Any]] = []
    if problem.asked_holds and problem.holds is None and problem.ending == Ending.SOLVED.value:
        options = {key: option(words(said), key) for key, said in _HOLDS.items()}
        blocks.append(_radio(HOLDS, words("About a month has passed. Does it still hold?"), options))
    if problem.asked_cost and not problem.said_cost:
        options = {cost.value: option(words(said), cost.value) for cost, said in _COSTS.items()}
        blocks.append(_radio(COST, words("Did raising this cost you anything?"), options))
        blocks.append(
            t.context(
                words(
                    "Kept as a sum over all problems, without this one's name or yours; the stewards see a rate, from "
                    "five answers on."
                )
            )
        )
    options = {each.value: option(words(said), each.value) for each, said in _OUTCOMES.items()}
    ask = (
        words("Did it help?")
        if problem.ending == Ending.SOLVED.value
        else words("Does that settle it for you?")
    )
    blocks.append(_radio(OUTCOME, ask, options, chosen=problem.outcome))
    hint = words("The stewards read this. Everybody reads the yes or no, and that it is yours to say.")
    blocks.append(
        text_input(WHY, words("What is missing, if anything?"), hint, most=TEXT_MOST, optional=True)
    )
    return blocks


def _radio(
    block: str, label: str, options: Mapping[str, dict[str, Any]], chosen: str | None = None
) -> dict[str, Any]:
    pick: dict[str, Any] = {"type": "radio_buttons", "options": list(options.values())}
    if chosen is not None and chosen in options:
        pick["initial_option"] = options[chosen]
    return field(block, label, pick, optional=True)


def read_ended(view: Mapping[str, Any]) -> Ended:
    """What was answered; a request, not proof."""
    outcome, holds, cost = picked(view, OUTCOME), picked(view, HOLDS), picked(view, COST)
    said = Ended(
        outcome=Outcome(outcome) if outcome in [each.value for each in _OUTCOMES] else None,
        why=typed(view, WHY),
        holds=holds == "yes" if holds in _HOLDS else None,
        cost=Cost(cost) if cost in [each.value for each in Cost] else None,
    )
    if said.outcome is None and said.why.strip():
        raise Refusal("Please pick yes, in part or no as well, so that your words are understood.")
    if said.outcome is None and said.holds is None and said.cost is None:
        raise Refusal("Please pick an answer; or close the form, nothing is lost.")
    return said


def contact(words: Words, misconduct: str) -> str:
    """Whom to talk to where raising something cost the raiser; nobody is told that this was shown."""
    if misconduct:
        return words(
            "You should not have to pay for it. If you want to talk to somebody in confidence: {place}. "
            "I tell nobody that you said so.",
            place=misconduct,
        )
    return words(
        "You should not have to pay for it. If you want to talk about it in confidence, any steward listens; "
        "I tell nobody that you said so."
    )
