from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.county import RunningCounty
from tests.worlds import World


@pytest.fixture
def county(world: World, tmp_path: Path) -> Iterator[RunningCounty]:
    """The product, running in this world."""
    with RunningCounty(world, tmp_path) as running:
        yield running
