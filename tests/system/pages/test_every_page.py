"""Every page of every role in a real browser, in both languages: it is whole, it fits, and people who cannot see it can use it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser, ObservedPage
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, ForkedCounty, RunningCounty, embedded_county
from tests.system.pages.every_page import (
    ADDRESSES,
    HEIGHT,
    OPEN_TO_ALL,
    WIDTH,
    Traffic,
    all_pages,
    element_of,
    faults,
    pages_of_roles,
)
from tests.system.pages.stage_studies import ball_study
from tests.system.studies import ecg, study_uid

_PATIENCE_MS = 60_000
_PEOPLE = {"clinic": "clinic01"}
"""Users that are not called as their role."""
_REPORT = {"findings": "两肺纹理清晰，未见实变影。", "impression": "胸部未见异常。", "positive": False}
_LI = {"PatientID": "0077", "PatientName": "LI^SI", "PatientSex": "F", "PatientBirthDate": "19800101"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedCounty]:
    """One county for all of them."""
    with embedded_county(tmp_path_factory.mktemp("every-page")) as running:
        yield running


@pytest.fixture(scope="module")
def known(county: RunningCounty, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A CT and an ECG to read, a signed exam, one that the upper hospital is asked about, and a conflict of identities."""
    folder = tmp_path_factory.mktemp("studies")
    signed = make_study(folder / "signed", 1, StudyDescription="CT CHEST")
    asked = make_study(folder / "asked", 1, StudyDescription="CT SPINE")
    ct = ball_study(folder / "ct", slices=8)
    held = make_study(folder / "held", 1, StudyInstanceUID=study_uid(signed[0]), **_LI)
    for files in (signed, asked, ct.files, [ecg()], held):
        sent = dcmtk.send(county.settings.dicom.port, files, calling="T01_CT", called=county.settings.ae_title)
        assert sent.ok, sent.output
    manager = county.log_in("manager")
    uids = {"signed": study_uid(signed[0]), "asked": study_uid(asked[0]), "ct": ct.uid, "ecg": study_uid(ecg())}

    def tasks() -> dict[str, int]:
        return {one["study_instance_uid"]: one["id"] for one in manager.tasks()}

    wait_until(lambda: set(uids.values()) <= set(tasks()), 120, "a task for every study")
    ids = {name: tasks()[uid] for name, uid in uids.items()}
    _sign(county, ids["signed"])
    _ask(county, ids["asked"])
    objects = wait_until(lambda: manager.get("/api/v1/quarantine")["items"], 60, "the object that is held")
    consultation = county.log_in("consultant").get("/api/v1/consultations")["items"][0]["id"]
    patient = manager.get("/api/v1/patients")["items"][0]["id"]
    more = {"held": objects[0]["id"], "consultation": consultation, "patient": patient, "signed_study": uids["signed"]}
    more["ct_study"] = uids["ct"]
    return {name: str(value) for name, value in {**ids, **more}.items()}


def _sign(county: RunningCounty, task_id: int) -> None:
    for username, step in (("radiologist", "submit"), ("auditor", "sign")):
        person = county.log_in(username)
        token = person.post(f"/api/v1/tasks/{task_id}/claim")["lease_token"]
        person.post(f"/api/v1/tasks/{task_id}/{step}", {"lease_token": token, "report": _REPORT})


def _ask(county: RunningCounty, task_id: int) -> None:
    reader = county.log_in("radiologist")
    token = reader.post(f"/api/v1/tasks/{task_id}/claim")["lease_token"]
    hospital = {"hospital": "city", "question": "良恶性？"}
    reader.post(f"/api/v1/tasks/{task_id}/consult", {"lease_token": token, **hospital})


def test_every_page_has_its_place_in_the_walk() -> None:
    assert set(ADDRESSES) | OPEN_TO_ALL == all_pages()
    assert set(ADDRESSES) == {page for pages in pages_of_roles().values() for page in pages}


