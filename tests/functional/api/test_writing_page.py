"""A reader at the keyboard, in a real browser: template, field, phrase, input method, undo, submission."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from storage.db.models import Draft
from storage.db.session import Database
from storage.domain.clock import ManualClock
from tests.functional.api.township import PASSWORD, Township, running, settings_in
from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.unit.reading_queue.county import County
from tests.worlds import learned_engine

_PATIENCE_MS = 60_000


@pytest.fixture
def today(tmp_path: Path, empty_county: Path) -> Iterator[Township]:
    """A county whose clock shows what the browser's does."""
    settings = settings_in(tmp_path)
    shutil.copyfile(empty_county, tmp_path / empty_county.name)
    engine = learned_engine(settings.database_url)
    clock = ManualClock(datetime.now(UTC))
    try:
        with running(County(Database(engine, clock), clock), settings) as served:
            yield served
    finally:
        engine.dispose()


def log_in(page: Page, username: str) -> None:
    page.set_default_timeout(_PATIENCE_MS)
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.locator("worklist-page").wait_for()


def says(field: Locator, words: str) -> None:
    wait_until(lambda: field.input_value() == words, 30, f"the report to say {words}; it says {field.input_value()}")


def test_a_report_is_written_at_the_keyboard(today: Township, browser: ChromiumBrowser) -> None:
    task = today.county.task(modality="DX")
    with browser.open(today.url, width=1366, height=768) as observed:
        page = observed.page
        log_in(page, "radiologist")
        page.goto(f"{today.url}/#/read/{task.id}")
        page.get_by_test_id("template-normal").wait_for()
        page.keyboard.press("F4")
        page.keyboard.type("胸部")
        page.keyboard.press("Enter")
        page.get_by_test_id("structured-form").wait_for()
        findings, impression = page.get_by_test_id("report-findings"), page.get_by_test_id("report-impression")
        says(impression, "心、肺、膈未见明确异常。")
        page.locator("select[name=heart]").select_option("enlarged")
        says(impression, "心影增大。")
        impression.focus()
        page.keyboard.press("Control+End")
        page.keyboard.press("Enter")
        _through_an_input_method(page)
        page.keyboard.type("jyct")
        page.get_by_test_id("phrase-popup").wait_for()
        page.keyboard.press("Enter")
        says(impression, "心影增大。\n请结合临床。建议CT进一步检查。")
        findings.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("手")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        says(impression, "心影增大。\n请结合临床。jyct")
        page.keyboard.press("Control+y")
        says(impression, "心影增大。\n请结合临床。建议CT进一步检查。")
        page.get_by_test_id("report-submit").click()
        wait_until(lambda: today.county.reload(task).state == "drafted", 30, "the report to be submitted")
        assert not observed.problems
    with today.database.read() as work:
        draft = work.session.get_one(Draft, task.id)
    assert draft.structure is not None
    assert (draft.structure["template"], draft.structure["values"]) == ("chest-dr", {"heart": "enlarged"})
    assert (draft.positive, "心影增大" in draft.findings) == (True, True)


def _through_an_input_method(page: Page) -> None:
    """What an input method shows while it is at work calls up no phrases."""
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "jy", "selectionStart": 2, "selectionEnd": 2})
    assert page.get_by_test_id("phrase-popup").count() == 0
    session.send("Input.insertText", {"text": "请结合临床。"})
    assert page.get_by_test_id("phrase-popup").count() == 0
