"""Who sends in which presentation context (SCP/SCU Role Selection, PS3.7 D.3.3.4): a C-GET turns the roles of storage round."""

from collections.abc import Iterable

from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    VideoEndoscopicImageStorage,
    VideoMicroscopicImageStorage,
    VideoPhotographicImageStorage,
)
from pynetdicom.pdu_primitives import A_ASSOCIATE, SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext, build_context

from dicom_gateway.presentation import is_storage

_UNCOMPRESSED = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
_VIDEOS = frozenset({VideoEndoscopicImageStorage, VideoMicroscopicImageStorage, VideoPhotographicImageStorage})


def asks_to_receive(request: A_ASSOCIATE) -> frozenset[str]:
    """The storage classes whose objects the requestor wants on this association."""
    return frozenset(
        str(item.sop_class_uid)
        for item in request.user_information
        if isinstance(item, SCP_SCU_RoleSelectionNegotiation) and item.scp_role and is_storage(str(item.sop_class_uid))
    )


def _best_first(sop_class: str, proposed: Iterable[str]) -> list[str]:
    """In the order in which they serve best: everything but a video can be sent uncompressed."""
    syntaxes = list(proposed)
    if sop_class in _VIDEOS:
        return sorted(syntaxes, key=lambda uid: uid in _UNCOMPRESSED)
    return sorted(syntaxes, key=lambda uid: _UNCOMPRESSED.index(uid) if uid in _UNCOMPRESSED else len(_UNCOMPRESSED))


def context_with_roles(
    sop_class: str, syntaxes: Iterable[str], *, may_send: bool, may_receive: bool
) -> PresentationContext:
    """A context that this side supports; the roles are the requestor's, and the default ones need no word."""
    accepted = list(dict.fromkeys(_best_first(sop_class, syntaxes) if may_receive else syntaxes))
    context = build_context(sop_class, accepted)
    if may_receive:
        context.scu_role, context.scp_role = may_send, True
    return context
