"""The report of a pilot: a pure function of what was written down and of the facts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.core.pilot import felt_figures, flow_figures, hour_figures, plots, tables
from bot.core.pilot.facts_rules import Facts, Side, Stage, by_function, funnel
from bot.core.pilot.naming import changes_read, figure_names, lines_read
from bot.core.pilot.queries import Standing
from bot.core.pilot.rules import FEWEST, Call, Figure, Times
from bot.core.pilot.saying import called
from bot.core.pilot.shown import Picture, Report, Section, Shown, day
from bot.words import Words


def report(words: Words, standing: Standing, facts: Facts, *, pictures: bool = True) -> Report:
    """Everything that is said; `pictures` take seconds to draw, and what is read in a form has none.

    Raises `figures.MissingLibraries` without scipy, ValueError for a draft.
    """
    times = standing.times
    if times is None:
        raise ValueError("a draft has no report")
    sections = [_called(words, standing, section) for section in _sections(words, facts)]
    if pictures:
        drawn = _pictures(words, facts, sections)
        sections = [replace(section, picture=drawn.get(section.key)) for section in sections]
    return Report(
        title=words("What the pilot was worth") if facts.over else words("The pilot so far"),
        lead=_lead(words, standing, times, facts, sections),
        written=_written(words, standing, times),
        changes=changes_read(words, standing),
        cannot=_cannot(words, facts),
        sections=sections,
        methods=_methods(words),
        locale=words.locale,
    )


def _sections(words: Words, facts: Facts) -> list[Section]:
    functions = by_function(facts.teams, words("other functions"))
    hours = hour_figures.hours(words, facts)
    waits = len(facts.waits) >= FEWEST
    return [
        Section(
            "participation",
            words("Who took part"),
            [flow_figures.participation(words, facts)],
            notes=_hidden(words, "participation", facts),
            table=tables.of_participation(words, functions),
        ),
        Section(
            "answers",
            words("How long people waited for an answer"),
            [flow_figures.answered_in_time(words, facts), flow_figures.median_wait(words, facts)],
            table=tables.of_waits(words, facts) if waits else None,
        ),
        Section(
            "funnel",
            words("What became of the problems"),
            [
                flow_figures.confirmed(words, facts),
                flow_figures.reversed_later(words, facts),
                flow_figures.came_back(words, facts),
            ],
            table=tables.of_funnel(words, facts) if facts.problems else None,
        ),
        Section(
            "crossings",
            words("Where problems cross"),
            table=tables.of_crossings(words, facts),
            notes=[]
            if tables.of_crossings(words, facts)
            else [words("No two functions share three problems or more, so nothing is drawn.")],
        ),
        Section("guardrails", words("What fixes must not do"), [flow_figures.guardrails(words, facts)]),
        Section(
            "hours",
            words("What it gave back, and what it cost"),
            [hour_figures.hours_for_hours(words, facts), *hours],
            notes=[
                words(
                    "Hours are what people gave as a range; lows are added to lows, highs to highs. "
                    "They are an order of magnitude, and no saving that anybody can book."
                )
            ],
        ),
        Section(
            "tone",
            words("How contacts felt"),
            felt_figures.tone(words, facts),
            notes=[_of_when(words, facts)],
            table=tables.of_tone(words, facts),
        ),
        Section(
            "cost",
            words("What raising cost people"),
            [felt_figures.raising_cost(words, facts)],
            notes=[_of_when(words, facts)],
        ),
        Section(
            "pulse",
            words("How it is to raise things here, before and after"),
            [felt_figures.pulse(words, facts)],
            notes=[words("The pulse is no validated scale; it is compared with itself alone.")],
            table=tables.of_pulse(words, facts),
        ),
    ]


def _of_when(words: Words, facts: Facts) -> str:
    """Of which time answers are that carry no day."""
    if facts.felt_since_start:
        return words(
            "Answers carry no day and are shown five at a time, so these are what was added since the pilot was started: "
            "up to four from just before may be among them, and the last four may be missing."
        )
    return words("These are all answers so far, also those from before the pilot: answers carry no day.")


def _pictures(words: Words, facts: Facts, sections: Sequence[Section]) -> dict[str, Picture | None]:
    hours = next(section.figures for section in sections if section.key == "hours")[1:]
    return {
        "participation": plots.of_participation(words, by_function(facts.teams, words("other functions"))),
        "answers": plots.of_waits(words, facts) if len(facts.waits) >= FEWEST else None,
        "funnel": plots.of_funnel(words, facts) if facts.problems else None,
        "crossings": plots.of_crossings(words, facts),
        "hours": plots.of_hours(words, hours),
        "tone": plots.of_tone(words, facts),
        "pulse": plots.of_pulse(words, facts),
    }


def _hidden(words: Words, what: str, facts: Facts) -> Sequence[str]:
    if what == "participation" and len({team.function for team in facts.teams}) == 1:
        return [
            words(
                "All of these teams are of one function, so this says nothing of how functions work together."
            )
        ]
    return []


def _called(words: Words, standing: Standing, section: Section) -> Section:
    lines = standing.definition.lines
    read = [
        called(words, figure, lines.get(Figure(figure.key)) if figure.key in set(Figure) else None)
        for figure in section.figures
    ]
    return replace(section, figures=read)


def _lead(
    words: Words, standing: Standing, times: Times, facts: Facts, sections: Sequence[Section]
) -> list[str]:
    calls: Counter[Call] = Counter(
        figure.call for section in sections for figure in section.figures if figure.call
    )
    open_ = calls[Call.OPEN] + calls[Call.NOTHING]
    said = [
        words(
            "Counted over {weeks} of {all} whole weeks, from {start} up to {end}.",
            weeks=facts.weeks,
            all=times.weeks,
            start=day(times.starts),
            end=day(facts.counted_to - dt.timedelta(days=1)),
        )
    ]
    if standing.ended_because:
        said.append(words("It was ended early: {because}", because=standing.ended_because))
    told = [
        (
            calls[Call.CONTINUE],
            words.many("{n} line says continue", "{n} lines say continue", calls[Call.CONTINUE]),
        ),
        (
            calls[Call.CHANGE],
            words.many("{n} says change something", "{n} say change something", calls[Call.CHANGE]),
        ),
        (calls[Call.STOP], words.many("{n} says stop", "{n} say stop", calls[Call.STOP])),
        (
            open_,
            words.many(
                "{n} can't be answered from these numbers", "{n} can't be answered from these numbers", open_
            ),
        ),
    ]
    if open_ < calls.total():
        said.append("; ".join(text for count, text in told if count) + ".")
    else:
        said.append(
            words(
                "No line can be answered. Whoever decides now decides without these figures, and should say so."
            )
        )
    if calls[Call.STOP]:
        said.append(words("Stopping is a respectable result: the question has an answer."))
    said.append(words("This report does not decide. That is for: {who}", who=standing.definition.decides))
    return said


def _written(words: Words, standing: Standing, times: Times) -> list[tuple[str, str]]:
    definition = standing.definition
    return [
        (words("The question"), definition.question),
        (words("Functions"), ", ".join(standing.functions) or words("all")),
        (
            words("Weeks"),
            words(
                "{intake} of intake until {intake_ends}, then {follow} of follow-through until {ends}; decisions are "
                "reviewed after {review}.",
                intake=definition.intake_weeks,
                intake_ends=day(times.intake_ends - dt.timedelta(days=1)),
                follow=definition.follow_weeks,
                ends=day(times.ends - dt.timedelta(days=1)),
                review=definition.review_weeks,
            ),
        ),
        (words("Who decides"), definition.decides),
        (words("What the data will not be used for"), definition.not_used_for),
        (words("Lines"), lines_read(words, definition.lines)),
    ]


def _cannot(words: Words, facts: Facts) -> list[str]:
    """What it is too early for, or what nobody has said."""
    counts, said = funnel(facts.problems), []
    if not facts.over:
        said.append(words("The pilot still runs: later weeks are missing here."))
    if counts[Stage.RAISED] == 0:
        said.append(
            words(
                "No problem was raised in these weeks. Silence is a question to the stewards, and no success."
            )
        )
    elif counts[Stage.CONFIRMED] == 0:
        said.append(
            words("No problem is confirmed as solved, so nothing can be said of what solving them was worth.")
        )
    tried = sum(
        each.stage is Stage.TRIED and not (each.partly or each.denied or each.asked)
        for each in facts.problems
    )
    if tried:
        said.append(
            words.many(
                "For {n} problem something is being tried; whether it helps is not known.",
                "For {n} problems something is being tried; whether it helps is not known.",
                tried,
            )
        )
    if facts.decisions > facts.reviewed:
        waits = facts.decisions - facts.reviewed
        said.append(
            words.many("{n} decision was not reviewed yet.", "{n} decisions were not reviewed yet.", waits)
        )
    early = sum(each.came_back is None and each.stage is Stage.CONFIRMED for each in facts.problems)
    if early:
        said.append(
            words.many(
                "{n} solved problem is too young (or unanswered) to know whether it holds for a month.",
                "{n} solved problems are too young (or unanswered) to know whether they hold for a month.",
                early,
            )
        )
    if facts.spent and facts.weeks_with_hours < facts.weeks:
        said.append(
            words("For some weeks no steward has said what they took; hours spent are too low by that much.")
        )
    names = figure_names(words)
    said += [
        words("{figure}: nothing was collected.", figure=names[each])
        for each in Figure
        if each.value in facts.missing
    ]
    if not any(facts.tone.get(side) for side in Side):
        said.append(words("No contact between stewards and functions was rated."))
    said.append(
        words(
            "It has no comparison: nobody knows what the same weeks would have been without it. Who took part chose to."
        )
    )
    return said


def _methods(words: Words) -> list[str]:
    return [
        words(
            "Intervals are 95 %: made like this, 19 of 20 hold what is true. "
            "A line is answered where all of an interval answers it."
        ),
        words(
            "Shares: Wilson's interval. Waits: Kaplan-Meier, so that what still waits counts as waiting. Means: Student's t."
        ),
        words(
            "Under five nothing is said: not of answers, nor of teams. "
            "Functions with fewer than five teams are taken together."
        ),
        words(
            "Whole weeks are counted, so this reads the same all week, "
            "and no single day can be found by comparing two reports."
        ),
    ]


def said_of(report: Report) -> list[Shown]:
    """The figures that have a line, in its order: what the pilot is judged by."""
    return [figure for figure in report.figures if figure.line is not None]
