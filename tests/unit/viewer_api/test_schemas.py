from datetime import UTC, datetime

import pytest

from viewer_api.schemas import patient_of, to_iso

_EXAM = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "birth, shown, age",
    [
        ("19600102", "1960-01-02", "66Y"),
        ("1960-01-02", "1960-01-02", "66Y"),
        ("19600310", "1960-03-10", "65Y"),
        ("19600309", "1960-03-09", "66Y"),
        ("20240309", "2024-03-09", "2Y"),
        ("20240310", "2024-03-10", "23M"),
        ("20260209", "2026-02-09", "1M"),
        ("20260210", "2026-02-10", "27D"),
        ("20260309", "2026-03-09", "0D"),
        ("20270101", "2027-01-01", ""),
        ("", "", ""),
        ("19601301", "", ""),
        ("unknown", "", ""),
    ],
)
def test_an_age_is_told_as_physicians_tell_it(birth: str, shown: str, age: str) -> None:
    patient = patient_of("1", "张三", "M", birth, _EXAM)
    assert (patient.birth_date, patient.age) == (shown, age)


def test_times_are_in_utc_with_a_z() -> None:
    assert to_iso(datetime.fromisoformat("2026-03-09T09:00:00+08:00")) == "2026-03-09T01:00:00Z"
