"""Associations over which devices have asked: some want the answer there, and some cannot be called."""

import threading
import weakref
from collections.abc import Callable

from pydicom.uid import UID
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from dicom_gateway.messages import ConnectionLost, Messages
from storage.domain.clock import monotonic

_LOOK = 0.2
_PATIENCE = 90.0

Errand = Callable[[Messages, int, UID], None]


class OpenLines:
    """By device. Thread-safe; forgets associations that are over."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._lines: dict[int, list[tuple[weakref.ref[Association], int, UID]]] = {}

    def note(self, device_id: int, association: Association, context: PresentationContext) -> None:
        """The device has asked in this context."""
        assert context.context_id is not None, "it was accepted"
        line = (weakref.ref(association), context.context_id, context.transfer_syntax[0])
        with self._guard:
            self._lines[device_id] = [*self._open(device_id), line]

    def run(self, device_id: int, errand: Errand) -> bool:
        """Run `errand` in the thread of an open association; False when there is none. Raises what the errand raises."""
        with self._guard:
            lines = self._open(device_id)
        for reference, context_id, syntax in reversed(lines):
            association = reference()
            if association is not None:
                _run(association, context_id, syntax, errand)
                return True
        return False

    def _open(self, device_id: int) -> list[tuple[weakref.ref[Association], int, UID]]:
        lines = self._lines.get(device_id, [])
        return [line for line in lines if (association := line[0]()) is not None and association.is_established]


def _run(association: Association, context_id: int, syntax: UID, errand: Errand) -> None:
    over, problems = threading.Event(), list[Exception]()

    def run(served: Association) -> None:
        try:
            errand(Messages(served), context_id, syntax)
        except Exception as error:  # noqa: BLE001 - it is raised where the errand was sent from
            problems.append(error)
        finally:
            over.set()

    association.dimse.msg_queue.put((context_id, run))  # type: ignore[arg-type]
    deadline = monotonic() + _PATIENCE
    while not over.wait(_LOOK):
        if not association.is_established or monotonic() > deadline:
            raise ConnectionLost("The association ended before the report was told.")
    if problems:
        raise problems[0]
