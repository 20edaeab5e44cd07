"""Making names in a folder durable, once for everybody who waits for it."""

import threading
from pathlib import Path

from storage.objects.durable import sync_folder


class GroupSync:
    """Makes new names in a folder durable; callers that come while a sync runs share the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Condition()
        self._wanted = self._done = 0
        self._running = False

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
            sync_folder(self._folder)
        finally:
            self._turn.acquire()
            self._running = False
            self._turn.notify_all()
        self._done = target
