"""The stewards' side of the pulse: the mode, the wave that is planned or open, what is quiet, and how contacts felt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.core.calendar_rules import instant
from bot.core.identity.installation import Mode
from bot.core.pulse.acts import Plan
from bot.core.pulse.records import Side
from bot.core.refusal import Refusal
from bot.core.replies.careful import SENTENCE_MOST
from bot.slack import text as t
from bot.slack.fields import asks_first, form, given, option, picked, text_input, typed
from bot.slack.fields import field as input_field
from bot.slack.pulse.views import CALL_OFF, DESK, MODE, PLAN, RESULTS, THRESHOLDS, TONES, silence_texts
from bot.words import Words

FORM: Final = "pulse.overview"
_FUNCTIONS, _TEAMS, _OPENS, _CLOSES, _ALSO = "functions", "teams", "opens", "closes", "also"
_FIGURES, _TEXTS, _MODE, _SENTENCE = "figures", "texts", "mode", "sentence"
_REMIND, _BY_TEAM = "remind", "by_team"
_OPTIONS, _WAVES = 100, 8
#: A wave's usual length, the hour at which one opens that is planned for another day, and when all of them close.
USUAL_DAYS, _OPENS_AT, _CLOSES_AT = 10, dt.time(9), dt.time(23, 59)


@dataclass(frozen=True, slots=True)
class Running:
    """The wave that is planned or open."""

    id: int
    open: bool
    opens_at: dt.datetime
    closes_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """What stewards see. closed: waves with results, id and when. offered: the mean and its range by which the careful
    mode may be left. tones: how often each value was said, by side. ever_run: whether a pulse was run to its end.
    """

    mode: Mode | None
    ever_run: bool
    running: Running | None = None
    closed: Sequence[tuple[int, dt.datetime]] = ()
    offered: tuple[float, float, float] | None = None
    line: float = 4.5
    quiet: Sequence[str] = ()
    fell: bool = False
    tones: Mapping[Side, Mapping[int, int]] = field(default_factory=dict)


def row(words: Words, mode: Mode | None, *, ever_run: bool, offered: bool = False) -> list[dict[str, Any]]:
    """The desk's own line: a recommendation until a pulse was run, an offer once one says so, and the way in."""
    opens = t.button(words("Pulse and mode"), DESK, "desk")
    if offered:
        said = words("*The last pulse says that the careful mode may be left.* It is yours to decide.")
        return [t.section(said, accessory=opens)]
    if mode is None and not ever_run:
        said = words(
            "*No pulse has been run yet, and the mode is open.* Where functions defend themselves, begin carefully: "
            "choose the careful mode, ask everybody once, then decide."
        )
        return [t.section(said, accessory=opens)]
    return [t.buttons(opens)]


def overview(words: Words, seen: Overview) -> dict[str, Any]:
    """The form behind it."""
    blocks = [t.section(_mode(words, seen), accessory=t.button(words("Change the mode"), MODE, "mode"))]
    if seen.offered is not None:
        mean, low, high = (f"{each:.1f}" for each in seen.offered)
        blocks.append(
            t.section(
                words(
                    "*The careful mode may be left:* raising problems is seen at {mean} of 7, and the whole range from "
                    "{low} to {high} is above {line}. It is yours to decide; it takes a sentence that everybody can read.",
                    mean=mean,
                    low=low,
                    high=high,
                    line=f"{seen.line:.1f}",
                )
            )
        )
    blocks += [{"type": "divider"}, *_wave(words, seen.running)]
    for ident, closed_at in seen.closed[:_WAVES]:
        said = words("Closed on {date}", date=t.date(closed_at))
        blocks.append(t.section(said))
        blocks.append(
            t.buttons(
                t.button(words("See the results"), f"{RESULTS}:{ident}", str(ident)),
                t.button(words("Raise the thresholds"), f"{THRESHOLDS}:{ident}", str(ident)),
            )
        )
    texts = silence_texts(words, seen.quiet, fell=seen.fell)
    if texts:
        blocks += [{"type": "divider"}, *[t.section(text) for text in texts]]
    blocks += [{"type": "divider"}, t.section(_tones(words, seen.tones))]
    return form(words, words("Pulse and mode"), FORM, blocks)


