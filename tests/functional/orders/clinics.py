"""Clinics with equipment, each for one test, in a gateway that many tests share."""

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from pynetdicom import AE
from pynetdicom.association import Association
from sqlalchemy import select

from storage.db.models import Device, ExamOrder, Institution
from storage.db.queries.people import institution_by_code
from storage.db.session import Database
from storage.domain.orders import NewOrder
from storage.orders.placing import place_order
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.services.ports import HOST
from tests.unit.storage.orders.placing import ZONE, content, placed, reloaded

_numbers = count(1)


@dataclass(frozen=True)
class Clinic:
    """An institution with one CT."""

    gateway: RunningGateway
    code: str

    @property
    def ct(self) -> str:
        return f"{self.code.upper()}_CT"

    @property
    def database(self) -> Database:
        return self.gateway.database

    def order(self, **over: Any) -> ExamOrder:
        return placed(self.database, self.code, **over)

    def orders_at_once(self, number: int, **over: Any) -> None:
        with self.database.write() as work:
            institution = institution_by_code(work, self.code)
            for _ in range(number):
                place_order(work, institution, NewOrder(content(**over)), author="user:1", zone=ZONE)

    def orders(self) -> list[ExamOrder]:
        with self.database.read() as work:
            query = select(ExamOrder).join(Institution).where(Institution.code == self.code).order_by(ExamOrder.id)
            return list(work.session.execute(query).scalars())

    def state_of(self, order: ExamOrder) -> str:
        return reloaded(self.database, order).state

    def add_device(self, name: str, **settings: Any) -> str:
        """Another device; the gateway knows it from its first association."""
        title = f"{self.code.upper()}_{name}"
        with self.database.write() as work:
            institution = work.session.execute(select(Institution.id).where(Institution.code == self.code)).scalar_one()
            work.session.add(Device(ae_title=title, institution_id=institution, **settings))
        return title

    @contextmanager
    def associate(self, sop_class: str, syntax: str, calling: str = ""):
        ae = AE(calling or self.ct)
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 60
        ae.add_requested_context(sop_class, syntax)
        association: Association = ae.associate(HOST, self.gateway.port, ae_title=AE_TITLE)
        assert association.is_established
        try:
            yield association
        finally:
            association.release()


def new_clinic(gateway: RunningGateway) -> Clinic:
    clinic = Clinic(gateway, f"c{next(_numbers):03d}")
    with gateway.database.write() as work:
        work.session.add(Institution(code=clinic.code, name="清溪镇卫生院", kind="clinic"))
    clinic.add_device("CT", modality="CT")
    return clinic
