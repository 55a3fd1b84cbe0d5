"""A closed wave's results, the same for everybody who was asked: figures with how many they stand on, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.pulse import rules
from bot.core.pulse.instrument import MOST, Instrument, Item, Kind
from bot.core.pulse.results import EVERYBODY, About, Change, Figure, Results
from bot.slack import text as t
from bot.slack.fields import form, option
from bot.slack.pulse.views import CUT
from bot.words import Words

#: The form that shows them.
FORM: Final = "pulse.shown"
_OPTIONS, _ROOM, _TEXTS_ROOM = 100, 92, 12


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person looks at. key: the group; about: what functions say of one another, as far as this one may see."""

    wave: int
    closed_at: dt.datetime
    asks: Instrument
    results: Results
    key: str = EVERYBODY
    about: Sequence[About] = ()


def results_form(words: Words, seen: Seen) -> dict[str, Any]:
    """What was found, the cut, each question, how to read them, and for everybody together what has no cut."""
    found = seen.results
    blocks = [t.section(_head(words, seen))]
    if len(found.groups) > 1:
        blocks.append(_cuts(words, seen))
    items = [item for item in seen.asks.items if item.kind in (Kind.AGREE, Kind.CHOICE)]
    if found.answered is not None:
        blocks += [t.section(_item(words, seen, item)) for item in items]
    blocks.append(t.context(_how_to_read(words, seen)))
    rest: list[dict[str, Any]] = []
    if seen.key == EVERYBODY:
        rest += _about_blocks(words, seen)
        rest += _text_blocks(seen)
    room = _ROOM - len(blocks)
    if len(rest) > room:
        rest = [*rest[:room], t.context(words("There is more than fits here."))]
    return form(words, words("The pulse's results"), FORM, [*blocks, *rest], metadata=str(seen.wave))


def _head(words: Words, seen: Seen) -> str:
    found, date = seen.results, t.date(seen.closed_at)
    if found.answered is None:
        return words(
            "*Closed on {date}.* Fewer than {least} of the {invited} who were asked have answered, so nothing is shown. "
            "That is no finding: many good places are quiet the first time.",
            date=date,
            least=found.figures_from,
            invited=found.invited,
        )
    who = words(
        "*Closed on {date}.* {answered} of {invited} answered. Everybody who was asked sees exactly this.",
        date=date,
        answered=found.answered,
        invited=found.invited,
    )
    return "\n".join([*_found(words, seen), who])


def _found(words: Words, seen: Seen) -> list[str]:
    """What goes best and what is hardest, of the questions that are shown for this group; where agreeing is the
    harder news, the other way round."""
    told: list[tuple[float, Item, Figure]] = []
    for item in seen.asks.items:
        figure = seen.results.items.get(item.id, {}).get(seen.key)
        if item.kind is Kind.AGREE and figure is not None and figure.mean is not None:
            good = MOST + 1 - figure.mean if item.reversed else figure.mean
            told.append((good, item, figure))
    if len(told) < 2:
        return []
    told.sort(key=lambda each: each[0])
    (_, hard, low), (_, best, high) = told[0], told[-1]
    return [
        words("*Goes best:* “{item}” {mean}.", item=_asked(best), mean=_mean(words, high)),
        words("*Is hardest:* “{item}” {mean}.", item=_asked(hard), mean=_mean(words, low)),
    ]


def _asked(item: Item) -> str:
    return t.cut_escaped(t.one_line(item.text), 200)


def _how_to_read(words: Words, seen: Seen) -> str:
    said = t.escaped(seen.asks.about)
    if seen.results.intervals:
        said += " " + words(
            "Behind each mean stands where it may lie: of a hundred such ranges about 95 hold the truth. "
            "Small groups have wide ones, and that is the point."
        )
    else:
        said += " " + words("Ranges are missing: the operator can install the extra `reports`.")
    if seen.results.rate_moved:
        said += " " + words(
            "*More or fewer people answered than the last time, by over 15 points of a hundred: a change may be that.*"
        )
    return said


def _cuts(words: Words, seen: Seen) -> dict[str, Any]:
    """Groups by name, never by figure."""
    listed = sorted(
        seen.results.groups, key=lambda each: (each.key != EVERYBODY, each.team, each.name.casefold())
    )
    options = []
    for named in listed[:_OPTIONS]:
        name = named.name if named.key != EVERYBODY else words("Everybody who was asked")
        options.append(option(words("Team {team}", team=name) if named.team else name, named.key))
    chosen = next((each for each in options if each["value"] == seen.key), options[0])
    menu = {"type": "static_select", "action_id": CUT, "options": options, "initial_option": chosen}
    return t.section(words("*Whose answers*"), accessory=menu)