def _mode(words: Words, seen: Overview) -> str:
    if seen.mode is Mode.CAREFUL:
        return words(
            "*The mode is careful.* Editions go to the stewards alone, a team is heard before anything is published, and "
            "groups are named from ten people on."
        )
    said = words("*The mode is open.* Editions are posted in their channel.")
    if not seen.ever_run:
        said += " " + words("Until a pulse has been run the careful mode is the better beginning.")
    return said


def _wave(words: Words, running: Running | None) -> list[dict[str, Any]]:
    if running is None:
        said = words(
            "*No pulse is planned.* One takes people three minutes; its results are the same for everybody who was asked."
        )
        return [t.section(said, accessory=t.button(words("Plan a pulse"), PLAN, "plan", style="primary"))]
    opens, closes = t.date(running.opens_at), t.date(running.closes_at)
    said = (
        words(
            "*A pulse is open until {closes}.* How many have answered is shown to nobody before it closes.",
            closes=closes,
        )
        if running.open
        else words(
            "*A pulse is planned:* it opens on {opens} and closes on {closes}.", opens=opens, closes=closes
        )
    )
    stop = asks_first(
        t.button(words("Call it off"), CALL_OFF, str(running.id)),
        title=words("Call the pulse off?"),
        text=words("What was answered is destroyed and counts nowhere."),
        yes=words("Call it off"),
        no=words("Leave it"),
        danger=True,
    )
    return [t.section(said), t.buttons(stop)]


def _tones(words: Words, tones: Mapping[Side, Mapping[int, int]]) -> str:
    names = {Side.STEWARD: words("Stewards"), Side.FUNCTION: words("Functions")}
    lines = [words("*How contacts between stewards and functions felt*")]
    for side in Side:
        counts = tones.get(side)
        if not counts:
            lines.append(words("{side}: fewer than five have said so far.", side=names[side]))
            continue
        said = ", ".join(
            f"{words(label)}: {counts.get(value, 0)}" for value, label in enumerate(TONES, start=1)
        )
        lines.append(words("{side}: {counts}", side=names[side], counts=said))
    return "\n".join(lines)


# The plan


def plan_form(
    words: Words,
    functions: Sequence[tuple[int, str]],
    groups: Sequence[tuple[int, str]],
    *,
    least: tuple[int, int],
    today: dt.date,
) -> dict[str, Any]:
    """Who is asked, when, and from how many answers on; groups are teams that follow a user group."""
    blocks = [
        t.section(
            words(
                "Say beforehand, in your own words, why you ask. Cuts and thresholds are fixed once this is sent; "
                "thresholds can be raised later and never lowered."
            )
        )
    ]
    for block, label, listed in (
        (_FUNCTIONS, words("Functions that are asked"), functions),
        (_TEAMS, words("User groups that are asked"), groups),
    ):
        if listed:
            options = [option(name, str(ident)) for ident, name in listed[:_OPTIONS]]
            blocks.append(
                input_field(block, label, {"type": "multi_static_select", "options": options}, optional=True)
            )
    for block, label, day in (
        (_OPENS, words("Opens on"), today),
        (_CLOSES, words("Closes at the end of"), today + dt.timedelta(days=USUAL_DAYS)),
    ):
        blocks.append(input_field(block, label, {"type": "datepicker", "initial_date": day.isoformat()}))
    remind = option(words("Remind everybody once, three days before the end"), _REMIND)
    by_team = option(words("Show teams as well, beside functions"), _BY_TEAM)
    boxes = {"type": "checkboxes", "options": [remind, by_team], "initial_options": [remind]}
    blocks.append(input_field(_ALSO, words("And"), boxes, optional=True))
    blocks += _threshold_inputs(words, least)
    return form(words, words("Plan a pulse"), PLAN, blocks, submit=words("Plan it"))


