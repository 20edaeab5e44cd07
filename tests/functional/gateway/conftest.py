from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db.session import Database
from tests.functional.gateway.exchange import shared_exchange
from tests.functional.gateway.running import RunningGateway
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import WORLDS, World


@pytest.fixture
def gateway(world: World, database: Database, tmp_path: Path, dcmtk_tools: None) -> Iterator[RunningGateway]:
    """A gateway process with the devices T01_CT and T02_CT of two clinics."""
    make_county(database)
    running = RunningGateway(world, database, tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module", params=WORLDS)
def exchange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway with devices of two clinics and of the centre, for all tests of a module."""
    with shared_exchange(request.param, tmp_path_factory.mktemp("exchange"), request.getfixturevalue) as running:
        yield running
