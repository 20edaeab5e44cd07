"""Values into words: sentences that lack something are left out, and nothing that a person types is ever read as a pattern."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading_queue.templates.conditions import parse_condition
from reading_queue.templates.model import Field, FieldKind, Language, Template
from reading_queue.templates.parsing import parse_template
from reading_queue.templates.patterns import parse_pattern
from reading_queue.templates.rendering import Rendered, render
from reading_queue.templates.shipped import shipped_templates
from reading_queue.templates.values import SIDES
from storage.domain.errors import Invalid
from tests.unit.reading_queue.templates.made import CONTENT

LANGUAGES: tuple[Language, ...] = ("zh", "en")
CASES = Path(__file__).with_name("rendering_cases.json")
TRIAL = parse_template(CONTENT)
SHIPPED = shipped_templates()


def values_of(template: Template) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={field.id: st.none() | _values(field) for field in template.fields})


def _values(field: Field) -> st.SearchStrategy[Any]:
    options = [option.value for option in field.options]
    if field.kind is FieldKind.CHOICE:
        return st.sampled_from(options)
    if field.kind is FieldKind.SEVERAL:
        return st.lists(st.sampled_from(options), unique=True)
    if field.kind is FieldKind.SIDE:
        return st.sampled_from(sorted(SIDES))
    if field.kind is FieldKind.TEXT:
        return st.text(max_size=30) | st.sampled_from(["{lungs}", "[{x}]", "<b>1</b>", "\\{", "a\nb", "{"])
    least, most = field.least if field.least is not None else -1e6, field.most if field.most is not None else 1e6
    return st.floats(least, most) | st.sampled_from([least, most])


@settings(max_examples=150, deadline=None)
@given(values_of(TRIAL), st.sampled_from(LANGUAGES))
def test_any_values_give_plain_words(values: dict[str, Any], language: Language) -> None:
    is_plain(render(TRIAL, values, language))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHIPPED)), st.sampled_from(LANGUAGES))
def test_any_values_of_any_shipped_template_give_plain_words(data, key: str, language: Language) -> None:
    template = SHIPPED[key].template
    said = render(template, data.draw(values_of(template)), language)
    is_plain(said)
    again = render(template, {field.id: said.values.get(field.id) for field in template.fields}, language)
    assert (again.findings, again.impression, again.values) == (said.findings, said.impression, said.values)


def is_plain(said: Rendered) -> None:
    for text in (said.findings_text, said.impression_text):
        assert "{" not in text
        assert "}" not in text
    assert all("\n" not in one.text and one.text == one.text.strip() and one.text for one in said.findings)
    assert len({one.id for one in (*said.findings, *said.impression)}) == len(said.findings) + len(said.impression)


def test_what_a_person_types_is_text_and_never_a_pattern() -> None:
    said = render(TRIAL, {"note": "<b>{side}</b>\n[x]"}, "zh")
    assert said.findings[-1].text == "备注（<b>（side）</b> [x]）<b>（side）</b> [x]"


def test_a_sentence_that_lacks_a_value_is_left_out_and_so_is_a_bracket() -> None:
    assert render(TRIAL, {"lungs": "nodule"}, "zh").findings_text == ""
    assert render(TRIAL, {"lungs": "nodule", "side": "left"}, "zh").findings_text == "左肺可见结节。"
    said = render(TRIAL, {"lungs": "nodule", "side": "left", "size": 8.25}, "en")
    assert said.findings_text == "A nodule in the left lung of 8.3 mm."
    assert said.impression_text == "Nodule of the left lung."


def test_a_field_that_is_not_asked_for_says_nothing() -> None:
    said = render(TRIAL, {"side": "left", "size": 8}, "zh")
    assert (said.findings_text, said.values) == ("清晰。", {"lungs": "clear"})


def test_an_impression_line_stands_only_where_something_is_abnormal() -> None:
    normal = render(TRIAL, {"rate": 70}, "zh")
    assert (normal.impression_text, normal.positive) == ("未见异常。", False)
    slow = render(TRIAL, {"rate": 50, "lungs": "nodule", "side": "right"}, "zh")
    assert (slow.impression_text, slow.positive) == ("1. 右肺结节。\n2. 心动过缓。", True)


def test_null_empties_a_field_that_has_a_default() -> None:
    assert render(TRIAL, {"lungs": None}, "zh").findings_text == ""


@pytest.mark.parametrize(
    "values",
    [{"size": 1}, {"lungs": "tumour"}, {"signs": "lobes"}, {"rate": "60"}, {"rate": float("nan")}, {"x": 1}],
)
def test_values_that_a_field_cannot_hold_are_refused(values: dict[str, Any]) -> None:
    if values == {"size": 1}:
        values = {"lungs": "nodule", "size": 0.5}
    with pytest.raises(Invalid):
        render(TRIAL, values, "zh")


@pytest.mark.parametrize("pattern", ["{a", "a}", "[a", "a]", "{a b}", "{}", "{a|b}", "{__class__}", "[[[[[a]]]]]"])
def test_patterns_that_make_no_sense_are_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        parse_pattern(pattern)


@pytest.mark.parametrize("text", ["a", "a == b", "a = ", "a < b", "a; b", "__import__('os')", "a & "])
def test_conditions_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_condition(text)


BREACHES: list[tuple[list[Any], Any, str]] = [
    (["title", "en"], "", "title"),
    (["fields", 0, "type"], "html", "type"),
    (["fields", 0, "default"], "tumour", "one of"),
    (["fields", 1, "when"], "rate > 1", "no field rate"),
    (["fields", 1, "id"], "lungs", "two of field"),
    (["findings", 0, "zh"], "{tumour}。", "tumour"),
    (["findings", 0, "en"], "", "English"),
    (["findings"], [], "sentences"),
    (["sex"], "X", "sex"),
    (["modalities"], "CT", "list of words"),
]


@pytest.mark.parametrize("place, value, told", BREACHES)
def test_a_template_that_is_wrong_is_refused_with_the_place(place: list[Any], value: Any, told: str) -> None:
    content = json.loads(json.dumps(CONTENT))
    part = content
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    with pytest.raises(Invalid, match=told):
        parse_template(content)


@pytest.mark.parametrize("key", sorted(SHIPPED))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_template_has_a_normal_report_in_both_languages(key: str, language: Language) -> None:
    said = render(SHIPPED[key].template, {}, language)
    assert said.findings
    assert said.impression
    assert not said.positive


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_abnormal_option_of_a_shipped_template_is_told_in_both_languages(key: str) -> None:
    template = SHIPPED[key].template
    normal = {language: render(template, {}, language) for language in LANGUAGES}
    for values in abnormal_values(template):
        for language in LANGUAGES:
            said = render(template, values, language)
            assert said.positive, values
            assert said.impression_text not in ("", normal[language].impression_text), values


def test_a_shipped_template_never_invents_a_measurement_or_a_side() -> None:
    measured = {
        (key, field.id)
        for key, one in SHIPPED.items()
        for field in one.template.fields
        if field.default is not None and field.kind in (FieldKind.NUMBER, FieldKind.SIDE, FieldKind.TEXT)
    }
    assert measured == {("head-ct", "shift")}


def test_classes_are_kept_as_values() -> None:
    nodule = {"lesion": "mass", "side": "left", "birads": "4A"}
    assert render(SHIPPED["breast-us"].template, nodule, "zh").classes == {"BI-RADS": "4A"}
    assert render(SHIPPED["breast-us"].template, {}, "zh").classes == {"BI-RADS": "1"}
    assert render(SHIPPED["thyroid-us"].template, {}, "zh").classes == {"TI-RADS": "1"}
    lesion = {"peripheral": "lesion", "lesion_side": "left", "pirads": "5"}
    assert render(SHIPPED["prostate-mr"].template, lesion, "zh").classes == {"PI-RADS": "5"}


def abnormal_values(template: Template) -> Iterator[dict[str, Any]]:
    """Each abnormal option, with everything filled in that it asks for, and each number beyond its limits."""
    for field in template.fields:
        for option in field.options:
            if option.abnormal:
                yield completed(
                    template, {field.id: [option.value] if field.kind is FieldKind.SEVERAL else option.value}
                )
        for number in (field.normal_least, field.normal_most):
            if number is not None and not field.when:
                yield {field.id: number - 1 if number == field.normal_least else number + 1}


def completed(template: Template, values: dict[str, Any]) -> dict[str, Any]:
    """The values, and the first choice for whatever is asked for besides and has no default."""
    found = dict(values)
    for field in template.fields:
        asked = field.when and any(term.field in found for term in field.when)
        if asked and field.id not in found and field.default is None:
            found[field.id] = _first(field)
    return found


def _first(field: Field) -> Any:
    if field.kind is FieldKind.NUMBER:
        return field.least
    if field.kind is FieldKind.SIDE:
        return "left"
    if field.kind is FieldKind.TEXT:
        return "L1"
    return [field.options[0].value] if field.kind is FieldKind.SEVERAL else field.options[0].value


def rendering_cases() -> list[dict[str, Any]]:
    """What both readers of templates, this one and the web application's, must say."""
    return [
        _case(key, template, values, language)
        for key, template in [("", TRIAL), *((key, one.template) for key, one in sorted(SHIPPED.items()))]
        for values in ({}, *list(abnormal_values(template))[::3])
        for language in LANGUAGES
    ]