def thresholds_form(words: Words, wave: int, least: tuple[int, int]) -> dict[str, Any]:
    said = words("Less is shown then, also of what is shown by now. There is no way back.")
    blocks = [t.section(said), *_threshold_inputs(words, least)]
    return form(
        words,
        words("Raise the thresholds"),
        THRESHOLDS,
        blocks,
        submit=words("Raise them"),
        metadata=str(wave),
    )


def _threshold_inputs(words: Words, least: tuple[int, int]) -> list[dict[str, Any]]:
    hint = words("At least {least}.", least=least[0])
    hint_texts = words("At least {least}.", least=least[1])
    return [
        text_input(
            _FIGURES, words("Figures from so many answers"), hint, most=3, lines=False, initial=str(least[0])
        ),
        text_input(
            _TEXTS,
            words("Free text from so many answers"),
            hint_texts,
            most=3,
            lines=False,
            initial=str(least[1]),
        ),
    ]


def mode_form(words: Words, mode: Mode | None) -> dict[str, Any]:
    """The two modes, and the sentence that leaving the careful one takes."""
    options = [
        option(words("Open: editions in their channel"), Mode.OPEN.value),
        option(words("Careful: editions to stewards, a reply before everything"), Mode.CAREFUL.value),
    ]
    chosen = options[mode is Mode.CAREFUL]
    menu = {"type": "radio_buttons", "options": options, "initial_option": chosen}
    hint = words("Needed to leave the careful mode. It stands in the next edition.")
    blocks = [
        input_field(_MODE, words("The mode"), menu),
        text_input(_SENTENCE, words("Why"), hint, most=SENTENCE_MOST, lines=False, optional=True),
    ]
    return form(words, words("Change the mode"), MODE, blocks, submit=words("Keep"))


def read_plan(view: Mapping[str, Any], *, zone: ZoneInfo, now: dt.datetime) -> Plan:
    """What stewards decided; days are those of the zone."""
    opens, closes = _day(view, _OPENS), _day(view, _CLOSES)
    opens_at = instant(opens, _OPENS_AT, zone)
    also = {each.get("value") for each in given(view, _ALSO).get("selected_options") or ()}
    figures, texts = read_thresholds(view)
    return Plan(
        functions=_picked(view, _FUNCTIONS),
        teams=_picked(view, _TEAMS),
        opens_at=now if opens <= now.astimezone(zone).date() else opens_at,
        closes_at=instant(closes, _CLOSES_AT, zone),
        by_team=_BY_TEAM in also,
        remind=_REMIND in also,
        figures_from=figures,
        texts_from=texts,
    )


def read_thresholds(view: Mapping[str, Any]) -> tuple[int, int]:
    figures, texts = (typed(view, block).strip() for block in (_FIGURES, _TEXTS))
    if not all(each.isascii() and each.isdigit() for each in (figures, texts)):
        raise Refusal("A threshold is a number, such as 5.")
    return int(figures), int(texts)


def read_mode(view: Mapping[str, Any]) -> tuple[Mode, str]:
    said = picked(view, _MODE)
    if said not in [mode.value for mode in Mode]:
        raise Refusal("Please choose one of the two modes.")
    return Mode(said), typed(view, _SENTENCE)


def _day(view: Mapping[str, Any], block: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(given(view, block).get("selected_date")))
    except ValueError:
        raise Refusal("Please pick the day on which it opens, and the one on which it closes.") from None


def _picked(view: Mapping[str, Any], block: str) -> list[int]:
    values = [str(each.get("value")) for each in given(view, block).get("selected_options") or ()]
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 20]
