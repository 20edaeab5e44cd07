"""HTTP/1.1 parsed in C, with a bound on what stands before a body: the parser itself collects headers without end."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 32 * 1024
"""Of the request line and all headers together. One read may bring a larger head whole; none larger than a read passes."""


class BoundedHttp(HttpToolsProtocol):
    """Answers 400 and closes the connection when a head does not end."""

    _head_bytes = 0
    _is_in_head = True

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what it found is told by the calls below."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers of the request are too large.")

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._is_in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has ended; the next one begins with a head."""
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_complete()
