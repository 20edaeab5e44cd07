from pathlib import Path

import pytest

from tests.unit.reading_queue.county import County


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A small county in a SQLite file of its own, on a Monday morning."""
    return County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")
