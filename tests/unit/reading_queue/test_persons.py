from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reading_queue import persons
from storage.audit import verify
from storage.db.models import AuditEvent, Patient, PatientMerge, Study
from storage.db.queries.persons import persons_of, priors_of, search_patients
from storage.domain.errors import AlreadyOnePerson, CountyReadError, Forbidden, Invalid, NotAllowedFromState, NotFound
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.persons_of_the_county import add_patient, compare_all, merge, person, unmerge

pytestmark = pytest.mark.thorough


def test_merging_changes_no_row_and_undoing_restores_exactly(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02", name="ZHANG SAN")
    study = county.study()
    with county.database.write() as work:
        work.session.get_one(Study, study).patient_id = other
    before = everything(county)
    made = merge(county, one, other)
    assert person(county, one) == person(county, other) == {one, other}
    assert everything(county) == before
    unmerge(county, made)
    assert person(county, one) == {one}
    assert everything(county) == before
    with pytest.raises(NotAllowedFromState):
        unmerge(county, made)


def everything(county: County) -> list[tuple[object, ...]]:
    with county.database.read() as work:
        columns = [column for column in Patient.__table__.columns if column.name != "compared_at"]
        rows = work.session.execute(select(*columns).order_by(Patient.id)).all()
        return [tuple(row) for row in rows] + [
            tuple(row) for row in work.session.execute(select(Study.id, Study.patient_id))
        ]


def test_chains_lead_to_one_person_and_break_where_they_are_undone(county: County) -> None:
    a, b, c, d = (add_patient(county, patient_id=name, fingerprint=name) for name in "abcd")
    first, second = merge(county, b, a), merge(county, c, b)
    third = merge(county, a, d)
    assert person(county, d) == {a, b, c, d}
    unmerge(county, first)
    assert (person(county, a), person(county, c)) == ({a, d}, {b, c})
    unmerge(county, second)
    assert (person(county, a), person(county, b), person(county, c)) == ({a, d}, {b}, {c})
    unmerge(county, third)
    assert person(county, a) == {a}


def test_what_is_one_person_is_not_merged_again(county: County) -> None:
    a, b, c = (add_patient(county, patient_id=name, fingerprint=name) for name in "abc")
    merge(county, b, a)
    merge(county, c, b)
    for survivor, merged in ((a, c), (c, a), (a, b), (a, a)):
        with pytest.raises(AlreadyOnePerson):
            merge(county, survivor, merged)


def test_a_circle_that_somebody_wrote_into_the_database_ends_nowhere(county: County) -> None:
    a, b = (add_patient(county, patient_id=name, fingerprint=name) for name in "ab")
    user = county.user("manager").id
    with county.database.write() as work:
        for survivor, merged in ((a, b), (b, a)):
            made = PatientMerge(survivor_id=survivor, merged_id=merged, by_id=user, at=work.now, reason="x")
            work.session.add(made)
    with county.database.read() as work:
        assert persons_of(work.session, [b]) == {a: a, b: a}


def test_who_may_not_and_what_is_missing(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02")
    for username in ("radiologist", "auditor", "clinic01", "regulator"):
        with pytest.raises(Forbidden):
            merge(county, one, other, username)
    with pytest.raises(NotFound):
        merge(county, one, 999)
    with pytest.raises(NotFound):
        unmerge(county, 999)
    with pytest.raises(Invalid), county.write() as work:
        persons.merge(work, county.actor("manager"), one, other, " ")


def test_every_change_is_on_the_audit_chain(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02")
    unmerge(county, merge(county, one, other, "admin"))
    with county.database.read() as work:
        events = list(work.session.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars())
        assert [event.action for event in events] == ["patients_merged", "patients_unmerged"]
        assert events[0].detail["merged"] == other
        assert "张" not in str([(event.subject, event.detail) for event in events])
        assert verify(work.session) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=12))
def test_persons_are_what_the_standing_merges_connect(county: County, steps: list[tuple[int, int, bool]]) -> None:
    rows = [add_patient(county, patient_id=str(number), fingerprint=new_mark()) for number in range(6)]
    standing: dict[int, tuple[int, int]] = {}
    for survivor, merged, is_undone in steps:
        if is_undone and standing:
            made = sorted(standing)[survivor % len(standing)]
            unmerge(county, made)
            del standing[made]
            continue
        try:
            made = merge(county, rows[survivor], rows[merged])
        except CountyReadError:
            assert rows[merged] in connected(rows[survivor], standing)
            continue
        with county.database.read() as work:
            kept = work.session.get_one(PatientMerge, made)
            standing[made] = (kept.survivor_id, kept.merged_id)
    for row in rows:
        assert person(county, row) == connected(row, standing)


_marks = iter(range(10**6))


def new_mark() -> str:
    return f"mark {next(_marks)}"


def connected(start: int, merges: dict[int, tuple[int, int]]) -> set[int]:
    found, ask = {start}, [start]
    while ask:
        one = ask.pop()
        near = {b if a == one else a for a, b in merges.values() if one in (a, b)} - found
        found |= near
        ask += near
    return found


def test_priors_are_the_earlier_studies_of_all_rows_of_the_person(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02")
    now = county.clock.now()
    studies = []
    for days, patient, code in ((30, one, "t01"), (20, other, "t02"), (10, one, "t01"), (0, other, "t02")):
        study = county.study(code=code, exam_started_at=now.replace(hour=0) - timedelta(days=days))
        studies.append(study)
        with county.database.write() as work:
            work.session.get_one(Study, study).patient_id = patient
    assert priors(county, studies[2]) == [studies[0]]
    made = merge(county, one, other)
    assert priors(county, studies[2]) == [studies[1], studies[0]]
    assert priors(county, studies[3]) == [studies[2], studies[1], studies[0]]
    unmerge(county, made)
    assert priors(county, studies[3]) == [studies[1]]


def priors(county: County, study_id: int) -> list[int]:
    with county.database.read() as work:
        return [prior.study.id for prior in priors_of(work, work.session.get_one(Study, study_id))]


@pytest.mark.parametrize("text", ["张三", "张", "zhangs", "Zhang San", "zs", "0001", "11010519491231002X", ""])
def test_people_are_found_by_name_sound_initials_and_numbers(county: County, text: str) -> None:
    wanted = add_patient(county, national_id="11010519491231002X")
    other = add_patient(county, "t02", patient_id="9", name="李四")
    compare_all(county)
    with county.database.read() as work:
        found = [row.patient.id for row in search_patients(work, text, 10).rows]
    assert found == ([other, wanted] if not text else [wanted])


def test_a_search_has_pages(county: County) -> None:
    rows = [add_patient(county, patient_id=str(number), fingerprint=str(number)) for number in range(5)]
    compare_all(county)
    found: list[int] = []
    before = None
    while True:
        with county.database.read() as work:
            page = search_patients(work, "zhang", 2, before)
        found += [row.patient.id for row in page.rows]
        if (before := page.next_before) is None:
            break
    assert found == rows[::-1]
