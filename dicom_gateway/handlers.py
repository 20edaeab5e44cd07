"""What happens when an association is asked for, and when it is over."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import cast

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.pdu_primitives import A_ASSOCIATE
from pynetdicom.presentation import PresentationContext

from dicom_gateway.admission import SELF_CHECK, Admission, Caller
from dicom_gateway.associate import fault_of
from dicom_gateway.associations import AssociationLog, Line
from dicom_gateway.presentation import VERIFICATION, VERIFICATION_SYNTAXES, acceptable_syntaxes, is_storage
from dicom_gateway.receiver import StoreReceiver
from dicom_gateway.roles import asks_to_receive, context_with_roles
from dicom_gateway.services import Services
from dicom_gateway.status import REJECTIONS, Rejection
from dicom_gateway.tls import client_certificate
from dicom_gateway.wire import ReceivingProvider
from storage.domain.admission import plain_address
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
        self._seats = Seats()

    def on_requested(self, event: evt.Event) -> None:
        """An A-ASSOCIATE-RQ has come: admit the caller and offer what it may send, or reject it for good."""
        association = event.assoc
        request = cast(A_ASSOCIATE, association.requestor.primitive)
        fault = fault_of(request)
        if fault is not None:
            self._turn_away(association, fault)
            return
        title = request.calling_ae_title.strip()
        caller = _caller(association, request, title, self._seats.take(title))
        reason = self._admission.reason_to_refuse(caller)
        if reason is not None:
            self._seats.give_back(title)
            self._turn_away(association, REJECTIONS[reason])
            return
        self._admit(association, request, caller)

    def _admit(self, association: Association, request: A_ASSOCIATE, caller: Caller) -> None:
        title = caller.calling_ae_title
        is_device = title != SELF_CHECK
        may_store = partial(self._admission.may_store, title) if is_device else None
        services = self._services.offered_to(title) if is_device else {}
        association.acceptor.supported_contexts = _supported(request, services, may_store)
        line = self._log.open(title, caller.address)
        self._lines[association] = line
        cast(ReceivingProvider, association.dul).receiver = StoreReceiver(
            self._spool, line, self._log.note, self._admission.permission(title)
        )

    def _turn_away(self, association: Association, rejection: Rejection) -> None:
        association.acse.send_reject(*rejection)
        association.kill()

    def on_end(self, association: Association) -> None:
        """Released, aborted, or cut: nothing more will come."""
        line = self._lines.pop(association, None)
        if line is not None:
            self._seats.give_back(line.ae_title)
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


class Seats:
    """How many associations each title has. A seat is taken before it is asked for: of many requests at once none is overlooked."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, title: str) -> int:
        """Take one more; returns how many the title had before."""
        with self._guard:
            before = self._taken[title]
            self._taken[title] = before + 1
        return before

    def give_back(self, title: str) -> None:
        with self._guard:
            self._taken[title] -= 1
            if self._taken[title] <= 0:
                del self._taken[title]


def _caller(association: Association, request: A_ASSOCIATE, title: str, open_associations: int) -> Caller:
    address = association.requestor.address_info
    return Caller(
        title,
        request.called_ae_title.strip(),
        plain_address(address.address) if address else "",
        client_certificate(association),
        tuple(dict.fromkeys(filter(is_storage, _proposed(request)))),
        open_associations,
    )


def _supported(
    request: A_ASSOCIATE, services: Mapping[str, Sequence[str]], may_store: Callable[[str], bool] | None
) -> list[PresentationContext]:
    """Contexts for the storage classes that were proposed and may be stored, in the known ones of their transfer syntaxes."""
    offered: dict[str, list[str]] = {VERIFICATION: list(VERIFICATION_SYNTAXES)}
    offered |= {uid: list(syntaxes) for uid, syntaxes in services.items()}
    receives = asks_to_receive(request) if may_store is not None else frozenset()
    for context in request.presentation_context_definition_list:
        sop_class = str(context.abstract_syntax)
        if may_store is not None and (may_store(sop_class) or sop_class in receives):
            offered.setdefault(sop_class, []).extend(acceptable_syntaxes(map(str, context.transfer_syntax)))
    return [
        context_with_roles(uid, syntaxes, may_send=may_store is None or may_store(uid), may_receive=uid in receives)
        for uid, syntaxes in offered.items()
        if syntaxes
    ]


def _proposed(request: A_ASSOCIATE) -> Iterable[str]:
    return (str(context.abstract_syntax) for context in request.presentation_context_definition_list)


def _abort_if_idle(association: Association) -> None:
    receiver = cast(ReceivingProvider, association.dul).receiver
    if receiver is None or not receiver.is_receiving:
        association.abort(block=False)


def _cut(association: Association) -> None:
    """A peer that stalls in the middle of an object is not waited for."""
    connection = association.dul.socket
    if connection is not None:
        connection.close()
