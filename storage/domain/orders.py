"""Orders for examinations: their states, what leads from one to the next, and what an order says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from storage.domain.reading import Priority

WORKLIST_DAYS = 7
"""How long after its scheduled time an order stays on the worklist when nothing is heard of it."""

WORKLIST_LIFE = timedelta(days=WORKLIST_DAYS)


class OrderState(StrEnum):
    """SCHEDULED: to be done. STARTED: the modality reports a step in progress. The others are ends."""

    SCHEDULED = "scheduled"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DISCONTINUED = "discontinued"


ON_THE_WORKLIST = (OrderState.SCHEDULED, OrderState.STARTED)


class OrderAction(StrEnum):
    """What people, modalities and arriving studies do to an order."""

    CHANGE = "change"
    START = "start"
    ARRIVE = "arrive"
    COMPLETE = "complete"
    DISCONTINUE = "discontinue"
    CANCEL = "cancel"


TRANSITIONS: Mapping[tuple[OrderState, OrderAction], OrderState] = {
    (OrderState.SCHEDULED, OrderAction.CHANGE): OrderState.SCHEDULED,
    (OrderState.SCHEDULED, OrderAction.START): OrderState.STARTED,
    (OrderState.SCHEDULED, OrderAction.ARRIVE): OrderState.COMPLETED,
    (OrderState.SCHEDULED, OrderAction.COMPLETE): OrderState.COMPLETED,
    (OrderState.SCHEDULED, OrderAction.DISCONTINUE): OrderState.DISCONTINUED,
    (OrderState.SCHEDULED, OrderAction.CANCEL): OrderState.CANCELLED,
    (OrderState.STARTED, OrderAction.ARRIVE): OrderState.COMPLETED,
    (OrderState.STARTED, OrderAction.COMPLETE): OrderState.COMPLETED,
    (OrderState.STARTED, OrderAction.DISCONTINUE): OrderState.DISCONTINUED,
    (OrderState.STARTED, OrderAction.CANCEL): OrderState.DISCONTINUED,
    (OrderState.CANCELLED, OrderAction.START): OrderState.STARTED,
    (OrderState.CANCELLED, OrderAction.ARRIVE): OrderState.COMPLETED,
    (OrderState.CANCELLED, OrderAction.COMPLETE): OrderState.COMPLETED,
    (OrderState.DISCONTINUED, OrderAction.START): OrderState.STARTED,
    (OrderState.COMPLETED, OrderAction.DISCONTINUE): OrderState.DISCONTINUED,
}
"""Equipment works from the list that it fetched in the morning: what was cancelled since and is done all the same, is done."""


class OrderSource(StrEnum):
    """Where an order came from."""

    API = "api"
    HL7 = "hl7"


class StepState(StrEnum):
    """Performed Procedure Step Status (0040,0252); the last two are final (PS3.4 F.7.2.2)."""

    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"


@dataclass(frozen=True)
class OrderContent:
    """What an order says, as the columns of `exam_order`. `birth_date` is YYYYMMDD; empty strings are not known.

    `green_channel` is a `storage.domain.green_channel.Kind`; such an order is P0.
    """

    patient_id: str
    patient_name: str
    modality: str
    scheduled_at: datetime
    patient_issuer: str = ""
    romanised_name: str = ""
    sex: str = ""
    birth_date: str = ""
    id_card_number: str = ""
    phone: str = ""
    procedure_code: str = ""
    procedure_description: str = ""
    body_part: str = ""
    priority: str = Priority.P2
    referring_doctor: str = ""
    referring_department: str = ""
    clinical_information: str = ""
    diagnosis: str = ""
    green_channel: str = ""


@dataclass(frozen=True)
class NewOrder:
    """An order as it is placed. Numbers that are empty are not known, or are given by us; `device` is a calling AE title."""

    content: OrderContent
    accession_number: str = ""
    placer_order_number: str = ""
    filler_order_number: str = ""
    study_instance_uid: str = ""
    device: str = ""
    source: OrderSource = field(default=OrderSource.API)
