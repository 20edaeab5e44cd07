"""Notices leave the house from PostgreSQL: the same tests, with the `county` of this folder."""

from tests.functional.queue.deliveries import *  # noqa: F403
