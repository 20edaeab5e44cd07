"""Overlay planes over the web: as values of their own, and on rendered pictures (PS3.3 C.9.2; PS3.18 8.3.5, 10.4.1.1.5)."""

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from tests.functional.api.images import made_image, written
from tests.functional.api.planes import embed_overlay, packed, put_overlay
from tests.functional.api.test_rendered import picture
from tests.functional.api.test_wado import get, parts_of, stored
from tests.functional.api.township import Township

POINTS = np.random.default_rng(3).random((3, 5, 7)) < 0.4
OCTETS = "application/octet-stream"


def overlaid() -> Dataset:
    ds = made_image(np.zeros((3, 5, 7), np.uint8))
    put_overlay(ds, 0x6000, POINTS, label="Markers")
    put_overlay(ds, 0x601E, POINTS[0, :3, :3], origin=(-1, 4))
    return ds


def embedded(syntax: str = ExplicitVRLittleEndian) -> Dataset:
    values = np.arange(3 * 5 * 7).reshape(3, 5, 7).astype(">u2" if syntax == ExplicitVRBigEndian else "<u2")
    ds = made_image(values, syntax=syntax, BitsStored=12, HighBit=11)
    ds["PixelData"].VR = "OW"
    embed_overlay(ds, 0x6002, POINTS, 13)
    return ds


def test_the_metadata_refers_to_the_data_of_each_plane(archive: Township) -> None:
    url = stored(archive, written(overlaid()))
    (metadata,) = get(archive, f"{url}/metadata").json()
    assert metadata["60001500"]["Value"] == ["Markers"]
    for group, points in (("6000", POINTS), ("601E", POINTS[0, :3, :3])):
        address = metadata[f"{group}3000"]["BulkDataURI"]
        assert address.endswith(f"{url}/bulkdata/{group}3000")
        assert get(archive, f"{url}/bulkdata/{group}3000", OCTETS).content == packed(points)
    bulk = parts_of(get(archive, f"{url}/bulkdata", 'multipart/related; type="application/octet-stream"'))
    places = [headers["Content-Location"].rsplit("/", 1)[1] for headers, _ in bulk]
    assert {"60003000", "601E3000"} <= set(places)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_planes_in_unused_bits_are_given_apart_from_the_pixels(archive: Township, syntax: str) -> None:
    url = stored(archive, written(embedded(syntax)))
    (metadata,) = get(archive, f"{url}/metadata").json()
    told = [metadata[f"6002{element}"]["Value"] for element in ("0100", "0102", "0015")]
    assert told == [[1], [0], [3]]
    assert get(archive, f"{url}/bulkdata/60023000", OCTETS).content == packed(POINTS)
    for frame in (1, 2, 3):
        plain = np.asarray(picture(get(archive, f"{url}/frames/{frame}/rendered?overlays=no", "image/png")))
        drawn = np.asarray(picture(get(archive, f"{url}/frames/{frame}/rendered", "image/png")))
        np.testing.assert_array_equal(drawn, np.where(POINTS[frame - 1], 255, plain))


def test_data_that_is_not_there_is_not_found(archive: Township) -> None:
    ds = overlaid()
    del ds[0x6000, 0x3000]
    url = stored(archive, written(ds))
    assert get(archive, f"{url}/bulkdata/60003000", OCTETS).status_code == 404
    bulk = parts_of(get(archive, f"{url}/bulkdata", 'multipart/related; type="application/octet-stream"'))
    assert [headers["Content-Location"].rsplit("/", 1)[1] for headers, _ in bulk][-1] == "601E3000"
    assert picture(get(archive, f"{url}/rendered", "image/png")).size == (7, 5)


def test_pictures_have_overlays_unless_they_are_not_wanted_and_thumbnails_never(archive: Township) -> None:
    path = get_testdata_file("examples_overlay.dcm", download=False)
    ds = dcmread(path)
    url = stored(archive, "examples_overlay.dcm")
    bits = np.unpackbits(np.frombuffer(ds[0x6000, 0x3000].value, np.uint8), bitorder="little")[: 300 * 484]
    points = bits.reshape(300, 484).astype(bool)
    plain = np.asarray(picture(get(archive, f"{url}/rendered?overlays=no", "image/png")))
    expected = np.where(points, 255, plain)
    assert (expected != plain).sum() > 200
    np.testing.assert_array_equal(np.asarray(picture(get(archive, f"{url}/rendered", "image/png"))), expected)
    _, study, _, series, _, sop = url.split("/")[2:]
    old = f"/wado?requestType=WADO&studyUID={study}&seriesUID={series}&objectUID={sop}&contentType=image/png"
    np.testing.assert_array_equal(np.asarray(picture(get(archive, old))), expected)
    np.testing.assert_array_equal(np.asarray(picture(get(archive, f"{old}&overlays=no"))), plain)
    whole = "viewport=484,300"
    thumbnail = np.asarray(picture(get(archive, f"{url}/thumbnail?{whole}", "image/png")))
    np.testing.assert_array_equal(thumbnail, plain)
    assert get(archive, f"{url}/rendered?overlays=some", "image/png").status_code == 400


def test_pictures_are_under_the_shutter_of_their_image(archive: Township) -> None:
    ds = made_image(np.full((1, 20, 20), 200, np.uint8), WindowCenter=128, WindowWidth=256)
    ds.ShutterShape, ds.CenterOfCircularShutter, ds.RadiusOfCircularShutter = "CIRCULAR", [10, 10], 5
    url = stored(archive, written(ds))
    shown = np.asarray(picture(get(archive, f"{url}/rendered", "image/png")))
    rows, columns = np.ogrid[1:21, 1:21]
    inside = (rows - 10) ** 2 + (columns - 10) ** 2 <= 25
    assert (shown[inside] == 200).all()
    assert (shown[~inside] == 0).all()
    assert (np.asarray(picture(get(archive, f"{url}/rendered?overlays=no", "image/png"))) == 200).all()
