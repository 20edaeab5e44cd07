"""`python -m tests.services.bidi_relay FIREFOX ARGUMENT...`: a Firefox that Playwright can drive.

Playwright drives a distribution's own Firefox by WebDriver BiDi, but every page of it begins with a command that an extended
support release learns up to a year later. This program stands in for the browser: it starts the real one, hands every
message on in both directions, and answers success where Firefox does not know a command of `_DISPENSABLE`.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

_LISTENING = b"WebDriver BiDi listening on "
_DISPENSABLE = {"emulation.setMediaFeaturesOverride"}
"""What no test leans on: the colour scheme, which stays that of the profile."""


class Relay:
    """The conversation between Playwright and the browser at `address`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._asked: set[int] = set()

    async def handle(self, playwright: ServerConnection) -> None:
        assert playwright.request is not None
        address = self._address + playwright.request.path
        async with connect(address, max_size=None, compression=None, ping_interval=None) as browser:
            ways = (self._to_browser(playwright, browser), self._to_playwright(browser, playwright))
            running = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for one in running:
                one.cancel()

    async def _to_browser(self, playwright: ServerConnection, browser: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for message in playwright:
                command = json.loads(message)
                if command["method"] in _DISPENSABLE:
                    self._asked.add(command["id"])
                await browser.send(message)

    async def _to_playwright(self, browser: ClientConnection, playwright: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for message in browser:
                await playwright.send(self._answer(message) if self._asked else message)

    def _answer(self, message: str | bytes) -> str | bytes:
        said = json.loads(message)
        number = said.get("id")
        if number not in self._asked:
            return message
        self._asked.discard(number)
        if said.get("error") != "unknown command":
            return message
        return json.dumps({"type": "success", "id": number, "result": {}})


async def _address_of(browser: Process) -> str:
    assert browser.stderr is not None
    async for line in browser.stderr:
        if line.startswith(_LISTENING):
            return line.removeprefix(_LISTENING).decode().strip()
        _say(line)
    message = f"Firefox ended with {await browser.wait()} before it listened"
    raise RuntimeError(message)


def _say(line: bytes) -> None:
    sys.stderr.buffer.write(line)
    sys.stderr.buffer.flush()


async def _run(command: list[str]) -> int:
    browser = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    assert browser.stderr is not None
    relay = Relay(await _address_of(browser))
    async with serve(relay.handle, "127.0.0.1", 0, max_size=None, compression=None, ping_interval=None) as server:
        host, port = next(iter(server.sockets)).getsockname()
        _say(_LISTENING + f"ws://{host}:{port}\n".encode())
        async for line in browser.stderr:
            _say(line)
        return await browser.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(sys.argv[1:])))
