"""What an order must say, and its states."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.domain.errors import InvalidField
from storage.domain.id_cards import check_character, read_id_card
from storage.domain.modalities import IMAGING_MODALITIES, made_by_the_same_equipment, modality_code
from storage.domain.order_rules import checked_content
from storage.domain.orders import TRANSITIONS, OrderAction, OrderContent, OrderState
from storage.domain.worklist_charsets import NameForm, WorklistCharset
from storage.orders.names import romanised_name, romanised_text
from tests.unit.storage.orders.placing import content

NOW = datetime(2026, 3, 9, 1, tzinfo=UTC)


@settings(deadline=None)
@given(st.dates(min_value=date(1880, 1, 1)), st.integers(0, 999))
def test_a_card_with_its_check_character_is_read_and_with_another_is_not(day, number: int) -> None:
    seventeen = f"110105{day:%Y%m%d}{number:03d}"
    right = seventeen + check_character(seventeen)
    card = read_id_card(right.lower())
    assert card is not None
    assert (card.birth_date, card.sex) == (seventeen[6:14], "M" if number % 2 else "F")
    for other in set("0123456789X") - {right[-1]}:
        assert read_id_card(seventeen + other) is None


@pytest.mark.parametrize("text", ["", "1", "11010519490231002X", "01010519491231002X", "1" * 19, "一" * 18])
def test_what_is_no_card_is_none(text: str) -> None:
    assert read_id_card(text) is None


def test_a_known_card() -> None:
    card = read_id_card("11010519491231002X")
    assert card is not None
    assert (card.birth_date, card.sex) == ("19491231", "F")


@settings(deadline=None)
@given(
    st.builds(
        OrderContent,
        st.text(max_size=70),
        st.text(max_size=70),
        st.sampled_from(["CT", "dr", "ZZ", ""]),
        st.just(NOW),
        *[st.text(max_size=30)] * 8,
    )
)
def test_whatever_is_told_is_written_in_one_form_or_refused_with_its_field(told: OrderContent) -> None:
    outcome = _checked(told)
    if isinstance(outcome, str):
        assert hasattr(told, outcome)
    else:
        assert checked_content(outcome, NOW) == outcome
        assert outcome.modality in IMAGING_MODALITIES


def _checked(told: OrderContent) -> OrderContent | str:
    """What is written, or the field that was refused."""
    try:
        return checked_content(told, NOW)
    except InvalidField as refusal:
        return refusal.field


@pytest.mark.parametrize("written,sex", [("男", "M"), ("2", "F"), ("f", "F"), ("U", ""), ("", "")])
def test_sex_as_systems_write_it(written: str, sex: str) -> None:
    assert checked_content(content(sex=written), NOW).sex == sex


def test_a_year_ahead_is_too_far() -> None:
    with pytest.raises(InvalidField, match="scheduled_at"):
        checked_content(content(scheduled_at=NOW + timedelta(days=400)), NOW)


def test_modalities_as_systems_write_them() -> None:
    assert [modality_code(text) for text in ("dr", "CT", "彩超", "EKG", "MRI", "X光", "")] == [
        "DX",
        "CT",
        "US",
        "ECG",
        "MR",
        "",
        "",
    ]
    assert made_by_the_same_equipment("CR") == {"CR", "DX"}
    assert made_by_the_same_equipment("CT") == {"CT"}


def test_no_order_comes_back_to_the_worklist_by_itself() -> None:
    reachable = {target for (_, action), target in TRANSITIONS.items() if action is not OrderAction.CHANGE}
    assert OrderState.SCHEDULED not in reachable
    for state, action in product(OrderState, (OrderAction.CHANGE,)):
        assert ((state, action) in TRANSITIONS) == (state is OrderState.SCHEDULED)
    assert not [key for key in TRANSITIONS if key[0] is OrderState.COMPLETED and key[1] is OrderAction.CANCEL]


@pytest.mark.parametrize(
    "name,latin",
    [
        ("张三", "ZHANG^SAN"),
        ("欧阳修", "OUYANG^XIU"),
        ("单雄信", "SHAN^XIONGXIN"),
        ("吕布", "LYU^BU"),
        ("张^三", "ZHANG^SAN"),
        ("李 四", "LI^SI"),
        ("阿卜杜拉·买买提", "ABODULA^MAIMAITI"),
        ("Zhang San", "ZHANG^SAN"),
        ("", ""),
        ("···", ""),
    ],
)
def test_names_in_latin_letters(name: str, latin: str) -> None:
    assert romanised_name(name) == latin


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_name_and_any_text_become_ascii(text: str) -> None:
    assert romanised_name(text).isascii()
    assert len(romanised_name(text)) <= 64
    assert romanised_text(text).isascii()


@pytest.mark.parametrize(
    "rule,terms,form",
    [
        ("", (), "pinyin"),
        ("ISO_IR 100", ("ISO_IR 100",), "pinyin"),
        ("GB18030", ("GB18030",), "both"),
        ("GBK;characters", ("GBK",), "characters"),
        ("ISO_IR 192;pinyin", ("ISO_IR 192",), "pinyin"),
        ("\\ISO 2022 IR 58", ("", "ISO 2022 IR 58"), "both"),
    ],
)
def test_rules_for_the_worklist(rule: str, terms: tuple[str, ...], form: str) -> None:
    assert WorklistCharset.parse(rule) == WorklistCharset(terms, NameForm(form))


@pytest.mark.parametrize("rule", ["KOI8-R", "GB18030;upside down", "ISO_IR 149"])
def test_a_rule_that_makes_no_sense_is_refused(rule: str) -> None:
    with pytest.raises(InvalidField, match="worklist_charset"):
        WorklistCharset.parse(rule)
