"""Critical values of the electrocardiogram, as provinces list them.

The provinces' own documents could not be read; the lists follow what the literature and hospitals quote of them. Measures:
`rr_longest` and `qtc` in seconds, `rr_shortest` in milliseconds, `ventricular_rate` per minute, `duration` in seconds,
`st_limb`, `st_v1_v3` and `st_v4_v6` in millivolts. A person or a machine states the rest.
"""

from collections.abc import Iterable, Mapping
from typing import Any

_Item = Mapping[str, Any]

_ZHEJIANG_SOURCE = "浙江省心电图危急值试行标准（据文献引用）"
_LATER_SOURCE = "后续省级心电图危急值标准（据文献引用）；未列差异处同浙江试行标准"
_SHANXI_SOURCE = "山西省心电图危急值标准（据文献引用）；未列差异处同浙江试行标准"
_HOLTER_SOURCE = "动态心电图危急值（据文献引用）"


def _at(measure: str, compare: str, value: float, unit: str) -> dict[str, object]:
    return {"measure": measure, "compare": compare, "value": value, "unit": unit}


def _item(code: str, name: str, name_en: str, *thresholds: Mapping[str, object], says: tuple[str, ...] = ()) -> _Item:
    return {"code": code, "name": name, "name_en": name_en, "thresholds": list(thresholds), "statements": list(says)}


_RATE, _PER_MINUTE = "ventricular_rate", "/min"

_ZHEJIANG = (
    _item("ECG-PAUSE", "心室停搏（RR间期≥3.0s）", "Ventricular pause, RR ≥ 3.0 s", _at("rr_longest", ">=", 3.0, "s")),
    _item("ECG-BRADY", "严重心动过缓（心室率<35次/分）", "Ventricular rate < 35", _at(_RATE, "<", 35, _PER_MINUTE)),
    _item("ECG-AVB3-NEW", "新发三度房室传导阻滞", "New third-degree AV block"),
    _item(
        "ECG-AVB3-SLOW",
        "三度房室传导阻滞（心室率<40次/分）",
        "Third-degree AV block, ventricular rate < 40",
        _at(_RATE, "<", 40, _PER_MINUTE),
        says=("av_block_3",),
    ),
    _item(
        "ECG-LQT-RONT", "QT间期延长伴R-on-T室性早搏", "Long QT with R-on-T premature beats", says=("long_qt_r_on_t",)
    ),
    _item(
        "ECG-VT",
        "持续性室性心动过速（≥150次/分，≥30s）",
        "Ventricular tachycardia ≥ 150 for ≥ 30 s",
        _at(_RATE, ">=", 150, _PER_MINUTE),
        _at("duration", ">=", 30, "s"),
        says=("vt",),
    ),
    _item(
        "ECG-TDP",
        "尖端扭转型或多形性室速",
        "Torsades de pointes or polymorphic VT",
        says=("torsades", "polymorphic_vt"),
    ),
    _item("ECG-VF", "心室颤动或心室扑动", "Ventricular fibrillation or flutter", says=("vf", "vfl")),
    _item(
        "ECG-SVT",
        "室上性心动过速（≥230次/分）",
        "Supraventricular tachycardia ≥ 230",
        _at(_RATE, ">=", 230, _PER_MINUTE),
        says=("svt",),
    ),
    _item(
        "ECG-AF",
        "心房颤动或扑动（心室率≥180次/分）",
        "Atrial fibrillation or flutter, ventricular rate ≥ 180",
        _at(_RATE, ">=", 180, _PER_MINUTE),
        says=("af", "afl"),
    ),
    _item(
        "ECG-AF-WPW",
        "心房颤动伴预激（最短RR<250ms）",
        "AF with pre-excitation, shortest RR < 250 ms",
        _at("rr_shortest", "<", 250, "ms"),
        says=("af_preexcitation",),
    ),
    _item(
        "ECG-AMI",
        "新发急性心肌梗死图形（肢导、V4-V6 ST≥0.1mV，V1-V3 ST>0.3mV）",
        "New acute infarction pattern (ST limb, V4-V6 ≥ 0.1 mV; V1-V3 > 0.3 mV)",
        says=("ami",),
    ),
    _item("ECG-REMI", "再发心肌梗死", "Re-infarction", says=("re_infarction",)),
)

