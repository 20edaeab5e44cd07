from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.db.session import Database
from tests.functional.edge.running import Centre, Van
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World, make_world, open_database


@pytest.fixture(scope="module")
def embedded_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre on what is embedded, for a whole module; a test looks at its own studies only."""
    folder = tmp_path_factory.mktemp("centre")
    world = make_world("embedded", folder, lambda name: None)
    world.settings.data.mkdir(parents=True)
    with open_database(world.settings.database_url) as database:
        yield from _running(world, database, folder)


@pytest.fixture
def centre(world: World, database: Database, tmp_path: Path, dcmtk_tools: None) -> Iterator[Centre]:
    """A centre in the world that the test asks for."""
    yield from _running(world, database, tmp_path)


def _running(world: World, database: Database, folder: Path) -> Iterator[Centre]:
    make_county(database)
    running = Centre(world, database, folder)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def make_van(tmp_path: Path) -> Iterator[Callable[..., Van]]:
    """Makes a station that talks to a port; it runs until the test ends."""
    vans: list[Van] = []

    def make(server: int, **environ: str) -> Van:
        van = Van(tmp_path, server, **environ)
        vans.append(van)
        return van

    yield make
    for van in vans:
        van.stop()
