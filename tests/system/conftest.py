from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.county import ForkedCounty
from tests.worlds import World


@pytest.fixture
def county(world: World, tmp_path: Path) -> Iterator[ForkedCounty]:
    """The product's processes, running in this world."""
    with ForkedCounty(world, tmp_path) as running:
        yield running
