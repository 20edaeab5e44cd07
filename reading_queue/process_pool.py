"""Celery's pool of processes for brokers without an event loop (the folder), made safe against the death of a child.

billiard's children take turns at one pipe, under a semaphore. A child that is killed while it waits for work takes the
semaphore with it, and no other child ever gets work again. A lock of the kernel ends with the process that holds it.
"""

import fcntl
import tempfile
from types import TracebackType

from billiard.pool import Pool
from celery.concurrency import prefork


class KernelLock:
    """A lock between processes that a parent forks, and their parent; not between threads of one process.

    A record lock (fcntl(2)) on a file without a name belongs to a process, whose end releases it, however it ends.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is the lock, and lives as long

    def acquire(self) -> bool:
        """Wait until no other process holds it."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        return True

    def release(self) -> None:
        """Let the next one have it."""
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class BlockingPool(Pool):  # type: ignore[misc]
    """billiard's pool; its pipes for work and for results are guarded by the kernel."""

    def _setup_queues(self) -> None:
        super()._setup_queues()
        for queue in (self._inqueue, self._outqueue):
            queue._rlock, queue._wlock = KernelLock(), KernelLock()  # noqa: SLF001 - the only place they can be changed


class TaskPool(prefork.TaskPool):  # type: ignore[misc]
    """Celery's, with that pool. With an event loop (Redis) each child has pipes of its own, and nothing is changed."""

    BlockingPool = BlockingPool
