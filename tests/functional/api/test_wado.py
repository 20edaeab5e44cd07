"""WADO-RS, WADO-URI and capabilities (PS3.18 8.9, 9, 10.4): forms, transfer syntaxes, ranges, pictures."""

import io
import uuid
from email.parser import BytesParser
from pathlib import Path

import httpx
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian, generate_uid

from reading_queue.preprocessing.decoding import decode_frame
from tests.functional.api.images import ct_image, made_image, written
from tests.functional.api.township import Township

RAW = "1.2.840.10008.1.2.1"
IMPLICIT, RLE, BASELINE = "1.2.840.10008.1.2", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50"
JPEG_LS, J2K, HTJ2K = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201"
FILES = 'multipart/related; type="application/dicom"'
PDF = b"%PDF-1.4 made for a test " + bytes(range(256)) * 20


def parts_of(answer: httpx.Response) -> list[tuple[dict[str, str], bytes]]:
    """Headers and content of every part, by Python's own reader of multiparts."""
    assert answer.status_code == 200, answer.text
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + answer.content)
    assert message.is_multipart()
    return [(dict(part.items()), part.get_payload(decode=True)) for part in message.get_payload()]


def short_uid() -> str:
    """One that others can be made of."""
    return f"1.2.826.{uuid.uuid4().int % 10**20}"


def stored(archive: Township, name_or_data: str | bytes, code: str = "t01") -> str:
    """The address of an object in a study of its own."""
    data = name_or_data
    if isinstance(data, str):
        data = Path(get_testdata_file(data, download=False)).read_bytes()
    uid = short_uid()
    return archive.wado(archive.image(data, code, study=uid, series=f"{uid}.1", sop=f"{uid}.2"))


def get(archive: Township, url: str, accept: str = "", **headers: str) -> httpx.Response:
    return archive.client("radiologist").get(url, headers={"Accept": accept, **headers})


def pdf_object() -> bytes:
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = EncapsulatedPDFStorage
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID = generate_uid(), generate_uid(), generate_uid()
    ds.PatientID, ds.PatientName, ds.Modality = "P", "Made^Document", "DOC"
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    ds.EncapsulatedDocument, ds.EncapsulatedDocumentLength = PDF + b"\0", len(PDF)
    return written(ds)


def color_image(frames: int = 1) -> bytes:
    pixels = np.random.default_rng(3).integers(0, 256, (frames, 40, 60, 3), np.uint8)
    ds = made_image(np.zeros((frames, 40, 60), np.uint8), SamplesPerPixel=3, PhotometricInterpretation="RGB")
    ds.PlanarConfiguration, ds.PixelData, ds.CineRate = 0, pixels.tobytes(), 20
    return written(ds)


