"""An ECG physician at the keyboard: next, accept, sign; no mouse, and a handful of keys an ECG."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PASSWORD, Person, RunningCounty
from tests.unit.reading_queue.ecg.files import ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import Shape, regular

_PATIENCE_MS = 60_000
_MOST_KEYS = 4
_COUNT_KEYS = """
window.keysPressed = 0;
addEventListener('keydown', (event) => {
  if (!['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) window.keysPressed += 1;
}, true);
"""
_CASES = (
    ("normal", regular(72), {"sinus_rhythm", "normal_ecg"}),
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


def _log_in(page: Page) -> None:
    page.get_by_test_id("login-username").fill("ecg")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)


def _read_one(page: Page) -> str:
    """Accept what is suggested, sign, go on; the address of the case that was read."""
    page.get_by_test_id("ecg-trace").wait_for(timeout=_PATIENCE_MS)
    page.get_by_test_id("report-sign-next").wait_for(timeout=_PATIENCE_MS)
    here = page.url
    page.keyboard.press("F2")
    page.get_by_test_id("template-title").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("confirm-ok").wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here, timeout=_PATIENCE_MS)
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
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page)
        page.evaluate(_COUNT_KEYS)
        page.keyboard.press("n")
        read = [_read_one(page) for _ in _CASES]
        keys = page.evaluate("window.keysPressed")
        assert len(set(read)) == len(_CASES)
        assert keys <= _MOST_KEYS * len(_CASES), f"{keys} keys for {len(_CASES)} ECGs"
        assert not observed.problems
    for uid, statements in expected.items():
        report = _signed(reader, uid)
        assert {one["code"] for one in report["structure"]["statements"]} == statements, report["impression"]
        assert report["positive"] is ("normal_ecg" not in statements)
