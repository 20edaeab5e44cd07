from dataclasses import replace

import pytest

from storage.ingest.identity import PatientIdentity, is_same_person, patient_identity

ZHANG = PatientIdentity("0001", "张三", "M", "19700101")


def test_the_ideographic_name_is_what_people_read() -> None:
    identity = patient_identity(" 0001 ", {"Alphabetic": "ZHANG^SAN", "Ideographic": "张^三"}, "m", "1970.01.01")
    assert identity == ZHANG


def test_latin_names_keep_their_spaces_and_nonsense_is_left_out() -> None:
    identity = patient_identity("1", {"Alphabetic": "Zhang^San^^"}, "male?", "someday")
    assert (identity.name, identity.sex, identity.birth_date) == ("Zhang San", "M", "")
    assert patient_identity("", None, "", "") == PatientIdentity("", "", "", "")


@pytest.mark.parametrize(
    "other",
    [
        ZHANG,
        replace(ZHANG, sex=""),
        replace(ZHANG, sex="O"),
        replace(ZHANG, birth_date=""),
        replace(ZHANG, name=""),
        replace(ZHANG, name="张 三"),
        replace(ZHANG, name="ZHANG SAN"),
        replace(ZHANG, patient_id=""),
    ],
)
def test_what_contradicts_nothing_is_the_same_person(other: PatientIdentity) -> None:
    assert is_same_person(ZHANG, other)
    assert is_same_person(other, ZHANG)


@pytest.mark.parametrize(
    "other",
    [
        replace(ZHANG, patient_id="0002"),
        replace(ZHANG, name="李四"),
        replace(ZHANG, sex="F"),
        replace(ZHANG, birth_date="19700102"),
        replace(ZHANG, patient_id="", name="ZHANG SAN"),
    ],
)
def test_a_contradiction_is_another_person(other: PatientIdentity) -> None:
    assert not is_same_person(ZHANG, other)
    assert not is_same_person(other, ZHANG)


def test_somebody_without_id_and_name_is_nobody() -> None:
    assert not PatientIdentity("", "", "M", "19700101").is_known
    assert PatientIdentity("", "张三", "", "").is_known
    assert PatientIdentity("1", "", "", "").is_known


def test_fingerprints_do_not_depend_on_spelling() -> None:
    assert replace(ZHANG, name="Zhang San").fingerprint == replace(ZHANG, name="ZHANG  SAN").fingerprint
    assert ZHANG.fingerprint != replace(ZHANG, name="李四").fingerprint
