"""Associations that the gateway asks for: to send objects on, and to tell results."""

import contextlib
import threading
from collections.abc import Iterator, Sequence

from pynetdicom.association import Association
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext

from dicom_gateway.messages import Messages, messages_of
from dicom_gateway.send import associate

_CONNECT_SECONDS = 10.0


class Outgoing:
    """Opens them under the gateway's own AE title, and cuts them when it stops: no peer is waited for. Thread-safe."""

    def __init__(self, ae_title: str) -> None:
        self._ae_title = ae_title
        self._guard = threading.Lock()
        self._open: set[Association] = set()

    @contextlib.contextmanager
    def messages(
        self,
        host: str,
        port: int,
        called: str,
        contexts: list[PresentationContext],
        roles: Sequence[SCP_SCU_RoleSelectionNegotiation] = (),
    ) -> Iterator[Messages]:
        """The messages of an association with a peer. Raises `PeerUnavailable` when none comes about."""
        association = associate(host, port, self._ae_title, called, contexts, _CONNECT_SECONDS, roles)
        with self._guard:
            self._open.add(association)
        try:
            with messages_of(association) as messages:
                yield messages
        finally:
            with self._guard:
                self._open.discard(association)
            association.release()

    def cut(self) -> None:
        """Close every connection: whoever waits on one gets `ConnectionLost`."""
        with self._guard:
            lines = [association.dul.socket for association in self._open]
        for line in lines:
            if line is not None:
                line.close()
