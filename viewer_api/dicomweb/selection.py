"""Which transfer syntax an object, or its frames, are sent in (PS3.18 8.7.3.5 and 8.7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from storage.db.models import Instance
from viewer_api.dicomweb.encoding import LOSSY, PixelTraits
from viewer_api.dicomweb.media_types import ANY, DICOM, MediaRange, fits
from viewer_api.dicomweb.transfer_syntaxes import LITTLE_ENDIAN, RAW, SENT_AS_STORED

_PLAIN = LITTLE_ENDIAN | {str(ExplicitVRBigEndian), str(DeflatedExplicitVRLittleEndian)}


@dataclass(frozen=True)
class Chosen:
    """Each instance in its transfer syntax, in a multipart or as it is."""

    multipart: bool
    syntaxes: tuple[str, ...]


def choose_files(wanted: Sequence[MediaRange], instances: Sequence[Instance]) -> Chosen | None:
    """The form of Part 10 files that the client likes best; None when it takes none that can be made."""
    single = len(instances) == 1
    for media in wanted:
        if not fits(media.inner, DICOM) or not (media.is_multipart or single or media.type == ANY):
            continue
        syntaxes = [file_syntax(media, one) for one in instances]
        if all(syntaxes):
            multipart = media.is_multipart or not single
            return Chosen(multipart, tuple(syntax for syntax in syntaxes if syntax))
    return None


def file_syntax(media: MediaRange, instance: Instance) -> str | None:
    """What the object is sent in to who takes `media`; None when it cannot be.

    Without a parameter it is Explicit VR Little Endian, but what has lost something, or cannot be decoded, stays as it is;
    who takes anything gets what is stored.
    """
    stored, asked = instance.transfer_syntax_uid, media.syntax
    if asked in ("*", stored) or (asked is None and media.type == ANY):
        return stored
    if asked is None:
        return stored if stored in LOSSY or not can_decode(stored) else RAW
    if instance.rows is None:
        return RAW if can_decode(stored) else None
    traits = PixelTraits.of_header(instance.header)
    return asked if can_decode(stored) and traits.can_be(asked) else None


def can_decode(stored: str) -> bool:
    """Whether there is a decoder: for everything but videos and what is newer than this."""
    return stored in SENT_AS_STORED or stored in _PLAIN
