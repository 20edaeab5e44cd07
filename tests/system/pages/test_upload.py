"""A clinic uploads a disc in a real browser, and its study stands in its list."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page

from tests.functional.gateway.studies import make_study
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, RunningCounty

_PATIENCE_MS = 90_000


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _disc(folder: Path) -> list[Path]:
    """A study as a ZIP with a note in it, a single image of another, one cut off, and a PDF."""
    images = make_study(folder / "disc", 12)
    with zipfile.ZipFile(folder / "光盘.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for image in images:
            archive.write(image, f"IMAGES/{image.name}")
        archive.writestr("autorun.inf", "[autorun]")
    (single,) = make_study(folder / "single", 1)
    cut = folder / "拷贝中断.dcm"
    cut.write_bytes(single.read_bytes()[:-500])
    pdf = folder / "说明.pdf"
    pdf.write_bytes(b"%PDF-1.4 a manual")
    return [folder / "光盘.zip", single, cut, pdf]


def test_a_clinic_uploads_a_disc(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    files = _disc(tmp_path)
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "clinic01")
        open_from_menu(page, "upload")
        page.get_by_test_id("upload-files").set_input_files(files)
        page.locator('[data-testid="upload-outcome"][data-stored="13"]').wait_for(timeout=_PATIENCE_MS)
        rows = page.get_by_test_id("upload-row").all_inner_texts()
        assert len(rows) == 4
        asides = page.get_by_test_id("upload-aside").all_inner_texts()
        assert len(asides) == 3
        assert "文件不完整" in "".join(asides)
        page.screenshot(path=tmp_path / "zh.png")
        page.get_by_test_id("lang-switch").click()
        page.get_by_text("Not a DICOM image").first.wait_for()
        page.screenshot(path=tmp_path / "en.png")
        assert not observed.problems
    clinic = county.log_in("clinic01")
    assert sorted(study["instances"] for study in clinic.get("/api/v1/studies")["items"]) == [1, 12]
    assert county.log_in("clinic02").get("/api/v1/studies")["items"] == []
    _pause_cancel_and_go_on(county, browser, tmp_path)


def _pause_cancel_and_go_on(county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path) -> None:
    """A manager, for a clinic that he names."""
    files = make_study(tmp_path / "study", 8, kilobytes=400)
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "upload")
        page.get_by_test_id("upload-files").set_input_files(files)
        assert page.get_by_test_id("upload-row").count() == 0, "nobody has said whose images these are"
        page.locator('[data-testid="upload-institution"] option[value="t02"]').wait_for(state="attached")
        page.get_by_test_id("upload-institution").select_option("t02")
        _slow_line(page)
        page.get_by_test_id("upload-files").set_input_files(files)
        page.get_by_test_id("upload-pause").click()
        page.locator('[data-testid="upload-row"][data-state="sending"]').first.wait_for(state="detached")
        page.screenshot(path=tmp_path / "paused.png")
        page.locator('[data-testid="upload-row"] button').first.click()
        page.locator('[data-testid="upload-row"][data-state="cancelled"]').wait_for()
        page.unroute_all()
        page.get_by_test_id("upload-pause").click()
        page.locator('[data-testid="upload-outcome"][data-stored="7"]').wait_for(timeout=_PATIENCE_MS)
    clinic = county.log_in("clinic02")
    wait_until(lambda: [one["instances"] for one in clinic.get("/api/v1/studies")["items"]] == [7], 30, "the study")


def _slow_line(page: Page) -> None:
    """Files do not arrive until the line is good again."""
    page.route("**/api/v1/uploads/*/files/*", lambda _route: None)
