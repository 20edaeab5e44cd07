"""STOW-RS, as a HIS vendor's program would use it."""

import io
import json
import os
from collections.abc import Sequence

import httpx
import pydicom
import pytest
from pydicom import Dataset
from pydicom.uid import JPEGLSLossless, generate_uid

from storage.ingest.part10 import read_start
from storage.ingest.spool_entry import SpoolEntry
from tests.functional.api.township import Township
from tests.unit.storage.ingest.samples import data_set, encode, file_of
from viewer_api.dicomweb.native_xml import to_xml
from viewer_api.dicomweb.store_results import FailureReason

JSON, XML = "application/dicom+json", "application/dicom+xml"


@pytest.fixture
def township(archive: Township) -> Township:
    """One for all tests here; what the last one brought has gone."""
    for path in (archive.settings.spool / "web").glob("*.dcm"):
        path.unlink()
    return archive


def part10(made: Dataset) -> bytes:
    return file_of(encode(made), uid=made.SOPInstanceUID)


def multipart(parts: Sequence[tuple[str, bytes]], kind: str = "application/dicom", end: bytes = b"--") -> dict:
    body = b"".join(b"--bound\r\n" + headers.encode() + b"\r\n\r\n" + content + b"\r\n" for headers, content in parts)
    headers = {"Content-Type": f'multipart/related; type="{kind}"; boundary=bound', "Accept": JSON}
    return {"content": body + b"--bound" + end, "headers": headers}


def store(client: httpx.Client, *contents: bytes, path: str = "", **query: str) -> httpx.Response:
    parts = [("Content-Type: application/dicom", content) for content in contents]
    return client.post(f"/dicomweb/studies{path}", params=query, **multipart(parts))


def spooled(township: Township) -> dict[str, tuple[str, bytes]]:
    """AE title and data set by SOP Instance UID."""
    found = {}
    for path in (township.settings.spool / "web").glob("*.dcm"):
        assert SpoolEntry.parse(path.stem)
        with path.open("rb") as stream:
            meta = read_start(stream)
            found[meta.sop_instance_uid] = (meta.source_ae_title, stream.read())
    return found


def references(answer: httpx.Response) -> list[str]:
    return [item["00081155"]["Value"][0] for item in answer.json().get("00081199", {}).get("Value", [])]


def failures(answer: httpx.Response) -> list[tuple[str, int]]:
    items = answer.json().get("00081198", {}).get("Value", [])
    others = answer.json().get("0008119A", {}).get("Value", [])
    named = [(item["00081155"]["Value"][0], item["00081197"]["Value"][0]) for item in items]
    return named + [("", item["00081197"]["Value"][0]) for item in others]


def test_a_clinic_stores_objects_of_its_own(township: Township) -> None:
    study = generate_uid()
    made = [data_set(StudyInstanceUID=study), data_set(StudyInstanceUID=study)]
    answer = store(township.client("clinic01"), *map(part10, made))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == JSON
    assert references(answer) == [one.SOPInstanceUID for one in made]
    assert answer.json()["00081190"]["Value"] == [f"{township.url}/dicomweb/studies/{study}"]
    url = answer.json()["00081199"]["Value"][0]["00081190"]["Value"][0]
    assert url.endswith(f"/instances/{made[0].SOPInstanceUID}")
    assert spooled(township) == {one.SOPInstanceUID: ("T01_UPLOAD", encode(one)) for one in made}


def test_a_manager_says_whose_images_these_are(township: Township) -> None:
    made = data_set()
    client = township.client("manager")
    assert store(client, part10(made)).status_code == 422
    assert store(client, part10(made), institution="nowhere").status_code == 404
    assert store(client, part10(made), institution="t02").status_code == 200
    assert spooled(township)[made.SOPInstanceUID][0] == "T02_UPLOAD"


def test_a_clinic_stores_for_nobody_else(township: Township) -> None:
    assert store(township.client("clinic01"), part10(data_set()), institution="t02").status_code == 403
    assert spooled(township) == {}


