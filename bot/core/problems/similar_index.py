"""All published problems as numbers in memory; built from what is stored, and thrown away without a loss.

Imported at the first look, since numpy takes a tenth of a second that a start should not wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.core.problems.likeness_rules import read_of, terms
from bot.core.problems.similar_models import Model

Floats = NDArray[np.float32]

#: The least coverage (of one in the words of the other) of what is shown as "is it one of these?" by words alone.
NEAR_BY_WORDS: Final = 0.36
#: What a likeness counts that comes from the longer text as well: what one line says of a problem is plainer, and two
#: people whom the same problem hits say different things of what it costs them.
WITH_THE_REST: Final = 0.9
#: How often an idea is taken to be spoken of where there are too few texts to tell, and how many texts that is worth.
_PRIOR_SPREAD, _PRIOR_TEXTS = 0.04, 50


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One text: its words as sorted hashes, and its vector where the model of this process made one."""

    mark: int
    words: NDArray[np.uint32] = field(repr=False)
    vector: Floats | None = field(repr=False)


def row(mark: int, words: bytes, vector: bytes | None) -> Row:
    """A row as it is stored."""
    numbers = None if vector is None else np.frombuffer(vector, "<f2").astype(np.float32)
    return Row(mark, np.frombuffer(words, "<u4"), numbers)


def stored(texts: Sequence[tuple[str, str]], model: Model | None) -> list[tuple[bytes, bytes | None]]:
    """Words and vector of each title and hardship, as they are stored: words of both, the vector of the title."""
    words = [np.array(terms(read_of(*each)), dtype="<u4").tobytes() for each in texts]
    if model is None or not texts:
        return [(each, None) for each in words]
    vectors = _even(model.vectors([title for title, _ in texts])).astype("<f2")
    return [(each, vector.tobytes()) for each, vector in zip(words, vectors, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """How the model's numbers are put together; as `similar_models.Model` has them."""

    size: int
    near: float
    far: float
    coverage: float
    sparse: bool

    @classmethod
    def of(cls, model: Model | None) -> Weights | None:
        return None if model is None else cls(model.size, model.near, model.far, model.coverage, model.sparse)


class Snapshot:
    """Everything at one moment; never changed, so that any number of threads may read it."""

    def __init__(self, rows: dict[int, Row], weights: Weights | None) -> None:
        self.rows = rows
        self.idents = np.fromiter(rows, dtype=np.int64, count=len(rows))
        self._weights = weights
        self._index_words(list(rows.values()))
        self._read_by_model = np.zeros(len(rows), dtype=bool)
        self._scale: Floats | None = None
        self._matrix: Floats | None = None
        if weights is not None:
            self._gather(list(rows.values()), weights)

    def _index_words(self, rows: Sequence[Row]) -> None:
        """Which rows have a word, one list after the other in the order of the words' hashes."""
        lengths = [len(each.words) for each in rows]
        words = np.concatenate([each.words for each in rows]) if rows else np.zeros(0, dtype=np.uint32)
        at = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
        order = np.argsort(words, kind="stable")
        self._rows_of = at[order]
        self._words, self._starts = np.unique(words[order], return_index=True)
        self._ends = np.append(self._starts[1:], len(words))

    def _gather(self, rows: Sequence[Row], weights: Weights) -> None:
        matrix = np.zeros((len(rows), weights.size), dtype=np.float32)
        for place, each in enumerate(rows):
            if each.vector is not None and len(each.vector) == weights.size:
                matrix[place] = each.vector
                self._read_by_model[place] = True
        if weights.sparse:
            count = len(rows)
            # What few texts speak of says more; with few texts a guess stands in for the count.
            spread = matrix.var(axis=0) if count else np.zeros(weights.size, dtype=np.float32)
            even = (count * spread + _PRIOR_TEXTS * _PRIOR_SPREAD / 4) / (count + _PRIOR_TEXTS)
            self._scale = (even**-0.25).astype(np.float32)
            matrix *= self._scale
        self._matrix = _even(matrix)

    def __len__(self) -> int:
        return len(self.idents)

    def closeness(self, text: str, vector: Floats | None) -> Floats:
        """How close each row is to a text, 1 being "perhaps the same"; in the order of `idents`."""
        covered = self._covered(terms(text))
        close: Floats = covered / NEAR_BY_WORDS
        if vector is None or self._weights is None or self._matrix is None:
            return close
        # Not by `@`: its threads wait for one another where others use the processor, fifty times as long.
        cosine: Floats = np.einsum("ij,j->i", self._matrix, self._scaled(vector))
        fused = cosine + self._weights.coverage * covered
        near, far = self._weights.near, self._weights.far
        return np.where(self._read_by_model, (fused - far) / (near - far), close).astype(np.float32)

    def _scaled(self, vector: Floats) -> Floats:
        scaled: Floats = vector if self._scale is None else vector * self._scale
        even: Floats = _even(scaled[None, :])[0]
        return even

    def _covered(self, words: Sequence[int]) -> Floats:
        """Which part of a text's words each row has, rare words counting for more."""
        covered = np.zeros(len(self), dtype=np.float32)
        whole = 0.0
        for word in words:
            at = int(np.searchsorted(self._words, np.uint32(word)))
            found = at < len(self._words) and int(self._words[at]) == word
            there: Any = self._rows_of[self._starts[at] : self._ends[at]] if found else ()
            rare = float(np.log(1 + len(self) / (1 + len(there))))
            whole += rare
            if found:
                covered[there] += rare
        return covered / np.float32(whole or 1.0)


def closeness(snapshot: Snapshot, model: Model | None, title: str, hardship: str = "") -> Floats:
    """How close each row is to a problem in these words: by its line, and by all that is said where that is closer."""
    by_title = snapshot.closeness(title, _vector(model, title))
    if not hardship.strip() or (model is not None and not model.quick):
        return by_title
    whole = read_of(title, hardship)
    by_all = snapshot.closeness(whole, _vector(model, whole))
    closer: Floats = np.maximum(by_title, WITH_THE_REST * by_all)
    return closer


def _vector(model: Model | None, text: str) -> Floats | None:
    return None if model is None else model.vectors([text])[0]


def best(snapshot: Snapshot, close_to: Floats, *, least: float, most: int) -> list[tuple[int, float]]:
    """The closest, best first: (problem, closeness)."""
    there = np.flatnonzero(close_to >= least)
    # Of equals the order of ids decides, so that a page follows the one before.
    order = np.lexsort((snapshot.idents[there], -close_to[there]))[:most]
    return [(int(snapshot.idents[at]), float(close_to[at])) for at in there[order]]


def _even(matrix: Floats) -> Floats:
    """Every row with the length 1; one of zeros stays."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths == 0, 1, lengths)).astype(np.float32)
