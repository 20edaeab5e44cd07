"""Whatever is asked, the catalogue answers, and a clinic's scope hides every other's."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.db.queries import query_retrieve
from storage.db.queries.query_matching import MATCHED
from storage.db.session import COUNTY, Database, Scope
from storage.domain.matching import Between, Level, Match, OneOf, Query, Wildcard
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, make_county

pytestmark = pytest.mark.thorough


NUMBERS = ("SeriesNumber", "InstanceNumber")
WITHIN = {
    Level.PATIENT: {"PatientID", "IssuerOfPatientID", "PatientName", "PatientSex", "PatientBirthDate"},
    Level.STUDY: MATCHED
    - {"Modality", "SeriesDescription", "BodyPartExamined", "Laterality", *NUMBERS}
    - {"SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"},
    Level.SERIES: MATCHED - {"InstanceNumber", "SOPInstanceUID", "SOPClassUID"},
    Level.IMAGE: MATCHED,
}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
MATCHES = st.one_of(
    st.builds(OneOf, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(Wildcard, TEXTS),
    st.builds(Between, TEXTS, TEXTS),
)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    level = draw(st.sampled_from(list(Level)))
    keywords = draw(st.lists(st.sampled_from(sorted(WITHIN[level])), max_size=4, unique=True))
    return Query(level, {keyword: _match(draw, keyword) for keyword in keywords})


def _match(draw: st.DrawFn, keyword: str) -> Match:
    if keyword in NUMBERS:
        return OneOf((str(draw(st.integers(-10, 10))),))
    return draw(st.one_of(MATCHES, st.just(Wildcard("*"))))


@pytest.fixture
def archive(sqlite_database: Database, tmp_path: Path) -> Database:
    make_county(sqlite_database)
    shelf = Shelf(sqlite_database, tmp_path / "spool")
    for number in range(3):
        shelf.add(data_set(PatientID=f"P{number}", StudyDate=f"2026010{number + 1}", SeriesNumber=str(number)))
    return sqlite_database


def find(database: Database, query: Query, institution_id: int | None = None, **more: object):
    with database.read(Scope(institution_id) if institution_id else COUNTY) as work:
        return query_retrieve.find(work, query, before=None, limit=10, **more)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(query=queries())
def test_any_query_is_answered_and_shows_nobody_elses(archive: Database, query: Query) -> None:
    assert len(find(archive, query, with_headers=True)) <= 3
    assert find(archive, query, 2, with_headers=True) == []
    with archive.read(Scope(2)) as work:
        assert query_retrieve.locate(work, query, 10) == []


def test_pages_follow_each_other(archive: Database) -> None:
    query = Query(Level.STUDY, {"PatientID": Wildcard("P*")})
    with archive.read() as work:
        first = query_retrieve.find(work, query, before=None, limit=2)
        second = query_retrieve.find(work, query, before=first[-1].row_id, limit=2)
    assert [one.values["PatientID"] for one in (*first, *second)] == ["P2", "P1", "P0"]


def test_too_many_are_noticed(archive: Database) -> None:
    with archive.read() as work:
        assert len(query_retrieve.locate(work, Query(Level.STUDY), 2)) == 3
        assert len(query_retrieve.locate(work, Query(Level.STUDY), 3)) == 3


def test_one_id_in_two_clinics_is_two_people(archive: Database, tmp_path: Path) -> None:
    Shelf(archive, tmp_path / "other").add(data_set(PatientID="P1"), ae_title="T02_CT")
    both = Query(Level.PATIENT, {"PatientID": OneOf(("P1",))})
    one = Query(Level.PATIENT, {"PatientID": OneOf(("P1",)), "IssuerOfPatientID": OneOf(("t02",))})
    assert {found.values["IssuerOfPatientID"] for found in find(archive, both)} == {"t01", "t02"}
    assert [found.institution_id for found in find(archive, one)] == [2]
    with archive.read() as work:
        assert query_retrieve.number_spaces(work, both) == 2
        assert query_retrieve.number_spaces(work, one) == 1
        assert len(query_retrieve.locate(work, one, 10)) == 1
    with archive.read(Scope(1)) as work:
        assert query_retrieve.number_spaces(work, both) == 1
