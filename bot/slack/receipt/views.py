"""What a raiser reads and may write after raising: questions, words to agree to, answers, and the way out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Ending, Outcome, Problem, State
from bot.core.problems.wording import TEXT_MOST, Wording
from bot.core.refusal import Refusal
from bot.core.replies.queries import Correspondence
from bot.core.replies.records import Proposal, Question
from bot.slack import cards
from bot.slack import text as t
from bot.slack.doing import done_about, lines
from bot.slack.explaining import explanation
from bot.slack.fields import asks_first
from bot.slack.merging.gathered import sides
from bot.slack.merging.views import raiser_blocks
from bot.slack.raising import fields
from bot.slack.raising.carried import Carried, packed
from bot.slack.raising.fields import plain
from bot.slack.raising.views import fitting, preview, when
from bot.slack.receipt.ending_views import ENDED, ending_blocks, is_asked
from bot.slack.receipt.word_views import WORDS
from bot.slack.shown import Shown
from bot.words import Words, mark

#: The form for the code and the button that opens it; a raiser's own problem and what can be done there.
ENTER, CODE_FORM, OPEN, LETTERS = "receipt.enter", "receipt.code", "receipt.open", "receipt.letters"
AGREE, REFUSE, QUIET, WITHDRAW = "receipt.agree", "receipt.refuse", "receipt.quiet", "receipt.withdraw"
CODE, ANSWER = "code", "answer"
#: Longer than any way to write a code.
_CODE_MOST = 80
#: Bytes that proposed words, a question, and what is shown below may take: a form may have 250,000.
_PROPOSED, _ASKED, _TOLD = 80_000, 30_000, 60_000
#: Where a problem is in its life, as its raiser reads it.
_STANDING: Final = {
    State.NEW.value: mark("It is with the stewards. Nobody else can read it."),
    State.ASKED.value: mark(
        "The teams that would have to change something are asked in private, before others read it."
    ),
    State.OPEN.value: mark("It is published: everybody here can read it."),
    State.RESTING.value: mark(
        "It is published and rests: nobody has spoken of it for a while. A word from anybody wakes it."
    ),
    State.TAKEN_DOWN.value: mark("It is taken down, and a second steward looks at it."),
    State.WITHDRAWN.value: mark("It is withdrawn."),
}
#: Over a steward's sentence, where it was not said to the raiser alone.
_SAID: Final = {
    Step.HANDED: mark("The stewards asked a team"),
    Step.ASKED_SPONSOR: mark("The stewards asked the sponsor"),
    Step.TRIED: mark("The stewards decided"),
    Step.OBSERVED: mark("The stewards watch, and say"),
    Step.NOT_NOW: mark("Not now, say the stewards, because"),
    Step.SAID_WAY_AROUND: mark("A way around it, say the stewards"),
    Step.TOOK_BACK: mark("The stewards took it back from a team"),
}
_TOLD_YOU: Final = mark("The stewards told you")
_OVER = (State.CLOSED.value, State.WITHDRAWN.value)


def code_form(words: Words, *, typed_after: bool = False) -> dict[str, Any]:
    """The form for the code; `typed_after`: somebody wrote it after the command, where it should not stand."""
    blocks = [
        t.section(
            words(
                "Your code was shown once, when you raised it. With it you read what was answered, write back, "
                "change your words or withdraw them."
            )
        ),
        fields.text(words("Your code"), CODE, _CODE_MOST, hint=words("Sixteen digits; spaces don't matter.")),
        t.context(words("It is kept nowhere who types a code, or when.")),
    ]
    if typed_after:
        note = words(
            "What you typed after the command was not read. A code belongs in this field alone: "
            "commands may be kept by Slack."
        )
        blocks.insert(0, t.section(note))
    return {
        "type": "modal",
        "callback_id": CODE_FORM,
        "title": plain(words("Answers by code"), t.MODAL_TITLE),
        "submit": plain(words("Show me"), t.MODAL_TITLE),
        "close": plain(words("Cancel"), t.MODAL_TITLE),
        "blocks": blocks,
    }


def letters(
    words: Words, found: Correspondence, key: Carried, *, moves_at: dt.datetime, noted: str = ""
) -> dict[str, Any]:
    """A raiser's own problem with all that waits and came. `noted` says what has just been taken."""
    problem = found.problem
    over = problem.state in _OVER or found.words_gone
    blocks = [t.section(noted)] if noted else []
    blocks.append(t.section(f"*{_title(words, problem)}*\n{_standing(words, found)}"))
    asked = [] if over else found.open_questions
    blocks += raiser_blocks(words, sides(found.merges))
    if found.apart and not over:
        blocks.append(
            t.section(
                words(
                    "The stewards had seen your problem and another as the same, and have taken that back: yours "
                    "stands by itself, as it stood."
                )
            )
        )
    if found.to_agree is not None and not over:
        blocks += _to_agree(words, found.to_agree)
    for question in asked:
        blocks += _question(words, question)
    ended = is_asked(problem)
    if ended:
        blocks += ending_blocks(words, problem)
    if found.suggested is not None:
        blocks.append(t.context(words("Your other words wait for a steward's yes.")))
    ways = _ways(words, problem, over=over)
    if ways:
        blocks.append(t.buttons(*ways, block="ways"))
    blocks.append(
        t.context(
            words("Whatever you send here counts {when}, with what others sent.", when=when(words, moves_at))
        )
    )
    blocks += fitting(_told(words, found), _TOLD)
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": ENDED if ended else LETTERS,
        "private_metadata": packed(key),
        "title": plain(words("What you raised"), t.MODAL_TITLE),
        "close": plain(words("Close"), t.MODAL_TITLE),
        "blocks": blocks[: t.MODAL_BLOCKS],
    }
    if asked or ended:
        view["submit"] = plain(words("Send"), t.MODAL_TITLE)
    return view


