"""Each role's day in a real browser: one county for each day, started by fork, and nothing in it but what the day sends."""

from collections.abc import Iterator

import pytest

from tests.system.county import ForkedCounty
from tests.worlds import make_world


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    folder = tmp_path_factory.mktemp("day")
    world = make_world("embedded", folder, lambda name: pytest.fail(f"{name} is not embedded"))
    with ForkedCounty(world, folder) as running:
        yield running
