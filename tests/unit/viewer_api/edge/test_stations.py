"""Parcels from a station: kept bit for bit, only for its own institution's devices, and never believed blindly."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import ExplicitVRLittleEndian

from dicom_gateway.edge.packing import digest, pack_data_set
from storage.domain.clock import SystemClock
from storage.domain.errors import DamagedTransfer, TooManyAttempts
from storage.edge.parcels import ParcelObject, ParcelWriter, record_from_json, record_to_json
from storage.edge.protocol import Outcome
from storage.ingest.associations import AssociationRecord
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import Spool
from tests.functional.gateway.studies import data_set_bytes
from tests.unit.storage.ingest.samples import data_set, encode
from viewer_api.edge.stations import Unpacking, WrongKeys

_KEY = "b" * 32
_RECORD = AssociationRecord(_KEY, "T01_CT", "10.0.0.7", SystemClock().now(), None, 2, 0)
_ENCODED = encode(data_set(SOPInstanceUID="1.2.3", StudyInstanceUID="1.2", SeriesInstanceUID="1.2.1"))


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spools" / "edge", SystemClock())


def _object(name: str, title: str = "T01_CT", sha256: str = "") -> ParcelObject:
    size, right = digest(io.BytesIO(_ENCODED))
    meta = FileMeta("1.2.840.10008.5.1.4.1.1.2", "1.2.3", ExplicitVRLittleEndian, title)
    return ParcelObject(name, _KEY, 1, meta, size, sha256 or right)


def _parcel(*objects: ParcelObject) -> bytes:
    stream = io.BytesIO()
    writer = ParcelWriter(stream, [_RECORD])
    for one in objects:
        writer.add(one, pack_data_set(io.BytesIO(_ENCODED), len(_ENCODED), ExplicitVRLittleEndian))
    writer.close()
    return stream.getvalue()


def _outcomes(spool: Spool, parcel: bytes) -> dict[str, Outcome]:
    return Unpacking(spool, frozenset({"T01_CT"}), io.BytesIO(parcel)).outcomes()


def test_an_object_is_kept_as_the_device_sent_it_with_its_association(spool: Spool) -> None:
    assert _outcomes(spool, _parcel(_object("one"))) == {"one": Outcome.DURABLE}
    (entry,) = spool.entries()
    content = spool.path(entry).read_bytes()
    assert data_set_bytes(content) == _ENCODED
    assert b"T01_CT" in content[:512]
    assert entry.association_key == _KEY
    assert spool.associations.read(_KEY) == _RECORD


def test_a_foreign_or_damaged_object_does_not_hold_up_the_others(spool: Spool) -> None:
    parcel = _parcel(_object("foreign", "T02_CT"), _object("damaged", sha256="0" * 64), _object("good"))
    assert _outcomes(spool, parcel) == {
        "foreign": Outcome.UNKNOWN_DEVICE,
        "damaged": Outcome.DAMAGED,
        "good": Outcome.DURABLE,
    }
    assert len(spool.entries()) == 1
    assert list((spool.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize("key", ["../../x", "", "B" * 32, "b" * 31])
def test_a_key_that_could_be_a_path_is_refused(key: str) -> None:
    with pytest.raises(DamagedTransfer):
        record_from_json({**record_to_json(_RECORD), "key": key})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_parcels_are_refused_in_words(spool: Spool, data: st.DataObject) -> None:
    parcel = bytearray(_parcel(_object("one"), _object("two")))
    for _ in range(data.draw(st.integers(1, 3))):
        parcel[data.draw(st.integers(0, len(parcel) - 1))] = data.draw(st.integers(0, 255))
    try:
        outcomes = _outcomes(spool, bytes(parcel[: data.draw(st.integers(0, len(parcel)))]))
    except DamagedTransfer:
        return
    assert set(outcomes.values()) <= set(Outcome)


def test_ten_wrong_keys_from_one_address_are_enough() -> None:
    wrong = WrongKeys()
    for _ in range(10):
        wrong.count("10.0.0.1")
    with pytest.raises(TooManyAttempts):
        wrong.count("10.0.0.1")
    wrong.count("10.0.0.2")
