"""The sender: each message once, in order, at Slack's pace; what can't go out is seen with its reason."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import metrics
from bot.core import outbox
from bot.core.editions import acts as editions
from bot.core.editions.records import Edition, EditionState
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.outbox import Message, Sending
from bot.core.problems import tagging
from bot.core.problems.records import Kind
from bot.jobs.noting import LEASE
from bot.jobs.pace import Allowance, Pace
from bot.slack import messages, rendered
from tests import company
from tests.conftest import KEY
from tests.jobs.conftest import Jobs

PERIOD = "2026-W47"


def composed(jobs: Jobs, *, period: str = PERIOD, open_problems: int = 2) -> None:
    """An edition that waits to be posted, with something for its thread."""
    office = jobs.office
    with office.sessions.begin() as session:
        for number in range(open_problems):
            company.published(session, office.kit, office.now, title=f"Problem {number}")
        session.execute(sa.delete(Message))  # the news to their raisers
        editions.compose(
            session,
            period=period,
            due_at=office.now,
            late=False,
            channel=office.practice.place("product-weekly").id,
            kit=office.kit,
            at=office.now,
        )


def say(jobs: Jobs, who: str, kind: str = "news", about: dict[str, Any] | None = None) -> None:
    with jobs.office.sessions.begin() as session:
        jobs.office.kit.outbox.to_person(session, jobs.office.id(who), kind, about or {}, at=jobs.office.now)


def is_edition(message: dict[str, Any]) -> bool:
    return "eek 47" in message["text"]


def edition(jobs: Jobs) -> Edition:
    with jobs.office.sessions.reading() as session:
        return session.scalars(sa.select(Edition)).one()


def test_an_edition_is_posted_once_with_its_thread_under_it(jobs: Jobs) -> None:
    composed(jobs)
    for _ in range(4):
        jobs.sender.run()
        jobs.later(seconds=3)
    practice = jobs.office.practice
    posted = [each for each in practice.messages("priya", "product-weekly") if is_edition(each)]
    assert len(posted) == 1
    assert practice.replies("priya", posted[0])
    stored = edition(jobs)
    assert (stored.state, stored.message_ts) == (EditionState.POSTED.value, posted[0]["ts"])
    assert {row.sending for row in jobs.rows()} == {Sending.SENT.value}
    practice.assert_no_objections()


def test_a_personal_message_is_gone_once_it_was_sent(jobs: Jobs) -> None:
    say(jobs, "priya")
    assert jobs.sender.run() == 1
    assert [each["text"] for each in jobs.office.practice.dms("priya")] == [
        "There is news on something you follow."
    ]
    assert jobs.rows() == []


def test_nothing_is_written_where_nothing_is_due(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    lite_jobs.later(hours=-1)
    before = lite_jobs.rows()[0].attempts
    assert lite_jobs.sender.run() == 0
    assert lite_jobs.rows()[0].attempts == before == 0


def test_the_same_news_is_said_once_however_many_problems_it_is_about(lite_jobs: Jobs) -> None:
    for _ in range(3):
        say(lite_jobs, "priya")
    say(lite_jobs, "tomasz")
    lite_jobs.sender.run()
    assert len(lite_jobs.office.practice.dms("priya")) == 1
    assert len(lite_jobs.office.practice.dms("tomasz")) == 1
    assert lite_jobs.rows() == []


def test_the_count_of_messages_tells_not_whether_news_of_two_problems_went_to_one_person(
    lite_jobs: Jobs,
) -> None:
    counts = []
    for people in (("priya", "priya"), ("tomasz", "amara")):
        before = metrics.registry.get_sample_value("groundswell_messages_sent_total") or 0
        for who in people:
            say(lite_jobs, who)
        lite_jobs.sender.run()
        counts.append((metrics.registry.get_sample_value("groundswell_messages_sent_total") or 0) - before)
    assert counts == [2, 2]


def test_news_of_another_day_is_said_again(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    lite_jobs.sender.run()
    lite_jobs.later(days=1)
    say(lite_jobs, "priya")
    lite_jobs.sender.run()
    assert len(lite_jobs.office.practice.dms("priya")) == 2


@pytest.mark.parametrize(
    ("mishap", "reason"),
    [
        (lambda practice: practice.kick("amara", "product-weekly"), "NotInChannel"),
        (lambda practice: practice.archive("amara", "product-weekly"), "ChannelArchived"),
        (lambda practice: practice.fault("chat.postMessage", error="token_revoked"), "TokenRevoked"),
        (lambda practice: practice.fault("chat.postMessage", error="channel_not_found"), "ChannelGone"),
        (lambda practice: practice.fault("chat.postMessage", error="missing_scope"), "MissingScope"),
        (lambda practice: practice.fault("chat.postMessage", error="msg_too_long"), "TooLong"),
        (lambda practice: practice.fault("chat.postMessage", error="restricted_action"), "Refused"),
    ],
)
def test_what_slack_refuses_waits_for_a_steward_under_its_reason(
    lite_jobs: Jobs, mishap: Any, reason: str
) -> None:
    composed(lite_jobs)
    mishap(lite_jobs.office.practice)
    lite_jobs.sender.run()
    with lite_jobs.office.sessions.reading() as session:
        waiting = outbox.unsent(session)
    assert [(row.sending, row.problem_class) for row in waiting] == [(Sending.FAILED.value, reason)]
    assert lite_jobs.sender.run() == 0


def test_a_stewards_word_sends_it_after_all(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    office = lite_jobs.office
    office.practice.kick("amara", "product-weekly")
    lite_jobs.sender.run()
    office.practice.invite("amara", "product-weekly")
    with office.sessions.begin() as session:
        assert outbox.again(session, lite_jobs.rows()[0].id, at=office.now)
    lite_jobs.sender.run()
    assert edition(lite_jobs).state == EditionState.POSTED.value


def test_while_no_token_is_right_what_is_for_a_person_waits(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    lite_jobs.office.practice.fault("chat.postMessage", error="token_revoked")
    lite_jobs.sender.run()
    row = lite_jobs.rows()[0]
    assert (row.sending, row.problem_class) == (Sending.WAITING.value, "TokenRevoked")
    lite_jobs.later(minutes=16)
    lite_jobs.sender.run()
    assert len(lite_jobs.office.practice.dms("priya")) == 1


def test_what_is_for_somebody_who_has_left_is_dropped(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    lite_jobs.office.practice.fault("chat.postMessage", error="user_not_found")
    lite_jobs.sender.run()
    assert lite_jobs.rows() == []


def test_a_lost_key_is_told_and_sends_nothing(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    other = Kit.of(Sealing([bytes(32)], office.kit.randomness), office.kit.randomness)
    with office.sessions.begin() as session:
        other.outbox.to_person(session, office.id("priya"), "news", {}, at=office.now)
    lite_jobs.sender.run()
    assert [row.problem_class for row in lite_jobs.rows()] == ["KeyLost"]
    assert office.kit.sealing.keys[0] == KEY
    assert office.practice.calls("chat.postMessage") == []


def test_retry_after_is_obeyed_to_the_second(jobs: Jobs) -> None:
    composed(jobs)
    practice = jobs.office.practice
    practice.fault("chat.postMessage", retry_after=40)
    due = jobs.office.now + dt.timedelta(seconds=40)
    jobs.sender.run()
    assert abs(jobs.rows()[0].due_at - due) < dt.timedelta(seconds=1)
    jobs.later(seconds=38)
    assert jobs.new_sender().run() == 0
    assert len(practice.calls("chat.postMessage")) == 1
    jobs.later(seconds=3)
    jobs.new_sender().run()
    assert edition(jobs).state == EditionState.POSTED.value


def test_a_limit_on_one_channel_keeps_no_other_waiting(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    say(lite_jobs, "priya")
    channel = lite_jobs.office.practice.place("product-weekly").id
    lite_jobs.office.practice.fault("chat.postMessage", retry_after=60, channel=channel)
    lite_jobs.sender.run()
    assert len(lite_jobs.office.practice.dms("priya")) == 1
    assert edition(lite_jobs).state == EditionState.COMPOSED.value


def test_while_slack_is_away_pauses_grow_and_nothing_is_lost(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    pauses = []
    for _ in range(5):
        lite_jobs.office.practice.fault("chat.postMessage", error="service_unavailable")
        now = lite_jobs.office.now
        lite_jobs.sender.run()
        pauses.append((lite_jobs.rows()[0].due_at - now).total_seconds())
        lite_jobs.later(seconds=pauses[-1] + 1)
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses, start=1))
    lite_jobs.sender.run()
    assert len(lite_jobs.office.practice.dms("priya")) == 1


def test_a_personal_message_whose_answer_was_lost_is_said_again_and_not_for_ever(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    lite_jobs.office.practice.fault("chat.postMessage", lose_answer=True, times=100)
    for _ in range(20):
        lite_jobs.sender.run()
        lite_jobs.later(minutes=6)
    assert [row.problem_class for row in lite_jobs.rows()] == ["Unanswered"]
    assert len(lite_jobs.office.practice.dms("priya")) == 8


def test_an_edition_whose_answer_was_lost_is_found_and_not_posted_twice(jobs: Jobs) -> None:
    composed(jobs)
    practice = jobs.office.practice
    practice.fault("chat.postMessage", lose_answer=True)
    jobs.sender.run()
    assert edition(jobs).state == EditionState.COMPOSED.value
    jobs.later(seconds=LEASE.total_seconds() + 1)
    jobs.new_sender().run()
    assert edition(jobs).state == EditionState.POSTED.value
    posted = [each for each in practice.messages("priya", "product-weekly") if is_edition(each)]
    assert [each["ts"] for each in posted] == [edition(jobs).message_ts]


def test_a_part_of_the_thread_whose_answer_was_lost_is_found_too(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    practice = lite_jobs.office.practice
    lite_jobs.sender._send_all(lite_jobs.sender._claim())  # the channel's message alone
    practice.fault("chat.postMessage", lose_answer=True)
    lite_jobs.later(seconds=3)
    for _ in range(3):
        lite_jobs.sender.run()
        lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    parts = practice.replies(
        "priya", {"channel": edition(lite_jobs).channel, "ts": edition(lite_jobs).message_ts}
    )
    texts = [each["text"] for each in parts]
    assert texts
    assert len(texts) == len(set(texts))
    assert {row.sending for row in lite_jobs.rows()} == {Sending.SENT.value}


def test_an_edition_that_never_reached_slack_is_posted_after_the_look(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    lite_jobs.office.practice.fault("chat.postMessage", drop=True)
    lite_jobs.sender.run()
    lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    lite_jobs.sender.run()
    assert edition(lite_jobs).state == EditionState.POSTED.value


def test_where_the_history_can_not_be_read_the_edition_waits_for_a_stewards_word(jobs: Jobs) -> None:
    composed(jobs)
    practice = jobs.office.practice
    practice.fault("chat.postMessage", lose_answer=True)
    practice.fault("conversations.history", error="missing_scope", times=9)
    jobs.sender.run()
    jobs.later(seconds=LEASE.total_seconds() + 1)
    jobs.sender.run()
    jobs.later(hours=2)
    jobs.sender.run()
    assert edition(jobs).state == EditionState.HELD.value
    assert [(row.sending, row.problem_class) for row in jobs.rows()] == [(Sending.HELD.value, "Unanswered")]
    assert len(practice.calls("chat.postMessage")) == 1


def test_while_slack_can_not_say_the_outcome_stays_unknown(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    practice = lite_jobs.office.practice
    practice.fault("chat.postMessage", lose_answer=True)
    practice.fault("conversations.history", error="internal_error", times=2)
    lite_jobs.sender.run()
    for _ in range(3):
        lite_jobs.later(seconds=LEASE.total_seconds() + 1)
        lite_jobs.sender.run()
    assert edition(lite_jobs).state == EditionState.POSTED.value
    assert len([each for each in practice.messages("priya", "product-weekly") if is_edition(each)]) == 1


def test_metadata_that_another_app_has_copied_is_not_taken_for_ours(lite_jobs: Jobs) -> None:
    composed(lite_jobs)
    practice = lite_jobs.office.practice
    practice.fault("chat.postMessage", drop=True)
    lite_jobs.sender.run()
    forged = practice.say("priya", "product-weekly", "mine").message
    assert forged is not None
    place = practice.world.state.places[forged["channel"]]
    place.messages[forged["ts"]].metadata = {
        "event_type": "groundswell_edition",
        "event_payload": {"edition": str(edition(lite_jobs).id)},
    }
    lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    lite_jobs.sender.run()
    assert edition(lite_jobs).message_ts != forged["ts"]
    assert edition(lite_jobs).state == EditionState.POSTED.value


@pytest.mark.parametrize("pending", [True, False])
def test_an_edition_is_not_posted_where_another_organisation_reads(lite_jobs: Jobs, pending: bool) -> None:
    composed(lite_jobs)
    lite_jobs.office.practice.share("amara", "product-weekly", pending=pending)
    lite_jobs.sender.run()
    assert [(row.sending, row.problem_class) for row in lite_jobs.rows()] == [
        (Sending.HELD.value, "SharedChannel")
    ]
    assert lite_jobs.office.practice.calls("chat.postMessage") == []


def test_a_tag_prompt_is_seen_by_the_tagger_alone(lite_jobs: Jobs) -> None:
    tag(lite_jobs, "priya", "engineering")
    lite_jobs.sender.run()
    practice = lite_jobs.office.practice
    assert len(practice.ephemerals("priya")) == 1
    assert practice.ephemerals("tomasz") == []
    assert lite_jobs.rows() == []


def test_a_tag_prompt_that_can_not_be_shown_waits_in_home_alone(lite_jobs: Jobs) -> None:
    tag(lite_jobs, "ingrid", "engineering")  # who is not in that channel
    lite_jobs.sender.run()
    assert lite_jobs.rows() == []
    assert lite_jobs.office.practice.ephemerals("ingrid") == []


def tag(jobs: Jobs, who: str, where: str) -> None:
    office = jobs.office
    with office.sessions.begin() as session:
        tagging.tag(
            session,
            office.actor(who),
            channel=office.practice.place(where).id,
            message_ts="1794000000.000100",
            place=Kind.PUBLIC,
            permalink=None,
            kit=office.kit,
            at=office.now,
        )


def test_a_steward_reads_how_much_waits_and_nothing_of_what_it_is(lite_jobs: Jobs) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        company.raised(session, office.kit, office.now, title="Secret words")
    say(lite_jobs, "amara", "something_waits")
    lite_jobs.sender.run()
    [said] = office.practice.dms("amara")
    assert said["text"] == "1 new problem waits for you."
    assert "Secret" not in str(said)


def test_a_steward_hears_nothing_where_nothing_waits_any_more(lite_jobs: Jobs) -> None:
    say(lite_jobs, "amara", "something_waits")
    lite_jobs.sender.run()
    assert lite_jobs.office.practice.dms("amara") == []
    assert lite_jobs.rows() == []


def test_one_message_that_can_not_be_put_in_words_holds_up_no_other(
    lite_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> messages.Rendered:
        raise KeyError("a row of another release")

    monkeypatch.setitem(messages.KINDS, "broken", rendered.Kind(broken))  # type: ignore[arg-type]  # a plain dict behind
    say(lite_jobs, "tomasz", "broken")
    for _ in range(4):
        say(lite_jobs, "priya", "news")
    for _ in range(4):
        try:
            lite_jobs.sender.run()
        except KeyError:
            lite_jobs.later(seconds=LEASE.total_seconds() + 1)
    assert len(lite_jobs.office.practice.dms("priya")) == 1
    assert [row.kind for row in lite_jobs.rows()] == ["broken"]


def test_a_kind_that_this_release_does_not_know_is_left_to_a_newer_one(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya", "from_the_future")
    lite_jobs.sender.run()
    assert lite_jobs.office.practice.calls("chat.postMessage") == []
    assert [row.sending for row in lite_jobs.rows()] == [Sending.WAITING.value]


def test_on_a_stop_what_was_claimed_is_given_back(lite_jobs: Jobs) -> None:
    say(lite_jobs, "priya")
    say(lite_jobs, "tomasz")
    batch = lite_jobs.sender._claim()
    lite_jobs.stopping.set()
    lite_jobs.sender._send_all(batch)
    assert {row.sending for row in lite_jobs.rows()} == {Sending.WAITING.value}
    assert lite_jobs.office.practice.calls("chat.postMessage") == []


def test_a_channel_gets_one_message_a_second_and_all_together_200_a_minute() -> None:
    now = [0.0]
    pace = Pace(now=lambda: now[0])
    sent: list[tuple[float, str]] = []
    for number in range(400):
        place = "C1" if number % 4 == 0 else f"D{number}"
        now[0] += pace.wait(place)
        pace.spent(place)
        sent.append((now[0], place))
    in_one = [at for at, place in sent if place == "C1"]
    assert min(b - a for a, b in itertools.pairwise(in_one)) >= 1.0
    for at, _ in sent:
        assert sum(1 for other, _ in sent if at <= other < at + 60) <= 201


def test_an_allowance_lets_a_burst_through_and_then_makes_wait() -> None:
    now = [0.0]
    allowance = Allowance(3, now=lambda: now[0])
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    assert allowance.wait() == 60
    now[0] = 60.0
    assert allowance.take()


def test_every_kind_that_can_be_put_in_words_is_written_somewhere() -> None:
    written = set()
    for path in Path(messages.__file__).parent.parent.rglob("*.py"):
        written |= set(
            re.findall(
                r'(?:outbox\.to_\w+|_tell)\(\s*session,[^"]*?"(\w+)"', path.read_text(encoding="utf-8")
            )
        )
    assert set(messages.KINDS) <= written