def _case(key: str, template: Template, values: dict[str, Any], language: Language) -> dict[str, Any]:
    said = render(template, values, language)
    return {
        "template": key,
        "values": values,
        "language": language,
        "findings": said.findings_text,
        "impression": said.impression_text,
        "positive": said.positive,
        "classes": dict(said.classes),
    }


def test_the_cases_that_the_web_application_is_held_to_are_up_to_date() -> None:
    """Write them anew with `python -m tests.unit.reading_queue.templates.test_rendering`."""
    kept = json.loads(CASES.read_text(encoding="utf-8"))
    assert kept["trial"] == CONTENT
    assert kept["catalogues"] == catalogues()
    assert kept["cases"] == json.loads(json.dumps(rendering_cases()))


def catalogues() -> dict[str, Any]:
    """The options of fields that offer a catalogue, which their files do not have."""
    (field,) = (one for one in SHIPPED["resting-ecg"].content["fields"] if one["id"] == "more")
    return {"ecg_statements": field["options"]}


def write_cases() -> None:
    offered = json.dumps(catalogues(), ensure_ascii=False)
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in rendering_cases())
    trial = json.dumps(CONTENT, ensure_ascii=False)
    CASES.write_text(f'{{"trial": {trial},\n"catalogues": {offered},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    write_cases()
