"""Measurements through the API: kept with the study, by whom, for whom, and what stays of them."""

import io
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from sqlalchemy import select

from reading_queue.documents import filing
from storage.db.models import AuditEvent, Instance, MeasurementVersion, ReadingTask, Report, ReportVersion, Series
from storage.ingest.times import time_zone
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.services import dcmtk

ZONE = time_zone("Asia/Shanghai")
ELLIPSE = [[20.0, 30.0], [60.0, 70.0]]


class Case:
    """A task whose study has one real CT slice, in the hands of a reader."""

    def __init__(self, township: Township) -> None:
        self.township, self.county = township, township.county
        self.image = township.image(ct_image())
        self.task: ReadingTask = self.county.task()
        with township.database.write() as work:
            row = work.session.get_one(Instance, self.image.id)
            row.study_id = work.session.get_one(Series, row.series_id).study_id = self.task.study_id
        self.url = f"/api/v1/studies/{township.study(self.task).study_instance_uid}/measurements"
        self.token = self.county.claim(self.task, "radiologist").token

    def drawing(self, **over: object) -> dict[str, object]:
        body = {"sop_instance_uid": self.image.sop_instance_uid, "kind": "length", "points": [[10, 20], [40, 60]]}
        return {**body, **over}

    def draw(self, username: str = "radiologist", **over: object) -> dict[str, Any]:
        answer = self.township.client(username).post(self.url, json=self.drawing(**over))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def seen_by(self, username: str) -> list[dict[str, Any]]:
        return self.township.client(username).get(self.url).json()["items"]

    def sign(self) -> int:
        reader, auditor = self.township.client("radiologist"), self.township.client("auditor")
        report = {"findings": "所见", "impression": "印象", "positive": True}
        root = f"/api/v1/tasks/{self.task.id}"
        assert reader.post(f"{root}/submit", json={"lease_token": self.token, "report": report}).status_code == 200
        token = self.county.claim(self.task, "auditor").token
        signed = auditor.post(f"{root}/sign", json={"lease_token": token})
        assert signed.status_code == 200, signed.text
        return signed.json()["report_id"]


@pytest.fixture
def case(archive: Township) -> Case:
    return Case(archive)


@pytest.fixture
def township(archive: Township) -> Township:
    """One county for all: each case is a study of its own."""
    return archive


def _figures(measurement: dict[str, Any]) -> dict[str, tuple[float, str]]:
    return {one["name"]: (one["value"], one["unit"]) for one in measurement["figures"]}


def test_what_is_drawn_is_there_again_with_the_figures_of_the_server(case: Case) -> None:
    length = case.draw()
    row, column = (float(one) for one in dcmread(get_testdata_file("CT_small.dcm", download=False)).PixelSpacing)
    expected = ((30 * column) ** 2 + (40 * row) ** 2) ** 0.5
    assert _figures(length) == {"length": (pytest.approx(expected, abs=1e-5), "mm")}
    assert (length["method"], length["version"], length["author"]) == ("patient", 1, "radiologist 医师")
    ellipse = case.draw(kind="ellipse", points=ELLIPSE, label="肝")
    assert set(_figures(ellipse)) == {"mean", "sd", "min", "max", "area"}
    assert _figures(ellipse)["mean"][1] == "HU"
    assert case.seen_by("radiologist") == [length, ellipse] == case.seen_by("auditor")


