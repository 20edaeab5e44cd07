"""The whole interface under requests that nobody thought of (schemathesis), in this process and with a fixed seed."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from storage.db.queries import logins
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from storage.objects import make_object_store
from tests.functional.api.township import settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from viewer_api.app import build_app
from viewer_api.auth.tokens import new_token, token_hash

_EXAMPLES = 150
_ENDLESS = "/api/v1/events"
_ENDS_THE_SESSION = ("/session", "/account")
_WAITS = ("/results",)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, empty_county: Path) -> Iterator[tuple[object, str]]:
    """The application, and an administrator's token."""
    folder = tmp_path_factory.mktemp("outside")
    chosen = settings_in(folder, COUNTYREAD_RATE_CALLER="0", COUNTYREAD_RATE_ADDRESS="0")
    shutil.copyfile(empty_county, folder / empty_county.name)
    engine, clock, token = make_engine(chosen.database_url), ManualClock(MONDAY_MORNING), new_token()
    county = County(Database(engine, clock), clock)
    with county.database.write() as work:
        logins.open_login(work, county.user("admin").id, token_hash(token), work.now + timedelta(hours=12))
    app = build_app(chosen, county.database, make_object_store(chosen.object_store))
    yield app, token
    app.state.services.hub.close()
    engine.dispose()


@pytest.mark.thorough
def test_no_request_that_the_document_allows_breaks_the_server(api: tuple[object, str]) -> None:
    app, token = api
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [
        found.ok()
        for found in schema.get_all_operations()
        if found.ok().path != _ENDLESS and not any(part in found.ok().path for part in (*_ENDS_THE_SESSION, *_WAITS))
    ]
    cases = st.one_of([operation.as_strategy() for operation in operations])
    headers = {"Authorization": f"Bearer {token}"}
    broken: set[tuple[str, str]] = set()

    @seed(20260309)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def tried(case: schemathesis.Case) -> None:
        answer = case.call(headers=headers)
        if answer.status_code >= 500 and answer.status_code not in (503, 507):
            broken.add((case.method, case.path))
            return
        case.validate_response(answer, checks=[not_a_server_error])

    tried()
    assert broken == set()
    assert len(operations) >= 150
