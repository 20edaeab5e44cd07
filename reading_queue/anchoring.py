"""On a schedule: the audit chain's head is written down outside the database, and old links are archived by rule."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from reading_queue.access import ACCESS
from reading_queue.rulebook import in_force
from storage.audit_anchors import Anchor, Anchors
from storage.audit_archive import archive_before
from storage.db.session import Database
from storage.settings import Settings

_log = logging.getLogger(__name__)

_SECONDS = 10.0
_DAYS_A_YEAR = 365.25
_SHA256_OID = bytes.fromhex("0609608648016503040201")
_GRANTED = (0, 1)
"""As asked for, and with modifications (RFC 3161 2.4.2)."""


def anchor_audit(database: Database, settings: Settings) -> None:
    """Anchor the chain when the county's rules say that it is time and something has happened since."""
    anchors = Anchors.of(settings)
    before = anchors.all()
    with database.read() as work:
        every = timedelta(minutes=in_force(work, ACCESS).content.audit.anchor_minutes)
        if before and work.now - before[-1].taken_at < every:
            return
        anchor = anchors.take(work.session, work.now)
    _tell_others(settings, anchors, anchor)


def archive_audit(database: Database, settings: Settings) -> None:
    """Move links that are older than the county keeps them at hand into files."""
    with database.write() as work:
        years = in_force(work, ACCESS).content.audit.keep_years
        row = archive_before(work, work.now - timedelta(days=years * _DAYS_A_YEAR), archive_folder(settings))
    if row is not None:
        _log.info("Links %s to %s of the audit trail are in a file now.", row.first_seq, row.last_seq)


def archive_folder(settings: Settings) -> Path:
    """Where archived parts of the audit trail lie."""
    return Path(settings.audit_archive) if settings.audit_archive else settings.data / "audit"


def _tell_others(settings: Settings, anchors: Anchors, anchor: Anchor) -> None:
    """Each by itself. What failed is not told again: the next anchor covers the chain up to here as well."""
    if settings.audit_webhook:
        _try(anchor, "webhook", lambda: _post(settings.audit_webhook, json=asdict(anchor)))
    if settings.audit_tsa:
        stamp = anchors.folder / f"anchor-{anchor.seq:012d}.tsr"
        _try(anchor, "time-stamping authority", lambda: stamp.write_bytes(time_stamp(settings.audit_tsa, anchor)))


def _try(anchor: Anchor, whom: str, tell: Callable[[], object]) -> None:
    try:
        tell()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        _log.warning("The anchor of link %s has not reached the %s: %s.", anchor.seq, whom, type(error).__name__)


def _post(url: str, **what: Any) -> httpx.Response:
    return httpx.post(url, timeout=_SECONDS, **what).raise_for_status()


def time_stamp(url: str, anchor: Anchor) -> bytes:
    """A time-stamping authority's answer over the head's hash (RFC 3161 2.4). Raises `ValueError` when it refuses.

    `openssl ts -verify` checks it against the authority's certificate, which nobody here can forge.
    """
    digest, nonce = bytes.fromhex(anchor.sha256), _der(0x02, b"\x01" + secrets.token_bytes(8))
    query = time_stamp_query(digest, nonce)
    stamp = _post(url, content=query, headers={"Content-Type": "application/timestamp-query"}).content
    if _status(stamp) not in _GRANTED or digest not in stamp or nonce not in stamp:
        raise ValueError("The time-stamping authority has not stamped the hash.")
    return stamp


def time_stamp_query(digest: bytes, nonce: bytes) -> bytes:
    """TimeStampReq in DER: version 1, the SHA-256 imprint, a nonce (INTEGER), and the wish for the certificate."""
    imprint = _der(0x30, _der(0x30, _SHA256_OID + b"\x05\x00") + _der(0x04, digest))
    return _der(0x30, b"\x02\x01\x01" + imprint + nonce + b"\x01\x01\xff")


def _status(stamp: bytes) -> int:
    """The PKIStatus that begins a TimeStampResp. Raises `ValueError` for anything else."""
    place = 0
    for _ in ("TimeStampResp", "PKIStatusInfo"):
        if stamp[place : place + 1] != b"\x30":
            raise ValueError("That is no answer of a time-stamping authority.")
        long = stamp[place + 1] if len(stamp) > place + 1 else 0
        place += 2 + (long & 0x7F if long & 0x80 else 0)
    if stamp[place : place + 2] != b"\x02\x01" or len(stamp) < place + 3:
        raise ValueError("That is no answer of a time-stamping authority.")
    return stamp[place + 2]


def _der(tag: int, content: bytes) -> bytes:
    """Of at most 127 octets, as all here are."""
    return bytes((tag, len(content))) + content
