"""Whether an A-ASSOCIATE-RQ keeps to the standard (PS3.8 9.3.2), before anything is set up for whoever sent it."""

from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import A_ASSOCIATE

from dicom_gateway.status import APPLICATION_CONTEXT_NOT_SUPPORTED, Rejection

DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
"""PS3.7 A.2.1."""

_MAX_CONTEXTS = 128


class BrokenRequest(Exception):
    """Bytes that are no A-ASSOCIATE-RQ, or one that breaks a rule of the standard."""


def parse_request(pdu: bytes) -> A_ASSOCIATE:
    """A whole A-ASSOCIATE-RQ PDU. Raises `BrokenRequest`."""
    try:
        decoded = A_ASSOCIATE_RQ()
        decoded.decode(pdu)
        request = decoded.to_primitive()
    except Exception as error:
        raise BrokenRequest from error
    contexts = request.presentation_context_definition_list
    identifiers = [context.context_id for context in contexts]
    if not 1 <= len(contexts) <= _MAX_CONTEXTS or len(set(identifiers)) < len(identifiers):
        raise BrokenRequest
    if not all(context.abstract_syntax and context.transfer_syntax for context in contexts):
        raise BrokenRequest
    return request


def fault_of(request: A_ASSOCIATE) -> Rejection | None:
    """What the request is refused with whoever sent it; None when nothing is wrong with it."""
    if str(request.application_context_name) != DICOM_APPLICATION_CONTEXT:
        return APPLICATION_CONTEXT_NOT_SUPPORTED
    return None
