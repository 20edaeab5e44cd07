"""The same SOP Instance UID again, as the catalogue decides on it."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)
from sqlalchemy import update

from storage.db.models import Instance, Quarantine
from storage.db.session import Database
from storage.ingest.jobs import JobKind
from tests.unit.storage.ingest.samples import data_set, encode, with_raw_name
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

pytestmark = pytest.mark.thorough


UIDS: dict[str, Any] = {"SOPInstanceUID": "1.2.1", "StudyInstanceUID": "1.2.2", "SeriesInstanceUID": "1.2.3"}


@pytest.fixture
def shelf(sqlite_database: Database, tmp_path: Path) -> Shelf:
    make_county(sqlite_database)
    return Shelf(sqlite_database, tmp_path / "spool")


def made(**attributes: Any) -> Dataset:
    """With what is written in different ways by different encodings."""
    code = Dataset()
    code.CodeValue, code.CodeMeaning = "T-A0100", "Brain"
    item = Dataset()
    item.ProcedureCodeSequence = [code]
    image = data_set(
        **UIDS, RequestAttributesSequence=[item], PixelRepresentation=1, WindowCenter=["40", "300.5"], **attributes
    )
    image.add_new(0x00280120, "SS", -2000)
    image.add_new(0x00281101, "US", [2, 0, 16])
    image.add_new(0x00281201, "OW", b"\x01\x01\x02\x02")
    image.add_new(0x00409224, "FD", 0.1)
    return image


def reason_for(shelf: Shelf, *again: Any) -> str:
    """Why the second object is kept aside; empty where it is the same."""
    first, second = again
    shelf.add(first[0], syntax=first[1])
    job = shelf.add(second[0], syntax=second[1])
    assert len(rows(shelf.database, Instance)) == 1
    kept = rows(shelf.database, Quarantine)
    assert job.kind in ((JobKind.CHECK, JobKind.DROP) if not kept else (JobKind.UPLOAD,))
    return kept[0].reason if kept else ""


def test_the_same_bytes_are_the_same_object(shelf: Shelf) -> None:
    again = (made(), ExplicitVRLittleEndian)
    assert reason_for(shelf, again, again) == ""


@pytest.mark.parametrize("comment", ["as before", "changed"])
def test_an_object_of_an_earlier_version_is_known_again_by_its_older_digest(shelf: Shelf, comment: str) -> None:
    first = made(PatientComments="as before")
    shelf.add(first)
    older = f"sha256:{hashlib.sha256(encode(first)).hexdigest()}"
    with shelf.database.write() as work:
        work.session.execute(update(Instance).values(dataset_digest=older))
    shelf.add(made(PatientComments=comment))
    assert [row.reason for row in rows(shelf.database, Quarantine)] == (
        [] if comment == "as before" else ["other_bytes"]
    )


SYNTAXES = (ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("first", [True, False])
def test_another_transfer_syntax_is_recognised(shelf: Shelf, syntax: str, *, first: bool) -> None:
    both = [(made(), ExplicitVRLittleEndian), (made(), syntax)]
    assert reason_for(shelf, *(both if first else reversed(both))) == "other_encoding"


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_another_transfer_syntax_with_other_content_is_another_object(shelf: Shelf, syntax: str) -> None:
    other = made(SeriesDescription="other")
    assert reason_for(shelf, (made(), ExplicitVRLittleEndian), (other, syntax)) == "other_bytes"


def test_other_content_within_a_sequence_makes_another_object(shelf: Shelf) -> None:
    other = made()
    other.RequestAttributesSequence[0].ProcedureCodeSequence[0].CodeMeaning = "Head"
    assert reason_for(shelf, (made(), ExplicitVRLittleEndian), (other, ImplicitVRLittleEndian)) == "other_bytes"


def test_what_compression_changes_does_not_make_another_object(shelf: Shelf) -> None:
    plain = encode(made(ImageType=["ORIGINAL", "PRIMARY"], PhotometricInterpretation="RGB", PlanarConfiguration=0))
    packed = encode(
        made(ImageType=["DERIVED", "PRIMARY"], PhotometricInterpretation="YBR_RCT", LossyImageCompression="00")
    )
    assert reason_for(shelf, (plain, ExplicitVRLittleEndian), (packed, JPEGLSLossless)) == "other_encoding"


def test_text_in_another_character_set_does_not_make_another_object(shelf: Shelf) -> None:
    gbk = with_raw_name(encode(made(SpecificCharacterSet="ISO_IR 100")), "张三".encode("gbk"))
    utf8 = made(SpecificCharacterSet="ISO_IR 192")
    utf8.PatientName = "张三"
    assert reason_for(shelf, (gbk, ExplicitVRLittleEndian), (utf8, ImplicitVRLittleEndian)) == "other_encoding"
