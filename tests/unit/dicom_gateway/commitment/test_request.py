import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.dsutils import encode

from dicom_gateway.commitment.report import event_information
from dicom_gateway.commitment.request import ActionStatus, BadRequest, CommitmentAsked, read_request


def encoded(transaction: str, pairs: list[tuple[str, str]]) -> bytes:
    made = Dataset()
    made.TransactionUID = transaction
    made.ReferencedSOPSequence = []
    for sop_class, uid in pairs:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, uid
        made.ReferencedSOPSequence.append(item)
    content = encode(made, is_implicit_vr=True, is_little_endian=True)
    assert content is not None
    return content


def read(content: bytes) -> CommitmentAsked:
    return read_request(content, ImplicitVRLittleEndian)


def test_what_is_asked() -> None:
    asked = read(encoded("1.2.3", [(CTImageStorage, "1.5"), (CTImageStorage, "1.6"), (CTImageStorage, "1.5")]))
    assert asked == CommitmentAsked("1.2.3", {"1.5": CTImageStorage, "1.6": CTImageStorage})


@pytest.mark.parametrize(
    "content, status",
    [
        (b"", ActionStatus.NO_SUCH_ARGUMENT),
        (encoded("", [(CTImageStorage, "1.5")]), ActionStatus.NO_SUCH_ARGUMENT),
        (encoded("1.2.3", []), ActionStatus.INVALID_ARGUMENT),
        (encoded("1.2.3", [("", "1.5")]), ActionStatus.INVALID_ARGUMENT),
        (encoded("1.2.3", [(CTImageStorage, "")]), ActionStatus.INVALID_ARGUMENT),
        (b"garbage that is no data set", ActionStatus.NO_SUCH_ARGUMENT),
        (bytes((32 << 20) + 1), ActionStatus.RESOURCE_LIMITATION),
    ],
)
def test_what_makes_no_sense(content: bytes, status: ActionStatus) -> None:
    with pytest.raises(BadRequest) as refused:
        read(content)
    assert refused.value.status == status
    assert 0 < len(refused.value.message) <= 64


@given(st.binary(max_size=300), st.integers(0, 120), st.sampled_from([ImplicitVRLittleEndian, ExplicitVRLittleEndian]))
def test_any_bytes_are_a_request_or_refused(content: bytes, place: int, syntax) -> None:
    good = encoded("1.2.3", [(CTImageStorage, "1.5"), (CTImageStorage, "1.6")])
    for damaged in (content, good[:place] + content + good[place:]):
        try:
            asked = read_request(damaged, syntax)
        except BadRequest:
            continue
        assert asked.items


def test_the_report_has_every_object_of_the_request() -> None:
    items = {"1.5": CTImageStorage, "1.6": CTImageStorage}
    all_well = event_information("1.2.3", items, {"1.5": 0, "1.6": 0}, "COUNTYREAD")
    assert (all_well.TransactionUID, all_well.RetrieveAETitle) == ("1.2.3", "COUNTYREAD")
    assert len(all_well.ReferencedSOPSequence) == 2
    assert "FailedSOPSequence" not in all_well
    none_well = event_information("1.2.3", items, {"1.5": 0x0112, "1.6": 0x0119}, "COUNTYREAD")
    assert [item.FailureReason for item in none_well.FailedSOPSequence] == [0x0112, 0x0119]
    assert "ReferencedSOPSequence" not in none_well
    assert "RetrieveAETitle" not in none_well
