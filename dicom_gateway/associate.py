"""Whether an A-ASSOCIATE-RQ keeps to the standard (PS3.8 9.3.2), before anybody asks who sent it."""

from pynetdicom.pdu_primitives import A_ASSOCIATE

from dicom_gateway.status import APPLICATION_CONTEXT_NOT_SUPPORTED, Rejection

DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
"""PS3.7 A.2.1."""


def fault_of(request: A_ASSOCIATE) -> Rejection | None:
    """What the request is refused with whoever sent it; None when nothing is wrong with it."""
    if str(request.application_context_name) != DICOM_APPLICATION_CONTEXT:
        return APPLICATION_CONTEXT_NOT_SUPPORTED
    return None
