"""The physician's marks over the API: kept under the lease, shown beside what was measured, every version to be looked up."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from reading_queue import service
from reading_queue.ecg.measuring import measure_ecg
from storage.domain.readiness import ReadyTimes
from tests.functional.api.refusals import code_of
from tests.functional.api.township import Township
from tests.unit.reading_queue.ecg.files import ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import regular


@dataclass
class Open:
    """An ECG in the hands of its reader."""

    reader: httpx.Client
    study: str
    task: int
    sop: str
    token: str

    def shown(self, client: httpx.Client | None = None) -> dict[str, Any]:
        return (client or self.reader).get(f"{self.study}/ecg").json()["items"][0]

    def keep(self, marks: dict[str, Any] | None, **over: Any) -> httpx.Response:
        body = {"lease_token": self.token, "based_on": 0, "marks": marks, **over}
        return self.reader.put(f"/api/v1/tasks/{self.task}/ecg/{self.sop}/marks", json=body)


def _refused(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return code_of(answer)


@pytest.fixture
def opened(township: Township) -> Open:
    instance = township.image(ecg_file(regular(64)))
    measure_ecg(township.database, township.store, instance.study_id)
    township.county.clock.advance(seconds=60)
    with township.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
    reader = township.client("ecg")
    lease = reader.post("/api/v1/tasks/next").json()
    study = f"/api/v1/studies/{lease['task']['study_instance_uid']}"
    return Open(reader, study, lease["task"]["id"], instance.sop_instance_uid, lease["lease_token"])


def test_a_mark_is_moved_kept_shown_apart_and_taken_back(township: Township, opened: Open):
    before = opened.shown()
    assert before["physician"] is None
    found = before["measured"]["median"]["fiducials"]
    marks = {name: found[name] for name in ("p_on", "p_off", "qrs_on", "qrs_off", "t_off")}
    marks["t_off"] += 15
    kept = opened.keep(marks).json()
    assert (kept["version"], kept["by"], kept["marks"]) == (1, "ecg", marks)
    assert kept["values"]["qt_ms"] == before["measured"]["overall"]["qt_ms"] + 30
    after = opened.shown()
    assert after["physician"] == kept
    assert after["measured"] == before["measured"]
    assert _refused(opened.keep(marks), 409) == "stale_marks"
    back = opened.keep(None, based_on=1).json()
    assert (back["version"], back["marks"], back["values"]) == (2, None, None)
    versions = opened.reader.get(f"{opened.study}/ecg/{opened.sop}/marks").json()["items"]
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1] == kept
    clinic = township.client("clinic01")
    assert opened.shown(clinic)["physician"] is None
    assert clinic.get(f"{opened.study}/ecg/{opened.sop}/marks").json() == {"items": []}


def test_marks_are_refused_without_the_lease_and_when_they_make_no_sense(township: Township, opened: Open):
    marks = {"qrs_on": 200, "qrs_off": 240}
    assert _refused(opened.keep(marks, lease_token="another"), 409) == "stale_lease"
    assert _refused(opened.keep({"qrs_on": 240, "qrs_off": 200}), 422) == "invalid"
    assert _refused(opened.keep({"qrs_on": 200}), 422) == "invalid"
    assert _refused(opened.keep({**marks, "qt_ms": 999}), 422) == "invalid"
    body = {"lease_token": opened.token, "based_on": 0, "marks": marks}
    url = f"/api/v1/tasks/{opened.task}/ecg/{opened.sop}/marks"
    assert township.client("clinic01").put(url, json=body).status_code == 403
    assert township.client("clinic02").get(f"{opened.study}/ecg/{opened.sop}/marks").status_code == 404
    assert opened.shown()["physician"] is None