def test_a_change_needs_the_version_that_is_and_nothing_is_forgotten(case: Case, township: Township) -> None:
    reader, drawn = township.client("radiologist"), case.draw()
    url = f"{case.url}/{drawn['id']}"
    moved = reader.put(url, json={"version": 1, "points": [[10, 20], [10, 60]]})
    assert moved.status_code == 200, moved.text
    assert moved.json()["version"] == 2
    assert _figures(moved.json()) != _figures(drawn)
    assert reader.put(url, json={"version": 1, "label": "结节"}).status_code == 409
    assert reader.delete(url, params={"version": 1}).status_code == 409
    named = reader.put(url, json={"version": 2, "label": "结节", "for_clinic": True}).json()
    assert (named["label"], named["for_clinic"], named["points"]) == ("结节", True, [[10, 20], [10, 60]])
    assert reader.delete(url, params={"version": 3}).status_code == 204
    assert reader.delete(url, params={"version": 3}).status_code == 404
    assert case.seen_by("radiologist") == []
    with township.database.read() as work:
        versions = select(MeasurementVersion).where(MeasurementVersion.measurement_id == drawn["id"])
        kept = work.session.execute(versions.order_by(MeasurementVersion.version)).scalars().all()
        uid = township.study(case.task).study_instance_uid
        target = AuditEvent.subject == f"study:{uid}", AuditEvent.action.like("measurement_%")
        audited = work.session.execute(select(AuditEvent.action).where(*target))
        assert [one.action for one in kept] == ["created", "changed", "changed", "deleted"]
        assert kept[0].content["points"] == [[10, 20], [40, 60]]
        assert sorted(audited.scalars()) == sorted(f"measurement_{one.action}" for one in kept)


@pytest.mark.parametrize(
    "over",
    [
        {"points": [[10, 20]]},
        {"points": [[10, 20], [400, 20]]},
        {"points": [[-1, 20], [40, 20]]},
        {"frame": 2},
        {"kind": "volume"},
        {"label": "x" * 201},
    ],
)
def test_what_does_not_fit_the_image_is_refused(case: Case, township: Township, over: dict[str, object]) -> None:
    assert township.client("radiologist").post(case.url, json=case.drawing(**over)).status_code == 422


def test_only_who_has_the_case_in_hand_measures(case: Case, township: Township) -> None:
    for username in ("radiologist2", "auditor", "manager", "clinic01", "clinic02", "regulator"):
        assert township.client(username).post(case.url, json=case.drawing()).status_code == 403
    assert township.client("radiologist").get(case.url).json()["may_measure"] is True
    assert township.client("radiologist2").get(case.url).json()["may_measure"] is False
    assert township.client("clinic02").get(case.url).status_code == 404
    assert township.client("regulator").get(case.url).status_code == 403


def test_the_earlier_study_of_the_same_person_is_measured_too(case: Case, township: Township) -> None:
    earlier = township.image(ct_image())
    with township.database.write() as work:
        study = work.session.get_one(Instance, earlier.id).series.study
        url = f"/api/v1/studies/{study.study_instance_uid}/measurements"
        body = {"sop_instance_uid": earlier.sop_instance_uid, "kind": "probe", "points": [[5, 5]]}
    assert township.client("radiologist").post(url, json=body).status_code == 403
    with township.database.write() as work:
        study = work.session.get_one(Instance, earlier.id).series.study
        study.patient_id = township.study(case.task).patient_id
    assert township.client("radiologist").post(url, json=body).status_code == 201


def test_two_independent_readers_do_not_see_what_the_other_draws(case: Case, township: Township) -> None:
    with township.database.write() as work:
        work.session.get_one(ReadingTask, case.task.id).independent = True
        second = ReadingTask(**_columns(work.session.get_one(ReadingTask, case.task.id)))
        second.step, second.reader_id = "second_read", case.county.user("radiologist2").id
        work.session.add(second)
    first, other = case.draw(), case.draw("radiologist2", points=[[1, 1], [2, 2]])
    assert [one["id"] for one in case.seen_by("radiologist")] == [first["id"]]
    assert [one["id"] for one in case.seen_by("radiologist2")] == [other["id"]]
    assert len(case.seen_by("manager")) == 2
    with township.database.write() as work:
        work.session.get_one(ReadingTask, case.task.id).state = "read"
    assert [one["id"] for one in case.seen_by("radiologist2")] == [other["id"]]


def _columns(task: ReadingTask) -> dict[str, object]:
    return {column.name: getattr(task, column.name) for column in ReadingTask.__table__.columns if column.name != "id"}


