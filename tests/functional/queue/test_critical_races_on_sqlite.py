"""Critical values under races of real processes on one SQLite file."""

from pathlib import Path

import pytest

from tests.functional.queue.critical_races import *  # noqa: F403
from tests.unit.reading_queue.county import County


@pytest.fixture
def county(tmp_path: Path) -> County:
    """The small county in a SQLite file of its own."""
    return County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")
