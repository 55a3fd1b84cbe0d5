"""Every text comes from one catalogue, and the template of it is fresh."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import words as words_module
from bot.words import TEMPLATE, Words, main, mark, template


def texts() -> list[str]:
    with TEMPLATE.open("rb") as source:
        catalogue = read_po(source)
    return [
        text
        for message in catalogue
        if message.id
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]


@pytest.fixture
def with_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "groundswell.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Heard. {when} it goes on."\nmsgstr "Gehört. {when} geht es weiter."\n\n'
        'msgid "Hello {who}"\nmsgstr "Hallo {wer}"\n\n'
        'msgid "{n} team"\nmsgid_plural "{n} teams"\nmsgstr[0] "{n} Gruppe"\nmsgstr[1] "{n} Gruppen"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(words_module, "LOCALES", tmp_path)
    for cached in (words_module._translated, words_module._loaded):
        cached.cache_clear()
    monkeypatch.setattr(words_module, "_translated", words_module._translated.__wrapped__)


def test_a_text_gets_its_values_by_name() -> None:
    words = Words.of("en-US")
    assert words("Heard. {when} it reaches the stewards.", when="Tomorrow") == (
        "Heard. Tomorrow it reaches the stewards."
    )
    assert words.many("{n} team", "{n} teams", 1) == "1 team"
    assert words.many("{n} team in {place}", "{n} teams in {place}", 3, place="here") == "3 teams in here"
    assert words("") == ""


def test_what_a_person_typed_is_never_read_as_a_template() -> None:
    assert Words.of("en")("You wrote: {text}", text="{0} {when} {{") == "You wrote: {0} {when} {{"


@pytest.mark.parametrize("locale", ["de", "de-DE", "DE_at"])
def test_a_translation_is_used_for_every_region_of_its_language(locale: str, with_german: None) -> None:
    words = Words.of(locale)
    assert words("Heard. {when} it goes on.", when="Morgen") == "Gehört. Morgen geht es weiter."
    assert (words.many("{n} team", "{n} teams", 1), words.many("{n} team", "{n} teams", 2)) == (
        "1 Gruppe",
        "2 Gruppen",
    )
    assert words("Not translated yet") == "Not translated yet"


def test_a_translation_that_names_a_value_wrongly_falls_back_to_english(with_german: None) -> None:
    assert Words.of("de")("Hello {who}", who="you") == "Hello you"


@pytest.mark.parametrize("locale", [None, "", "xx", "fr-FR", "../../etc", "en", "zzzzzzzz-YY-1"])
def test_a_locale_without_a_translation_is_english(locale: str | None) -> None:
    assert Words.of(locale)("Raise a problem") == "Raise a problem"
    assert Words.of(locale).locale == "en"


def test_a_value_that_is_missing_is_a_fault_of_the_code() -> None:
    with pytest.raises(KeyError):
        Words.of("en")("Heard. {when}")


def test_the_pseudo_locale_wraps_every_text() -> None:
    words = Words.pseudo()
    assert words("Raise a problem") == "⟦Raise a problem⟧"
    assert words.many("{n} team", "{n} teams", 2) == "⟦2 teams⟧"


def test_every_way_to_name_a_text_is_extracted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'LABEL = mark("Marked")\n'
        'raise Refusal("Refused {n}", n=1)\n'
        'words("Said " "in two")\n'
        'words.many("{n} one", "{n} more", 3)\n'
        'self.words("By a thing")\n'
        'other("Not a text")\n'
    )
    found = template(tmp_path)
    for text in ("Marked", "Refused {n}", "Said in two", "{n} one", "{n} more", "By a thing"):
        assert f'"{text}"' in found
    assert "Not a text" not in found
    assert mark("Marked") == "Marked"


def test_a_template_is_stale_when_a_text_changes_and_not_when_a_line_moves(tmp_path: Path) -> None:
    code = tmp_path / "a.py"
    code.write_text('words("One")\n')
    before = template(tmp_path)
    code.write_text('\n\n\nwords("One")\n')
    assert template(tmp_path) == before
    code.write_text('words("Two")\n')
    assert template(tmp_path) != before


def test_the_committed_template_is_fresh() -> None:
    assert main(["check"]) == 0


def test_every_text_names_its_values_with_plain_words() -> None:
    wrong = [
        text
        for text in texts()
        for _, name, shape, conversion in string.Formatter().parse(text)
        if name is not None and (not re.fullmatch(r"[a-z_]+", name) or shape or conversion)
    ]
    assert wrong == []


def test_no_text_uses_an_exclamation_mark_or_a_word_of_our_own_jargon() -> None:
    jargon = re.compile(r"!|\bverdicts?\b|\bmechanisms?\b|\bconfirmations?\b", re.IGNORECASE)
    assert [text for text in texts() if jargon.search(text)] == []
