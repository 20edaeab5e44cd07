from collections.abc import Iterator
from typing import Any

import pytest

from tests.functional.gateway.running import RunningGateway
from tests.functional.orders.clinics import Clinic, new_clinic
from tests.services.ports import free_port
from tests.worlds import WORLDS, make_world, open_database


@pytest.fixture(scope="session", params=WORLDS)
def county_gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    """One gateway for each world, with a door for HL7; every test has clinics of its own in it."""
    folder = tmp_path_factory.mktemp(request.param)
    hl7 = f"127.0.0.1:{free_port()}"
    world = make_world(request.param, folder, lambda name: _server(request, name), COUNTYREAD_HL7=hl7)
    world.settings.data.mkdir(parents=True)
    with open_database(world.settings.database_url) as database:
        gateway = RunningGateway(world, database, folder)
        gateway.start()
        yield gateway
        gateway.stop()


def _server(request: pytest.FixtureRequest, name: str) -> Any:
    if name == "postgres_url":
        return request.getfixturevalue("postgres_session").create_database()
    if name == "s3_url":
        return request.getfixturevalue("s3_session").create_bucket()
    return request.getfixturevalue("redis_session")


@pytest.fixture
def clinic(county_gateway: RunningGateway) -> Clinic:
    """A clinic that no other test knows."""
    return new_clinic(county_gateway)


@pytest.fixture
def other_clinic(county_gateway: RunningGateway) -> Clinic:
    return new_clinic(county_gateway)
