import contextlib
import io
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.errors import UnreadableObject
from storage.ingest.part10 import FileMeta, encode_start, read_start
from tests.unit.storage.ingest.samples import data_set, encode

META = FileMeta("1.2.840.10008.5.1.4.1.1.2", "1.2.3.45", "1.2.840.10008.1.2.1", "T01_CT")


def test_pydicom_reads_what_is_written() -> None:
    read = pydicom.dcmread(io.BytesIO(encode_start(META) + encode(data_set())))
    assert read.PatientID == "0001"
    assert read.file_meta.MediaStorageSOPInstanceUID == "1.2.3.45"
    assert read.file_meta.SourceApplicationEntityTitle == "T01_CT"
    assert read.file_meta.FileMetaInformationGroupLength == len(encode_start(META)) - 144


def test_what_is_written_is_read_back() -> None:
    stream = io.BytesIO(encode_start(META) + b"data set")
    assert read_start(stream) == META
    assert stream.read() == b"data set"


def test_files_of_other_writers_are_read() -> None:
    path = Path(pydicom.data.__file__).parent / "test_files/CT_small.dcm"
    with path.open("rb") as stream:
        meta = read_start(stream)
        rest = pydicom.filereader.read_dataset(stream, False, True)
    assert meta.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert rest.Rows == 128


@given(st.text(max_size=30), st.text(max_size=70))
def test_any_names_from_the_network_can_be_written(title: str, uid: str) -> None:
    read_start(io.BytesIO(encode_start(FileMeta(uid, uid, uid, title))))


@given(st.binary(max_size=300), st.booleans())
def test_foreign_bytes_are_read_or_refused(garbage, prefixed) -> None:
    content = bytes(128) + b"DICM\x02\x00" + garbage if prefixed else garbage
    with contextlib.suppress(UnreadableObject):
        read_start(io.BytesIO(content))


def test_no_prefix_is_no_file() -> None:
    with pytest.raises(UnreadableObject, match="DICM"):
        read_start(io.BytesIO(b"plain text"))
