"""DIMSE services beside C-STORE: each brings its SOP classes and what it does for them; here they are bound together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

Handler = Callable[[evt.Event], Any]
"""An intervention handler as pynetdicom describes it for the event: returns a status, or yields responses."""


class Service(Protocol):
    """What one service offers to devices that are admitted."""

    @property
    def sop_classes(self) -> Mapping[str, Sequence[str]]:
        """The transfer syntaxes that are accepted for each abstract syntax."""

    @property
    def handlers(self) -> Mapping[evt.InterventionEvent, Handler]:
        """What is done for which request, for these abstract syntaxes only."""


@runtime_checkable
class Responder(Protocol):
    """A service that sends its responses itself (`dicom_gateway.messages`), since they are many or large."""

    def respond(self, association: Association, request: Any, context: PresentationContext) -> bool:
        """Serve a request in one of its contexts, in the thread of the association; False leaves it to pynetdicom."""


@runtime_checkable
class Selective(Protocol):
    """A service that is not for every device."""

    def is_open_to(self, ae_title: str) -> bool:
        """Whether its contexts are accepted from this device."""


Errand = Callable[[Association], None]
"""Something to do in the thread of an association, between requests; put into its queue of messages."""


class Services:
    """All services of a gateway. pynetdicom knows one handler for each kind of request: it finds the service."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = tuple(services)

    def offered_to(self, ae_title: str) -> dict[str, Sequence[str]]:
        """The transfer syntaxes that are accepted for each abstract syntax of the services for this device."""
        return {
            uid: syntaxes
            for service in self._services
            if not isinstance(service, Selective) or service.is_open_to(ae_title)
            for uid, syntaxes in service.sop_classes.items()
        }

    def event_handlers(self) -> list[evt.EventHandlerType]:
        """To be given to the server."""
        table: dict[evt.InterventionEvent, dict[str, Handler]] = {}
        for service in self._services:
            for event, handler in service.handlers.items():
                table.setdefault(event, {}).update(dict.fromkeys(service.sop_classes, handler))
        bound = [(event, _by_abstract_syntax(handlers)) for event, handlers in table.items()]
        return [*bound, (evt.EVT_ACCEPTED, self._take_over)]

    def _take_over(self, event: evt.Event) -> None:
        """Let responders have their requests before pynetdicom does, and errands be run."""
        responders = {
            uid: service for service in self._services if isinstance(service, Responder) for uid in service.sop_classes
        }
        association = event.assoc
        leave = association._serve_request  # noqa: SLF001 - pynetdicom has no service classes of one's own for known UIDs

        def serve(message: Any, context_id: int) -> None:
            if callable(message):
                message(association)
                return
            context = association._accepted_cx.get(context_id)  # noqa: SLF001 - as in wire.py
            responder = responders.get(str(context.abstract_syntax)) if context is not None else None
            if (
                responder is None
                or not message.is_valid_request
                or not _serve(responder, association, message, context)
            ):
                leave(message, context_id)

        association._serve_request = serve  # type: ignore[method-assign,assignment] # noqa: SLF001


def _serve(responder: Responder, association: Association, message: Any, context: PresentationContext | None) -> bool:
    assert context is not None, "it named the responder"
    try:
        return responder.respond(association, message, context)
    finally:
        association.dimse.cancel_req.clear()


def _by_abstract_syntax(handlers: Mapping[str, Handler]) -> Handler:
    def handle(event: evt.Event) -> Any:
        return handlers[str(event.context.abstract_syntax)](event)

    return handle
