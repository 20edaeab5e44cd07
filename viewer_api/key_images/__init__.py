"""Frames that readers mark as telling."""