def read_answers(view: Mapping[str, Any]) -> dict[int, str]:
    """What was typed under each question, by its id."""
    found = {}
    for block, inputs in ((view.get("state") or {}).get("values") or {}).items():
        said = ((inputs or {}).get(ANSWER) or {}).get("value")
        kind, _, ident = str(block).partition(".")
        if kind == ANSWER and isinstance(said, str) and said.strip():
            found[read_ident(ident)] = said
    return found


def read_ident(value: str) -> int:
    """The id of a problem, a question or a proposal that a button bears."""
    if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) < 2**63):
        raise Refusal("This button can't be read any more. `{command} mine` shows what you raised.")
    return int(value)


def _title(words: Words, problem: Problem) -> str:
    if problem.state == State.TAKEN_DOWN.value:
        return words("What you raised")
    return cards.name_of(words, Shown.of(problem))


def _standing(words: Words, found: Correspondence) -> str:
    problem = found.problem
    if problem.state == State.CLOSED.value:
        said = t.cut_escaped(problem.closing or "", 1800)
        if problem.ending == Ending.MERGED.value and problem.closed_week is None:
            return words("It goes on in another problem, and what you wrote is kept.")
        closed = words("Closed by the stewards: “{sentence}”", sentence=said)
        ended = done_about(problem)
        if ended.outcome is Outcome.WAITING:
            yours = words("Until you say whether it helped, everybody reads that it is not confirmed.")
            return "\n".join([closed, yours, *lines(words, replace(ended, outcome=None))])
        return "\n".join([closed, *lines(words, ended)])
    said = words(_STANDING.get(problem.state, _STANDING[State.NEW.value]))
    if found.words_gone:
        said = words("It was taken down, and a second steward had its words destroyed.")
    if problem.state == State.TAKEN_DOWN.value:
        return (
            said
            + "\n"
            + words("In its place stands: “{sentence}”", sentence=t.cut_escaped(problem.title, 800))
        )
    if problem.state == State.ASKED.value and found.clock is not None:
        return said + " " + words("Until {date} nothing is published.", date=t.date(found.clock.due_at))
    done = lines(words, done_about(problem))
    if done:
        said += "\n" + "\n".join(done)
    shown = Shown.of(problem)
    if shown.published and shown.finding is not None:
        return said + "\n" + explanation(words, shown.finding, shown.overruled_because)
    return said


