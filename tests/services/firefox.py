"""A real Firefox: Debian's own, with its windows on a screen that exists in memory only."""

import os
import shlex
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.services import bidi_relay
from tests.services.browser import RealBrowser
from tests.services.process import Program, find_program
from tests.services.waiting import wait_until

_CHANNEL = "moz-firefox"
"""Playwright's name for a Firefox that it has not patched, and speaks WebDriver BiDi with."""

_AS_ON_WINDOWS = {"widget.gtk.overlay-scrollbars.enabled": False, "general.autoScroll": True}
"""Scrollbars take room, and the middle button scrolls what can be scrolled."""


class FirefoxBrowser(RealBrowser):
    """Not headless: without a screen, Firefox finds no driver for WebGL."""

    def __init__(self) -> None:
        super().__init__()
        self._firefox = find_program("firefox-esr", "firefox-esr")
        self._xvfb = find_program("Xvfb", "xvfb")
        self._folder = tempfile.TemporaryDirectory(prefix="countyread-firefox-")
        self._screen: Program | None = None

    def start(self) -> None:
        log = Path(self._folder.name) / "screen.log"
        command = [self._xvfb, "-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
        self._screen = Program.start(command, log)
        self._display = wait_until(lambda: _display(log), 60, "the screen")
        super().start()

    def stop(self) -> None:
        super().stop()
        if self._screen is not None:
            self._screen.stop()
        self._folder.cleanup()

    def _launch(self, playwright: Playwright, *, webgl: bool) -> Browser:
        return playwright.firefox.launch(
            channel=_CHANNEL,
            executable_path=self._program(),
            headless=False,
            env={**os.environ, "DISPLAY": f":{self._display}"},
            firefox_user_prefs={**_AS_ON_WINDOWS, "webgl.disabled": not webgl},
        )

    def _program(self) -> Path:
        """The relay, as the one file that Playwright wants to start."""
        path = Path(self._folder.name) / "firefox"
        relay = shlex.join([sys.executable, "-I", bidi_relay.__file__, self._firefox])
        path.write_text(f'#!/bin/sh\nexec {relay} "$@"\n')
        path.chmod(0o755)
        return path


def _display(log: Path) -> str | None:
    """The number of the screen, written as soon as it can be used."""
    return next((line for line in log.read_text().splitlines() if line.isdigit()), None)
