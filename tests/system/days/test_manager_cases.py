"""A manager's day with cases: the board and the wall, a conflict at the desk, two registrations of one person."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.system.days.exams import Exam, Patient, make_exam, pushed
from tests.system.days.people import goes_to, screen_of, wait_on
from tests.system.studies import study_uid

_WANG = Patient("20250017", "王建军")
_WU = {"PatientID": "0201", "PatientName": "WU^LIU", "PatientSex": "F", "PatientBirthDate": "19720308"}
_WU_AGAIN = {**_WU, "PatientID": "88"}
_LI = {"PatientID": "0077", "PatientName": "LI^SI", "PatientSex": "F", "PatientBirthDate": "19800101"}


def _send(county: RunningCounty, files: list[Path], calling: str) -> None:
    sent = dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)
    assert sent.ok, sent.output


def test_a_case_is_moved_from_the_board_and_the_wall_names_nobody(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    with screen_of("manager", county, browser) as page:
        open_from_menu(page, "board")
        page.get_by_test_id("board-classes").wait_for()
        exam = pushed(county, make_exam(shared_data, tmp_path / "ct", _WANG, images=2))
        row = page.locator(f'[data-testid="board-task"][data-task-id="{exam.task}"]')
        row.get_by_test_id("board-prioritise").click()
        page.get_by_test_id("dialog-priority").select_option("P1")
        page.get_by_test_id("dialog-reason").fill("门诊催促")
        page.get_by_test_id("confirm-ok").click()
        expect(row).to_contain_text("急")
        row.get_by_test_id("board-assign").click()
        page.get_by_test_id("dialog-reader").select_option("radiologist")
        page.get_by_test_id("confirm-ok").click()
        page.locator(f'[data-task-id="{exam.task}"][data-state="assigned"]').wait_for()
        expect(row).to_contain_text("林晓岚")
        mine = county.log_in("radiologist").get(f"/api/v1/tasks/{exam.task}")
        assert (mine["priority"], mine["kept_for"]) == ("P1", "radiologist")
        _hangs_a_wall(county, browser, page, tmp_path)
    _is_the_readers(county, browser, exam)


def _is_the_readers(county: RunningCounty, browser: ChromiumBrowser, exam: Exam) -> None:
    """Who it was given to is given it next."""
    with screen_of("radiologist", county, browser) as page:
        page.locator(f'[data-testid="task-row"][data-study-uid="{exam.uid}"]').wait_for()
        page.keyboard.press("n")
        page.wait_for_url(f"**/read/{exam.task}")
        page.get_by_test_id("report-findings").wait_for()
        page.keyboard.press("Alt+l")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("worklist").wait_for()


def _hangs_a_wall(county: RunningCounty, browser: ChromiumBrowser, page: Page, folder: Path) -> None:
    page.get_by_test_id("board-walls").click()
    page.get_by_test_id("wall-make").click()
    page.get_by_test_id("dialog-name").fill("候诊大厅")
    page.get_by_test_id("confirm-ok").click()
    link = page.get_by_test_id("dialog-secret")
    wait_on(page, lambda: "wall" in link.input_value(), "the link, which is shown once")
    address = link.input_value()
    page.get_by_test_id("confirm-ok").click()
    told: list[str] = []
    with browser.open(address, width=1920, height=1080) as observed:
        wall = observed.page
        wall.on("response", lambda one: told.append(one.text()) if "/api/" in one.url else None)
        wall.get_by_test_id("wall-clock").wait_for()
        wall.reload()
        wall.get_by_test_id("wall").wait_for()
        wait_on(wall, lambda: told, "an answer to look into")
        wall.screenshot(path=folder / "wall.png")
        assert not [text for text in (*told, wall.content()) if _WANG.name in text or _WANG.id in text]
        assert not observed.problems
        page.get_by_test_id("wall-revoke").click()
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("wall-revoke").wait_for(state="detached")
        wall.reload()
        wall.get_by_test_id("wall-ended").wait_for()
        assert wall.get_by_test_id("wall").count() == 0


def test_a_conflict_is_decided_on_at_the_desk(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    ours = make_study(tmp_path / "ours", 2, StudyDescription="CT HEAD")
    _send(county, ours, "T01_CT")
    _send(county, make_study(tmp_path / "theirs", 2, StudyInstanceUID=study_uid(ours[0]), **_LI), "T01_CT")
    with screen_of("manager", county, browser) as page:
        open_from_menu(page, "quarantine")
        rows = page.get_by_test_id("quarantine-row")
        rows.nth(1).wait_for()
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
        page.get_by_text("隔离区是空的").wait_for()
    person = county.log_in("manager")
    wait_until(lambda: person.get(f"/api/v1/studies/{study_uid(ours[0])}")["instances"] == 4, 60, "four images")


def _clinic_is_asked(county: RunningCounty, browser: ChromiumBrowser, folder: Path) -> None:
    with screen_of("clinic01", county, browser) as page:
        request = page.get_by_test_id("resend-request")
        request.wait_for()
        assert "姓名与申请单不符" in request.inner_text()
        page.screenshot(path=folder / "clinic-zh.png")


def test_two_registrations_become_one_person_and_apart_again(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    first = make_study(tmp_path / "first", 1, StudyDescription="CT CHEST", StudyDate="20250105", **_WU)
    second = make_study(tmp_path / "second", 1, StudyDescription="CT HEAD", StudyDate="20250301", **_WU_AGAIN)
    _send(county, first, "T01_CT")
    _send(county, second, "T02_CT")
    with screen_of("manager", county, browser) as page:
        open_from_menu(page, "patients")
        manager = county.log_in("manager")
        wait_until(lambda: manager.get("/api/v1/patients/candidates")["items"], 60, "the machine to propose")
        page.reload()
        candidate = page.get_by_test_id("candidate")
        candidate.wait_for()
        assert "姓名相同" in candidate.inner_text()
        page.get_by_test_id("patient-search").fill("wuliu")
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


def _reader_sees_the_prior(county: RunningCounty, browser: ChromiumBrowser, file: Path, folder: Path) -> None:
    reader, uid = county.log_in("radiologist"), study_uid(file)
    task = wait_until(
        lambda: next((one for one in reader.tasks() if one["study_instance_uid"] == uid), None), 60, "the case"
    )
    with screen_of("radiologist", county, browser) as page:
        page.get_by_test_id("task-row").first.wait_for()
        goes_to(page, f"read/{task['id']}?look")
        page.get_by_test_id("prior").wait_for()
        assert "CT CHEST" in page.get_by_test_id("prior").inner_text()
        page.screenshot(path=folder / "priors-zh.png")
