"""Making names in a folder durable, once for everybody who waits for it."""

import os
import threading
from pathlib import Path


class GroupSync:
    """Makes new names in a folder durable; callers that come while a sync runs share the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Condition()
        self._wanted = self._done = 0
        self._running = False
        self._open = -1

    def __call__(self) -> None:
        with self._turn:
            self._wanted += 1
            mine = self._wanted
            while self._done < mine:
                if self._running:
                    self._turn.wait()
                else:
                    self._lead()

    def _lead(self) -> None:
        target, self._running = self._wanted, True
        self._turn.release()
        try:
            os.fsync(self._descriptor())
        finally:
            self._turn.acquire()
            self._running = False
            self._turn.notify_all()
        self._done = target

    def _descriptor(self) -> int:
        """Of the folder; only the leader asks."""
        if self._open < 0:
            self._open = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        return self._open

    def close(self) -> None:
        if self._open >= 0:
            os.close(self._open)
            self._open = -1
