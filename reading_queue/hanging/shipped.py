"""What the product hangs until the county says otherwise, the particular before the general."""

from collections.abc import Mapping
from typing import Any

_FRONT = {"words": ["PA", "AP", "后前位", "正位"], "view": "PA"}
_SIDE = {"words": ["LAT", "侧位"], "view": "LL"}
_PRIOR = {"source": "prior"}
_PLANES = {
    "layout": "2x2",
    "cells": [{"plane": "axial"}, {"plane": "coronal"}, {"plane": "sagittal"}],
}
_SINGLE = {"layout": "1x1"}
_PROJECTIONS = ["CR", "DX", "DR"]
_CHEST = ["CHEST", "THORAX", "LUNG", "胸", "肺"]
_HEAD = ["HEAD", "BRAIN", "SKULL", "头", "颅", "脑"]

SHIPPED: Mapping[str, Any] = {
    "protocols": [
        {
            "key": "chest-two-views",
            "zh": "胸部正侧位",
            "en": "Chest, two views",
            "when": {"modalities": _PROJECTIONS, "words": _CHEST, "least": 2},
            "steps": [
                {"layout": "1x2", "cells": [_FRONT, _SIDE]},
                {"layout": "2x2", "cells": [_FRONT, _SIDE, {**_PRIOR, **_FRONT}, {**_PRIOR, **_SIDE}]},
            ],
        },
        {
            "key": "projection-and-prior",
            "zh": "与既往对照",
            "en": "Beside the prior",
            "when": {"modalities": _PROJECTIONS, "prior": True, "most": 1},
            "steps": [{"layout": "1x2", "cells": [{}, _PRIOR]}, _SINGLE],
        },
        {
            "key": "mammography",
            "zh": "乳腺四格",
            "en": "Mammography, four views",
            "when": {"modalities": ["MG"], "least": 2},
            "steps": [
                {
                    "layout": "2x2",
                    "cells": [
                        {"view": "CC", "laterality": "R"},
                        {"view": "CC", "laterality": "L"},
                        {"view": "MLO", "laterality": "R"},
                        {"view": "MLO", "laterality": "L"},
                    ],
                }
            ],
        },
        {
            "key": "ct-chest",
            "zh": "胸部 CT",
            "en": "CT chest",
            "when": {"modalities": ["CT"], "words": _CHEST},
            "steps": [
                _SINGLE,
                {
                    "layout": "1x2",
                    "cells": [
                        {"series": 0, "window": {"width": 1500, "center": -600}},
                        {"series": 0, "window": {"width": 350, "center": 50}},
                    ],
                },
                _PLANES,
            ],
        },
        {
            "key": "ct-head",
            "zh": "头颅 CT",
            "en": "CT head",
            "when": {"modalities": ["CT"], "words": _HEAD},
            "steps": [
                _SINGLE,
                {
                    "layout": "1x2",
                    "cells": [
                        {"series": 0, "window": {"width": 80, "center": 40}},
                        {"series": 0, "window": {"width": 2000, "center": 400}},
                    ],
                },
                _PLANES,
            ],
        },
        {"key": "ct", "zh": "CT", "en": "CT", "when": {"modalities": ["CT"]}, "steps": [_SINGLE, _PLANES]},
        {
            "key": "mr",
            "zh": "磁共振四格",
            "en": "MR, four series",
            "when": {"modalities": ["MR"], "least": 2},
            "steps": [{"layout": "2x2"}, _SINGLE],
        },
        {
            "key": "us-clips",
            "zh": "超声四格",
            "en": "Ultrasound, four pictures",
            "when": {"modalities": ["US"], "least": 3},
            "steps": [{"layout": "2x2"}, _SINGLE],
        },
        {"key": "single", "zh": "单格", "en": "One cell", "steps": [_SINGLE]},
    ]
}
