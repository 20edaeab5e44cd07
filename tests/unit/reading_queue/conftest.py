from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.reading_queue.county import County


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """A small county in a SQLite file of its own, on a Monday morning."""
    made = County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")
    yield made
    made.database.engine.dispose()
