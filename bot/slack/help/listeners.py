"""The command itself: words open the form, `help` and whatever is not known answer with usage."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping

from bot.slack.help import views
from bot.slack.help.answering import misused
from bot.slack.raising.listeners import open_with
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark

#: The longest that is taken for a mistyped sub-command rather than a problem.
_LONGEST = 40


def register(listeners: Listeners) -> None:
    def help_(turn: Turn, rest: str) -> Answer:
        return overview(turn, rest, _for(turn, listeners.commands))

    def words(turn: Turn, said: str) -> Answer:
        if _lone_word(said):
            return unknown(turn, said, _for(turn, listeners.commands))
        return open_with(turn, said)

    listeners.command(
        SubCommand(
            "",
            "[what makes work harder]",
            mark("opens the form, with your words in it where you type any"),
            words,
        )
    )
    listeners.command(SubCommand("help", "help", mark("this list"), help_))


def overview(turn: Turn, rest: str, subs: Mapping[str, SubCommand]) -> Answer:
    settings = turn.bot.settings
    one = subs.get(rest.lower()) if rest else None
    if rest and one is None:
        return misused(turn, subs["help"])
    text, blocks = views.overview(
        turn.words,
        [one] if one else list(subs.values()),
        command=settings.command,
        emoji=settings.emoji[0],
        misconduct=settings.people_channel,
    )
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}


def unknown(turn: Turn, said: str, subs: Mapping[str, SubCommand]) -> Answer:
    meant = _meant(said, subs)
    text, blocks = views.unknown(turn.words, said, meant, command=turn.bot.settings.command)
    return {"text": text, "blocks": blocks, "response_type": "ephemeral"}


def _meant(said: str, subs: Mapping[str, SubCommand]) -> str | None:
    number = said.removeprefix("#")
    if number.isascii() and number.isdigit() and "show" in subs:
        return f"show {number}"
    near = difflib.get_close_matches(said.lower(), [name for name in subs if name], n=1)
    return near[0] if near else None


def _lone_word(said: str) -> bool:
    """One short word; scripts that are written without spaces say whole sentences in one."""
    if not said or len(said) > _LONGEST or len(said.split()) > 1:
        return False
    return not any(unicodedata.category(character) == "Lo" for character in said)


def _for(turn: Turn, commands: Mapping[str, SubCommand]) -> dict[str, SubCommand]:
    """What this person may use, the form first."""
    with turn.bot.sessions.reading() as session:
        steward = turn.actor(session).steward
    return {name: commands[name] for name in sorted(commands) if steward or not commands[name].stewards}
