"""Metadata and bulk data from outside make a Part 10 file, or are refused in words."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.domain.errors import CountyReadError, TooLarge, UnreadableObject
from tests.unit.storage.ingest.samples import data_set
from viewer_api.dicomweb.multipart_reader import Part
from viewer_api.dicomweb.store_metadata import SplitObjects, about, gathered, write_part10

JSON = "application/dicom+json"


def part(content: bytes, kind: str = JSON, location: str = "") -> Part:
    return Part({"content-type": kind, "content-location": location}, io.BytesIO(content))


def made_of(split: SplitObjects, metadata: dict[str, Any]) -> pydicom.Dataset:
    file = io.BytesIO()
    write_part10(metadata, split, file)
    file.seek(0)
    return pydicom.dcmread(file)


def test_values_come_from_the_part_that_they_name(tmp_path: Path) -> None:
    metadata = data_set().to_json_dict()
    metadata["00091001"] = {"vr": "OB", "BulkDataURI": "a"}
    with gathered(
        iter([part(json.dumps(metadata).encode()), part(b"1234", "application/octet-stream", "a")]), tmp_path
    ) as split:
        (one,) = split.instances
        assert made_of(split, one)[0x00091001].value == b"1234"
        assert about(one) == (metadata["00080016"]["Value"][0], metadata["00080018"]["Value"][0])
    assert list(tmp_path.iterdir()) == []


def test_metadata_has_a_limit(tmp_path: Path) -> None:
    with pytest.raises(TooLarge), gathered(iter([part(b"[" + b" " * (17 << 20))]), tmp_path):
        pass


@pytest.mark.parametrize("content", [b"", b"no json", b"[[[1", b"[1, 2]", b"7", b"\xff"])
def test_what_is_no_list_of_instances_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableObject), gathered(iter([part(content)]), tmp_path):
        pass


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["vr", "Value", "BulkDataURI", "InlineBinary", "00080018", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
tags = st.sampled_from(["00080016", "00080018", "0020000D", "7FE00010", "00280100", "00100010", "nonsense", "00081199"])


@given(st.dictionaries(tags, values, max_size=6))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_metadata_is_written_or_refused(tmp_path: Path, metadata: dict[str, Any]) -> None:
    about(metadata)
    with gathered(iter([part(b"bulk", "application/octet-stream", "x")]), tmp_path) as split:
        file = io.BytesIO()
        with contextlib.suppress(CountyReadError):
            write_part10(metadata, split, file)
            assert file.getvalue()[128:132] == b"DICM"
