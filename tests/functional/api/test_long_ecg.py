"""A long ECG over the API: a day in parts that are each small, for those who may see the study."""

import json
import struct

import numpy as np
import pytest

from reading_queue.ecg.measuring import measure_ecg
from storage.objects.contract import ObjectStore
from tests.functional.api.township import Township
from tests.services.holter import holter, holter_file
from viewer_api.ecg import stored_samples

MADE = holter(600, ectopy=0.04)


@pytest.fixture(scope="module")
def path(archive: Township) -> str:
    """The path of a measured recording."""
    instance = archive.image(holter_file(MADE))
    assert measure_ecg(archive.database, archive.store, instance.study_id) == 1
    study = archive.client("clinic01").get("/api/v1/studies").json()["items"][0]["study_instance_uid"]
    (one,) = archive.client("radiologist").get(f"/api/v1/studies/{study}/ecg").json()["items"]
    assert one["measured"]["beats"] == []
    return one["long_url"].removesuffix("/long")


def _unpacked(body: bytes, magic: bytes) -> tuple[dict, bytes]:
    assert body[:4] == magic
    (length,) = struct.unpack_from("<I", body, 4)
    return json.loads(body[8 : 8 + length]), body[8 + length :]


def test_the_day_in_numbers_and_events(archive: Township, path: str):
    told = archive.client("radiologist").get(f"{path}/long").json()
    kinds = [str(kind) for kind in MADE.kinds]
    assert told["leads"] == list(MADE.leads)
    assert told["seconds"] == 600
    assert told["started_at"] == "2026-03-09T08:00:00"
    assert told["whole"]["beats"] == len(kinds)
    assert told["whole"]["counts"]["ventricular"] == kinds.count("ventricular")
    assert [hour["start_s"] for hour in told["hours"]] == [0]
    events = {one["kind"]: one for one in told["events"]}
    assert events["longest_rr"]["seconds"] == pytest.approx(MADE.pause_s[1], abs=0.02)
    assert events["ventricular_run"]["beats"] == 6
    assert events["no_signal"]["at_s"] == pytest.approx(MADE.off_s[0], abs=0.3)
    assert {"fastest", "slowest", "pause"} <= set(events)
    assert told["st"]["leads"] == list(MADE.leads)
    assert len(told["st"]["minutes"][0]) == 10


def test_an_overview_tile_is_small_and_never_changes(archive: Township, path: str):
    client = archive.client("radiologist")
    url = client.get(f"{path}/long").json()["overview"]["url"]
    answer = client.get(url, params={"lead": "V5", "start_s": 60, "seconds": 60})
    header, body = _unpacked(answer.content, b"ECGO")
    columns = np.frombuffer(body, np.int8).reshape(-1, 2)
    assert header["column_s"] == 0.04
    assert len(columns) == header["columns"] == 1500
    assert len(answer.content) < 4000
    assert "immutable" in answer.headers["cache-control"]
    peaks = MADE.peaks_s[(MADE.peaks_s > 60.1) & (MADE.peaks_s < 119.9)]
    high = columns[:, 1].max() * 0.5
    assert all(columns[max(0, at - 2) : at + 3].max() > high for at in ((peaks - 60) / 0.04).astype(int)[:20])
    again = client.get(
        url, params={"lead": "V5", "start_s": 60, "seconds": 60}, headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    coarse, body = _unpacked(client.get(url, params={"lead": "V5", "seconds": 600, "per_column": 25}).content, b"ECGO")
    assert (coarse["column_s"], coarse["columns"]) == (1.0, 600)
    off = np.frombuffer(body, np.int8).reshape(-1, 2)[int(MADE.off_s[0]) + 2]
    assert off.tolist() == [coarse["nothing"]] * 2
    assert client.get(url, params={"lead": "aVL"}).status_code == 404
    assert client.get(url).status_code == 422


def test_beats_come_by_page_and_by_class(archive: Township, path: str):
    client = archive.client("radiologist")
    wanted = MADE.peaks_s[MADE.kinds == "ventricular"]
    found, after = [], -1
    while after is not None:
        page = client.get(f"{path}/long/beats", params={"kind": "ventricular", "limit": 5, "after": after}).json()
        found += page["items"]
        after = page["after"]
    assert page["matching"] == len(wanted) == len(found)
    assert np.abs(np.array([one["at_s"] for one in found]) - wanted).max() < 0.08
    inside = client.get(f"{path}/long/beats", params={"start_s": 10, "end_s": 20}).json()["items"]
    assert all(10 <= one["at_s"] < 20 for one in inside)
    assert len(inside) == ((MADE.peaks_s >= 10) & (MADE.peaks_s < 20)).sum()
    assert client.get(f"{path}/long/beats", params={"kind": "other"}).status_code == 422
    assert client.get(f"{path}/long/beats", params={"limit": 5000}).status_code == 422


def test_the_tendency_of_intervals(archive: Township, path: str):
    told = archive.client("radiologist").get(f"{path}/long/tendency", params={"parts": 60}).json()
    assert len(told["usual"]) == 60
    assert max(one for one in told["longest"] if one) == pytest.approx(1000 * MADE.pause_s[1], abs=20)
    assert told["usual"][int(MADE.off_s[0] / 10) + 1] is None
    part = archive.client("radiologist").get(
        f"{path}/long/tendency", params={"start_s": MADE.pause_s[0] - 1, "seconds": 10, "parts": 2}
    )
    assert max(one for one in part.json()["longest"] if one) == pytest.approx(1000 * MADE.pause_s[1], abs=20)


class _Watched:
    """The store, and how many bytes were read from it."""

    def __init__(self, store: ObjectStore) -> None:
        self._store, self.read = store, 0

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        data = self._store.open_range(key, start, stop)
        self.read += len(data)
        return data


def test_a_strip_is_read_by_range(archive: Township, path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stored_samples, "_WHOLE_UP_TO", 100_000)
    body = archive.client("radiologist").get(f"{path}/samples", params={"start_s": 100, "seconds": 10, "lead": "V1"})
    header, stored = _unpacked(body.content, b"ECGS")
    assert (header["leads"], header["first_sample"], header["samples"]) == (["V1"], 25_000, 2500)
    assert header["samples_in_record"] == 150_000
    wanted = MADE.microvolts[1, 25_000:27_500]
    assert np.abs(np.frombuffer(stored, "<i2") * header["scale_uv"][0] - wanted).max() <= 1
    with archive.database.read() as work:
        instance = stored_samples.queries.ecg_instances(work, 1)[0]
        known = stored_samples.StoredSamples.of(work, instance)
    assert known.known is not None
    for strip, most in ((known, 20_000), (stored_samples.StoredSamples(known.object_key, known.size, None), 300_000)):
        watched = _Watched(archive.store)
        part = strip.part(watched, 100, 10)  # type: ignore[arg-type] - only ranges are read
        assert watched.read <= most
        assert np.abs(part.microvolts[1] - wanted).max() <= 1


def test_another_clinic_and_the_authority_see_nothing_of_it(archive: Township, path: str):
    for part in ("/long", "/long/beats", "/long/tendency", "/long/overview?lead=V5"):
        assert archive.client("clinic01").get(path + part).status_code == 200
        assert archive.client("clinic02").get(path + part).status_code == 404
        assert archive.client("regulator").get(path + part).status_code == 403
        assert archive.anonymous().get(path + part).status_code == 401
