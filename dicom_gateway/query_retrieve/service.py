"""The service that answers C-FIND, C-MOVE and C-GET (PS3.4 annex C)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import C_FIND, C_GET, C_MOVE
from pynetdicom.presentation import PresentationContext

from dicom_gateway.messages import Command, ConnectionLost, Messages, peer_title
from dicom_gateway.outgoing import Outgoing
from dicom_gateway.presentation import VERIFICATION_SYNTAXES
from dicom_gateway.query_retrieve.answers import Answering
from dicom_gateway.query_retrieve.exchange import Exchange
from dicom_gateway.query_retrieve.finding import answer_query
from dicom_gateway.query_retrieve.identifier import BadIdentifier, read_query, read_selection
from dicom_gateway.query_retrieve.progress import Progress
from dicom_gateway.query_retrieve.retrieving import MOST_OBJECTS, Retrieval
from dicom_gateway.query_retrieve.status import C_FIND_RSP, C_GET_RSP, C_MOVE_RSP, QueryStatus
from dicom_gateway.query_retrieve.sub_operations import Sender
from dicom_gateway.send import PeerUnavailable
from dicom_gateway.services import Handler
from storage.db.queries import query_retrieve
from storage.db.queries.reception import KnownDevice
from storage.db.session import COUNTY, Database, Scope
from storage.domain.matching import Level
from storage.domain.reading import InstitutionKind
from storage.ingest.holding import Holding

_log = logging.getLogger(__name__)

MOST_MATCHES = 5000

FindDevice = Callable[[str], KnownDevice | None]


@dataclass(frozen=True)
class _Model:
    """A SOP class: the request it is for, the command that answers, and the highest level of its information model."""

    request: type
    response: int
    top: Level


_MODELS: Mapping[str, _Model] = {
    "1.2.840.10008.5.1.4.1.2.1.1": _Model(C_FIND, C_FIND_RSP, Level.PATIENT),
    "1.2.840.10008.5.1.4.1.2.1.2": _Model(C_MOVE, C_MOVE_RSP, Level.PATIENT),
    "1.2.840.10008.5.1.4.1.2.1.3": _Model(C_GET, C_GET_RSP, Level.PATIENT),
    "1.2.840.10008.5.1.4.1.2.2.1": _Model(C_FIND, C_FIND_RSP, Level.STUDY),
    "1.2.840.10008.5.1.4.1.2.2.2": _Model(C_MOVE, C_MOVE_RSP, Level.STUDY),
    "1.2.840.10008.5.1.4.1.2.2.3": _Model(C_GET, C_GET_RSP, Level.STUDY),
}


class QueryRetrieve:
    """A clinic's device sees what its own institution has (I8), a device of the centre the county's."""

    def __init__(
        self,
        database: Database,
        holding: Holding,
        find_device: FindDevice,
        outgoing: Outgoing,
        ae_title: str,
        *,
        most_matches: int = MOST_MATCHES,
    ) -> None:
        self._database = database
        self._holding = holding
        self._find_device = find_device
        self._outgoing = outgoing
        self._ae_title = ae_title
        self._most_matches = most_matches

    @property
    def sop_classes(self) -> Mapping[str, Sequence[str]]:
        return dict.fromkeys(_MODELS, VERIFICATION_SYNTAXES)

    @property
    def handlers(self) -> Mapping[evt.InterventionEvent, Handler]:
        return {}

    def is_open_to(self, ae_title: str) -> bool:
        device = self._find_device(ae_title)
        return device is not None and device.may_query

    def respond(self, association: Association, request: Any, context: PresentationContext) -> bool:
        model = _MODELS[str(context.abstract_syntax)]
        if not isinstance(request, model.request):
            return False
        exchange = Exchange(Messages(association), context, request, model.response)
        try:
            self._serve(exchange, model, self._find_device(peer_title(association)))
        except ConnectionLost:
            _log.info("A peer left before it had all that it asked for.")
        return True

    def _serve(self, exchange: Exchange, model: _Model, device: KnownDevice | None) -> None:
        if device is None or not device.may_query:
            exchange.respond(QueryStatus.NOT_AUTHORIZED, comment="This device may not query or retrieve.")
            return
        try:
            if model.request is C_FIND:
                self._find(exchange, model, device)
            elif model.request is C_MOVE:
                self._move(exchange, model, device)
            else:
                self._get(exchange, model, device)
        except ConnectionLost:
            raise
        except BadIdentifier as error:
            exchange.respond(QueryStatus.IDENTIFIER_DOES_NOT_MATCH, comment=error.message)
        except Exception as error:  # noqa: BLE001 - however the catalogue is away, the peer is told and may ask again
            _log.warning("A request of %s could not be served (%s).", device.ae_title, type(error).__name__)
            exchange.respond(QueryStatus.UNABLE_TO_PROCESS, comment="The catalogue does not answer; try again later.")

    def _find(self, exchange: Exchange, model: _Model, device: KnownDevice) -> None:
        assumed = device.worklist_charset or device.charset
        identifier = read_query(exchange.identifier, exchange.syntax, top=model.top, assumed_charset=assumed)
        charsets = ((device.worklist_charset,), identifier.charset, (device.charset,))
        answering = Answering(identifier, self._ae_title, charsets, exchange.syntax)
        answer_query(exchange, answering, self._database, scope_of(device), self._most_matches)

    def _move(self, exchange: Exchange, model: _Model, device: KnownDevice) -> None:
        destination = self._destination(exchange.request.MoveDestination, device)
        if destination is None or destination.port is None:
            exchange.respond(QueryStatus.DESTINATION_UNKNOWN, comment="The destination is not known with its address.")
            return
        retrieval = self._retrieval(exchange, model, device)
        if retrieval is None:
            return
        origin: Command = {0x1030: device.ae_title, 0x1031: int(exchange.request.MessageID)}
        called = destination.host, destination.port, destination.ae_title
        try:
            with self._outgoing.messages(*called, retrieval.contexts()) as messages:
                retrieval.run(Sender(messages, self._holding, origin))
        except PeerUnavailable:
            retrieval.fail("The destination does not accept an association.")

    def _destination(self, ae_title: str | None, device: KnownDevice) -> KnownDevice | None:
        """A clinic's device may send to those of its own institution only."""
        found = self._find_device((ae_title or "").strip())
        if found is None or not found.host or found.port is None:
            return None
        return found if scope_of(device).institution_id in (None, found.institution_id) else None

    def _get(self, exchange: Exchange, model: _Model, device: KnownDevice) -> None:
        retrieval = self._retrieval(exchange, model, device)
        if retrieval is not None:
            retrieval.run(Sender(exchange.messages, self._holding))

    def _retrieval(self, exchange: Exchange, model: _Model, device: KnownDevice) -> Retrieval | None:
        """None when that is all: there is nothing, or too much."""
        scope = scope_of(device)
        selection = read_selection(exchange.identifier, exchange.syntax, top=model.top)
        with self._database.read(scope) as work:
            if selection.level is Level.PATIENT and query_retrieve.number_spaces(work, selection) > 1:
                raise BadIdentifier("Several patients have this ID; give Issuer of Patient ID.")
            ids = query_retrieve.locate(work, selection, MOST_OBJECTS)
        if len(ids) > MOST_OBJECTS:
            exchange.respond(QueryStatus.TOO_MANY_TO_COUNT, comment="More than 65535 objects; ask for less at a time.")
            return None
        if not ids:
            exchange.respond(QueryStatus.SUCCESS, elements=Progress(0).elements(QueryStatus.SUCCESS))
            return None
        return Retrieval(exchange, self._database, scope, ids)


def scope_of(device: KnownDevice) -> Scope:
    """Whose studies the device may see."""
    return COUNTY if device.institution_kind == InstitutionKind.CENTRE else Scope(device.institution_id)
