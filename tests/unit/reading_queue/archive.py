"""Studies of real DICOM files: rows in the catalogue, bytes in an object store."""

import io
from dataclasses import dataclass

from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from sqlalchemy import select

from storage.db.models import Instance, Rendition, Series, Study
from storage.db.session import Database, UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.identifiers import new_uid
from storage.domain.studies import InstanceState
from storage.objects import ObjectStore
from tests.unit.reading_queue.county import County


def sample(name: str) -> bytes:
    """One of pydicom's own test files."""
    path = get_testdata_file(name)
    assert isinstance(path, str)
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


def _syntax(ds: Dataset) -> str:
    return str(ds.file_meta.get("TransferSyntaxUID", "")) if hasattr(ds, "file_meta") else ""


@dataclass
class Archive:
    """A county with an object store."""

    county: County
    store: ObjectStore

    @property
    def database(self) -> Database:
        return self.county.database

    def keep(self, *series: list[bytes], modality: str = "CT") -> int:
        """A study of these files, each list a series; its identity."""
        study_id = self.county.study(sop_classes=(), modality=modality)
        for files in series:
            self.add_series(study_id, files)
        return study_id

    def add_series(self, study_id: int, files: list[bytes]) -> int:
        with self.database.write() as work:
            study = work.session.get_one(Study, study_id)
            row = Series(
                institution_id=study.institution_id,
                series_instance_uid=new_uid(),
                study_id=study.id,
                modality=study.modality,
            )
            work.session.add(row)
            work.session.flush()
            for number, data in enumerate(files, 1):
                self.add_instance(work, row, number, data)
            return row.id

    def add_instance(self, work: UnitOfWork, series: Series, number: int, data: bytes) -> None:
        """One more object of a series."""
        digest = sha256_hex(data)
        key = f"instances/{digest[:2]}/{digest}.dcm"
        self.store.put(key, io.BytesIO(data), size=len(data), sha256=digest)
        ds = dcmread(io.BytesIO(data), stop_before_pixels=True, force=True)
        work.session.add(
            Instance(
                institution_id=series.institution_id,
                sop_instance_uid=new_uid(),
                sop_class_uid=str(ds.get("SOPClassUID", "")),
                transfer_syntax_uid=_syntax(ds),
                rows=ds.get("Rows"),
                columns=ds.get("Columns"),
                frames=int(ds.get("NumberOfFrames") or 1),
                study_id=series.study_id,
                series_id=series.id,
                number=number,
                size=len(data),
                sha256=digest,
                dataset_digest=digest,
                object_key=key,
                state=InstanceState.STORED,
                gateway="",
                spool_name="",
                received_at=work.now,
                header={tag: value for tag, value in ds.to_json_dict().items() if "Value" in value},
            )
        )

    def renditions(self, study_id: int) -> list[Rendition]:
        query = select(Rendition).where(Rendition.study_id == study_id).order_by(Rendition.series_id, Rendition.kind)
        with self.database.read() as work:
            return list(work.session.execute(query).scalars())

    def study(self, study_id: int) -> Study:
        with self.database.read() as work:
            return work.session.execute(select(Study).where(Study.id == study_id)).scalar_one()
