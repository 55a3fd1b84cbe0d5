"""Why a problem is worth a second look, in words that accuse nobody, and what a team asks to have looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.problems.flag_records import Why
from bot.slack import text as t
from bot.slack.desk import views
from bot.slack.fields import form, text_input
from bot.words import Words, mark

SENTENCE: Final = "sentence"
_WHY: Final[Mapping[Why, str]] = {
    Why.ONE_WAY: mark(
        "Of late much is asked of one and the same function, which feels little of it, and few others share it. "
        "Often that is simply where the work piles up. Is that function part of the talk?"
    ),
    Why.ALIKE: mark(
        "Another open problem says nearly the same, word for word. Often people wrote it together, or one of "
        "them sent it twice. Do they belong together?"
    ),
    Why.BURST: mark(
        "In an earlier week many people of one team said within an hour that this hits them. Often it has just "
        "come up in a meeting. How widely it is felt is what counts, as always."
    ),
}


def blocks(
    words: Words, ident: int, flagged: Sequence[Why], reviews: Sequence[tuple[int, str, str, str | None]]
) -> list[dict[str, Any]]:
    """Each reason with one button for all of them, and each team's sentence with its answer or the way to one."""
    made: list[dict[str, Any]] = []
    if flagged:
        said = "\n".join(words(_WHY[why]) for why in flagged)
        made.append(t.section(words("*Worth a second look.* {said}", said=said)))
        looked = t.button(
            words("I have looked"),
            views.LOOKED,
            str(ident),
            label=words("I have looked, take it off the desk"),
        )
        made.append(t.context(words("Nothing was changed, nobody was told, and nothing says who it was.")))
        made.append(t.buttons(looked))
    for team, name, sentence, answer in reviews:
        who = t.cut_escaped(t.one_line(name), 300)
        asked = t.cut_escaped(sentence, 2400)
        made.append(t.section(words("*{team} asks for a second look:* {sentence}", team=who, sentence=asked)))
        if answer is not None:
            said = t.cut_escaped(answer, 2400)
            made.append(t.section(words("*A steward answered:* {sentence}", sentence=said)))
            continue
        made.append(
            t.buttons(
                t.button(
                    words("Answer"),
                    f"{views.REVIEW}:{team}",
                    f"{ident}:{team}",
                    label=words("Answer {team}", team=t.one_line(name)),
                )
            )
        )
    return made


def review_form(words: Words, ident: int, team: int) -> dict[str, Any]:
    """A second steward's answer to the team."""
    hint = words(
        "The person who answers for the team reads it. Whoever published the problem leaves this to another steward."
    )
    asks = text_input(SENTENCE, words("What did you find?"), hint)
    title, send = words("A second look"), words("Send")
    return form(words, title, views.REVIEW, [asks], submit=send, metadata=f"{ident}:{team}")
