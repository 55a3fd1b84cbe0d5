"""The pulse's questions: ours are as they should be, an operator's may be others, and a malformed file is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pulse.instrument import Kind, Malformed, load, read

GOOD: dict[str, Any] = {
    "name": "Ours",
    "about": "Licensed to us.",
    "scale": {"least": "no", "middle": "so so", "most": "yes"},
    "items": [{"id": "Q1", "page": 1, "kind": "agree", "text": "All is well."}],
}


def faults(**changed: Any) -> list[str]:
    with pytest.raises(Malformed) as caught:
        read({**GOOD, **changed})
    return list(caught.value.faults)


def question(**changed: Any) -> list[dict[str, Any]]:
    return [{**GOOD["items"][0], **changed}]


def test_ours_asks_nine_things_on_a_first_page_and_two_more_about_what_was_not_raised() -> None:
    ours = load()
    assert [item.id for item in ours.page(1, Kind.AGREE)] == [
        "A1",
        "A2",
        "A3",
        "A4",
        "A6",
        "B1",
        "B2",
        "B3",
        "B4",
    ]
    assert [item.id for item in ours.page(1, Kind.CHOICE)] == ["D1", "D2"]
    assert [item.id for item in ours.page(2)] == ["A5", "C1", "C2", "C3", "C4"]
    assert [item.id for item in ours.items if item.reversed] == ["B4"]
    assert [item.id for item in ours.items if item.line] == ["B1", "B2", "B3", "B4"]
    assert "not a validated scale" in ours.about


def test_what_a_wave_keeps_is_what_was_asked() -> None:
    ours = load()
    assert read(ours.stored()) == ours
    assert ours.item("D2") is not None
    assert ours.item("nothing") is None


def test_another_file_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "ours.yml"
    path.write_text(
        '{name: N, about: B, scale: {least: a, middle: b, most: c}, items: [{id: Q, page: 1, kind: text, text: "Why?"}]}'
    )
    assert load(path).item("Q") is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not YAML"),
        (b"\xff\xfe", "not YAML"),
        (b"- a list", "mapping"),
        (b"", "mapping"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "broken.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Malformed, match=said):
        load(path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "name should be words"),
        ({"about": "x" * 301}, "about has 301 characters"),
        ({"scale": {"least": "no"}}, "scale: middle should be words"),
        ({"items": []}, "a list of questions"),
        ({"items": ["Q1"]}, "Question 1 should be a mapping"),
        ({"items": question(id="1")}, "its id should be a letter"),
        ({"items": question(weight=2)}, "weight is not known here"),
        ({"items": question(page=3)}, "page should be 1 or 2"),
        ({"items": question(page=True)}, "page should be 1 or 2"),
        ({"items": question(kind="slider")}, "kind should be"),
        ({"items": question(text=7)}, "text should be words"),
        ({"items": question(reversed="yes")}, "reversed is true or false"),
        ({"items": question(kind="choice")}, "2 to 20 options"),
        ({"items": question(kind="choice", options={"a": "A"})}, "2 to 20 options"),
        ({"items": question(kind="choice", options={"a": "A", "b": ""})}, "option b should be words"),
        ({"items": question(kind="choice", options=[["a", "A"], ["a", "B"]])}, "the same code"),
        ({"items": question(options={"a": "A", "b": "B"})}, "only a choice has options"),
        ({"items": question(kind="about")}, "stands on page 2"),
        ({"items": question(page=2)}, "Page 1 asks nothing"),
        ({"items": question() * 2}, "These ids stand twice: Q1"),
        ({"items": [question(id=f"Q{n}")[0] for n in range(21)]}, "has 21 questions"),
    ],
)
def test_a_malformed_file_is_refused_with_the_reason(changed: dict[str, Any], said: str) -> None:
    assert any(said in fault for fault in faults(**changed)), faults(**changed)


def test_all_faults_are_said_at_once() -> None:
    assert len(faults(name="", items=question(page=9, kind="none"))) == 4


_ODD = st.sampled_from(
    [None, True, 7, -1.5, "", "A", "agree", [], ["a"], {}, {"a": "A"}, [["a"]], {1: {2: 3}}]
)
_QUESTION = st.fixed_dictionaries(dict.fromkeys(("id", "page", "kind", "text", "options", "line"), _ODD))


@given(_ODD, _ODD, _ODD | st.lists(_QUESTION, max_size=2))
def test_whatever_stands_in_a_file_it_is_refused_with_reasons(name: Any, scale: Any, items: Any) -> None:
    assert faults(name=name, scale=scale, items=items)
