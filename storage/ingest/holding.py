"""The bytes of a catalogued object, wherever they are on their way: in a spool of this machine, or in the object store."""

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from storage.domain.studies import InstanceState
from storage.ingest.spool import SpooledFiles
from storage.objects import ObjectStore


class Held(Protocol):
    """The columns of an instance's row that say where its bytes are."""

    @property
    def state(self) -> str: ...
    @property
    def object_key(self) -> str: ...
    @property
    def gateway(self) -> str: ...
    @property
    def spool_name(self) -> str: ...


class Holding:
    """Opens objects. Thread-safe."""

    def __init__(self, store: ObjectStore, spools: Path) -> None:
        self._store = store
        self._spooled = SpooledFiles(spools)

    def open(self, instance: Held) -> AbstractContextManager[BinaryIO]:
        """The whole Part 10 file as a seekable stream.

        Raises `ObjectNotFound` (also for one that waits in the spool of another machine) or `StoreUnavailable`.
        """
        if instance.state == InstanceState.SPOOLED:
            path = self._spooled.find(instance.gateway, instance.spool_name)
            if path is not None:
                with contextlib.suppress(FileNotFoundError):  # it has just gone to the store
                    return path.open("rb")
        return self._store.open(instance.object_key)