def test_the_clinic_sees_what_was_signed_for_it(case: Case, township: Township) -> None:
    own, shown = case.draw(), case.draw(kind="ellipse", points=ELLIPSE, for_clinic=True)
    assert case.seen_by("clinic01") == []
    case.sign()
    assert [one["id"] for one in case.seen_by("clinic01")] == [shown["id"]]
    link = township.shared(township.study(case.task).study_instance_uid)
    assert [one["id"] for one in township.bearer(link).get(case.url).json()["items"]] == [shown["id"]]
    gone = township.client("auditor").delete(f"{case.url}/{shown['id']}", params={"version": shown["version"]})
    assert gone.status_code == 204
    assert _figures(case.seen_by("clinic01")[0]) == _figures(shown)
    assert [one["id"] for one in case.seen_by("auditor")] == [own["id"]]


MEASUREMENTS_SR = "1.2.840.10008.5.1.4.1.1.88.22"


def _measurement_report(case: Case) -> tuple[Dataset, bytes]:
    township = case.township
    with township.database.read() as work:
        of_case = select(ReportVersion.id).join(Report).where(Report.task_id == case.task.id)
        version = work.session.execute(of_case).scalar_one()
    filing.file_report(township.database, township.store, version, ZONE)
    with township.database.read() as work:
        query = select(Instance).where(
            Instance.sop_class_uid == MEASUREMENTS_SR, Instance.study_id == case.task.study_id
        )
        key = work.session.execute(query).scalar_one().object_key
    with township.store.open(key) as stream:
        data = stream.read()
    return dcmread(io.BytesIO(data)), data


def _items(ds: Dataset, code: str) -> list[Dataset]:
    """Every content item with that concept, anywhere in the tree."""
    found = []
    for item in ds.get("ContentSequence", []):
        name = item.get("ConceptNameCodeSequence")
        found += [item] if name and name[0].CodeValue == code else []
        found += _items(item, code)
    return found


def test_a_signed_report_takes_its_measurements_into_the_study_for_other_viewers(case: Case, tmp_path: Path) -> None:
    case.draw(label="结节")
    case.draw(kind="angle", points=[[10, 10], [20, 20], [30, 10]])
    case.draw(kind="cobb", points=[[10, 10], [40, 20], [10, 60], [40, 50]])
    case.draw(kind="ellipse", points=ELLIPSE)
    case.draw(kind="rectangle", points=ELLIPSE)
    case.draw(kind="probe", points=[[12.5, 30.5]])
    case.draw(kind="ctr", points=[[10, 60], [110, 60], [40, 50], [90, 52]])
    case.draw(kind="arrow", points=[[10, 60], [20, 70]], label="看这里")
    case.sign()
    ds, data = _measurement_report(case)
    path = tmp_path / "measurements.dcm"
    path.write_bytes(data)
    shown = dcmtk.run("dsrdump", "+U8", "+Pl", path)
    assert shown.ok, shown.output
    assert [line for line in shown.output.splitlines() if line.startswith("E:")] == []
    verified = dcmtk.run("dciodvfy", path)
    assert [line for line in verified.output.splitlines() if line.startswith("Error")] == []
    assert ds.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert len(_items(ds, "125007")) == 8
    (length,) = _items(ds, "410668003")
    kept = case.seen_by("radiologist")
    assert float(length.MeasuredValueSequence[0].NumericValue) == pytest.approx(
        kept[0]["figures"][0]["value"], abs=1e-4
    )
    assert length.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue == "mm"
    (line,) = length.ContentSequence
    assert (line.GraphicType, list(line.GraphicData)) == ("POLYLINE", [10, 20, 40, 60])
    (image,) = line.ContentSequence
    assert image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == case.image.sop_instance_uid
    regions = [one for one in _items(ds, "111030") if one.GraphicType == "ELLIPSE"]
    assert [list(one.GraphicData) for one in regions] == [[20, 50, 60, 50, 40, 30, 40, 70]]
    evidence = ds.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == case.image.sop_instance_uid
