"""The rules of the check before sending, read from their data files (`checks/` beside this)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.core.problems.check_language_rules import language_from, names_from
from bot.core.problems.check_rules import Rules

OWN = Path(__file__).with_name("checks")
NAMES = "names"


def rules_from(directory: Path = OWN, first: str = "en") -> Rules:
    """All languages of a directory (one file each, names.yml beside them), the one named `first` in front.

    An operator's directory replaces ours file by file: what it does not have is taken from ours.
    Raises ValueError that names the file that is wrong.
    """
    files = {
        path.stem: path for place in dict.fromkeys((OWN, directory)) for path in sorted(place.glob("*.yml"))
    }
    read = {stem: _read(path) for stem, path in files.items()}
    names = read.pop(NAMES)
    try:
        known = names_from(names)
    except ValueError as error:
        raise ValueError(f"{files[NAMES]}: {error}") from None
    languages = []
    for code in sorted(read, key=lambda each: (each != first, each != "en", each)):
        try:
            languages.append(language_from(code, read[code]))
        except ValueError as error:
            raise ValueError(f"{files[code]}: {error}") from None
    return Rules(tuple(languages), known)


@cache
def rules(language: str = "en", directory: Path = OWN) -> Rules:
    """The rules for a reader of this language ("en", "de-DE"), compiled once."""
    return rules_from(directory, language.replace("_", "-").partition("-")[0].lower())


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not readable as YAML: {error}") from None
    if not isinstance(data, dict):
        raise ValueError(f"{path} must hold names with values")  # noqa: TRY004 - of data
    return data
