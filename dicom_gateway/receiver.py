"""The C-STOREs of one association: from fragments to a durable file of the spool and a status."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dicom_gateway.associations import Line
from dicom_gateway.dimse import StoreRequest
from dicom_gateway.permission import AnyStorage, Permission
from dicom_gateway.quiet import QuietLog
from dicom_gateway.status import StoreStatus
from storage.domain.errors import StorageFull, UnreadableObject
from storage.ingest.header import Identifiers, read_identifiers
from storage.ingest.part10 import FileMeta
from storage.ingest.reception import Reception
from storage.ingest.spool import Spool

_quiet = QuietLog(logging.getLogger(__name__))


@dataclass
class _Incoming:
    request: StoreRequest
    transfer_syntax_uid: str
    reception: Reception | None
    refusal: StoreStatus | None


class StoreReceiver:
    """`begin`, `write` any number of times, `finish`; one object after the other. Used by one thread."""

    def __init__(
        self,
        spool: Spool,
        line: Line,
        before_first: Callable[[Line], None],
        permission: Permission | None = None,
    ) -> None:
        self._spool = spool
        self._permission = permission or AnyStorage()
        self._line = line
        self._before_first = before_first
        self._number = 0
        self._incoming: _Incoming | None = None

    @property
    def ae_title(self) -> str:
        """Of the device."""
        return self._line.ae_title

    @property
    def is_receiving(self) -> bool:
        """Whether fragments of a data set are expected."""
        return self._incoming is not None

    def begin(self, request: StoreRequest, transfer_syntax_uid: str) -> None:
        """A C-STORE-RQ has come; its data set follows. What is refused is still read to its end."""
        self._number += 1
        refusal = self._permission.refusal(request.sop_class_uid)
        incoming = _Incoming(request, transfer_syntax_uid, None, refusal)
        self._incoming = incoming
        if refusal is not None:
            return
        meta = FileMeta(request.sop_class_uid, request.sop_instance_uid, transfer_syntax_uid, self._line.ae_title)
        try:
            incoming.reception = self._spool.begin(meta, self._line.key, self._number)
        except (StorageFull, OSError) as error:
            self._out_of_resources(incoming, error)

    def write(self, fragments: Sequence[memoryview]) -> None:
        """The next bytes of the data set, in up to 1000 pieces."""
        incoming = self._incoming
        assert incoming is not None, "begin comes first"
        if incoming.reception is None:
            return
        try:
            incoming.reception.write(*fragments)
        except (StorageFull, OSError) as error:
            self._out_of_resources(incoming, error)

    def finish(self) -> StoreStatus:
        """The data set is complete: the object is durable when this returns success."""
        incoming = self._incoming
        assert incoming is not None, "begin comes first"
        self._incoming = None
        status = incoming.refusal
        if incoming.reception is not None:
            try:
                status = self._keep(incoming, incoming.reception)
            except (StorageFull, OSError) as error:
                self._out_of_resources(incoming, error)
                status = StoreStatus.OUT_OF_RESOURCES
        assert status is not None, "either refused or received"
        self._count(status)
        return status

    def abandon(self) -> None:
        """The association is over; what came in part was never acknowledged."""
        if self._incoming is not None and self._incoming.reception is not None:
            self._incoming.reception.discard()
        self._incoming = None

    def _keep(self, incoming: _Incoming, reception: Reception) -> StoreStatus:
        status = _check(incoming, reception)
        if status is StoreStatus.DATA_SET_MISMATCH:
            reception.discard()
            return status
        self._before_first(self._line)
        size = reception.size
        reception.finish()
        self._permission.count(size)
        return status

    def _out_of_resources(self, incoming: _Incoming, error: Exception) -> None:
        if incoming.reception is not None:
            incoming.reception.discard()
        incoming.reception, incoming.refusal = None, StoreStatus.OUT_OF_RESOURCES
        _quiet.warning("disk", "An object was refused for want of disk (%s).", error)

    def _count(self, status: StoreStatus) -> None:
        if status is StoreStatus.SUCCESS:
            self._line.received += 1
        else:
            self._line.refused += 1
            title = self._line.ae_title
            _quiet.warning((title, status), "Answered 0x%04X to %s: %s", status, title, status.comment)


def _check(incoming: _Incoming, reception: Reception) -> StoreStatus:
    """What cannot be read is kept all the same, and a person will look at it."""
    try:
        identifiers = read_identifiers(reception.data_set(), incoming.transfer_syntax_uid)
    except UnreadableObject:
        return StoreStatus.CANNOT_UNDERSTAND
    if not _names(incoming.request, identifiers):
        return StoreStatus.DATA_SET_MISMATCH
    return StoreStatus.SUCCESS if identifiers.complete else StoreStatus.CANNOT_UNDERSTAND


def _names(request: StoreRequest, identifiers: Identifiers) -> bool:
    return (request.sop_class_uid, request.sop_instance_uid) == (
        identifiers.sop_class_uid,
        identifiers.sop_instance_uid,
    )
