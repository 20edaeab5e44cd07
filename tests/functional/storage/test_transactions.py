"""What a unit of work leaves behind, on both databases: nothing of a read, and turns that are given back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import func, literal, select, text
from sqlalchemy.exc import IntegrityError

from storage.db.models import Institution
from storage.db.session import Database, make_engine
from tests.services.postgres import PostgresServer

WRITERS, EACH = 6, 3


def _institution(code: str) -> Institution:
    return Institution(code=code, name="", kind="clinic")


def _count(database: Database) -> int:
    with database.read() as work:
        return work.session.execute(select(func.count(Institution.id))).scalar_one()


def test_what_is_added_or_changed_in_a_read_is_not_written(database: Database) -> None:
    with database.write() as work:
        work.session.add(_institution("t01"))
    with database.read() as work:
        work.session.add(_institution("t02"))
        known = work.session.execute(select(Institution).where(Institution.code == "t01")).scalar_one()
        known.name = "changed"
    assert known.code == "t01"
    with database.read() as work:
        assert [(one.code, one.name) for one in work.session.execute(select(Institution)).scalars()] == [("t01", "")]


def test_writers_who_come_at_once_all_write_also_after_one_has_failed(database: Database) -> None:
    with database.write() as work:
        work.session.add(_institution("there"))

    def write(number: int) -> None:
        for turn in range(EACH):
            with suppress(IntegrityError), database.write() as work:
                work.session.add(_institution("there"))
                work.session.flush()
            with database.write() as work:
                work.session.add(_institution(f"{number}-{turn}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert _count(database) == 1 + WRITERS * EACH


def test_a_second_transaction_within_the_first_reads_and_does_not_wait(database: Database) -> None:
    with database.write() as work:
        work.session.add(_institution("t01"))
        work.session.flush()
        assert _count(database) == 0


def test_postgresql_keeps_what_is_prepared_from_one_read_to_the_next(postgres: PostgresServer) -> None:
    url = postgres.create_database()
    database = Database(make_engine(url, pool_size=1))
    for _ in range(4):
        with database.read() as work:
            assert work.session.execute(select(literal(17).label("often"))).scalar_one() == 17
    with database.read() as work:
        prepared = work.session.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    database.engine.dispose()
    postgres.drop_database(url)
    assert any("often" in statement for statement in prepared)
