"""Which edition of a chapter of the rules is in force."""

from sqlalchemy import Select, bindparam, select

from storage.db.models import RuleEdition
from storage.db.models.base import UtcDateTime

_rows = RuleEdition.__table__.c

VERSION_IN_FORCE: Select[int] = (
    select(_rows.version)
    .where(_rows.kind == bindparam("kind"), _rows.effective_from <= bindparam("now", type_=UtcDateTime()))
    .order_by(_rows.effective_from.desc(), _rows.version.desc())
    .limit(1)
)
"""The number of the edition of a `kind` in force at the moment `now`; no row for the shipped one. Also part of other statements."""
