"""Whatever people typed, nothing that is shown calls anybody, links anywhere or breaks one of Slack's limits.

The views are found by looking, and what they are given is made from their own types, so that a new one is tried too.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import importlib
import inspect
import random
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import pytest

import bot.slack
from bot.core.problems.records import Problem, State
from bot.core.problems.rules import Verdict
from bot.core.problems.wording import LABEL_MOST, TEXT_MOST, TITLE_MOST
from bot.core.replies.records import Clock, Proposal, Question
from bot.core.teams.acts import NAME_MOST
from bot.core.teams.records import Function, Team
from bot.slack import text as t
from bot.slack.desk.setting_views import VERDICTS
from bot.slack.turn import SubCommand
from bot.words import Words
from tests.slack.limits import HOSTILE, check_blocks, check_message, check_view

AT = dt.datetime(2026, 11, 18, 14, 7, tzinfo=dt.UTC)
#: What the bot puts there itself, and no person types.
OURS: dict[str, Any] = {
    "command": "/problem",
    "emoji": "jigsaw",
    "word_it": "raise.word_it",
    "day": "monday",
    "fallback": None,
    "misconduct": "C0PEOPLE01",
    "permalink": None,
    "receipt": "1234567890123456",
    "name": "U0RAISER01",
    "number": 12,
    "part": 1,
    "position": 1,
    "by": "score",
    "meant": "list",
    "raised": "Raised confidentially.",
    "style": None,
    "steward": "U0AMARA001",
    "stewards": ["U0AMARA001"],
    "period": "2026-W47",
    "open_count": "12",
    "shown_as": "1",
    "listener": None,
    "usage": "show N",
    "state": "open",
    "groups": [],
    "team_groups": None,
    "kept": [],
    "desk": [],
    "blocks": [],
    "subs": [],
    "more": "",
    "label": None,
    "reaches_at": AT,
    "moves_at": AT,
    "way": "confidential",
    "message_ts": "1763474851.000100",
    "noted": "",
    "changed": [],
    "stood": "open.waiting.",
    "in_list": "A team has it.",
    # Checked when it is kept: tests/core/test_trackers.py.
    "url": "https://tracker.example/browse/AB-1",
}
#: The same where they are of this kind: made by views that are tried here themselves, and a hash that a form brings back.
MADE: dict[tuple[str, Any], Any] = {
    ("standing", str): "Where it stands.",
    ("changed", Sequence[str]): ["What has happened since."],
    ("seen", str): "0123456789abcdef",
}
#: Their inputs must fit together, so they are tried with hostile words where they are made: by hypothesis, in the
#: tests of their own rooms.
ELSEWHERE = {
    *("editions.views.edition_message", "editions.thread_views.edition_thread", "teams.views.team_groups"),
    *(
        "raising.check_views.found",
        "raising.check_views.places",
        "desk.waiting_views.desk_blocks",
        "desk.views.desk_form",
    ),
    *("receipt.views.letters", "receipt.word_views.words_form"),
    *("pulse.answer_views.first_page", "pulse.answer_views.second_page", "pulse.result_views.results_form"),
    "merging.views.offered",
    # Text for a field, which shows everything as it was typed; and a menu of the same things as its page.
    *("tracking.views.copied", "examples.views.examples_form"),
    *(
        "pilot.report_views.blocks",
        "pilot.report_views.post",
        "pilot.report_views.text",
        "desk.step_views.step_form",
    ),
    *("pulse.views.silence", "pulse.views.silence_texts", "pulse.desk_views.plan_form"),
}
LENGTHS = {
    "own": NAME_MOST,
    "title": TITLE_MOST,
    "team": NAME_MOST,
    "label": LABEL_MOST,
    "overruled_because": 600,
}


def found() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of a module of views that puts something in words."""
    root = Path(bot.slack.__path__[0])
    paths = [*root.glob("*/*views.py"), root / "cards.py", root / "explaining.py"]
    for path in sorted(paths):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        room = importlib.import_module(f"bot.slack.{name}")
        for each, view in inspect.getmembers(room, inspect.isfunction):
            mine = view.__module__ == room.__name__ and not each.startswith("_")
            if mine and f"{name}.{each}" not in ELSEWHERE and "words" in inspect.signature(view).parameters:
                yield f"{name}.{each}", view


