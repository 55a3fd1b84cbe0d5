"""Where a problem is worked on in other tools: links for everybody, and public words to copy for stewards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.core.problems.tracker_rules import LINK_MOST
from bot.core.refusal import Refusal
from bot.slack import cards
from bot.slack import text as t
from bot.slack.explaining import explanation
from bot.slack.fields import form, text_input
from bot.slack.shown import Shown
from bot.words import Words

OPEN, FORM, REMOVE = "tracking.open", "tracking.form", "tracking.remove"
URL, COPY = "url", "copy"
#: A link as the database has it: its id, the URL, and what it names.
Link = tuple[int, str, str]
_LINK: Final = re.compile(r"https://[^\s<>|]+")


def opens(words: Words, ident: int) -> dict[str, Any]:
    """The stewards' way there, on their look at a published problem."""
    return t.button(words("Other tools"), OPEN, str(ident), label=words("Links to other tools"))


def links_line(words: Words, links: Sequence[Link]) -> list[dict[str, Any]]:
    """For everybody who may read the problem."""
    if not links:
        return []
    made = ""
    for _, url, item in links:
        each = _link(url, item)
        joined = words("{one}, {another}", one=made, another=each) if made else each
        if len(joined) > 2500:
            break
        made = joined
    return [t.context(words("Worked on in: {links}", links=made))]


def tracking_form(words: Words, shown: Shown, links: Sequence[Link]) -> dict[str, Any]:
    """The links with a way to take each away, room for one more, and words to copy."""
    blocks: list[dict[str, Any]] = [
        t.section(
            _link(url, item),
            accessory=t.button(
                words("Take it away"),
                f"{REMOVE}:{ident}",
                f"{shown.id}:{ident}",
                label=words("Take away the link to {item}", item=item),
            ),
        )
        for ident, url, item in links
    ]
    blocks += [
        text_input(
            URL,
            words("A link to an item"),
            words(
                "Jira, Linear, GitHub, Azure DevOps, or any https:// address. Everybody who can read this sees it."
            ),
            most=LINK_MOST,
            lines=False,
            optional=True,
        ),
        text_input(
            COPY,
            words("To copy there"),
            words("Public words and bands alone: nothing here says who raised it or whom it hits."),
            initial=copied(words, shown),
            optional=True,
        ),
    ]
    title = words("Other tools")
    return form(words, title, FORM, blocks, submit=words("Save"), metadata=str(shown.id))


def copied(words: Words, shown: Shown) -> str:
    """A problem in plain text: what everybody may read of it, and nothing else; it is not escaped."""
    parts = [words("{number} · {title}", number=shown.number or "", title=shown.title)]
    for head, said in (
        (words("What it makes hard"), shown.hardship),
        (words("Tried before"), shown.tried),
        (words("A fix must not"), shown.guardrails),
    ):
        if said.strip():
            parts.append(words("{what}: {said}", what=head, said=said.strip()))
    if shown.finding is not None:
        found = explanation(words, shown.finding, shown.overruled_because, marked=False)
        parts.append(words("{what}: {said}", what=words("Where this can be solved"), said=found))
        parts.append(cards.people(words, shown.finding))
    return t.cut(t.plain("\n\n".join(parts)), t.INPUT)


def _link(url: str, item: str) -> str:
    if not _LINK.fullmatch(url):
        return t.cut_escaped(
            item, 150
        )  # none that is kept holds Slack's own marks, and none is shown that does
    return f"<{url.replace('&', '&amp;')}|{t.cut_escaped(item, 150)}>"


def read_pair(value: str) -> tuple[int, int]:
    """The problem and the link; a request, not proof."""
    first, _, second = value.partition(":")
    if not all(each.isascii() and each.isdigit() and len(each) < 20 for each in (first, second)):
        raise Refusal("This can't be read any more. Please open it again from the desk.")
    return int(first), int(second)
