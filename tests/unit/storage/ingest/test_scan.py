import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from storage.ingest.header import _UID_TAGS, read_identifiers
from storage.ingest.scan import scan_values
from tests.unit.storage.ingest.samples import data_set, encode

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_plain_objects_are_scanned(syntax: str) -> None:
    made = data_set(PatientComments="x" * 3000, StudyDescription="CT")
    values = scan_values(encode(made, syntax), _UID_TAGS, implicit=syntax == ImplicitVRLittleEndian)
    assert values is not None
    uids = [value.decode().strip("\0") for value in values]
    assert uids == [made.SOPClassUID, made.SOPInstanceUID, made.StudyInstanceUID, made.SeriesInstanceUID]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_objects_with_sequences_before_the_uids_are_left_to_the_parser(syntax: str) -> None:
    made = data_set(ReferencedStudySequence=[Dataset()])
    made["ReferencedStudySequence"].is_undefined_length = True
    content = encode(made, syntax)
    assert scan_values(content, _UID_TAGS, implicit=syntax == ImplicitVRLittleEndian) is None
    assert read_identifiers(io.BytesIO(content), syntax).series_instance_uid == made.SeriesInstanceUID


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_start_that_ends_too_early_is_not_guessed(syntax: str) -> None:
    content = encode(data_set(), syntax)
    scanned = [
        scan_values(content[:end], _UID_TAGS, implicit=syntax == ImplicitVRLittleEndian) for end in range(len(content))
    ]
    whole = scan_values(content, _UID_TAGS, implicit=syntax == ImplicitVRLittleEndian)
    assert set(map(repr, scanned)) <= {"None", repr(whole)}


def test_a_missing_uid_is_empty() -> None:
    values = scan_values(encode(data_set(StudyInstanceUID=None)), _UID_TAGS, implicit=False)
    assert values is not None
    assert [bool(value) for value in values] == [True, True, False, True]


@settings(deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_scanned_or_left(content, implicit) -> None:
    scan_values(content, _UID_TAGS, implicit=implicit)
