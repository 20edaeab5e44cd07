"""The measured ECG over the API: for those who may see the study, apart by who measured, and its samples to the microvolt."""

import io
import json
import struct

import numpy as np
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from reading_queue.ecg.measuring import measure_ecg
from storage.db.models import AuditEvent
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.unit.reading_queue.ecg.files import device_value, ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Made, regular

MADE = regular(64)


@pytest.fixture(scope="module")
def ecg(archive: Township) -> str:
    """The path of a measured ECG."""
    instance = archive.image(ecg_file(MADE, annotations=(device_value("5.13.5-9", "QRS Duration", 75),)))
    measure_ecg(archive.database, archive.store, instance.study_id)
    study = archive.client("clinic01").get("/api/v1/studies").json()["items"][0]["study_instance_uid"]
    return f"/api/v1/studies/{study}/ecg"


def test_an_ecg_is_shown_with_the_values_of_device_and_engine_apart(archive: Township, ecg: str):
    (one,) = archive.client("radiologist").get(ecg).json()["items"]
    assert one["state"] == "done"
    assert one["recording"]["leads"] == list(LEADS)
    assert one["device"]["qrs_ms"] == 75
    assert one["device"]["pr_ms"] is None
    assert one["measured"]["overall"]["qrs_ms"] == pytest.approx(90, abs=16)
    assert one["measured"]["engine"].startswith("countyread-ecg")
    assert len(one["measured"]["beats"]) == len(MADE.onsets)
    assert set(one["measured"]["median"]["microvolts"]) == set(LEADS)
    assert [suggestion["code"] for suggestion in one["suggestions"]] == ["sinus_rhythm"]
    assert one["suggestions"][0]["rule"]
    assert one["measured"]["quality"]["V3"]["faults"] == []


def _samples(body: bytes) -> tuple[dict, np.ndarray]:
    assert body[:4] == b"ECGS"
    (length,) = struct.unpack_from("<I", body, 4)
    header = json.loads(body[8 : 8 + length])
    stored = np.frombuffer(body, "<i2", offset=8 + length).reshape(len(header["leads"]), header["samples"])
    return header, stored * np.array(header["scale_uv"])[:, None]


def test_samples_come_as_small_numbers_with_a_scale(archive: Township, ecg: str):
    client = archive.client("radiologist")
    url = client.get(ecg).json()["items"][0]["samples_url"]
    answer = client.get(url)
    header, microvolts = _samples(answer.content)
    assert (header["sampling_hz"], header["samples_in_record"]) == (MADE.hz, 5000)
    assert np.abs(microvolts - np.rint(MADE.signal)).max() <= max(header["scale_uv"]) / 2 + 1e-6
    assert max(header["scale_uv"]) < 0.1
    again = client.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    part, some = _samples(client.get(url, params={"start_s": 2, "seconds": 1.5}).content)
    assert (part["first_sample"], part["samples"]) == (1000, 750)
    assert np.abs(some - np.rint(MADE.signal[:, 1000:1750])).max() <= max(part["scale_uv"]) / 2 + 1e-6
    assert client.get(url, params={"seconds": 1e9}).status_code == 422


def test_gaps_are_told_apart_from_zero():
    from storage.ingest.ecg.recording import Recording
    from viewer_api.ecg.samples import NOTHING, packed, part_of

    signal = np.array([[1.0, np.nan, -3.0], [np.nan] * 3, [0.0] * 3])
    body = packed(part_of(Recording("made", ("I", "II", "V1"), 500, signal), 0, 10))
    stored = np.frombuffer(body[-18:], "<i2").reshape(3, 3)
    assert stored[0, 1] == NOTHING
    assert (stored[1] == NOTHING).all()
    assert (stored[2] == 0).all()


def test_another_clinic_and_the_authority_see_nothing_of_it(archive: Township, ecg: str):
    url = archive.client("clinic01").get(ecg).json()["items"][0]["samples_url"]
    for path in (ecg, url):
        assert archive.client("clinic02").get(path).status_code == 404
        assert archive.client("regulator").get(path).status_code == 403
        assert archive.anonymous().get(path).status_code == 401


def test_looking_is_on_record(archive: Township, ecg: str):
    archive.client("manager").get(ecg)
    with archive.database.read() as work:
        details = work.session.execute(select(AuditEvent.detail).where(AuditEvent.action == "read")).scalars().all()
    assert "GET /api/v1/studies/{study_instance_uid}/ecg" in [detail.get("route") for detail in details]


def test_an_ecg_waits_until_it_is_measured_and_a_ct_has_none(archive: Township):
    waiting = archive.image(ecg_file(Made(MADE.signal * 0.5, MADE.hz, MADE.onsets)), code="t02")
    ct = archive.image(ct_image(), code="t02")
    uids = {
        study["modality"]: study["study_instance_uid"]
        for study in archive.client("clinic02").get("/api/v1/studies").json()["items"]
    }
    client = archive.client("radiologist")
    (one,) = client.get(f"/api/v1/studies/{uids['ECG']}/ecg").json()["items"]
    assert (one["state"], one["measured"], one["sop_instance_uid"]) == ("pending", None, waiting.sop_instance_uid)
    assert client.get(f"/api/v1/studies/{uids['CT']}/ecg").json() == {"items": []}
    assert client.get(f"/api/v1/studies/{uids['CT']}/ecg/{ct.sop_instance_uid}/samples").status_code == 404


def _pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf), strict=True).pages]


def test_an_ecg_is_printed_as_the_screen_shows_it(archive: Township, ecg: str):
    paper = f"{ecg}.pdf"
    answer = archive.client("clinic01").get(paper)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    (page,) = _pages(answer.content)
    assert "25mm/s10mm/mV未滤波" in page
    assert "设备测量———75" in page
    sop = archive.client("radiologist").get(ecg).json()["items"][0]["sop_instance_uid"]
    asked = {"layout": "12x1", "speed": 50, "gain": 5, "high": 0.5, "low": 40, "notch": 50, "lang": "en", "sop": sop}
    pages = _pages(archive.client("auditor").get(paper, params=asked).content)
    assert len(pages) == 2
    assert "50mm/s5mm/mVDisplayfilters(zerophase):≥0.5Hz,≤40Hz,Mains50Hz" in pages[1]
    assert "seconds5–10of10" in pages[1]


def test_paper_follows_the_rules_of_the_study(archive: Township, ecg: str):
    paper = f"{ecg}.pdf"
    assert archive.client("manager").get(paper).status_code == 200
    assert archive.client("clinic02").get(paper).status_code == 404
    assert archive.client("regulator").get(paper).status_code == 403
    assert archive.anonymous().get(paper).status_code == 401
    for wrong in ({"speed": 30}, {"gain": 7}, {"low": 35}, {"layout": "4x4"}, {"start_s": -1}):
        assert archive.client("radiologist").get(paper, params=wrong).status_code == 422, wrong
    assert archive.client("radiologist").get(paper, params={"sop": "1.2.3"}).status_code == 404
    with archive.database.read() as work:
        query = select(AuditEvent.subject).where(AuditEvent.action == "ecg_printed")
        assert work.session.execute(query).first() is not None


def test_the_catalogue_of_statements_is_searched(archive: Township):
    client = archive.client("ecg")
    assert client.get("/api/v1/ecg-statements", params={"q": "xfcd"}).json()["items"][0]["code"] == "af"
    assert len(client.get("/api/v1/ecg-statements").json()["items"]) > 100
