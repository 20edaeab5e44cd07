"""Rendered pictures and thumbnails (PS3.18 8.3.5, 10.4.1.1.3), and WADO-URI (section 9)."""

import io
import re

import httpx
import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from tests.functional.api.images import ct_image, made_image, written
from tests.functional.api.test_wado import BASELINE, J2K, PDF, color_image, get, parts_of, pdf_object, short_uid, stored
from tests.functional.api.township import Township


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


def test_windows_functions_viewports_and_quality(archive: Township) -> None:
    ramp = np.tile(np.arange(0, 1000, 10, dtype=np.uint16), (50, 1))[None]
    url = stored(archive, written(made_image(ramp, BitsStored=12, HighBit=11)))

    def row(query: str) -> np.ndarray:
        return np.asarray(picture(get(archive, f"{url}/rendered?{query}", "image/png")))[25].astype(int)

    values = ramp[0, 25].astype(float)
    linear = row("window=500,201")
    assert (linear[:40].max(), linear[62:].min()) == (0, 255)
    np.testing.assert_allclose(linear, np.clip((values - 499.5) / 200 + 0.5, 0, 1) * 255, atol=1)
    np.testing.assert_allclose(
        row("window=500,200,linear-exact"), np.clip((values - 500) / 200 + 0.5, 0, 1) * 255, atol=1
    )
    np.testing.assert_allclose(row("window=500,200,sigmoid"), 255 / (1 + np.exp(-4 * (values - 500) / 200)), atol=1)
    assert picture(get(archive, f"{url}/rendered?viewport=50,50", "image/jpeg")).size == (50, 25)
    assert picture(get(archive, f"{url}/rendered?viewport=400,150", "image/jpeg")).size == (300, 150)
    part = row("window=500,1000&viewport=30,50,10,0,30,50")
    assert part.shape == (30,)
    np.testing.assert_array_equal(row("window=500,1000&viewport=30,50,10,0,-30,50"), part[::-1])
    whole = row("window=500,1000")
    np.testing.assert_array_equal(part, whole[10:40])
    sizes = [len(get(archive, f"{url}/rendered?quality={q}", "image/jpeg").content) for q in (5, 95)]
    assert sizes[0] < sizes[1]
    plain = get(archive, f"{url}/rendered", "image/png").content
    named = get(archive, f"{url}/rendered?annotation=patient,technique", "image/png")
    assert picture(named).mode == "RGB"
    assert named.content != plain
    assert get(archive, f"{url}/rendered?iccprofile=srgb&unknown=1", "image/png").content == plain


@pytest.mark.parametrize(
    "query",
    [
        "window=1",
        "window=a,b",
        "window=1,0",
        "window=1,2,cubic",
        "window=nan,5",
        "viewport=0,5",
        "viewport=5",
        "viewport=5,5,1,1",
        "viewport=99999,5",
        "viewport=5,5,500,500,5,5",
        "quality=0",
        "quality=high",
        "annotation=everything",
        "iccprofile=maybe",
    ],
)
def test_a_rendering_that_makes_no_sense_is_a_400(archive: Township, query: str) -> None:
    url = archive.wado(archive.image(made, **_MADE)) if (made := _made()) else ""
    answer = get(archive, f"{url}/rendered?{query}", "image/jpeg")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), answer.text


_MADE: dict[str, str] = {}


def _made() -> bytes:
    uid = short_uid()
    _MADE.update(study=uid, series=f"{uid}.1", sop=f"{uid}.2")
    return written(made_image(np.zeros((1, 16, 16), np.uint8)))


