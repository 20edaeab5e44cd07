"""What a call says. Without a wish it is the number, the kind, the study and where to fetch the rest: no patient data."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from storage.db.models import ExamOrder, Result
from storage.domain.ages import iso_date
from storage.domain.errors import InvalidField

TEST_KIND = "test"

Parts = Mapping[str, Any]


def _patient(content: Parts, _order: ExamOrder | None) -> Parts:
    told = content["patient"]
    return {
        "id": told["id"],
        "name": told["name"],
        "sex": told["sex"],
        "birth_date": iso_date(told["birth_date"]),
    }


def _exam(content: Parts, _order: ExamOrder | None) -> Parts:
    names = ("accession_number", "modality", "body_part", "description", "exam_started_at")
    return {name: content["study"][name] for name in names}


def _ordered(_content: Parts, order: ExamOrder | None) -> Parts | None:
    if order is None:
        return None
    return {"placer_order_number": order.placer_order_number, "accession_number": order.accession_number}


def _report(content: Parts, _order: ExamOrder | None) -> Parts:
    words = {name: content[name] for name in ("findings", "impression", "positive", "critical")}
    return {**words, "author": content["author"], "signer": content["signer"], "signed_at": content["signed_at"]}


_PARTS: Mapping[str, Callable[[Parts, ExamOrder | None], Parts | None]] = {
    "patient": _patient,
    "exam": _exam,
    "order": _ordered,
    "report": _report,
}
"""What an institution may ask for besides."""


def checked_wishes(wanted: Collection[str]) -> list[str]:
    """In one order, each once. Raises `InvalidField`."""
    unknown = sorted(set(wanted) - set(_PARTS))
    if unknown:
        raise InvalidField("wanted", f"has {', '.join(unknown)}; it may have {', '.join(_PARTS)}.")
    return [name for name in _PARTS if name in wanted]


def body_of(result: Result, order: ExamOrder | None, wanted: Collection[str], public_url: str) -> dict[str, Any]:
    """The call for a result. It is the same for every attempt."""
    version = result.report_version
    content = version.content
    return {
        "sequence": result.seq,
        "kind": result.kind,
        "institution": content["institution"]["code"],
        "study_instance_uid": content["study"]["study_instance_uid"],
        "report_id": version.report_id,
        "version": version.version,
        "created_at": result.created_at.isoformat(),
        "link": f"{public_url}/api/v1/reports/{version.report_id}?version={version.version}",
        **{name: _PARTS[name](content, order) for name in wanted if name in _PARTS},
    }


def body_of_test(institution: str) -> dict[str, Any]:
    """A call that tells nothing, to try the way."""
    return {"sequence": 0, "kind": TEST_KIND, "institution": institution}
