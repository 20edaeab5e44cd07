import pytest
from pydicom.uid import MPEG2MPML, CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless
from pydicom.uid import VideoEndoscopicImageStorage as Video
from pynetdicom import build_role
from pynetdicom.pdu_primitives import A_ASSOCIATE

from dicom_gateway.query_retrieve.charset import answer_charset
from dicom_gateway.query_retrieve.progress import Progress
from dicom_gateway.query_retrieve.status import QueryStatus
from dicom_gateway.query_retrieve.sub_operations import Outcome
from dicom_gateway.roles import asks_to_receive, context_with_roles


@pytest.mark.parametrize(
    "text, wanted, expected",
    [
        ("ZHANG", [["GB18030"]], []),
        ("张三", [[""], ["ISO_IR 192"]], ["ISO_IR 192"]),
        ("张三", [["ISO_IR 100"]], ["GB18030"]),
        ("张三", [["GBK"], ["ISO_IR 192"]], ["GBK"]),
        ("张三", [["ISO 2022 IR 58"]], ["", "ISO 2022 IR 58"]),
        ("張三", [["ISO 2022 IR 58"], ["GBK"]], ["GBK"]),
        ("Müller", [["ISO_IR 100"]], ["ISO_IR 100"]),
        ("𠮷", [["GBK"]], ["GB18030"]),
        ("张三", [], ["GB18030"]),
        ("张三", [["", "ISO 2022 IR 149"]], ["GB18030"]),
    ],
)
def test_a_device_is_answered_in_what_it_can_show(text: str, wanted: list[list[str]], expected: list[str]) -> None:
    assert answer_charset([text], *wanted) == expected


def progress(*outcomes: Outcome, total: int = 3) -> Progress:
    made = Progress(total)
    for number, outcome in enumerate(outcomes):
        made.count(f"1.2.{number}", outcome)
    return made


@pytest.mark.parametrize(
    "outcomes, expected",
    [
        ([Outcome.DONE] * 3, QueryStatus.SUCCESS),
        ([Outcome.DONE, Outcome.DONE, Outcome.WARNING], QueryStatus.SOME_FAILED),
        ([Outcome.DONE, Outcome.FAILED, Outcome.DONE], QueryStatus.SOME_FAILED),
        ([Outcome.FAILED] * 3, QueryStatus.SUB_OPERATIONS_FAILED),
    ],
)
def test_how_a_retrieval_ends(outcomes: list[Outcome], expected: QueryStatus) -> None:
    assert progress(*outcomes).final_status == expected


def test_the_numbers_of_sub_operations() -> None:
    halfway = progress(Outcome.DONE, Outcome.FAILED)
    assert halfway.elements(QueryStatus.PENDING) == {0x1020: 1, 0x1021: 1, 0x1022: 1, 0x1023: 0}
    assert 0x1020 not in halfway.elements(QueryStatus.SOME_FAILED)
    assert halfway.identifier(QueryStatus.PENDING, ExplicitVRLittleEndian) is None
    told = halfway.identifier(QueryStatus.CANCELLED, ExplicitVRLittleEndian)
    assert told is not None
    assert b"1.2.1" in told
    assert b"1.2.0" not in told


def test_who_wants_to_receive() -> None:
    request = A_ASSOCIATE()
    request.user_information = [build_role(CTImageStorage, scp_role=True), build_role(Video, scu_role=True)]
    assert asks_to_receive(request) == {CTImageStorage}


def test_roles_and_the_order_of_transfer_syntaxes() -> None:
    proposed = [RLELossless, ImplicitVRLittleEndian, ExplicitVRLittleEndian]
    storing = context_with_roles(CTImageStorage, proposed, may_send=True, may_receive=False)
    assert (storing.transfer_syntax, storing.scu_role, storing.scp_role) == (proposed, None, None)
    sending = context_with_roles(CTImageStorage, proposed, may_send=False, may_receive=True)
    assert sending.transfer_syntax == [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless]
    assert (sending.scu_role, sending.scp_role) == (False, True)
    video = context_with_roles(Video, [ExplicitVRLittleEndian, MPEG2MPML], may_send=True, may_receive=True)
    assert video.transfer_syntax == [MPEG2MPML, ExplicitVRLittleEndian]