def test_frames_series_and_studies_rendered(archive: Township) -> None:
    url = stored(archive, color_image(4))
    moving = picture(get(archive, f"{url}/rendered"))
    assert (moving.format, moving.n_frames, moving.info["duration"]) == ("GIF", 4, 50)
    assert picture(get(archive, f"{url}/rendered", "image/jpeg")).format == "JPEG"
    assert picture(get(archive, f"{url}/frames/2/rendered", "image/png")).size == (60, 40)
    several = parts_of(get(archive, f"{url}/frames/1,3/rendered", "image/png"))
    assert [headers["Content-Location"].split("/")[-2] for headers, _ in several] == ["1", "3"]
    assert get(archive, f"{url}/frames/9/rendered").status_code == 404
    series = url.split("/instances/")[0]
    for above in (series, series.split("/series/")[0]):
        ((headers, data),) = parts_of(get(archive, f"{above}/rendered", 'multipart/related; type="image/jpeg"'))
        assert headers["Content-Type"] == "image/jpeg"
        assert data.startswith(b"\xff\xd8")
    answer = get(archive, f"{url}/frames/1/rendered", "image/png")
    assert "immutable" in answer.headers["cache-control"]
    again = get(archive, f"{url}/frames/1/rendered", "image/png", **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert get(archive, f"{url}/rendered", "video/mpeg").status_code == 406


def test_a_pdf_is_rendered_as_itself(archive: Township) -> None:
    url = stored(archive, pdf_object())
    answer = get(archive, f"{url}/rendered", "application/pdf")
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
    assert get(archive, f"{url}/rendered", Range="bytes=0-3").content == b"%PDF"
    assert get(archive, f"{url}/rendered", "image/jpeg").status_code == 406
    assert picture(get(archive, f"{url}/thumbnail")).format == "PNG"


def test_thumbnails_of_every_resource(archive: Township) -> None:
    url = stored(archive, written(made_image(np.random.default_rng(1).integers(0, 255, (2, 600, 400), np.uint8))))
    series = url.split("/instances/")[0]
    for place in (url, series, series.split("/series/")[0], f"{url}/frames/2"):
        small = picture(get(archive, f"{place}/thumbnail"))
        assert (small.format, max(small.size)) == ("JPEG", 256)
    assert picture(get(archive, f"{url}/thumbnail?viewport=64,64", "image/png")).size == (43, 64)
    assert get(archive, f"{url}/thumbnail", "text/plain").status_code == 406


def _wado(archive: Township, url: str, query: str = "", accept: str = "", who: str = "radiologist") -> httpx.Response:
    study, series, sop = re.findall(r"[\d.]{9,}", url)
    path = f"/wado?requestType=WADO&studyUID={study}&seriesUID={series}&objectUID={sop}&{query}"
    return archive.client(who).get(path, headers={"Accept": accept})


def test_wado_uri(archive: Township) -> None:
    data = ct_image()
    url = stored(archive, data)
    assert picture(_wado(archive, url)).format == "JPEG"
    assert _wado(archive, url, "contentType=application/dicom&transferSyntax=*").content == data
    packed = _wado(archive, url, f"contentType=application/dicom&transferSyntax={J2K}")
    assert dcmread(io.BytesIO(packed.content)).file_meta.TransferSyntaxUID == J2K
    assert picture(_wado(archive, url, "contentType=image/png&rows=64")).size == (64, 64)
    assert picture(_wado(archive, url, "contentType=image/png&region=0,0,0.5,0.25")).size == (64, 32)
    one = _wado(archive, url, "contentType=image/png&windowCenter=1000&windowWidth=10").content
    assert one != _wado(archive, url, "contentType=image/png&windowCenter=100&windowWidth=1000").content
    movie = stored(archive, color_image(3))
    assert _wado(archive, movie).headers["content-type"] == "application/dicom"
    assert picture(_wado(archive, movie, "contentType=image/jpeg&frameNumber=3&imageQuality=40")).size == (60, 40)
    assert _wado(archive, movie, "contentType=image/jpeg&frameNumber=4").status_code == 404
    document = stored(archive, pdf_object())
    assert _wado(archive, document).content == PDF
    refused = _wado(archive, url, "anonymize=yes")
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    for query in ("contentType=text/html", f"contentType=application/dicom&transferSyntax={BASELINE}"):
        assert _wado(archive, url, query).status_code == 406
    for query in (
        "windowCenter=5",
        "frameNumber=x",
        "region=0,0,2,2",
        "region=0.5,0,0.1,1",
        "rows=0",
        "imageQuality=101",
    ):
        assert _wado(archive, url, f"contentType=image/jpeg&{query}").status_code == 400, query
    client = archive.client("radiologist")
    assert client.get("/wado?requestType=WADO&studyUID=1.2").status_code == 400
    assert client.get("/wado").status_code == 400
    assert _wado(archive, url, who="clinic02").status_code == 404
    assert _wado(archive, url, who="clinic01").status_code == 200


def test_a_rendered_image_is_the_same_from_the_route_and_from_its_lane(archive: Township) -> None:
    url = stored(archive, ct_image())
    client = archive.client("radiologist")
    wide = "window=1050,400"
    first = client.get(f"{url}/rendered?{wide}", headers={"Accept": "image/png"})
    again = client.get(f"{url}/rendered?{wide}&again=1", headers={"Accept": "image/png"})
    assert first.status_code == 200
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["cache-control"] == first.headers["cache-control"]
    held = client.get(
        f"{url}/rendered?{wide}&again=2", headers={"If-None-Match": first.headers["etag"], "Accept": "image/png"}
    )
    assert held.status_code == 304
    assert client.get(f"{url}/rendered?window=1", headers={"Accept": "image/png"}).json()["code"] == "bad_query"
    assert client.get(f"{url}/rendered?{wide}", headers={"Accept": "text/plain"}).status_code == 406
    named = client.get(f"{url}/rendered?{wide}&annotation=patient", headers={"Accept": "image/png"})
    assert picture(named).mode == "RGB"
    assert archive.client("clinic02").get(f"{url}/rendered?{wide}", headers={"Accept": "image/png"}).status_code == 404
