"""Frames for slow lines over the wire: what is sent to whom, by ranges, and when it falls back."""

import gzip
import io
import re
from datetime import timedelta
from pathlib import Path

import httpx
import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from sqlalchemy import select, update

from reading_queue.delivery import make_delivery
from storage.db.models import FrameDelivery, Instance, User
from storage.domain.reading import Role
from storage.domain.studies import RenditionKind
from storage.objects.folder import FolderStore
from tests.functional.api.images import ct_image, made_image, written
from tests.functional.api.test_dicomweb import VIEWER, parts
from tests.functional.api.township import Township, running, settings_in

RPCL = "1.2.840.10008.1.2.4.202"
RAW = "1.2.840.10008.1.2.1"
OCTETS = {"Accept": f"application/octet-stream; transfer-syntax={RPCL}"}
TWICE = (1, 2)
"""Once through the whole route, and once through its lane."""


def _delivered(township: Township, data: bytes, code: str = "t01") -> tuple[Instance, str]:
    instance = township.image(data, code)
    make_delivery(township.database, township.store, instance.study_id)
    return instance, township.wado(instance)


def _get(township: Township, path: str, username: str = "radiologist", **headers: str) -> httpx.Response:
    return township.client(username).get(path, headers=headers)


@pytest.mark.parametrize("accept", ["*", RPCL])
def test_the_viewer_gets_lossless_htj2k_with_its_length(archive: Township, accept: str) -> None:
    data = ct_image()
    _, path = _delivered(archive, data)
    for _ in TWICE:
        answer = _get(archive, f"{path}/frames/1", Accept=VIEWER["Accept"].replace("*", accept))
        assert "content-encoding" not in answer.headers
        assert "transfer-encoding" not in answer.headers
        ((syntax, frame),) = parts(answer)
        assert syntax == RPCL
        assert np.array_equal(imagecodecs.jpeg2k_decode(frame), dcmread(io.BytesIO(data)).pixel_array)


def test_who_wants_the_original_encoding_gets_it(archive: Township) -> None:
    _, path = _delivered(archive, ct_image())
    answer = _get(archive, f"{path}/frames/1", Accept=VIEWER["Accept"].replace("*", RAW))
    assert parts(answer)[0][0] == RAW


def test_the_original_is_sent_until_the_frames_are_made(archive: Township) -> None:
    data = ct_image()
    instance = archive.image(data)
    path = archive.wado(instance)
    assert parts(_get(archive, f"{path}/frames/1", **VIEWER))[0][0] == RAW
    make_delivery(archive.database, archive.store, instance.study_id)


def test_the_original_is_sent_when_the_frames_are_lost_and_they_are_made_anew(archive: Township) -> None:
    instance, path = _delivered(archive, ct_image())
    with archive.database.read() as work:
        key = work.session.get_one(FrameDelivery, instance.id).object_key
    archive.store.delete(key)
    assert parts(_get(archive, f"{path}/frames/1", **VIEWER))[0][0] == RAW
    make_delivery(archive.database, archive.store, instance.study_id)
    assert archive.store.open_range(key, 0, 2) == b"\xff\x4f"


def test_ranges_fit_together(archive: Township) -> None:
    _, path = _delivered(archive, ct_image())
    whole = _get(archive, f"{path}/frames/1", **VIEWER)
    total = len(whole.content)
    for _ in TWICE:
        first = _get(archive, f"{path}/frames/1", **VIEWER, Range="bytes=0-999")
        rest = _get(archive, f"{path}/frames/1", **VIEWER, Range="bytes=1000-")
        assert (first.status_code, rest.status_code) == (206, 206)
        assert first.headers["content-range"] == f"bytes 0-999/{total}"
        assert rest.headers["content-range"] == f"bytes 1000-{total - 1}/{total}"
        assert first.content + rest.content == whole.content
        assert _get(archive, f"{path}/frames/1", **VIEWER, Range="bytes=-7").content == whole.content[-7:]
        past = _get(archive, f"{path}/frames/1", **VIEWER, Range=f"bytes={total}-")
        assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{total}")


