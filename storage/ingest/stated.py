"""How many objects a study and its series have as the objects themselves say; many equipments say nothing, some say it wrong."""

from typing import Any

from storage.db.models import Series, Study

STUDY_RELATED = "00201208"
"""Number of Study Related Instances (PS3.4 C.3.4)."""

SERIES_RELATED = "00201209"
"""Number of Series Related Instances (PS3.4 C.3.4)."""

IN_ACQUISITION = "00201002"
"""Images in Acquisition (PS3.3 C.7.6.1), of the acquisition with that Acquisition Number (0020,0012)."""

ACQUISITION_NUMBER = "00200012"
WHOLE_SERIES = "series"
_MOST = 1_000_000


def note_stated_counts(study: Study, series: Series, model: dict[str, Any]) -> None:
    """Keep the largest numbers that the objects of a study and of a series have given. `model` is DICOM JSON."""
    in_study = _count(model, STUDY_RELATED)
    if in_study > (study.stated_count or 0):
        study.stated_count = in_study
    stated = dict(series.stated_counts or {})
    acquisition = str(_first(model, ACQUISITION_NUMBER) or "")
    for key, count in ((WHOLE_SERIES, _count(model, SERIES_RELATED)), (acquisition, _count(model, IN_ACQUISITION))):
        if count:
            stated[key] = max(count, stated.get(key, 0))
    if stated and stated != series.stated_counts:
        series.stated_counts = stated


def _count(model: dict[str, Any], tag: str) -> int:
    """A number that makes sense, else 0."""
    try:
        count = int(_first(model, tag) or 0)
    except (TypeError, ValueError):
        return 0
    return count if 0 < count <= _MOST else 0


def _first(model: dict[str, Any], tag: str) -> Any:
    values = model.get(tag, {}).get("Value") or [None]
    return values[0]