class Maker:
    """Makes what a view asks for, with hostile words in every text that a person can have typed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def arguments(self, view: Callable[..., Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(view)
        return {name: self.make(name, hints[name]) for name in inspect.signature(view).parameters}

    def make(self, name: str, kind: Any) -> Any:
        if kind is Words:
            return Words.of("en")
        if name in OURS and not (isinstance(kind, type) and issubclass(kind, enum.Enum)):
            return OURS[name]
        if (kind is str or kind == Sequence[str]) and (name, kind) in MADE:
            return MADE[name, kind]
        if name in ("labels", "functions") and kind == Sequence[tuple[str, str]]:
            return [(f"code{number}", self.text(name)) for number in range(3)]  # of menus: the code is ours
        if name == "functions" and kind == Sequence[tuple[int, str]]:
            return [(number, self.text(name)) for number in range(3)]
        of, inside = typing.get_origin(kind), typing.get_args(kind)
        if of is typing.Literal:
            return self.chance.choice(inside)
        if kind is Verdict and name == "verdict":
            return self.chance.choice(list(VERDICTS))  # one that a steward can say
        if Any in inside and name in ("opens", "tracking"):
            return t.button("A button that is in words already", "some.act", "1")
        if Any in inside:
            return t.section("A line that is in words already.")  # a block
        if of in (types.UnionType, typing.Union):
            wanted = [each for each in inside if each is not type(None)]
            none = len(wanted) < len(inside) and self.chance.random() < 0.2
            return None if none else self.make(name, self.chance.choice(wanted))
        if of is tuple and name == "said":
            return "A line.", [t.section("A line that is in words already.")]  # a message of another view
        if isinstance(of, type) and issubclass(of, tuple) and inside[-1:] != (Ellipsis,):
            return tuple(self.make(name, each) for each in inside)
        if isinstance(of, type) and issubclass(of, Mapping):
            return {
                self.text(name) if inside[0] is str else self.make(name, inside[0]): self.make(
                    name, inside[1]
                )
            }
        if isinstance(of, type) and issubclass(of, AbstractSet):
            return frozenset(self.make(name, inside[0]) for _ in range(2))
        if isinstance(of, type) and issubclass(of, Sequence):
            made = [self.make(name, inside[0]) for _ in range(self.chance.randrange(4))]
            return tuple(made) if of is tuple else made
        return self._plain(name, kind)

    def _plain(self, name: str, kind: Any) -> Any:
        if kind is str:
            return self.text(name)
        if kind is bool:
            return self.chance.random() < 0.5
        if kind in (int, float):
            return kind(self.chance.randrange(1, 9))
        if kind is dt.datetime:
            return AT
        if kind is dt.date:
            return AT.date()
        if kind is bytes:
            return name.encode()
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self.chance.choice(list(kind))
        if kind in _ROWS:
            return _ROWS[kind](self)
        if dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            return kind(
                **{each.name: self.make(each.name, hints[each.name]) for each in dataclasses.fields(kind)}
            )  # type: ignore[operator]
        if getattr(kind, "_is_protocol", False):
            return types.SimpleNamespace(
                **{each: self.make(each, of) for each, of in typing.get_type_hints(kind).items()}
            )
        raise TypeError(f"{name}: {kind}")

    def text(self, name: str) -> str:
        """Hostile words as long as this text may be; what is stored is stripped and never empty."""
        most = LENGTHS.get(name, TEXT_MOST)
        words = self.chance.choice(HOSTILE)
        words = " ".join([words] * self.chance.choice([1, 1, 30]))[:most].strip()
        return words if any(each.isalnum() for each in words) else f"a {words}"[:most].strip()


def _team(make: Maker) -> Team:
    function = Function(id=make.chance.getrandbits(40), name=make.text("team"))
    return Team(id=make.chance.getrandbits(40), name=make.text("team"), function=function, dissolved=False)


def _problem(make: Maker) -> Problem:
    return Problem(
        id=make.chance.getrandbits(40),
        number=12,
        raised_as="confidential",
        raised_week=AT.date(),
        state=make.chance.choice([State.OPEN, State.NEW, State.CLOSED]).value,
        label=None,
        finding=None,
        title=make.text("title"),
        hardship=make.text(""),
        tried=make.text(""),
        guardrails=make.text(""),
        closing=make.text(""),
        no_more_questions=False,
        agreed=True,
        attempts=1,
    )


def _question(make: Maker) -> Question:
    answer = make.text("") if make.chance.random() < 0.5 else None
    ident = make.chance.getrandbits(40)
    return Question(id=ident, problem_id=1, steward="U0AMARA001", text=make.text(""), answer=answer)


def _proposal(make: Maker) -> Proposal:
    words = {"title": make.text("title"), "hardship": make.text(""), "tried": make.text(""), "guardrails": ""}
    return Proposal(id=make.chance.getrandbits(40), problem_id=1, by_raiser=False, **words)


def _sub(_make: Maker) -> SubCommand:
    return SubCommand("show", "show N", "one problem by its number", lambda _turn, _rest: None)


_ROWS: dict[Any, Callable[[Maker], Any]] = {
    Team: _team,
    Problem: _problem,
    Question: _question,
    Proposal: _proposal,
    SubCommand: _sub,
    Clock: lambda _make: Clock(problem_id=1, began_at=AT, due_at=AT),
}


def check(made: Any) -> None:
    """Hold what a view made against Slack's limits, as what it is: a message, its text, a view, blocks, buttons."""
    if made is None:
        return  # nothing is to be shown
    if isinstance(made, tuple):
        check_message(*made)
    elif isinstance(made, str):
        check_message(made or "nothing", [t.section("A line.")])
    elif isinstance(made, list):
        check_blocks([t.buttons(each) if each["type"] == "button" else each for each in made], None)
    elif made["type"] in ("modal", "home"):
        check_view(made)
    else:
        check([made])


@pytest.mark.parametrize("name", [name for name, _ in found()])
def test_hostile_words_stay_words_and_within_slacks_limits(name: str) -> None:
    view = dict(found())[name]
    for seed in range(25):
        check(view(**Maker(random.Random(f"{name} {seed}")).arguments(view)))


def test_the_check_finds_a_view_that_forgets_to_escape() -> None:
    with pytest.raises(AssertionError, match="a mark of Slack's"):
        check(("said", [t.section(HOSTILE[0])]))
