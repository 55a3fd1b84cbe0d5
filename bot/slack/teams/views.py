"""Teams as people see and pick them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.refusal import Refusal
from bot.core.teams.records import Team
from bot.slack import text as t
from bot.words import Words

MINE, CHOOSE, PICKED = "teams.mine", "teams.choose", "team"
#: Slack's limits: options in a group, and groups.
_OPTIONS, _GROUPS = 100, 100


def team_groups(words: Words, teams: Sequence[Team]) -> list[dict[str, Any]]:
    """Slack's option groups of teams, one a function, within its limits; empty where no team is known."""
    by_function: dict[str, list[Team]] = defaultdict(list)
    for team in teams:
        by_function[team.function.name if team.function else ""].append(team)
    groups = []
    for function in sorted(by_function, key=lambda name: (name == "", name.casefold())):
        members = by_function[function]
        label = function or words("Other teams")
        for start in range(0, len(members), _OPTIONS):
            options = [option(team.name, str(team.id)) for team in members[start : start + _OPTIONS]]
            groups.append({"label": plain(t.cut(t.plain(label), t.OPTION_TEXT)), "options": options})
    return groups[:_GROUPS]


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(t.cut(t.plain(text), t.OPTION_TEXT)), "value": value}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def choose_form(
    words: Words, groups: Sequence[Mapping[str, Any]], *, own: str | None, trusted: bool
) -> dict[str, Any]:
    """The form in which a person says which team to count for."""
    if own and trusted:
        said = words(
            "You count for *{team}*: a user group or your company's list says so.", team=t.escaped(own)
        )
    elif own:
        said = words(
            "You count for *{team}*, by your own word. That counts for how widely something is felt; "
            "reading a team's problems or answering for it needs a user group.",
            team=t.escaped(own),
        )
    else:
        said = words("You have no team here yet, so you count as a person and for no team.")
    blocks: list[dict[str, Any]] = [t.section(said)]
    if groups:
        blocks.append(
            {
                "type": "input",
                "block_id": PICKED,
                "label": plain(words("Which team should you count for?")),
                "element": {"type": "static_select", "action_id": "given", "option_groups": list(groups)},
            }
        )
    else:
        blocks.append(
            t.section(words("No teams are known yet. The stewards set them up from user groups or a list."))
        )
    form: dict[str, Any] = {
        "type": "modal",
        "callback_id": CHOOSE,
        "title": plain(words("Your team")),
        "close": plain(words("Close")),
        "blocks": blocks,
    }
    if groups:
        form["submit"] = plain(words("Keep this"))
    return form


def teams_answer(words: Words, teams: Sequence[Team], *, own: str | None) -> tuple[str, list[dict[str, Any]]]:
    """The answer to the sub-command `teams`: which there are, by function, and the person's own."""
    if not teams:
        text = words("No teams are known yet. The stewards set them up from user groups or a list.")
        return text, [t.section(text)]
    by_function: dict[str, list[str]] = defaultdict(list)
    for team in teams:
        by_function[team.function.name if team.function else words("No function named")].append(team.name)
    lines = [
        f"*{t.escaped(name)}:* {t.escaped(', '.join(members))}"
        for name, members in sorted(by_function.items())
    ]
    first = (
        words("You count for {team}.", team=t.escaped(own))
        if own
        else words("You have no team here yet, so you count as a person and for no team.")
    )
    said = first
    for line in lines:
        if len(said) + len(line) + 1 > t.SECTION - 100:
            said += "\n" + words("There are more teams than fit here.")
            break
        said += "\n" + line
    return said, [t.section(said), t.buttons(t.button(words("Choose your team"), MINE, "mine"))]


def read_choice(view: Mapping[str, Any]) -> int:
    """The team that was picked; a request, not proof."""
    given = (((view.get("state") or {}).get("values") or {}).get(PICKED) or {}).get("given") or {}
    value = str((given.get("selected_option") or {}).get("value", ""))
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise Refusal("Please pick a team.")
    return int(value)
