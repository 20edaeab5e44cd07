"""Rows whose identities are known: one statement for any number of them, which is compiled and planned once."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from storage.db.session import UnitOfWork


def among(work: UnitOfWork, column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`, which go to the database as one parameter."""
    if work.session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), ARRAY(BigInteger)))
    listed: Any = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))
