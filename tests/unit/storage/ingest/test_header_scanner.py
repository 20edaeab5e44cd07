from pathlib import Path

import pydicom
from pydicom.uid import ImplicitVRLittleEndian

from storage.domain.errors import UnreadableObject
from storage.ingest.part10 import read_start
from tests.unit.storage.ingest.two_readers import (
    assert_same,
    assert_same_identifiers,
)

PYDICOM_FILES = Path(pydicom.data.__file__).parent
_KNOWN = {".dcm", ""}


def _data_set_of(path: Path) -> tuple[bytes, str]:
    with path.open("rb") as stream:
        try:
            syntax = read_start(stream).transfer_syntax_uid
        except UnreadableObject:
            stream.seek(0)
            syntax = ImplicitVRLittleEndian
        return stream.read(4 << 20), syntax


def _files() -> list[Path]:
    found = [*PYDICOM_FILES.rglob("*.dcm"), *Path(__file__).parents[5].joinpath("shared/data").rglob("*.dcm")]
    return sorted(found)


def test_both_readers_read_every_file_the_same() -> None:
    """Every DICOM file of pydicom, and the real studies beside the repository where they are."""
    read = {path: assert_same(*_data_set_of(path)) for path in _files()}
    found = {path: assert_same_identifiers(*_data_set_of(path)) for path in _files()}
    print([p.name for p, v in read.items() if not v], [p.name for p, v in found.items() if not v])
    assert sum(read.values()) > 0.6 * len(read)
    assert sum(found.values()) > 0.6 * len(found)