def test_a_frame_that_the_client_has_is_not_sent_again(archive: Township) -> None:
    _, path = _delivered(archive, ct_image())
    first = _get(archive, f"{path}/frames/1", **VIEWER)
    assert "immutable" in first.headers["cache-control"]
    for _ in TWICE:
        again = _get(archive, f"{path}/frames/1", **VIEWER, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_many_frames_come_in_one_answer(archive: Township) -> None:
    pixels = np.random.default_rng(3).integers(0, 64, (40, 300, 400), "u2")
    _, path = _delivered(archive, written(made_image(pixels)))
    numbers = list(range(1, 41))
    for _ in TWICE:
        answer = _get(archive, f"{path}/frames/{','.join(map(str, numbers))}", **VIEWER)
        found = parts(answer)
        assert len(answer.content) > 1 << 20, "more than goes out in one piece"
        assert [syntax for syntax, _ in found] == [RPCL] * 40
        assert all(np.array_equal(imagecodecs.htj2k_decode(f), p) for (_, f), p in zip(found, pixels, strict=True))
    part = _get(archive, f"{path}/frames/{','.join(map(str, numbers))}", **VIEWER, Range="bytes=100000-1500000")
    assert part.content == answer.content[100000:1500001]
    assert _get(archive, f"{path}/frames/41", **VIEWER).status_code == 404
    assert _get(archive, f"{path}/frames/1,41", **VIEWER).status_code == 404


def _slices(township: Township, first: str, names: list[str], username: str = "radiologist") -> httpx.Response:
    root = first.split("/instances/", maxsplit=1)[0].replace("/dicomweb/", "/api/v1/")
    return township.client(username).get(f"{root}/slices/{','.join(names)}")


def _stack(township: Township, made: int, stored: int) -> tuple[list[bytes], list[str], str]:
    """Data of the slices of a new series, their names, and the path of the first; some have their frames for slow lines."""
    data = [ct_image(number) for number in range(1, made + stored + 1)]
    first, path = _delivered(township, data[0])
    names = re.search(r"studies/([\d.]+)/series/([\d.]+)", path)
    series = {"study": names[1], "series": names[2]}
    instances = [first, *(township.image(one, **series) for one in data[1:made])]
    make_delivery(township.database, township.store, first.study_id)
    instances += [township.image(one, **series) for one in data[made:]]
    return data, [one.sop_instance_uid for one in instances], path


def test_slices_of_a_stack_come_in_one_answer(archive: Township) -> None:
    """Those that are made for slow lines as such, the others as they are stored; each says which it is."""
    data, names, path = _stack(archive, 3, 1)
    wanted = [names[2], names[0], names[3]]
    answer = _slices(archive, path, wanted)
    assert "immutable" in answer.headers["cache-control"]
    boundary = re.search(r"boundary=(\w+)", answer.headers["content-type"])[1].encode()
    heads = re.findall(rb"--%s\r\n(.+?)\r\n\r\n" % boundary, answer.content, re.DOTALL)
    root = path.rpartition("/")[0]
    assert [head.decode().split("\r\n") for head in heads] == [
        [
            f"Content-Type: application/octet-stream; transfer-syntax={syntax}",
            f"Content-Location: {root}/{name}/frames/1",
        ]
        for name, syntax in zip(wanted, (RPCL, RPCL, RAW), strict=True)
    ]
    bodies = re.split(rb"\r\n--%s|--%s" % (boundary, boundary), answer.content)[1:-1]
    frames = [body.split(b"\r\n\r\n", 1)[1] for body in bodies]
    for number, frame in zip((2, 0), frames[:2], strict=True):
        assert np.array_equal(imagecodecs.jpeg2k_decode(frame), dcmread(io.BytesIO(data[number])).pixel_array)
    assert frames[2] == dcmread(io.BytesIO(data[3])).PixelData
    known = {"If-None-Match": answer.headers["etag"]}
    again = archive.client("radiologist").get(str(answer.url), headers=known)
    assert (again.status_code, again.content) == (304, b"")


def test_a_lost_slice_comes_as_it_is_stored(archive: Township) -> None:
    data, names, path = _stack(archive, 2, 0)
    with archive.database.read() as work:
        query = select(FrameDelivery.object_key).join(Instance).where(Instance.sop_instance_uid == names[1])
        archive.store.delete(work.session.execute(query).scalar_one())
    answer = _slices(archive, path, names)
    assert answer.content.count(RPCL.encode()) == 1
    assert dcmread(io.BytesIO(data[1])).PixelData in answer.content


def test_slices_are_asked_for_by_name_within_one_series(archive: Township) -> None:
    _, names, path = _stack(archive, 1, 0)
    cine, _ = _delivered(archive, written(made_image(np.zeros((3, 16, 16), "u2"))))
    assert _slices(archive, path, names, "clinic01").status_code == 200
    assert _slices(archive, path, names, "clinic02").status_code == 404
    assert _slices(archive, path, [*names, "1.2.3"]).status_code == 404
    assert _slices(archive, path, [cine.sop_instance_uid]).status_code == 404
    assert _slices(archive, path, names * 65).status_code == 422
    assert _slices(archive, path, ["nobody"]).status_code == 422
    many = archive.wado(cine)
    assert _slices(archive, many, [cine.sop_instance_uid]).status_code == 422


def test_one_frame_may_come_without_an_envelope(archive: Township) -> None:
    _, path = _delivered(archive, ct_image())
    answer = _get(archive, f"{path}/frames/1", **OCTETS)
    assert answer.headers["content-type"] == f"application/octet-stream; transfer-syntax={RPCL}"
    assert answer.content.startswith(b"\xff\x4f\xff\x51")


def test_another_clinic_sees_neither_frames_nor_pictures(archive: Township) -> None:
    instance, path = _delivered(archive, ct_image())
    series = archive.picture(instance.study_id, RenditionKind.PREVIEW)
    study = re.search(r"studies/([\d.]+)/", path)[1]
    preview = f"/api/v1/studies/{study}/series/{series}/preview"
    for _ in TWICE:
        assert _get(archive, f"{path}/frames/1", "clinic01", **VIEWER).status_code == 200
        assert _get(archive, preview, "clinic01").status_code == 200
        assert _get(archive, f"{path}/frames/1", "clinic02", **VIEWER).status_code == 404
        assert _get(archive, preview, "clinic02").status_code == 404
        assert _get(archive, preview, "regulator").status_code == 403
        assert archive.anonymous().get(preview).status_code == 401


def test_whoever_loses_his_session_or_his_role_loses_the_lane_with_it(archive: Township) -> None:
    _, path = _delivered(archive, ct_image())
    frames = f"{path}/frames/1"
    gone, moved = archive.token("radiologist"), archive.token("radiologist2")
    with httpx.Client(base_url=archive.url, headers=VIEWER, timeout=30) as client:

        def ask(token: str) -> int:
            return client.get(frames, headers={"Authorization": f"Bearer {token}"}).status_code

        assert [ask(gone), ask(gone), ask(moved), ask(moved)] == [200] * 4
        ended = client.delete("/api/v1/session", headers={"Authorization": f"Bearer {gone}"})
        assert ended.is_success
        assert ask(gone) == 401
        with archive.database.write() as work:
            work.session.execute(update(User).where(User.username == "radiologist2").values(role=Role.REGULATOR))
        try:
            assert ask(moved) == 403
        finally:
            with archive.database.write() as work:
                work.session.execute(update(User).where(User.username == "radiologist2").values(role=Role.RADIOLOGIST))


def test_a_poll_hears_of_a_result_at_once(township: Township) -> None:
    """The lane says that nothing is new for exactly as long as nothing is."""
    client = township.client("clinic01")
    first = client.get("/api/v1/results?after=0")
    assert first.json() == {"items": [], "next": 0}
    assert client.get("/api/v1/results?after=0").content == first.content
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/v1/results?after=0", headers=known).status_code == 304
    township.county.signed(township.county.task(code="t02"))
    assert client.get("/api/v1/results?after=0", headers=known).status_code == 304
    township.county.signed(township.county.task(code="t01"))
    heard = client.get("/api/v1/results?after=0", headers=known)
    assert (heard.status_code, len(heard.json()["items"])) == (200, 1)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "identity"])