def _item(words: Words, seen: Seen, item: Item) -> str:
    head = f"*{t.cut_escaped(item.text, 700)}*"
    figure = seen.results.items.get(item.id, {}).get(seen.key)
    if figure is None:
        return f"{head}\n" + words("Not shown: too few here, or somebody few could be computed from it.")
    if item.kind is Kind.CHOICE:
        lines = [f"{t.cut_escaped(text, 150)}: {_share(words, figure, code)}" for code, text in item.options]
        return "\n".join([head, *lines, words("{n} answers", n=figure.n)])
    lines = [head, f"{_bar(figure)} {_mean(words, figure)}", _bands(words, figure)]
    if item.reversed:
        lines.append(words("_Agreeing is the harder news here._"))
    change = seen.results.changes.get(item.id, {}).get(seen.key)
    if change is not None:
        lines.append(_changed(words, change))
    linked = seen.results.linked.get(item.id)
    if linked is not None and seen.key == EVERYBODY:
        lines.append(_linked(words, linked))
    return "\n".join(lines)


def _share(words: Words, figure: Figure, code: str) -> str:
    share = _percent(figure.counts.get(code, 0), figure.n)
    if code not in figure.ranges:
        return share
    low, high = figure.ranges[code]
    return words("{share} (from {low} to {high})", share=share, low=_percent(low, 1), high=_percent(high, 1))


def _mean(words: Words, figure: Figure) -> str:
    if figure.mean is None:
        return words("{n} answers", n=figure.n)
    if figure.low is None or figure.high is None:
        return words("{mean} of {most}, {n} answers", mean=_one(figure.mean), most=MOST, n=figure.n)
    return words(
        "{mean} of {most} (from {low} to {high}), {n} answers",
        mean=_one(figure.mean),
        most=MOST,
        low=_one(max(1.0, figure.low)),
        high=_one(min(float(MOST), figure.high)),
        n=figure.n,
    )


def _bar(figure: Figure) -> str:
    full = round(figure.mean or 0)
    return "▰" * full + "▱" * (MOST - full)


def _bands(words: Words, figure: Figure) -> str:
    low, middle, high = rules.bands(figure.points())
    return words(
        "rather agree {agree}, in between {middle}, rather not {low}",
        agree=_percent(high, figure.n),
        middle=_percent(middle, figure.n),
        low=_percent(low, figure.n),
    )


def _changed(words: Words, change: Change) -> str:
    where = _between(words, change.low, change.high)
    return words(
        "Since the last time: {difference}{where}. Pick one answer from each: the later one is higher in {higher} of "
        "cases, lower in {lower}.",
        difference=_signed(change.difference),
        where=where,
        higher=_percent(change.higher, 1),
        lower=_percent(change.lower, 1),
    )


def _linked(words: Words, figure: Figure) -> str:
    return words(
        "Of the {n} who chose to be compared: {difference}{where}.",
        n=figure.n,
        difference=_signed(figure.mean or 0.0),
        where=_between(words, figure.low, figure.high),
    )


def _between(words: Words, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return words(" (between {low} and {high})", low=_signed(low), high=_signed(high))


def _about_blocks(words: Words, seen: Seen) -> list[dict[str, Any]]:
    """Who sees whom how: two functions at a time, each question with both directions below one another.

    In words and figures alone: a screen reader says every mark of a bar, and a phone has no room for a table.
    """
    if not seen.about:
        return []
    said = words(
        "*How functions see one another*\nTwo functions at a time: what each says of the other, where five or more of it "
        "have answered. For two weeks these two alone see it."
    )
    blocks: list[dict[str, Any]] = [{"type": "divider"}, t.section(said)]
    pairs: dict[frozenset[int], list[About]] = {}
    for each in seen.about:
        pairs.setdefault(frozenset((each.by, each.of)), []).append(each)
    items = seen.asks.page(2, Kind.ABOUT)
    for both in pairs.values():
        one, other = sorted((both[0].by_name, both[0].of_name), key=str.casefold)
        lines = [words("*{one} and {other}*", one=_name(one), other=_name(other))]
        for item in items:
            told = sorted(
                [each for each in both if item.id in each.items], key=lambda each: each.by_name.casefold()
            )
            if told:
                lines.append(f"_{t.cut_escaped(t.one_line(item.text), 300)}_")
            lines += [
                words(
                    "• {by} says of {of}: {figure}",
                    by=_name(each.by_name),
                    of=_name(each.of_name),
                    figure=_mean(words, each.items[item.id]),
                )
                for each in told
            ]
        blocks += _sections(lines)
    return blocks


def _name(function: str) -> str:
    return t.cut_escaped(t.one_line(function), 200)


def _sections(lines: Sequence[str]) -> list[dict[str, Any]]:
    """As few sections as hold these lines, none of them cut."""
    held = [""]
    for line in lines:
        whole = f"{held[-1]}\n{line}" if held[-1] else line
        held = [*held[:-1], whole] if len(whole) <= t.SECTION else [*held, line]
    return [t.section(text) for text in held]


def _text_blocks(seen: Seen) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for item in seen.asks.items:
        several = seen.results.texts.get(item.id, ())
        if several:
            blocks.append(t.section(f"*{t.cut_escaped(item.text, 700)}*"))
            listed = "\n".join(f"• {t.one_line(text)}" for text in several)
            blocks += [t.section(piece) for piece in t.pieces(listed)[:_TEXTS_ROOM]]
    return blocks


def _one(value: float) -> str:
    return f"{value:.1f}"


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}".replace("-", "\u2212").replace("+0.0", "0.0")


def _percent(part: float, whole: float) -> str:
    return f"{round(100 * part / whole)} %" if whole else "0 %"
