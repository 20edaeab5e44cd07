"""Who takes part: institutions, people, their logins, devices, and callers that nobody knows yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, Key


class Institution(Base):
    """A clinic or the county centre. `result_seq` is the last number given in its gap-free sequence of results (I6).

    `contact` is whom to ask for under `phone`. One that is not `active` has neither equipment that may send nor people who
    may log in.
    """

    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    result_seq: Mapped[int] = mapped_column(default=0)
    contact: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())


class User(Base):
    """A person with a login. `modalities` limits what a reader may take; null means every modality.

    `email` and `mobile` are where notices reach him, `notice_preferences` what he wants of them
    (`reading_queue.notices.preferences`). `lock_outs` counts how often in a row wrong passwords locked him out, each time
    for longer. `totp_secret` (base 32) counts from `totp_confirmed_at` on, and `totp_last_step` is the last time step whose
    code was taken (RFC 6238 5.2: no code twice). `oidc_subject` is who he is at the county's identity provider.
    """

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    modalities: Mapped[list[str] | None]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    email: Mapped[str] = mapped_column(default="", server_default="")
    mobile: Mapped[str] = mapped_column(default="", server_default="")
    notice_preferences: Mapped[dict[str, Any] | None]
    lock_outs: Mapped[int] = mapped_column(default=0, server_default="0")
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    password_set_at: Mapped[datetime | None]
    totp_secret: Mapped[str] = mapped_column(default="", server_default="")
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0, server_default="0")
    oidc_subject: Mapped[str | None] = mapped_column(unique=True, index=True)
    last_login_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="joined")


class Login(Base):
    """A session of a user: only the SHA-256 of its bearer token is kept.

    It ends `idle_seconds` after `last_active_at` (None: it does not). `method` says how he logged in, `duty` what he has to
    do before anything else opens (`storage.domain.accounts.Duty`), `masked` that patients' names are not shown in it.
    """

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime | None]
    idle_seconds: Mapped[int | None]
    address: Mapped[str] = mapped_column(default="", server_default="")
    agent: Mapped[str] = mapped_column(default="", server_default="")
    method: Mapped[str] = mapped_column(default="password", server_default="password")
    duty: Mapped[str] = mapped_column(default="", server_default="")
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())

    user: Mapped[User] = relationship(lazy="joined")


class Device(Base):
    """A piece of equipment that may push studies, known by its calling AE title (PS3.8 9.3.2), or another door to us.

    `kind` says which door (`storage.domain.devices.DeviceKind`). Empty or null means no limit: `called_ae_title` and
    `networks` (CIDR) are what it must call and come from, `certificate_sha256` the TLS client certificate it must show,
    `sop_classes` what it may store, the two `daily_` quotas how much. `host` and `port` are where it listens itself, for
    commitment reports and C-MOVE. `charset` is the character set to assume (a DICOM defined term) where an object declares
    none or a wrong one, or always, as `charset_rule` says; `worklist_charset` the one it can show. `issuer` gives its
    patient IDs when that is not its own institution. `ready_idle` (seconds) replaces the installation's.
    """

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ae_title: Mapped[str] = mapped_column(unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    kind: Mapped[str] = mapped_column(default="dicom", server_default="dicom")
    name: Mapped[str] = mapped_column(default="")
    modality: Mapped[str] = mapped_column(default="")
    called_ae_title: Mapped[str] = mapped_column(default="", server_default="")
    networks: Mapped[list[str] | None]
    certificate_sha256: Mapped[str] = mapped_column(default="", server_default="")
    host: Mapped[str] = mapped_column(default="", server_default="")
    port: Mapped[int | None]
    sop_classes: Mapped[list[str] | None]
    unknown_sop_classes: Mapped[bool] = mapped_column(default=False, server_default=false())
    charset: Mapped[str] = mapped_column(default="")
    charset_rule: Mapped[str] = mapped_column(default="undeclared", server_default="undeclared")
    worklist_charset: Mapped[str] = mapped_column(default="", server_default="")
    issuer: Mapped[str] = mapped_column(default="", server_default="")
    daily_objects: Mapped[int | None]
    daily_bytes: Mapped[int | None]
    may_query: Mapped[bool] = mapped_column(default=True, server_default=true())
    ready_idle: Mapped[float | None]
    release_means_whole: Mapped[bool] = mapped_column(default=False, server_default=false())
    secret_hash: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True)
    last_seen_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="joined")


class UnknownCaller(Base):
    """A calling AE title that was refused, for an administrator to accept or ignore.

    `reason` is a `storage.domain.admission.RefusalReason`; `sop_classes` are those it wanted to store, and
    `certificate_sha256` the TLS client certificate it showed, the last time.
    """

    __tablename__ = "unknown_caller"
    __table_args__ = (UniqueConstraint("ae_title", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ae_title: Mapped[str]
    address: Mapped[str]
    called_ae_title: Mapped[str]
    reason: Mapped[str]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    sop_classes: Mapped[list[str] | None]
    certificate_sha256: Mapped[str] = mapped_column(default="", server_default="")
