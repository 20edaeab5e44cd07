"""A small template with a field of every kind, for tests."""

from typing import Any

CONTENT: dict[str, Any] = {
    "title": {"zh": "试验", "en": "Trial"},
    "modalities": ["CT"],
    "body_parts": ["CHEST"],
    "terms": ["胸"],
    "fields": [
        {
            "id": "lungs",
            "type": "choice",
            "label": {"zh": "肺", "en": "Lungs"},
            "options": [
                {"value": "clear", "label": {"zh": "清晰", "en": "clear"}},
                {
                    "value": "nodule",
                    "label": {"zh": "结节", "en": "nodule"},
                    "text": {
                        "zh": "{side}肺可见结节[，大小约{size}]",
                        "en": "A nodule in the {side} lung[ of {size}]",
                    },
                    "impression": {"zh": "{side}肺结节。", "en": "Nodule of the {side} lung."},
                    "abnormal": True,
                },
            ],
            "default": "clear",
        },
        {"id": "side", "type": "side", "label": {"zh": "侧别", "en": "Side"}, "when": "lungs = nodule"},
        {
            "id": "size",
            "type": "number",
            "label": {"zh": "大小", "en": "Size"},
            "unit": {"zh": "mm", "en": "mm"},
            "min": 1,
            "max": 100,
            "decimals": 1,
            "when": "lungs = nodule",
        },
        {
            "id": "signs",
            "type": "several",
            "label": {"zh": "征象", "en": "Signs"},
            "options": [
                {"value": "spicules", "label": {"zh": "毛刺", "en": "spicules"}},
                {"value": "lobes", "label": {"zh": "分叶", "en": "lobulation"}},
            ],
        },
        {"id": "note", "type": "text", "label": {"zh": "备注", "en": "Note"}},
        {
            "id": "rate",
            "type": "number",
            "label": {"zh": "心率", "en": "Rate"},
            "unit": {"zh": "次/分", "en": "bpm"},
            "normal": {"min": 60, "max": 100},
        },
    ],
    "findings": [
        {"id": "lungs", "zh": "{lungs}。", "en": "{lungs}."},
        {"id": "signs", "zh": "征象：{signs}。", "en": "Signs: {signs}."},
        {"id": "note", "zh": "备注[（{note}）]{note}", "en": "Note[ ({note})] {note}", "paragraph": True},
        {"id": "rate", "zh": "心率{rate}。", "en": "Rate {rate}."},
    ],
    "impression": [
        {"id": "slow", "zh": "心动过缓。", "en": "Bradycardia.", "when": "rate < 60"},
        {"id": "normal", "zh": "未见异常。", "en": "Normal.", "when": "normal"},
    ],
}
