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
