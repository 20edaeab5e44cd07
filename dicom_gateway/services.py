"""DIMSE services beside C-STORE: each brings its SOP classes and what it does for them; here they are bound together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from pynetdicom import evt

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


class Services:
    """All services of a gateway. pynetdicom knows one handler for each kind of request: it finds the service."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = tuple(services)

    @property
    def sop_classes(self) -> dict[str, Sequence[str]]:
        """The transfer syntaxes that are accepted for each abstract syntax of every service."""
        return {uid: syntaxes for service in self._services for uid, syntaxes in service.sop_classes.items()}

    def event_handlers(self) -> list[tuple[evt.InterventionEvent, Handler]]:
        """To be given to the server."""
        table: dict[evt.InterventionEvent, dict[str, Handler]] = {}
        for service in self._services:
            for event, handler in service.handlers.items():
                table.setdefault(event, {}).update(dict.fromkeys(service.sop_classes, handler))
        return [(event, _by_abstract_syntax(handlers)) for event, handlers in table.items()]


def _by_abstract_syntax(handlers: Mapping[str, Handler]) -> Handler:
    def handle(event: evt.Event) -> Any:
        return handlers[str(event.context.abstract_syntax)](event)

    return handle
