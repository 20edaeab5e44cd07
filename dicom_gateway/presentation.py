"""What is accepted in presentation contexts (PS3.8 7.1.1.13): storage classes, in every transfer syntax known."""

from collections.abc import Iterable, Mapping

from pydicom._uid_dict import UID_dictionary
from pynetdicom.sop_class import _STORAGE_CLASSES

from storage.domain.admission import is_uid

TRANSFER_SYNTAXES: Mapping[str, str] = {
    "1.2.840.10008.1.2": "Implicit VR Little Endian",
    "1.2.840.10008.1.2.1": "Explicit VR Little Endian",
    "1.2.840.10008.1.2.1.98": "Encapsulated Uncompressed Explicit VR Little Endian",
    "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian",
    "1.2.840.10008.1.2.2": "Explicit VR Big Endian",
    "1.2.840.10008.1.2.4.50": "JPEG Baseline",
    "1.2.840.10008.1.2.4.51": "JPEG Extended",
    "1.2.840.10008.1.2.4.52": "JPEG Extended (Process 3 and 5)",
    "1.2.840.10008.1.2.4.53": "JPEG Spectral Selection (Process 6 and 8)",
    "1.2.840.10008.1.2.4.54": "JPEG Spectral Selection (Process 7 and 9)",
    "1.2.840.10008.1.2.4.55": "JPEG Full Progression (Process 10 and 12)",
    "1.2.840.10008.1.2.4.56": "JPEG Full Progression (Process 11 and 13)",
    "1.2.840.10008.1.2.4.57": "JPEG Lossless (Process 14)",
    "1.2.840.10008.1.2.4.58": "JPEG Lossless (Process 15)",
    "1.2.840.10008.1.2.4.59": "JPEG Extended, Hierarchical (Process 16 and 18)",
    "1.2.840.10008.1.2.4.60": "JPEG Extended, Hierarchical (Process 17 and 19)",
    "1.2.840.10008.1.2.4.61": "JPEG Spectral Selection, Hierarchical (Process 20 and 22)",
    "1.2.840.10008.1.2.4.62": "JPEG Spectral Selection, Hierarchical (Process 21 and 23)",
    "1.2.840.10008.1.2.4.63": "JPEG Full Progression, Hierarchical (Process 24 and 26)",
    "1.2.840.10008.1.2.4.64": "JPEG Full Progression, Hierarchical (Process 25 and 27)",
    "1.2.840.10008.1.2.4.65": "JPEG Lossless, Hierarchical (Process 28)",
    "1.2.840.10008.1.2.4.66": "JPEG Lossless, Hierarchical (Process 29)",
    "1.2.840.10008.1.2.4.70": "JPEG Lossless, First-Order Prediction",
    "1.2.840.10008.1.2.4.80": "JPEG-LS Lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS Near-Lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 Lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.92": "JPEG 2000 Multi-component Lossless",
    "1.2.840.10008.1.2.4.93": "JPEG 2000 Multi-component",
    "1.2.840.10008.1.2.4.94": "JPIP Referenced",
    "1.2.840.10008.1.2.4.95": "JPIP Referenced Deflate",
    "1.2.840.10008.1.2.4.100": "MPEG2 Main Profile / Main Level",
    "1.2.840.10008.1.2.4.100.1": "Fragmentable MPEG2 Main Profile / Main Level",
    "1.2.840.10008.1.2.4.101": "MPEG2 Main Profile / High Level",
    "1.2.840.10008.1.2.4.101.1": "Fragmentable MPEG2 Main Profile / High Level",
    "1.2.840.10008.1.2.4.102": "MPEG-4 AVC/H.264 High Profile / Level 4.1",
    "1.2.840.10008.1.2.4.102.1": "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1",
    "1.2.840.10008.1.2.4.103": "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
    "1.2.840.10008.1.2.4.103.1": "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
    "1.2.840.10008.1.2.4.104": "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video",
    "1.2.840.10008.1.2.4.104.1": "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video",
    "1.2.840.10008.1.2.4.105": "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video",
    "1.2.840.10008.1.2.4.105.1": "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video",
    "1.2.840.10008.1.2.4.106": "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
    "1.2.840.10008.1.2.4.106.1": "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
    "1.2.840.10008.1.2.4.107": "HEVC/H.265 Main Profile / Level 5.1",
    "1.2.840.10008.1.2.4.108": "HEVC/H.265 Main 10 Profile / Level 5.1",
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.4.201": "High-Throughput JPEG 2000 Lossless",
    "1.2.840.10008.1.2.4.202": "High-Throughput JPEG 2000 with RPCL Options Lossless",
    "1.2.840.10008.1.2.4.203": "High-Throughput JPEG 2000",
    "1.2.840.10008.1.2.4.204": "JPIP HTJ2K Referenced",
    "1.2.840.10008.1.2.4.205": "JPIP HTJ2K Referenced Deflate",
    "1.2.840.10008.1.2.5": "RLE Lossless",
    "1.2.840.10008.1.2.7.1": "SMPTE ST 2110-20 Uncompressed Progressive Active Video",
    "1.2.840.10008.1.2.7.2": "SMPTE ST 2110-20 Uncompressed Interlaced Active Video",
    "1.2.840.10008.1.2.7.3": "SMPTE ST 2110-30 PCM Digital Audio",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}
