"""The Celery application of workers and of the scheduler."""

from celery import Celery

from reading_queue.broker import configuration
from reading_queue.tasks import register_tasks
from reading_queue.workshop import Workshop
from storage.settings import Settings


def make_celery(settings: Settings) -> Celery:
    """The application over the broker that the settings name. Nothing is contacted yet."""
    app = Celery("countyread", set_as_current=False, changes=configuration(settings))
    register_tasks(app, Workshop(settings))
    return app
