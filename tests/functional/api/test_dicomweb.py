"""Frames and metadata as the viewer gets them."""

import gzip
import re
import uuid
import warnings
from pathlib import Path

import httpx
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import pixel_array
from pydicom.uid import JPEGBaseline8Bit

from reading_queue.preprocessing.decoding import decode_frame
from tests.functional.api.images import (
    ct_image,
    grey_files_of_pydicoms_own_decoders,
    made_image,
    pydicom_files,
    shared_files,
    written,
)
from tests.functional.api.township import Township
from viewer_api.dicomweb.transfer_syntaxes import SENT_AS_STORED

VIEWER = {"Accept": "multipart/related; type=application/octet-stream; transfer-syntax=*"}
RAW = "1.2.840.10008.1.2.1"
_HEAD = re.compile(rb"--[\w-]+\r\nContent-Type: application/octet-stream; transfer-syntax=([\d.]+)\r\n\r\n")


def parts(answer: httpx.Response) -> list[tuple[str, bytes]]:
    """Transfer syntax and bytes of every part, found as Cornerstone finds them: by boundary and header line."""
    assert answer.status_code in (200, 206), answer.text
    boundary = re.search(r"boundary=([\w-]+)", answer.headers["content-type"])[1].encode()
    assert int(answer.headers["content-length"]) == len(answer.content)
    body = answer.content
    assert body.endswith(b"\r\n--" + boundary + b"--\r\n")
    heads = [head for head in _HEAD.finditer(body) if head[0].startswith(b"--" + boundary)]
    ends = [head.start() - 2 for head in heads[1:]] + [len(body) - len(boundary) - 8]
    return [(head[1].decode(), body[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def metadata_of(township: Township, url: str) -> list[Dataset]:
    answer = township.client("radiologist").get(f"{url.split('/instances/', maxsplit=1)[0]}/metadata")
    assert answer.headers["content-type"] == "application/dicom+json"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # real files break the rules of their VRs
        return [Dataset.from_json(one) for one in answer.json()]


def shown(metadata: Dataset, syntax: str, frame: bytes) -> np.ndarray:
    """The stored values that a viewer makes of a frame and the metadata."""
    ds = Dataset()
    for keyword in (
        "SOPClassUID",
        "Rows",
        "Columns",
        "SamplesPerPixel",
        "PhotometricInterpretation",
        "PlanarConfiguration",
        "BitsAllocated",
        "BitsStored",
        "HighBit",
        "PixelRepresentation",
    ):
        if keyword in metadata:
            setattr(ds, keyword, metadata[keyword].value)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.NumberOfFrames = 1
    ds.PixelData = frame + b"\0" * (len(frame) % 2) if syntax == RAW else encapsulate([frame])
    ds["PixelData"].is_undefined_length = syntax != RAW
    return decode_frame(ds, 0)


def _frames(path: Path) -> list[int]:
    count = int(dcmread(path, stop_before_pixels=True).get("NumberOfFrames") or 1)
    return sorted({1, count, (count + 1) // 2})


def _stored(archive: Township, data: bytes) -> str:
    """The DICOMweb path of a file in a study of its own; real files share identities."""
    uid = f"1.2.{uuid.uuid4().int % 10**20}"
    return archive.wado(archive.image(data, study=uid, series=f"{uid}.1", sop=f"{uid}.1.1"))


@pytest.mark.parametrize("path", pydicom_files() + shared_files(), ids=lambda path: path.name)
def test_the_viewer_sees_the_pixels_of_the_file(archive: Township, path: Path) -> None:
    original = dcmread(path)
    stored = original.file_meta.TransferSyntaxUID
    url = _stored(archive, path.read_bytes())
    (metadata,) = metadata_of(archive, url)
    for number in _frames(path):
        ((syntax, frame),) = parts(archive.client("radiologist").get(f"{url}/frames/{number}", headers=VIEWER))
        assert syntax == metadata.AvailableTransferSyntaxUID
        assert syntax == (stored if stored in SENT_AS_STORED else RAW)
        expected = decode_frame(original, number - 1)
        seen = shown(metadata, syntax, frame)
        assert seen.shape == expected.shape
        np.testing.assert_array_equal(seen, expected)


@pytest.mark.parametrize("path", grey_files_of_pydicoms_own_decoders(), ids=lambda path: path.name)
def test_the_pixels_are_those_that_pydicom_finds(archive: Township, path: Path) -> None:
    original = dcmread(path)
    url = _stored(archive, path.read_bytes())
    (metadata,) = metadata_of(archive, url)
    for number in _frames(path):
        ((syntax, frame),) = parts(archive.client("radiologist").get(f"{url}/frames/{number}", headers=VIEWER))
        expected = pixel_array(original, index=number - 1, raw=True)
        np.testing.assert_array_equal(shown(metadata, syntax, frame), expected)


@pytest.mark.parametrize("path", pydicom_files() + shared_files(), ids=lambda path: path.name)
def test_a_client_without_codecs_gets_raw_pixels(archive: Township, path: Path) -> None:
    original = dcmread(path)
    url = _stored(archive, path.read_bytes())
    accept = {"Accept": f'multipart/related; type="application/octet-stream"; transfer-syntax={RAW}'}
    ((syntax, frame),) = parts(archive.client("radiologist").get(f"{url}/frames/1", headers=accept))
    assert syntax == RAW
    expected = decode_frame(original, 0)
    if original.file_meta.TransferSyntaxUID in SENT_AS_STORED:
        assert frame == expected.astype(expected.dtype.newbyteorder("<")).tobytes()
    else:
        (metadata,) = metadata_of(archive, url)
        np.testing.assert_array_equal(shown(metadata, RAW, frame), expected)


@pytest.mark.parametrize("path", pydicom_files() + shared_files(), ids=lambda path: path.name)
def test_the_original_comes_back_bit_for_bit(archive: Township, path: Path) -> None:
    data = path.read_bytes()
    answer = archive.client("radiologist").get(_stored(archive, data))
    assert answer.headers["content-type"] == "application/dicom"
    assert answer.content == data
    assert int(answer.headers["content-length"]) == len(data)


def test_several_frames_in_one_answer(township: Township) -> None:
    pixels = np.arange(5 * 4 * 6, dtype=np.uint16).reshape(5, 4, 6)
    url = township.wado(township.image(written(made_image(pixels))))
    found = parts(township.client("radiologist").get(f"{url}/frames/1,3,5", headers=VIEWER))
    assert [np.frombuffer(frame, "<u2").reshape(4, 6).tolist() for _, frame in found] == pixels[[0, 2, 4]].tolist()


@pytest.mark.parametrize(
    "frames, status", [("0", 422), ("6", 404), ("1,6", 404), ("x", 422), ("1,,2", 422), ("-1", 422), ("1.5", 422)]
)
def test_frames_that_are_not_there(township: Township, frames: str, status: int) -> None:
    url = township.wado(township.image(written(made_image(np.zeros((5, 4, 6), np.uint16)))))
    assert township.client("radiologist").get(f"{url}/frames/{frames}", headers=VIEWER).status_code == status


@pytest.mark.parametrize("fragments", [1, 2])
@pytest.mark.parametrize("has_bot", [True, False])
def test_frames_in_fragments_with_and_without_an_offset_table(
    township: Township, fragments: int, *, has_bot: bool
) -> None:
    frames = [b"\xff\xd8\xff\xe0" + bytes([n]) * (40 + 2 * n) + b"\xff\xd9" for n in range(4)]
    ds = made_image(np.zeros((4, 8, 8), np.uint8), syntax=JPEGBaseline8Bit)
    ds.PixelData = encapsulate(frames, fragments_per_frame=fragments, has_bot=has_bot)
    ds["PixelData"].is_undefined_length = True
    url = township.wado(township.image(written(ds)))
    found = parts(township.client("radiologist").get(f"{url}/frames/1,2,3,4", headers=VIEWER))
    assert [frame.rstrip(b"\0") for _, frame in found] == frames


def test_frames_with_an_extended_offset_table(township: Township) -> None:
    path = next((path for path in shared_files() if path.name == "OBXXXX1A_2frame.dcm"), None)
    path = path or next(path for path in pydicom_files() if path.name == "emri_small_RLE.dcm")
    original = dcmread(path)
    url = township.wado(township.image(path.read_bytes(), study="1.2", series="1.2.3", sop="1.2.4"))
    found = parts(township.client("radiologist").get(f"{url}/frames/1,2", headers=VIEWER))
    (metadata,) = metadata_of(township, url)
    for index, (syntax, frame) in enumerate(found):
        np.testing.assert_array_equal(shown(metadata, syntax, frame), decode_frame(original, index))


def test_bitmaps_whose_frames_do_not_start_on_a_byte(township: Township) -> None:
    bits = np.random.default_rng(1).integers(0, 2, (3, 3, 5), np.uint8)
    ds = made_image(bits)
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.PixelData = packed + b"\0" * (len(packed) % 2)
    url = township.wado(township.image(written(ds)))
    for number, expected in enumerate(bits, start=1):
        ((_, frame),) = parts(township.client("radiologist").get(f"{url}/frames/{number}", headers=VIEWER))
        seen = np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")[:15].reshape(3, 5)
        np.testing.assert_array_equal(seen, expected)


def test_overlays_in_unused_bits_are_not_shown_as_image(township: Township) -> None:
    values = np.arange(24, dtype=np.uint16).reshape(1, 4, 6)
    ds = made_image(values | 0xF000, BitsStored=12, HighBit=11)
    url = township.wado(township.image(written(ds)))
    ((_, frame),) = parts(township.client("radiologist").get(f"{url}/frames/1", headers=VIEWER))
    np.testing.assert_array_equal(np.frombuffer(frame, "<u2"), values.ravel())
    high = made_image(values << 4, BitsStored=12, HighBit=15)
    url = township.wado(township.image(written(high)))
    ((syntax, frame),) = parts(township.client("radiologist").get(f"{url}/frames/1", headers=VIEWER))
    np.testing.assert_array_equal(shown(metadata_of(township, url)[0], syntax, frame), values[0])


def test_a_range_of_the_body_continues_it(township: Township) -> None:
    url = f"{township.wado(township.image(ct_image()))}/frames/1"
    client = township.client("radiologist")
    whole = client.get(url, headers=VIEWER)
    total = len(whole.content)
    first = client.get(url, headers={**VIEWER, "Range": "bytes=0-999"})
    rest = client.get(url, headers={**VIEWER, "Range": "bytes=1000-"})
    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-999/{total}")
    assert first.content + rest.content == whole.content
    assert client.get(url, headers={**VIEWER, "Range": "bytes=-10"}).content == whole.content[-10:]
    assert client.get(url, headers={**VIEWER, "Range": f"bytes={total}-"}).status_code == 416
    assert client.get(url, headers={**VIEWER, "Range": "lines=1-2"}).content == whole.content


def test_frames_are_kept_by_the_browser_and_never_gzipped(township: Township) -> None:
    url = f"{township.wado(township.image(ct_image()))}/frames/1"
    client = township.client("radiologist")
    answer = client.get(url, headers={**VIEWER, "Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = client.get(url, headers={**VIEWER, "If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "accept, status",
    [
        ("", 200),
        ("*/*", 200),
        ('multipart/related; type="application/octet-stream"', 200),
        ("multipart/related; type=application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.100", 406),
        ("image/jpeg", 406),
        ('multipart/related; type="image/jpeg", */*;q=0.1', 200),
    ],
)
def test_what_the_client_takes(township: Township, accept: str, status: int) -> None:
    url = f"{township.wado(township.image(ct_image()))}/frames/1"
    answer = township.client("radiologist").get(url, headers={"Accept": accept})
    assert answer.status_code == status
    if status == 200:
        assert parts(answer)[0][0] == RAW


def test_one_frame_without_an_envelope(township: Township) -> None:
    url = f"{township.wado(township.image(ct_image()))}/frames"
    client = township.client("radiologist")
    octets = {"Accept": "application/octet-stream; transfer-syntax=*"}
    answer = client.get(f"{url}/1", headers=octets)
    assert answer.headers["content-type"] == f"application/octet-stream; transfer-syntax={RAW}"
    assert len(answer.content) == 128 * 128 * 2
    assert client.get(f"{url}/1,1", headers=octets).status_code == 406


def test_metadata_is_in_reading_order_compressed_and_kept(township: Township) -> None:
    series = {"study": "1.2.3", "series": "1.2.3.4"}
    for number in (3, 1, 2):
        township.image(ct_image(number, z=-float(number)), **series)
    url = "/dicomweb/studies/1.2.3/series/1.2.3.4/metadata"
    client = township.client("radiologist")
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert [one["00200013"]["Value"] for one in answer.json()] == [[1], [2], [3]]
    assert all(set(one["7FE00010"]) == {"vr", "BulkDataURI"} for one in answer.json())
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(url, headers=known).status_code == 304
    township.image(ct_image(4), **series)
    assert client.get(url, headers=known).status_code == 200


def test_slices_without_numbers_are_sorted_by_position(township: Township) -> None:
    for z in (30.0, 10.0, 20.0):
        township.image(ct_image(1, z=z), study="1.2.3", series="1.2.3.4")
    answer = township.client("radiologist").get("/dicomweb/studies/1.2.3/series/1.2.3.4/metadata")
    assert [one["00200032"]["Value"][2] for one in answer.json()] == [10.0, 20.0, 30.0]


def test_an_image_on_its_way_to_the_store_can_be_read(township: Township) -> None:
    data = ct_image()
    instance = township.image(data, spooled=True)
    url = township.wado(instance)
    client = township.client("radiologist")
    assert len(parts(client.get(f"{url}/frames/1", headers=VIEWER))) == 1
    assert client.get(url).content == data


def test_an_image_in_the_spool_of_another_machine_is_worth_another_try(township: Township) -> None:
    instance = township.image(ct_image(), spooled=True)
    for path in township.settings.spool.rglob("*.dcm"):
        path.unlink()
    answer = township.client("radiologist").get(f"{township.wado(instance)}/frames/1", headers=VIEWER)
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")


def test_a_store_that_is_away_is_an_outage_and_not_a_missing_image(township: Township) -> None:
    url = township.wado(township.image(ct_image()))
    objects = township.settings.data / "objects"
    objects.rename(objects.with_name("unmounted"))
    client = township.client("radiologist")
    for path in (f"{url}/frames/1", url):
        answer = client.get(path, headers=VIEWER if "frames" in path else {})
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert answer.headers["retry-after"] == "5"


def test_pixels_that_cannot_be_decoded_are_refused_in_words(township: Township) -> None:
    ds = made_image(np.zeros((1, 8, 8), np.uint8), syntax="1.2.840.10008.1.2.4.100")
    ds.PixelData = encapsulate([b"\0\0\1\xb3" + bytes(60)])
    ds["PixelData"].is_undefined_length = True
    url = township.wado(township.image(written(ds)))
    answer = township.client("radiologist").get(f"{url}/frames/1", headers=VIEWER)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_object")


def test_an_object_without_pixels_has_no_frames(township: Township) -> None:
    ds = made_image(np.zeros((1, 8, 8), np.uint8))
    del ds.PixelData
    url = township.wado(township.image(written(ds)))
    answer = township.client("radiologist").get(f"{url}/frames/1", headers=VIEWER)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_object")


def test_opening_a_study_stands_in_the_audit_trail_once(township: Township) -> None:
    from sqlalchemy import select

    from storage.db.models import AuditEvent

    instance = township.image(ct_image())
    url = township.wado(instance)
    for _ in range(3):
        township.client("radiologist").get(f"{url}/frames/1", headers=VIEWER)
        metadata_of(township, url)
    township.client("auditor").get(url)
    with township.database.read() as work:
        events = work.session.execute(select(AuditEvent)).scalars().all()
    opened = [event for event in events if event.action == "study_opened"]
    assert [event.subject for event in opened] == [f"study:{instance.study_id}"] * 2
    assert len({event.actor for event in opened}) == 2


def test_a_large_object_costs_a_range_a_frame(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(2).integers(0, 4096, (40, 256, 256), np.uint16)
    url = township.wado(township.image(written(made_image(pixels))))
    read: list[int] = []
    ranged = type(township.store).open_range

    def counting(store, key: str, start: int, stop: int) -> bytes:
        read.append(stop - start)
        return ranged(store, key, start, stop)

    monkeypatch.setattr(type(township.store), "open_range", counting)
    for number in (40, 1, 20):
        ((_, frame),) = parts(township.client("radiologist").get(f"{url}/frames/{number}", headers=VIEWER))
        np.testing.assert_array_equal(np.frombuffer(frame, "<u2").reshape(256, 256), pixels[number - 1])
    assert sum(read) < 5 * pixels[0].nbytes


def test_a_large_compressed_object_is_looked_through_once(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [b"\xff\xd8\xff\xe0" + bytes([n]) * 200_000 + b"\xff\xd9" for n in range(30)]
    ds = made_image(np.zeros((30, 8, 8), np.uint8), syntax=JPEGBaseline8Bit)
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].is_undefined_length = True
    url = township.wado(township.image(written(ds)))
    opened: list[str] = []
    really = type(township.store).open
    monkeypatch.setattr(type(township.store), "open", lambda store, key: (opened.append(key), really(store, key))[1])
    for number in (30, 1, 15):
        ((_, frame),) = parts(township.client("radiologist").get(f"{url}/frames/{number}", headers=VIEWER))
        assert frame == frames[number - 1]
    assert len(opened) == 1


def test_searching_studies_series_and_instances(township: Township) -> None:
    first = township.image(ct_image(PatientName="WANG^XIAO MING", PatientID="A17", AccessionNumber="ACC1"))
    started = dict.fromkeys(("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"), "20260301")
    township.image(ct_image(PatientName="LI^SI", PatientID="B18", TimezoneOffsetFromUTC="+0800", **started), "t02")
    client = township.client("radiologist")

    def found(query: str) -> list[str]:
        answer = client.get(f"/dicomweb/studies?{query}", headers={"Accept": "application/dicom+json"})
        if answer.status_code == 204:
            return []
        assert answer.headers["content-type"] == "application/dicom+json"
        return [str(Dataset.from_json(one).PatientName) for one in answer.json()]

    assert found("") == ["LI^SI", "WANG^XIAO MING"]
    assert found("PatientName=wang*") == found("00100010=WANG^XIAO*") == ["WANG^XIAO MING"]
    assert found("PatientID=B18*") == found("StudyDate=20260301") == ["LI^SI"]
    assert found("StudyDate=20260228-20260301") == ["LI^SI"]
    assert found("StudyDate=20260302-") == []
    assert found("AccessionNumber=ACC?") == ["WANG^XIAO MING"]
    assert found("ModalitiesInStudy=MR") == []
    assert found("limit=1&offset=1") == ["WANG^XIAO MING"]
    assert found("includefield=all&fuzzymatching=false") == ["LI^SI", "WANG^XIAO MING"]
    study_url, series_uid = township.wado(first).split("/instances/")[0].split("/series/")
    uid = study_url.rsplit("/", 1)[1]
    (study,) = client.get(f"/dicomweb/studies?StudyInstanceUID={uid}").json()
    ds = Dataset.from_json(study)
    assert (ds.StudyInstanceUID, ds.ModalitiesInStudy, ds.NumberOfStudyRelatedInstances) == (uid, "CT", 1)
    assert ds.RetrieveURL == f"{township.url}{study_url}"
    (series,) = client.get(f"{study_url}/series").json()
    assert Dataset.from_json(series).SeriesInstanceUID == series_uid
    (instance,) = client.get(f"{study_url}/series/{series_uid}/instances").json()
    ds = Dataset.from_json(instance)
    assert (ds.SOPInstanceUID, ds.Rows, ds.BitsAllocated) == (first.sop_instance_uid, 128, 16)


def test_a_gzip_answer_is_gzip(township: Township) -> None:
    township.image(ct_image())
    headers = {"Accept-Encoding": "gzip"}
    with township.client("radiologist").stream("GET", "/dicomweb/studies", headers=headers) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())).startswith(b"[{")