"""Names as in PS3.6 annex A. Data sets are kept bit for bit, so that a syntax that nothing here decodes is safe too."""

VERIFICATION = "1.2.840.10008.1.1"
VERIFICATION_SYNTAXES = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2")

_NOT_STORAGE = (
    "1.2.840.10008.1.",  # verification, storage commitment, media directory, well-known objects
    "1.2.840.10008.3.1.",  # management classes: MPPS, detached management
    "1.2.840.10008.5.1.1.",  # print management
    "1.2.840.10008.5.1.4.1.2.",  # query and retrieve
    "1.2.840.10008.5.1.4.31",  # modality worklist
    "1.2.840.10008.5.1.4.32",  # general purpose worklist
    "1.2.840.10008.5.1.4.33",  # instance availability
    "1.2.840.10008.5.1.4.34.4",  # unified worklist, older
    "1.2.840.10008.5.1.4.34.6",  # unified worklist and procedure step
    "1.2.840.10008.5.1.4.34.8",  # radiotherapy conventional machine verification
    "1.2.840.10008.5.1.4.34.9",
    "1.2.840.10008.5.1.4.20.",  # queries for procedure protocols
    "1.2.840.10008.5.1.4.1.1.200.4",
    "1.2.840.10008.5.1.4.1.1.200.5",
    "1.2.840.10008.5.1.4.1.1.200.6",
    "1.2.840.10008.5.1.4.1.1.201.",  # inventories
    "1.2.840.10008.5.1.4.37",  # relevant patient information
    "1.2.840.10008.5.1.4.38",  # hanging protocols: query, retrieve and store, without a patient
    "1.2.840.10008.5.1.4.39",  # colour palettes
    "1.2.840.10008.5.1.4.41",  # product characteristics
    "1.2.840.10008.5.1.4.42",  # substance approval
    "1.2.840.10008.5.1.4.43",  # implant templates
    "1.2.840.10008.5.1.4.44",
    "1.2.840.10008.5.1.4.45",
    "1.2.840.10008.10.",  # real-time communication
    "1.2.840.10008.15.",  # annotation, substance
)
"""What the standard uses for other services, or for objects that belong to no patient. All else can be storage."""


def is_storage(sop_class_uid: str) -> bool:
    """Whether this can be a storage class: any of the standard's that belongs to a patient, and private and future ones."""
    return is_uid(sop_class_uid) and not sop_class_uid.startswith(_NOT_STORAGE)


def _is_named_storage(uid: str) -> bool:
    name, kind, *_ = UID_dictionary[uid]
    return kind == "SOP Class" and "Storage" in name


_KNOWN_STORAGE = frozenset(
    uid
    for uid in {*map(str, _STORAGE_CLASSES.values()), *UID_dictionary}
    if is_storage(uid) and (uid not in UID_dictionary or _is_named_storage(uid))
)
"""Of PS3.4 B.5, and the retired ones, which old equipment goes on sending."""


def is_known_storage(sop_class_uid: str) -> bool:
    """Whether the standard has this storage class, retired or not; a device may be kept to these."""
    return sop_class_uid in _KNOWN_STORAGE


def acceptable_syntaxes(proposed: Iterable[str]) -> list[str]:
    """The known ones in the order of the sender, who knows what its objects are in."""
    return [uid for uid in proposed if uid in TRANSFER_SYNTAXES]
