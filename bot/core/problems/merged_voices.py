"""People who said "hits us too" of two problems that became one count once, as far as they can be found.

Only people who are known to belong to a team are looked for, by their hash under both salts, in memory. What is
kept is that a voice is counted elsewhere already: not whose it is, nor which other one is the same person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.problems.records import Act, Confirmation, Inbox, Problem
from bot.core.teams.records import Choice, Membership

#: A voice of a problem, and the team that it counts for; none for somebody without one.
_Voices = dict[tuple[int, bytes], int | None]


def mark_twins(session: Session, together: Sequence[Problem], kit: Kit) -> None:
    """Mark anew, among problems that are one, every voice of somebody who is counted already.

    Voices for two different teams are both counted: marked, they would tell who has changed teams.
    """
    idents = [problem.id for problem in together]
    here = Confirmation.problem_id.in_(idents)
    session.execute(sa.update(Confirmation).where(here, Confirmation.twin).values(twin=False))
    waiting = _waiting(session, idents)
    for row in waiting:
        row.body = {name: said for name, said in row.body.items() if name != "twin"}
    if len(together) > 1:
        _mark(
            session,
            _found(together, _voices(session, here, waiting), _known(session, together), kit),
            waiting,
        )
    session.flush()


def _waiting(session: Session, idents: list[int]) -> list[Inbox]:
    """Today's words, which the next batch moves."""
    theirs = (Inbox.problem_id.in_(idents), Inbox.act == Act.CONFIRM.value)
    return list(session.scalars(sa.select(Inbox).where(*theirs)))


def _voices(session: Session, here: sa.ColumnElement[bool], waiting: Iterable[Inbox]) -> _Voices:
    rows = session.execute(
        sa.select(Confirmation.problem_id, Confirmation.voice, Confirmation.team_id).where(here)
    )
    voices: _Voices = {(ident, bytes(voice)): team for ident, voice, team in rows}
    for row in waiting:
        key = (row.problem_id or 0, bytes(row.mark))
        voices.pop(key, None)
        if row.body["standing"]:
            voices[key] = row.body["team"]
    return voices


def _known(session: Session, together: Iterable[Problem]) -> list[str]:
    """Everybody who is known to belong to a team, and raisers whose ids stand in clear."""
    people = set(session.scalars(sa.union(sa.select(Membership.person), sa.select(Choice.person))))
    return sorted(people | {problem.raiser for problem in together if problem.raiser is not None})


def _found(
    together: Sequence[Problem], voices: _Voices, people: list[str], kit: Kit
) -> set[tuple[int, bytes]]:
    # A raiser is a voice as well; of one whose address is sealed nothing is asked here.
    counted = {(each.raiser, each.raiser_team_id) for each in together if each.raiser is not None}
    twins = set()
    for problem in together:
        try:
            theirs = kit.sealing.voices(people, salt=problem.salt or b"", mark=problem.salt_mark or b"")
        except Unreadable:
            continue  # nobody can be told apart here any more: a team counts as its larger number
        for person, voice in zip(people, theirs, strict=True):
            if (problem.id, voice) not in voices:
                continue
            speaks = (person, voices[problem.id, voice])
            if speaks in counted:
                twins.add((problem.id, voice))
            counted.add(speaks)
    return twins


def _mark(session: Session, twins: set[tuple[int, bytes]], waiting: Iterable[Inbox]) -> None:
    for row in waiting:
        if (row.problem_id or 0, bytes(row.mark)) in twins:
            row.body = {**row.body, "twin": True}
    for ident, voice in sorted(twins):
        this = (Confirmation.problem_id == ident, Confirmation.voice == voice)
        session.execute(sa.update(Confirmation).where(*this).values(twin=True))
