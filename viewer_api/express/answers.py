"""Answers that were given just now, to be given again."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Send

from viewer_api.http import matches

_LARGEST = 1 << 20


@dataclass(frozen=True)
class KeptAnswer:
    """A whole answer; `body` is None when only its ETag is known."""

    headers: Mapping[str, str]
    body: bytes | None

    @property
    def etag(self) -> str:
        """Empty when it has none."""
        return self.headers.get("etag", "")

    @property
    def weight(self) -> int:
        """About how many bytes it takes to keep."""
        return 512 + len(self.body or b"")

    def response(self, if_none_match: str) -> Response | None:
        """200 or 304; None when the body would be needed and is not there."""
        if self.etag and matches(if_none_match, self.etag):
            headers = {name: value for name, value in self.headers.items() if not name.startswith("content-")}
            return Response(status_code=304, headers=headers)
        return None if self.body is None else Response(self.body, 200, dict(self.headers))


class Overheard:
    """Passes an answer on, and keeps it when it is small."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._headers: Mapping[str, str] = {}
        self._body = bytearray()
        self._is_whole = False
        self.status = 0

    async def send(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = dict(Headers(raw=message["headers"]))
        elif message["type"] == "http.response.body" and len(self._body) <= _LARGEST:
            self._body += message.get("body", b"")
            self._is_whole = not message.get("more_body", False)
        await self._send(message)

    def answer(self) -> KeptAnswer | None:
        """What can be given again: a whole 200, or the ETag of a 304."""
        if self.status == 304:  # noqa: PLR2004 - not modified
            return KeptAnswer(self._headers, None)
        if self.status != 200 or not self._is_whole or len(self._body) > _LARGEST:  # noqa: PLR2004 - OK
            return None
        return KeptAnswer(self._headers, bytes(self._body))
