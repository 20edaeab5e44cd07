"""What every task of the workers does beside its work: it settles its dead letter, or becomes one."""

import logging
from typing import Any, ClassVar

from celery import Task
from celery.exceptions import Ignore
from sqlalchemy.exc import SQLAlchemyError

from reading_queue import dead_letters
from reading_queue.workshop import Workshop

_log = logging.getLogger(__name__)


class AccountableTask(Task):  # type: ignore[misc]
    """A task whose end is written down. `workshop` is given by the application that registers it."""

    abstract = True
    workshop: ClassVar[Workshop]

    def __call__(self, *args: Any) -> Any:
        """Run, unless the message has come back because too many processes ended under it."""
        redelivered = (self.request.delivery_info or {}).get("redelivered")
        if redelivered and not self._may_run_again(args):
            _log.error("%s is not tried again: too many processes ended under it.", self.name)
            raise Ignore
        return self.run(*args)

    def _may_run_again(self, args: tuple[Any, ...]) -> bool:
        with self.workshop.database.write() as work:
            return dead_letters.may_run_again(work, self.name, args)

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:  # noqa: ARG002
        """The last attempt has failed. Also called in the worker's parent, for a task that ran out of time."""
        try:
            with self.workshop.brief_database() as database, database.write() as work:
                dead_letters.bury(work, self.name, args, type(exc).__name__)
        except SQLAlchemyError as error:
            _log.warning("That %s failed cannot be written down: %s.", self.name, type(error).__name__)

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:  # noqa: ARG002
        """What it once failed at is done."""
        try:
            dead_letters.settle(self.workshop.database, self.name, args)
        except SQLAlchemyError as error:
            _log.warning("That %s succeeded cannot be written down: %s.", self.name, type(error).__name__)


def accountable(workshop: Workshop) -> type[AccountableTask]:
    """The base of the tasks of one application."""
    return type("WorkshopTask", (AccountableTask,), {"workshop": workshop, "abstract": True})
