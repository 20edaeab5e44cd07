"""What happens when an association is asked for, and when it is over."""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.pdu_primitives import A_ASSOCIATE
from pynetdicom.presentation import PresentationContext, build_context

from dicom_gateway.admission import SELF_CHECK, Admission, Caller
from dicom_gateway.associations import AssociationLog, Line
from dicom_gateway.presentation import VERIFICATION, VERIFICATION_SYNTAXES, acceptable_syntaxes, is_storage
from dicom_gateway.receiver import StoreReceiver
from dicom_gateway.services import Services
from dicom_gateway.status import REJECTED_PERMANENT, SERVICE_USER
from dicom_gateway.wire import ReceivingProvider
from storage.domain.clock import monotonic
from storage.ingest.spool import Spool

_log = logging.getLogger(__name__)

_CHECK_SECONDS = 0.05


class Handlers:
    """Bound to every association of the gateway."""

    def __init__(self, spool: Spool, admission: Admission, log: AssociationLog, services: Services) -> None:
        self._spool = spool
        self._services = services
        self._admission = admission
        self._log = log
        self._lines: dict[Association, Line] = {}

    def on_requested(self, event: evt.Event) -> None:
        """An A-ASSOCIATE-RQ has come: admit the caller and offer what it may send, or reject it for good."""
        association = event.assoc
        request = cast(A_ASSOCIATE, association.requestor.primitive)
        address = association.requestor.address_info
        caller = Caller(
            request.calling_ae_title.strip(), request.called_ae_title.strip(), address.address if address else ""
        )
        reason = self._admission.reason_to_refuse(caller)
        if reason is not None:
            association.acse.send_reject(REJECTED_PERMANENT, SERVICE_USER, reason)
            association.kill()
            return
        services = {} if caller.calling_ae_title == SELF_CHECK else self._services.sop_classes
        association.acceptor.supported_contexts = _supported(
            request, services, may_store=caller.calling_ae_title != SELF_CHECK
        )
        line = self._log.open(caller.calling_ae_title, caller.address)
        self._lines[association] = line
        cast(ReceivingProvider, association.dul).receiver = StoreReceiver(self._spool, line, self._log.note)

    def on_end(self, association: Association) -> None:
        """Released, aborted, or cut: nothing more will come."""
        line = self._lines.pop(association, None)
        if line is not None:
            self._log.close(line, released=bool(association.is_released))

    def stop(self, associations: Iterable[Association], grace: float) -> None:
        """Abort associations; those in the middle of an object have `grace` seconds to finish it."""
        deadline = monotonic() + grace
        waiting = list(associations)
        while waiting and monotonic() < deadline:
            for association in waiting:
                _abort_if_idle(association)
            time.sleep(_CHECK_SECONDS)
            waiting = [one for one in waiting if one.is_alive() or one.dul.is_alive()]
        for association in waiting:
            _cut(association)


def _supported(
    request: A_ASSOCIATE, services: Mapping[str, Sequence[str]], *, may_store: bool
) -> list[PresentationContext]:
    """Contexts for all storage classes that were proposed, with the known ones of their transfer syntaxes."""
    offered: dict[str, list[str]] = {VERIFICATION: list(VERIFICATION_SYNTAXES)}
    offered |= {uid: list(syntaxes) for uid, syntaxes in services.items()}
    for context in request.presentation_context_definition_list if may_store else ():
        sop_class = str(context.abstract_syntax)
        if is_storage(sop_class):
            offered.setdefault(sop_class, []).extend(acceptable_syntaxes(map(str, context.transfer_syntax)))
    return [build_context(uid, list(dict.fromkeys(syntaxes))) for uid, syntaxes in offered.items() if syntaxes]


def _abort_if_idle(association: Association) -> None:
    receiver = cast(ReceivingProvider, association.dul).receiver
    if receiver is None or not receiver.is_receiving:
        association.abort(block=False)


def _cut(association: Association) -> None:
    """A peer that stalls in the middle of an object is not waited for."""
    connection = association.dul.socket
    if connection is not None:
        connection.close()
