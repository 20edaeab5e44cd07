"""Headers of rows that were written before they were compressed, and of new ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from storage.db.migrate import _config, upgrade
from storage.db.models import Instance
from storage.db.session import Database, make_engine
from storage.domain.documents import CompactDocument
from tests.worlds import World

HEADERS: list[dict[str, Any]] = [
    {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "ZHANG^SAN", "Ideographic": "张^三"}]}},
    {"00280010": {"vr": "US", "Value": [512]}, "00281050": {"vr": "DS", "Value": [40.0, None, "x"]}},
    {},
]
MORE_THAN_TWO_BATCHES = 1203


@pytest.fixture
def engine(world: World) -> Iterator[sa.Engine]:
    """An empty database at the schema before."""
    world.settings.data.mkdir(parents=True, exist_ok=True)
    made = make_engine(world.settings.database_url)
    with made.connect() as connection, connection.begin():
        command.upgrade(_config(connection), "0007")
    yield made
    made.dispose()


def test_headers_of_former_rows_are_compressed_and_read_as_before(engine: sa.Engine) -> None:
    headers = [HEADERS[number % 3] for number in range(MORE_THAN_TWO_BATCHES)]
    insert_instances(engine, headers)
    upgrade(engine)
    with Database(engine).read() as work:
        found = work.session.execute(sa.select(Instance).order_by(Instance.id)).scalars().all()
        assert [instance.header for instance in found] == headers
    columns = {column["name"]: column for column in sa.inspect(engine).get_columns("instance")}
    assert isinstance(columns["header"]["type"], sa.LargeBinary)
    assert not columns["header"]["nullable"]
    assert "compact" not in columns


def test_a_row_takes_a_dict_or_a_document_and_gives_a_dict(engine: sa.Engine) -> None:
    upgrade(engine)
    insert_instances(engine, [CompactDocument.of(header).compressed for header in HEADERS[:2]])
    with Database(engine).write() as work:
        first, second = work.session.execute(sa.select(Instance).order_by(Instance.id)).scalars()
        assert [first.header, second.header] == HEADERS[:2]
        first.header, second.header = HEADERS[1], CompactDocument.of(HEADERS[0])
    with Database(engine).read() as work:
        first, second = work.session.execute(sa.select(Instance).order_by(Instance.id)).scalars()
        assert [first.header, second.header] == [HEADERS[1], HEADERS[0]]
        assert isinstance(second.header, dict)


def insert_instances(engine: sa.Engine, headers: list[Any]) -> None:
    """Rows as any release made them, whatever columns the tables have."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for name in ("institution", "patient", "study", "series"):
            connection.execute(tables.tables[name].insert(), values(tables.tables[name], 1))
        table = tables.tables["instance"]
        rows = [values(table, number) | {"header": header} for number, header in enumerate(headers, 1)]
        connection.execute(table.insert(), rows)


def values(table: sa.Table, number: int) -> dict[str, Any]:
    """Something for every column that must have a value."""
    return {column.name: value(column, number) for column in table.columns if not column.nullable}


def value(column: sa.Column[Any], number: int) -> Any:
    if column.foreign_keys:
        return 1
    kinds = {
        sa.DateTime: datetime(2026, 1, 2, tzinfo=UTC),
        sa.Boolean: False,
        sa.String: f"{number}",
        sa.Integer: number,
    }
    return next((made for kind, made in kinds.items() if isinstance(column.type, kind)), None)
