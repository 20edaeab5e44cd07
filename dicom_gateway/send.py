"""A sender: pushes files by C-STORE as a device would, each in the transfer syntax it is in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pynetdicom import _config
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import DimseServiceType
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext, build_context

from dicom_gateway.presentation import VERIFICATION
from dicom_gateway.status import CALLED_AE_NOT_RECOGNIZED, CALLING_AE_NOT_RECOGNIZED, LOCAL_LIMIT_EXCEEDED
from storage.domain.errors import CountyReadError, UnreadableObject
from storage.ingest.part10 import FileMeta, read_start

_MAX_CONTEXTS = 128
_WARNINGS = range(0xB000, 0xC000)
_TIMEOUT = 30.0
_REASONS: dict[tuple[object, ...], str] = {
    CALLING_AE_NOT_RECOGNIZED: "it does not know the calling AE title",
    CALLED_AE_NOT_RECOGNIZED: "it does not answer to the called AE title",
    LOCAL_LIMIT_EXCEEDED: "it has no room for another association now",
}

Progress = Callable[[Path], None]


class PeerUnavailable(CountyReadError):
    """The other side cannot be reached, or rejects the association."""

    code = "peer_unavailable"


@dataclass(frozen=True)
class SendProblem:
    """A file that was not accepted, and why."""

    path: Path
    reason: str


@dataclass
class SendReport:
    """What became of each file."""

    accepted: int = 0
    problems: list[SendProblem] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    path: Path
    meta: FileMeta

    @property
    def context(self) -> tuple[str, str]:
        return self.meta.sop_class_uid, self.meta.transfer_syntax_uid


def send(
    paths: Sequence[Path],
    host: str,
    port: int,
    calling: str,
    called: str,
    progress: Progress | None = None,
) -> SendReport:
    """Push `paths` over one association, or several when they need more than 128 presentation contexts.

    `progress` is called after each file, accepted or not. Raises `PeerUnavailable` when no association comes about;
    a connection lost on the way is reported file by file.
    """
    report, tell = SendReport(), progress or (lambda _path: None)
    for group in _groups(_readable(paths, report, tell)):
        contexts = [build_context(sop_class, syntax) for sop_class, syntax in dict.fromkeys(f.context for f in group)]
        association = associate(host, port, calling, called, contexts)
        try:
            for file in group:
                _send_one(association, file, report)
                tell(file.path)
        finally:
            association.release()
    return report


def echo(host: str, port: int, calling: str, called: str, *, timeout: float = _TIMEOUT) -> None:
    """Ask whether the other side answers (C-ECHO). Raises `PeerUnavailable`."""
    association = associate(host, port, calling, called, [build_context(VERIFICATION)], timeout)
    try:
        status = association.send_c_echo()
    finally:
        association.release()
    if status.get("Status") != 0:
        raise PeerUnavailable(f"{called} at {host}:{port} did not answer the C-ECHO.")


def _readable(paths: Sequence[Path], report: SendReport, tell: Progress) -> list[_File]:
    files = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                files.append(_File(path, read_start(stream)))
        except (UnreadableObject, OSError):
            report.problems.append(SendProblem(path, "not a DICOM file"))
            tell(path)
    return files


def _groups(files: list[_File]) -> Iterator[list[_File]]:
    """By SOP class and transfer syntax, as many of these together as one association can propose (PS3.8 9.3.2.2)."""
    by_context: dict[tuple[str, str], list[_File]] = {}
    for file in files:
        by_context.setdefault(file.context, []).append(file)
    members = iter(by_context.values())
    while batch := list(islice(members, _MAX_CONTEXTS)):
        yield [file for group in batch for file in group]


def associate(
    host: str,
    port: int,
    calling: str,
    called: str,
    contexts: list[PresentationContext],
    timeout: float = _TIMEOUT,
    roles: Sequence[SCP_SCU_RoleSelectionNegotiation] = (),
) -> Association:
    """An association for which this side asked; `timeout` is in seconds. Raises `PeerUnavailable`."""
    _config.STORE_SEND_CHUNKED_DATASET = True
    ae = ApplicationEntity(calling)
    ae.acse_timeout = ae.dimse_timeout = ae.connection_timeout = ae.network_timeout = timeout
    association = ae.associate(host, port, contexts, ae_title=called, ext_neg=list(roles))
    if association.is_established:
        keep_responses(association)
        return association
    if association.is_rejected:
        answer = association.acceptor.primitive
        told = (answer.result, answer.result_source, answer.diagnostic) if answer is not None else ()
        reason = _REASONS.get(told, "it gives no reason")
        raise PeerUnavailable(f"{called} at {host}:{port} rejected {calling}: {reason}.")
    raise PeerUnavailable(f"Nobody answers DICOM at {host}:{port}.")


def keep_responses(association: Association) -> None:
    """Let no response get lost that comes fast.

    While a caller waits for one, pynetdicom's loop may take it off the queue and drop it as unexpected; it is put back.
    """
    serve = association._serve_request  # noqa: SLF001 - where the loop drops it

    def serve_or_put_back(message: DimseServiceType, context_id: int) -> None:
        if message.is_valid_request:
            serve(message, context_id)
        else:
            association.dimse.msg_queue.put((context_id, message))

    association._serve_request = serve_or_put_back  # type: ignore[method-assign,assignment] # noqa: SLF001


def _send_one(association: Association, file: _File, report: SendReport) -> None:
    reason = _attempt(association, file)
    if reason is None:
        report.accepted += 1
    else:
        report.problems.append(SendProblem(file.path, reason))


def _attempt(association: Association, file: _File) -> str | None:
    if not association.is_established:
        return "the connection was lost"
    try:
        status = association.send_c_store(file.path).get("Status")
    except (ValueError, RuntimeError, AttributeError, OSError):
        return "the other side does not take this SOP class in this transfer syntax"
    if status is None:
        return "the connection was lost"
    return None if status == 0 or status in _WARNINGS else f"refused with status 0x{status:04X}"
