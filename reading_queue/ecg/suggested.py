"""What a template starts with when an ECG has been measured: the engine's numbers and statements, for the reader to confirm."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reading_queue.ecg.catalogue import statements
from reading_queue.templates.model import Field, FieldKind, Option, Template
from reading_queue.templates.rendering import render
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork

_IMPLIED = {"sinus_bradycardia": "sinus_rhythm", "sinus_tachycardia": "sinus_rhythm"}
_OTHERS = "more"
"""The field of a template that takes any statement."""
_BAZETT_FROM, _BAZETT_TO = 60.0, 90.0


def suggested_values(work: UnitOfWork, study_id: int, template: Template) -> dict[str, Any]:
    """Values for the template from the study's last measured ECG; none where nothing is measured, or the template asks for none."""
    if not any(field.measure for field in template.fields):
        return {}
    rows = queries.latest_measurements(work, study_id)
    measured = [rows[one.id] for one in queries.ecg_instances(work, study_id) if one.id in rows]
    done = [row.document for row in measured if row.state == queries.DONE]
    if not done:
        return {}
    codes = [str(one["code"]) for one in done[-1]["suggestions"]]
    return values_of(template, done[-1]["measurements"]["overall"], codes)


def values_of(template: Template, overall: Mapping[str, Any], codes: Sequence[str]) -> dict[str, Any]:
    """`overall` are the engine's global measurements, `codes` its statements. What it leaves open is left empty, never usual."""
    values: dict[str, Any] = dict(_numbers(template, overall))
    for code in dict.fromkeys(part for one in codes for part in (_IMPLIED.get(one, one), one)):
        _take(template, values, code)
    said = render(template, values, "zh").statements
    others = template.field(_OTHERS)
    left = [code for code in codes if code not in said and others is not None and _is_abnormal(others, code)]
    for field in template.fields:
        if field.id not in values and _is_open(field, left):
            values[field.id] = None
    return {**values, _OTHERS: left} if left else values


def _is_abnormal(field: Field, code: str) -> bool:
    option = field.option(code)
    return option is not None and option.abnormal


def _numbers(template: Template, overall: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for field in template.fields:
        number = _measured(overall, field.measure) if field.measure else None
        if number is not None:
            value = round(number, field.decimals) if field.decimals else round(number)
            if (field.least is None or value >= field.least) and (field.most is None or value <= field.most):
                yield field.id, value


def _measured(overall: Mapping[str, Any], measure: str) -> float | None:
    """`qtc_ms` is Bazett's from 60 to 90 a minute, Fridericia's elsewhere, as the statements about QT take it."""
    if measure == "qtc_ms":
        is_usual = _BAZETT_FROM <= (overall.get("hr") or 0.0) <= _BAZETT_TO
        measure = "qtc_bazett_ms" if is_usual else "qtc_fridericia_ms"
    number = overall.get(measure)
    return float(number) if number is not None else None


def _take(template: Template, values: dict[str, Any], code: str) -> None:
    """Choose the option that makes this statement; of one choice what is abnormal counts more than what is not."""
    for field in template.fields:
        option = next((one for one in field.options if one.code == code), None)
        if option is None or field.id == _OTHERS:
            continue
        if field.kind is FieldKind.SEVERAL:
            values[field.id] = [*values.get(field.id, []), option.value]
        elif field.kind is FieldKind.CHOICE and _may_take(field, values, option):
            values[field.id] = option.value
        return


def _may_take(field: Field, values: Mapping[str, Any], option: Option) -> bool:
    chosen = field.option(values[field.id]) if field.id in values else None
    return chosen is None or (option.abnormal and not chosen.abnormal)


def _is_open(field: Field, left: Sequence[str]) -> bool:
    """Whether a choice must not say its usual answer: a rhythm that was not recognised, or something of its kind is left over."""
    if field.kind is not FieldKind.CHOICE or field.default is None:
        return False
    known = statements()
    groups = {known[option.code].group for option in field.options if option.code in known}
    return bool(groups & {known[code].group for code in left}) or ("sinus" in groups)
