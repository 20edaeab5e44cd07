from collections.abc import Iterator

import pytest

from tests.functional.gateway.running import RunningGateway
from tests.functional.orders.clinics import Clinic, new_clinic
from tests.worlds import WORLDS, make_world, open_database


@pytest.fixture(scope="module", params=WORLDS)
def patient_gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    """A gateway and an intake that wait for ten minutes of rest: what becomes whole sooner does so for a better reason."""
    folder = tmp_path_factory.mktemp(request.param)

    def server(name: str) -> object:
        if name == "postgres_url":
            return request.getfixturevalue("postgres_session").create_database()
        if name == "s3_url":
            return request.getfixturevalue("s3_session").create_bucket()
        return request.getfixturevalue("redis_session")

    world = make_world(request.param, folder, server, COUNTYREAD_READY_IDLE="600")
    world.settings.data.mkdir(parents=True)
    with open_database(world.settings.database_url) as database:
        running = RunningGateway(world, database, folder)
        running.start()
        yield running
        running.stop()


@pytest.fixture
def clinic(patient_gateway: RunningGateway, dcmtk_tools: None) -> Clinic:
    """A clinic with a CT that no other test knows."""
    return new_clinic(patient_gateway)
