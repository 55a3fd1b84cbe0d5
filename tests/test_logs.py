"""A log line says what the machine did, and never who did what."""

import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from gunicorn.config import Config
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App
from slack_sdk import WebClient

from bot import logs
from bot.clock import practice_clock, system_clock
from bot.logs import ALLOWED, configure, protected_act, reference, scrubbed, surprise, trail

HOSTILE = {
    "person": "U0123456789",
    "enterprise person": "W0123ABCDEF",
    "channel": "C0123456789",
    "dm": "D0123456789",
    "private": "G0123456789",
    "mention": "<@U0123456789>",
    "in a key": "raiser_U0123456789_x",
    "e-mail": "amara.o@example.com",
    "bot token": "xoxb-12-34-abcDEF",
    "app token": "xapp-1-A1-2-abcdef",
    "receipt": "1234567890123456",
    "receipt in fours": "1234 5678 9012 3456",
    "receipt with dashes": "1234-5678-9012-3456",
    "message time": "1700000000.000100",
    "response url": "https://hooks.slack.com/commands/T1/2/abc",
    "socket ticket": "wss://wss-primary.slack.com/link/?ticket=abc-1",
    "password": "postgresql://me:sesame@db/groundswell",
    "sealing key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "hash": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def lines() -> Iterator[Callable[[], str]]:
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    levels = {name: logging.getLogger(name).level for name in logs._CAPS}
    out = io.StringIO()
    configure("debug", "json", out)
    yield out.getvalue
    logging.captureWarnings(False)
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = kept


def one(lines: Callable[[], str]) -> dict[str, object]:
    (line,) = lines().splitlines()
    read = json.loads(line)
    assert isinstance(read, dict)
    return read


def test_a_line_says_what_happened_when_and_where_in_the_code(lines: Callable[[], str]) -> None:
    structlog.get_logger("bot.jobs.send").info("sent", count=3, seconds=0.12345, method="chat.postMessage")
    line = one(lines)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "level": "info",
        "logger": "bot.jobs.send",
        "event": "sent",
        "count": 3,
        "seconds": 0.123,
        "method": "chat.postMessage",
    }


def test_only_allowed_keys_pass(lines: Callable[[], str]) -> None:
    structlog.get_logger("bot").info(
        "did", user="amara", channel="general", problem=17, text="slow", number=17
    )
    assert set(one(lines)) == {"timestamp", "level", "logger", "event"}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("key", sorted(ALLOWED))
def test_an_identity_or_secret_is_withheld_under_every_allowed_key(
    key: str, value: str, lines: Callable[[], str]
) -> None:
    structlog.get_logger("bot").warning("did", **{key: f"before {value} after", "limit": [value]})
    core = value.strip("<@>").removeprefix("postgresql://").removesuffix("@db/groundswell")
    core = core.removeprefix("raiser_").removesuffix("_x")
    assert core not in lines()
    assert "[withheld]" in lines()


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_an_identity_or_secret_is_withheld_in_the_words_themselves(
    value: str, lines: Callable[[], str]
) -> None:
    structlog.get_logger("bot").warning(f"did {value}")
    assert scrubbed(value) in str(one(lines)["event"])
    assert value not in lines()


