"""What an operator gets to see while something runs: the log at its most talkative, and the metrics."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import generate_latest

from bot import logs, metrics


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """The log as an operator gets it, at DEBUG and as JSON; everything is put back afterwards."""
    root = logging.getLogger()
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    kept, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._CAPS}
    stream = io.StringIO()
    logs.configure("debug", "json", stream)
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    try:
        yield stream
    finally:
        structlog.reset_defaults()
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
        root.handlers[:] = kept
        root.setLevel(level)


def measured() -> str:
    """The metrics as a scraper reads them."""
    return generate_latest(metrics.registry).decode()
