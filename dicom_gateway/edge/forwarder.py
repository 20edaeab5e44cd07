"""Sends what waits: first things first, over a few lanes at once, each a parcel at a time and a piece of it at a time."""

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from dicom_gateway.edge.journal import Journal, ParcelEntry, Waiting
from dicom_gateway.edge.line import Line, LineDown, LineState, Refused
from dicom_gateway.edge.outbox import Outbox
from storage.edge.protocol import Outcome
from storage.ingest.spool import SpoolFolder
from storage.ingest.spool_entry import SpoolEntry

_log = logging.getLogger(__name__)

LANES = 2
"""While one waits for an answer, or packs, the other one fills the line."""

_PARCEL_BYTES = 2 << 20
_PARCEL_OBJECTS = 64
_REST = 1.0
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 15.0


@dataclass
class Shipment:
    """A parcel on its way. `offset` is None while only the server knows how much of it has come.

    `has_moved` when a piece got through since it was taken up.
    """

    parcel: ParcelEntry
    offset: int | None = 0
    has_moved: bool = False


@dataclass
class _Work:
    """What the lanes share."""

    paused: list[Shipment] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    contacts: int = 0


class Forwarder:
    """The lanes. Nothing leaves the spool before the server has confirmed it.

    `held_titles` are those whose objects wait until the server knows their device, None while it has not been asked;
    `on_news` is called when there is something to tell it, or to ask: an association is delivered, a device is unknown.
    """

    def __init__(
        self,
        spool: SpoolFolder,
        journal: Journal,
        outbox: Outbox,
        line: Line,
        held_titles: Callable[[], Collection[str] | None],
        on_state: Callable[[LineState], None],
        on_news: Callable[[], None],
        stopping: threading.Event,
    ) -> None:
        self._spool = spool
        self._journal = journal
        self._outbox = outbox
        self._line = line
        self._held_titles = held_titles
        self._on_state = on_state
        self._on_news = on_news
        self._stopping = stopping
        self._change = threading.Condition()
        self._work = _Work()
        self._lanes = [
            threading.Thread(target=self._run, args=(number,), name=f"lane-{number}", daemon=True)
            for number in range(LANES)
        ]

    def start(self) -> None:
        """Begin with the parcels of a former life."""
        for parcel in self._outbox.left_over():
            self._work.paused.append(Shipment(parcel, None))
            self._work.taken.update(parcel.names)
        for lane in self._lanes:
            lane.start()

    def stop(self) -> None:
        """End after the piece in hand; `stopping` is set by whoever made it."""
        self.wake()
        for lane in self._lanes:
            lane.join()

    def wake(self) -> None:
        """There may be something to send."""
        with self._change:
            self._change.notify_all()

    def line_is_back(self) -> None:
        """The server has answered somebody: no lane needs to wait any longer."""
        with self._change:
            self._work.contacts += 1
            self._change.notify_all()

    def _run(self, lane: int) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            shipment = None
            try:
                shipment = self._next(lane)
                if shipment is None:
                    self._rest(_REST)
                elif self._ship(shipment):
                    wait = _FIRST_WAIT
            except LineDown as down:
                if shipment is not None and shipment.has_moved:
                    wait = _FIRST_WAIT
                self._give_back(shipment)
                self._on_state(down.state)
                self._back_off(max(wait, down.wait))
                wait = min(wait * 2, _LONGEST_WAIT)
            except Exception as error:  # noqa: BLE001 - nothing is dropped that the server has not confirmed
                _log.error("Forwarding failed (%s); it will be tried again.", type(error).__name__)
                self._give_back(shipment)
                self._stopping.wait(_LONGEST_WAIT)

    def _rest(self, seconds: float) -> None:
        with self._change:
            if not self._stopping.is_set():
                self._change.wait(seconds)

    def _back_off(self, seconds: float) -> None:
        with self._change:
            before = self._work.contacts
            self._change.wait_for(lambda: self._stopping.is_set() or self._work.contacts != before, seconds)

    def _give_back(self, shipment: Shipment | None) -> None:
        """Somebody else may go on with it, from wherever the server says."""
        if shipment is not None:
            shipment.offset = None
            with self._change:
                self._work.paused.append(shipment)

    def _next(self, lane: int) -> Shipment | None:
        """The most urgent of what was interrupted and what waits."""
        held = self._held_titles()
        if held is None:
            return None
        with self._change:
            found = self._journal.next_objects(_PARCEL_OBJECTS, held, self._work.taken)
            paused = min(self._work.paused, key=lambda one: one.parcel.rank, default=None)
            if paused is not None and (not found or paused.parcel.rank <= found[0].rank):
                self._work.paused.remove(paused)
                return paused
            chosen = _fitting(found)
            self._work.taken.update(one.name for one in chosen)
        return Shipment(self._packed(chosen, lane)) if chosen else None

    def _packed(self, chosen: list[Waiting], lane: int) -> ParcelEntry:
        try:
            return self._outbox.pack(chosen, lane)
        except BaseException:
            with self._change:
                self._work.taken.difference_update(one.name for one in chosen)
            raise

    def _ship(self, shipment: Shipment) -> bool:
        """Send until the server has taken the parcel in; False when something more urgent came between."""
        parcel = shipment.parcel
        shipment.has_moved = False
        answer: dict[str, Any] = {"offset": shipment.offset}
        if shipment.offset is None:
            answer = self._line.state_of(parcel.id)
        while answer.get("outcomes") is None:
            if self._is_overtaken(parcel.rank):
                self._give_back(shipment)
                return False
            answer = self._send_piece(parcel, int(answer["offset"]))
            shipment.has_moved = True
            self._on_state(LineState.ONLINE)
            if answer.get("code") == "damaged_transfer":
                self._start_anew(parcel, ())
                return True
        self._settle(parcel, answer["outcomes"])
        return True

    def _send_piece(self, parcel: ParcelEntry, offset: int) -> dict[str, Any]:
        size = min(self._line.piece_size.bytes, parcel.size - offset)
        piece = self._outbox.read(parcel, offset, size)
        try:
            return self._line.send_piece(parcel.id, parcel.size, offset, piece)
        except Refused as refusal:
            if refusal.status == HTTPStatus.CONFLICT:
                return self._where_to_go_on(parcel, offset)
            if refusal.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._line.piece_size.refused(size)
                return {"offset": offset}
            _log.warning("The server refused a parcel (%s).", refusal)
            if refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
                return {"code": "damaged_transfer"}
            raise LineDown(LineState.SERVER_FAULT) from refusal

    def _where_to_go_on(self, parcel: ParcelEntry, offset: int) -> dict[str, Any]:
        """After a refused piece. When the server wants the same one again, the line damages what it carries."""
        answer = self._line.state_of(parcel.id)
        if answer.get("outcomes") is None and answer["offset"] == offset:
            raise LineDown(LineState.BROKEN)
        return answer

    def _is_overtaken(self, rank: int) -> bool:
        if rank == 0:
            return False
        with self._change:
            if any(one.parcel.rank < rank for one in self._work.paused):
                return True
            found = self._journal.next_objects(1, self._held_titles() or (), self._work.taken)
        return bool(found) and found[0].rank < rank

    def _settle(self, parcel: ParcelEntry, outcomes: dict[str, str]) -> None:
        """Remove what is durable on the server, and only that."""
        durable = [name for name in parcel.names if outcomes.get(name) == Outcome.DURABLE]
        damaged = [name for name in parcel.names if outcomes.get(name) == Outcome.DAMAGED]
        self._journal.confirm(durable)
        for name in durable:
            entry = SpoolEntry.parse(name)
            if entry is not None:
                self._spool.remove(entry)
        if self._journal.finished_associations(1):
            self._on_news()
        if Outcome.UNKNOWN_DEVICE in outcomes.values():
            self._on_news()
            self._stopping.wait(_REST)
        self._start_anew(parcel, damaged)

    def _start_anew(self, parcel: ParcelEntry, damaged: Collection[str]) -> None:
        """Let go of a parcel; what is not confirmed waits again, without compressed frames where those went wrong."""
        if damaged:
            _log.error("%d objects did not come out right at the server; they are sent as they are.", len(damaged))
            self._journal.send_plain(damaged)
        self._outbox.drop(parcel)
        with self._change:
            self._work.taken.difference_update(parcel.names)


def _fitting(found: list[Waiting]) -> list[Waiting]:
    """The first objects that make a parcel: of one rank, some megabytes together."""
    chosen: list[Waiting] = []
    size = 0
    for one in found:
        if one.rank != found[0].rank or (chosen and size + one.size > _PARCEL_BYTES):
            break
        chosen.append(one)
        size += one.size
    return chosen
