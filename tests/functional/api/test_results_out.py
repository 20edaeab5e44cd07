"""Results on their way out: structured report, key images, CSV, receipts, hooks, and the script for vendors."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pydicom import dcmread
from sqlalchemy import select

from reading_queue.documents import filing
from reading_queue.hooks import addresses
from reading_queue.results import outstanding
from reading_queue.service import ReportContent
from storage.db.models import Instance, Notice, ReadingTask, Receipt, ReportVersion
from storage.ingest.times import time_zone
from tests.functional.api.images import ct_image
from tests.functional.api.township import PASSWORD, Township
from tests.services.waiting import wait_until

SCRIPT = Path(__file__).parents[3] / "docs" / "clients" / "countyread_results.py"
ZONE = time_zone("Asia/Shanghai")


def _signed(township: Township, code: str = "t01", **content: str) -> ReadingTask:
    words = ReportContent(
        "所见。", content.get("impression", "印象。"), positive=True, critical=content.get("critical", "")
    )
    return township.county.signed(township.county.task(code=code), words)


def _file_all(township: Township) -> None:
    with township.database.read() as work:
        versions = list(work.session.execute(select(ReportVersion.id)).scalars())
    for version in versions:
        filing.file_report(township.database, township.store, version, ZONE)


def test_the_structured_report_is_the_object_in_the_study(township: Township) -> None:
    _signed(township)
    clinic = township.client("clinic01")
    report = clinic.get("/api/v1/results").json()["items"][0]["report_id"]
    assert clinic.get(f"/api/v1/reports/{report}/sr").status_code == 404
    _file_all(township)
    answer = clinic.get(f"/api/v1/reports/{report}/sr")
    assert answer.headers["content-type"] == "application/dicom"
    ds = dcmread(io.BytesIO(answer.content))
    assert (ds.Modality, ds.VerificationFlag) == ("SR", "VERIFIED")
    with township.database.read() as work:
        row = work.session.execute(select(Instance).where(Instance.sop_class_uid == ds.SOPClassUID)).scalar_one()
    through_dicomweb = clinic.get(township.wado(row))
    assert through_dicomweb.status_code == 200
    assert answer.content in through_dicomweb.content
    again = clinic.get(f"/api/v1/reports/{report}/sr", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert township.client("clinic02").get(f"/api/v1/reports/{report}/sr").status_code == 404


def test_documents_stand_beside_the_images_and_are_not_counted_as_such(township: Township) -> None:
    task = _signed(township)
    uid = township.study(task).study_instance_uid
    clinic = township.client("clinic01")
    before = clinic.get(f"/api/v1/studies/{uid}").json()
    _file_all(township)
    study = clinic.get(f"/api/v1/studies/{uid}").json()
    assert (study["instances"], study["series"], study["state"]) == (
        before["instances"],
        before["series"],
        before["state"],
    )
    kinds = {one["modality"]: one["kind"] for one in study["series_list"]}
    assert (kinds["SR"], kinds["DOC"]) == ("document", "document")


def test_key_images_go_with_the_report_to_the_clinic(township: Township) -> None:
    image = township.image(ct_image())
    county = township.county
    task = county.task()
    with township.database.write() as work:
        work.session.get_one(Instance, image.id).study_id = task.study_id
    token = county.claim(task, "radiologist").token
    reader, clinic = township.client("radiologist"), township.client("clinic01")
    marks = f"/api/v1/tasks/{task.id}/key-images"
    body = {"sop_instance_uid": image.sop_instance_uid, "frame": 1, "note": "右上肺结节"}
    (marked,) = reader.put(marks, json=body).json()["items"]
    assert reader.get(marked["picture"]).headers["content-type"] == "image/jpeg"
    assert reader.put(marks, json={**body, "frame": 9}).status_code == 422
    assert township.client("auditor").put(marks, json=body).status_code == 403
    assert clinic.put(marks, json=body).status_code == 403
    report = {"findings": "所见", "impression": "印象", "positive": True}
    assert (
        reader.post(f"/api/v1/tasks/{task.id}/submit", json={"lease_token": token, "report": report}).status_code == 200
    )
    token = county.claim(task, "auditor").token
    signed = township.client("auditor").post(f"/api/v1/tasks/{task.id}/sign", json={"lease_token": token})
    assert signed.status_code == 200, signed.text
    told = clinic.get(f"/api/v1/reports/{signed.json()['report_id']}").json()
    (shown,) = told["key_images"]
    assert (shown["note"], shown["frame"]) == ("右上肺结节", 1)
    picture = clinic.get(shown["picture"])
    assert picture.content.startswith(b"\xff\xd8")
    assert clinic.get(f"/api/v1/reports/{told['id']}/key-images").json()["items"] == told["key_images"]
    assert township.client("clinic02").get(shown["picture"]).status_code == 404
    plain, with_pictures = (clinic.get(f"/api/v1/reports/{told['id']}/pdf{query}") for query in ("", "?pictures=true"))
    assert plain.headers["etag"] != with_pictures.headers["etag"]
    assert (_pages(plain), _pages(with_pictures)) == (1, 2)


def _pages(answer: httpx.Response) -> int:
    return answer.content.count(b"/Type /Page\n")


def test_results_as_csv_cannot_run_anything(township: Township) -> None:
    _signed(township, critical="=HYPERLINK(1)")
    _signed(township, "t02")
    clinic, manager = township.client("clinic01"), township.client("manager")
    span = "first=2026-03-01&last=2026-03-31"
    sheet = clinic.get(f"/api/v1/results/list.csv?{span}")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [(row["序号"], row["机构"], row["姓名"], row["危急值"]) for row in rows] == [
        ("1", "t01", "张三", "'=HYPERLINK(1)")
    ]
    assert not clinic.get(f"/api/v1/results/list.csv?{span}&bom=false").content.startswith(b"\xef\xbb\xbf")
    both = manager.get(f"/api/v1/results/list.csv?{span}&lang=en").text
    assert len(list(csv.reader(io.StringIO(both)))) == 3
    assert clinic.get(f"/api/v1/results/list.csv?{span}&institution=t02").status_code == 403
    assert clinic.get("/api/v1/results/list.csv?first=2026-03-02&last=2026-03-01").status_code == 422
    empty = clinic.get("/api/v1/results/list.csv?first=2026-02-01&last=2026-02-02")
    assert len(empty.text.splitlines()) == 1


def test_what_can_be_counted_of_results(township: Township) -> None:
    _signed(township, critical="气胸")
    _signed(township)
    clinic = township.client("clinic01")
    clinic.post("/api/v1/results/1/receipt", json={"printed": True})
    span = "first=2026-03-09&last=2026-03-09"
    (line,) = clinic.get(f"/api/v1/results/figures?{span}").json()["items"]
    assert (line["day"], line["institution"], line["modality"]) == ("2026-03-09", "t01", "CT")
    told = {name: line[name] for name in ("reports", "positive", "critical", "received", "printed", "changed")}
    assert told == {"reports": 2, "positive": 2, "critical": 1, "received": 1, "printed": 1, "changed": 0}
    sheet = township.client("manager").get(f"/api/v1/results/figures.csv?{span}&lang=en")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert (rows[0]["Reports"], rows[0]["Critical"]) == ("2", "1")


def test_receipts_say_who_has_it_and_who_printed_it(township: Township) -> None:
    _signed(township)
    clinic, manager = township.client("clinic01"), township.client("manager")
    township.county.clock.advance(seconds=7200)
    (waiting,) = clinic.get("/api/v1/results/outstanding").json()["items"]
    assert (waiting["seq"], waiting["institution"], waiting["hours"]) == (1, "t01", 2.0)
    assert len(manager.get("/api/v1/results/outstanding").json()["items"]) == 1
    assert manager.get("/api/v1/results/outstanding?institution=t02").json()["items"] == []
    assert township.client("clinic02").get("/api/v1/results/outstanding").json()["items"] == []
    first = clinic.post("/api/v1/results/1/receipt", json={"received_by": "王护士"}).json()
    assert first["printed_at"] is None
    second = clinic.post("/api/v1/results/1/receipt", json={"received_by": "李医生", "printed": True}).json()
    assert (second["received_by"], second["printed_by"]) == ("王护士", "李医生")
    assert clinic.get("/api/v1/results").json()["items"][0]["printed_by"] == "李医生"
    assert clinic.get("/api/v1/results/outstanding").json()["items"] == []


def test_a_result_that_nobody_fetches_is_spoken_of_again_and_again(township: Township) -> None:
    _signed(township)
    _signed(township, "t02")
    township.client("clinic02").post("/api/v1/results/1/receipt")

    def told(hours: float) -> list[str]:
        township.county.clock.advance(seconds=hours * 3600)
        for _ in range(2):
            outstanding.chase_receipts(township.database, township.settings)
        with township.database.read() as work:
            kinds = select(Notice.kind).where(Notice.kind.like("result.%")).order_by(Notice.id)
            return list(work.session.execute(kinds).scalars())

    assert told(23) == []
    assert told(1.1) == ["result.unfetched"]
    assert told(24) == ["result.unfetched", "result.unfetched", "result.unfetched_long"]
    assert len(told(24 * 30)) == 3


def test_a_clinic_minds_its_own_hooks(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, other, manager = (township.client(name) for name in ("clinic01", "clinic02", "manager"))
    _signed(township)
    made = clinic.post("/api/v1/result-hooks", json={"name": "HIS", "url": "https://his.example/x", "wanted": ["exam"]})
    assert made.status_code == 201, made.text
    hook = made.json()
    assert (hook["institution"], hook["delivered_seq"], hook["waiting"]) == ("t01", 1, 0)
    path = f"/api/v1/result-hooks/{hook['id']}"
    listed = clinic.get("/api/v1/result-hooks").json()["items"]
    assert [one["id"] for one in listed] == [hook["id"]]
    assert "secret" not in listed[0]
    assert other.get("/api/v1/result-hooks").json()["items"] == []
    assert [other.post(f"{path}/{what}").status_code for what in ("test", "keys")] == [404, 404]
    assert manager.get("/api/v1/result-hooks").json()["items"][0]["name"] == "HIS"
    assert clinic.patch(path, json={"version": 1, "paused": True}).json()["paused"] is True
    assert clinic.patch(path, json={"version": 1, "paused": False}).status_code == 409
    assert clinic.patch(path, json={"version": 2, "url": "https://127.0.0.1/"}).status_code == 422
    assert clinic.post(f"{path}/replay", json={"after": 0}).json() == {"results": 1}
    assert clinic.post(f"{path}/replay", json={"after": 2}).status_code == 422
    changed = clinic.post(f"{path}/keys").json()
    assert (changed["old_key_id"], changed["secret"] != hook["secret"]) == (hook["key_id"], True)
    assert clinic.delete(f"{path}/keys/old").json()["old_key_id"] == ""
    assert clinic.post(f"{path}/test").status_code == 202
    assert clinic.get(f"{path}/attempts").json() == {"items": [], "next": None}
    assert clinic.delete(path).status_code == 204
    assert clinic.get(f"{path}/attempts").status_code == 404


class _Vendor:
    """The script, as a vendor runs it."""

    def __init__(self, township: Township, folder: Path) -> None:
        self.folder = folder
        self._command = [sys.executable, str(SCRIPT), "--server", township.url, "--user", "clinic01"]
        self._command += ["--folder", str(folder), "--receipt-as", "HIS"]
        self._environment = {"PATH": os.environ["PATH"], "COUNTYREAD_PASSWORD": PASSWORD}

    def once(self, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**self._environment, **more}
        return subprocess.run(
            [*self._command, "--once"], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._environment, stderr=subprocess.DEVNULL)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.suffix in (".json", ".pdf"))


def _receipts(township: Township) -> list[str]:
    with township.database.read() as work:
        return list(work.session.execute(select(Receipt.received_by).order_by(Receipt.id)).scalars())


def test_the_script_for_vendors_takes_everything_once(township: Township, tmp_path: Path) -> None:
    vendor = _Vendor(township, tmp_path / "reports")
    _signed(township)
    _signed(township, impression="右肺结节。")
    done = vendor.once()
    assert done.returncode == 0, done.stderr
    assert vendor.files() == ["000001.json", "000001.pdf", "000002.json", "000002.pdf", "state.json"]
    second = json.loads((vendor.folder / "000002.json").read_text(encoding="utf-8"))
    assert (second["result"]["seq"], second["report"]["impression"]) == (2, "右肺结节。")
    assert (vendor.folder / "000002.pdf").read_bytes().startswith(b"%PDF-")
    assert _receipts(township) == ["HIS", "HIS"]
    assert "结节" not in done.stderr
    assert vendor.once().returncode == 0
    assert len(_receipts(township)) == 2
    assert vendor.once(COUNTYREAD_PASSWORD="wrong").returncode == 2


def test_the_script_goes_on_where_it_was_killed(township: Township, tmp_path: Path) -> None:
    vendor = _Vendor(township, tmp_path / "reports")
    for _ in range(6):
        _signed(township)
    running = vendor.start()
    try:
        wait_until((vendor.folder / "000002.json").exists, 60, "the second result")
        running.send_signal(signal.SIGKILL)
    finally:
        running.kill()
        running.wait(30)
    reached = json.loads((vendor.folder / "state.json").read_text())["after"]
    assert reached <= 6
    # What a power cut may leave: a file that is not whole, and a number that was not written down.
    (vendor.folder / "000003.json.part").write_bytes(b'{"half')
    (vendor.folder / "state.json").write_text('{"after": 1}')
    done = vendor.once()
    assert done.returncode == 0, done.stderr
    assert [name for name in vendor.files() if name.endswith(".pdf")] == [f"00000{seq}.pdf" for seq in range(1, 7)]
    assert _receipts(township) == ["HIS"] * 6
    assert json.loads((vendor.folder / "state.json").read_text()) == {"after": 6}


def test_the_script_waits_for_what_is_signed_later(township: Township, tmp_path: Path) -> None:
    vendor = _Vendor(township, tmp_path / "reports")
    running = vendor.start()
    try:
        wait_until(lambda: township.server._hub.listeners, 60, "the script to wait")
        _signed(township)
        wait_until(lambda: _receipts(township) == ["HIS"], 60, "its receipt")
    finally:
        running.terminate()
        assert running.wait(30) == 0
    assert "000001.pdf" in vendor.files()


def test_the_networks_for_trying_out_are_read() -> None:
    assert addresses.test_networks("") == []
    assert [str(one) for one in addresses.test_networks("127.0.0.0/8, ::1/128")] == ["127.0.0.0/8", "::1/128"]


def test_the_script_for_vendors_works_with_an_api_key_until_that_is_revoked(township: Township, tmp_path: Path) -> None:
    _signed(township)
    body = {"name": "HIS", "institution": "t01", "scopes": ["results:read", "receipts:write"]}
    made = township.client("admin").post("/api/v1/admin/api-keys", json=body).json()
    command = [sys.executable, str(SCRIPT), "--server", township.url, "--folder", str(tmp_path), "--once"]
    environment = {"PATH": os.environ["PATH"], "COUNTYREAD_TOKEN": made["secret"]}
    told: list[str] = []
    for code in (0, 2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        told.append(done.stderr)
        township.client("admin").post(f"/api/v1/admin/api-keys/{made['key']['id']}/revoke")
    assert json.loads((tmp_path / "000001.json").read_text(encoding="utf-8"))["result"]["seq"] == 1
    assert len(_receipts(township)) == 1
    assert "does not accept" in told[1]
