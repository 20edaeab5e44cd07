"""Real browsers, driven by Playwright; Chromium is the one that most tests use."""

import base64
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, Request, sync_playwright

from tests.services.process import find_program

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
"""For a headless browser run as root, with no way out to its maker's servers."""

NO_WEBGL = ("--disable-webgl", "--disable-webgl2", "--disable-3d-apis", "--disable-software-rasterizer")

_ABORTED = {"net::ERR_ABORTED", "NS_BINDING_ABORTED"}
"""What the page itself gave up: a closed event stream, a request cancelled by navigating away."""

_OF_SCREENSHOTS = base64.b64encode(hashlib.sha256(b"body {}").digest()).decode()
"""Names the style that Playwright puts into a page of Firefox for a screenshot, which the page's policy then blocks."""


@dataclass
class ObservedPage:
    """A page, and everything that went wrong in it.

    ``problems`` holds console errors, uncaught exceptions and failed requests; a test ends with
    ``assert not observed.problems``.
    """

    page: Page
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", self._note_error)
        self.page.on("requestfailed", self._note_failed_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _note_error(self, error: Error) -> None:
        if _OF_SCREENSHOTS not in error.message:
            self.problems.append(f"uncaught: {error}")

    def _note_failed_request(self, request: Request) -> None:
        if request.failure not in _ABORTED:
            self.problems.append(f"request: {request.method} {request.url}: {request.failure}")


def open_from_menu(page: Page, name: str) -> None:
    """Go to `#/name` as people do: by its link in the header, or in the menu that holds it."""
    link = page.locator("app-header").locator(f'a[href="#/{name}"]')
    link.wait_for(state="attached")
    menu = page.locator("nav-menu", has=page.locator(f'a[href="#/{name}"]'))
    if menu.count():
        menu.get_by_role("button").click()
    link.click()


class RealBrowser(ABC):
    """A browser of one make; every page has its own profile, so that logins do not leak from test to test."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._running: dict[bool, Browser] = {}

    @abstractmethod
    def _launch(self, playwright: Playwright, *, webgl: bool) -> Browser:
        """Start one that can draw with WebGL, or one as on a PC without a graphics driver."""

    def start(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser(webgl=True)

    def stop(self) -> None:
        for browser in self._running.values():
            browser.close()
        self._running.clear()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = None

    @contextmanager
    def open(
        self,
        url: str,
        *,
        width: int = 1600,
        height: int = 900,
        locale: str = "zh-CN",
        timeout: float = 20.0,
        webgl: bool = True,
    ) -> Iterator[ObservedPage]:
        """Open ``url`` in a new profile.

        :param timeout: seconds, for every later wait of the page
        :param webgl: whether the browser can draw with WebGL
        """
        context = self._browser(webgl=webgl).new_context(
            viewport={"width": width, "height": height}, locale=locale, timezone_id="Asia/Shanghai"
        )
        try:
            context.set_default_timeout(timeout * 1000)
            observed = ObservedPage(context.new_page())
            observed.page.goto(url)
            yield observed
        finally:
            context.close()

    def _browser(self, *, webgl: bool) -> Browser:
        assert self._playwright is not None
        if webgl not in self._running:
            self._running[webgl] = self._launch(self._playwright, webgl=webgl)
        return self._running[webgl]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class ChromiumBrowser(RealBrowser):
    """Debian's Chromium, headless."""

    def __init__(self) -> None:
        super().__init__()
        self._executable = find_program("chromium", "chromium")

    def _launch(self, playwright: Playwright, *, webgl: bool) -> Browser:
        flags = [*FLAGS, *(() if webgl else NO_WEBGL)]
        return playwright.chromium.launch(executable_path=self._executable, headless=True, args=flags)
