"""Layouts that readers had saved become rules of theirs."""

import json
from pathlib import Path

from alembic import command
from sqlalchemy import text

from reading_queue.hanging.checking import read_protocols
from storage.db.migrate import _config
from storage.db.session import make_engine
from tests.unit.storage.db.test_migration_0005 import insert

_STEP = {"layout": "1x2", "cells": [{"series": 0}, {"source": "prior"}]}


def test_saved_layouts_become_rules(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/old.sqlite")
    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), "0036")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for row, (modality, part) in enumerate([("CT", ""), ("CT", "HEAD"), ("ct,dx", "")], start=1):
            layout = {"id": row, "user_id": 7, "modality": modality, "body_part": part, "content": json.dumps(_STEP)}
            insert(connection, "own_hanging", {**layout, "changed_at": f"2026-01-0{row} 00:00:00"})
        command.upgrade(_config(connection), "0037")
        (version, content), *others = connection.execute(text("SELECT version, content FROM own_hanging")).all()
        connection.execute(text("DELETE FROM own_hanging"))
    engine.dispose()
    rules = read_protocols(json.loads(content))
    assert (version, others) == (1, [])
    assert [(one.key, one.zh, one.when.body_parts) for one in rules] == [
        ("own-2", "CT HEAD", ("HEAD",)),
        ("own-1", "CT", ()),
    ]
    assert rules[0].steps[0].cells[1].source == "prior"
