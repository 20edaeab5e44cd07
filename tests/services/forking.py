"""Python processes that begin with everything imported.

An interpreter that imports the product costs seconds of processor time, a fork some milliseconds; the tests start hundreds.
What forks is a process of multiprocessing's that has imported and done nothing else: no thread, no connection.
"""

import multiprocessing
from functools import cache
from multiprocessing.context import ForkServerContext

_PRELOAD = [
    "countyread.cli",
    "dicom_gateway.process",
    "dicom_gateway.edge.process",
    "reading_queue.intake",
    "reading_queue.process",
    "viewer_api.process",
    "celery.bin.celery",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tests.services.countyread",
]


@cache
def forking() -> ForkServerContext:
    """Multiprocessing as it is used with `get_context`, the product preloaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context
