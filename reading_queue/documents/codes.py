"""Codes of PS3.16 that reports use, with the meanings printed there."""

from pydicom import Dataset
from pydicom.sequence import Sequence

Code = tuple[str, str, str]
"""Value, coding scheme designator, meaning."""

LANGUAGE: Code = ("121049", "DCM", "Language of Content Item and Descendants")
COUNTRY: Code = ("121046", "DCM", "Country of Language")
CHINESE: Code = ("zh", "RFC5646", "Chinese")
CHINA: Code = ("CN", "ISO3166_1", "CHINA")
OBSERVER_TYPE: Code = ("121005", "DCM", "Observer Type")
PERSON: Code = ("121006", "DCM", "Person")
OBSERVER_NAME: Code = ("121008", "DCM", "Person Observer Name")
OBSERVER_ORGANISATION: Code = ("121009", "DCM", "Person Observer's Organization Name")
FINDINGS: Code = ("59776-5", "LN", "Findings")
FINDING: Code = ("121071", "DCM", "Finding")
IMPRESSIONS: Code = ("19005-8", "LN", "Impressions")
IMPRESSION: Code = ("121073", "DCM", "Impression")
CRITICAL_RESULTS: Code = ("73568-8", "LN", "Communication of Critical Results")
ADDENDUM: Code = ("55107-7", "LN", "Addendum")
SUMMARY: Code = ("55112-7", "LN", "Summary")
PROCEDURES: Code = ("55111-9", "LN", "Current Procedure Descriptions")
PROCEDURE_DESCRIPTION: Code = ("121065", "DCM", "Procedure Description")
KEY_IMAGES: Code = ("55113-5", "LN", "Key Images")
"""Headings and elements of diagnostic imaging reports (PS3.16 CID 7001 and 7002)."""

MEASUREMENT_REPORT: Code = ("126000", "DCM", "Imaging Measurement Report")
IMAGING_MEASUREMENTS: Code = ("126010", "DCM", "Imaging Measurements")
MEASUREMENT_GROUP: Code = ("125007", "DCM", "Measurement Group")
PROCEDURE_REPORTED: Code = ("121058", "DCM", "Procedure reported")
IMAGING_PROCEDURE: Code = ("363679005", "SCT", "Imaging procedure")
TRACKING_IDENTIFIER: Code = ("112039", "DCM", "Tracking Identifier")
TRACKING_UID: Code = ("112040", "DCM", "Tracking Unique Identifier")
IMAGE_REGION: Code = ("111030", "DCM", "Image Region")
COMMENT: Code = ("121106", "DCM", "Comment")
DERIVATION: Code = ("121401", "DCM", "Derivation")
METHOD: Code = ("370129005", "SCT", "Measurement Method")
"""Measurement reports (PS3.16 TID 1500, 1501, 1410 and 300)."""

OF_INTEREST: Code = ("113000", "DCM", "Of Interest")
KEY_OBJECT_DESCRIPTION: Code = ("113012", "DCM", "Key Object Description")

OWN_SCHEME = "99COUNTYREAD"
_LONGEST_CODE, _LONGEST_MEANING = 16, 64

_IMAGING_REPORT: Code = ("18748-4", "LN", "Diagnostic Imaging Report")
_X_RAY: Code = ("43468-8", "LN", "X-Ray Report")
_TITLES: dict[str, Code] = {
    "CT": ("25045-6", "LN", "CT Report"),
    "MR": ("25056-3", "LN", "MRI Report"),
    "US": ("25061-3", "LN", "Ultrasound Report"),
    "NM": ("49118-3", "LN", "Nuclear Medicine Report"),
    "PT": ("44136-0", "LN", "PET Scan Report"),
    "ECG": ("11524-0", "LN", "ECG Report"),
    "CR": _X_RAY,
    "DX": _X_RAY,
}
"""Document titles of a basic diagnostic imaging report (PS3.16 CID 7000)."""


def title_of(modality: str) -> Code:
    """The document title for a modality."""
    return _TITLES.get(modality, _IMAGING_REPORT)


def coded(code: Code) -> Sequence:
    """A code sequence of one item (PS3.3 section 8.8); a value that Code Value cannot hold is a Long Code Value."""
    item = Dataset()
    value, item.CodingSchemeDesignator, item.CodeMeaning = code
    if len(value) > _LONGEST_CODE:
        item.LongCodeValue = value
    else:
        item.CodeValue = value
    return Sequence([item])


def own_statement(code: str, name: str) -> Code:
    """A statement of the catalogue of ECG statements, which no scheme of the standard has (PS3.16 section 8: 99 begins private ones)."""
    return code, OWN_SCHEME, (name or code)[:_LONGEST_MEANING]
