"""What every test may ask for: the two worlds, and the real studies beside the repository."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db.session import Database
from tests.worlds import WORLDS, World, make_world, open_database

pytest_plugins = ["tests.services.fixtures"]

_SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """Settings of an installation: once embedded, once with PostgreSQL, Redis and S3."""
    return make_world(request.param, tmp_path, request.getfixturevalue)


@pytest.fixture(scope="session")
def shared_data() -> Path | None:
    """The folder of real studies, where there is one; tests use pydicom's own files otherwise."""
    return _SHARED_DATA if _SHARED_DATA.is_dir() else None


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    """A migrated, empty database of this world."""
    world.settings.data.mkdir(parents=True, exist_ok=True)
    with open_database(world.settings.database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty SQLite database, for unit tests."""
    with open_database(f"sqlite:///{tmp_path}/test.sqlite") as opened:
        yield opened
