"""What the tasks of one worker process work with: its database and its object store, made after the fork."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from reading_queue.forking import unforked
from reading_queue.notices.carriers import carriers
from reading_queue.notices.delivering import PostOffice
from reading_queue.publisher import publisher
from storage.db.session import Database, make_engine
from storage.domain.clock import SystemClock
from storage.ingest.times import time_zone
from storage.objects import ObjectStore, make_object_store
from storage.settings import Settings

_BRIEFLY = 10.0


class Workshop:
    """Opens each part at the first use in each process: connections must not be shared with a forked child."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._parts: dict[int, _Parts] = {}

    @property
    def database(self) -> Database:
        return self._own.database

    @property
    def store(self) -> ObjectStore:
        return self._own.store

    @property
    def office(self) -> PostOffice:
        """What notices leave the house with."""
        return self._own.office

    @contextmanager
    def brief_database(self) -> Iterator[Database]:
        """A database for this once, whose connections end with the block: safe in a process that forks later."""
        with unforked():
            engine = make_engine(self.settings.database_url, pool_size=1, patience=_BRIEFLY)
            try:
                yield Database(engine)
            finally:
                engine.dispose()

    @property
    def _own(self) -> "_Parts":
        return self._parts.setdefault(os.getpid(), _Parts(self.settings))


class _Parts:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def database(self) -> Database:
        engine = make_engine(self._settings.database_url, pool_size=2)
        zone = time_zone(self._settings.time_zone)
        return Database(engine, publish=publisher(self._settings), zone=zone)

    @cached_property
    def store(self) -> ObjectStore:
        return make_object_store(self._settings.object_store)

    @cached_property
    def office(self) -> PostOffice:
        return PostOffice(carriers(self._settings, SystemClock()), self._settings.public_url)
