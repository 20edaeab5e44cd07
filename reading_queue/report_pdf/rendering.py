"""What all documents share: one at a time, streams as they are."""

from threading import Lock

from reportlab import rl_config

RENDERING = Lock()
"""A parsed reportlab font keeps a reading position, so it serves one document at a time."""

rl_config.useA85 = 0
"""Streams in ASCII characters are a fourth longer, and writing them takes longer than drawing the samples of an ECG."""
