"""Repairs of text are counted as objects are catalogued, for whoever sets up the devices."""

from collections.abc import Iterable, Mapping

from storage.db.models import Device
from storage.db.queries.charsets import count_repairs
from storage.db.session import UnitOfWork
from storage.ingest.arrival import Arrival
from storage.ingest.charset import countable
from storage.ingest.header import ObjectHeader


def note_repairs(
    work: UnitOfWork, devices: Mapping[str, Device], entered: Iterable[tuple[Arrival, ObjectHeader]]
) -> None:
    """Count those of the objects just entered whose text was repaired. `devices` are by calling AE title."""
    repaired = ((arrival.meta.source_ae_title, header.charset_repair) for arrival, header in entered)
    count_repairs(work, [(devices[title].id, countable(repair)) for title, repair in repaired if repair])
