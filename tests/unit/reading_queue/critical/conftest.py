import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from tests.unit.reading_queue.critical.cases import Cases


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county in a SQLite file, to copy."""
    file = tmp_path_factory.mktemp("critical") / "county.sqlite"
    County.at(f"sqlite:///{file}").database.engine.dispose()
    return file


@pytest.fixture
def county(populated: Path, tmp_path: Path) -> Iterator[County]:
    file = tmp_path / populated.name
    shutil.copyfile(populated, file)
    engine = make_engine(f"sqlite:///{file}")
    clock, hints = ManualClock(MONDAY_MORNING), []
    yield County(Database(engine, clock, hints.append), clock, hints)
    engine.dispose()


@pytest.fixture
def cases(county: County) -> Cases:
    return Cases(county)
