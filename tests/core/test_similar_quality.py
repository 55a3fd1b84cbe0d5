"""Thresholds hold on the half of the labelled set that they were not found on; the benchmark prints all figures."""

from __future__ import annotations

from bot.core.problems import similar
from bot.core.problems.similar_models import model_named
from tests.benchmarks.similar import asked, closeness_in, recall, snapshot, told_apart
from tests.benchmarks.similar_texts import held_out, labelled, world


def test_the_set_is_large_enough_and_in_three_languages() -> None:
    assert len(labelled()) >= 80
    assert {each.lang for each in labelled()} == {"en", "de", "es"}
    texts = [text for each in labelled() for text in (each.text, each.twin, each.miss)]
    assert len(set(texts)) == len(texts)


def test_twins_are_told_from_near_misses_and_found_among_others() -> None:
    held = [(place, each) for place, each in enumerate(labelled()) if each in held_out()]
    for name, least, of_first in (("ideas", 0.9, 0.95), ("words", 0.85, 0.85)):
        model = model_named(name)
        close_to = closeness_in(snapshot(world(1000), model), model)
        precision, of_all = told_apart(close_to, held, similar.NEAR)
        assert precision >= least
        assert of_all >= least
        assert recall(close_to, [(place, asked(place, each, each.twin)) for place, each in held]) >= of_first
