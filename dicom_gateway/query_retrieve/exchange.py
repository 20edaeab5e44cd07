"""One request and its responses."""

from dataclasses import dataclass
from typing import Any

from pydicom.uid import UID
from pynetdicom.presentation import PresentationContext

from dicom_gateway.messages import Command, Messages
from dicom_gateway.query_retrieve.status import QueryStatus

_MAX_COMMENT = 64


@dataclass(frozen=True)
class Exchange:
    """A request in hand. `response` is the Command Field of what answers it."""

    messages: Messages
    context: PresentationContext
    request: Any
    response: int

    @property
    def syntax(self) -> UID:
        """The transfer syntax of identifiers."""
        return self.context.transfer_syntax[0]

    @property
    def identifier(self) -> bytes:
        """As it came; empty when there is none."""
        return self.request.Identifier.getvalue() if self.request.Identifier is not None else b""

    @property
    def is_cancelled(self) -> bool:
        return self.messages.was_cancelled(self.request.MessageID)

    def respond(
        self,
        status: QueryStatus,
        identifier: bytes | None = None,
        *,
        elements: Command | None = None,
        comment: str = "",
    ) -> None:
        """Send a response; `comment` is for people at the other side (0000,0902). Raises `ConnectionLost`."""
        assert self.context.context_id is not None, "it was accepted"
        command: Command = {
            0x0002: str(self.context.abstract_syntax),
            0x0100: self.response,
            0x0120: self.request.MessageID,
            0x0900: status,
            **({0x0902: comment[:_MAX_COMMENT]} if comment else {}),
            **(elements or {}),
        }
        self.messages.send(self.context.context_id, command, identifier)
