"""A radiologist's day: from case to case by keys, with a prior, a measurement, a critical value, a question and a retake."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, Person, RunningCounty
from tests.system.days.exams import Exam, Patient, make_exam, pushed, read_and_signed
from tests.system.days.people import PATIENCE_MS, SHOWN, audited, drag, goes_to, screen_of, task_on, wait_on

_WANG = Patient("20240017", "王建军")
_ZHAO = Patient("20260302", "赵桂英", "F", "19660712")
_QIAN = Patient("20260303", "钱大明", "M", "19790101")
_BEFORE = "左侧基底节区小片状低密度影。"
_FOCUS = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.dataset.testid ?? at.className;
}"""
_NO_LINE = ("Failed to fetch", "XMLHttpRequest")
"""What the browser says of requests without a line."""


@dataclass(frozen=True)
class Morning:
    """A head CT of the year before, read and signed, one of today, and two of other people that are due after it."""

    before: Exam
    today: Exam
    second: Exam
    third: Exam


@pytest.fixture(scope="module")
def morning(county: ForkedCounty, shared_data: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    folder = tmp_path_factory.mktemp("ct")

    def exam(name: str, patient: Patient, date: str, images: int = 99) -> Exam:
        tags = {"StudyDate": date, "StudyTime": "080000", "StudyDescription": "头颅CT平扫"}
        return pushed(county, make_exam(shared_data, folder / name, patient, images=images, **tags))

    before = exam("before", _WANG, "20240301")
    read_and_signed(county, before, findings=_BEFORE, impression="左侧基底节区腔隙性脑梗死。", positive=True)
    others = ((_ZHAO, "20250302"), (_QIAN, "20250303"))
    return Morning(before, exam("today", _WANG, "20250301"), *(exam(who.id, who, date, 3) for who, date in others))


def _next(page: Page) -> int:
    """Takes the next case by its key."""
    page.get_by_test_id("task-row").first.wait_for()
    page.keyboard.press("n")
    page.get_by_test_id("report-findings").wait_for()
    page.locator(SHOWN).first.wait_for()
    return task_on(page)


def _focus(page: Page) -> str:
    """What has the keyboard, shadow roots looked through."""
    found: str = page.evaluate(_FOCUS)
    return found


def _draft(person: Person, task: int) -> dict[str, Any]:
    return person.get(f"/api/v1/tasks/{task}")["draft"] or {}


def _headers_of(asked: list[str], exam: Exam) -> list[str]:
    return [url for url in asked if f"/studies/{exam.uid}/" in url and url.endswith("/metadata")]


def _preferences(person: Person) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in person.get("/api/v1/preferences")["items"]}


def test_cases_are_read_asked_about_and_sent_back_by_keys(
    county: RunningCounty,
    browser: ChromiumBrowser,
    morning: Morning,
) -> None:
    today, second, third = morning.today, morning.second, morning.third
    reader, clinic = county.log_in("radiologist"), county.log_in("clinic01")
    with screen_of("radiologist", county, browser) as page:
        asked: list[str] = []
        page.on("requestfinished", lambda request: asked.append(request.url))
        assert _next(page) == today.task
        assert _focus(page) == "images"
        _compares_with_the_prior(page, morning.before)
        _measures_into_the_report(page, reader, today)
        _raises_a_critical_value(page)
        _looks_at_the_queue(page, reader)
        page.keyboard.press("Alt+r")
        page.keyboard.press("Control+End")
        page.keyboard.type("右侧基底节区见团状高密度影。")
        page.keyboard.press("Tab")
        page.keyboard.type("右侧基底节区急性脑出血。")
        page.get_by_test_id("report-positive-yes").focus()
        page.keyboard.press("Space")
        wait_on(page, lambda: _headers_of(asked, second), "the next case to be asked for early")
        page.get_by_test_id("check-fine").wait_for()
        page.keyboard.press("Alt+2")
        page.get_by_test_id("grade-reason-motion").click()
        page.keyboard.press("Control+Enter")
        _is_at(page, second, after=today)
        assert len(_headers_of(asked, second)) == 1, "what was asked for early is not asked for again"
        assert page.get_by_test_id("report-findings").input_value() == "", "nothing of the patient before"
        page.keyboard.press("Alt+a")
        page.get_by_test_id("dialog-question").fill("有无外伤史？")
        page.keyboard.press("Control+Enter")
        _is_at(page, third, after=second)
        page.get_by_test_id("mark-rectangle").click()
        drag(page, page.get_by_test_id("viewport").first, (0.4, 0.4), (0.6, 0.6))
        page.keyboard.press("Alt+t")
        page.get_by_test_id("dialog-reason").fill("运动伪影，颅底显示不清")
        page.keyboard.press("Control+Enter")
        page.get_by_test_id("worklist").wait_for()
    _the_clinic_sees(clinic, today, second, third)
    assert reader.get(f"/api/v1/tasks/{today.task}")["state"] == "drafted"
    grades = reader.get(f"/api/v1/tasks/{today.task}/grade")["items"]
    assert [(one["step"], one["grade"], one["reasons"]) for one in grades] == [("read", "B", ["motion"])]
    looked = audited(county, who="radiologist", study=today.uid)
    assert {"study_opened"} <= {str(line["action"]) for line in looked}


