"""The second factor: codes from an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost."""

import base64
import hmac
import io
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select, update

from storage.db.models import RecoveryCode, User
from storage.db.session import UnitOfWork
from storage.domain.accounts import LoginMethod
from storage.domain.canonical import sha256_hex
from storage.domain.errors import InvalidField, SealBroken
from storage.sealing import Seals

_log = logging.getLogger(__name__)

_ISSUER = "County Reading"
_STEP_SECONDS = 30
_STEPS_AROUND = (0, -1, 1)
"""Clocks of telephones may be half a minute off (RFC 6238 5.2)."""

_CODES = 10
_CODE_BYTES = 10
_GROUP = 4


@dataclass(frozen=True)
class Enrolment:
    """What the authenticator has to learn: the secret in base 32, as an otpauth URI, and that as a QR code in SVG."""

    secret: str
    uri: str
    svg: str


def begin(work: UnitOfWork, seals: Seals, user_id: int) -> Enrolment:
    """A new secret, which counts once a code of it was shown. Raises `InvalidField` while another one counts."""
    user = work.session.get_one(User, user_id)
    if user.totp_confirmed_at is not None:
        raise InvalidField("code", "has a second factor behind it already: remove that first.")
    secret = pyotp.random_base32()
    user.totp_secret, user.totp_last_step = seals.seal(secret, _about(user)), 0
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=_ISSUER)
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
    return Enrolment(secret, uri, drawn.getvalue().decode())


def confirm(work: UnitOfWork, seals: Seals, user_id: int, code: str) -> list[str]:
    """Let the secret count; the new recovery codes, shown this once. Raises `InvalidField` for a wrong code."""
    user = work.session.get_one(User, user_id)
    if not user.totp_secret or user.totp_confirmed_at is not None or not _takes(seals, user, code, work.now):
        raise InvalidField("code", "is wrong: check the time of the telephone, and give the code it shows now.")
    user.totp_confirmed_at = work.now
    return new_recovery_codes(work, user_id)


def new_recovery_codes(work: UnitOfWork, user_id: int) -> list[str]:
    """Ten codes in place of those that there are."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_recovery_code() for _ in range(_CODES)]
    work.session.add_all(RecoveryCode(user_id=user_id, code_sha256=_hash(code)) for code in codes)
    return codes


def recovery_codes_left(work: UnitOfWork, user_id: int) -> int:
    """How many have not been used."""
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return work.session.execute(query).scalar_one()


def remove(work: UnitOfWork, user: User) -> None:
    """Forget the second factor."""
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = "", None, 0
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def accepted(work: UnitOfWork, seals: Seals, user: User, code: str) -> LoginMethod | None:
    """By which kind of code the user has shown his second factor; None when it is wrong or was used before."""
    if _takes(seals, user, code, work.now):
        return LoginMethod.TOTP
    used = work.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_sha256 == _hash(code), RecoveryCode.used_at.is_(None))
        .values(used_at=work.now)
        .returning(RecoveryCode.id)
    ).all()
    return LoginMethod.RECOVERY_CODE if used else None


def reseal(work: UnitOfWork, seals: Seals) -> int:
    """Seal every secret with the present key, those from before there were seals too; how many cannot be opened."""
    unopened = 0
    for user in work.session.execute(select(User).where(User.totp_secret != "")).scalars():
        if seals.is_current(user.totp_secret):
            continue
        try:
            user.totp_secret = seals.seal(seals.open(user.totp_secret, _about(user)), _about(user))
        except SealBroken as error:
            unopened += 1
            _log.error("The second factor of user %s is of no use: %s", user.id, error.message)
    return unopened


def _about(user: User) -> str:
    return f"second factor of user {user.id}"


def _takes(seals: Seals, user: User, code: str, now: datetime) -> bool:
    try:
        totp = pyotp.TOTP(seals.open(user.totp_secret, _about(user)))
    except SealBroken as error:  # a recovery code still opens
        _log.error("The second factor of user %s is of no use: %s", user.id, error.message)
        return False
    given = code.replace(" ", "")
    present = int(now.timestamp()) // _STEP_SECONDS
    for step in (present + around for around in _STEPS_AROUND):
        if step > user.totp_last_step and hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()):
            user.totp_last_step = step
            return True
    return False


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _hash(code: str) -> str:
    return sha256_hex("".join(code.lower().split()).replace("-", "").encode())
