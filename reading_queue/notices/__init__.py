"""Telling people. A notice is written in the transaction that made it true; what carries it out of the house comes after."""

from reading_queue.notices.outbox import About, Audience, Telling, notify, notify_many

__all__ = ["About", "Audience", "Telling", "notify", "notify_many"]
