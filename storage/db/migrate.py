"""Brings a database to the schema of this release."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.domain.errors import ConfigurationError

_LOCK = 0x636F756E7479  # "county", any number that nothing else locks


def upgrade(engine: Engine) -> None:
    """Apply what is missing, one process at a time; harmless when nothing is."""
    with engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_config(connection), "head")


def require_current(engine: Engine) -> None:
    """Raise `ConfigurationError` unless the schema is this release's."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        wanted = ScriptDirectory.from_config(_config(connection)).get_current_head()
    if present != wanted:
        message = f"The database is at schema {present or 'none'}, this release needs {wanted}: run 'countyread migrate' first."
        raise ConfigurationError(message)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
