"""The two ways to run the product: on what is embedded, and on PostgreSQL, Redis and an S3 server."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, NullPool, create_engine, make_url, text

from storage.db.migrate import upgrade
from storage.db.session import Database, make_engine
from storage.settings import Settings, load_settings
from tests.services.ports import free_port

WORLDS = ("embedded", "server")

_TEMPLATE = "empty_county"


@dataclass(frozen=True)
class World:
    """One installation: its name, and the environment that makes it."""

    name: str
    environ: dict[str, str]

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ, file=Path("/nonexistent.toml"))


def make_world(name: str, folder: Path, fixture: Callable[[str], Any], **more: str) -> World:
    """An installation of its own in `folder`; `fixture` gives the servers that it needs."""
    environ = {
        "COUNTYREAD_DATA": str(folder / "data"),
        "COUNTYREAD_HTTP": f"127.0.0.1:{free_port()}",
        "COUNTYREAD_DICOM": f"127.0.0.1:{free_port()}",
        "COUNTYREAD_READY_IDLE": "1",
        "COUNTYREAD_RESERVE_MB": "1",
        "COUNTYREAD_LOG_LEVEL": "INFO",
        **more,
    }
    if name == "server":
        environ["COUNTYREAD_DATABASE_URL"] = fixture("postgres_url")
        environ["COUNTYREAD_OBJECT_STORE"] = fixture("s3_url")
        environ["COUNTYREAD_BROKER_URL"] = fixture("redis_server").url
    return World(name, environ)


@contextmanager
def shared_world(name: str, folder: Path, fixture: Callable[[str], Any], **more: str) -> Iterator[World]:
    """As `make_world`, for the tests of a module; `fixture` gives the same names."""
    with ExitStack() as stack:
        yield make_world(name, folder, lambda wanted: _for_longer(wanted, fixture, stack), **more)


def _for_longer(wanted: str, fixture: Callable[[str], Any], stack: ExitStack) -> Any:
    """What the fixtures of single tests give, of the servers of the session."""
    if wanted == "redis_server":
        redis = fixture("redis_session").revived()
        redis.flush()
        return redis
    if wanted == "s3_url":
        return fixture("s3_session").revived().create_bucket()
    postgres = fixture("postgres_session").revived()
    url = postgres.create_database()
    stack.callback(postgres.drop_database, url)
    return url


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """The database at `url`, brought to the present schema, closed at the end."""
    is_ready = copy_schema(url)
    engine = learned_engine(url)
    try:
        if not is_ready:
            upgrade(engine)
        yield Database(engine)
    finally:
        engine.dispose()


def copy_schema(url: str) -> bool:
    """Whether what was no file, or a database without tables, has the tables of this schema now: faster than migrating each."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return _copy_on_postgresql(address)
    if not address.database or Path(address.database).exists():
        return False
    shutil.copyfile(_empty_sqlite(), address.database)
    return True


def _copy_on_postgresql(address: URL) -> bool:
    with _asking(address) as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is not None:
            return False
    with _asking(address.set(database="postgres")) as connection:
        known = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _TEMPLATE})
        if known is None:
            connection.execute(text(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0"))
            _migrate(address.set(database=_TEMPLATE))
        connection.execute(text(f"DROP DATABASE {address.database}"))
        connection.execute(text(f"CREATE DATABASE {address.database} TEMPLATE {_TEMPLATE}"))
    return True


@contextmanager
def _asking(address: URL) -> Iterator[Connection]:
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def _migrate(address: URL) -> None:
    engine = make_engine(address.render_as_string(hide_password=False))
    upgrade(engine)
    engine.dispose()


def learned_engine(url: str, **options: Any) -> Engine:
    """As `make_engine`, but knowing the statements of all such engines: most of a short test's time went into compiling them."""
    engine = make_engine(url, **options)
    address = make_url(url)
    one_for_all = str(_empty_sqlite()) if address.get_backend_name() == "sqlite" else "postgres"
    engine.dialect, statements = _known(address.set(database=one_for_all))
    engine.update_execution_options(compiled_cache=statements)
    return engine


@cache
def _known(address: URL) -> tuple[Dialect, dict[Any, Any]]:
    """What the engines of all databases on that server, or of all SQLite files, share."""
    engine = make_engine(address.render_as_string(hide_password=False))
    with engine.connect():  # completes the dialect
        pass
    engine.dispose()
    return engine.dialect, {}


@cache
def _empty_sqlite() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="countyread-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "empty.sqlite"
    _migrate(make_url(f"sqlite:///{file}"))
    return file
