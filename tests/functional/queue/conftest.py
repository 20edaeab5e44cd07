from collections.abc import Iterator

import pytest

from storage.db.migrate import upgrade
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from tests.services.postgres import PostgresServer
from tests.unit.reading_queue.county import MONDAY_MORNING, County, populate

_TEMPLATE = "county"


@pytest.fixture
def county(postgres: PostgresServer) -> Iterator[County]:
    """The small county in a PostgreSQL database of its own."""
    url = postgres.create_database(postgres.ensure_template(_TEMPLATE, _fill))
    clock, hints = ManualClock(MONDAY_MORNING), []
    engine = make_engine(url, pool_size=5)
    yield County(Database(engine, clock, hints.append), clock, hints)
    engine.dispose()
    postgres.drop_database(url)


def _fill(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    populate(Database(engine, ManualClock(MONDAY_MORNING)))
    engine.dispose()
