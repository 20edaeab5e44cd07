"""Digests of earlier versions say what kind they are."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from storage.db.migrate import _config
from storage.db.session import make_engine
from tests.unit.storage.db.test_migration_0005 import BEFORE, insert

pytestmark = pytest.mark.thorough


def test_digests_of_earlier_versions_are_marked(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/old.sqlite")
    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), "0004")
        for table, row in BEFORE.items():
            insert(connection, table, row | ({"dataset_sha256": "ab"} if table == "instance" else {}))
        command.upgrade(_config(connection), "0028")
        assert connection.execute(text("SELECT dataset_digest FROM instance")).scalar_one() == "sha256:ab"
    engine.dispose()
