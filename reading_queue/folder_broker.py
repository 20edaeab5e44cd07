"""Celery's broker for one machine: kombu's filesystem transport, made safe for several processes.

kombu 5.7 writes a message where readers already see it, takes it with a copy across file systems, and rewrites the table
of an exchange in place: a reader can meet half a file. Here every file appears whole, by renaming, and a message is taken
by renaming it, which exactly one reader can do.
"""

import fcntl
import json
import uuid
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import filesystem
from kombu.transport.virtual import BrokerState
from kombu.utils.json import dumps, loads

from storage.domain.clock import nanoseconds

POLLING_INTERVAL = 0.05
"""Seconds between two looks into the folder: the median wait for a hint is half of it."""


def folder_options(folder: Path) -> dict[str, Any]:
    """The transport's options for a broker in `folder`, which is made."""
    messages, taken, control = folder / "messages", folder / "taken", folder / "control"
    for one in (messages, taken, control):
        one.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "processed_folder": str(taken),
        "control_folder": str(control),
        "polling_interval": POLLING_INTERVAL,
    }


class Channel(filesystem.Channel):
    """kombu's channel with whole files only. Messages are `<nanoseconds>_<uuid>.<queue>.msg`, taken in that order."""

    def _put(self, queue: str, payload: dict[str, Any], **_kwargs: Any) -> None:  # type: ignore[override]
        name = f"{nanoseconds():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))  # type: ignore[no-untyped-call]

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - kombu's signature
        ending = f"{queue}.msg"
        for name in sorted(path.name for path in Path(self.data_folder_in).iterdir()):
            if name.partition(".")[2] == ending:
                payload = self._take(name)
                if payload is not None:
                    return payload
        raise Empty

    def _take(self, name: str) -> Any:
        taken = Path(self.processed_folder) / name
        try:
            (Path(self.data_folder_in) / name).rename(taken)
        except FileNotFoundError:
            return None  # another reader was faster
        payload = taken.read_bytes()
        taken.unlink()
        return loads(payload.decode())  # type: ignore[no-untyped-call]

    def _restore(self, message: Any) -> None:
        # kombu marks the message where Celery does not look.
        message.properties["delivery_info"]["redelivered"] = True
        super()._restore(message)  # type: ignore[no-untyped-call]

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        try:
            rows = json.loads(self._table_file(exchange).read_bytes())
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with (self.control_folder / "bindings.lock").open("wb") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if row not in table:
                _write_whole(self._table_file(exchange), json.dumps([row, *table]))

    def _table_file(self, exchange: str) -> Path:
        return Path(self._exchange_file(exchange))  # type: ignore[no-untyped-call]


class Transport(filesystem.Transport):
    """The transport with that channel. What has been declared is remembered for each folder apart."""

    Channel = Channel
    _states: ClassVar[dict[str, BrokerState]] = {}

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)  # type: ignore[no-untyped-call]
        folder = str(client.transport_options["control_folder"])
        self.state = self._states.setdefault(folder, BrokerState())  # type: ignore[no-untyped-call]


def _write_whole(path: Path, text: str) -> None:
    # Readers look for the ending ".msg" or ".exchange", which the half-written file does not have.
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(path)
