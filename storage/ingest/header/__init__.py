"""The header of an object: from its bytes to what the catalogue needs to know of it."""

from storage.ingest.header.attributes import Identifiers, ObjectHeader, ReadingRules, is_read
from storage.ingest.header.reading import read_header, read_identifiers

__all__ = ["Identifiers", "ObjectHeader", "ReadingRules", "is_read", "read_header", "read_identifiers"]
