"""A company of one's own for `groundswell try`: taken as it is, or refused in words before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox import trying
from bot.sandbox.company import OWN
from bot.sandbox.seed import WrongSeed, checked
from bot.sandbox.workspace import PracticeWorkspace

SMALL: dict[str, Any] = {
    "workspace": {"name": "Tiny", "domain": "tiny"},
    "teams": [{"handle": "makers", "name": "Makers", "function": "Engineering"}],
    "people": {
        "makers": {"ada": ["Ada L", "Engineer", "Europe/London", "en-GB"]},
        "elsewhere": {"bob": ["Bob M", "Support", "Europe/Paris", "fr-FR"]},
    },
    "places": [
        {"name": "weekly", "members": "everybody", "bot": True},
        {"name": "help", "members": ["makers", "bob"]},
    ],
    "stewards": ["ada", "bob"],
    "sponsor": "bob",
    "digest": "weekly",
    "misconduct": "help",
}


def written(folder: Path, **changed: Any) -> Path:
    file = folder / "mine.yml"
    file.write_text(yaml.safe_dump({**SMALL, **changed}), encoding="utf-8")
    return file


def test_the_practice_company_itself_is_a_good_seed_file() -> None:
    checked(OWN)


def test_a_workspace_starts_with_the_company_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path)
    checked(file)
    with PracticeWorkspace.started(company=file) as practice:
        assert practice.person("ada").name == "Ada L"
        assert practice.place("weekly").name == "weekly"
        assert [group["handle"] for group in practice.groups()] == ["makers"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"stewards": ["ada"]}, "stewards"),
        ({"stewards": ["ada", "zoe"]}, "stewards: nobody is called 'zoe'"),
        ({"digest": "nowhere"}, "digest: there is no place called 'nowhere'"),
        ({"sponsor": None}, "sponsor"),
        ({"guest": ["ada"]}, "guest"),
        (
            {"people": {"makers": {"ada": ["Ada", "Engineer", "Mars/Base", "en"]}}},
            "'Mars/Base' is no time zone",
        ),
        ({"people": {"makers": {"ada": ["Ada", "Engineer"]}}}, "people: makers: ada"),
        (
            {"places": [{"name": "weekly", "members": ["zoe"]}]},
            "places: weekly: 'zoe' is nobody, and no team",
        ),
        ({"said": [["weekly", "zoe", 3, "Hello"]]}, "said: nobody is called 'zoe'"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongSeed) as refused:
        checked(written(tmp_path, **changed))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("data", "says"), [(b"a: [b", "no YAML (line"), (b"- 1", "no company"), (b"\xff\xfe\xfa", "UTF-8")]
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "mine.yml").write_bytes(data)
    with pytest.raises(WrongSeed) as refused:
        checked(tmp_path / "mine.yml")
    assert says in str(refused.value)


def test_a_wrong_file_ends_the_trial_before_it_starts(tmp_path: Path) -> None:
    said: list[str] = []
    code = trying.run(
        Path("manifest.yml"), say=said.append, browser=False, port=0, company=tmp_path / "none.yml"
    )
    assert code == 2
    assert said == [f"{tmp_path / 'none.yml'} can't be read: No such file or directory."]
