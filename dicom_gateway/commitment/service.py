"""The service that takes requests: kept durably, answered at once, decided and reported later (PS3.4 J.3.2)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import N_ACTION
from pynetdicom.presentation import PresentationContext

from dicom_gateway.commitment.lines import OpenLines
from dicom_gateway.commitment.request import (
    REQUEST_COMMITMENT,
    SOP_CLASS,
    SOP_INSTANCE,
    ActionStatus,
    BadRequest,
    read_request,
)
from dicom_gateway.messages import Command, ConnectionLost, Messages, peer_title
from dicom_gateway.presentation import VERIFICATION_SYNTAXES
from dicom_gateway.services import Handler
from storage.db.queries import commitment
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database

_log = logging.getLogger(__name__)

_N_ACTION_RSP = 0x8130
_MAX_COMMENT = 64


class StorageCommitment:
    """`on_request` is called when a request has been kept."""

    def __init__(
        self,
        database: Database,
        find_device: Callable[[str], KnownDevice | None],
        lines: OpenLines,
        on_request: Callable[[], None],
    ) -> None:
        self._database = database
        self._find_device = find_device
        self._lines = lines
        self._on_request = on_request

    @property
    def sop_classes(self) -> Mapping[str, Sequence[str]]:
        return {SOP_CLASS: VERIFICATION_SYNTAXES}

    @property
    def handlers(self) -> Mapping[evt.InterventionEvent, Handler]:
        return {}

    def respond(self, association: Association, request: Any, context: PresentationContext) -> bool:
        if not isinstance(request, N_ACTION):
            return False
        status, comment = self._serve(association, request, context)
        if status != ActionStatus.SUCCESS:
            _log.warning("A request for storage commitment was answered 0x%04X.", status)
        response: Command = {
            0x0002: SOP_CLASS,
            0x0100: _N_ACTION_RSP,
            0x0120: int(request.MessageID or 0),
            0x0900: int(status),
            0x1000: str(request.RequestedSOPInstanceUID or SOP_INSTANCE),
            0x1008: int(request.ActionTypeID or 0),
            **({0x0902: comment[:_MAX_COMMENT]} if comment else {}),
        }
        assert context.context_id is not None, "it was accepted"
        try:
            Messages(association).send(context.context_id, response)
        except ConnectionLost:
            _log.info("A device left before its request for storage commitment was answered.")
        self._on_request()
        return True

    def _serve(
        self, association: Association, request: N_ACTION, context: PresentationContext
    ) -> tuple[ActionStatus, str]:
        device = self._find_device(peer_title(association))
        if device is None:
            return ActionStatus.NOT_AUTHORIZED, "This device is not known."
        if request.ActionTypeID != REQUEST_COMMITMENT:
            return ActionStatus.NO_SUCH_ACTION, "The only action is 1, Request Storage Commitment."
        if request.RequestedSOPInstanceUID != SOP_INSTANCE:
            return ActionStatus.NO_SUCH_INSTANCE, "Not the well-known instance."
        # Before it is kept: another thread answers a kept request at once, and must find the line.
        self._lines.note(device.id, association, context)
        try:
            self._keep(request, context, device)
        except BadRequest as error:
            return error.status, error.message
        except Exception as error:  # noqa: BLE001 - however the database is away, the device is told to ask again
            _log.warning("A request for storage commitment could not be kept (%s).", type(error).__name__)
            return ActionStatus.RESOURCE_LIMITATION, "The database does not answer; ask again later."
        return ActionStatus.SUCCESS, ""

    def _keep(self, request: N_ACTION, context: PresentationContext, device: KnownDevice) -> None:
        encoded = request.ActionInformation.getvalue() if request.ActionInformation is not None else b""
        asked = read_request(encoded, context.transfer_syntax[0])
        with self._database.write() as work:
            commitment.record_request(
                work,
                device_id=device.id,
                institution_id=device.institution_id,
                transaction_uid=asked.transaction_uid,
                items=asked.items,
            )
