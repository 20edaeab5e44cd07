"""Orders and the studies that come for them, on SQLite."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from storage.db.models import AuditEvent, ExamOrder, Study
from storage.db.queries.orders import match_arrived_studies, match_waiting_orders, order_of_study
from storage.db.queries.worklist import Wanted, worklist
from storage.domain.orders import OrderAction
from storage.orders.states import advance
from tests.unit.reading_queue.county import County
from tests.unit.storage.orders.placing import placed, reloaded


@pytest.fixture
def county(tmp_path):
    made = County.at(f"sqlite:///{tmp_path}/county.sqlite")
    yield made
    made.database.engine.dispose()


def arrive(county: County, *, code: str = "t01", patient: str = "0007", name: str = "欧阳三", **values: str) -> int:
    study_id = county.study(code=code)
    with county.database.write() as work:
        study = work.session.get_one(Study, study_id)
        study.accession_number = study.description = ""
        study.patient.patient_id, study.patient.name, study.patient.fingerprint = patient, name, f"{study_id}"
        study.patient.sex, study.patient.birth_date = "F", "19580321"
        for column, value in values.items():
            setattr(study, column, value)
    return study_id


def match(county: County, *study_ids: int) -> None:
    with county.database.write() as work:
        match_arrived_studies(work, study_ids)


def study_of(county: County, order: ExamOrder) -> int | None:
    return reloaded(county.database, order).study_id


def on_the_worklist(county: County) -> list[int]:
    with county.database.read() as work:
        return [order.id for order in worklist(work, Wanted(institution_id=2), 100)]


def order(county: County, **over) -> ExamOrder:
    return placed(county.database, scheduled_at=county.clock.now(), **over)


def test_a_study_with_the_uid_of_an_order_is_its_study(county: County) -> None:
    asked = order(county, priority="P1")
    assert on_the_worklist(county) == [asked.id]
    study_id = arrive(county, study_instance_uid=asked.study_instance_uid, patient="typed wrongly")
    match(county, study_id)
    match(county, study_id)
    after = reloaded(county.database, asked)
    assert (after.study_id, after.state, after.version) == (study_id, "completed", 2)
    assert on_the_worklist(county) == []
    with county.database.read() as work:
        study = work.session.get_one(Study, study_id)
        assert (study.priority, study.accession_number) == ("P1", asked.accession_number)
        assert study.description == "胸部CT平扫"
        found = order_of_study(work, study_id)
        assert found is not None
        assert found.id == asked.id
        arrived = work.session.execute(select(AuditEvent).where(AuditEvent.action == "order_arrive")).scalars().all()
    assert len(arrived) == 1


@pytest.mark.parametrize(
    "over,matched",
    [
        ({}, True),
        ({"name": "OUYANG SAN"}, True),
        ({"patient": "0008"}, False),
        ({"name": "王五"}, False),
        ({"code": "t02"}, False),
    ],
)
def test_an_accession_number_counts_with_the_same_patient_of_the_same_clinic(
    county: County, over: dict[str, str], *, matched: bool
) -> None:
    asked = order(county)
    study_id = arrive(county, accession_number=asked.accession_number, **over)
    match(county, study_id)
    assert (study_of(county, asked) == study_id) is matched


def test_another_clinic_does_not_take_an_order_with_its_uid(county: County) -> None:
    asked = order(county)
    match(county, arrive(county, code="t02", study_instance_uid=asked.study_instance_uid))
    assert study_of(county, asked) is None


def test_an_order_that_comes_after_its_study_finds_it(county: County) -> None:
    study_id = arrive(county, accession_number="A5")
    assert study_of(county, order(county, accession_number="A5")) == study_id
    late = arrive(county, accession_number="A6")
    asked = order(county, accession_number="A7")
    with county.database.write() as work:
        work.session.get_one(Study, late).accession_number = "A7"
        match_waiting_orders(work)
    assert study_of(county, asked) == late


def test_the_priority_is_left_alone_once_somebody_may_be_reading(county: County) -> None:
    task = county.task()
    with county.database.write() as work:
        study = work.session.get_one(Study, task.study_id)
        study.patient.patient_id, study.patient.name, study.patient.sex = "0007", "", ""
        study.patient.birth_date, number = "", study.accession_number
    asked = order(county, accession_number=number, priority="P0")
    assert study_of(county, asked) == task.study_id
    with county.database.read() as work:
        assert work.session.get_one(Study, task.study_id).priority == "P2"


def test_what_was_cancelled_and_done_all_the_same_is_done(county: County) -> None:
    asked = order(county)
    with county.database.write() as work:
        row = work.session.get_one(ExamOrder, asked.id)
        assert advance(work, row, OrderAction.CANCEL, "user:1")
        assert not advance(work, row, OrderAction.CANCEL, "user:1")
    match(county, arrive(county, study_instance_uid=asked.study_instance_uid))
    assert reloaded(county.database, asked).state == "completed"


def test_an_order_leaves_the_worklist_a_week_after_its_time(county: County) -> None:
    asked = order(county)
    county.clock.advance(days=6, hours=23)
    assert on_the_worklist(county) == [asked.id]
    county.clock.advance(hours=2)
    assert on_the_worklist(county) == []
    assert asked.scheduled_at + timedelta(days=7) < county.clock.now()


def test_studies_without_orders_cost_two_queries(county: County) -> None:
    ids = [arrive(county) for _ in range(5)]
    statements: list[tuple[str, tuple]] = []
    with county.database.write() as work:
        event.listen(county.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2:4]))
        match_arrived_studies(work, ids)
        match_arrived_studies(work, [])
        selects = [statement for statement in statements if statement[0].startswith("SELECT")]
        explain = work.session.connection().exec_driver_sql
        plans = [str(explain(f"EXPLAIN QUERY PLAN {text}", values).all()) for text, values in selects]
    assert len(selects) == 2
    assert "exam_order USING INDEX ix_exam_order_study_instance_uid" in plans[0]
    assert "exam_order USING INDEX sqlite_autoindex_exam_order_1" in plans[1]
