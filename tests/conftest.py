"""What every test may ask for: the two worlds, and the real studies beside the repository."""

from pathlib import Path

import pytest

from tests.worlds import WORLDS, World, make_world

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