@pytest.mark.parametrize("syntax", [RAW, RLE, JPEG_LS, J2K, HTJ2K, BASELINE])
@pytest.mark.parametrize("name", ["SC_rgb_rle_2frame.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_bigendian.dcm"])
def test_an_object_in_the_transfer_syntax_that_is_asked_for(archive: Township, name: str, syntax: str) -> None:
    original = dcmread(get_testdata_file(name, download=False))
    answer = get(archive, stored(archive, name), f"{FILES}; transfer-syntax={syntax}")
    if syntax == BASELINE and original.BitsAllocated != 8:
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
        return
    ((headers, data),) = parts_of(answer)
    assert headers["Content-Type"] == f"application/dicom; transfer-syntax={syntax}"
    sent = dcmread(io.BytesIO(data))
    assert sent.file_meta.TransferSyntaxUID == syntax
    assert sent.SOPInstanceUID == original.SOPInstanceUID
    assert sent.HighBit == sent.BitsStored - 1
    for index in {0, int(original.get("NumberOfFrames") or 1) - 1}:
        seen, expected = decode_frame(sent, index), decode_frame(original, index)
        if syntax == BASELINE:
            assert (sent.LossyImageCompression, sent.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
            assert sent.PhotometricInterpretation == "YBR_FULL_422"
            assert np.abs(seen.astype(int) - expected.astype(int)).mean() < 8
        else:
            assert "LossyImageCompression" not in sent
            np.testing.assert_array_equal(seen, expected)
    if original.SamplesPerPixel == 3:
        assert sent.PlanarConfiguration == 0
        assert sent.PhotometricInterpretation == {J2K: "YBR_RCT", BASELINE: "YBR_FULL_422", HTJ2K: "YBR_RCT"}.get(
            syntax, "RGB"
        )


def test_what_is_sent_to_who_names_no_transfer_syntax(archive: Township) -> None:
    for name, expected in (
        ("MR_small_RLE.dcm", RAW),
        ("JPEG2000.dcm", "1.2.840.10008.1.2.4.91"),
        ("CT_small.dcm", RAW),
    ):
        ((_, data),) = parts_of(get(archive, stored(archive, name), FILES))
        assert dcmread(io.BytesIO(data)).file_meta.TransferSyntaxUID == expected, name


def test_the_stored_file_for_who_takes_any(archive: Township) -> None:
    original = Path(get_testdata_file("MR_small_RLE.dcm", download=False)).read_bytes()
    url = stored(archive, original)
    for accept in ("", "*/*", "application/dicom; transfer-syntax=*", "application/*"):
        answer = get(archive, url, accept)
        if accept != "application/*":
            assert answer.content == original
        assert answer.headers["content-type"] == "application/dicom"
    ((_, data),) = parts_of(get(archive, url, f"{FILES}; transfer-syntax=*"))
    assert data == original
    assert parts_of(get(archive, f"{url}?accept={FILES}; transfer-syntax=*"))[0][1] == original


def test_implicit_becomes_explicit_with_every_element(archive: Township) -> None:
    inner = Dataset()
    inner.CodeValue, inner.CodeMeaning = "T-1", "Thorax"
    ds = made_image(np.arange(64, dtype=np.uint16).reshape(1, 8, 8))
    ds.AnatomicRegionSequence = [inner]
    ds.SmallestImagePixelValue = 3
    ds.add_new(0x00091001, "LO", "private")
    ds.file_meta.TransferSyntaxUID = IMPLICIT
    ((_, data),) = parts_of(get(archive, stored(archive, written(ds)), FILES))
    sent = dcmread(io.BytesIO(data))
    assert sent.file_meta.TransferSyntaxUID == RAW
    assert sent.AnatomicRegionSequence[0].CodeMeaning == "Thorax"
    assert sent.SmallestImagePixelValue == 3
    assert sent.PixelData == ds.PixelData
    assert (0x0009, 0x1001) in sent


@pytest.mark.parametrize(
    "accept, status",
    [
        (f"{FILES}; transfer-syntax=1.2.840.10008.1.2.4.100", 406),
        (f"{FILES}; transfer-syntax=1.2.3", 406),
        ("image/jpeg", 406),
        ("application/dicom;q=0", 406),
        (f"image/png, {FILES};transfer-syntax={J2K};q=0.2", 200),
    ],
)
def test_what_cannot_be_given_is_a_406(archive: Township, accept: str, status: int) -> None:
    url = stored(archive, ct_image())
    assert get(archive, url, accept).status_code == status


def test_quality_decides_between_forms(archive: Township) -> None:
    url = stored(archive, ct_image())
    answer = get(archive, url, f"{FILES};transfer-syntax={J2K};q=0.2, {FILES};transfer-syntax={RLE};q=0.9")
    assert parts_of(answer)[0][0]["Content-Type"].endswith(RLE)
    frames = get(
        archive, f"{url}/frames/1", 'multipart/related; type="image/jls";q=0.5, multipart/related; type="image/jp2"'
    )
    assert parts_of(frames)[0][0]["Content-Type"] == f"image/jp2; transfer-syntax={J2K}"


def test_series_and_studies_come_part_by_part(archive: Township) -> None:
    uid = short_uid()
    data = [ct_image(number, StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1") for number in (1, 2)]
    for one in data:
        archive.image(one)
    document = dcmread(io.BytesIO(pdf_object()))
    document.StudyInstanceUID = uid
    archive.image(written(document))
    study = f"/dicomweb/studies/{uid}"
    parts = parts_of(get(archive, study, f"{FILES}; transfer-syntax={RLE}"))
    assert len(parts) == 3
    syntaxes = [dcmread(io.BytesIO(part)).file_meta.TransferSyntaxUID for _, part in parts]
    assert sorted(syntaxes) == sorted([RLE, RLE, RAW])
    assert all(headers["Content-Location"].startswith(f"{archive.url}{study}/series/") for headers, _ in parts)
    series = get(archive, f"{study}/series/{uid}.1", "*/*")
    assert [part for _, part in parts_of(series)] == data
    assert (
        get(archive, f"{study}/series/{uid}.1", "*/*", **{"If-None-Match": series.headers["etag"]}).status_code == 304
    )
    assert get(archive, f"{study}/series/{uid}.1", "application/dicom").status_code == 406
    metadata = get(archive, f"{study}/metadata").json()
    assert len(metadata) == 3
    assert get(archive, "/dicomweb/studies/1.9.9").status_code == 404


def test_metadata_as_json_and_as_xml(archive: Township) -> None:
    url = stored(archive, ct_image())
    (model,) = get(archive, f"{url}/metadata", "application/dicom+json").json()
    pixels = model["7FE00010"]["BulkDataURI"]
    assert pixels == f"{archive.url}{url}/bulkdata/7FE00010"
    ((headers, document),) = parts_of(
        get(archive, f"{url}/metadata", 'multipart/related; type="application/dicom+xml"')
    )
    assert headers["Content-Type"] == "application/dicom+xml"
    assert b'keyword="PixelData"' in document
    assert f'uri="{pixels}"'.encode() in document
    series = url.split("/instances/")[0]
    assert parts_of(get(archive, f"{series}/metadata", 'multipart/related; type="application/dicom+xml"'))
    answer = get(archive, f"{url}/metadata")
    assert get(archive, f"{url}/metadata", **{"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_value_and_ranges_of_it(archive: Township) -> None:
    data = ct_image()
    url = f"{stored(archive, data)}/bulkdata/7FE00010"
    pixels = dcmread(io.BytesIO(data)).PixelData
    whole = get(archive, url)
    assert (whole.content, whole.headers["content-type"]) == (pixels, "application/octet-stream")
    assert whole.headers["accept-ranges"] == "bytes"
    part = get(archive, url, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, pixels[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(pixels)}"
    assert get(archive, url, Range="bytes=-7").content == pixels[-7:]
    assert get(archive, url, Range="bytes=32000-").content == pixels[32000:]
    assert get(archive, url, Range=f"bytes={len(pixels)}-").status_code == 416
    assert get(archive, url, Range="bytes=0-1,5-6").content == pixels
    assert parts_of(get(archive, url, 'multipart/related; type="application/octet-stream"'))[0][1] == pixels
    assert get(archive, url, "image/jpeg").status_code == 406
    for path in ("00100010", "00281201", "7FE00010.0.00080005", "54000100.0.54001010", "nonsense"):
        assert get(archive, url.replace("7FE00010", path)).status_code == 404, path


def test_large_values_are_read_range_by_range(archive: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(2).integers(0, 4096, (40, 256, 256), np.uint16)
    url = stored(archive, written(made_image(pixels)))
    read: list[int] = []
    ranged = type(archive.store).open_range

    def counting(store, key: str, start: int, stop: int) -> bytes:
        read.append(stop - start)
        return ranged(store, key, start, stop)

    monkeypatch.setattr(type(archive.store), "open_range", counting)
    assert get(archive, f"{url}/bulkdata/7FE00010", Range="bytes=1000-1999").content == pixels.tobytes()[1000:2000]
    assert sum(read) < 200_000
    ((_, data),) = parts_of(get(archive, url, f"{FILES}; transfer-syntax={RLE}"))
    assert max(read) < 1 << 20, "frame by frame"
    np.testing.assert_array_equal(decode_frame(dcmread(io.BytesIO(data)), 39), pixels[39])


def test_waveforms_documents_and_compressed_pixels_as_bulk_data(archive: Township) -> None:
    document = stored(archive, pdf_object())
    (model,) = get(archive, f"{document}/metadata").json()
    value = get(archive, model["00420011"]["BulkDataURI"])
    assert (value.content, value.headers["content-type"]) == (PDF, "application/pdf")
    assert parts_of(get(archive, f"{document}/bulkdata"))[0][1] == PDF
    waveform = get_testdata_file("waveform_ecg.dcm", download=False)
    ecg = stored(archive, "waveform_ecg.dcm")
    (model,) = get(archive, f"{ecg}/metadata").json()
    expected = [item.WaveformData for item in dcmread(waveform).WaveformSequence]
    uris = [item["54001010"]["BulkDataURI"] for item in model["54000100"]["Value"]]
    assert [get(archive, uri).content for uri in uris] == expected
    assert [data for _, data in parts_of(get(archive, f"{ecg}/bulkdata"))] == expected
    rle = stored(archive, "SC_rgb_rle_2frame.dcm")
    frames = parts_of(get(archive, f"{rle}/pixeldata", 'multipart/related; type="image/dicom-rle"'))
    assert [headers["Content-Type"] for headers, _ in frames] == [f"image/dicom-rle; transfer-syntax={RLE}"] * 2
    assert frames[1][0]["Content-Location"].endswith("/frames/2")
    raw = parts_of(get(archive, f"{rle}/bulkdata/7FE00010", 'multipart/related; type="application/octet-stream"'))
    original = dcmread(get_testdata_file("SC_rgb_rle_2frame.dcm", download=False))
    assert [data for _, data in raw] == [decode_frame(original, index).tobytes() for index in (0, 1)]
    series = rle.split("/instances/")[0]
    for above in (series, series.split("/series/")[0]):
        assert len(parts_of(get(archive, f"{above}/pixeldata"))) == 2
        assert len(parts_of(get(archive, f"{above}/bulkdata"))) == 2
    assert get(archive, f"{document}/pixeldata").status_code == 404


def test_no_door_of_a_study_opens_to_another_clinic(archive: Township) -> None:
    url = stored(archive, ct_image())
    series, study = url.split("/instances/")[0], url.split("/series/")[0]
    forms = ("", "/metadata", "/rendered", "/thumbnail", "/bulkdata", "/pixeldata")
    places = [f"{place}{form}" for place in (study, series, url) for form in forms]
    places += [f"{url}/frames/1", f"{url}/frames/1/rendered", f"{url}/frames/1/thumbnail", f"{url}/bulkdata/7FE00010"]
    for place in places:
        assert archive.client("clinic01").get(place).status_code == 200, place
        assert archive.client("clinic02").get(place).status_code == 404, place
        assert archive.client("regulator").get(place).status_code == 403, place


def test_the_service_describes_itself(archive: Township) -> None:
    client = archive.client("radiologist")
    wadl = client.options("/dicomweb/")
    assert wadl.headers["content-type"] == "application/vnd.sun.wadl+xml"
    assert b'name="StudyInstanceUID"' in wadl.content
    described = client.get("/dicomweb/", headers={"Accept": "application/json"}).json()
    paths = {resource["path"]: resource for resource in described["resources"]}
    assert {"/studies", "/series", "/instances", "/studies/{study_instance_uid}/rendered"} <= paths.keys()
    assert "window" in paths["/studies/{study_instance_uid}/rendered"]["methods"][0]["parameters"]
    assert J2K in described["transferSyntaxes"]
    assert client.get("/dicomweb/", headers={"Accept": "image/png"}).status_code == 406
