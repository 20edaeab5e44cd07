"""DICOM terms in the words of a Chinese report; a term that is not here is printed as it was sent."""

from collections.abc import Mapping

SEXES_ZH: Mapping[str, str] = {"M": "男", "F": "女", "O": "其他"}
SEXES_EN: Mapping[str, str] = {"M": "Male", "F": "Female", "O": "Other"}
AGE_UNITS_ZH: Mapping[str, str] = {"Y": "岁", "M": "个月", "W": "周", "D": "天"}
AGE_UNITS_EN: Mapping[str, str] = {"Y": "y", "M": "mo", "W": "wk", "D": "d"}

MODALITIES_ZH: Mapping[str, str] = {
    "CR": "数字X线摄影（CR）",
    "CT": "CT",
    "DX": "数字X线摄影（DR）",
    "DR": "数字X线摄影（DR）",
    "ECG": "心电图",
    "ES": "内镜",
    "IO": "口腔X线摄影",
    "MG": "乳腺X线摄影",
    "MR": "磁共振（MR）",
    "PX": "口腔全景摄影",
    "RF": "X线透视",
    "US": "超声",
    "XA": "血管造影",
}
MODALITIES_EN: Mapping[str, str] = {
    "CR": "Radiography (CR)",
    "CT": "CT",
    "DX": "Radiography (DR)",
    "DR": "Radiography (DR)",
    "ECG": "Electrocardiogram",
    "ES": "Endoscopy",
    "IO": "Dental radiography",
    "MG": "Mammography",
    "MR": "MRI",
    "PX": "Panoramic radiography",
    "RF": "Fluoroscopy",
    "US": "Ultrasound",
    "XA": "Angiography",
}

# Body Part Examined (0018,0015), PS3.16 Annex L
BODY_PARTS_ZH: Mapping[str, str] = {
    "ABDOMEN": "腹部",
    "ABDOMENPELVIS": "腹部及盆腔",
    "ANKLE": "踝关节",
    "ARM": "上臂",
    "BLADDER": "膀胱",
    "BRAIN": "颅脑",
    "BREAST": "乳腺",
    "CALCANEUS": "跟骨",
    "CHEST": "胸部",
    "CLAVICLE": "锁骨",
    "CSPINE": "颈椎",
    "ELBOW": "肘关节",
    "FEMUR": "股骨",
    "FINGER": "手指",
    "FOOT": "足",
    "FOREARM": "前臂",
    "HAND": "手",
    "HEAD": "头部",
    "HEADNECK": "头颈部",
    "HEART": "心脏",
    "HIP": "髋关节",
    "HUMERUS": "肱骨",
    "KIDNEY": "肾",
    "KNEE": "膝关节",
    "LEG": "小腿",
    "LIVER": "肝",
    "LSPINE": "腰椎",
    "NECK": "颈部",
    "PANCREAS": "胰腺",
    "PELVIS": "骨盆",
    "PROSTATE": "前列腺",
    "SHOULDER": "肩关节",
    "SINUS": "鼻窦",
    "SKULL": "颅骨",
    "SPINE": "脊柱",
    "SSPINE": "骶椎",
    "THYROID": "甲状腺",
    "TSPINE": "胸椎",
    "UTERUS": "子宫",
    "WRIST": "腕关节",
}