_LATER = (
    _item("ECG-BRADY", "严重心动过缓（心室率≤35次/分）", "Ventricular rate ≤ 35", _at(_RATE, "<=", 35, _PER_MINUTE)),
    _item(
        "ECG-SVT",
        "室上性心动过速（≥200次/分）",
        "Supraventricular tachycardia ≥ 200",
        _at(_RATE, ">=", 200, _PER_MINUTE),
        says=("svt",),
    ),
    _item(
        "ECG-AF",
        "心房颤动或扑动（心室率≥200次/分）",
        "Atrial fibrillation or flutter, ventricular rate ≥ 200",
        _at(_RATE, ">=", 200, _PER_MINUTE),
        says=("af", "afl"),
    ),
    _item(
        "ECG-LQT-RONT",
        "QTc≥0.55s伴R-on-T室性早搏",
        "QTc ≥ 0.55 s with R-on-T premature beats",
        _at("qtc", ">=", 0.55, "s"),
        says=("r_on_t", "long_qt_r_on_t"),
    ),
    _item("ECG-HYPERK", "严重高钾血症心电图改变", "Severe hyperkalaemia pattern", says=("hyperkalaemia",)),
)

_SHANXI = tuple(
    _item(
        code,
        f"{name}（≥180次/分，≥30s）",
        f"{name_en} ≥ 180 for ≥ 30 s",
        _at(_RATE, ">=", 180, _PER_MINUTE),
        _at("duration", ">=", 30, "s"),
        says=says,
    )
    for code, name, name_en, says in (
        ("ECG-SVT", "室上性心动过速", "Supraventricular tachycardia", ("svt",)),
        ("ECG-AF", "心房颤动或扑动", "Atrial fibrillation or flutter", ("af", "afl")),
    )
)

_HOLTER = (
    _item(
        "HOLTER-AF-PAUSE",
        "心房颤动伴RR间期≥5.0s",
        "AF with RR ≥ 5.0 s",
        _at("rr_longest", ">=", 5.0, "s"),
        says=("af",),
    ),
    _item(
        "HOLTER-PAUSES",
        "≥3.0s停搏≥3次",
        "Three or more pauses of ≥ 3.0 s",
        _at("pauses_of_3_s", ">=", 3, ""),
    ),
    _item("HOLTER-PAUSE", "最长停搏≥4.0s", "Longest pause ≥ 4.0 s", _at("rr_longest", ">=", 4.0, "s")),
)


def _with(changes: Iterable[_Item]) -> list[_Item]:
    merged = {item["code"]: item for item in (*_ZHEJIANG, *changes)}
    return list(merged.values())


def _list(key: str, name: str, name_en: str, province: str, source: str, findings: Iterable[_Item]) -> _Item:
    return {
        "key": key,
        "version": "1",
        "name": name,
        "name_en": name_en,
        "province": province,
        "modalities": ["ECG"],
        "basis": "discovered",
        "source": source,
        "findings": list(findings),
    }


LISTS: tuple[_Item, ...] = (
    _list("ecg-zhejiang", "心电图危急值（浙江试行）", "ECG, Zhejiang trial list", "浙江", _ZHEJIANG_SOURCE, _ZHEJIANG),
    _list("ecg-later", "心电图危急值（后续省级标准）", "ECG, later provincial list", "", _LATER_SOURCE, _with(_LATER)),
    _list("ecg-shanxi", "心电图危急值（山西）", "ECG, Shanxi list", "山西", _SHANXI_SOURCE, _with(_SHANXI)),
    _list("ecg-holter", "动态心电图危急值", "Holter", "", _HOLTER_SOURCE, _HOLTER),
)
