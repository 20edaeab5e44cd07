"""Every search of FHIR and of workitems on PostgreSQL, which takes less for granted than SQLite."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import update

from storage.db.models import User
from storage.domain.clock import ManualClock
from tests.functional.api.fhir.conftest import fill
from tests.functional.api.fhir.test_search import VALUES
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from viewer_api.fhir.capability import is_link
from viewer_api.fhir.registry import KINDS


@pytest.fixture
def township(tmp_path: Path, postgres_url: str, password_hash: str) -> Iterator[Township]:
    county = County.at(postgres_url, ManualClock(MONDAY_MORNING))
    with county.database.write() as work:
        work.session.execute(update(User).values(password_hash=password_hash))
    with running(county, settings_in(tmp_path, COUNTYREAD_DATABASE_URL=postgres_url)) as served:
        fill(served)
        yield served
    county.database.engine.dispose()


def test_every_search_is_answered(township: Township) -> None:
    client = township.client("manager")
    for kind in KINDS.values():
        for param in kind.params:
            address = f"/fhir/{kind.name}?{param.name}={quote(VALUES[param.type])}"
            assert client.get(address).status_code == 200, address
            if is_link(param):
                assert client.get(f"/fhir/{kind.name}?_include={kind.name}:{param.name}").status_code == 200, address
                back = f"/fhir/{param.target}?_revinclude={kind.name}:{param.name}"
                assert client.get(back).status_code == 200, back
        for sort in ("_id", "_lastUpdated" if kind.updated is not None else "_id", *kind.sorts):
            _pages(township, f"/fhir/{kind.name}?_count=7&_sort=-{sort}")
    assert (
        len(client.get("/dicomweb/workitems?limit=500").json())
        > len(client.get("/fhir/Task?_count=200").json()["entry"]) / 2
    )
    assert client.get("/dicomweb/workitems?ProcedureStepState=SCHEDULED").status_code == 200


def _pages(township: Township, url: str) -> None:
    seen: list[str] = []
    while url and len(seen) < 40:
        answer = township.client("admin").get(url)
        assert answer.status_code == 200, (url, answer.text)
        bundle = answer.json()
        seen += [one["resource"]["id"] for one in bundle.get("entry", [])]
        url = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), "")
    assert len(seen) == len(set(seen))
