from collections.abc import Iterator

import pytest

from storage.db.session import Database
from storage.domain.clock import ManualClock
from tests.services.postgres import PostgresServer
from tests.unit.reading_queue.county import MONDAY_MORNING, County, populate
from tests.worlds import learned_engine, open_database

_TEMPLATE = "county"


@pytest.fixture
def county(postgres: PostgresServer) -> Iterator[County]:
    """The small county in a PostgreSQL database of its own."""
    url = postgres.create_database(postgres.ensure_template(_TEMPLATE, _fill))
    clock, hints = ManualClock(MONDAY_MORNING), []
    engine = learned_engine(url, pool_size=5)
    yield County(Database(engine, clock, hints.append), clock, hints)
    engine.dispose()
    postgres.drop_database(url)


def _fill(url: str) -> None:
    with open_database(url) as database:
        populate(Database(database.engine, ManualClock(MONDAY_MORNING)))
