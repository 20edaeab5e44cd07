"""The manager's desk in a real browser: a conflict is decided on, two registrations become one person, and apart again."""

from pathlib import Path

from playwright.sync_api import Page

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty
from tests.system.studies import study_uid

_PATIENCE_MS = 60_000
_LI = {"PatientID": "0077", "PatientName": "LI^SI", "PatientSex": "F", "PatientBirthDate": "19800101"}


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _send(county: RunningCounty, files: list[Path], calling: str) -> None:
    sent = dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)
    assert sent.ok, sent.output


def test_a_conflict_is_decided_on_at_the_desk(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    ours = make_study(tmp_path / "ours", 2, StudyDescription="CT HEAD")
    _send(county, ours, "T01_CT")
    _send(county, make_study(tmp_path / "theirs", 2, StudyInstanceUID=study_uid(ours[0]), **_LI), "T01_CT")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "quarantine")
        rows = page.get_by_test_id("quarantine-row")
        rows.nth(1).wait_for(timeout=_PATIENCE_MS)
        assert "LI SI" in rows.first.inner_text()
        rows.first.click()
        sides = page.get_by_test_id("quarantine-sides")
        sides.wait_for()
        assert "ZHANG SAN" in sides.inner_text()
        page.screenshot(path=tmp_path / "desk-zh.png")
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("quarantine-detail").get_by_text(
            "The study identifier belongs to another patient"
        ).wait_for()
        page.screenshot(path=tmp_path / "desk-en.png")
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("decide-resend").click()
        page.get_by_test_id("dialog-note").fill("姓名与申请单不符")
        page.screenshot(path=tmp_path / "desk-dialog.png")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("quarantine-decided").wait_for()
        _clinic_is_asked(county, browser, tmp_path)
        page.get_by_test_id("quarantine-reopen").click()
        page.get_by_test_id("decide-same_person").click()
        page.get_by_test_id("dialog-scope").select_option("study")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_text("隔离区是空的").wait_for(timeout=_PATIENCE_MS)
        assert not observed.problems
    person = county.log_in("manager")
    wait_until(lambda: person.get(f"/api/v1/studies/{study_uid(ours[0])}")["instances"] == 4, 60, "four images")


def _clinic_is_asked(county: RunningCounty, browser: ChromiumBrowser, folder: Path) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "clinic01")
        request = page.get_by_test_id("resend-request")
        request.wait_for(timeout=_PATIENCE_MS)
        assert "姓名与申请单不符" in request.inner_text()
        page.screenshot(path=folder / "clinic-zh.png")
        assert not observed.problems


def test_two_registrations_become_one_person_and_apart_again(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    first = make_study(tmp_path / "first", 1, StudyDescription="CT CHEST", StudyDate="20260105")
    second = make_study(tmp_path / "second", 1, PatientID="88", StudyDescription="CT HEAD", StudyDate="20260301")
    _send(county, first, "T01_CT")
    _send(county, second, "T02_CT")
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "patients")
        manager = county.log_in("manager")
        wait_until(lambda: manager.get("/api/v1/patients/candidates")["items"], 60, "the machine to propose")
        page.reload()
        candidate = page.get_by_test_id("candidate")
        candidate.wait_for(timeout=_PATIENCE_MS)
        assert "姓名相同" in candidate.inner_text()
        page.get_by_test_id("patient-search").fill("zhangsan")
        page.get_by_test_id("patient-find").click()
        page.get_by_test_id("patient-row").nth(1).wait_for()
        page.screenshot(path=tmp_path / "patients-zh.png")
        for place in (0, 1):
            page.get_by_test_id("patient-pick").nth(place).click()
        page.get_by_test_id("merge-panel").wait_for()
        page.get_by_test_id("merge-reason").fill("身份证核对一致")
        page.screenshot(path=tmp_path / "merge-zh.png")
        page.get_by_test_id("lang-switch").click()
        page.screenshot(path=tmp_path / "merge-en.png")
        page.get_by_test_id("lang-switch").click()
        page.get_by_test_id("merge-confirm").click()
        page.get_by_test_id("person-row").nth(1).wait_for()
        page.screenshot(path=tmp_path / "person-zh.png")
        _reader_sees_the_prior(county, browser, second[0], tmp_path)
        page.get_by_test_id("merge-undo").click()
        page.get_by_test_id("dialog-reason").fill("认错了人")
        page.get_by_test_id("confirm-ok").click()
        wait_until(lambda: manager.get("/api/v1/patients/candidates")["items"], 30, "the pair to be open again")
        page.get_by_test_id("candidate").first.wait_for()
        assert page.get_by_test_id("person-row").count() == 1
        assert not observed.problems


def _reader_sees_the_prior(county: RunningCounty, browser: ChromiumBrowser, file: Path, folder: Path) -> None:
    reader = county.log_in("radiologist")
    wait_until(lambda: len(reader.tasks()) == 2, 60, "two cases")
    task = next(task for task in reader.tasks() if task["study_instance_uid"] == study_uid(file))
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "radiologist")
        page.get_by_test_id("task-row").first.wait_for(timeout=_PATIENCE_MS)
        page.goto(f"{county.url}/#/read/{task['id']}?look")
        page.get_by_test_id("prior").wait_for(timeout=_PATIENCE_MS)
        assert "CT CHEST" in page.get_by_test_id("prior").inner_text()
        page.screenshot(path=folder / "priors-zh.png")
        assert not observed.problems
