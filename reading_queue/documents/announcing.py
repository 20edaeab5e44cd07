"""A version has been signed: it is to be filed in its study, and the systems that wait for results are to be called."""

from storage.db.models import ReportFiling, ReportVersion
from storage.db.session import Hint, UnitOfWork


def announce(work: UnitOfWork, version: ReportVersion) -> None:
    """To be called in the transaction that signs, so that no version is ever forgotten."""
    row = ReportFiling(
        report_version_id=version.id, institution_id=version.institution_id, attempts=0, next_try_at=work.now
    )
    work.session.add(row)
    work.session.flush()
    work.after_commit(Hint("file_report", (version.id,)))
    work.after_commit(Hint("call_hooks", (version.institution_id,)))
