"""One catalogue for every text that a person reads.

English stands in the code and is the key. Translations are `bot/locale/LOCALE/LC_MESSAGES/groundswell.po`.
`python -m bot.words extract` writes the template, `python -m bot.words check` fails when it is stale.
"""

import gettext
import io
import re
import sys
from functools import cache
from pathlib import Path

from bot import printed

LOCALES = Path(__file__).parent / "locale"
TEMPLATE = LOCALES / "groundswell.pot"

# The calls whose literal arguments are texts: Words(...), Words.many(...), Refusal(...) and its kinds, mark(...).
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "words": None,
    "many": (1, 2),
    "Refusal": None,
    "Stale": None,
    "NotFound": None,
    "sentence_of": (2,),
    "mark": None,
}


def mark(text: str) -> str:
    """Names a text for the catalogue where no Words is at hand; whoever shows it calls words() on it."""
    return text


class Words:
    """The catalogue in one language: `words("Heard. {when} it reaches the stewards.", when="Tomorrow")`."""

    def __init__(self, catalogue: gettext.NullTranslations, locale: str = "en") -> None:
        self.locale = locale
        self._catalogue = catalogue

    def __call__(self, text: str, /, **values: object) -> str:
        """`text` in this language, with the named values put in."""
        return _filled(self._catalogue.gettext(text) if text else "", text, values)

    def many(self, one: str, several: str, n: int, /, **values: object) -> str:
        """The form of the text that goes with the number `n`, which is also the value `{n}`."""
        english = one if n == 1 else several
        return _filled(self._catalogue.ngettext(one, several, n), english, {"n": n, **values})

    @staticmethod
    def of(locale: str | None) -> "Words":
        """The catalogue for a locale as Slack writes it ("de-DE"); English where there is no translation."""
        language, _, region = (locale or "").replace("-", "_").partition("_")
        for name in (f"{language.lower()}_{region.upper()}", language.lower()):
            if name in _translated():
                return _loaded(name)
        return _english()

    @staticmethod
    def pseudo() -> "Words":
        """A catalogue that wraps every text in ⟦ ⟧, so that a test sees what bypasses the catalogue."""
        return Words(_Pseudo(), "en")


def _filled(text: str, english: str, values: dict[str, object]) -> str:
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError):  # a translation that names a value wrongly
        if text == english:
            raise
        return english.format(**values)


class _Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@cache
def _english() -> Words:
    return Words(gettext.NullTranslations(), "en")


@cache
def _translated() -> frozenset[str]:
    return frozenset(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/groundswell.po"))


@cache
def _loaded(name: str) -> Words:
    # Babel is slow to import, and English needs none of it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALES / name / "LC_MESSAGES" / "groundswell.po").open("rb") as source:
        catalogue = read_po(source, locale=name)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(gettext.GNUTranslations(compiled), name.replace("_", "-"))


def template(root: Path = LOCALES.parent) -> str:
    """The template of the catalogue, extracted from the code under `root`.

    Without line numbers and dates: it is stale when a text changes, and only then.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import write_po

    catalogue = Catalog(project="Groundswell", copyright_holder="the Groundswell authors", charset="utf-8")
    for path, line, text, _, context in extract_from_dir(
        root,
        method_map=[("sandbox/**", "ignore"), ("words.py", "ignore"), ("**.py", "python")],
        keywords=KEYWORDS,
    ):
        catalogue.add(text, locations=[(f"{root.name}/{path}", line)], context=context)
    out = io.BytesIO()
    write_po(out, catalogue, sort_by_file=True, include_lineno=False, width=100)
    text = out.getvalue().decode()
    text = re.sub(r"^# (Translations template|Copyright|This file|FIRST AUTHOR).*\n", "", text, flags=re.M)
    return re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By): .*\n', "", text, flags=re.M)


def main(arguments: list[str]) -> int:
    """`extract` writes the template; `check` says whether it is stale."""
    return printed.main(arguments, file=TEMPLATE, made=template(), module="bot.words", write="extract")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
