"""C-FIND on the modality worklist, for devices that are admitted: their own institution's orders, in their own script."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import cast

from pydicom import Dataset
from pynetdicom import evt
from pynetdicom.dimse_primitives import C_FIND

from dicom_gateway.admission import DeviceDirectory
from dicom_gateway.identifiers import IDENTIFIER_SYNTAXES, calling_title, read_identifier, status_with_comment
from dicom_gateway.services import Handler
from dicom_gateway.worklist.item import Answering, worklist_item
from dicom_gateway.worklist.query import WorklistQuery, read_query
from storage.db.models import ExamOrder
from storage.db.queries.reception import KnownDevice
from storage.db.queries.worklist import Wanted, modality_of_device, worklist
from storage.db.session import Database, Scope
from storage.domain.errors import Invalid, InvalidField, UnreadableObject
from storage.domain.modalities import made_by_the_same_equipment
from storage.domain.worklist_charsets import WorklistCharset

_log = logging.getLogger(__name__)

MODALITY_WORKLIST_FIND = "1.2.840.10008.5.1.4.31"
MAX_ITEMS = 500
"""Items in one answer, what is due first; a console that shows more than a few screens is asked for a shorter period."""

_MAX_READ = 5000
_PENDING, _SUCCESS, _CANCELLED = 0xFF00, 0x0000, 0xFE00
_OUT_OF_RESOURCES, _MISMATCH, _NOT_AUTHORISED = 0xA700, 0xA900, 0x0124

Response = tuple[int | Dataset, Dataset | None]


class ModalityWorklist:
    """The SCP of PS3.4 K.4.1."""

    def __init__(self, database: Database, directory: DeviceDirectory, zone: tzinfo) -> None:
        self._database = database
        self._directory = directory
        self._zone = zone

    @property
    def sop_classes(self) -> Mapping[str, Sequence[str]]:
        """Modality Worklist Information Model FIND."""
        return {MODALITY_WORKLIST_FIND: IDENTIFIER_SYNTAXES}

    @property
    def handlers(self) -> Mapping[evt.InterventionEvent, Handler]:
        """C-FIND."""
        return {evt.EVT_C_FIND: self.find}

    def find(self, event: evt.Event) -> Iterator[Response]:
        """One pending response for each item, then the end; a C-CANCEL ends it sooner."""
        device = self._directory.find(calling_title(event.assoc))
        if device is None:
            yield status_with_comment(_NOT_AUTHORISED, "This AE title is not a device of the county."), None
            return
        try:
            request = read_identifier(
                cast(C_FIND, event.request).Identifier, event.context.transfer_syntax, device.charset
            )
            query = read_query(request, self._zone)
            orders = self._orders(device, query)
        except (UnreadableObject, Invalid) as error:
            _log.warning("A worklist query of %s makes no sense: %s", device.ae_title, type(error).__name__)
            yield status_with_comment(_MISMATCH, error.message), None
            return
        except Exception as error:  # noqa: BLE001 - however the database is away, the device is told to come again
            _log.warning("The worklist cannot be read for %s: %s", device.ae_title, type(error).__name__)
            yield status_with_comment(_OUT_OF_RESOURCES, "The worklist cannot be read now; try again later."), None
            return
        yield from self._responses(event, device, query, orders)

    def _responses(
        self, event: evt.Event, device: KnownDevice, query: WorklistQuery, orders: Sequence[ExamOrder]
    ) -> Iterator[Response]:
        answering = self._answering(device, query)
        for order in orders:
            if event.is_cancelled:
                yield _CANCELLED, None
                return
            if item := worklist_item(order, answering, query.request):
                yield _PENDING, item
        _log.info("Gave %s a worklist of %d items.", device.ae_title, len(orders))
        yield _SUCCESS, None

    def _orders(self, device: KnownDevice, query: WorklistQuery) -> list[ExamOrder]:
        with self._database.read(Scope(device.institution_id)) as work:
            made_there = device.modality
            if query.station and query.station != device.ae_title:
                station = modality_of_device(work, device.institution_id, query.station)
                if station is None:
                    return []
                made_there = station
            modality = query.modality or made_there
            wanted = Wanted(
                device.institution_id,
                made_by_the_same_equipment(modality) if modality else (),
                query.station,
                query.scheduled_from,
                query.scheduled_until,
            )
            found = worklist(work, wanted, _MAX_READ)
        fitting = [order for order in found if query.wants(order, self._zone)]
        if len(fitting) > MAX_ITEMS:
            _log.warning("The worklist of %s has %d items; it got the first.", device.ae_title, len(fitting))
        return fitting[:MAX_ITEMS]

    def _answering(self, device: KnownDevice, query: WorklistQuery) -> Answering:
        """A device that calls its X-rays CR is told CR, whatever the order said."""
        own = query.modality or device.modality
        names = dict.fromkeys(made_by_the_same_equipment(own), own) if own else {}
        return Answering(charset_of(device), query.station or device.ae_title, names, self._zone)


def charset_of(device: KnownDevice) -> WorklistCharset:
    """What the device can show; Latin letters when its setting makes no sense."""
    try:
        return WorklistCharset.parse(device.worklist_charset)
    except InvalidField:
        _log.warning("The worklist character set of %s makes no sense; it gets Latin letters.", device.ae_title)
        return WorklistCharset()
