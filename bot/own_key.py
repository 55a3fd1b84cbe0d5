"""The sealing key that `groundswell run` makes where none was given: a file of its own, apart from the database."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import platformdirs


def own_key_file() -> Path:
    """Where the key is kept: with this user's settings, not with the data."""
    return Path(platformdirs.user_config_dir("groundswell", appauthor=False)) / "sealing.key"


def keep_own_key(path: Path) -> bool:
    """Write a new key for this user's eyes alone; False where one is there already, which is never written over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    return True


class BusyKeys(Exception):
    """Somebody else is changing the file at this moment."""


def put_in_front(path: Path, key: str) -> int:
    """Make this the newest key of the file, the others behind it; how many there are. One change at a time.

    The new file is the lock as well: whoever comes second finds it there, and writes nothing.
    """
    beside = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BusyKeys from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        standing = path.read_text(encoding="ascii").strip()
        keys = [key, *[each.strip() for each in standing.split(",") if each.strip()]]
        file.write(",".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return len(keys)
