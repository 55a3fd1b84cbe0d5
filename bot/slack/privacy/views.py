"""The promise in a form, what is stored about its reader, and the step before everything is forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.problems.records import Act, RaisedAs
from bot.core.replies.forgetting import Stays
from bot.core.replies.stored import Kind, Stored
from bot.slack import text as t
from bot.slack.fields import form
from bot.slack.privacy import promise
from bot.words import Words, mark

#: Buttons: the promise, what is stored, and the step before forgetting, whose form has the same name.
OPEN, WHAT, FORGET = "privacy.open", "privacy.what", "privacy.forget"
PROMISE, LISTED = "privacy.promise", "privacy.stored"

# Characters of the list that a form has room for, and lines of one kind.
_ROOM, _LINES = 60_000, 60
_RAISED: Final = {
    RaisedAs.CONFIDENTIAL.value: mark("{title} (raised confidentially: your user id, sealed)"),
    RaisedAs.NAMED.value: mark("{title} (raised with your name to be shown: your user id)"),
    RaisedAs.TAGGED.value: mark("{title} (tagged with an emoji: your user id)"),
}
_WAITING: Final = {
    Act.RAISE.value: mark("a problem that you sent, with your user id, sealed"),
    Act.CONFIRM.value: mark("that it hits you too, or no more: {title}"),
    Act.FOLLOW_UP.value: mark("what you added to: {title}"),
    Act.ANSWER.value: mark("who would have to change something, for: {title}"),
    Act.TOLD.value: mark("your answer to a question about: {title}"),
    Act.WORDS.value: mark("your word on the wording of: {title}"),
    Act.QUIET.value: mark("that you want no more questions about: {title}"),
    Act.WITHDRAW.value: mark("that you withdraw: {title}"),
    Act.OUTCOME.value: mark("whether it is settled: {title}"),
    Act.HOLDS.value: mark("whether it still holds: {title}"),
    Act.COST.value: mark("what raising it cost you: {title}"),
    Act.CONSENT.value: mark("your word on merging: {title}"),
}
_HEADS: Final[Mapping[Kind, str]] = {
    Kind.RAISED: mark("Problems that you raised"),
    Kind.TAGGED: mark("Messages that you tagged and that wait for words: your user id"),
    Kind.WAITING: mark("What you said today and that moves on the next morning"),
    Kind.CONFIRMED: mark(
        "“Hits us too”: a code made from you (a keyed hash) and the team that you counted for"
    ),
    Kind.ADDED: mark(
        "A mark that you answered a question, so that it counts once; the answer is kept without it"
    ),
    Kind.MEMBERSHIP: mark("Teams that you belong to"),
    Kind.CHOICE: mark("The team that you chose to count for"),
    Kind.HEARING: mark("That you chose to hear of news on Mondays alone, or never: under a keyed hash"),
    Kind.CONTACT: mark("Teams that you answer for"),
    Kind.STEWARD: mark("That you are a steward: the settings or the stewards' user group say so"),
    Kind.ACT: mark("What you did as a steward, in the audit trail with your user id"),
    Kind.HELPS: mark("Problems that you offered help with: your user id and your words, for the stewards"),
    Kind.AWAY: mark("Until when you said that you are away, as a steward"),
    Kind.HOURS: mark("How many hours you gave for a week of the pilot, as a steward: under a keyed hash"),
    Kind.MESSAGE: mark(
        "Direct messages to you, or your Home anew, that wait to be sent, with your user id, sealed"
    ),
    Kind.REACTION: mark("An emoji of the last minutes that I have not settled yet, sealed"),
    Kind.LOOKED_UP: mark(
        "The user id that belongs to a hash of your e-mail, for a day: a list of teams was imported"
    ),
    Kind.PULSE_ASKED: mark(
        "That a pulse asks or asked you: your user id and your team, never whether you answered"
    ),
    Kind.PULSE_ANSWER: mark("Your answers to the open pulse: under a keyed hash, destroyed when it closes"),
    Kind.ERASURE: mark("What you asked to be forgotten: hidden now, destroyed within a week"),
}
_ACTS: Final[Mapping[str, str]] = {
    "published": mark("you published a problem"),
    "published_early": mark("you published a problem early, as the second steward"),
    "said_early": mark("you said that a problem can't wait"),
    "closed": mark("you closed a problem"),
    "overruled": mark("you said where a problem can be solved"),
    "overrule_taken_back": mark("you took that back"),
    "inputs_set": mark("you set who feels it and who would have to change"),
    "held": mark("you kept a problem out of the edition"),
    "let_in": mark("you let a problem into the edition again"),
    "asked_raiser": mark("you asked a raiser something"),
    "proposed_words": mark("you proposed other words"),
    "proposed_unsent": mark("you proposed other words, which were dropped before they were sent"),
    "took_words_back": mark("you took proposed words back"),
    "took_words": mark("you took a raiser's other words"),
    "left_words": mark("you left a raiser's other words aside"),
    "heard": mark("you noted what a raiser wrote"),
    "looked_again": mark("you took a second look"),
    "answered_review": mark("you answered a team that asked for a second look"),
    "opened_name": mark("you looked at a name that was to be shown"),
    "asked_teams": mark("you had teams asked"),
    "gave_time": mark("you gave asked teams more time"),
    "taken_down": mark("you took words down"),
    "restored": mark("you gave words back"),
    "words_destroyed": mark("you had words destroyed"),
    "pulse_planned": mark("you planned a pulse"),
    "pilot_written": mark("you wrote down a pilot"),
    "pilot_started": mark("you started a pilot"),
    "pilot_changed": mark("you changed a pilot"),
    "pilot_ended": mark("you ended a pilot"),
    "pilot_report_posted": mark("you had a pilot's report posted"),
    "pulse_called_off": mark("you called a pulse off"),
    "pulse_thresholds_raised": mark("you raised a pulse's thresholds"),
    "mode_careful": mark("you chose the careful mode"),
    "mode_open": mark("you chose the open mode"),
    "paused_intake": mark("you paused raising"),
    "resumed_intake": mark("you let raising go on"),
    "acknowledged": mark("you answered a raiser"),
    "wrote": mark("you wrote to a raiser"),
    "handed": mark("you handed a problem to a team"),
    "took_back": mark("you took a problem back"),
    "observed": mark("you said until when a problem is watched"),
    "tried": mark("you recorded what is tried"),
    "trial_over": mark("you ended what was tried"),
    "asked_sponsor": mark("you asked the sponsor to decide"),
    "not_now": mark("you put a problem off"),
    "not_for_us": mark("you said who looks after a problem instead"),
    "merged": mark("you merged two problems"),
    "merge_undone": mark("you undid a merge"),
    "took_in": mark("you merged another problem into one"),
    "gave_back": mark("you undid a merge of another problem into one"),
    "kept_decision": mark("you kept a decision"),
    "changed_decision": mark("you changed a decision"),
    "dropped_decision": mark("you ended a decision"),
    "checked_guardrail": mark("you looked whether a guardrail holds"),
    "linked": mark("you linked an item of another tool"),
    "unlinked": mark("you took such a link away"),
    "reopened": mark("you opened a problem again"),
    "labelled": mark("you put a label on a problem"),
    "said_what_helps": mark("you said what would help"),
    "said_way_around": mark("you said how to get by until something changes"),
    "answered_help": mark("you answered an offer to help"),
    "set_limit": mark("you set how much may be under way"),
    "away": mark("you said that you are away"),
    "back": mark("you said that you are back"),
    "questions": mark("beside a question that you asked"),
    "early_words": mark("beside your sentence on why a problem can't wait"),
    "withheld": mark("beside words that you took down"),
}
STAYS: Final[Mapping[Stays, str]] = {
    Stays.STEWARD: mark(
        "That you are a steward stays: the settings or the stewards' user group say so, and the operator can "
        "change that."
    ),
    Stays.MEMBERSHIP: mark(
        "Your team stays: its user group or the imported list says who belongs to it, and would say it again."
    ),
    Stays.WORDS: mark(
        "The problems that you raised stay, with nobody behind them: others work on them. To take one away, "
        "withdraw it first."
    ),
    Stays.ACTS: mark("What you did as a steward stays in the audit trail, done by “a steward”."),
    Stays.TEAMS: mark(
        "What you said for a team stays as the team's, without your name: answers, what it agreed to carry, offers "
        "to help."
    ),
    Stays.ANONYMOUS: mark(
        "Anonymous problems stay: nothing leads from you to them. With its code you can withdraw one."
    ),
}


def promise_form(words: Words) -> dict[str, Any]:
    """Who can learn what, a way after another, and what all of it does not do."""
    blocks: list[dict[str, Any]] = [t.section(words(promise.LEAD))]
    for way in promise.WAYS:
        lines = [f"*{words(way.name)}*"]
        for head, said in (
            (promise.WHO, way.who),
            (promise.ANSWER, way.answer),
            (promise.STORED, way.stored),
        ):
            lines.append(words("• _{head}:_ {said}", head=words(head), said=words(said)))
        blocks.append(t.section("\n".join(lines)))
    blocks.append(t.section(words("*What it does not do*") + "\n" + promise.limits(words)))
    blocks.append(
        t.buttons(
            t.button(words("What is stored about me"), WHAT, "me"),
            t.button(words("Forget me"), FORGET, "me"),
        )
    )
    return form(words, words("Privacy"), PROMISE, blocks)


def stored_form(words: Words, stored: Sequence[Stored]) -> dict[str, Any]:
    """Every row that concerns the reader, by kind, in plain words."""
    blocks = [t.section(words("This is all that is stored and leads to you."))]
    if not stored:
        blocks = [t.section(words("Nothing is stored here that leads to you."))]
    room = _ROOM
    for kind, head in _HEADS.items():
        rows = [each for each in stored if each.kind is kind]
        if not rows:
            continue
        lines = [line for line in (_line(words, each) for each in rows[:_LINES]) if line]
        if len(rows) > _LINES:
            more = len(rows) - _LINES
            lines.append(words.many("and {n} more of this kind", "and {n} more of this kind", more))
        for piece in _sections(words("*{head}*", head=words(head)), lines or [_count(words, len(rows))]):
            room -= len(piece)
            if room > 0:
                blocks.append(t.section(piece))
    blocks.append(
        t.section(
            words(
                "Anonymous problems can't be listed here: nothing leads from you to them. What others typed about "
                "you in their own words is not looked for."
            )
        )
    )
    blocks.append(t.buttons(t.button(words("Forget me"), FORGET, "me")))
    return form(words, words("Stored about you"), LISTED, blocks)


def _count(words: Words, rows: int) -> str:
    return words.many("{n} of these", "{n} of these", rows)


def _sections(head: str, lines: Sequence[str]) -> list[str]:
    made = [head]
    for line in lines:
        if len(made[-1]) + len(line) + 3 > t.SECTION:
            made.append("")
        made[-1] += ("\n" if made[-1] else "") + f"• {line}"
    return made


def _line(words: Words, row: Stored) -> str:
    """What tells one row from others of its kind."""
    title = t.cut_escaped(t.one_line(row.title or ""), 250) or words("one without words that you may read")
    match row.kind:
        case Kind.RAISED:
            return words(_RAISED.get(row.what or "", mark("{title}")), title=title)
        case Kind.WAITING:
            return words(_WAITING.get(row.what or "", mark("{title}")), title=title)
        case Kind.CONFIRMED | Kind.ADDED | Kind.HELPS:
            return title
        case Kind.MEMBERSHIP:
            said = (
                mark("{team} (a user group says so)")
                if row.what == "group"
                else mark("{team} (a list says so)")
            )
            return words(said, team=_team(row))
        case Kind.CHOICE | Kind.CONTACT:
            return _team(row)
        case Kind.ACT:
            what = words(_ACTS.get(row.what or "", mark("something that this release has no words for")))
            return what if row.at is None else words("{date}: {what}", date=t.date(row.at), what=what)
        case _:
            return ""


def _team(row: Stored) -> str:
    return t.cut_escaped(t.one_line(row.team or ""), 250)


def forget_form(words: Words) -> dict[str, Any]:
    """What forgetting does and what stays, before it is done."""
    said = words(
        "*Hidden at once, destroyed within a week:* every address that leads an answer to you, your name on "
        "problems, your “hits us too”, the team that you chose, that you answer for a team. "
        "*From then on no answer reaches you,* and it can't be undone."
    )
    blocks = [
        t.section(said),
        t.section(words("*What stays, and why*") + "\n" + _staying(words, list(Stays))),
    ]
    blocks.append(
        t.context(
            words(
                "Backups keep what was destroyed until they are deleted. Whoever compares two copies of the database "
                "can see which problems lost their address in the same week; in a week in which you alone ask, "
                "these are yours."
            )
        )
    )
    return form(words, words("Forget me"), FORGET, blocks, submit=words("Forget me"))


def forgotten(words: Words, stays: Sequence[Stays]) -> str:
    """After it: what is done, and what stays for this person."""
    done = words("It is hidden now, and destroyed within a week. No answer reaches you any more.")
    return f"{done}\n{_staying(words, stays)}" if stays else done


def _staying(words: Words, stays: Sequence[Stays]) -> str:
    return "\n".join(words("• {said}", said=words(STAYS[each])) for each in stays)
