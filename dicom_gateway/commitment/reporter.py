"""The threads that decide requests and tell the devices, in the gateway process; several gateways share the work."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydicom import Dataset
from pydicom.uid import UID
from pynetdicom import build_role
from pynetdicom.presentation import build_context

from dicom_gateway.commitment.deciding import Deciding, GoOn
from dicom_gateway.commitment.lines import OpenLines
from dicom_gateway.commitment.report import event_information, tell
from dicom_gateway.commitment.request import SOP_CLASS
from dicom_gateway.messages import Messages
from dicom_gateway.outgoing import Outgoing
from dicom_gateway.presentation import VERIFICATION_SYNTAXES
from dicom_gateway.send import PeerUnavailable
from storage.db.models import CommitmentRequest, Device
from storage.db.queries import commitment
from storage.db.session import COUNTY, Database, Scope
from storage.domain.clock import Clock, monotonic
from storage.domain.commitment import REPORT_LIMIT, CommitmentState, next_look, next_report
from storage.domain.errors import CountyReadError
from storage.domain.reading import InstitutionKind

_log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=5)
_RENEW = 30.0
_REST, _AFTER_FAILURE, _GRACE = 1.0, 5.0, 5.0
_ADDRESS_AGAIN = timedelta(minutes=1)


class NoAddress(CountyReadError):
    """The device has no host and port, and the association over which it asked is over."""

    code = "no_address"


class CommitmentReporter:
    """`start` and `stop` with the gateway; `wake` when a request has come."""

    def __init__(
        self,
        database: Database,
        deciding: Deciding,
        lines: OpenLines,
        outgoing: Outgoing,
        clock: Clock,
        *,
        ae_title: str,
        gateway: str,
        workers: int = 2,
    ) -> None:
        self._database = database
        self._deciding = deciding
        self._lines = lines
        self._outgoing = outgoing
        self._clock = clock
        self._ae_title = ae_title
        self._gateway = gateway
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._has_released = False
        self._threads: Sequence[threading.Thread] = [
            threading.Thread(target=self._run, name=f"commitment-{number}", daemon=True) for number in range(workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the object in hand; the database has the rest, and a report that is cut comes again."""
        self._stopping.set()
        self._awake.set()
        self._outgoing.cut()
        for thread in self._threads:
            thread.join(_GRACE)

    def wake(self) -> None:
        self._awake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                rest = 0.0 if self._turn() else _REST
            except Exception as error:  # noqa: BLE001 - the database is away; the requests are kept there and wait
                _log.warning("Storage commitment waits (%s).", type(error).__name__)
                rest = _AFTER_FAILURE
            if rest:
                self._awake.wait(rest)
                self._awake.clear()

    def _turn(self) -> bool:
        """One look at one request; False when none is due, which costs no writer's turn."""
        if self._has_released:
            with self._database.read() as work:
                if not commitment.is_any_due(work):
                    return False
        with self._database.write() as work:
            if not self._has_released:
                commitment.release_claims(work, self._gateway)
                self._has_released = True
            request = commitment.claim_next(work, self._gateway, _LEASE)
        if request is None:
            return False
        values = self._look(request) if request.state == CommitmentState.OPEN else self._report(request)
        with self._database.write() as work:
            commitment.finish_turn(work, request.id, self._gateway, values)
        return True

    def _look(self, request: CommitmentRequest) -> dict[str, object]:
        now = self._clock.now()
        again = {"next_try_at": now + next_look(now - request.requested_at)}
        decisions = dict(request.decisions)
        try:
            self._deciding.look(request, _scope_of(request.device), now, decisions, self._renewal(request))
        except CountyReadError as error:
            return {"decisions": decisions, "last_error": error.message, **again}
        if len(decisions) == len(request.items):
            return {**commitment.decided_values(decisions, now), "next_try_at": now, "last_error": ""}
        waiting = len(request.items) - len(decisions)
        return {"decisions": decisions, "last_error": f"{waiting} objects have not come or are on their way.", **again}

    def _renewal(self, request: CommitmentRequest) -> GoOn:
        """Keeps the claim alive while objects are read; stops when the gateway does."""
        renewed_at = monotonic()

        def go_on() -> bool:
            nonlocal renewed_at
            if monotonic() - renewed_at > _RENEW:
                renewed_at = monotonic()
                with self._database.write() as work:
                    return commitment.renew_claim(work, request.id, self._gateway, _LEASE)
            return not self._stopping.is_set()

        return go_on

    def _report(self, request: CommitmentRequest) -> dict[str, object]:
        now, attempts = self._clock.now(), request.attempts + 1
        told = event_information(request.transaction_uid, request.items, request.decisions, self._ae_title)
        try:
            self._tell(request.device, told)
        except NoAddress as error:
            return _put_off(request, now, error.message, _ADDRESS_AGAIN)
        except CountyReadError as error:
            return {**_put_off(request, now, error.message, next_report(attempts)), "attempts": attempts}
        return {
            "state": CommitmentState.REPORTED,
            "reported_at": self._clock.now(),
            "attempts": attempts,
            "last_error": "",
        }

    def _tell(self, device: Device, told: Dataset) -> None:
        def on_line(messages: Messages, context_id: int, syntax: UID) -> None:
            tell(messages, context_id, syntax, told)

        if not device.host or device.port is None:
            if not self._lines.run(device.id, on_line):
                raise NoAddress("The device has no host and port, and its association is over.")
            return
        try:
            self._call(device.host, device.port, device.ae_title, told)
        except PeerUnavailable:
            if not self._lines.run(device.id, on_line):
                raise

    def _call(self, host: str, port: int, ae_title: str, told: Dataset) -> None:
        """On an association of our own, in the role of the SCP (PS3.7 D.3.3.4)."""
        contexts = [build_context(SOP_CLASS, list(VERIFICATION_SYNTAXES))]
        roles = [build_role(SOP_CLASS, scp_role=True)]
        with self._outgoing.messages(host, port, ae_title, contexts, roles) as messages:
            (context,) = messages.association.accepted_contexts
            assert context.context_id is not None, "it was accepted"
            tell(messages, context.context_id, context.transfer_syntax[0], told)


def _put_off(request: CommitmentRequest, now: datetime, reason: str, pause: timedelta) -> dict[str, object]:
    given_up = now - request.requested_at >= REPORT_LIMIT
    if given_up:
        _log.error("Storage commitment: %s could not be told for a week; that is given up.", request.device.ae_title)
    state = CommitmentState.GIVEN_UP if given_up else CommitmentState.DECIDED
    return {"state": state, "last_error": reason, "next_try_at": now + pause}


def _scope_of(device: Device) -> Scope:
    """Whose objects the device may ask about."""
    return COUNTY if device.institution.kind == InstitutionKind.CENTRE else Scope(device.institution_id)
