"""Report templates and phrases: whose they are."""

from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """Whose a template or a phrase is. Of several with one key a reader gets the nearest: his own before all others."""

    OWN = "own"
    DEPARTMENT = "department"
    COUNTY = "county"
    SHIPPED = "shipped"
    """What the product brings; it is copied rather than changed."""


NEAREST_FIRST = (Level.OWN, Level.DEPARTMENT, Level.COUNTY, Level.SHIPPED)
STORED_LEVELS = (Level.OWN, Level.DEPARTMENT, Level.COUNTY)


class Department(StrEnum):
    """A group of modalities that are read by the same people."""

    RADIOLOGY = "radiology"
    ULTRASOUND = "ultrasound"
    CARDIOGRAPHY = "cardiography"
    OTHER = "other"


_DEPARTMENTS: Mapping[str, Department] = {
    **dict.fromkeys(("CR", "DX", "CT", "MR", "MG", "RF", "RG", "XA", "IO", "PX", "BMD"), Department.RADIOLOGY),
    **dict.fromkeys(("US", "IVUS"), Department.ULTRASOUND),
    **dict.fromkeys(("ECG", "EPS"), Department.CARDIOGRAPHY),
}


def department_of(modality: str) -> Department:
    """Who reads that modality (PS3.3 C.7.3.1.1.1)."""
    return _DEPARTMENTS.get(modality, Department.OTHER)
