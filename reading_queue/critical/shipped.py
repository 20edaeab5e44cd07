"""Every list that comes with the product, by its key: what a county may choose from and add to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from reading_queue.critical import shipped_ecg
from reading_queue.critical.lists import FindingList, parse_list

_RADIOLOGY = ["CR", "CT", "DR", "DX", "MG", "MR", "NM", "PT", "RF", "XA"]
_NATIONAL = "国卫办医政函〔2024〕150号 附件4 RQI-RCV-04"
_HOSPITALS = "医院影像科危急值目录（据公开资料汇总）"
_ULTRASOUND = "超声诊断专业医疗质量控制指标（2022年版）US-CV-01"


def _items(*names: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"code": code, "name": name, "name_en": name_en} for code, name, name_en in names]


_RADIOLOGY_LISTS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "imaging-national",
        "version": "2024",
        "name": "放射影像危急值（国家质控指标所列）",
        "name_en": "Radiology, as the national indicator names them",
        "modalities": _RADIOLOGY,
        "basis": "discovered",
        "source": _NATIONAL,
        "findings": _items(
            ("RAD-PE", "急性肺栓塞", "Acute pulmonary embolism"),
            ("RAD-DISSECTION", "急性主动脉夹层", "Acute aortic dissection"),
            ("RAD-ICH", "急性脑出血", "Acute cerebral haemorrhage"),
            ("RAD-HERNIATION", "脑疝", "Brain herniation"),
            ("RAD-PERFORATION", "消化道穿孔", "Perforation of the digestive tract"),
        ),
    },
    {
        "key": "imaging-hospitals",
        "version": "1",
        "name": "放射影像危急值（医院补充）",
        "name_en": "Radiology, what hospitals add",
        "modalities": _RADIOLOGY,
        "basis": "discovered",
        "source": _HOSPITALS,
        "findings": _items(
            ("RAD-EXTRAAXIAL", "硬膜外或硬膜下血肿", "Epidural or subdural haematoma"),
            ("RAD-INFARCT", "大面积脑梗死（≥1个脑叶）", "Large cerebral infarction (one lobe or more)"),
            (
                "RAD-ICH-LARGE",
                "颅内出血量大（幕上≥30ml或幕下≥10ml）",
                "Large intracranial bleeding (≥ 30 ml above, ≥ 10 ml below the tentorium)",
            ),
            ("RAD-TENSION-PTX", "张力性气胸", "Tension pneumothorax"),
            ("RAD-TAMPONADE", "心包填塞", "Cardiac tamponade"),
            ("RAD-OBSTRUCTION", "肠梗阻", "Bowel obstruction"),
            ("RAD-ORGAN-RUPTURE", "实质脏器破裂", "Rupture of a solid organ"),
            ("RAD-CORD", "脊髓压迫", "Compression of the spinal cord"),
        ),
    },
)

_ULTRASOUND_LIST: Mapping[str, Any] = {
    "key": "ultrasound-national",
    "version": "2022",
    "name": "超声危急值（国家质控指标所列）",
    "name_en": "Ultrasound, as the national indicator lists them",
    "modalities": ["US", "IVUS"],
    "basis": "report_issued",
    "source": _ULTRASOUND,
    "findings": [
        *_items(
            ("US-RUPTURE", "肝脾肾破裂", "Rupture of liver, spleen or kidney"),
            ("US-ECTOPIC", "宫外孕破裂", "Ruptured ectopic pregnancy"),
            ("US-GALLBLADDER", "化脓性胆囊炎穿孔", "Perforated suppurative cholecystitis"),
            (
                "US-FETUS",
                "晚孕羊水过少合并胎心异常（>160或<110次/分）",
                "Late pregnancy, little amniotic fluid and fetal heart rate > 160 or < 110",
            ),
            ("US-UTERUS", "子宫破裂", "Rupture of the uterus"),
            ("US-PLACENTA", "胎盘早剥或前置胎盘活动性出血", "Placental abruption, or placenta praevia that bleeds"),
        ),
        {
            "code": "US-LVEF",
            "name": "首次发现左室射血分数<35%",
            "name_en": "LVEF < 35 %, found for the first time",
            "thresholds": [{"measure": "lvef", "compare": "<", "value": 35, "unit": "%"}],
            "statements": ["first_time"],
        },
        *_items(
            ("US-TAMPONADE", "心包填塞", "Cardiac tamponade"),
            ("US-DISSECTION", "主动脉夹层", "Aortic dissection"),
            ("US-ANEURYSM", "主动脉瘤破裂", "Ruptured aortic aneurysm"),
            ("US-HEART", "心脏破裂", "Rupture of the heart"),
            ("US-THROMBUS", "心脏游离血栓", "Free thrombus in the heart"),
            ("US-LIMB", "急性肢体动脉栓塞", "Acute arterial embolism of a limb"),
            ("US-VALVE", "瓣膜置换术后卡瓣", "Stuck prosthetic valve"),
        ),
    ],
}

SHIPPED_LISTS: Mapping[str, FindingList] = MappingProxyType(
    {one.key: one for one in map(parse_list, (*_RADIOLOGY_LISTS, _ULTRASOUND_LIST, *shipped_ecg.LISTS))}
)