@pytest.mark.parametrize("username", ["radiologist", "regulator", "auditor"])
def test_others_do_not_store(township: Township, username: str) -> None:
    assert store(township.client(username), part10(data_set()), institution="t01").status_code == 403


def test_each_object_is_taken_or_refused_for_itself(township: Township) -> None:
    good, cut, nameless = data_set(), data_set(), data_set(StudyInstanceUID=None)
    contents = [part10(good), part10(cut)[:-3], part10(nameless), b"%PDF-1.7", part10(data_set())]
    answer = store(township.client("clinic01"), *contents)
    assert answer.status_code == 202
    assert len(references(answer)) == 2
    assert failures(answer) == [
        (cut.SOPInstanceUID, FailureReason.CANNOT_UNDERSTAND),
        (nameless.SOPInstanceUID, FailureReason.DATA_SET_MISMATCH),
        ("", FailureReason.CANNOT_UNDERSTAND),
    ]
    assert len(spooled(township)) == 2


def test_a_study_takes_only_its_own(township: Township) -> None:
    own, other = data_set(), data_set()
    path = f"/{own.StudyInstanceUID}"
    answer = store(township.client("clinic01"), part10(own), part10(other), path=path)
    assert answer.status_code == 202
    assert failures(answer) == [(other.SOPInstanceUID, FailureReason.DATA_SET_MISMATCH)]
    assert store(township.client("clinic01"), part10(other), path=path).status_code == 409
    assert list(spooled(township)) == [own.SOPInstanceUID]


def test_a_single_object_needs_no_multipart(township: Township) -> None:
    made = data_set()
    headers = {"Content-Type": "application/dicom"}
    answer = township.client("clinic01").post("/dicomweb/studies", content=part10(made), headers=headers)
    assert answer.status_code == 200
    assert list(spooled(township)) == [made.SOPInstanceUID]


