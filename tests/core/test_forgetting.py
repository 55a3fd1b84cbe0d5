"""A person is forgotten: shown whole, hidden at once, destroyed in the sweep, and again after a restored backup."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core import tables
from bot.core.identity import erasures
from bot.core.identity.people import Actor
from bot.core.identity.records import Erasure
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, queries, tagging, triage
from bot.core.problems.records import Audit, Confirmation, Inbox, Problem, Reaction, Spoken, State
from bot.core.problems.records import Kind as Place
from bot.core.problems.telling import tell_raiser
from bot.core.problems.wording import Wording
from bot.core.replies import acts as relay
from bot.core.replies import destroyed, forgetting, moving, raising
from bot.core.replies.forgetting import Stays
from bot.core.replies.queries import as_raiser
from bot.core.replies.stored import Kind, Stored, what_is_stored
from bot.core.store import Sessions
from bot.core.teams.acts import choose, looked_up, name_contact
from bot.core.teams.records import Choice, Team
from tests.company import (
    AMARA,
    JONAS,
    ON_POSTGRES,
    ON_SQLITE,
    RAISER,
    appoint,
    person,
    published,
    run_batch,
    team,
)
from tests.conftest import new_kit

EVE = Actor("U0EVE000")


def words(title: str) -> Wording:
    return Wording(title, "For us this means waiting.")


def lived(sessions: Sessions, kit: Kit, at: dt.datetime, who: Actor, *, tag: bool = True) -> dict[str, int]:
    """Everything that a person can leave behind, some of it moved by a batch and some of it of today."""
    appoint(sessions)
    with sessions.begin() as session:
        checkout = team(session, kit, "Checkout", [who, person(1)]).id
        legal = team(session, kit, "Legal").id
        first, second = (published(session, kit, at, title=f"Number {n}").id for n in (1, 2))
        choose(session, who, team=legal)
        name_contact(session, AMARA, team=checkout, contact=who.person)
        looked_up(session, b"m" * 16, who.person, on=at.date())
        acts.raise_confidential(session, who, words("Sealed"), form="V1", kit=kit)
        acts.confirm(session, who, first, kit=kit)
        acts.follow_up(session, who, first, acts.Told((1, 2)), kit=kit)
        acts.give_answer(session, who, first, needed_from=frozenset({legal}), ownership=None, kit=kit)
        acts.confirm(session, person(1), first, kit=kit)
        named = acts.raise_named(session, who, words("Named"), form="V2", kit=kit, at=at)
        assert named is not None
        if tag:
            place = {"channel": "C1", "message_ts": "1.2"}
            tagging.tag(session, who, **place, place=Place.PUBLIC, permalink=None, kit=kit, at=at)
            tagging.note(
                session,
                **place,
                person=who.person,
                emoji="jigsaw",
                event_ts="1.3",
                there=True,
                kit=kit,
                at=at,
            )
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        sealed = session.scalars(sa.select(Problem).where(Problem.title == "Sealed")).one().id
        question = relay.ask(session, AMARA, sealed, "Since when?", kit=kit, at=at, news_at=at)
        moving.carry(session)
        session.refresh(question)
        raising.answer_question(session, as_raiser(session, who, sealed, kit), question.id, "March", kit=kit)
        acts.raise_confidential(session, who, words("Of today"), form="V3", kit=kit)
        acts.confirm(session, who, second, kit=kit)
        return {"first": first, "second": second, "sealed": sealed, "named": named.id, "legal": legal}


def listed(sessions: Sessions, kit: Kit, who: Actor) -> list[Stored]:
    with sessions.reading() as session:
        return what_is_stored(session, who, kit)


def kinds(found: list[Stored]) -> list[tuple[str, str]]:
    return sorted((each.kind.value, each.title or each.team or "") for each in found)


def forget(sessions: Sessions, kit: Kit, who: Actor, *, left: bool = False) -> list[Stays]:
    with sessions.begin() as session:
        return forgetting.forget(session, who, kit=kit, left=left)


def holds(sessions: Sessions, kit: Kit, who: Actor) -> list[str]:
    """Every column of every row that leads to a person with the key in hand: in clear, sealed, or by hash."""
    found = []
    with sessions.reading() as session:
        marks = {
            str(
                kit.sealing.voice(
                    who.person, salt=problem.salt, mark=problem.salt_mark or b"", purpose=purpose
                )
            )
            for problem in session.scalars(sa.select(Problem))
            if problem.salt
            for purpose in ("confirm", "follow_up", "answer")
        }
        for table in tables.metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    opened = _opened(kit, table.name, row, value)
                    if who.person in f"{value} {opened}" or str(value) in marks:
                        found.append(f"{table.name}.{name}")
    return sorted(found)


def _opened(kit: Kit, table: str, row: sa.RowMapping, value: object) -> str:
    sealed, bound = value, f"{table.rstrip('s')}:{row.get('id')}"
    if table == "outbox":
        bound = f"outbox:{row['id']}"
    elif table == "reactions":
        bound = f"reaction:{row['mark'].hex()}"
    elif table == "inbox" and isinstance(value, dict) and value.get("address"):
        sealed, bound = bytes.fromhex(value["address"]), f"inbox:{row['mark'].hex()}"
    if not isinstance(sealed, bytes) or len(sealed) < 50:
        return ""
    return kit.sealing.unseal(sealed, bound_to=bound)


def test_what_is_stored_is_everything_that_leads_to_the_person(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    lived(sessions, kit, at, EVE)
    found = listed(sessions, kit, EVE)
    assert kinds(found) == [
        ("added", "Number 1"),
        ("added", "Number 1"),
        ("choice", "Legal"),
        ("confirmed", "Number 1"),
        ("contact", "Checkout"),
        ("looked_up", ""),
        ("membership", "Checkout"),
        ("message", ""),
        ("message", ""),
        ("raised", "Named"),
        ("raised", "Sealed"),
        ("reaction", ""),
        ("tagged", ""),
        ("waiting", ""),
        ("waiting", "Number 2"),
        ("waiting", "Sealed"),
    ]
    # One line for each row, but for the answer on its way: that leads to a problem alone.
    assert len(found) == len(holds(sessions, kit, EVE)) + 1
    assert listed(sessions, kit, Actor("U0NOBODY")) == []


def test_what_is_stored_of_a_steward_are_the_steward_s_acts(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    lived(sessions, kit, at, EVE)
    found = listed(sessions, kit, AMARA)
    assert {each.kind for each in found} == {Kind.STEWARD, Kind.ACT, Kind.MESSAGE}
    assert sorted(str(each.what) for each in found if each.at) == ["asked_raiser", "published", "published"]
    assert len(found) == len(holds(sessions, kit, AMARA))


def test_forgetting_hides_at_once_and_says_what_stays(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    made = lived(sessions, kit, at, EVE)
    assert forget(sessions, kit, EVE) == [Stays.ANONYMOUS, Stays.WORDS, Stays.MEMBERSHIP, Stays.TEAMS]
    with sessions.begin() as session:
        mine = queries.mine(session, EVE, kit)
        assert (mine.problems, mine.waiting) == ([], 0)
        with pytest.raises(queries.NotFound):
            as_raiser(session, EVE, made["sealed"], kit)
        with pytest.raises(queries.NotFound):
            queries.visible(session, EVE, made["sealed"], kit)
        problem = session.get_one(Problem, made["sealed"])
        assert not tell_raiser(session, problem, kit, at=at)
        assert session.scalar(sa.select(sa.func.count()).select_from(Reaction)) == 0
        assert sorted(row.act for row in session.scalars(sa.select(Inbox))) == ["raise", "told"]
        assert session.scalar(sa.select(Team.contact).where(Team.name == "Checkout")) is None
        assert session.scalars(sa.select(Choice)).all() == []
        # The tag had nobody else; the named problem goes on without a name.
        assert session.scalar(sa.select(Problem).where(Problem.state == State.TAGGED.value)) is None
        assert session.get_one(Problem, made["named"]).raiser is None
    assert kinds(listed(sessions, kit, EVE)) == [
        ("erasure", ""),
        ("membership", "Checkout"),
        ("waiting", "Sealed"),
    ]


def test_how_much_somebody_has_said_can_t_be_read_off_what_waits_to_be_destroyed(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    forget(sessions, kit, person(8))  # who has said nothing at all
    with sessions.reading() as session:
        assert len({len(row.sealed) for row in session.scalars(sa.select(Erasure))}) == 1


def test_the_sweep_destroys_what_was_hidden_and_nothing_of_others(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    made = lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    run_batch(sessions, kit, at, days=1)
    later = at + dt.timedelta(days=2)
    assert forgetting.sweep(sessions, kit=kit, at=later, path=tmp_path / "destroyed") == 4
    assert holds(sessions, kit, EVE) == ["memberships.person"]
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Erasure)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 1
        assert session.get_one(Problem, made["sealed"]).title == "Sealed"
        assert session.get_one(Problem, made["first"]).changed
        of_today = session.scalars(sa.select(Problem).where(Problem.title == "Of today")).one()
        assert of_today.sealed_address is None
    assert forgetting.sweep(sessions, kit=kit, at=later, path=tmp_path / "destroyed") == 0
    assert kinds(listed(sessions, kit, EVE)) == [("membership", "Checkout")]


def test_what_is_said_after_forgetting_is_kept_as_always(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    with sessions.begin() as session:
        acts.raise_confidential(session, EVE, words("After"), form="V9", kit=kit)
    run_batch(sessions, kit, at, days=1)
    forgetting.sweep(sessions, kit=kit, at=at, path=tmp_path / "destroyed")
    with sessions.reading() as session:
        assert [problem.title for problem in queries.mine(session, EVE, kit).problems] == ["After"]


def test_an_erased_steward_becomes_a_steward_in_the_audit(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        triage.close(session, JONAS, ident, "Done.", kit=kit, at=at, news_at=at)
    assert forget(sessions, kit, AMARA) == [Stays.ANONYMOUS, Stays.STEWARD, Stays.ACTS]
    with sessions.reading() as session:
        trail = {row.act: row.steward for row in session.scalars(sa.select(Audit))}
        assert trail == {"published": None, "closed": JONAS.person}


def test_somebody_who_left_is_taken_out_of_teams_and_roles_too(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    lived(sessions, kit, at, AMARA)
    stays = forget(sessions, kit, AMARA, left=True)
    assert stays == [Stays.ANONYMOUS, Stays.WORDS, Stays.TEAMS, Stays.ACTS]
    run_batch(sessions, kit, at, days=1)
    forgetting.sweep(sessions, kit=kit, at=at, path=tmp_path / "destroyed")
    assert holds(sessions, kit, AMARA) == []


def test_a_sealed_address_is_destroyed_two_weeks_after_the_check_of_thirty_days(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    with sessions.begin() as session:
        for number in range(2):
            acts.raise_confidential(session, RAISER, words(f"Number {number}"), form=f"V{number}", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        closed, still_open = session.scalars(sa.select(Problem).order_by(Problem.title)).all()
        triage.close(session, AMARA, closed.id, "Done.", kit=kit, at=at, news_at=at)
        idents = (closed.id, still_open.id)
    path = tmp_path / "destroyed"
    assert forgetting.sweep(sessions, kit=kit, at=at + dt.timedelta(days=43), path=path) == 0
    assert forgetting.sweep(sessions, kit=kit, at=at + dt.timedelta(days=44), path=path) == 1
    with sessions.reading() as session:
        addresses = [session.get_one(Problem, ident).sealed_address for ident in idents]
        assert addresses[0] is None
        assert addresses[1] is not None


def backup(sessions: Sessions) -> dict[str, list[dict[str, object]]]:
    with sessions.reading() as session:
        return {
            table.name: [dict(row) for row in session.execute(sa.select(table)).mappings()]
            for table in tables.metadata.sorted_tables
        }


def restore(sessions: Sessions, kept: dict[str, list[dict[str, object]]]) -> None:
    with sessions.begin() as session:
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(sa.delete(table))
        for table in tables.metadata.sorted_tables:
            if kept[table.name]:
                session.execute(sa.insert(table), kept[table.name])


def test_a_restored_backup_forgets_again(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    made = lived(sessions, kit, at, EVE, tag=False)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:  # what no backup keeps for longer than a day is not the question here
        session.execute(sa.delete(Message))
        acts.raise_confidential(session, RAISER, words("Withdrawn"), form="V5", kit=kit)
    run_batch(sessions, kit, at, days=2)
    kept = backup(sessions)
    assert {"confirmations.voice", "problems.sealed_address", "problems.raiser", "choices.person"} < set(
        holds(sessions, kit, EVE)
    )
    forget(sessions, kit, EVE)
    forget(sessions, kit, AMARA)
    with sessions.begin() as session:
        withdrawn = session.scalars(sa.select(Problem).where(Problem.title == "Withdrawn")).one().id
        raising.withdraw(session, as_raiser(session, RAISER, withdrawn, kit), kit=kit)
        triage.close(session, JONAS, made["second"], "Done.", kit=kit, at=at, news_at=at)
    run_batch(sessions, kit, at, days=3)
    path = tmp_path / "destroyed"
    forgetting.sweep(sessions, kit=kit, at=at, path=path)
    assert EVE.person not in path.read_text()
    assert (path.stat().st_mode & 0o777) == 0o600

    restore(sessions, kept)
    assert "confirmations.voice" in holds(sessions, kit, EVE)
    with sessions.begin() as session:
        assert destroyed.replay(session, path, kit=kit) > 6
    # The list of e-mails is kept a day, and a user group would say the membership again.
    assert holds(sessions, kit, EVE) == ["looked_up.person", "memberships.person", "teams.contact"]
    with sessions.begin() as session:
        assert session.get_one(Problem, withdrawn).state == State.WITHDRAWN.value
        assert session.get_one(Problem, withdrawn).title == ""
        assert {row.steward for row in session.scalars(sa.select(Audit))} == {None}
        again = session.get_one(Problem, made["second"])
        assert again.state == State.OPEN.value
        assert not session.scalars(sa.select(Confirmation).where(Confirmation.problem_id == again.id)).all()
        acts.confirm(session, person(7), again.id, kit=kit)  # open again, and can be spoken of
        triage.close(session, JONAS, again.id, "Done.", kit=kit, at=at, news_at=at)
        assert destroyed.replay(session, path, kit=kit) == 0


def test_the_file_of_what_was_destroyed_has_no_order_of_time_and_forgets_what_it_needs_no_more(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    path = tmp_path / "destroyed"
    made = lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    forgetting.sweep(sessions, kit=kit, at=at, path=path)
    lines = path.read_text().splitlines()
    assert lines == sorted(set(lines))
    assert {line.split()[0] for line in lines} == {
        "address",
        "choice",
        "hearing",
        "raiser",
        "spoken",
        "voice",
    }
    with sessions.begin() as session:
        triage.close(session, JONAS, made["first"], "Done.", kit=kit, at=at, news_at=at)
    later = at + destroyed.KEPT + dt.timedelta(days=7)
    forgetting.sweep(sessions, kit=kit, at=later, path=path)
    kept = {line.split()[0] for line in path.read_text().splitlines()}
    assert kept == {"address", "raiser", "voices"}


@ON_POSTGRES
def test_two_workers_who_note_at_once_lose_no_line(
    sessions: Sessions, at: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, has_read, goes_on = tmp_path / "destroyed", threading.Event(), threading.Event()
    read = destroyed._read

    def slowly(where: Path) -> list[str]:
        lines = read(where)
        if threading.current_thread().name == "slow":
            has_read.set()
            goes_on.wait(20)
        return lines

    def note(line: str) -> None:
        with sessions.begin(patient=True) as session:
            destroyed.note(session, path, [line], at=at)

    monkeypatch.setattr(destroyed, "_read", slowly)
    slow = threading.Thread(target=note, args=("address 1",), name="slow")
    other = threading.Thread(target=note, args=("address 2",))
    slow.start()
    assert has_read.wait(20)
    other.start()
    other.join(0.5)  # where nothing holds it back it is done by now
    goes_on.set()
    for each in (slow, other):
        each.join(20)
    assert path.read_text() == "address 1\naddress 2\n"


def test_where_the_file_can_t_be_written_nothing_is_destroyed(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    before = holds(sessions, kit, EVE)
    with pytest.raises(OSError, match="destroyed"):
        forgetting.sweep(sessions, kit=kit, at=at, path=tmp_path / "gone" / "destroyed")
    assert holds(sessions, kit, EVE) == before


def test_an_erasure_whose_key_is_lost_is_in_nobody_s_way(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    lived(sessions, kit, at, EVE)
    forget(sessions, kit, EVE)
    other = new_kit(key=b"o" * 32)
    with sessions.reading() as session:
        assert erasures.hidden(session, other.sealing) == frozenset()
        assert [each for _, each in erasures.waiting(session, other.sealing)] == [None]
        assert kinds(what_is_stored(session, EVE, other)) == [("membership", "Checkout")]
    assert forgetting.sweep(sessions, kit=other, at=at, path=tmp_path / "destroyed") == 0


@ON_SQLITE
def test_a_destroyed_address_is_gone_from_the_file(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    made = lived(sessions, kit, at, EVE)
    with sessions.reading() as session:
        address = session.get_one(Problem, made["sealed"]).sealed_address
        voice = session.scalars(sa.select(Spoken.voice)).first()
    assert address
    assert voice
    path = Path(str(sessions.engine.url.database))
    forget(sessions, kit, EVE)
    forgetting.sweep(sessions, kit=kit, at=at, path=tmp_path / "destroyed")
    bytes_left = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    assert address not in bytes_left
    assert voice not in bytes_left


@ON_POSTGRES
def test_a_destroyed_address_is_gone_from_the_table_s_pages(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    made = lived(sessions, kit, at, EVE)
    with sessions.reading() as session:
        address = session.get_one(Problem, made["sealed"]).sealed_address
    assert address

    def pages() -> bytes:
        with sessions.begin() as session:
            session.execute(sa.text("CHECKPOINT"))
            where = session.scalar(
                sa.text("SELECT current_setting('data_directory') || '/' || pg_relation_filepath('problems')")
            )
        return Path(str(where)).read_bytes()

    assert address in pages()
    forget(sessions, kit, EVE)
    forgetting.sweep(sessions, kit=kit, at=at, path=tmp_path / "destroyed")
    assert address not in pages()


def test_whom_an_erasure_is_of_is_never_printed() -> None:
    assert "U0EVE" not in repr(erasures.Forgotten("U0EVE000"))
