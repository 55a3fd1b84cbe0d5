"""A file that is printed from the code, and held against it."""

import sys
from pathlib import Path


def main(arguments: list[str], *, file: Path, made: str, module: str, write: str = "write") -> int:
    """The word `write` writes the file; `check` says whether it is stale. What the command ends with."""
    if arguments == [write]:
        file.write_text(made, encoding="utf-8")
        return 0
    if arguments == ["check"]:
        if file.is_file() and file.read_text(encoding="utf-8") == made:
            return 0
        sys.stderr.write(f"{file.name} is stale: run `uv run python -m {module} {write}`.\n")
        return 1
    sys.stderr.write(f"usage: python -m {module} {write}|check\n")
    return 2
