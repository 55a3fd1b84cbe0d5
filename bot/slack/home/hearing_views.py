"""The form in which a person says how to hear that there is news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.identity.records import Hears
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import GIVEN, field, form, option
from bot.words import Words, mark

#: The button in Home, and the form that it opens.
HEAR, HEARING = "home.hear", "home.hearing"
_HOW: Final = "how"
_SAID: Final = {
    Hears.MORNINGS: mark("Each morning that there is some"),
    Hears.MONDAYS: mark("On Mondays alone"),
    Hears.NEVER: mark("Never: I look here myself"),
}


def hearing_form(words: Words, chosen: Hears) -> dict[str, Any]:
    options = {how: option(words(said), how.value) for how, said in _SAID.items()}
    picked = {"type": "radio_buttons", "options": list(options.values()), "initial_option": options[chosen]}
    about = words(
        "On what you raised. The message says that there is news, and never on what. "
        "Your choice is kept under a code made from you; the first one leaves nothing."
    )
    blocks = [field(_HOW, words("When do you want to hear of news?"), picked), t.context(about)]
    return form(words, words("How you hear"), HEARING, blocks, submit=words("Keep"))


def read_hearing(view: Mapping[str, Any]) -> Hears:
    held = ((view.get("state") or {}).get("values") or {}).get(_HOW) or {}
    chosen = (held.get(GIVEN) or {}).get("selected_option") or {}
    try:
        return Hears(str(chosen.get("value")))
    except ValueError:
        raise Refusal("That choice is out of date. Please open the form again.") from None
