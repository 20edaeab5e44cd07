"""Pages in a real browser. The world makes no difference to them: each test has an embedded county of its own, started by fork."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.county import ForkedCounty
from tests.worlds import make_world


@pytest.fixture
def county(tmp_path: Path) -> Iterator[ForkedCounty]:
    world = make_world("embedded", tmp_path, lambda name: pytest.fail(f"{name} is not embedded"))
    with ForkedCounty(world, tmp_path) as running:
        yield running