def test_metadata_comes_compressed_as_the_client_likes(archive: Township, coding: str) -> None:
    _, path = _delivered(archive, ct_image())
    url = f"{path.split('/instances/', maxsplit=1)[0]}/metadata"
    client = archive.client("radiologist")
    with client.stream("GET", url, headers={"Accept-Encoding": coding}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding", "identity") == coding
    decode = {"br": imagecodecs.brotli_decode, "zstd": imagecodecs.zstd_decode, "gzip": gzip.decompress}
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert bytes(decode.get(coding, bytes)(body)) == plain.content
    known = client.get(url, headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304


def test_metadata_is_made_anew_when_an_image_arrives(archive: Township) -> None:
    _, path = _delivered(archive, ct_image(1))
    url = f"{path.split('/instances/', maxsplit=1)[0]}/metadata"
    before = _get(archive, url)
    names = re.search(r"studies/([\d.]+)/series/([\d.]+)", path)
    archive.image(ct_image(2), study=names[1], series=names[2])
    after = _get(archive, url, **{"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert (len(before.json()), len(after.json())) == (1, 2)


def test_a_reader_is_told_what_to_fetch_ahead(township: Township) -> None:
    """The open case first, the first image of every series before all others; then the next case; nothing to a clinic."""
    for number in (1, 2):
        task = township.county.task(code="t01")
        uid = township.study(task).study_instance_uid
        for series in ("1", "2"):
            for image in (1, 2):
                township.image(ct_image(image), study=uid, series=f"{uid}.{series}")
        if number == 1:
            make_delivery(township.database, township.store, task.study_id)
    reader = township.client("radiologist")
    mine = reader.post("/api/v1/tasks/next").json()["task"]
    plan = reader.get(f"/api/v1/tasks/{mine['id']}/prefetch").json()
    own = [item for item in plan["items"] if item["of"] == "case"]
    uid = mine["study_instance_uid"]
    assert [item["url"].split("/series/")[1].split("/")[0] for item in own] == [f"{uid}.{n}" for n in (1, 2, 1, 2)]
    assert plan["items"][: len(own)] == own
    following = {item["study_instance_uid"] for item in plan["items"] if item["of"] == "next"}
    assert len(following) == 1
    assert uid not in following
    for item in plan["items"]:
        answer = reader.get(item["url"], headers={"Accept": plan["accept"]})
        # Of an image whose frames are not made yet the whole file is counted.
        envelope = len(answer.content) - item["size"]
        assert 0 < envelope < 400 if item["of"] == "case" else abs(envelope) < 8000
    assert township.client("clinic01").get(f"/api/v1/tasks/{mine['id']}/prefetch").status_code == 403
    assert reader.get("/api/v1/tasks/4711/prefetch").status_code == 404


class _SignedStore(FolderStore):
    """A folder that hands out addresses as an S3 server does."""

    def presign(self, key: str, ttl: timedelta) -> str | None:
        return f"https://store.example/{key}?for={ttl.seconds}"


def test_whole_objects_come_straight_from_the_store_where_the_county_allows_it(
    township: Township, tmp_path: Path
) -> None:
    data = ct_image()
    (tmp_path / "other").mkdir()
    instance, path = _delivered(township, data)
    settings = settings_in(tmp_path / "other", COUNTYREAD_PRESIGNED="on")
    with running(township.county, settings, _SignedStore(tmp_path / "objects")) as allowed:
        sent = allowed.client("clinic01").get(path, headers={"Accept": "application/dicom"})
        assert sent.status_code == 307
        assert sent.headers["location"] == f"https://store.example/{instance.object_key}?for=60"
        assert allowed.client("clinic02").get(path, headers={"Accept": "application/dicom"}).status_code == 404
        frame = allowed.client("clinic01").get(f"{path}/frames/1", headers=OCTETS)
        assert frame.status_code == 307
        assert "/delivery/" in frame.headers["location"]
        assert parts(_get(allowed, f"{path}/frames/1", **VIEWER))[0][0] == RPCL
    here = _get(township, path, Accept="application/dicom")
    assert (here.status_code, here.content) == (200, data)
