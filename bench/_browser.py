"""Chromium as the parts of `bench.web` drive it: people who have logged in, what their page tells, and what it asks for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request, sync_playwright

from tests.services.browser import FLAGS
from tests.services.process import find_program
from tests.system.county import PASSWORD

SIZE = {"width": 1366, "height": 768}
WAIT_MS = 60_000
_QUIET_SECONDS = 0.6
_FEWEST_DOTS = 5

_WATCH = """(() => {
  const dispatch = EventTarget.prototype.dispatchEvent;
  window.__drawn = []; window.__states = []; window.__cached = 0;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === 'CORNERSTONE_IMAGE_RENDERED') window.__drawn.push(performance.now());
    if (event.type === 'stack-state' && event.detail) {
      window.__cached = event.detail.cached;
      if (event.detail.rendered) window.__states.push([performance.now(), location.hash]);
    }
    return dispatch.call(this, event);
  };
})()"""
"""Both viewers draw with Cornerstone3D, which tells of every picture that it has drawn; ours says how many images it has."""


class OverTimeError(Exception):
    """It took longer than anybody would wait."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser of its own."""
    with sync_playwright() as playwright, _launched(playwright.chromium, flags) as browser:
        yield browser


@contextmanager
def another(beside: Browser, *flags: str) -> Iterator[Browser]:
    """A second browser; Playwright is started once in a process."""
    with _launched(beside.browser_type, flags) as browser:
        yield browser


@contextmanager
def _launched(kind: BrowserType, flags: tuple[str, ...]) -> Iterator[Browser]:
    path = find_program("chromium", "chromium")
    browser = kind.launch(executable_path=path, headless=True, args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


@dataclass(frozen=True)
class LogIn:
    """What a browser keeps of somebody who has logged in: cookies, and what stands in the tab's own storage."""

    cookies: Any
    tab: str


def log_in(page: Page, url: str, username: str) -> None:
    """To the first page that the person sees, and until nothing more comes."""
    page.goto(url)
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("next-case").wait_for()


@contextmanager
def profile(browser: Browser, known: LogIn | None = None) -> Iterator[tuple[Page, "Traffic"]]:
    """A page in a profile of its own, with nothing in its caches."""
    context = browser.new_context(viewport=SIZE, storage_state=known.cookies if known else None)  # type: ignore[arg-type]
    context.add_init_script(_WATCH)
    if known is not None:
        context.add_init_script(
            f"for (const [key, value] of Object.entries({known.tab})) sessionStorage.setItem(key, value)"
        )
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        yield page, Traffic(context)
    finally:
        context.close()


@contextmanager
def reader(browser: Browser, url: str, username: str = "radiologist") -> Iterator[tuple[Page, "Traffic"]]:
    """Somebody at an open worklist, who has had it open for a while: what it loads when it has time is there."""
    with profile(browser) as (page, traffic):
        log_in(page, url, username)
        traffic.wait_until_quiet(page)
        yield page, traffic


def kept_log_in(browser: Browser, url: str, username: str = "radiologist") -> LogIn:
    """Of somebody who has logged in at this address."""
    with profile(browser) as (page, _):
        log_in(page, url, username)
        return LogIn(page.context.storage_state(), page.evaluate("JSON.stringify({...sessionStorage})"))


@dataclass
class _Asked:
    request: Request
    at: float
    ended: float | None = None


@dataclass
class Traffic:
    """What a page has asked for, and when it came."""

    context: BrowserContext
    _asked: list[_Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", lambda request: self._asked.append(_Asked(request, time.monotonic())))
        for end in ("requestfinished", "requestfailed"):
            self.context.on(end, self._end)

    def frames(self, since: float) -> int:
        """Answers with frames that are here."""
        return sum("/frames/" in one.request.url for one in self._asked if one.at >= since and one.ended)

    def frames_asked(self, since: float) -> int:
        """Frames that were asked for."""
        return sum("/frames/" in one.request.url for one in self._asked if one.at >= since)

    def is_quiet(self) -> bool:
        """Nothing is awaited but the stream of events, and nothing came just now."""
        now = time.monotonic()
        awaited = [one for one in self._asked if one.ended is None and not one.request.url.endswith("/events")]
        last = max((one.ended or one.at for one in self._asked), default=now)
        return not awaited and now - last > _QUIET_SECONDS

    def wait_until_quiet(self, page: Page, seconds: float = WAIT_MS / 1000) -> None:
        """Raises `OverTimeError`."""
        deadline = time.monotonic() + seconds
        while not self.is_quiet():
            if time.monotonic() > deadline:
                message = "the page never stops asking"
                raise OverTimeError(message)
            page.wait_for_timeout(100)

    def print_since(self, since: float) -> None:
        """A line a request: when it was asked for, when its answer began and ended (ms), and its size."""
        print("\n    asked   begins    ended      kB  what")
        for one in self._asked:
            if one.at >= since:
                print(self._line(one, since))

    def _line(self, one: _Asked, since: float) -> str:
        asked = (one.at - since) * 1000
        timing = one.request.timing
        first = asked + timing["responseStart"] if timing["responseStart"] > 0 else 0
        end = f"{asked + timing['responseEnd']:8.0f}" if timing["responseEnd"] > 0 else "       -"
        path = one.request.url.partition("://")[2].partition("/")[2]
        return f"  {asked:7.0f} {first:8.0f} {end} {self._kilobytes(one):7.1f}  {one.request.method} /{_short(path)}"

    def _kilobytes(self, one: _Asked) -> float:
        if one.ended is None or one.request.failure is not None:
            return 0.0
        sizes = one.request.sizes()
        return (sizes["responseBodySize"] + sizes["responseHeadersSize"]) / 1000

    def _end(self, request: Request) -> None:
        for one in reversed(self._asked):
            if one.request == request:
                one.ended = time.monotonic()
                return


def _short(path: str) -> str:
    """UIDs by their last places; of a list of them, how many there are."""
    return "/".join(_short_part(part) for part in path.split("/"))


def _short_part(part: str) -> str:
    if not _is_uid(part):
        return part
    more = part.count(",")
    return f"({more + 1} UIDs)" if more else f"..{part[-5:]}"


def _is_uid(text: str) -> bool:
    return text.count(".") >= _FEWEST_DOTS and text[0].isdigit()


def picture(page: Page, quality: str) -> None:
    """Wait until the (first) viewport shows the image so well."""
    wanted = ":is([data-quality=partial], [data-quality=full])" if quality == "partial" else "[data-quality=full]"
    page.locator(f'[data-testid="viewport"]{wanted}').first.wait_for()
