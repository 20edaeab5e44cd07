"""What each rule says to people, in Chinese and in English; `{word}` is what was found, `{other}` what it does not fit."""

from collections.abc import Mapping

from reading_queue.report_rules.report import Rule

SENTENCES: Mapping[Rule, tuple[str, str]] = {
    Rule.EMPTY: ("此项为空。", "This field is empty."),
    Rule.PLACEHOLDER: (
        "“{word}”不是完整的描述。",
        "“{word}” does not say anything.",
    ),
    Rule.TEMPLATE_LEFT: (
        "模板中的“{word}”还没有填写。",
        "“{word}” of the template has not been filled in.",
    ),
    Rule.CHOICE_LEFT: (
        "“{word}”中没有选定一项。",
        "Nothing has been chosen from “{word}”.",
    ),
    Rule.SIDE_DIFFERS: (
        "诊断写“{word}”，所见写“{other}”，左右不一致。",
        "The impression says “{word}”, the findings say “{other}”: the sides differ.",
    ),
    Rule.SIDE_OF_EXAM: (
        "检查部位为{other}侧，报告写“{word}”。",
        "The exam is of the {other} side, the report says “{word}”.",
    ),
    Rule.SEX: (
        "患者为{other}性，报告写“{word}”。",
        "The patient is {other}, the report says “{word}”.",
    ),
    Rule.AGE: (
        "患者{other}岁，报告写“{word}”。",
        "The patient is {other} years old, the report says “{word}”.",
    ),
    Rule.POSITIVE_BUT_NORMAL: (
        "选了阳性，诊断却是“{word}”。",
        "Positive is ticked, but the impression says “{word}”.",
    ),
    Rule.NEGATIVE_BUT_ABNORMAL: (
        "选了阴性，诊断却有“{word}”。",
        "Negative is ticked, but the impression says “{word}”.",
    ),
    Rule.NEGATIVE_BUT_DESCRIBED: (
        "选了阴性，报告却有“{word}”。",
        "Negative is ticked, but the report says “{word}”.",
    ),
    Rule.CRITICAL_UNTOLD: (
        "“{word}”属于危急值，报告未填危急值。",
        "“{word}” is a critical value, and none is reported.",
    ),
    Rule.UNIT_MISSING: (
        "“{word}”没有单位。",
        "“{word}” has no unit.",
    ),
    Rule.IMPLAUSIBLE: (
        "“{word}”这一数值不合理，请核对数字和单位。",
        "“{word}” is hardly possible: check the number and the unit.",
    ),
    Rule.MODALITY_WORDS: (
        "这是{other}检查，“{word}”像是另一种检查的用语。",
        "This is a {other} exam; “{word}” belongs to another kind of exam.",
    ),
    Rule.TYPING: (
        "“{word}”像是输入错误。",
        "“{word}” looks like a slip of the keyboard.",
    ),
}
