"""The company that most stories share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.stories import SIGNED_HTTP, SOCKET_MODE, Workplace, in_a_file, workplace


@pytest.fixture(scope="package", params=[SOCKET_MODE, SIGNED_HTTP])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Workplace]:
    """One company with one bot for several stories; each has problems of its own."""
    folder = tmp_path_factory.mktemp("office")
    with workplace(folder, request.param, in_a_file(folder, sqlite_template)) as place:
        yield place
