from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.db.models import User
from tests.functional.api.township import PASSWORD, Township, running, settings_in
from tests.unit.reading_queue.county import County
from viewer_api.auth.passwords import hash_password


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def township(tmp_path: Path, password_hash: str) -> Iterator[Township]:
    """A county in SQLite with its API running."""
    settings = settings_in(tmp_path)
    county = County.at(settings.database_url)
    with county.database.write() as work:
        work.session.execute(update(User).values(password_hash=password_hash))
    with running(county, settings) as served:
        yield served
    county.database.engine.dispose()
