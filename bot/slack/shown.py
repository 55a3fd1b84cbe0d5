"""What may be shown of a problem, read once from its rows; every view of one is made of this.

Everything here was made public by an edition or by whoever raised it; nothing is counted live.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.core.problems import evidence, helping, merge_queries, queries
from bot.core.problems.merge_queries import APART, Public
from bot.core.problems.records import PUBLISHED, Ending, Problem, RaisedAs, State
from bot.core.problems.rules import Finding
from bot.core.replies import queries as replies
from bot.slack.doing import NOTHING, Done, done_about


@dataclass(frozen=True, slots=True)
class Named:
    """Another problem, as it is mentioned beside one."""

    id: int
    title: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a problem to somebody who may see it; texts are as typed, nothing is escaped.

    finding, overruled_because: as the last edition knew them. permalink: of a tagged message in a public
    channel. name: the id of a raiser who chose to show it. beside: what asked teams say, by the team's name.
    early: why two stewards published it before those teams' time was over. done: what is being done about it.
    merged: it goes on in another one; goes_on: which that is; also: those that were merged into it, as far as
    everybody may read them.
    """

    id: int
    title: str
    hardship: str = ""
    tried: str = ""
    guardrails: str = ""
    label: str | None = None
    number: int | None = None
    state: str = State.OPEN.value
    finding: Finding | None = None
    overruled_because: str | None = None
    closing: str | None = None
    permalink: str | None = None
    name: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    early: tuple[str, ...] = ()
    done: Done = NOTHING
    merged: bool = False
    goes_on: Named | None = None
    also: tuple[Named, ...] = ()

    @classmethod
    def of(
        cls,
        problem: Problem,
        *,
        permalink: str | None = None,
        beside: Iterable[tuple[str, str]] = (),
        early: Iterable[str] = (),
        helping: Sequence[str] = (),
        merges: Public = APART,
    ) -> Shown:
        """A problem's public words; `permalink` is given where the tagged message is in a public channel.

        `beside` and `early`: what `replies.beside` and `replies.early_sentences` found; `merges`: what
        `merge_queries.for_everybody` did.
        """
        named = problem.raised_as == RaisedAs.NAMED.value and problem.state in PUBLISHED
        return cls(
            id=problem.id,
            title=problem.title,
            hardship=problem.hardship,
            tried=problem.tried,
            guardrails=problem.guardrails,
            label=problem.label,
            number=problem.number,
            state=problem.state,
            finding=evidence.finding_of(problem),
            overruled_because=evidence.overruled_because(problem),
            closing=problem.closing,
            permalink=permalink,
            name=problem.raiser if named else None,
            beside=tuple(beside),
            early=tuple(early),
            done=done_about(problem, helping),
            merged=problem.ending == Ending.MERGED.value,
            goes_on=_named(merges.goes_on) if merges.goes_on is not None else None,
            also=tuple([_named(each) for each in merges.also]),
        )

    @property
    def published(self) -> bool:
        return self.number is not None and self.state in PUBLISHED

    @property
    def taken_down(self) -> bool:
        return self.state == State.TAKEN_DOWN.value

    @property
    def open(self) -> bool:
        return self.state in (State.NEW.value, State.ASKED.value, State.OPEN.value, State.RESTING.value)


def whole(session: Session, problem: Problem) -> Shown:
    """A problem with all that everybody who may read it finds beside it."""
    tag = queries.tag_of(session, problem)
    return Shown.of(
        problem,
        permalink=tag.permalink if tag else None,
        beside=[(said.name, said.text or "") for said in replies.beside(session, problem)],
        early=replies.early_sentences(session, problem),
        helping=helping.teams_that_help(session, problem),
        merges=merge_queries.for_everybody(session, problem),
    )


def _named(problem: Problem) -> Named:
    return Named(problem.id, problem.title, problem.number)
