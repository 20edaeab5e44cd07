"""The boards in a real browser: the manager's lives, the wall names nobody, the regulator gives a reason, a clinic has a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, open_from_menu
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, RunningCounty, embedded_county
from tests.system.studies import study_uid

_PATIENCE_MS = 60_000
_PHONE = {"width": 390, "height": 844}
_NAMES = ("ZHANG", "ZHANG SAN")
_REPORT = {"findings": "两肺纹理清晰，未见实变影。", "impression": "胸部未见异常。", "positive": False}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    """One county for all of them, with a signed study."""
    folder = tmp_path_factory.mktemp("boards")
    with embedded_county(folder) as running:
        _sign(running, _sent(running, folder / "signed", StudyDescription="CT CHEST"))
        yield running


def _sent(county: RunningCounty, folder: Path, **more: str) -> int:
    """The task of a study that a clinic has pushed."""
    files = make_study(folder, 1, **more)
    sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
    assert sent.ok, sent.output
    uid, manager = study_uid(files[0]), county.log_in("manager")
    mine = wait_until(
        lambda: [one for one in manager.tasks() if one["study_instance_uid"] == uid], 60, "a task of the study"
    )
    return int(mine[0]["id"])


def _sign(county: RunningCounty, task_id: int) -> None:
    for username, step in (("radiologist", "submit"), ("auditor", "sign")):
        person = county.log_in(username)
        token = person.post(f"/api/v1/tasks/{task_id}/claim")["lease_token"]
        person.post(f"/api/v1/tasks/{task_id}/{step}", {"lease_token": token, "report": _REPORT})


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def test_the_board_lives_and_a_case_is_assigned_from_it(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "manager")
        open_from_menu(page, "board")
        page.get_by_test_id("board-classes").wait_for(timeout=_PATIENCE_MS)
        task_id = _sent(county, tmp_path / "ct", StudyDescription="CT HEAD")
        row = page.locator(f'[data-testid="board-task"][data-task-id="{task_id}"]')
        row.wait_for(timeout=_PATIENCE_MS)
        row.get_by_test_id("board-assign").click()
        page.get_by_test_id("dialog-reader").select_option("radiologist")
        page.get_by_test_id("confirm-ok").click()
        page.locator(f'[data-task-id="{task_id}"][data-state="assigned"]').wait_for(timeout=_PATIENCE_MS)
        page.screenshot(path=tmp_path / "board.png")
        assert not observed.problems


def test_a_wall_shows_figures_and_no_name_until_its_link_is_revoked(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    made = county.log_in("admin").post("/api/v1/admin/walls", {"name": "大屏"})
    _sent(county, tmp_path / "ct", StudyDescription="CT SPINE")
    answers: list[str] = []
    with browser.open(f"{county.url}{made['path']}", width=1920, height=1080) as observed:
        page = observed.page
        page.on("response", lambda one: answers.append(one.text()) if "/api/" in one.url else None)
        page.get_by_test_id("wall").wait_for(timeout=_PATIENCE_MS)
        page.get_by_test_id("wall-clock").wait_for()
        page.reload()
        page.get_by_test_id("wall").wait_for(timeout=_PATIENCE_MS)
        wait_until(lambda: page.wait_for_timeout(50) or answers, 30, "an answer to look into")
        assert not [name for name in _NAMES for text in (*answers, page.content()) if name in text]
        assert page.get_by_test_id("login-username").count() == 0
        page.screenshot(path=tmp_path / "wall.png")
        assert not observed.problems
        county.log_in("admin").post(f"/api/v1/admin/walls/{made['wall']['id']}/revoke")
        page.reload()
        page.get_by_test_id("wall-ended").wait_for(timeout=_PATIENCE_MS)
        assert page.get_by_test_id("wall").count() == 0


def test_the_regulator_sees_cases_for_a_reason_alone(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path
) -> None:
    with browser.open(county.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "regulator")
        page.locator('[data-testid="indicator"][data-code="RQI-RWS-03"]').click(timeout=_PATIENCE_MS)
        page.get_by_test_id("indicator-cases").click()
        page.get_by_test_id("confirm-ok").click()
        assert page.get_by_test_id("indicator-list").count() == 0
        page.get_by_test_id("dialog-reason").fill("季度抽查")
        page.get_by_test_id("confirm-ok").click()
        page.get_by_test_id("indicator-case").first.wait_for(timeout=_PATIENCE_MS)
        shown = page.get_by_test_id("indicator-list").inner_text()
        assert "季度抽查" in shown
        assert "**" in shown
        assert not [name for name in _NAMES if name in shown]
        page.screenshot(path=tmp_path / "indicators.png")
        assert not observed.problems


@pytest.mark.parametrize(
    "name", ["clinic", "order", "statistics", "settlement", "results", "upload", "critical", "quality", "notices"]
)
def test_a_clinics_page_fits_a_phone(
    county: RunningCounty, browser: ChromiumBrowser, tmp_path: Path, name: str
) -> None:
    with browser.open(f"{county.url}/#/{name}", **_PHONE) as observed:
        page = observed.page
        _log_in(page, "clinic01")
        page.locator(f"{name}-page").wait_for(timeout=_PATIENCE_MS)
        page.wait_for_load_state("load")
        width = page.evaluate(
            "Math.max(document.documentElement.scrollWidth, document.querySelector('county-reading').shadowRoot.querySelector('main').scrollWidth)"
        )
        page.screenshot(path=tmp_path / f"{name}.png")
        assert width <= _PHONE["width"], f"{name} is {width} pixels wide"
        assert not observed.problems
