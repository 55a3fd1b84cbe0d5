"""What a person typed shows as it was typed, does nothing, and fits."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import text as t
from tests.slack.limits import HOSTILE, check_blocks, hostile

JOINER = "\u2060"
UNESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
anything = st.one_of(st.text(), hostile(400), st.sampled_from(HOSTILE))


def as_shown(escaped: str) -> str:
    """What Slack shows of escaped text, without the invisible joiners."""
    return re.sub("&(lt|gt|amp);", lambda found: UNESCAPED[found.group()], escaped).replace(JOINER, "")


@given(anything)
def test_escaped_text_shows_what_was_typed(typed: str) -> None:
    assert as_shown(t.escaped(typed)) == t.plain(typed).replace(JOINER, "")


@given(anything)
def test_escaped_text_has_no_mark_that_slack_would_act_on(typed: str) -> None:
    made = t.escaped(typed)
    assert not re.search("[<>]", made)
    assert not re.search("&(?!(lt|gt|amp);)", made)
    assert not re.search(f"(?<!{JOINER})[*_~`]|[*_~`](?!{JOINER})", made)
    assert not re.search(r"(?m)^\s*&gt;", made)
    assert not re.search(f":[^\\s:{JOINER}]+:", made)
    assert not re.search(r"(?i)[a-z]://|\b(mailto|tel):(?!\u2060)", made)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<https://evil.example|Payroll>", "&lt;https:\u2060//evil.example|Payroll&gt;"),
        ("R&D", "R&amp;D"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("a * b", "a \u2060*\u2060 b"),
        (":tada:", ":\u2060tada:"),
        ("at 12:30", "at 12:30"),
        ("> mine", "\u2060&gt; mine"),
        ("a\u2028> b", "a\n\u2060&gt; b"),
        ("slack://user?id=U1 javascript://x", "slack:\u2060//user?id=U1 javascript:\u2060//x"),
    ],
)
def test_known_tricks_are_taken_their_power(typed: str, made: str) -> None:
    assert t.escaped(typed) == made


@given(anything)
def test_plain_text_is_calm(typed: str) -> None:
    made = t.plain(typed)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", made)
    marks = "".join("m" if unicodedata.category(one) in ("Mn", "Me") else "." for one in made)
    assert "mmmmm" not in marks
    assert t.plain(made) == made


@given(st.text("abcäöü ,.-\n", max_size=50))
def test_ordinary_text_is_left_alone(typed: str) -> None:
    assert t.plain(typed) == t.escaped(typed) == typed


@given(anything, st.integers(0, 60))
def test_cut_text_fits_and_is_a_beginning(typed: str, most: int) -> None:
    made = t.cut(typed, most)
    assert len(made) <= most
    if made != typed:
        assert made == "" if most == 0 else made.endswith("…")
        assert typed.startswith(made[:-1])


@given(
    st.lists(st.sampled_from(["👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "é", "क्षि", "x", "❤️", "각", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])),
    st.integers(1, 40),
)
def test_a_cut_never_goes_through_a_character_made_of_several(seen: list[str], most: int) -> None:
    typed = "".join(seen)
    made = t.cut(typed, most)
    if made == typed:
        return
    beginnings = {"".join(seen[:count]) for count in range(len(seen) + 1)}
    # A first character that is longer than all the room is cut all the same, so that something is there.
    first_alone = len(seen[0]) > most - 1
    assert made[:-1] in beginnings or first_alone


def test_a_row_of_flags_is_cut_between_two_flags() -> None:
    assert t.cut("🇩🇪" * 50, 8) == "🇩🇪" * 3 + "…"


def test_a_tower_of_marks_alone_is_still_cut_to_something() -> None:
    assert t.cut("a" + "\u0301" * 500, 5) == "a" + "\u0301" * 3 + "…"


@given(anything, st.integers(0, 80))
def test_cut_escaped_text_fits_and_is_escaped(typed: str, most: int) -> None:
    made = t.cut_escaped(typed, most)
    assert len(made) <= most
    assert not re.search("&(?!(lt|gt|amp);)", made)
    if len(t.escaped(typed)) <= most:
        assert made == t.escaped(typed)
    else:
        assert most < 7 or made != ""


@given(anything, st.integers(10, 60))
def test_pieces_fit_and_hold_the_whole_text(typed: str, most: int) -> None:
    made = t.pieces(typed, most)
    assert all(0 < len(piece) <= most for piece in made)
    whole = "".join(as_shown(piece) for piece in made)
    # Blanks at a break are the break; a tower of marks that is broken in two may keep more of its marks.
    bare = [re.sub(r"\s|\u2060", "", text) for text in (whole, t.plain(typed))]
    if not any(unicodedata.category(one) in ("Mn", "Me") for one in typed):
        assert bare[0] == bare[1]


def test_pieces_break_after_lines_else_after_words() -> None:
    assert t.pieces("one two\nthree four", 12) == ["one two", "three four"]
    assert t.pieces("one two three", 10) == ["one two", "three"]
    assert t.pieces("") == []


def test_a_person_is_mentioned_by_an_id_alone() -> None:
    assert t.person("U0AMARA") == "<@U0AMARA>"
    assert [t.person(ident) for ident in ("", "C0X", "U0|<!here>", "u0a", "U0A\n")] == [""] * 5


def test_a_date_is_shown_in_the_readers_own_time() -> None:
    assert t.date(dt.date(2026, 11, 28)) == "<!date^1795867200^{date_long}|28 November 2026>"


def test_a_screen_reader_hears_a_date_and_no_escapes() -> None:
    button = t.button("Open", "a.b", "1", label=f"Waits for R&amp;D until {t.date(dt.date(2026, 11, 28))}.")
    assert button["accessibility_label"] == "Waits for R&D until 28 November 2026."


@given(hostile(400))
def test_blocks_made_of_any_words_are_blocks_that_slack_takes(typed: str) -> None:
    check_blocks(
        [
            t.section(t.cut_escaped(typed, t.SECTION)),
            t.context(t.cut_escaped(typed, 500)),
            t.header(typed),
            t.buttons(t.button(typed, "a.b", "1", label=typed), block="these"),
        ],
        "message_blocks",
    )