@pytest.mark.parametrize(
    "value",
    [
        1234567890123456,
        1700000000.0001,
        {"user": "amara"},
        b"amara",
        object(),
        ["amara", {"a": 1}][1:],
        "ünïcödé wörds of a person",
        "two\nlines",
        "x" * 400,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_another_shape_is_withheld(value: object, lines: Callable[[], str]) -> None:
    structlog.get_logger("bot").info("did", reason=value)
    assert one(lines)["reason"] in ("[withheld]", ["[withheld]"])


def test_plain_values_of_the_machine_stay_as_they_are(lines: Callable[[], str]) -> None:
    told = {
        "address": "127.0.0.1:3000",
        "count": 0,
        "state": None,
        "pending": True,
        "code": "channel_not_found",
        "scopes": ["chat:write", "users:read.email"],
        "path": "/var/lib/groundswell/groundswell.db",
        "period": "2026-W47",
        "sqlstate": "23505",
        "constraint": "uq_confirmations_problem_person",
    }
    structlog.get_logger("bot").info("did", **told)
    line = one(lines)
    assert {key: line[key] for key in told} == told


@given(st.text(max_size=60), st.sampled_from(sorted(HOSTILE)))
def test_nothing_around_an_identity_brings_it_back(around: str, which: str) -> None:
    value = HOSTILE[which]
    assert value not in scrubbed(f"{around} {value} {around}")
    assert scrubbed(scrubbed(value)) == scrubbed(value)


@pytest.mark.parametrize(
    "name", ["slack_bolt.middleware", "slack_sdk.web.client", "sqlalchemy.engine", "urllib3", "x.y"]
)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_a_library_keeps_its_place_and_loses_its_words(
    name: str, level: int, lines: Callable[[], str]
) -> None:
    library = logging.getLogger(name)
    library.log(
        level, "Sending a request for Amara: %s", {"text": "the release train"}, extra={"reason": "Amara"}
    )
    assert "Amara" not in lines()
    assert "release train" not in lines()
    if level >= logging.WARNING:
        assert "test_logs.py:" in str(one(lines)["event"])
        assert set(one(lines)) == {"timestamp", "level", "logger", "event"}


@pytest.mark.parametrize(
    "name", ["slack_bolt", "slack_bolt.middleware", "slack_sdk.socket_mode", "sqlalchemy.pool"]
)
def test_a_library_that_prints_payloads_is_capped_even_where_its_own_level_is_lowered(
    name: str, lines: Callable[[], str]
) -> None:
    library = logging.getLogger(name)
    before = library.level
    library.setLevel(logging.DEBUG)
    library.debug("x")
    library.info("x")
    assert lines() == ""
    library.setLevel(before)


def test_what_bolt_warns_of_at_each_start_is_as_meant_and_not_told(
    lines: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-2-1")  # Bolt reads it, beside the client that it is given
    App(client=WebClient(), authorize=lambda: None, request_verification_enabled=False)
    assert lines() == ""
    logging.getLogger("slack_bolt.App").error("x")
    assert one(lines)["logger"] == "slack_bolt.App"


def test_a_trusted_librarys_words_are_kept_and_scrubbed(lines: Callable[[], str]) -> None:
    logging.getLogger("gunicorn.error").info(
        "Listening at: %s for %s", "http://127.0.0.1:3000", "U0123456789"
    )
    assert one(lines)["event"] == "Listening at: http://127.0.0.1:3000 for [withheld]"


def test_gunicorns_lines_go_the_same_way_and_requests_have_none(lines: Callable[[], str]) -> None:
    error_log, access_log = logging.getLogger("gunicorn.error"), logging.getLogger("gunicorn.access")
    kept = [(each, each.handlers[:], each.propagate, each.level) for each in (error_log, access_log)]
    logger = logs.gunicorn_logger()(Config())
    try:
        raise ValueError("Amara")
    except ValueError:
        logger.exception("Error handling request %s", "/slack/events")
    access_log.info("Amara")
    for each, handlers, propagate, level in kept:
        each.handlers[:], each.propagate = handlers, propagate
        each.setLevel(level)
    assert one(lines)["error"] == "ValueError"
    assert "Amara" not in lines()


def test_a_librarys_line_whose_arguments_do_not_fit_is_not_printed_in_despair(
    lines: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    configure("info", "json", out)  # once more: pytest's own handler would raise
    logging.getLogger("gunicorn.error").info("%d", "Amara")
    logging.getLogger("other").warning("%d %d", "Amara")
    assert "Amara" not in out.getvalue() + capsys.readouterr().err
    assert len(out.getvalue().splitlines()) == 2


def test_a_stream_that_breaks_says_where_and_not_what(
    lines: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    closed = io.StringIO()
    configure("info", "text", closed)
    closed.close()
    structlog.get_logger("bot").info("did", reason="Amara")
    err = capsys.readouterr().err
    assert "a log line was lost: bot" in err
    assert "Amara" not in err


def test_a_warning_keeps_its_class_and_place(lines: Callable[[], str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("Amara U0123456789 raised it", UserWarning, stacklevel=1)
    assert "Amara" not in lines()
    assert str(one(lines)["event"]).startswith("a warning: UserWarning at test_logs.py:")


def failure() -> Exception:
    try:
        try:
            raise KeyError("Amara U0123456789")
        except KeyError as inner:
            raise ValueError("Key (id)=(U0123456789) Amara") from inner
    except ValueError as error:
        error.add_note("Amara in a note")
        return error


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_has_places_and_no_messages(form: str, lines: Callable[[], str]) -> None:
    out = io.StringIO()
    configure("debug", "json" if form == "json" else "text", out)
    try:
        raise RuntimeError("Amara") from failure()
    except RuntimeError:
        structlog.get_logger("bot").exception("broke")
        logging.getLogger("library").exception("Amara %s", "Amara")
        logging.getLogger("library").exception("Amara", exc_info=failure(), stack_info=True)
    said = out.getvalue()
    assert "Amara" not in said
    assert "U0123456789" not in said
    for words in ("RuntimeError", "ValueError", "KeyError", "in failure", "test_logs.py:"):
        assert words in said


def test_a_group_of_errors_is_told_with_all_its_members() -> None:
    told = "\n".join(trail(ExceptionGroup("Amara", [failure(), TypeError("Amara")])))
    assert "Amara" not in told
    assert [name in told for name in ("ExceptionGroup", "ValueError", "KeyError", "TypeError")] == [True] * 4


def test_errors_that_cause_each_other_in_a_circle_end() -> None:
    one_error, other = ValueError("a"), ValueError("b")
    one_error.__cause__, other.__cause__ = other, one_error
    assert trail(one_error) == ["ValueError", "ValueError"]


class Answer(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(f"Amara {code}")
        self.response = {"ok": False, "error": code, "needed": "Amara"}


def test_a_surprise_is_told_by_class_reference_and_code(lines: Callable[[], str]) -> None:
    surprise(structlog.get_logger("bot"), Answer("channel_not_found"), reference="K7F2")
    line = one(lines)
    assert (line["event"], line["reference"], line["code"]) == ("surprise", "K7F2", "channel_not_found")
    assert str(line["error"]).endswith("Answer")
    assert "Amara" not in lines()


def test_a_surprise_from_the_database_is_told_by_sqlstate_and_constraint(lines: Callable[[], str]) -> None:
    class Diagnosis:
        constraint_name = "uq_person"

    class Unique(Exception):
        sqlstate = "23505"
        diag = Diagnosis()

    class Wrapped(Exception):
        orig = Unique("Key (id)=(U0123456789) already exists")

    surprise(structlog.get_logger("bot"), Wrapped("INSERT ... U0123456789"))
    assert (one(lines)["sqlstate"], one(lines)["constraint"]) == ("23505", "uq_person")
    assert "U0123456789" not in lines()


def test_a_surprise_from_sqlite_is_told_by_its_errors_name(lines: Callable[[], str]) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("create table t (who text unique)")
    database.execute("insert into t values ('U0123456789')")
    with pytest.raises(sqlite3.IntegrityError) as caught:
        database.execute("insert into t values ('U0123456789')")
    database.close()
    surprise(structlog.get_logger("bot"), caught.value)
    assert one(lines)["sqlstate"] == "SQLITE_CONSTRAINT_UNIQUE"


def test_a_code_that_is_no_code_is_not_told(lines: Callable[[], str]) -> None:
    surprise(structlog.get_logger("bot"), Answer("Amara said no"))
    assert "Amara" not in lines()
    assert "code" not in one(lines)


def test_a_protected_act_leaves_no_line(lines: Callable[[], str]) -> None:
    with protected_act():
        structlog.get_logger("bot").warning("did", count=1)
        logging.getLogger("library").warning("did")
        logging.getLogger("sqlalchemy").warning("did")
    assert lines() == ""
    structlog.get_logger("bot").info("after")
    assert one(lines)["event"] == "after"


def test_an_error_in_a_protected_act_is_dated_to_the_day(lines: Callable[[], str]) -> None:
    with protected_act():
        surprise(structlog.get_logger("bot"), ValueError("Amara"))
    assert len(str(one(lines)["timestamp"])) == len("2026-11-22")
    assert "Amara" not in lines()


def test_a_level_above_is_kept_and_below_is_not(lines: Callable[[], str]) -> None:
    out = io.StringIO()
    configure("warning", "text", out)
    log = structlog.get_logger("bot")
    log.info("below")
    log.warning("above", count=2)
    assert "below" not in out.getvalue()
    assert out.getvalue().endswith("warning above  logger=bot count=2\n")


def test_configuring_twice_does_not_say_everything_twice(lines: Callable[[], str]) -> None:
    out = io.StringIO()
    for _ in range(2):
        configure("info", "json", out)
    structlog.get_logger("bot").info("did")
    assert len(out.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('Amara')",
        "import threading; t = threading.Thread(target=lambda: int('Amara')); t.start(); t.join()",
        "\nclass Odd:\n    def __del__(self): raise ValueError('Amara')\nOdd()",
    ],
    ids=["main", "thread", "finaliser"],
)
def test_what_nobody_caught_is_told_without_its_message(code: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", f"from bot.logs import configure\nconfigure('info', 'json')\n{code}"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        check=False,
    )
    (line,) = [json.loads(each) for each in ended.stderr.splitlines()]
    assert str(line["event"]).startswith("uncaught")
    assert line["error"] == "ValueError"
    assert "Amara" not in ended.stdout + ended.stderr


def test_a_reference_is_four_letters_and_digits_from_what_was_passed_in() -> None:
    assert reference(lambda n: bytes(range(n))) == "ABCD"
    drawn = {reference(os.urandom) for _ in range(200)}
    assert len(drawn) > 190
    assert all(len(each) == 4 and not set(each) & set("01OI") for each in drawn)


def test_a_practice_clock_is_ahead_by_what_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "ahead"
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock = practice_clock(file, base=lambda: start)
    told = [clock()]
    for written in ("60", "-3600.5\n", "nan", "1e400", "1e15", "words", ""):
        file.write_text(written)
        told.append(clock())
    file.unlink()
    told.append(clock())
    assert [(each - start).total_seconds() for each in told] == [0, 60, -3600.5, 0, 0, 0, 0, 0, 0]
    assert system_clock().tzinfo is UTC
