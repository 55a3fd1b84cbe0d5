"""The report as one HTML file: pictures inside, no script, nothing fetched; prints well and reads aloud in order."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from bot.core.pilot.report import said_of
from bot.core.pilot.rules import Call
from bot.core.pilot.shown import Picture, Report, Section, Shown, Table, written
from bot.words import Words

_STYLE: Final = """
:root { color-scheme: light; --ink: #1d2b2e; --grey: #52605f; --rule: #cfd8da; --wash: #f3f6f6; --mark: #1f4f58; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 50rem; padding: 2.5rem 1.25rem 5rem; color: var(--ink); background: #fff;
  font: 1.03rem/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 .6rem; padding-top: .8rem; border-top: 2px solid var(--mark); }
h3 { font-size: 1.02rem; margin: 1.3rem 0 .2rem; }
p { margin: .35rem 0 .7rem; max-width: 44rem; }
.question { font-size: 1.2rem; color: var(--mark); margin-bottom: 1.2rem; }
.figure { font-variant-numeric: tabular-nums; }
.value { font-weight: 650; }
.n, .line, .note, figcaption, caption { color: var(--grey); }
.line { border-left: 4px solid var(--rule); padding-left: .7rem; }
.call { font-weight: 650; color: var(--ink); }
dl { display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: .35rem 1rem; margin: .6rem 0; }
dt { font-weight: 650; } dd { margin: 0; } dd ul { margin: 0; padding-left: 1.1rem; }
figure { margin: 1.1rem 0; } figure img { width: 100%; height: auto; display: block; }
figcaption { font-size: .92rem; }
summary { cursor: pointer; color: var(--mark); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 1.2rem; font-size: .93rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .35rem; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .8rem .38rem 0; border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--rule); font-size: .88rem; }
tbody th { font-weight: 600; }
nav ul { columns: 2; padding-left: 1.1rem; } a { color: var(--mark); }
@media (max-width: 36rem) {
  dl { grid-template-columns: 1fr; } nav ul { columns: 1; }
  figure { overflow-x: auto; } figure img { width: 38rem; max-width: none; }
}
@media print {
  @page { margin: 16mm 15mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } nav, details:not([open]) { display: none; }
  .scroll { overflow: visible; }
  h2 { break-after: avoid; } h3 { break-after: avoid; } figure, tr, .figure { break-inside: avoid; }
}
"""


def page(words: Words, report: Report) -> str:
    """The whole file."""
    head = (
        "<!doctype html>\n"
        f'<html lang="{escape(report.locale, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Nothing may be fetched or run, whoever edits the words in it.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
    )
    question = report.written[0][1]
    parts = [
        f"<h1>{escape(report.title)}</h1>",
        f'<p class="question">{escape(question)}</p>',
        *_paragraphs(report.lead),
        _overview(words, report),
        _contents(words, report),
        f'<h2 id="cannot">{escape(words("What this cannot show"))}</h2>',
        _list(report.cannot),
        *(_section(words, section) for section in report.sections),
        f'<h2 id="written">{escape(words("What was written down before it started"))}</h2>',
        _definition(report.written),
        f"<h3>{escape(words('Changed since'))}</h3>",
        _list(report.changes) if report.changes else _p(words("Nothing.")),
        f'<h2 id="methods">{escape(words("How the figures were made"))}</h2>',
        _list(report.methods),
    ]
    return head + "<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"


def _overview(words: Words, report: Report) -> str:
    """What the pilot is judged by, on one screen."""
    judged = said_of(report)
    if not judged:
        return ""
    calls = call_names(words)
    rows = [
        (
            figure.name,
            value_of(words, figure),
            str(figure.n) if figure.n else "–",
            calls[figure.call or Call.NOTHING],
        )
        for figure in judged
    ]
    table = Table(
        words("What it is judged by, with the lines that were drawn before"),
        (words("Figure"), words("What we saw (the interval)"), words("n"), words("Its line says")),
        rows,
    )
    return _table(table)


def call_names(words: Words) -> dict[Call, str]:
    return {
        Call.CONTINUE: words("continue"),
        Call.CHANGE: words("change something"),
        Call.STOP: words("stop"),
        Call.OPEN: words("can't tell"),
        Call.NOTHING: words("no figure"),
    }


def value_of(words: Words, figure: Shown) -> str:
    """A figure with its interval; a range alone where a single value would pretend too much."""
    if figure.low is None or figure.high is None:
        return words("nothing can be said")
    ends = words(
        "{low} to {high}", low=written(figure.low, figure.unit), high=written(figure.high, figure.unit)
    )
    return ends if figure.value is None else f"{written(figure.value, figure.unit)} ({ends})"


def _contents(words: Words, report: Report) -> str:
    links = [
        ("cannot", words("What this cannot show")),
        *((each.key, each.title) for each in report.sections),
    ]
    links += [
        ("written", words("What was written down before it started")),
        ("methods", words("How the figures were made")),
    ]
    listed = "".join(f'<li><a href="#{key}">{escape(title)}</a></li>' for key, title in links)
    return f'<nav aria-label="{escape(words("Contents"), quote=True)}"><ul>{listed}</ul></nav>'


def _section(words: Words, section: Section) -> str:
    parts = [f'<h2 id="{section.key}">{escape(section.title)}</h2>']
    parts += [_figure(words, figure) for figure in section.figures]
    parts += [_p(note, "note") for note in section.notes]
    if section.picture:
        parts.append(_picture(words, section.picture))
    if section.table:
        summary = escape(words("The same as a table"))
        folded = section.picture is not None and bool(section.picture.svg)
        opened = "<details>" if folded else "<details open>"
        parts.append(f"{opened}<summary>{summary}</summary>{_table(section.table)}</details>")
    return f"<section>{''.join(parts)}</section>"


def _figure(words: Words, figure: Shown) -> str:
    value = ""
    if figure.there:
        n = words("n = {n}", n=figure.n)
        value = f'<p><span class="value">{escape(value_of(words, figure))}</span> <span class="n">{escape(n)}</span></p>'
    says = _p(figure.says, "line") if figure.says else ""
    return f'<div class="figure"><h3>{escape(figure.name)}</h3>{value}{_p(figure.sentence)}{says}</div>'


def _picture(words: Words, picture: Picture) -> str:
    if not picture.svg:
        missing = words("The picture is missing: the bot was installed without the extra `reports`.")
        return _p(f"{missing} {picture.alt}", "note")
    data = base64.b64encode(picture.svg).decode("ascii")
    alt = escape(picture.alt, quote=True)
    return (
        f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{alt}">'
        f"<figcaption>{escape(picture.title)}</figcaption></figure>"
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<div class="scroll"><table><caption>{escape(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _definition(pairs: Sequence[tuple[str, str]]) -> str:
    """What was said of each; several lines as a list."""
    said = [(what, text.splitlines()) for what, text in pairs]
    return (
        "<dl>"
        + "".join(
            f"<dt>{escape(what)}</dt><dd>{_list(lines) if len(lines) > 1 else escape(' '.join(lines))}</dd>"
            for what, lines in said
        )
        + "</dl>"
    )


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [_p(text) for text in texts]


def _p(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"
