"""Which encodings the viewer's codecs take as they are stored (Cornerstone3D's decodeImageFrame); all others are decoded here."""

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

RAW = str(ExplicitVRLittleEndian)

SENT_AS_STORED: frozenset[str] = frozenset(
    {
        HTJ2K,
        HTJ2KLossless,
        HTJ2KLosslessRPCL,
        JPEG2000,
        JPEG2000Lossless,
        JPEGBaseline8Bit,
        JPEGExtended12Bit,
        JPEGLossless,
        JPEGLosslessSV1,
        JPEGLSLossless,
        JPEGLSNearLossless,
        RLELossless,
    }
)

LITTLE_ENDIAN: frozenset[str] = frozenset({ExplicitVRLittleEndian, ImplicitVRLittleEndian})
"""Their frames are the same bytes, which PS3.18 8.7.3.1 calls Explicit VR Little Endian."""


def delivered_syntax(stored: str) -> str:
    """The transfer syntax in which frames stored in `stored` are sent to whoever takes any."""
    return stored if stored in SENT_AS_STORED else RAW


def is_decoded(stored: str) -> bool:
    """Whether frames have to be decoded before the viewer can take them."""
    return stored not in SENT_AS_STORED and stored not in LITTLE_ENDIAN
