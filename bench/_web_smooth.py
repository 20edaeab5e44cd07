"""Pictures drawn a second while somebody scrolls, and while somebody drags the window."""

import time
from collections.abc import Callable

from playwright.sync_api import FloatRect, Page

from bench._browser import another, picture, reader
from bench._served import Images
from bench._web import Bench, look_at, task_of
from tests.services.browser import NO_WEBGL

_SECONDS = 4.0

Move = Callable[[Page, FloatRect, int], None]


def smooth(bench: Bench, ct: Images) -> None:
    """The browser is started anew for each row: whether it has WebGL is decided there."""
    print("\n| drawn a second | drawn by | processor | scrolling | window dragged |\n|---|---|---|---|---|")
    task = task_of(bench, ct)
    for flags in ((), NO_WEBGL):
        for slowness in (1, 4):
            with another(bench.browser, *flags) as browser, reader(browser, bench.ours.url) as (page, _):
                look_at(page, task)
                picture(page, "full")
                page.wait_for_function(f"() => window.__cached >= {len(ct.files)}")
                by = page.get_by_test_id("viewport").first.get_attribute("data-rendering")
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowness})
                drawn = [_drawn(page, move) for move in (_wheel, _drag)]
                print(f"| County Reading | {by} | 1/{slowness} | {drawn[0]:.0f} | {drawn[1]:.0f} |", flush=True)


def _drawn(page: Page, move: Move) -> float:
    box = page.get_by_test_id("viewport").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate("window.__drawn.length = 0")
    started = time.monotonic()
    turn = 0
    while time.monotonic() - started < _SECONDS:
        move(page, box, turn)
        turn += 1
    took = time.monotonic() - started
    page.mouse.up()
    drawn: int = page.evaluate("window.__drawn.length")
    return drawn / took


def _wheel(page: Page, _box: FloatRect, turn: int) -> None:
    page.mouse.wheel(0, 100 if turn % 200 < 100 else -100)


def _drag(page: Page, box: FloatRect, turn: int) -> None:
    if turn == 0:
        page.mouse.down()
    page.mouse.move(box["x"] + 200 + turn * 3 % 300, box["y"] + 200 + turn * 2 % 200)
