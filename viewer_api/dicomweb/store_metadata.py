"""Objects that come as metadata and bulk data apart (PS3.18 sections 8.6.1.2.2, 10.5.2): put together as Part 10 files."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from pydicom import Dataset
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from storage.domain.errors import CountyReadError, TooLarge, UnreadableObject
from storage.domain.identifiers import is_usable_uid
from storage.ingest.door import LARGEST
from storage.ingest.opening import Readable
from viewer_api.dicomweb.multipart_reader import Part
from viewer_api.dicomweb.native_xml import from_xml

_CHUNK = 256 << 10
_MAX_METADATA = 16 << 20
_MAX_INSTANCES = 5000
_IN_MEMORY = 256 << 20
"""Bytes of bulk data that has to be put together in memory: everything but uncompressed pixels."""

_PIXEL_DATA = 0x7FE00010
_NATIVE = "application/octet-stream"
_SYNTAXES = {
    _NATIVE: ExplicitVRLittleEndian,
    "image/jpeg": JPEGLosslessSV1,
    "image/jls": JPEGLSLossless,
    "image/jp2": JPEG2000Lossless,
    "image/jpx": JPEG2000,
    "image/jphc": HTJ2K,
    "image/dicom-rle": RLELossless,
}
"""What a bulk data part is in unless it says so (PS3.18 tables 8.7.3-2 to 8.7.3-4)."""

_UIDS = ("SOPClassUID", "SOPInstanceUID")


@dataclass(frozen=True)
class BulkData:
    """One part of bulk data, on disk."""

    file: BinaryIO
    size: int
    transfer_syntax_uid: str


@dataclass
class SplitObjects:
    """Metadata of some instances, and the bulk data that they refer to by its Content-Location."""

    instances: list[dict[str, Any]] = field(default_factory=list)
    bulk: dict[str, BulkData] = field(default_factory=dict)


@contextlib.contextmanager
def gathered(parts: Iterator[Part], workspace: Path) -> Iterator[SplitObjects]:
    """Read all parts; bulk data goes to files in `workspace` that vanish with the block.

    Raises `UnreadableObject` for metadata that is none, and `TooLarge`.
    """
    split = SplitObjects()
    with contextlib.ExitStack() as files:
        for part in parts:
            if part.media_type.type in ("application/dicom+json", "application/json"):
                split.instances += _json_metadata(_read_metadata(part.content))
            elif part.media_type.type in ("application/dicom+xml", "text/xml", "application/xml"):
                split.instances.append(from_xml(_read_metadata(part.content)))
            else:
                file = files.enter_context(tempfile.TemporaryFile(dir=workspace))
                split.bulk[part.headers.get("content-location", "")] = _keep(part, file)
        yield split


def _read_metadata(content: Readable) -> bytes:
    text = b""
    while chunk := content.read(_CHUNK):
        text += chunk
        if len(text) > _MAX_METADATA:
            raise TooLarge(f"The metadata is larger than {_MAX_METADATA >> 20} MiB.")
    return text


def _json_metadata(text: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableObject("The metadata is not JSON.") from error
    found = document if isinstance(document, list) else [document]
    if len(found) > _MAX_INSTANCES or not all(isinstance(one, dict) for one in found):
        raise UnreadableObject("The metadata is not a list of instances in DICOM JSON.")
    return found


def _keep(part: Part, file: BinaryIO) -> BulkData:
    size = 0
    while chunk := part.content.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge("The bulk data is larger than any object may be.")
        file.write(chunk)
    kind = part.media_type
    default = _SYNTAXES.get(kind.type, ExplicitVRLittleEndian)
    return BulkData(file, size, kind.parameters.get("transfer-syntax", str(default)))


def about(metadata: dict[str, Any]) -> tuple[str, str] | None:
    """SOP Class and Instance UID that the metadata tells."""
    uids = [_first(metadata.get(tag)) for tag in ("00080016", "00080018")]
    return (uids[0], uids[1]) if all(map(is_usable_uid, uids)) else None


def _first(attribute: Any) -> str:
    """The first value of an attribute in DICOM JSON, whatever a sender made of it."""
    found = attribute.get("Value") if isinstance(attribute, dict) else None
    return found[0] if isinstance(found, list) and found and isinstance(found[0], str) else ""


def write_part10(metadata: dict[str, Any], split: SplitObjects, file: BinaryIO) -> None:
    """The Part 10 file of one instance. Raises `UnreadableObject` when metadata and bulk data give none."""

    def bulk_data(tag: str, _vr: str, uri: str) -> bytes:
        found = split.bulk.get(uri)
        if found is None:
            raise UnreadableObject("The metadata refers to bulk data that has not been sent.")
        return b"" if tag == f"{_PIXEL_DATA:08X}" else _read(found)

    try:
        made = Dataset.from_json(metadata, bulk_data)
        _place_pixels(made, metadata, split)
        dcmwrite(file, made, enforce_file_format=True)
    except CountyReadError:
        raise
    except Exception as error:  # whatever the library makes of metadata from outside
        raise UnreadableObject(f"The metadata gives no object ({type(error).__name__}).") from error


def _read(bulk: BulkData) -> bytes:
    if bulk.size > _IN_MEMORY:
        raise TooLarge(f"Compressed frames and values other than pixels have at most {_IN_MEMORY >> 20} MiB.")
    bulk.file.seek(0)
    return bulk.file.read()


def _place_pixels(made: Dataset, metadata: dict[str, Any], split: SplitObjects) -> None:
    """Pixels stay on disk until they are written, where the transfer syntax lets them."""
    pixels = metadata.get(f"{_PIXEL_DATA:08X}", {}).get("BulkDataURI")
    bulk = split.bulk.get(pixels) if isinstance(pixels, str) else None
    syntax = UID(bulk.transfer_syntax_uid) if bulk else ExplicitVRLittleEndian
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    if bulk is None:
        return
    bulk.file.seek(0)
    if syntax == ExplicitVRLittleEndian:
        vr = "OB" if made.get("BitsAllocated", 16) <= 8 else "OW"  # noqa: PLR2004 - PS3.5 A.2
        made[_PIXEL_DATA] = DataElement(_PIXEL_DATA, vr, bulk.file)
        return
    frames = BytesIO(encapsulate([_read(bulk)]))
    made[_PIXEL_DATA] = DataElement(_PIXEL_DATA, "OB", frames.getvalue())
    made[_PIXEL_DATA].is_undefined_length = True
