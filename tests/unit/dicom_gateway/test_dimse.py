import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynetdicom.dimse_messages import C_ECHO_RQ
from pynetdicom.dimse_messages import C_STORE_RQ as STORE_RQ
from pynetdicom.dimse_primitives import C_ECHO, C_STORE
from pynetdicom.dsutils import decode
from pynetdicom.pdu import P_DATA_TF

from dicom_gateway.dimse import (
    MalformedCommand,
    StoreRequest,
    decode_command,
    encode_store_response,
    store_request,
)
from dicom_gateway.status import StoreStatus

REQUEST = StoreRequest(5, 17, "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4", has_data_set=True)


def command_set(message_type, primitive) -> bytes:
    message = message_type()
    message.primitive_to_message(primitive)
    (pdv,) = next(message.encode_msg(5, 0)).presentation_data_value_list
    return pdv[1][1:]


def test_the_request_of_another_implementation_is_read() -> None:
    primitive = C_STORE()
    primitive.MessageID, primitive.Priority = 17, 2
    primitive.AffectedSOPClassUID, primitive.AffectedSOPInstanceUID = REQUEST.sop_class_uid, REQUEST.sop_instance_uid
    primitive.DataSet = BytesIO(b"data")
    primitive.MoveOriginatorApplicationEntityTitle = "MOVER"
    assert store_request(5, decode_command(command_set(STORE_RQ, primitive))) == REQUEST


def test_other_commands_are_left_to_others() -> None:
    primitive = C_ECHO()
    primitive.MessageID = 1
    assert store_request(1, decode_command(command_set(C_ECHO_RQ, primitive))) is None


@pytest.mark.parametrize("status", list(StoreStatus))
def test_the_response_is_what_another_implementation_expects(status: StoreStatus) -> None:
    pdu = P_DATA_TF()
    pdu.decode(encode_store_response(REQUEST, status))
    (item,) = pdu.presentation_data_value_items
    assert item.presentation_context_id == 5
    assert item.presentation_data_value[0] == 0x03
    elements = decode(BytesIO(item.presentation_data_value[1:]), True, True)
    assert elements.CommandGroupLength == len(item.presentation_data_value) - 1 - 12
    assert (elements.CommandField, elements.MessageIDBeingRespondedTo) == (0x8001, 17)
    assert (elements.Status, elements.CommandDataSetType) == (status, 0x0101)
    assert (elements.AffectedSOPClassUID, elements.AffectedSOPInstanceUID) == ("1.2.840.10008.5.1.4.1.1.2", "1.2.3.4")
    assert elements.get("ErrorComment", "") == status.comment


def test_comments_fit_their_element() -> None:
    assert all(len(status.comment) <= 64 for status in StoreStatus)
    assert [status for status in StoreStatus if not status.comment] == [StoreStatus.SUCCESS]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_command_or_refused(content: bytes) -> None:
    try:
        store_request(1, decode_command(content))
    except MalformedCommand:
        return


@pytest.mark.parametrize(
    "content",
    [
        b"\x00",
        struct.pack("<HHI", 0, 0x0100, 50) + b"\x01\x00",
        struct.pack("<HHI", 8, 0x0100, 2) + b"\x01\x00",
        struct.pack("<HHI", 0, 0x0100, 1) + b"\x01",
        b"",
    ],
)
def test_what_is_no_command_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedCommand):
        store_request(1, decode_command(content))
