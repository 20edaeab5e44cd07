"""Pytest plugin: the real servers as fixtures, each started when the first test asks for it.

Every xdist worker has its own copies, so a test may kill what it uses; the next test finds it running again.
A part that is not installed makes the test fail with the command that installs it.
"""

from collections.abc import Iterator

import pytest

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, RealBrowser
from tests.services.firefox import FirefoxBrowser
from tests.services.orthanc import OrthancServer
from tests.services.postgres import PostgresServer
from tests.services.process import find_program
from tests.services.redis import RedisServer
from tests.services.s3 import S3Server

_BROWSERS: dict[str, type[RealBrowser]] = {"chromium": ChromiumBrowser, "firefox": FirefoxBrowser}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--browser", choices=_BROWSERS, default="chromium", help="the browser of the tests of pages")


@pytest.fixture(scope="session")
def postgres_session() -> Iterator[PostgresServer]:
    with PostgresServer(fleeting=True) as server:
        yield server


@pytest.fixture
def postgres(postgres_session: PostgresServer) -> PostgresServer:
    """A running PostgreSQL; ``create_database()`` gives a database of its own."""
    return postgres_session.revived()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of a new and empty PostgreSQL database."""
    url = postgres.create_database()
    yield url
    postgres.revived().drop_database(url)


@pytest.fixture(scope="session")
def redis_session() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_server(redis_session: RedisServer) -> RedisServer:
    """A running and empty Redis."""
    redis_session.revived().flush()
    return redis_session


@pytest.fixture(scope="session")
def s3_session() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def s3_server(s3_session: S3Server) -> S3Server:
    """A running S3 server; ``create_bucket()`` gives an object store setting with a bucket of its own."""
    return s3_session.revived()


@pytest.fixture
def s3_url(s3_server: S3Server) -> str:
    """The ``COUNTYREAD_OBJECT_STORE`` setting of a new and empty bucket."""
    return s3_server.create_bucket()


@pytest.fixture(scope="session")
def orthanc_session() -> Iterator[OrthancServer]:
    with OrthancServer() as server:
        yield server


@pytest.fixture
def orthanc(orthanc_session: OrthancServer) -> OrthancServer:
    """A running Orthanc that holds nothing and knows nobody."""
    orthanc_session.revived().clear()
    return orthanc_session


@pytest.fixture
def dcmtk_tools() -> None:
    """Fails when one of DCMTK's tools is missing; the functions are in ``tests.services.dcmtk``."""
    for tool in dcmtk.TOOLS:
        find_program(tool, dcmtk.PACKAGE)


@pytest.fixture
def storescp() -> Iterator[dcmtk.StorescpServer]:
    """An own DCMTK storescp with an empty folder."""
    with dcmtk.StorescpServer() as server:
        yield server


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[RealBrowser]:
    """The browser of `--browser` for one test module.

    Not for the session: while Playwright's synchronous API is open, ``asyncio.run`` does not work in the same thread.
    """
    with _BROWSERS[request.config.getoption("browser")]() as started:
        yield started


@pytest.fixture(scope="module")
def firefox() -> Iterator[FirefoxBrowser]:
    """A Firefox for one test module, with a screen of its own."""
    with FirefoxBrowser() as started:
        yield started
