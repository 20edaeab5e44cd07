"""Modality performed procedure step (PS3.4 F.7): N-CREATE and N-SET, from devices that are admitted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, cast

from pydicom import Dataset
from pynetdicom import evt
from pynetdicom.dimse_primitives import N_CREATE, N_SET

from dicom_gateway.admission import DeviceDirectory
from dicom_gateway.identifiers import IDENTIFIER_SYNTAXES, calling_title, read_identifier, status_with_comment
from dicom_gateway.services import Handler
from storage.db.models import PerformedStep
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database, Scope, UnitOfWork
from storage.domain import errors
from storage.domain.identifiers import is_usable_uid, new_uid
from storage.orders.performing import begin_step, update_step

_log = logging.getLogger(__name__)

MODALITY_PERFORMED_PROCEDURE_STEP = "1.2.840.10008.3.1.2.3.3"
_SUCCESS = 0x0000
_INVALID_VALUE, _PROCESSING_FAILURE, _DUPLICATE, _NO_SUCH_INSTANCE = 0x0106, 0x0110, 0x0111, 0x0112
_INVALID_INSTANCE, _MISSING_ATTRIBUTE, _NOT_AUTHORISED, _RESOURCE_LIMITATION = 0x0117, 0x0120, 0x0124, 0x0213
_MAY_NO_LONGER_BE_UPDATED = 0xA710
"""Error ID (0000,0903) of PS3.4 table F.7.2-2."""

_STATUSES: tuple[tuple[type[errors.CountyReadError], int], ...] = (
    (errors.MissingAttribute, _MISSING_ATTRIBUTE),
    (errors.Invalid, _INVALID_VALUE),
    (errors.NotFound, _NO_SUCH_INSTANCE),
    (errors.Conflict, _DUPLICATE),
    (errors.UnreadableObject, _PROCESSING_FAILURE),
)

Response = tuple[int | Dataset, Dataset | None]
Apply = Callable[[UnitOfWork, KnownDevice, Mapping[str, Any]], PerformedStep]


class PerformedSteps:
    """The SCP of PS3.4 F.7.2."""

    def __init__(self, database: Database, directory: DeviceDirectory, zone: tzinfo) -> None:
        self._database = database
        self._directory = directory
        self._zone = zone

    @property
    def sop_classes(self) -> Mapping[str, Sequence[str]]:
        """Modality Performed Procedure Step."""
        return {MODALITY_PERFORMED_PROCEDURE_STEP: IDENTIFIER_SYNTAXES}

    @property
    def handlers(self) -> Mapping[evt.InterventionEvent, Handler]:
        """N-CREATE and N-SET."""
        return {evt.EVT_N_CREATE: self.create, evt.EVT_N_SET: self.set}

    def create(self, event: evt.Event) -> Response:
        """A step begins. A UID is made when the device gives none (PS3.7 10.1.5.1.4)."""
        request = cast(N_CREATE, event.request)
        given = str(request.AffectedSOPInstanceUID or "")
        uid = given or new_uid()

        def begin(work: UnitOfWork, device: KnownDevice, report: Mapping[str, Any]) -> PerformedStep:
            return begin_step(work, device, uid, report, self._zone)

        status = self._answer(event, uid, request.AttributeList, begin)
        made = Dataset()
        if not given:
            made.AffectedSOPInstanceUID = uid
        return status, made

    def set(self, event: evt.Event) -> Response:
        """A step goes on, or ends."""
        request = cast(N_SET, event.request)
        uid = str(request.RequestedSOPInstanceUID or "")

        def update(work: UnitOfWork, _device: KnownDevice, report: Mapping[str, Any]) -> PerformedStep:
            return update_step(work, uid, report, self._zone)

        return self._answer(event, uid, request.ModificationList, update), None

    def _answer(self, event: evt.Event, uid: str, encoded: Any, apply: Apply) -> int | Dataset:
        device = self._directory.find(calling_title(event.assoc))
        if device is None:
            return status_with_comment(_NOT_AUTHORISED, "This AE title is not a device of the county.")
        if not is_usable_uid(uid):
            return status_with_comment(_INVALID_INSTANCE, "The SOP Instance UID is not a UID.")
        try:
            report = read_identifier(encoded, event.context.transfer_syntax, device.charset, device.charset_rule)
            with self._database.write(Scope(device.institution_id)) as work:
                step = apply(work, device, report)
                state, faults = step.state, list(step.faults)
        except errors.FinalStep as error:
            return status_with_comment(_PROCESSING_FAILURE, error.message, ErrorID=_MAY_NO_LONGER_BE_UPDATED)
        except errors.CountyReadError as error:
            _log.warning("A performed step of %s is refused: %s", device.ae_title, error.code)
            return status_with_comment(_status_of(error), error.message)
        except Exception as error:  # noqa: BLE001 - however the database is away, the device is told to come again
            _log.warning("A performed step of %s cannot be kept: %s", device.ae_title, type(error).__name__)
            return status_with_comment(_RESOURCE_LIMITATION, "The step cannot be kept now; try again later.")
        _log.info("%s reports step %s as %s.", device.ae_title, uid, state)
        if faults:
            _log.warning("Step %s of %s lacks %s.", uid, device.ae_title, ", ".join(faults))
        return _SUCCESS


def _status_of(error: errors.CountyReadError) -> int:
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), _PROCESSING_FAILURE)
