"""What guards accounts: second factors, passwords of before, locked addresses, single sign-on under way, API keys."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution, User


class RecoveryCode(Base):
    """One of the codes that stand in for a lost second factor, each once; kept as SHA-256 of 80 random bits."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_sha256: Mapped[str]
    used_at: Mapped[datetime | None]


class PastPassword(Base):
    """A password that somebody had, as its hash, so that it is not taken again."""

    __tablename__ = "past_password"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    password_hash: Mapped[str]
    set_at: Mapped[datetime]


class AddressLock(Base):
    """Failed log-ins from one network address, whoever they were for."""

    __tablename__ = "address_lock"

    address: Mapped[str] = mapped_column(primary_key=True)
    failed: Mapped[int] = mapped_column(default=0)
    lock_outs: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class SignOn(Base):
    """A log-in at the county's identity provider that is under way (OpenID Connect Core 3.1), used up by its ticket.

    `state_sha256` is what the provider gives back, `browser_sha256` the cookie of the browser that began it;
    `ticket_sha256` opens the session of `user_id` once, when the provider has said who it is.
    """

    __tablename__ = "sign_on"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    state_sha256: Mapped[str] = mapped_column(unique=True)
    browser_sha256: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    back: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    ticket_sha256: Mapped[str | None] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class ApiKey(InstitutionScoped, Base):
    """What a machine shows: `prefix` names the key, only the SHA-256 of the whole is kept.

    `user_id` is the account in whose name it acts, one for a key and those that followed it by rotation; nobody can log
    in with it. `scopes` say which routes the key opens (`viewer_api.scopes`).
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_address: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[datetime | None]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"))

    user: Mapped[User] = relationship(lazy="joined", foreign_keys=[user_id])
    institution: Mapped[Institution] = relationship(lazy="joined", foreign_keys="ApiKey.institution_id")
