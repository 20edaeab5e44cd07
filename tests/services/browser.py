"""A real Chromium, headless, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

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

_ABORTED = "net::ERR_ABORTED"
"""What the page itself gave up: a closed event stream, a request cancelled by navigating away."""


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
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        self.page.on("requestfailed", self._note_failed_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _note_failed_request(self, request: Request) -> None:
        if request.failure != _ABORTED:
            self.problems.append(f"request: {request.method} {request.url}: {request.failure}")


def open_from_menu(page: Page, name: str) -> None:
    """Go to `#/name` as people do: by its link in the header, or in the menu that holds it."""
    link = page.locator("app-header").locator(f'a[href="#/{name}"]')
    link.wait_for(state="attached")
    menu = page.locator("nav-menu", has=page.locator(f'a[href="#/{name}"]'))
    if menu.count():
        menu.get_by_role("button").click()
    link.click()


class ChromiumBrowser:
    """One Chromium; every page has its own profile, so that logins do not leak from test to test."""

    def __init__(self) -> None:
        self._executable = find_program("chromium", "chromium")
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._without_graphics: Browser | None = None

    def start(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self._executable, headless=True, args=list(FLAGS)
        )

    def stop(self) -> None:
        for browser in (self._browser, self._without_graphics):
            if browser is not None:
                browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._browser = self._without_graphics = self._playwright = None

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
        if self._browser is None:
            self.start()
        assert self._browser is not None
        context = (self._browser if webgl else self._blind()).new_context(
            viewport={"width": width, "height": height}, locale=locale, timezone_id="Asia/Shanghai"
        )
        try:
            context.set_default_timeout(timeout * 1000)
            observed = ObservedPage(context.new_page())
            observed.page.goto(url)
            yield observed
        finally:
            context.close()

    def _blind(self) -> Browser:
        """Another Chromium, as on a PC without a graphics driver."""
        assert self._playwright is not None
        if self._without_graphics is None:
            self._without_graphics = self._playwright.chromium.launch(
                executable_path=self._executable, headless=True, args=[*FLAGS, *NO_WEBGL]
            )
        return self._without_graphics

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
