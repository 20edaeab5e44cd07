"""A reader's day in a real browser: from case to case by keys alone, and a line that is lost while he writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, Person, RunningCounty
from tests.system.studies import study_uid

_PATIENCE_MS = 60_000
_SHOWN = '[data-testid="viewport"][data-quality="full"]'
_NO_LINE = ("Failed to fetch", "XMLHttpRequest")
"""What the browser says of requests without a line."""
_FOCUS = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.dataset.testid ?? at.className;
}"""
_FINDINGS = "两肺纹理清晰，未见实变影。"


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.keyboard.press("Enter")


def _send(county: RunningCounty, folder: Path, patient: str) -> str:
    files = make_study(folder / patient, 3, PatientID=patient, PatientName=f"LI^{patient}", StudyDescription="CT CHEST")
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    return study_uid(files[0])


def _open_next(page: Page) -> None:
    page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
    page.keyboard.press("n")
    page.get_by_test_id("report-findings").wait_for(timeout=_PATIENCE_MS)


def _focus(page: Page) -> str:
    """What has the keyboard, shadow roots looked through."""
    found: str = page.evaluate(_FOCUS)
    return found


def _wait(page: Page, condition: Callable[[], bool], what: str) -> None:
    """The browser tells of its requests only while it is listened to."""

    def holds() -> bool:
        page.wait_for_timeout(50)
        return condition()

    wait_until(holds, 60, what)


def _write(page: Page) -> None:
    page.keyboard.press("Alt+r")
    assert _focus(page) == "report-findings"
    page.keyboard.type(_FINDINGS)
    page.keyboard.press("Tab")
    page.keyboard.type("未见异常。")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_test_id("report-positive-no").is_checked()


def _draft(person: Person, task: int) -> dict[str, Any]:
    return person.get(f"/api/v1/tasks/{task}")["draft"] or {}


def _task(page: Page) -> int:
    return int(page.evaluate("() => Number(location.hash.match(/read\\/(\\d+)/)?.[1])"))


def test_a_reader_goes_from_case_to_case_by_keys_alone(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    uids = [_send(county, tmp_path, "8001"), _send(county, tmp_path, "8002")]
    reader = county.log_in("radiologist")
    wait_until(lambda: len(reader.tasks()) == len(uids), 60, "two cases")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        _log_in(page, "radiologist")
        page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
        page.reload()
        _open_next(page)
        page.locator(_SHOWN).wait_for(timeout=_PATIENCE_MS)
        first = _task(page)
        assert _focus(page) == "images"
        ahead = next(uid for uid in uids if uid != reader.get(f"/api/v1/tasks/{first}")["study_instance_uid"])
        _wait(page, lambda: bool(_headers_of(asked, ahead)), "the next case to be asked for early")
        page.keyboard.press("Alt+q")
        page.get_by_test_id("queue-row").nth(1).wait_for()
        _wait(page, lambda: _focus(page) == "queue-row", "the queue to have the keyboard")
        _wait(page, lambda: _preferences(reader).get("reading.queue") is True, "the open queue to be remembered")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        assert _focus(page) == "images"
        page.keyboard.press("F1")
        page.get_by_role("dialog").get_by_text("放下这一例，打开下一例").wait_for()
        page.keyboard.press("Escape")
        _write(page)
        page.screenshot(path=tmp_path / "flow-zh.png")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: f"/read/{first}" not in url and "/read/" in url, timeout=_PATIENCE_MS)
        page.wait_for_function(
            "() => performance.getEntriesByName('countyread-next-case').length === 1", timeout=_PATIENCE_MS
        )
        page.locator(_SHOWN).wait_for(timeout=_PATIENCE_MS)
        second = _task(page)
        assert len(_headers_of(asked, ahead)) == 1
        assert page.get_by_test_id("report-findings").input_value() == ""
        assert _focus(page) == "images"
        page.keyboard.press("Alt+t")
        page.get_by_test_id("dialog-reason").fill("图像运动模糊")
        page.keyboard.press("Control+Enter")
        page.get_by_test_id("worklist").wait_for(timeout=_PATIENCE_MS)
        assert not observed.problems
    states = {one: reader.get(f"/api/v1/tasks/{one}")["state"] for one in (first, second)}
    assert states == {first: "drafted", second: "retake_wait"}


def _preferences(person: Person) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in person.get("/api/v1/preferences")["items"]}


def _headers_of(asked: list[str], uid: str) -> list[str]:
    return [url for url in asked if f"/studies/{uid}/" in url and url.endswith("/metadata")]


def test_nothing_is_lost_when_the_line_is_lost_while_somebody_writes(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    _send(county, tmp_path, "8003")
    auditor = county.log_in("auditor")
    wait_until(auditor.tasks, 60, "a case")
    with browser.open(county.url, width=1366, height=768) as observed:
        page, line = observed.page, observed.page.context
        _log_in(page, "radiologist")
        _open_next(page)
        task = _task(page)
        page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=_PATIENCE_MS)
        line.set_offline(True)
        page.keyboard.press("Alt+r")
        page.keyboard.type("断线时写的所见。")
        page.locator('[data-testid="saved-indicator"][data-state="failed"]').wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("connection-lost").wait_for(timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "offline-zh.png")
        line.set_offline(False)
        page.locator('[data-testid="saved-indicator"][data-state="saved"]').wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("connection-lost").wait_for(state="detached", timeout=_PATIENCE_MS)
        assert _draft(auditor, task)["findings"] == "断线时写的所见。"
        line.set_offline(True)
        page.keyboard.type("又写了一句。")
        page.locator('[data-testid="saved-indicator"][data-state="failed"]').wait_for(timeout=_PATIENCE_MS)
        _reload_without_a_line(page, county.url)
        page.screenshot(path=tmp_path / "old-list-zh.png")
        line.set_offline(False)
        page.get_by_test_id("unsent-draft").click()
        page.get_by_test_id("local-copy").wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("local-copy-changes").click()
        assert "又写了一句" in page.get_by_test_id("local-copy").inner_text()
        page.get_by_test_id("local-copy-use").click()
        page.locator('[data-testid="saved-indicator"][data-state="saved"]').wait_for(timeout=_PATIENCE_MS)
        assert not [one for one in observed.problems if one.startswith("uncaught") and not one.endswith(_NO_LINE)]
    assert _draft(auditor, task)["findings"] == "断线时写的所见。又写了一句。"


def _reload_without_a_line(page: Page, url: str) -> None:
    """The application comes from this PC, with the list as it was seen last and nothing else of patients."""
    page.goto(f"{url}/#/worklist")
    answer = page.reload()
    assert answer is not None
    assert answer.from_service_worker
    page.get_by_test_id("old-list").wait_for(timeout=_PATIENCE_MS)
    assert page.get_by_test_id("task-row").count() == 1
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"
    )
    assert kept
    assert not [path for path in kept if path.startswith(("/api", "/dicomweb"))]