@pytest.mark.parametrize(
    "content_type, status",
    [
        ("application/json", 415),
        ("multipart/form-data; boundary=bound", 415),
        ('multipart/related; type="image/png"; boundary=bound', 415),
        ("multipart/related; type=application/dicom", 400),
        ("multipart/related; boundary=other", 400),
        ("", 415),
    ],
)
def test_a_body_that_is_none_is_refused(township: Township, content_type: str, status: int) -> None:
    body = multipart([("Content-Type: application/dicom", part10(data_set()))])["content"]
    headers = {"Content-Type": content_type}
    answer = township.client("clinic01").post("/dicomweb/studies", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert spooled(township) == {}


def test_a_body_without_parts_or_with_parts_of_other_kinds(township: Township) -> None:
    client = township.client("clinic01")
    assert client.post("/dicomweb/studies", **multipart([])).status_code == 400
    answer = client.post("/dicomweb/studies", **multipart([("Content-Type: image/png", b"png")]))
    assert answer.status_code == 415
    assert failures(answer) == [("", FailureReason.UNSUPPORTED_MEDIA_TYPE)]


def test_what_came_before_a_body_breaks_off_is_told(township: Township) -> None:
    made = data_set()
    parts = [("Content-Type: application/dicom", part10(made)), ("Content-Type: application/dicom", b"half")]
    answer = township.client("clinic01").post("/dicomweb/studies", **multipart(parts, end=b""))
    assert answer.status_code == 202
    assert references(answer) == [made.SOPInstanceUID]


def test_a_body_much_larger_than_other_routes_take(township: Township) -> None:
    made = data_set()
    made.add_new(0x7FE00010, "OW", os.urandom(9 << 20))
    answer = store(township.client("clinic01"), part10(made))
    assert answer.status_code == 200, answer.text
    assert spooled(township)[made.SOPInstanceUID][1] == encode(made)


def test_without_room_nothing_is_stored(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = township.server.config.app.state.services.intake.door().spool
    monkeypatch.setattr(spool, "_reserve", 1 << 60)
    answer = store(township.client("clinic01"), part10(data_set()))
    assert answer.status_code == 507
    assert failures(answer)[0][1] == FailureReason.OUT_OF_RESOURCES
    monkeypatch.undo()
    assert store(township.client("clinic01"), part10(data_set())).status_code == 200


def _metadata(made: Dataset, pixels: str) -> bytes:
    document = made.to_json_dict()
    document["7FE00010"] = {"vr": "OW", "BulkDataURI": pixels}
    return json.dumps([document]).encode()


def _image(rows: int = 8) -> Dataset:
    return data_set(
        Rows=rows,
        Columns=4,
        BitsAllocated=16,
        BitsStored=16,
        HighBit=15,
        PixelRepresentation=0,
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
    )


def test_metadata_and_pixels_apart_make_an_object(township: Township) -> None:
    made, pixels = _image(), os.urandom(64)
    parts = [
        (f"Content-Type: {JSON}", _metadata(made, "pixels/1")),
        ("Content-Type: application/octet-stream\r\nContent-Location: pixels/1", pixels),
    ]
    answer = township.client("clinic01").post("/dicomweb/studies", **multipart(parts, JSON))
    assert answer.status_code == 200, answer.text
    kept = pydicom.dcmread(io.BytesIO(file_of(spooled(township)[made.SOPInstanceUID][1])))
    assert kept.PixelData == pixels
    assert kept.PatientName == made.PatientName


def test_compressed_pixels_keep_their_transfer_syntax(township: Township) -> None:
    made, frame = _image(), b"\xff\xd8 a frame"
    parts = [
        (f"Content-Type: {JSON}", _metadata(made, "p")),
        ("Content-Type: image/jls\r\nContent-Location: p", frame),
    ]
    answer = township.client("clinic01").post("/dicomweb/studies", **multipart(parts, JSON))
    assert answer.status_code == 200, answer.text
    (path,) = (township.settings.spool / "web").glob("*.dcm")
    kept = pydicom.dcmread(path)
    assert kept.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert frame in kept.PixelData


@pytest.mark.parametrize(
    "metadata",
    [b"no json", b"[1]", b"[" * 100_000, b'[{"00080018": {"vr": "UI", "Value": ["1.2"]}}]', b'[{"x": 1}]'],
    ids=["no json", "no objects", "nested", "too little", "no tag"],
)
def test_metadata_that_makes_no_object_is_refused(township: Township, metadata: bytes) -> None:
    answer = township.client("clinic01").post(
        "/dicomweb/studies", **multipart([(f"Content-Type: {JSON}", metadata)], JSON)
    )
    assert answer.status_code == 409, answer.text
    assert failures(answer)


def test_pixels_that_were_not_sent_are_missed(township: Township) -> None:
    made = _image()
    answer = township.client("clinic01").post(
        "/dicomweb/studies", **multipart([(f"Content-Type: {JSON}", _metadata(made, "elsewhere"))], JSON)
    )
    assert failures(answer) == [(made.SOPInstanceUID, FailureReason.CANNOT_UNDERSTAND)]


def test_metadata_as_xml_makes_the_same_object(township: Township) -> None:
    made, pixels = _image(), os.urandom(64)
    model = json.loads(_metadata(made, "pixels/1"))[0]
    parts = [
        (f"Content-Type: {XML}", to_xml(model)),
        ("Content-Type: application/octet-stream\r\nContent-Location: pixels/1", pixels),
    ]
    request = multipart(parts, XML)
    request["headers"]["Accept"] = XML
    answer = township.client("clinic01").post(f"/dicomweb/studies/{made.StudyInstanceUID}", **request)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XML
    assert made.SOPInstanceUID in answer.text
    kept = pydicom.dcmread(io.BytesIO(file_of(spooled(township)[made.SOPInstanceUID][1])))
    assert (kept.PixelData, kept.PatientName) == (pixels, made.PatientName)


def test_xml_with_a_document_type_is_refused(township: Township) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><NativeDicomModel>&a;</NativeDicomModel>'
    answer = township.client("clinic01").post("/dicomweb/studies", **multipart([(f"Content-Type: {XML}", bomb)], XML))
    assert answer.status_code == 409, answer.text
    assert failures(answer) == [("", FailureReason.CANNOT_UNDERSTAND)]
