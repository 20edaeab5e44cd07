"""Studies that were there before: those that are arriving are looked at, and what those that were whole had is known."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from storage.db.migrate import _config
from storage.db.session import make_engine
from tests.unit.storage.db.test_migration_0005 import BEFORE, insert

pytestmark = pytest.mark.thorough


RECEIVED = "2026-01-02 00:00:00"


@pytest.mark.parametrize(
    "state, check_at, since, newest", [("receiving", RECEIVED, RECEIVED, None), ("ready", None, None, 7)]
)
def test_a_study_of_before(tmp_path: Path, state: str, check_at: Any, since: Any, newest: Any) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/old.sqlite")
    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), "0004")
        for table, row in BEFORE.items():
            insert(connection, table, row | ({"state": state} if table == "study" else {}))
        insert(connection, "instance", BEFORE["instance"] | {"id": 7, "sop_instance_uid": "1.9"})
        command.upgrade(_config(connection), "0007")
        found = connection.execute(text("SELECT * FROM study")).one()._mapping
    engine.dispose()
    assert (found["ready_check_at"], found["receiving_since"], found["ready_instance_id"]) == (check_at, since, newest)
    assert (found["ready_reason"], found["missing_count"]) == ("", 0)