def _compares_with_the_prior(page: Page, before: Exam) -> None:
    page.keyboard.press("Shift+P")
    beside = page.locator('[data-testid="stage-cell"][data-prior="true"]')
    beside.locator(SHOWN).wait_for()
    assert "2024" in beside.get_by_test_id("cell-label").inner_text()
    beside.get_by_test_id("prior-report-open").click()
    page.get_by_test_id("prior-report-words").get_by_text(_BEFORE).wait_for()
    beside.get_by_test_id("prior-report-open").click()
    prior = page.get_by_test_id("prior")
    assert prior.get_attribute("data-study-uid") == before.uid
    page.keyboard.press("n")
    page.keyboard.press("Shift+Digit1")
    wait_on(page, lambda: page.get_by_test_id("stage-cell").count() == 1, "the images of today alone")


def _measures_into_the_report(page: Page, reader: Person, exam: Exam) -> None:
    page.locator(SHOWN).first.wait_for()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("l")
    drag(page, page.get_by_test_id("viewport").first, (0.4, 0.5), (0.55, 0.5))
    kept = wait_until(lambda: reader.get(f"/api/v1/studies/{exam.uid}/measurements")["items"], 60, "the length")
    words = f"{kept[0]['figures'][0]['value']:.1f} mm"
    page.get_by_test_id("measurement").filter(has_text=words).wait_for()
    page.keyboard.press("m")
    findings = page.get_by_test_id("report-findings")
    wait_on(page, lambda: words in findings.input_value(), "the measurement in the report")


def _raises_a_critical_value(page: Page) -> None:
    page.get_by_test_id("critical-open").click()
    page.get_by_test_id("critical-search").fill("脑出血")
    page.locator('[data-code="RAD-ICH"]').wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("右侧基底节区急性脑出血，约20毫升")
    page.get_by_test_id("critical-raise").click()
    page.get_by_test_id("critical-words").wait_for(state="hidden")


def _looks_at_the_queue(page: Page, reader: Person) -> None:
    page.locator(".images").first.focus()
    page.keyboard.press("Alt+q")
    page.get_by_test_id("queue-row").nth(1).wait_for()
    wait_on(page, lambda: _focus(page) == "queue-row", "the queue to have the keyboard")
    wait_on(page, lambda: _preferences(reader).get("reading.queue") is True, "the open queue to be remembered")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert _focus(page) == "images"
    page.keyboard.press("F1")
    page.get_by_role("dialog").get_by_text("放下这一例，打开下一例").wait_for()
    page.keyboard.press("Escape")


def _is_at(page: Page, exam: Exam, *, after: Exam) -> None:
    page.wait_for_url(lambda url: f"/read/{after.task}" not in url and "/read/" in url, timeout=PATIENCE_MS)
    assert task_on(page) == exam.task
    page.get_by_test_id("report-findings").wait_for()
    page.locator(SHOWN).first.wait_for()
    page.wait_for_function("() => performance.getEntriesByName('countyread-next-case').length > 0")
    assert _focus(page) == "images"


