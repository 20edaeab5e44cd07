"""The main job in a real browser: a township CT is pushed, read, audited and signed, and the clinic has its report."""

import io
from pathlib import Path

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PASSWORD, Person, RunningCounty

FINDINGS = "双侧大脑半球对称，脑实质密度未见明显异常，脑室系统形态大小正常，中线结构居中。"
IMPRESSION = "颅脑CT平扫未见明显异常。"


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _wait_for_image(page: Page) -> None:
    page.locator('[data-testid="viewport"][data-loaded="true"]').first.wait_for(timeout=60_000)


def test_a_pushed_ct_is_read_audited_signed_and_delivered(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None
) -> None:
    files = studies.head_ct(shared_data)
    uid = studies.study_uid(files[0])
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    _read(county, browser, uid, slices=len(files))
    _audit(county, browser, uid)
    _receive(county, browser, uid)
    _check_what_the_clinic_holds(county, uid)


def _read(county: RunningCounty, browser: ChromiumBrowser, uid: str, slices: int) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "radiologist")
        row = page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"]')
        row.locator("img").first.wait_for(timeout=60_000)
        assert row.get_attribute("data-state") == "queued"
        page.get_by_test_id("next-case").click()
        _wait_for_image(page)
        assert page.get_by_test_id("viewport").first.get_attribute("data-image-count") == str(slices)
        _scroll(page)
        _change_the_window(page)
        page.get_by_test_id("report-findings").fill(FINDINGS)
        page.get_by_test_id("report-impression").fill(IMPRESSION)
        page.get_by_test_id("report-positive-no").click()
        page.get_by_test_id("saved-indicator").wait_for()
        page.get_by_test_id("report-submit").click()
        _wait_for_state(page, county, "radiologist", uid, "drafted")
        assert not observed.problems


def _audit(county: RunningCounty, browser: ChromiumBrowser, uid: str) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "auditor")
        page.locator(f'[data-testid="task-row"][data-study-uid="{uid}"][data-state="drafted"]').wait_for(timeout=60_000)
        page.get_by_test_id("next-case").click()
        _wait_for_image(page)
        assert page.get_by_test_id("report-findings").input_value() == FINDINGS
        page.get_by_test_id("report-sign").click()
        _wait_for_state(page, county, "auditor", uid, "signed")
        assert not observed.problems


def _receive(county: RunningCounty, browser: ChromiumBrowser, uid: str) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "clinic01")
        page.locator(f'[data-testid="clinic-study-row"][data-study-uid="{uid}"]').click()
        page.get_by_test_id("report-text").wait_for()
        assert IMPRESSION in page.get_by_test_id("report-text").inner_text()
        page.get_by_test_id("report-receipt").click()
        _wait_for_state(page, county, "clinic01", uid, "delivered")
        assert not observed.problems


def _check_what_the_clinic_holds(county: RunningCounty, uid: str) -> None:
    doctor = county.log_in("clinic01")
    (result,) = doctor.get("/api/v1/results", after=0)["items"]
    assert (result["seq"], result["kind"], result["version"]) == (1, "final", 1)
    assert result["study_instance_uid"] == uid
    report = doctor.get(f"/api/v1/reports/{result['report_id']}")
    assert report["findings"] == FINDINGS
    assert report["author"]["username"] == "radiologist"
    assert report["signer"]["username"] == "auditor"
    pdf = doctor.request("GET", f"/api/v1/reports/{result['report_id']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert IMPRESSION.rstrip("。") in text.replace("\n", "")
    neighbour = county.log_in("clinic02")
    assert neighbour.get("/api/v1/results", after=0)["items"] == []
    assert neighbour.request("GET", f"/api/v1/reports/{result['report_id']}").status_code == 404
    assert neighbour.request("GET", f"/api/v1/studies/{uid}").status_code == 404


def _wait_for_state(page: Page, county: RunningCounty, username: str, uid: str, state: str) -> None:
    person = county.log_in(username)
    wait_until(lambda: _is_in_state(page, person, uid, state), 30, f"the study to be {state}")


def _is_in_state(page: Page, person: Person, uid: str, state: str) -> bool:
    _confirm_if_asked(page)  # which it may be a while after the click: the server is asked first what the changes mean
    return person.get(f"/api/v1/studies/{uid}")["state"] == state


def _scroll(page: Page) -> None:
    viewport = page.get_by_test_id("viewport").first
    before = viewport.get_attribute("data-image-index")
    viewport.hover()
    page.mouse.wheel(0, 300)
    wait_until(lambda: viewport.get_attribute("data-image-index") != before, 20, "the stack to scroll")


def _change_the_window(page: Page) -> None:
    viewport = page.get_by_test_id("viewport").first
    before = viewport.get_attribute("data-voi")
    box = viewport.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)
    page.mouse.up()
    wait_until(lambda: viewport.get_attribute("data-voi") != before, 20, "the window to change")


def _confirm_if_asked(page: Page) -> None:
    confirm = page.get_by_test_id("confirm-ok")
    if confirm.count() and confirm.is_visible():
        confirm.click()
