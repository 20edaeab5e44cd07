"""One transaction per request, task or batch: the unit of work. It alone commits."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry

from storage.audit import append_pending
from storage.db.models import InstitutionScoped
from storage.db.models.base import UtcDateTime
from storage.domain.clock import Clock, SystemClock


@dataclass(frozen=True)
class Hint:
    """Word to a worker that there is something to do. It is published after the commit, and may get lost: sweeps look again."""

    task: str
    args: tuple[int | str, ...] = ()


Publish = Callable[[Hint], None]


@dataclass(frozen=True)
class Scope:
    """Whose rows may be seen: of one institution, or of all when `institution_id` is None."""

    institution_id: int | None = None


COUNTY = Scope()

CHINA = ZoneInfo("Asia/Shanghai")

_PATIENCE = 20.0
"""Seconds that a writer waits for others on SQLite."""

_HAS_TURN = "countyread_has_turn"
_HAS_WRITTEN = "has written"


@dataclass
class UnitOfWork:
    """A session with the time of its transaction, and the hints to publish when it has been committed.

    `zone` is the county's: its days begin and its working hours are told in it.
    """

    session: Session
    now: datetime
    hints: list[Hint] = field(default_factory=list)
    zone: tzinfo = CHINA

    def after_commit(self, hint: Hint) -> None:
        """Publish `hint` once this transaction is committed; a rollback drops it."""
        if hint not in self.hints:
            self.hints.append(hint)


class Database:
    """Opens units of work. `publish` takes hints after a commit; it must not raise. `zone` is the county's."""

    def __init__(
        self, engine: Engine, clock: Clock | None = None, publish: Publish | None = None, *, zone: tzinfo = CHINA
    ) -> None:
        self.engine = engine
        self._reader = engine.execution_options(countyread_read_only=True)
        self._clock = clock or SystemClock()
        self._publish = publish
        self._zone = zone

    @contextlib.contextmanager
    def write(self, scope: Scope = COUNTY) -> Iterator[UnitOfWork]:
        """A transaction that may change rows; committed when the block ends, rolled back when it raises."""
        with _scoped_session(self.engine, scope) as session:
            work = UnitOfWork(session, self._transaction_time(session), zone=self._zone)
            yield work
            append_pending(session)
            session.commit()
        if self._publish is not None:
            for hint in work.hints:
                self._publish(hint)

    @contextlib.contextmanager
    def read(self, scope: Scope = COUNTY) -> Iterator[UnitOfWork]:
        """A transaction that only looks; it never waits for a writer on SQLite."""
        with _scoped_session(self._reader, scope) as session:
            yield UnitOfWork(session, self._transaction_time(session), zone=self._zone)
            if self.engine.dialect.name == "postgresql" and not session.info.get(_HAS_WRITTEN):
                # Its driver forgets every prepared statement at a rollback. What has only been looked at cannot be written.
                session.expunge_all()
                session.commit()

    def _transaction_time(self, session: Session) -> datetime:
        if isinstance(self._clock, SystemClock) and self.engine.dialect.name == "postgresql":
            # Several machines share one database: leases and clocks follow its time, not theirs.
            return session.execute(select(func.clock_timestamp(type_=UtcDateTime()))).scalar_one()
        return self._clock.now()


@contextlib.contextmanager
def _scoped_session(bind: Engine, scope: Scope) -> Iterator[Session]:
    with Session(bind, expire_on_commit=False) as session:
        session.info["scope"] = scope
        yield session


@event.listens_for(Session, "do_orm_execute")
def _keep_to_the_scope(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[_HAS_WRITTEN] = True
    scope: Scope | None = state.session.info.get("scope")
    if scope is None or scope.institution_id is None or not (state.is_select or state.is_update or state.is_delete):
        return
    allowed = scope.institution_id
    state.statement = state.statement.options(
        with_loader_criteria(
            InstitutionScoped,
            lambda cls: cls.institution_id == allowed,
            include_aliases=True,
            track_closure_variables=True,
        )
    )


@event.listens_for(Session, "after_flush")
def _note_writing(session: Session, _context: object) -> None:
    session.info[_HAS_WRITTEN] = True


def make_engine(url: str, *, pool_size: int = 10, patience: float | None = None) -> Engine:
    """An engine for SQLite (WAL, one writer at a time, others wait) or PostgreSQL (`postgresql+psycopg://`).

    :param patience: seconds to wait for a writer before us, or for a server that does not answer; the usual time if None
    """
    # The connection that was used last knows the statements that are used most.
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_use_lifo": True}
    if make_url(url).get_backend_name() != "sqlite":
        line = {} if patience is None else {"connect_timeout": patience, "tcp_user_timeout": patience * 1000}
        arguments = {key: round(value) for key, value in line.items()}
        engine = create_engine(url, pool_pre_ping=True, pool_timeout=10, connect_args=arguments, **pool)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    seconds = patience or _PATIENCE
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": seconds}, **pool)
    event.listen(engine, "connect", partial(_prepare_sqlite, seconds))
    turns = _Turns()
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.end)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # What is run a second time will be run again: from then on it is parsed and planned no more.
    connection.prepare_threshold, connection.prepared_max = 1, 300


def _prepare_sqlite(patience: float, connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={patience * 1000:.0f}")
    # A claim writes some twenty pages: at the thousand of SQLite's default every fiftieth would wait for a checkpoint.
    for pragma in (*pragmas, "wal_autocheckpoint=4000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Turns:
    """Writers of one process come to SQLite one by one.

    Those that it finds busy it lets sleep, longer each time up to a tenth of a second, and nobody wakes them: of many that
    write for a few milliseconds each, all sleep while nobody writes. Between processes that is how it stays.
    """

    def __init__(self) -> None:
        self._free = threading.Lock()

    def begin(self, connection: Connection) -> None:
        # A transaction that starts by reading and then writes would fail with SQLITE_BUSY instead of waiting.
        if connection.get_execution_options().get("countyread_read_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get(_HAS_TURN):
            # Whoever has waited in vain learns from SQLite that it is busy.
            connection.info[_HAS_TURN] = self._free.acquire(timeout=_PATIENCE)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: object, record: ConnectionPoolEntry) -> None:
        if record.info.pop(_HAS_TURN, False):
            self._free.release()
