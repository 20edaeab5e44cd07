"""The word to a worker that there are ECGs to measure; apart from the measuring, so that giving it costs no numerics."""

from collections.abc import Collection

from storage.db.queries.ecg import ecg_studies
from storage.db.session import Hint, UnitOfWork
from storage.domain.reading import Priority


def hint_ecgs(work: UnitOfWork, study_ids: Collection[int]) -> None:
    """Have the ECGs among these studies measured after the commit; of others nothing happens."""
    for study_id in ecg_studies(work, study_ids) if study_ids else ():
        work.after_commit(Hint("measure_ecg", (study_id, Priority.P1)))
