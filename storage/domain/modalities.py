"""Modalities as orders name them (PS3.3 C.7.3.1.1.1), and which of them are made by the same kind of equipment."""

from collections.abc import Mapping

IMAGING_MODALITIES = frozenset(
    {
        "BMD", "CR", "CT", "DX", "ECG", "EEG", "EPS", "ES", "GM", "HD", "IO", "IVUS", "MG", "MR", "NM", "OCT", "OP",
        "OT", "PT", "PX", "RF", "RG", "SM", "US", "XA", "XC",
    }
)  # fmt: skip

_ALIASES: Mapping[str, str] = {
    "DR": "DX",
    "RAD": "DX",
    "RX": "DX",
    "X": "DX",
    "RUS": "US",
    "CUS": "US",
    "OUS": "US",
    "VUS": "US",
    "B超": "US",
    "彩超": "US",
    "超声": "US",
    "EC": "ECG",
    "EKG": "ECG",
    "心电": "ECG",
    "心电图": "ECG",
    "MRI": "MR",
    "NMR": "MR",
    "核磁": "MR",
    "DSA": "XA",
    "PET": "PT",
    "乳腺": "MG",
}
"""What hospital systems write instead: HL7 table 0074, and the usual Chinese words."""

_PROJECTION_RADIOGRAPHY = frozenset({"CR", "DX"})


def modality_code(text: str) -> str:
    """The DICOM term for what `text` names; empty when it names no modality."""
    code = text.strip().upper()
    code = _ALIASES.get(code, code)
    return code if code in IMAGING_MODALITIES else ""


def made_by_the_same_equipment(modality: str) -> frozenset[str]:
    """The modalities that a device of `modality` may report: consoles call one X-ray room now CR, now DX."""
    return _PROJECTION_RADIOGRAPHY if modality in _PROJECTION_RADIOGRAPHY else frozenset({modality})
