"""On a schedule: the audit chain's head is written down outside the database, and old links are archived by rule."""

import logging
import secrets
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

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
_GRANTED = (b"\x02\x01\x00", b"\x02\x01\x01")


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
    try:
        if settings.audit_webhook:
            httpx.post(settings.audit_webhook, json=asdict(anchor), timeout=_SECONDS).raise_for_status()
        if settings.audit_tsa:
            (anchors.folder / f"anchor-{anchor.seq:012d}.tsr").write_bytes(time_stamp(settings.audit_tsa, anchor))
    except (httpx.HTTPError, ValueError) as error:
        _log.warning("The anchor of link %s reached its file alone: %s.", anchor.seq, type(error).__name__)


def time_stamp(url: str, anchor: Anchor) -> bytes:
    """A time-stamping authority's answer over the head's hash (RFC 3161 2.4). Raises `ValueError` when it refuses.

    `openssl ts -verify` checks it against the authority's certificate, which nobody here can forge.
    """
    digest = bytes.fromhex(anchor.sha256)
    asked = {"Content-Type": "application/timestamp-query"}
    answer = httpx.post(url, content=time_stamp_query(digest), headers=asked, timeout=_SECONDS)
    answer.raise_for_status()
    # PKIStatusInfo comes first: its status is 0 (granted) or 1 (granted with modifications).
    if not any(status in answer.content[:20] for status in _GRANTED) or digest not in answer.content:
        raise ValueError("The time-stamping authority has not stamped the hash.")
    return answer.content


def time_stamp_query(digest: bytes) -> bytes:
    """TimeStampReq in DER: version 1, the SHA-256 imprint, a nonce, and the wish for the certificate."""
    imprint = _der(0x30, _der(0x30, _SHA256_OID + b"\x05\x00") + _der(0x04, digest))
    nonce = _der(0x02, b"\x01" + secrets.token_bytes(8))
    return _der(0x30, b"\x02\x01\x01" + imprint + nonce + b"\x01\x01\xff")


def _der(tag: int, content: bytes) -> bytes:
    """Of at most 127 octets, as all here are."""
    return bytes((tag, len(content))) + content
