"""Accounts in a real browser: a temporary password, a second factor, a link for somebody outside, an API key."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from playwright.sync_api import Page

from tests.functional.api.images import ct_image
from tests.functional.api.township import PASSWORD, Township
from tests.services.browser import ChromiumBrowser

_PATIENCE_MS = 60_000
_OWN = "quite another sentence 7"


def _log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()


def _look(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_new_doctor_chooses_a_password_and_sets_up_a_second_factor(
    township: Township, browser: ChromiumBrowser
) -> None:
    township.county.clock.at = datetime.now(UTC)
    body = {"username": "li.doctor", "name": "李医生", "role": "clinic", "institution": "t01"}
    first = township.client("admin").post("/api/v1/admin/users", json=body).json()["password"]
    with browser.open(township.url, width=1366, height=768) as observed:
        page = observed.page
        _log_in(page, "li.doctor", first)
        page.get_by_test_id("duty").wait_for(timeout=_PATIENCE_MS)
        _look(page, "duty")
        page.locator("input[name=password]").fill(first)
        page.locator("input[name=next]").fill(_OWN)
        page.locator("input[name=again]").fill(_OWN)
        page.locator("input[name=again]").press("Enter")
        page.get_by_test_id("duty").wait_for(state="detached", timeout=_PATIENCE_MS)
        page.evaluate("location.hash = '#/account'")
        page.get_by_test_id("sessions").wait_for(timeout=_PATIENCE_MS)
        factor = page.get_by_test_id("factor")
        factor.locator("input[name=password]").fill(_OWN)
        page.get_by_test_id("factor-begin").click()
        secret = page.get_by_test_id("factor-secret").inner_text()
        _look(page, "factor")
        factor.locator("input[name=code]").fill(pyotp.TOTP(secret).at(township.county.clock.now()))
        page.get_by_test_id("factor-confirm").click()
        page.get_by_test_id("codes").wait_for(timeout=_PATIENCE_MS)
        _look(page, "codes")
        assert not observed.problems


def test_who_runs_the_centre_sees_accounts_keys_emergencies_and_the_trail(
    township: Township, browser: ChromiumBrowser
) -> None:
    township.county.clock.at = datetime.now(UTC)
    study = township.study(township.county.task(code="t02")).study_instance_uid
    glass = {"study_instance_uid": study, "reason": "昏迷，须与前次比较"}
    assert township.client("clinic01").post("/api/v1/emergencies", json=glass).status_code == 201
    township.key("t01", "results:read").get("/api/v1/results")
    with browser.open(township.url, width=1920, height=1080) as observed:
        page = observed.page
        _log_in(page, "manager")
        page.get_by_test_id("account-link").wait_for(timeout=_PATIENCE_MS)
        for name, expected in (
            ("users", "user"),
            ("keys", "key"),
            ("emergencies", "emergency"),
            ("audit", "audit-line"),
        ):
            page.evaluate(f"location.hash = '#/{name}'")
            page.get_by_test_id(expected).first.wait_for(timeout=_PATIENCE_MS)
            _look(page, name)
        page.get_by_test_id("lang-switch").click()
        page.get_by_role("heading", name="Audit trail").wait_for(timeout=_PATIENCE_MS)
        _look(page, "audit-en")
        assert not observed.problems


def test_somebody_outside_opens_a_link_and_sees_the_study(township: Township, browser: ChromiumBrowser) -> None:
    township.county.clock.at = datetime.now(UTC)
    study = township.wado(township.image(ct_image())).split("/")[3]
    link = township.client("clinic01").post(f"/api/v1/studies/{study}/shares", json={"passcode": "4821"}).json()["path"]
    with browser.open(f"{township.url}{link}", width=1366, height=768) as observed:
        page = observed.page
        page.get_by_test_id("shared-passcode").fill("4821")
        page.get_by_test_id("shared-passcode").press("Enter")
        page.get_by_test_id("shared").wait_for(timeout=_PATIENCE_MS)
        page.locator("study-viewer canvas").first.wait_for(timeout=_PATIENCE_MS)
        _look(page, "shared")
