"""The forms in which stewards set where a problem can be solved, and who is concerned; each begins with what stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from bot.core.problems.rules import Ownership, Verdict
from bot.core.problems.triage import Inputs
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.desk import views
from bot.slack.desk.forms import NOTHING_HELD, SENTENCE, Held, read_teams
from bot.slack.explaining import WHERE
from bot.slack.fields import field, form, option, picked, text_input
from bot.words import Words, mark

VERDICT, FELT, NEEDED, OWNER = "verdict", "felt_by", "needed_from", "ownership"
_NO_WORD: Final = "none"
NOTHING_SAID: Final = Inputs()

VERDICTS: Mapping[Verdict, str] = {
    Verdict.TEAM_LOCAL: mark("One team, the one that feels it"),
    Verdict.TWO_TEAMS: mark("Two teams, directly between them"),
    Verdict.ONE_OWNER_MANY_WAITING: mark("One owner, many waiting"),
    Verdict.ONE_CARRIES: mark("One carries it, many would have to change"),
    Verdict.NO_SINGLE_TEAM: mark("No single team"),
}
OWNERS: Mapping[Ownership, str] = {
    Ownership.ONE_TEAM: mark("One team, and it can"),
    Ownership.ONE_BUT_CANNOT: mark("One team, but it can't alone"),
    Ownership.CONTESTED: mark("Several say it is theirs, or each other's"),
    Ownership.NOBODY: mark("Nobody owns it"),
}


def overrule_form(words: Words, ident: int, held: Held = NOTHING_HELD) -> dict[str, Any]:
    """Where it can be solved, by a steward's word; it begins with the word that stands."""
    options = {verdict.value: option(words(text), verdict.value) for verdict, text in VERDICTS.items()}
    options[_NO_WORD] = option(words("As it was worked out (take a steward's word back)"), _NO_WORD)
    pick: dict[str, Any] = {"type": "static_select", "options": list(options.values())}
    if held.verdict is not None and held.verdict.value in options:
        pick["initial_option"] = options[held.verdict.value]
    return form(
        words,
        words("Where it can be solved"),
        views.OVERRULE,
        [
            *held.above(),
            field(VERDICT, words("Where can it be solved?"), pick),
            text_input(
                SENTENCE,
                words("Why?"),
                words("Everybody who can read the problem reads this sentence."),
                initial=held.sentence,
            ),
        ],
        submit=words("Send"),
        metadata=held.metadata(ident),
    )


def inputs_form(
    words: Words,
    ident: int,
    groups: Sequence[Mapping[str, Any]],
    chosen: Inputs = NOTHING_SAID,
    held: Held = NOTHING_HELD,
) -> dict[str, Any]:
    """Who feels it, who would have to change, who owns it, beginning with what is `chosen`.

    `groups` are Slack's option groups of teams.
    """
    blocks = held.above()
    if groups:
        felt, needed = words("Who feels it?"), words("Who would have to change something?")
        blocks.append(_teams_field(FELT, felt, groups, chosen.felt_by))
        blocks.append(_teams_field(NEEDED, needed, groups, chosen.needed_from))
    else:
        blocks.append(t.section(words("No teams are known yet, so none can be picked here.")))
    owners = {owner: option(words(text), owner.value) for owner, text in OWNERS.items()}
    owner: dict[str, Any] = {"type": "static_select", "options": list(owners.values())}
    if chosen.ownership is not None:
        owner["initial_option"] = owners[chosen.ownership]
    blocks.append(field(OWNER, words("Whose is it?"), owner, optional=True))
    blocks.append(t.context(words("This is the stewards' word. What others said stays beside it.")))
    title = words("Who is concerned")
    return form(words, title, views.INPUTS, blocks, submit=words("Send"), metadata=held.metadata(ident))


def _teams_field(
    block: str, label: str, groups: Sequence[Mapping[str, Any]], chosen: Collection[int]
) -> dict[str, Any]:
    pick: dict[str, Any] = {"type": "multi_static_select", "option_groups": list(groups)}
    initial = [each for group in groups for each in group["options"] if int(each["value"]) in chosen]
    if initial:
        pick["initial_options"] = initial
    return field(block, label, pick, optional=True)


def inputs_said(words: Words, now: Inputs, names: Mapping[int, str]) -> str:
    """What stands by another steward's word, in a line each."""

    def teams(which: Collection[int]) -> str:
        found = sorted(names[team] for team in which if team in names)
        return t.cut_escaped(", ".join(t.one_line(name) for name in found), 900) or words("nobody named")

    owner = words(OWNERS[now.ownership]) if now.ownership else words("not said")
    return words(
        "*Now:* felt by {felt}. Would have to change: {needed}. Whose it is: {owner}.",
        felt=teams(now.felt_by),
        needed=teams(now.needed_from),
        owner=owner,
    )


def word_said(words: Words, verdict: Verdict | None, sentence: str | None) -> str:
    """Where it can be solved by another steward's word."""
    if verdict is None:
        return words("*Now:* as it was worked out, without a steward's word.")
    return words(
        "*Now:* {where}. “{sentence}”",
        where=words(WHERE[verdict]),
        sentence=t.cut_escaped(t.one_line(sentence or ""), 1200),
    )


def hold_said(words: Words, reason: str | None) -> str:
    """Whether it is kept out of the edition by now, and why."""
    if not reason:
        return words("*Now:* the next edition may carry it.")
    return words("*Now:* kept out of the edition. “{reason}”", reason=t.cut_escaped(reason, 1200))


# What came back


def read_verdict(view: Mapping[str, Any]) -> Verdict | None:
    value = picked(view, VERDICT)
    if value == _NO_WORD:
        return None
    if value not in [verdict.value for verdict in VERDICTS]:
        raise Refusal("Please pick where it can be solved.")
    return Verdict(value)


def read_inputs(view: Mapping[str, Any]) -> Inputs:
    owner = picked(view, OWNER)
    known = [ownership.value for ownership in OWNERS]
    return Inputs(
        read_teams(view, FELT), read_teams(view, NEEDED), Ownership(owner) if owner in known else None
    )
