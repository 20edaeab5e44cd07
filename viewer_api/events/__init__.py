"""Server-sent events for open screens."""
