"""Orders for tests: placed by the rules, in whatever database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from storage.db.models import ExamOrder
from storage.db.queries.people import institution_by_code
from storage.db.session import Database
from storage.domain.orders import NewOrder, OrderContent
from storage.orders.placing import place_order

ZONE = ZoneInfo("Asia/Shanghai")
NUMBERS = ("accession_number", "placer_order_number", "filler_order_number", "study_instance_uid", "device")


def content(**over: Any) -> OrderContent:
    base = OrderContent(
        patient_id="0007",
        patient_name="欧阳三",
        modality="CT",
        scheduled_at=datetime.now(UTC),
        sex="F",
        birth_date="19580321",
        procedure_description="胸部CT平扫",
        referring_doctor="王大明",
    )
    return replace(base, **over)


def placed(database: Database, code: str = "t01", **over: Any) -> ExamOrder:
    """An order of that institution; `over` replaces what it says, and its numbers."""
    numbers = {name: over.pop(name) for name in NUMBERS if name in over}
    with database.write() as work:
        institution = institution_by_code(work, code)
        return place_order(work, institution, NewOrder(content(**over), **numbers), author="user:1", zone=ZONE)


def reloaded(database: Database, order: ExamOrder) -> ExamOrder:
    with database.read() as work:
        return work.session.get_one(ExamOrder, order.id)
