"""Data sets and Part 10 files made for a test."""

import io
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from storage.ingest.part10 import FileMeta, encode_start


def data_set(**attributes: Any) -> Dataset:
    """A small CT object of a patient; `attributes` replace or (None) remove what it says."""
    made = Dataset()
    defaults = {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": generate_uid(),
        "StudyInstanceUID": generate_uid(),
        "SeriesInstanceUID": generate_uid(),
        "PatientID": "0001",
        "PatientName": "ZHANG^SAN",
        "PatientSex": "M",
        "PatientBirthDate": "19700101",
        "Modality": "CT",
        "StudyDate": "20260102",
        "StudyTime": "101112",
        "InstanceNumber": "1",
    }
    for keyword, value in {**defaults, **attributes}.items():
        if value is not None:
            setattr(made, keyword, value)
    return made


def encode(made: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The data set alone, encoded."""
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = "1.2"
    made.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    whole = io.BytesIO()
    dcmwrite(whole, made, enforce_file_format=True)
    length = int.from_bytes(whole.getvalue()[140:144], "little")
    return whole.getvalue()[144 + length :]


def with_raw_name(encoded: bytes, name: bytes, placeholder: bytes = b"ZHANG^SAN ") -> bytes:
    """Replace the name's bytes, padded to the same length, as equipment writes it that knows no character sets."""
    assert placeholder in encoded
    assert len(name) <= len(placeholder)
    return encoded.replace(placeholder, name.ljust(len(placeholder)))


def file_of(
    encoded: bytes, *, ae_title: str = "T01_CT", syntax: str = ExplicitVRLittleEndian, uid: str = "1.2.3"
) -> bytes:
    """A Part 10 file as the spool keeps it."""
    return encode_start(FileMeta(CTImageStorage, uid, syntax, ae_title)) + encoded


def save(path: Path, made: Dataset, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write a Part 10 file that other tools read."""
    encoded = encode(made, syntax)
    meta = FileMeta(made.SOPClassUID, made.SOPInstanceUID, syntax, "")
    path.write_bytes(encode_start(meta) + encoded)
    return path
