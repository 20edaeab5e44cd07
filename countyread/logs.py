"""How every process logs: one line an event, UTC, the process first; never patient data."""

import logging
import time


def configure_logging(process: str, level: str) -> None:
    """Send all logs of this process to standard error."""
    formatter = logging.Formatter(f"%(asctime)sZ {process} %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("pynetdicom", "minio", "urllib3", "alembic", "kombu", "amqp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
