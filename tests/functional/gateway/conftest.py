from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db.session import Database
from tests.functional.gateway.running import RunningGateway
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World


@pytest.fixture
def gateway(world: World, database: Database, tmp_path: Path, dcmtk_tools: None) -> Iterator[RunningGateway]:
    """A gateway process with the devices T01_CT and T02_CT of two clinics."""
    make_county(database)
    running = RunningGateway(world, database, tmp_path)
    running.start()
    yield running
    running.stop()
