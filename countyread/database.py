"""The installation's database, opened for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from storage.db.migrate import require_current
from storage.db.session import Database, make_engine
from storage.domain.errors import CountyReadError
from storage.ingest.times import time_zone
from storage.settings import Settings


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database at this release's schema, closed at the end. Raises `CountyReadError` in words when it is not there."""
    engine = make_engine(settings.database_url)
    try:
        require_current(engine)
        yield Database(engine, zone=time_zone(settings.time_zone))
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        message = (
            f"The database {where} does not answer ({type(error).__name__}): start it, or run 'countyread migrate'."
        )
        raise CountyReadError(message) from error
    finally:
        engine.dispose()
