"""What people upload in the browser, file by file, so that they can be told what became of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Device, Institution


class Upload(InstitutionScoped, Base):
    """One person's upload, open until `completed_at`. `key` names it to the outside."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    opened_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship()
    device: Mapped[Device] = relationship()


class UploadEntry(InstitutionScoped, Base):
    """One file that came, or one inside an archive that came as `file`.

    `code` is empty when it was taken, else why not (`storage.domain.errors`), and `detail` says it in a sentence. The UIDs
    and `dataset_digest` lead to the instance, or to what was kept aside.
    """

    __tablename__ = "upload_entry"
    __table_args__ = (Index("ix_upload_entry_upload_id_id", "upload_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    file: Mapped[str]
    name: Mapped[str]
    code: Mapped[str]
    detail: Mapped[str]
    sop_instance_uid: Mapped[str]
    study_instance_uid: Mapped[str]
    size: Mapped[int]
    dataset_digest: Mapped[str]
