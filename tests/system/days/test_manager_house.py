"""A manager's day with the house: a new clinic and its doctor, devices, and a template for everybody."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.system.days.exams import Patient, make_exam, pushed
from tests.system.days.people import PATIENCE_MS, goes_to, screen_of

_NEW_PASSWORD = "Qing-xi-2026-xin"


def _send(county: RunningCounty, files: list[Path], calling: str) -> dcmtk.ToolResult:
    return dcmtk.send(county.settings.dicom.port, files, calling=calling, called=county.settings.ae_title)


def test_an_unknown_ct_is_let_in_with_one_click_and_kept_to_its_network(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    files = make_study(tmp_path / "study", 2)
    assert "Association Rejected" in _send(county, files, "T03_CT2").output
    with screen_of("manager", county, browser, refused=422) as page:
        open_from_menu(page, "devices")
        caller = page.locator('[data-testid="caller-row"][data-ae="T03_CT2"]')
        expect(caller).to_contain_text("未登记", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "callers.png")
        caller.get_by_test_id("caller-accept").click()
        row = page.locator('[data-testid="device-row"][data-ae="T03_CT2"]')
        row.wait_for(timeout=PATIENCE_MS)
        assert _send(county, files, "T03_CT2").ok
        expect(row).to_contain_text("2", timeout=PATIENCE_MS)

        row.get_by_test_id("device-edit").click()
        page.get_by_test_id("dialog-networks").fill("10.3.0.0/16\n192.168.3.7")
        page.get_by_test_id("dialog-name").fill("三号院新CT")
        page.screenshot(path=tmp_path / "edit.png")
        page.get_by_test_id("confirm-ok").click()
        expect(row).to_contain_text("三号院新CT", timeout=PATIENCE_MS)
        wait_until(lambda: not _echo(county, "T03_CT2"), 30, "the gateway to follow")
        expect(row.get_by_test_id("device-problems")).to_contain_text("来自未允许的地址", timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "refused.png")

        row.get_by_test_id("device-edit").click()
        page.get_by_test_id("dialog-networks").fill("nowhere")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_text("请填写地址或网段").first.wait_for(timeout=PATIENCE_MS)
        page.screenshot(path=tmp_path / "wrong.png")
        assert page.get_by_test_id("dialog-networks").input_value() == "nowhere", "what was typed is not lost"
        page.get_by_test_id("confirm-cancel").click()
        page.get_by_test_id("lang-switch").click()
        expect(row.get_by_test_id("device-problems")).to_contain_text("came from another address")
        page.screenshot(path=tmp_path / "en.png")
        assert _is_within_the_window(page)
        page.get_by_test_id("lang-switch").click()


def _echo(county: RunningCounty, calling: str) -> bool:
    return dcmtk.echo(county.settings.dicom.port, calling=calling, called=county.settings.ae_title).ok


def _is_within_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_device_is_added_by_hand(county: RunningCounty, browser: ChromiumBrowser) -> None:
    with screen_of("manager", county, browser, refused=422) as page:
        open_from_menu(page, "devices")
        page.get_by_test_id("device-add").click()
        page.get_by_test_id("dialog-ae_title").fill("T05_MG")
        page.get_by_test_id("dialog-institution").select_option("t05")
        page.get_by_test_id("dialog-modality").select_option("MG")
        page.get_by_test_id("confirm-ok").click()
        page.locator('[data-testid="device-row"][data-ae="T05_MG"]').wait_for(timeout=PATIENCE_MS)
        assert _echo(county, "T05_MG")


def test_a_clinic_joins_and_its_doctor_logs_in(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    with screen_of("manager", county, browser) as page:
        open_from_menu(page, "institutions")
        page.get_by_test_id("institution-add").click()
        for name, value in {"code": "t16", "name": "云岭乡卫生院", "phone": "0571-88000016"}.items():
            page.get_by_test_id(f"dialog-{name}").fill(value)
        page.get_by_test_id("confirm-ok").click()
        page.locator('tr[data-code="t16"]').wait_for()
        open_from_menu(page, "users")
        page.get_by_test_id("user-add").click()
        for name, value in {"username": "clinic16", "name": "何春梅", "title": "医师"}.items():
            page.get_by_test_id(f"dialog-{name}").fill(value)
        page.get_by_test_id("dialog-role").select_option("clinic")
        page.get_by_test_id("dialog-institution").select_option("t16")
        page.screenshot(path=tmp_path / "user.png")
        page.get_by_test_id("confirm-ok").click()
        secret = page.get_by_test_id("dialog-secret")
        expect(secret).not_to_have_value("")
        password = secret.input_value()
        page.get_by_test_id("confirm-ok").click()
        page.locator('[data-testid="user"][data-username="clinic16"]').wait_for()
    with screen_of("clinic16", county, browser, password=password) as page:
        form = page.get_by_test_id("password")
        for name, value in {"password": password, "next": _NEW_PASSWORD, "again": _NEW_PASSWORD}.items():
            form.locator(f"input[name={name}]").fill(value)
        page.keyboard.press("Enter")
        page.get_by_test_id("unread-results").wait_for()
        assert page.get_by_test_id("clinic-study-row").count() == 0, "nothing of other clinics"


def test_a_template_of_the_county_is_what_readers_are_offered(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "ct", Patient("20250017", "王建军"), images=2))
    with screen_of("manager", county, browser) as page:
        open_from_menu(page, "templates")
        rows = page.get_by_test_id("template-row").filter(has_text="头颅CT平扫")
        rows.first.get_by_test_id("template-copy").click()
        page.get_by_test_id("confirm-ok").click()
        rows.filter(has_text="全县").get_by_test_id("template-open").click()
        page.get_by_test_id("title-zh").fill("清溪县头颅CT")
        page.get_by_test_id("template-save").click()
        page.get_by_test_id("template-row").filter(has_text="清溪县头颅CT").wait_for()
    with screen_of("radiologist", county, browser) as page:
        page.locator(f'[data-testid="task-row"][data-study-uid="{exam.uid}"]').wait_for()
        goes_to(page, f"read/{exam.task}")
        page.get_by_test_id("report-findings").wait_for()
        expect(page.get_by_test_id("template-normal")).to_contain_text("清溪县头颅CT")
        page.keyboard.press("F4")
        page.get_by_test_id("template-option").filter(has_text="清溪县头颅CT").wait_for()