def _the_clinic_sees(clinic: Person, today: Exam, asked: Exam, sent_back: Exam) -> None:
    (critical,) = clinic.get("/api/v1/critical-cases", study=today.uid)["items"]
    assert (critical["code"], critical["finding"]) == ("RAD-ICH", "右侧基底节区急性脑出血，约20毫升")
    question = clinic.get(f"/api/v1/studies/{asked.uid}")["request"]
    assert (question["kind"], question["text"]) == ("ask", "有无外伤史？")
    retake = clinic.get(f"/api/v1/studies/{sent_back.uid}")["request"]
    assert (retake["kind"], retake["text"]) == ("return", "运动伪影，颅底显示不清")
    assert retake["marked"]["shape"] == "rectangle"
    assert retake["marked"]["sop_instance_uid"]


def test_a_second_screen_follows_and_closes_with_the_session(
    county: RunningCounty, browser: ChromiumBrowser, morning: Morning
) -> None:
    with screen_of("radiologist", county, browser) as page:
        page.get_by_test_id("worklist").wait_for()
        goes_to(page, f"read/{morning.today.task}?look")
        images = int(page.locator(SHOWN).first.get_attribute("data-image-count") or 0)
        with page.expect_popup() as opened:
            page.keyboard.press("u")
        mirrored = opened.value.get_by_test_id("viewport").first
        mirrored.wait_for(timeout=PATIENCE_MS)
        page.keyboard.press("End")
        wait_on(page, lambda: mirrored.get_attribute("data-image-index") == str(images - 1), "the screen to follow")
        with opened.value.expect_event("close", timeout=PATIENCE_MS):
            page.get_by_test_id("logout").click()


def test_nothing_is_lost_when_the_line_is_lost_while_somebody_writes(
    county: RunningCounty, browser: ChromiumBrowser, shared_data: Path | None, tmp_path: Path
) -> None:
    exam = pushed(county, make_exam(shared_data, tmp_path / "dx", _ZHAO, "DX", images=1), "T01_DR")
    auditor = county.log_in("auditor")
    with browser.open(county.url, width=1366, height=768) as observed:
        page, line = observed.page, observed.page.context
        page.set_default_timeout(PATIENCE_MS)
        page.get_by_test_id("login-username").fill("radiologist")
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.keyboard.press("Enter")
        assert _next(page) == exam.task
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        line.set_offline(True)
        page.keyboard.press("Alt+r")
        page.keyboard.type("断线时写的所见。")
        page.locator('[data-testid="saved-indicator"][data-state="failed"]').wait_for()
        page.get_by_test_id("connection-lost").wait_for()
        line.set_offline(False)
        page.locator('[data-testid="saved-indicator"][data-state="saved"]').wait_for()
        page.get_by_test_id("connection-lost").wait_for(state="detached")
        assert _draft(auditor, exam.task)["findings"] == "断线时写的所见。"
        line.set_offline(True)
        page.keyboard.type("又写了一句。")
        page.locator('[data-testid="saved-indicator"][data-state="failed"]').wait_for()
        _reload_without_a_line(page, county.url)
        line.set_offline(False)
        page.get_by_test_id("unsent-draft").click()
        page.get_by_test_id("local-copy-changes").click()
        assert "又写了一句" in page.get_by_test_id("local-copy").inner_text()
        page.get_by_test_id("local-copy-use").click()
        page.locator('[data-testid="saved-indicator"][data-state="saved"]').wait_for()
        assert not [one for one in observed.problems if one.startswith("uncaught") and not one.endswith(_NO_LINE)]
    assert _draft(auditor, exam.task)["findings"] == "断线时写的所见。又写了一句。"


def _reload_without_a_line(page: Page, url: str) -> None:
    """The application comes from this PC, with the list as it was seen last and nothing else of patients."""
    page.goto(f"{url}/#/worklist")
    answer = page.reload()
    assert answer is not None
    assert answer.from_service_worker
    page.get_by_test_id("old-list").wait_for()
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"
    )
    assert kept
    assert not [path for path in kept if path.startswith(("/api", "/dicomweb"))]
