"""What all pictures of a report share: size, colours that colour-blind readers tell apart, and how one is kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from bot.core.pilot.shown import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito's colours; words stand beside every one of them.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
INK, GREY, PALE = "#1d2b2e", "#5f6b6d", "#dfe5e6"
_WIDTH: Final = 7.4
_DOTS: Final = 144
_LOOK: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.parse_math": False,  # a dollar in a function's name is a dollar
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "groundswell",  # the same report is the same file
    "svg.fonttype": "path",
}
#: Longest name that stands beside a picture; the table under it has the whole.
_NAME: Final = 28


def available() -> bool:
    """Whether pictures can be drawn here; imports nothing."""
    return find_spec("matplotlib") is not None


def drawn(name: str, title: str, alt: str, height: float, draw: Callable[[Axes], None]) -> Picture:
    """One picture, `height` inches high; without bytes where matplotlib is not installed."""
    if not available():
        return Picture(name, title, alt)
    import matplotlib
    from matplotlib.figure import Figure

    # Not pyplot: it keeps every figure, and belongs to one thread.
    with matplotlib.rc_context(_LOOK), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph", category=UserWarning
        )  # a script that the font lacks
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.subplots())
        return Picture(name, title, alt, _kept(figure, "svg"), _kept(figure, "png"))


def short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "…"


def _kept(figure: Any, form: str) -> bytes:
    kept = io.BytesIO()
    when: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
    figure.savefig(kept, format=form, dpi=_DOTS, metadata=when)
    return kept.getvalue()
