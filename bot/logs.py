"""What the bot says to its operator, without saying who did what when.

A line carries only allowed keys, in allowed shapes; whatever looks like an identity or a secret is withheld;
tracebacks say where, never what; lines of libraries, which print payloads, keep their place in the code and
little else. Inside `protected_act()` nothing is said at all, save that something broke.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog

WITHHELD = "[withheld]"

# Words and numbers about the machine. None may ever carry a person, a place, a text or a problem's number.
ALLOWED = frozenset(
    {
        *("address", "attempt", "check", "code", "command", "constraint", "count", "database", "edition"),
        *("failed", "host", "job", "jobs", "kind", "limit", "method", "mode", "path", "pending", "period"),
        *("pid", "port", "reason", "reference", "removed", "revision", "scope", "scopes", "seconds"),
        *("setting", "signal", "sqlstate", "state", "status", "tries", "version", "waiting"),
    }
)

# Libraries that print what they were sent, whatever the level asked for.
_CAPS = {
    # It warns at each start that the token comes from our own authorize, as meant, and takes no level from us.
    "slack_bolt.App": logging.ERROR,
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "psycopg": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.WARNING,
    "aiohttp": logging.WARNING,
    "apscheduler": logging.INFO,
    "alembic": logging.INFO,
    "gunicorn": logging.INFO,
}
# Of these the words are kept (scrubbed): they speak of addresses, jobs and revisions.
_TRUSTED = ("alembic", "apscheduler", "gunicorn.error")

_LOOKS_LIKE = re.compile(
    r"""
    xox[a-z]-[\w.-]+ | xapp-[\w.-]+                       # tokens
    | (?:wss|https://hooks\.slack\.com)[:/]\S+            # addresses that are keys
    | (?<=://)[^\s/@]+:[^\s/]*@                           # a password in a URL
    | [^\s@<>"'()=,;:]+@[^\s@<>"'(),;:]+                  # e-mail
    | (?<![A-Za-z0-9])[UWDCGSTBE][A-Z0-9]{8,}(?![A-Za-z0-9])   # Slack's ids
    | (?<!\d)(?:\d[ .-]?){15,}\d(?!\d)                    # receipts, and Slack's message times
    | (?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}=?(?![A-Za-z0-9+/_=-])   # keys of 32 bytes
    | (?<![A-Fa-f0-9])[A-Fa-f0-9]{32,}(?![A-Fa-f0-9])     # hashes and signing secrets
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[\w .,:;/()\[\]<>=+*'\"%#?@{}|&\\-]{0,300}", re.ASCII)
_SQLITES_NAME = re.compile(r"SQLITE_[A-Z_]{1,60}")  # its CONSTRAINT is shaped like an id of Slack's
_MANY_NUMBERS = 10**9

_protected: ContextVar[bool] = ContextVar("protected", default=False)


@contextmanager
def protected_act() -> Iterator[None]:
    """Inside, no line tells that anything happened; an error is told with its day and nothing finer."""
    token = _protected.set(True)
    try:
        yield
    finally:
        _protected.reset(token)


def scrubbed(text: str) -> str:
    """`text` without what looks like an identity, a receipt, a token or a key."""
    return _LOOKS_LIKE.sub(WITHHELD, text)


def trail(error: BaseException) -> list[str]:
    """Where an error came from: class names, file:line and function, through its causes, no messages."""
    lines: list[str] = []
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(lines) < 60:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        lines.append(_class(each))
        lines.extend(_frames(each.__traceback__))
        if isinstance(each, BaseExceptionGroup):
            waiting.extend(each.exceptions)
        before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if before is not None:
            waiting.append(before)
    return lines


def _class(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = "/".join(code.co_filename.replace("\\", "/").split("/")[-3:])
        frames.append(f"  {place}:{traceback.tb_lineno} in {code.co_name}")
        traceback = traceback.tb_next
    return frames[-12:]


def reference(randomness: Callable[[int], bytes]) -> str:
    """A short name for one failure, such as K7F2: shown to the person, and in the log."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(letters[byte % len(letters)] for byte in randomness(4))


def surprise(logger: Any, error: BaseException, **known: object) -> None:
    """Logs what was not foreseen: class, place, SQLSTATE and constraint, never the error's own words."""
    cause = getattr(error, "orig", None) or error
    diagnosis = getattr(cause, "diag", None)
    told = {
        "sqlstate": getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None),
        "constraint": getattr(diagnosis, "constraint_name", None),
        "code": _slack_code(cause),
    }
    logger.error("surprise", exc_info=error, **{key: value for key, value in told.items() if value}, **known)


def _slack_code(error: BaseException) -> str | None:
    answer = getattr(error, "response", None)
    code = answer.get("error") if answer is not None and hasattr(answer, "get") else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,60}", code) else None


Line = MutableMapping[str, Any]


def _said(event: Line) -> Line:
    """Only what may be said of one line, whoever wrote it."""
    record: logging.LogRecord = event["_record"]
    words = (
        _own_words(event) if event["_from_structlog"] else _library_words(record, event["positional_args"])
    )
    line: Line = {
        "timestamp": _moment(record),
        "level": record.levelname.lower(),
        "logger": scrubbed(record.name)[:100],
        "event": words,
    }
    for key in sorted(ALLOWED & event.keys() if event["_from_structlog"] else ()):
        line[key] = _allowed(event[key])
    error = _error_of(event.get("exc_info"))
    if error is not None:
        line["error"] = _class(error)
        line["where"] = [scrubbed(each) for each in trail(error)]
    return line


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.strftime("%Y-%m-%d" if _protected.get() else "%Y-%m-%dT%H:%M:%SZ")


def _own_words(event: Line) -> str:
    words = event.get("event")
    return str(_allowed(words)) if isinstance(words, str) else WITHHELD


def _library_words(record: logging.LogRecord, arguments: Any) -> str:
    place = f"{'/'.join(record.pathname.split('/')[-3:])}:{record.lineno}"
    if record.name != "py.warnings" and not record.name.startswith(_TRUSTED):
        return f"a library's line, at {place}"
    try:
        words = str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError, KeyError):  # its arguments don't fit its text
        return f"a library's line, at {place}"
    if record.name == "py.warnings":
        found = re.match(r"\S*?([^\s/]+:\d+): (\w+): ", words)
        return f"a warning: {found[2]} at {found[1]}" if found else "a warning"
    return scrubbed(words)[:300]


def _allowed(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _MANY_NUMBERS else WITHHELD
    if isinstance(value, float):
        return round(value, 3) if abs(value) < _MANY_NUMBERS else WITHHELD
    if isinstance(value, str):
        clean = value if _SQLITES_NAME.fullmatch(value) else scrubbed(value)
        return clean if _PLAIN.fullmatch(clean) else WITHHELD
    if isinstance(value, list | tuple | set | frozenset) and len(value) <= 60:
        return [_allowed(each) if isinstance(each, str | int) else WITHHELD for each in value]
    return WITHHELD


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple) and len(exc_info) == 3 and isinstance(exc_info[1], BaseException):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _as_json(line: Line) -> str:
    return json.dumps(line, ensure_ascii=True)


def _as_text(line: Line) -> str:
    rest = [f"{key}={line[key]}" for key in line if key not in ("timestamp", "level", "event", "where")]
    where = [f"\n    {each}" for each in line.get("where", ())]
    return f"{line['timestamp']} {line['level']:<7} {line['event']}  {' '.join(rest)}{''.join(where)}"


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, render: Callable[[Line], str]) -> None:
        # getMessage() is not called here: it would put a library's arguments into its words.
        super().__init__(
            processors=[lambda _, __, event: render(_said(event))],
            use_get_message=False,
            pass_foreign_args=True,
        )


class _Stream(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """Says where a line could not be written; the standard library would print its arguments."""
        sys.stderr.write(f"a log line was lost: {record.name}, {record.pathname}:{record.lineno}\n")


def _may_be_said(record: logging.LogRecord) -> bool:
    """Silences protected acts, and libraries below their cap, which loggers further down may have lowered."""
    if _protected.get() and record.levelno < logging.ERROR:
        return False
    cap = next(
        (cap for name, cap in _CAPS.items() if f"{record.name}.".startswith(f"{name}.")), logging.NOTSET
    )
    return record.levelno >= cap


def configure(
    level: str = "info", form: Literal["json", "text"] = "text", stream: TextIO | None = None
) -> None:
    """Sends every line of this process, ours and the libraries', to `stream` (stderr) in the one form."""
    handler = _Stream(stream or sys.stderr)
    handler.setFormatter(_Formatter(_as_json if form == "json" else _as_text))
    handler.addFilter(_may_be_said)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, cap in _CAPS.items():
        logging.getLogger(name).setLevel(max(cap, root.level))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _catch_the_uncaught()


def gunicorn_logger() -> type[Any]:
    """The class for gunicorn's `logger_class`: its lines go the way of all others, and none for each request."""
    from gunicorn.glogging import Logger

    class Joined(Logger):  # type: ignore[misc]  # gunicorn ships no types
        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers[:] = []
            self.error_log.propagate = True
            self.access_log.handlers[:] = []

    return Joined


def _catch_the_uncaught() -> None:
    log = structlog.get_logger("bot")

    def uncaught(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("uncaught", exc_info=error)

    def in_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not isinstance(caught.exc_value, SystemExit):
            log.critical("uncaught in a thread", exc_info=caught.exc_value)

    def unraisable(caught: "sys.UnraisableHookArgs") -> None:
        if caught.exc_value is not None:
            log.error("uncaught where nothing can be raised", exc_info=caught.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
