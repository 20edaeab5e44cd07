import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.dsutils import encode

from dicom_gateway.query_retrieve.identifier import BadIdentifier, Identifier, read_query, read_selection
from dicom_gateway.query_retrieve.keys import KEYS
from storage.db.queries.query_matching import MATCHED
from storage.domain.matching import Between, Level, Match, OneOf, Wildcard

SYNTAXES = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)


def encoded(syntax=ExplicitVRLittleEndian, **keys: object) -> bytes:
    made = Dataset()
    for keyword, value in keys.items():
        made.add(DataElement(keyword, dictionary_VR(keyword), value, validation_mode=config.IGNORE))
    content = encode(made, syntax.is_implicit_VR, syntax.is_little_endian)
    assert content is not None
    return content


def read(top: Level = Level.STUDY, assumed: str = "", **keys: object) -> Identifier:
    keys.setdefault("QueryRetrieveLevel", "STUDY")
    return read_query(encoded(**keys), ExplicitVRLittleEndian, top=top, assumed_charset=assumed)


def matched(keyword: str, value: object, **more: object) -> Match | None:
    return read(**{keyword: value}, **more).query.matches.get(keyword)


@pytest.mark.parametrize(
    "keyword, value, expected",
    [
        ("PatientID", "A1", OneOf(("A1",))),
        ("PatientID", "", None),
        ("PatientID", "*", None),
        ("PatientID", "A*", Wildcard("A*")),
        ("PatientName", "Zhang^San", OneOf(("zhang san",))),
        ("PatientName", "ZHANG^*", Wildcard("zhang *")),
        ("PatientName", "*=*", None),
        ("PatientSex", "m", OneOf(("M",))),
        ("StudyInstanceUID", ["1.2", "1.3", "1.2"], OneOf(("1.2", "1.3"))),
        ("StudyDate", "20260102", OneOf(("20260102",))),
        ("StudyDate", "2026.01.02", OneOf(("20260102",))),
        ("StudyDate", "20260102-", Between("20260102", "")),
        ("StudyDate", "-20260102", Between("", "20260102")),
        ("StudyDate", "20260102-20260103", Between("20260102", "20260103")),
        ("StudyTime", "1011", Between("101100.000000", "101159.999999")),
        ("StudyTime", "08-0930", Between("080000.000000", "093059.999999")),
        ("StudyTime", "101112.5", Between("101112.500000", "101112.599999")),
        ("ModalitiesInStudy", ["CT", "MR"], OneOf(("CT", "MR"))),
        ("ReferringPhysicianName", "LI^S?", Wildcard("li^s?")),
    ],
)
def test_how_a_key_is_matched(keyword: str, value: object, expected: Match | None) -> None:
    assert matched(keyword, value) == expected


@pytest.mark.parametrize("charset", ["GB18030", "ISO_IR 192", "GBK"])
def test_chinese_names_are_read_in_the_charset_of_the_request(charset: str) -> None:
    assert matched("PatientName", "张^三", SpecificCharacterSet=charset) == OneOf(("张三",))


def test_chinese_names_without_a_charset_are_read_as_the_device_writes_them() -> None:
    plain = encoded(QueryRetrieveLevel="STUDY", PatientName="ABCD").replace(b"ABCD", "张*".encode("gbk") + b" ")
    found = read_query(plain, ExplicitVRLittleEndian, top=Level.STUDY, assumed_charset="GB18030")
    assert found.query.matches["PatientName"] == Wildcard("张*")
    assert found.charset == ()


