"""An ECG physician's day: a morning of ECGs at the keyboard, no mouse and a handful of keys each, and one of a whole night."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from pydicom import dcmread

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.holter import holter, holter_file
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import Person, RunningCounty
from tests.system.days.people import PATIENCE_MS, audited, screen_of
from tests.system.ink import ink_on
from tests.unit.reading_queue.ecg.files import ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import Shape, regular

_MOST_KEYS = 4
_MOST_BYTES = 300_000
_MADE = holter(1500, hz=128, ectopy=0.02)

_COUNT_KEYS = """
window.keysPressed = 0;
addEventListener('keydown', (event) => {
  if (!['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) window.keysPressed += 1;
}, true);
"""
_NORMAL = {"sinus_rhythm", "normal_ecg"}
_CASES = (
    ("first", regular(72), _NORMAL),
    ("second", regular(66), _NORMAL),
    ("third", regular(70), _NORMAL),
    ("slow", regular(45), {"sinus_rhythm", "sinus_bradycardia"}),
    ("late", regular(75, Shape(pr_ms=260)), {"sinus_rhythm", "av_block_1"}),
    ("fast", regular(115, Shape(pr_ms=140, qt_ms=320)), {"sinus_rhythm", "sinus_tachycardia"}),
)


def _send(county: RunningCounty, folder: Path) -> dict[str, set[str]]:
    """The ECGs of a morning; the statements that each should get, by study."""
    expected, files = {}, []
    for name, made, statements in _CASES:
        file = folder / f"{name}.dcm"
        file.write_bytes(ecg_file(made, PatientID=f"K-{name}", PatientName=f"Li^{name}"))
        expected[studies.study_uid(file)] = statements
        files.append(file)
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_ECG", called=county.settings.ae_title)
    assert sent.ok, sent.output
    return expected


def _are_ready(reader: Person, expected: dict[str, set[str]]) -> bool:
    """Queued, and measured."""
    queued = {task["study_instance_uid"] for task in reader.tasks() if task["state"] == "queued"}
    if not expected.keys() <= queued:
        return False
    return all(
        [one["state"] for one in reader.get(f"/api/v1/studies/{uid}/ecg")["items"]] == ["done"] for uid in expected
    )


def _read_one(page: Page) -> str:
    """Accept what is suggested, sign, go on; the address of the case that was read."""
    page.get_by_test_id("ecg-trace").wait_for(timeout=PATIENCE_MS)
    page.get_by_test_id("report-sign-next").wait_for(timeout=PATIENCE_MS)
    here = page.url
    page.keyboard.press("F2")
    page.get_by_test_id("template-title").wait_for(timeout=PATIENCE_MS)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("confirm-ok").wait_for(timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here, timeout=PATIENCE_MS)
    return here


def _signed(reader: Person, uid: str) -> dict[str, Any]:
    (task,) = reader.get(f"/api/v1/studies/{uid}")["tasks"]
    report: dict[str, Any] = reader.get(f"/api/v1/tasks/{task['id']}")["report"]
    return report


def test_ecgs_are_read_with_a_handful_of_keys_each(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    expected = _send(county, tmp_path)
    reader = county.log_in("ecg")
    wait_until(lambda: _are_ready(reader, expected), 90, "the queue")
    assert {task["priority"] for task in reader.tasks()} == {"P1"}, "ECGs are urgent unless an order says otherwise"
    with screen_of("ecg", county, browser) as page:
        page.get_by_test_id("task-row").first.wait_for()
        page.evaluate(_COUNT_KEYS)
        page.keyboard.press("n")
        read = [_read_one(page) for _ in _CASES]
        keys = page.evaluate("window.keysPressed")
        assert len(set(read)) == len(_CASES)
        assert keys <= _MOST_KEYS * len(_CASES), f"{keys} keys for {len(_CASES)} ECGs"
    for uid, statements in expected.items():
        report = _signed(reader, uid)
        assert {one["code"] for one in report["structure"]["statements"]} == statements, report["impression"]
        assert report["positive"] is ("normal_ecg" not in statements)
    received = {
        one["study_instance_uid"]: one["kind"] for one in county.log_in("clinic01").get("/api/v1/results")["items"]
    }
    assert {uid: received[uid] for uid in expected} == dict.fromkeys(expected, "final")
    assert {line["action"] for line in audited(county, who="ecg", study=next(iter(expected)))} >= {"read", "task.sign"}


def _measured(county: RunningCounty, uid: str) -> None:
    reader = county.log_in("ecg")

    def is_measured() -> bool:
        answer = reader.request("GET", f"/api/v1/studies/{uid}/ecg")
        return answer.is_success and [one["state"] for one in answer.json()["items"]] == ["done"]

    wait_until(is_measured, 120, "the measurements")


def test_a_long_ecg_is_looked_through_and_told_in_the_report(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    file = tmp_path / "long.dcm"
    file.write_bytes(holter_file(_MADE))
    uid = str(dcmread(file, stop_before_pixels=True, specific_tags=["StudyInstanceUID"]).StudyInstanceUID)
    sent = dcmtk.send(county.settings.dicom.port, [file], calling="T01_ECG", called=county.settings.ae_title)
    assert sent.ok, sent.output
    _measured(county, uid)
    with screen_of("ecg", county, browser) as page:
        sizes: list[int] = []
        page.on(
            "response",
            lambda answer: "/ecg" in answer.url and sizes.append(int(answer.headers.get("content-length", 0))),
        )
        page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]').wait_for()
        page.keyboard.press("n")
        page.get_by_test_id("ecg-long").wait_for()
        rows, strip, tendency = (page.get_by_test_id(f"long-{name}") for name in ("disclosure", "strip", "tendency"))
        wait_until(lambda: ink_on(rows) > 3000, 60, "the whole record")
        wait_until(lambda: ink_on(strip) > 1000, 60, "the strip")
        wait_until(lambda: ink_on(tendency) > 200, 60, "the tendency")
        assert str(len(_MADE.onsets_s)) in page.get_by_test_id("long-summary").inner_text()

        page.get_by_test_id("long-kind").select_option("pause")
        page.keyboard.press("]")
        at = page.get_by_test_id("long-strip-at")
        wait_until(lambda: "停搏" in at.inner_text(), 60, "the pause")
        page.get_by_test_id("long-into-report").click()
        told = page.locator("report-text[name=findings] textarea")
        wait_until(
            lambda: "停搏" in told.input_value() and "3.40 s" in told.input_value(), 60, "the words in the report"
        )

        page.get_by_test_id("long-beatlist-tab").click()
        beats = page.get_by_test_id("long-beats").locator("tbody tr")
        ventricular = int((_MADE.kinds == "ventricular").sum())
        wait_until(lambda: beats.count() == min(100, ventricular), 60, "the ventricular beats")
        before = at.inner_text()
        beats.nth(3).click()
        wait_until(lambda: at.inner_text() != before, 60, "the strip at the beat")

        before = at.inner_text()
        tendency.click(position={"x": 300, "y": 40})
        wait_until(lambda: at.inner_text() != before, 60, "the strip where the tendency was clicked")
        assert max(sizes) < _MOST_BYTES, "nothing large is fetched at once"
