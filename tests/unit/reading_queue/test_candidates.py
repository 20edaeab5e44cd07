import pytest

from reading_queue import persons
from storage.db.models import Patient
from storage.db.queries.pairs import list_pairs, pairs_of_person
from storage.domain.errors import AlreadyOnePerson, Forbidden, Invalid, NotAllowedFromState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.persons_of_the_county import add_patient, compare_all, merge, unmerge, waiting


def pairs(county: County) -> dict[tuple[int, int], set[str]]:
    return {(pair.first_id, pair.second_id): set(pair.reasons) for pair in waiting(county)}


def test_new_rows_get_their_keys_and_are_compared_once(county: County) -> None:
    one = add_patient(county)
    compare_all(county)
    with county.database.read() as work:
        row = work.session.get_one(Patient, one)
    assert (row.pinyin, row.initials, row.person_key) == ("zhangsan", "zs", "zhangsan|00111279")
    assert row.compared_at is not None
    assert pairs(county) == {}


def test_candidates_are_found_across_clinics_and_within_one(county: County) -> None:
    here = add_patient(county)
    spelt = add_patient(county, name="ZHANG SAN")
    there = add_patient(county, "t02", patient_id="77", national_id="11010519491231002X")
    card = add_patient(county, "t02", patient_id="78", name="李四", national_id="11010519491231002X")
    swapped = add_patient(county, patient_id="0010", birth_date="")
    stranger = add_patient(county, "t02", name="王五", birth_date="19800101")
    compare_all(county)
    found = pairs(county)
    assert found[here, spelt] == {"patient_id", "pinyin", "birth_date", "sex"}
    assert found[here, there] == {"name", "birth_date", "sex"}
    assert found[there, card] == {"national_id", "birth_date", "sex"}
    assert found[here, swapped] == {"name", "swapped_id", "sex"}
    assert not any(stranger in pair for pair in found)


def test_one_number_in_two_numberings_says_nothing(county: County) -> None:
    add_patient(county, name="张三", birth_date="")
    add_patient(county, "t02", name="张三", birth_date="")
    compare_all(county)
    assert pairs(county) == {}
    add_patient(county, issuer="HIS", birth_date="", fingerprint="a")
    add_patient(county, "t02", issuer="HIS", birth_date="", fingerprint="b")
    compare_all(county)
    (reasons,) = pairs(county).values()
    assert reasons == {"patient_id", "name", "sex"}


def test_the_order_of_arrival_changes_nothing(county: County) -> None:
    add_patient(county, name="ZHANG SAN")
    compare_all(county)
    add_patient(county, "t02")
    compare_all(county)
    compare_all(county)
    assert len(pairs(county)) == 1


def test_a_card_number_told_later_makes_a_candidate(county: County) -> None:
    one = add_patient(county, name="张三", birth_date="")
    other = add_patient(county, "t02", name="张珊", birth_date="", national_id="11010519491231002X")
    compare_all(county)
    assert pairs(county) == {}
    with county.database.write() as work:
        row = work.session.get_one(Patient, one)
        row.national_id, row.compared_at = "11010519491231002X", None
    compare_all(county)
    assert (one, other) in pairs(county)


def test_what_was_told_apart_is_not_proposed_again(county: County) -> None:
    one = add_patient(county)
    add_patient(county, "t02")
    compare_all(county)
    (pair,) = waiting(county)
    for _ in range(2):
        with county.write() as work:
            persons.tell_apart(work, county.actor("manager"), pair.id, "不是同一人")
    with county.database.write() as work:
        work.session.get_one(Patient, one).compared_at = None
    compare_all(county)
    assert waiting(county) == []
    third = add_patient(county, patient_id="0005")
    compare_all(county)
    assert len(waiting(county)) == 2
    # Who is one person with one of the two is not the other either.
    merge(county, one, third)
    assert waiting(county) == []


def test_a_radiologist_may_propose_and_not_merge(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02", name="王五")
    reader = county.actor("radiologist")
    with county.write() as work:
        persons.propose(work, reader, other, one, "患者说是同一人")
    (pair,) = waiting(county)
    assert (pair.first_id, pair.second_id, pair.state, pair.by_id) == (one, other, "proposed", reader.user_id)
    with pytest.raises(Forbidden), county.write() as work:
        persons.merge(work, reader, one, other, "同一人")
    with pytest.raises(Forbidden), county.write() as work:
        persons.tell_apart(work, reader, pair.id, "")
    with pytest.raises(Forbidden), county.write() as work:
        persons.propose(work, county.actor("clinic01"), one, other, "")
    with pytest.raises(Invalid), county.write() as work:
        persons.propose(work, reader, one, one, "")


def test_what_people_propose_comes_first_and_lists_have_pages(county: County) -> None:
    rows = [add_patient(county, patient_id=f"9{number}", fingerprint=str(number)) for number in range(4)]
    compare_all(county)
    lowest = waiting(county)[-1]
    with county.write() as work:
        persons.propose(work, county.actor("auditor"), lowest.first_id, lowest.second_id, "")
    assert waiting(county)[0].id == lowest.id
    seen, cursor = [], None
    while True:
        with county.database.read() as work:
            page = list_pairs(work, 2, cursor)
        seen += [pair.id for pair in page.pairs]
        if (cursor := page.next_cursor) is None:
            break
    assert sorted(seen) == sorted(pair.id for pair in waiting(county))
    assert len(seen) == len(rows) * (len(rows) - 1) / 2
    with county.database.read() as work, pytest.raises(Invalid):
        list_pairs(work, 2, "1; DROP TABLE patient")


def test_merged_rows_leave_the_list_and_come_back(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02")
    compare_all(county)
    (pair,) = waiting(county)
    made = merge(county, one, other)
    assert waiting(county) == []
    with pytest.raises(NotAllowedFromState), county.write() as work:
        persons.tell_apart(work, county.actor("manager"), pair.id, "")
    with pytest.raises(AlreadyOnePerson), county.write() as work:
        persons.propose(work, county.actor("radiologist"), one, other, "")
    unmerge(county, made)
    assert [again.id for again in waiting(county)] == [pair.id]
    with county.database.read() as work:
        assert [again.id for again in pairs_of_person(work, [other])] == [pair.id]


def test_undoing_may_tell_apart(county: County) -> None:
    one, other = add_patient(county), add_patient(county, "t02")
    compare_all(county)
    unmerge(county, merge(county, one, other), different=True)
    assert waiting(county) == []