@pytest.mark.parametrize(
    "keys",
    [
        {"QueryRetrieveLevel": "FRAME"},
        {"QueryRetrieveLevel": ""},
        {"QueryRetrieveLevel": "PATIENT", "PatientID": "1"},
        {"QueryRetrieveLevel": "SERIES"},
        {"QueryRetrieveLevel": "SERIES", "StudyInstanceUID": ["1.2", "1.3"]},
        {"QueryRetrieveLevel": "IMAGE", "StudyInstanceUID": "1.2"},
        {"StudyDate": "2026"},
        {"StudyDate": "-"},
        {"StudyDate": "20260101-tomorrow"},
        {"StudyTime": "noon"},
        {"StudyInstanceUID": "1.2*"},
        {"QueryRetrieveLevel": "SERIES", "StudyInstanceUID": "1.2", "SeriesNumber": "9" * 30},
        {"StudyInstanceUID": "'; DROP TABLE study"},
    ],
)
def test_what_breaks_the_rules_has_a_comment_that_fits(keys: dict[str, object]) -> None:
    with pytest.raises(BadIdentifier) as refused:
        read(**keys)
    assert 0 < len(refused.value.message) <= 64


def test_below_the_patient_his_id_is_needed_in_the_patient_root() -> None:
    with pytest.raises(BadIdentifier):
        read(Level.PATIENT, StudyDate="20260101")
    assert read(Level.PATIENT, PatientID="1").query.matches == {"PatientID": OneOf(("1",))}


def test_values_that_are_not_matched_are_noticed() -> None:
    assert not read(PatientID="1", PatientAge="").is_partly_matched
    assert read(PatientAge="045Y").is_partly_matched
    assert read(Modality="CT").is_partly_matched
    assert not read(RetrieveAETitle="X", InstanceAvailability="ONLINE").is_partly_matched


def test_a_selection_needs_its_unique_keys() -> None:
    def select(**keys: object):
        return read_selection(encoded(**keys), ExplicitVRLittleEndian, top=Level.STUDY)

    both = select(QueryRetrieveLevel="STUDY", StudyInstanceUID=["1.2", "1.3"], PatientID="ignored")
    assert both.matches == {"StudyInstanceUID": OneOf(("1.2", "1.3"))}
    for keys in ({}, {"StudyInstanceUID": ""}, {"StudyInstanceUID": "*"}):
        with pytest.raises(BadIdentifier):
            select(QueryRetrieveLevel="STUDY", **keys)


def test_every_key_is_one_that_the_catalogue_matches() -> None:
    assert {key.keyword for key in KEYS.values()} == MATCHED


@given(st.binary(max_size=400), st.sampled_from(SYNTAXES))
def test_any_bytes_are_a_query_or_refused(content: bytes, syntax) -> None:
    _try(content, syntax)


@given(st.dictionaries(st.sampled_from([key.keyword for key in KEYS.values()]), st.text(max_size=40)), st.data())
def test_any_values_are_a_query_or_refused(keys: dict[str, str], data: st.DataObject) -> None:
    made = bytearray(_plain({"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": "1.2.3"} | keys))
    for place in data.draw(st.lists(st.integers(0, len(made) - 1), max_size=5)):
        made[place] = data.draw(st.integers(0, 255))
    _try(bytes(made), ImplicitVRLittleEndian)


def _plain(keys: dict[str, str]) -> bytes:
    """Implicit VR little endian, whatever the values are."""
    tags = {keyword: int(tag, 16) for tag, keyword in [(tag, key.keyword) for tag, key in KEYS.items()]}
    tags |= {"QueryRetrieveLevel": 0x00080052}
    content = b""
    for keyword in sorted(keys, key=tags.__getitem__):
        tag, value = tags[keyword], keys[keyword].encode("utf-8", "replace")
        content += (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
        content += len(value).to_bytes(4, "little") + value
    return content


def _try(content: bytes, syntax) -> None:
    comments = []
    for top in (Level.PATIENT, Level.STUDY):
        try:
            found = read_query(content, syntax, top=top, assumed_charset="GB18030")
            matches = set(found.query.matches)
        except BadIdentifier as error:
            comments.append(error.message)
        else:
            assert matches <= MATCHED
        try:
            read_selection(content, syntax, top=top)
        except BadIdentifier as error:
            comments.append(error.message)
    assert all(0 < len(comment) <= 64 for comment in comments)
