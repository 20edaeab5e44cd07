"""How many objects a study and its series have as the objects themselves say; much equipment says nothing, some says it wrong."""

from storage.db.models import Series, Study
from storage.domain.readiness import WHOLE_SERIES
from storage.ingest.header.attributes import StatedCounts

_MOST = 1_000_000


def note_stated_counts(study: Study, series: Series, stated: StatedCounts) -> None:
    """Keep the largest numbers that the objects of a study and of a series have given, as far as they make sense."""
    if (study.stated_count or 0) < stated.study <= _MOST:
        study.stated_count = stated.study
    known = series.stated_counts or {}
    said = {WHOLE_SERIES: stated.series, str(stated.acquisition_number): stated.acquisition}
    larger = {key: count for key, count in said.items() if known.get(key, 0) < count <= _MOST}
    if larger:
        series.stated_counts = {**known, **larger}