@pytest.mark.parametrize("role", sorted(pages_of_roles()))
def test_every_page_of_a_role(
    county: RunningCounty, known: dict[str, str], browser: ChromiumBrowser, role: str
) -> None:
    found = {}
    with browser.open(county.url, width=WIDTH, height=HEIGHT) as observed:
        page, traffic = observed.page, Traffic(observed.page)
        _log_in(page, _PEOPLE.get(role, role))
        for language in ("zh", "en"):
            for name in pages_of_roles()[role]:
                for address in ADDRESSES[name]:
                    _open(page, traffic, element_of(name), address.format(**known))
                    found[f"{language} {address}"] = _wrong(observed)
            _speak_english(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_what_is_open_to_all(county: RunningCounty, known: dict[str, str], browser: ChromiumBrowser) -> None:
    body = {"hours": 1}
    shared = county.log_in("clinic01").post(f"/api/v1/studies/{known['signed_study']}/shares", body)
    wall = county.log_in("admin").post("/api/v1/admin/walls", {"name": "大屏"})
    addresses = {"login": "/#/login", "shared": shared["path"], "wall": wall["path"]}
    found = {}
    for language in ("zh", "en"):
        with browser.open(county.url, width=WIDTH, height=HEIGHT) as observed:
            page, traffic = observed.page, Traffic(observed.page)
            page.evaluate("name => localStorage.setItem('countyread.language', name)", language)
            page.reload()
            for name, address in addresses.items():
                _open(page, traffic, element_of(name), address.partition("#/")[2])
                found[f"{language} {name}"] = _wrong(observed)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_what_is_typed_while_rules_are_on_their_way_is_kept(county: RunningCounty, browser: ChromiumBrowser) -> None:
    held: list[Route] = []
    with browser.open(county.url, width=WIDTH, height=HEIGHT) as observed:
        page, json = observed.page, observed.page.get_by_test_id("json")
        _log_in(page, "manager")
        page.evaluate("() => { location.hash = '#/rules/calendar' }")
        page.get_by_test_id("as-json").click(timeout=_PATIENCE_MS)
        page.get_by_test_id("note").fill("照旧")
        page.get_by_test_id("publish").click()
        page.route("**/api/v1/rules/*", lambda route: held.append(route) if _reads(route) else route.continue_())
        page.get_by_test_id("confirm-ok").click()
        wait_until(lambda: page.wait_for_timeout(50) or held, 60, "the new edition to be asked for")
        typed = '{"holidays": []}'
        json.fill(typed)
        held.pop().continue_()
        expect(page.get_by_test_id("edition")).to_have_count(2, timeout=_PATIENCE_MS)
        expect(json).to_have_value(typed)
        page.get_by_test_id("chapter-hanging").click()
        # Nothing of another chapter is left that could be typed into, or published as this one.
        expect(json).to_have_count(0, timeout=_PATIENCE_MS)
        expect(page.get_by_test_id("publish")).to_have_count(0)
        wait_until(lambda: page.wait_for_timeout(50) or held, 60, "the other chapter to be asked for")
        held.pop().continue_()
        expect(json).to_have_value(re.compile("chest-two-views"), timeout=_PATIENCE_MS)
        assert not observed.problems


def _reads(route: Route) -> bool:
    return route.request.method == "GET"


def _log_in(page: Page, username: str) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.locator("app-header").wait_for(timeout=_PATIENCE_MS)


def _open(page: Page, traffic: Traffic, element: str, address: str) -> None:
    """Goes there, and waits until nothing is on its way."""
    page.evaluate("address => { location.hash = address }", f"#/{address}")
    page.locator(element).wait_for(state="attached", timeout=_PATIENCE_MS)
    page.get_by_role("heading").first.wait_for(state="attached", timeout=_PATIENCE_MS)
    wait_until(lambda: page.wait_for_timeout(100) or not traffic.open, 60, f"{address} to be loaded")


def _speak_english(page: Page) -> None:
    page.evaluate("() => { location.hash = '#/account' }")
    button = page.get_by_test_id("lang-switch")
    if page.evaluate("document.documentElement.lang") == "zh-CN":
        button.click()


def _wrong(observed: ObservedPage) -> list[str]:
    wrong = [*observed.problems, *faults(observed.page)]
    observed.problems.clear()
    return wrong
