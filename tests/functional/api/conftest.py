import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.db.models import User
from storage.db.session import Database
from storage.domain.clock import ManualClock
from tests.functional.api.township import PASSWORD, Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from tests.worlds import learned_engine
from viewer_api.auth.passwords import hash_password


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture(scope="session")
def empty_county(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """A SQLite file with the schema and the people, to copy."""
    path = tmp_path_factory.mktemp("county") / "countyread.sqlite"
    county = County.at(f"sqlite:///{path}")
    with county.database.write() as work:
        work.session.execute(update(User).values(password_hash=password_hash))
    county.database.engine.dispose()
    return path


@contextmanager
def _township(folder: Path, empty_county: Path) -> Iterator[Township]:
    settings = settings_in(folder)
    shutil.copyfile(empty_county, folder / empty_county.name)
    engine = learned_engine(settings.database_url)
    clock = ManualClock(MONDAY_MORNING)
    try:
        with running(County(Database(engine, clock), clock), settings) as served:
            yield served
    finally:
        engine.dispose()


@pytest.fixture
def township(tmp_path: Path, empty_county: Path) -> Iterator[Township]:
    """A county in SQLite with its API running."""
    with _township(tmp_path, empty_county) as served:
        yield served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, empty_county: Path) -> Iterator[Township]:
    """A county for a whole module of tests that only add studies and look at them."""
    with _township(tmp_path_factory.mktemp("archive"), empty_county) as served:
        yield served
