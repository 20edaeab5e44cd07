"""What every test may ask for: the two worlds, and the real studies beside the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db.session import Database
from tests.worlds import WORLDS, World, make_world, open_database

pytest_plugins = ["tests.services.fixtures"]

_THOROUGH_FILE = re.compile(r"^pytestmark = .*\bpytest\.mark\.thorough\b", re.MULTILINE)
_SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files of which no test is wanted are not imported: it takes longer than to run most that are."""
    if "not thorough" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    return True if _THOROUGH_FILE.search(collection_path.read_text(encoding="utf-8")) else None


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
