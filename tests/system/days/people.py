"""People at their screens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.services.browser import ChromiumBrowser
from tests.services.waiting import wait_until
from tests.system.county import PASSWORD, Person, RunningCounty

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
PHONE = (390, 844)
DESK = (1366, 768)
SHOWN = '[data-testid="viewport"][data-quality="full"]'
"""An image with every bit of it on the screen."""


@contextmanager
def screen_of(
    username: str,
    county: RunningCounty,
    browser: ChromiumBrowser,
    size: tuple[int, int] = DESK,
    *,
    password: str = PASSWORD,
    refused: int = 0,
) -> Iterator[Page]:
    """The application as this person sees it after logging in by keyboard; at the end nothing has gone wrong in it.

    :param refused: a status that the server is meant to answer with on the way, as 422 for a form that is not whole
    """
    with browser.open(county.url, width=size[0], height=size[1]) as observed:
        page = observed.page
        page.set_default_timeout(PATIENCE_MS)
        page.get_by_test_id("login-username").fill(username)
        page.get_by_test_id("login-password").fill(password)
        page.keyboard.press("Enter")
        page.locator("app-header").wait_for()
        yield page
        wrong = [one for one in observed.problems if not (refused and f"status of {refused}" in one)]
        if wrong:
            pytest.fail("\n".join(wrong))


def wait_on(page: Page, condition: Callable[[], object], what: str) -> None:
    """Wait for it with the page alive: the browser tells of what happens only while it is listened to."""

    def holds() -> bool:
        page.wait_for_timeout(50)
        return bool(condition())

    wait_until(holds, 60, what)


def task_on(page: Page) -> int:
    """The number of the case that is open."""
    return int(page.evaluate("() => Number(location.hash.match(/read\\/(\\d+)/)?.[1])"))


def drag(page: Page, on: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another of what is shown, in parts of its width and height."""
    box = on.bounding_box()
    assert box is not None
    for place, act in ((start, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"], steps=4)
        act()


def goes_to(page: Page, address: str) -> None:
    page.evaluate("address => { location.hash = address }", f"#/{address}")


def audited(county: RunningCounty, **wanted: object) -> list[dict[str, object]]:
    """Lines of the audit trail, as the manager finds them."""
    manager: Person = county.log_in("manager")
    found: list[dict[str, object]] = manager.post("/api/v1/audit/search", dict(wanted))["items"]
    return found
