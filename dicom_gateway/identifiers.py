"""Data sets that come with a request, not with an object: queries, reports of performed steps."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast

from pydicom import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from storage.domain.devices import CharsetRule
from storage.domain.errors import UnreadableObject
from storage.ingest.charset import choose_reading
from storage.ingest.json_model import dicom_json

DicomJson = Mapping[str, Any]
_LONGEST = 4 << 20
_COMMENT_LENGTH = 64

IDENTIFIER_SYNTAXES = (
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.2",
)
"""Explicit and implicit little endian, explicit big endian: what equipment sends without pixels in."""


def read_identifier(
    encoded: BytesIO | None,
    transfer_syntax_uid: str,
    assumed_charset: str,
    charset_rule: str = CharsetRule.UNDECLARED,
) -> dict[str, Any]:
    """The data set as DICOM JSON (PS3.18 F), its text read whatever the sender declares. Raises `UnreadableObject`.

    `assumed_charset` and `charset_rule` are those of the sending device.
    """
    if encoded is None:
        raise UnreadableObject("The request has no data set.")
    if encoded.getbuffer().nbytes > _LONGEST or transfer_syntax_uid == DeflatedExplicitVRLittleEndian:
        raise UnreadableObject("The data set of the request is too large.")
    try:
        # pynetdicom may have read it already, for its log.
        encoded.seek(0)
        data_set = read_dataset(
            encoded,
            is_implicit_VR=transfer_syntax_uid == ImplicitVRLittleEndian,
            is_little_endian=transfer_syntax_uid != ExplicitVRBigEndian,
        )
        return dicom_json(
            data_set,
            lambda _element: None,
            lambda declared, texts: choose_reading(_terms(declared), texts, assumed_charset, CharsetRule(charset_rule)),
        )[0]
    except Exception as error:
        raise UnreadableObject(f"The data set of the request cannot be read ({type(error).__name__}).") from error


def _terms(declared: bytes) -> list[str]:
    return declared.decode("ascii", "replace").split("\\") if declared else []


def text(model: DicomJson, tag: str) -> str:
    """The first value of an element as text; empty where there is none."""
    value = _first(model, tag)
    return "" if value is None or isinstance(value, dict) else str(value).strip()


def name_groups(model: DicomJson, tag: str) -> tuple[str, ...]:
    """The component groups of a person name that are not empty."""
    value = _first(model, tag)
    return tuple(str(group) for group in value.values() if group) if isinstance(value, dict) else ()


def items(model: DicomJson, tag: str) -> list[DicomJson]:
    """The items of a sequence."""
    values = model.get(tag, {}).get("Value") or []
    return [value for value in values if isinstance(value, dict)]


def _first(model: DicomJson, tag: str) -> Any:
    return (model.get(tag, {}).get("Value") or [None])[0]


def status_with_comment(status: int, comment: str, **more: int) -> Dataset:
    """A response's status with an Error Comment (0000,0902), which has room for 64 characters."""
    made = Dataset()
    made.Status = status
    made.ErrorComment = comment.encode("ascii", "replace").decode("ascii")[:_COMMENT_LENGTH]
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def calling_title(association: object) -> str:
    """The calling AE title of the association that a request came by."""
    return str(cast(Any, association).requestor.ae_title).strip()
