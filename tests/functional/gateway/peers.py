"""Peers that do what no tool would: send bytes that are no data set, stop in the middle, lie about what they send."""

import socket
import struct
from contextlib import contextmanager
from io import BytesIO

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import C_STORE

from dicom_gateway.send import keep_responses
from tests.functional.gateway.running import AE_TITLE


@contextmanager
def associate(port: int, *, calling: str = "T01_CT", sop_class: str = CTImageStorage):
    """An association that proposes one class in explicit VR little endian."""
    ae = AE(calling)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 20
    ae.add_requested_context(sop_class, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", port, ae_title=AE_TITLE)
    assert association.is_established
    keep_responses(association)
    line = raw_socket(association)
    try:
        yield association
    finally:
        if association.is_established:
            association.release()
        line.close()


def store(
    association: Association,
    content: bytes,
    sop_instance_uid: str,
    *,
    sop_class: str = CTImageStorage,
) -> int | None:
    """C-STORE any bytes as a data set; the status, or None when the association was aborted."""
    request = C_STORE()
    request.MessageID = 1
    request.AffectedSOPClassUID = sop_class
    request.AffectedSOPInstanceUID = sop_instance_uid
    request.Priority = 2
    request.DataSet = BytesIO(content)
    association.dimse.send_msg(request, association.accepted_contexts[0].context_id)
    _, response = association.dimse.get_msg(block=True)
    return None if response is None else int(response.Status)


def p_data(context_id: int, control: int, value: bytes) -> bytes:
    """A P-DATA-TF PDU with one value (PS3.8 9.3.5)."""
    item = struct.pack(">IBB", len(value) + 2, context_id, control) + value
    return struct.pack(">BxI", 4, len(item)) + item


def raw_socket(association: Association) -> socket.socket:
    """The connection itself, to write whatever one likes to it."""
    assert association.dul.socket is not None
    assert association.dul.socket.socket is not None
    return association.dul.socket.socket
