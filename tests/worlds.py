"""The two ways to run the product: on what is embedded, and on PostgreSQL, Redis and an S3 server."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from storage.db.migrate import upgrade
from storage.db.session import Database, make_engine
from storage.settings import Settings, load_settings
from tests.services.ports import free_port

WORLDS = ("embedded", "server")


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
def open_database(url: str) -> Iterator[Database]:
    """The database at `url`, brought to the present schema, closed at the end."""
    copy_schema(url)
    engine = make_engine(url)
    try:
        upgrade(engine)
        yield Database(engine)
    finally:
        engine.dispose()


def copy_schema(url: str) -> None:
    """Put an empty database of this schema where a SQLite URL names no file yet: faster than migrating each."""
    file = make_url(url).database
    if url.startswith("sqlite:") and file and not Path(file).exists():
        shutil.copy(_empty_sqlite(), file)


@cache
def _empty_sqlite() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="countyread-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "empty.sqlite"
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file
