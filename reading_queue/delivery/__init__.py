"""Frames that reach their reader over a slow line: lossless HTJ2K, made once after a study arrived."""

from reading_queue.delivery.making import ENCODED_FROM, MAX_ATTEMPTS, find_lost, make_delivery, start_over
from reading_queue.delivery.serving import DeliveredFrames, delivered_frames

__all__ = [
    "ENCODED_FROM",
    "MAX_ATTEMPTS",
    "DeliveredFrames",
    "delivered_frames",
    "find_lost",
    "make_delivery",
    "start_over",
]