def _to_agree(words: Words, proposal: Proposal) -> list[dict[str, Any]]:
    head = words(
        "*The stewards propose these words.* Until you say yes, no team is asked and nothing is published; "
        "with a no, yours stand as they are."
    )
    said = Wording(proposal.title, proposal.hardship, proposal.tried, proposal.guardrails)
    return [
        t.section(head),
        *fitting(preview(said), _PROPOSED),
        t.buttons(
            t.button(
                words("Yes, these"),
                AGREE,
                str(proposal.id),
                style="primary",
                label=words("Yes to the stewards' words"),
            ),
            t.button(
                words("No, keep mine"),
                REFUSE,
                str(proposal.id),
                label=words("No to the stewards' words, mine stand"),
            ),
            block="agree",
        ),
        {"type": "divider"},
    ]


def _question(words: Words, question: Question) -> list[dict[str, Any]]:
    asked = fitting(_headed(words("The stewards ask"), question.text), _ASKED)
    label = words("Your answer")
    hint = words("If you have sent one today already, this takes its place.")
    block = f"{ANSWER}.{question.id}"
    return [*asked, fields.text(label, block, TEXT_MOST, hint=hint, multiline=True, optional=True)]


def _ways(words: Words, problem: Problem, *, over: bool) -> list[dict[str, Any]]:
    made = []
    if not over:
        made.append(t.button(words("Change the words"), WORDS, "words"))
        if not problem.no_more_questions:
            made.append(
                asks_first(
                    t.button(words("No more questions"), QUIET, "quiet"),
                    title=words("No more questions?"),
                    text=words(
                        "The stewards can't ask you anything further about this one. "
                        "What was asked already you may still answer."
                    ),
                    yes=words("No more questions"),
                    no=words("Leave it"),
                )
            )
    if problem.state != State.WITHDRAWN.value:
        made.append(
            asks_first(
                t.button(words("Withdraw"), WITHDRAW, "withdraw", style="danger"),
                title=words("Withdraw it?"),
                text=words(
                    "Its words and all that leads to you are destroyed the next morning. "
                    "What an edition has said may have been copied."
                ),
                yes=words("Withdraw"),
                no=words("Leave it"),
            )
        )
    return made


def _told(words: Words, found: Correspondence) -> list[dict[str, Any]]:
    """The words as they stand, what teams answered, and what was asked and answered before."""
    problem = found.problem
    blocks: list[dict[str, Any]] = [{"type": "divider"}]
    if problem.state not in (State.TAKEN_DOWN.value, State.WITHDRAWN.value):
        blocks += preview(Wording(problem.title, problem.hardship, problem.tried, problem.guardrails))
    for step, sentence in found.said:
        blocks += _headed(words(_SAID.get(step, _TOLD_YOU)), sentence)
    for reply in found.replies:
        blocks += _headed(words("{team} answered", team=t.cut_escaped(reply.name, 200)), reply.text or "")
    for sentence in found.early:
        blocks += _headed(words("Published early by the stewards"), sentence)
    for question in found.questions:
        if question.answer is not None:
            blocks += _headed(words("The stewards asked"), question.text)
            blocks += _headed(words("You answered"), question.answer)
    return blocks if len(blocks) > 1 else []


def _headed(head: str, said: str) -> list[dict[str, Any]]:
    first, *others = t.pieces(said, t.SECTION - 300) or [""]
    return [t.section(f"*{head}*\n{first}"), *[t.section(piece) for piece in others]]
