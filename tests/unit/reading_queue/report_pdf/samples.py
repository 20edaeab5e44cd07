"""Contents of signed versions, as signing writes them, for the tests of the printed report."""

from copy import deepcopy
from typing import Any

CT: dict[str, Any] = {
    "format": "countyread-report-1",
    "report": {"id": 1042, "version": 1, "kind": "final", "reason": "", "previous_sha256": "0" * 64, "task_id": 2087},
    "patient": {"id": "320925196503", "name": "王建国", "sex": "M", "birth_date": "19650318"},
    "study": {
        "study_instance_uid": "1.2.156.112605.14038011953107.250301073042.3.1028.44021",
        "modality": "CT",
        "description": "胸部CT平扫（螺旋）",
        "body_part": "CHEST",
        "accession_number": "CT20250301017",
        "exam_started_at": "2025-03-01T07:30:42Z",
    },
    "institution": {"code": "t01", "name": "柳河镇中心卫生院", "name_en": "Liuhe Township Central Clinic"},
    "centre": {"code": "county", "name": "青山县医学影像诊断中心", "name_en": "Qingshan County Imaging Centre"},
    "findings": (
        "胸廓对称，纵隔居中。右肺上叶尖段（S1）见一类圆形磨玻璃结节，大小约8mm×6mm（Se3/Im42），边界尚清，CT值约-560HU，未见明显分叶及毛刺征。"
        "左肺下叶背段见条索状高密度影，邻近胸膜轻度增厚。余双肺纹理清晰，未见明确实变影。气管及主要支气管通畅。\n"
        "纵隔及双侧肺门未见肿大淋巴结，最大者短径约0.6 cm。心影不大，冠状动脉左前降支见点状钙化。双侧胸腔未见积液。\n"
        "扫描范围内肝右叶见直径约1.2cm类圆形低密度影，边界清，CT值约8HU。所示骨质未见明确破坏征象，T8~T10椎体前缘骨质增生。"
    ),
    "impression": (
        "1. 右肺上叶尖段磨玻璃结节（8mm×6mm），建议3~6个月后复查低剂量薄层CT。\n"
        "2. 左肺下叶背段陈旧性病变。\n"
        "3. 冠状动脉左前降支钙化。\n"
        "4. 肝右叶囊肿可能，建议结合超声检查。"
    ),
    "positive": True,
    "critical": "",
    "author": {"username": "radiologist", "name": "陈思远", "title": "主治医师"},
    "signer": {"username": "auditor", "name": "周慧敏", "title": "副主任医师"},
    "drafted_at": "2025-03-01T08:02:11Z",
    "signed_at": "2025-03-01T08:15:37Z",
}

ECG_STUDY = {
    "study_instance_uid": "1.2.156.112605.9.20250302.88.17",
    "modality": "ECG",
    "description": "常规十二导联心电图",
    "body_part": "HEART",
    "accession_number": "",
    "exam_started_at": "2025-03-02T01:12:05Z",
}


def content(**changes: Any) -> dict[str, Any]:
    """The CT report with top-level changes."""
    return {**deepcopy(CT), **changes}


def later(kind: str, version: int, reason: str, **changes: Any) -> dict[str, Any]:
    """A later version of the CT report."""
    return content(report={**CT["report"], "kind": kind, "version": version, "reason": reason}, **changes)


def ecg() -> dict[str, Any]:
    return content(
        study=ECG_STUDY,
        patient={"id": "EC-00871", "name": "李秀英", "sex": "F", "birth_date": "19521102"},
        findings="窦性心律，心率 96 次/分，PR 间期 162 ms，QRS 时限 98 ms，QT/QTc 382/441 ms，心电轴 -12°。\nII、III、aVF 导联 ST 段呈弓背向上抬高 0.2~0.35 mV，I、aVL 导联 ST 段对应性压低约 0.15 mV。",
        impression="1. 窦性心律。\n2. 急性下壁 ST 段抬高型心肌梗死（超急性期），请结合临床及心肌损伤标志物。",
        critical="急性下壁 ST 段抬高型心肌梗死（已于 09:21 电话通知柳河镇中心卫生院赵医生，已复述）",
        author={"username": "ecg", "name": "孙立", "title": "主治医师"},
    )


def long() -> dict[str, Any]:
    return content(findings="\n".join([CT["findings"]] * 9))


def english() -> dict[str, Any]:
    return content(
        study={**CT["study"], "description": "CT chest without contrast"},
        findings=(
            "A ground-glass nodule of 8 mm × 6 mm lies in the apical segment of the right upper lobe (Se3/Im42), with well-defined margins and a "
            "mean attenuation of -560 HU; no lobulation or spiculation. Linear opacity in the superior segment of the left lower lobe with slight "
            "thickening of the adjacent pleura. The airways are patent.\nNo enlarged mediastinal or hilar lymph node. No pleural effusion."
        ),
        impression="1. Ground-glass nodule in the right upper lobe. Low-dose thin-section CT in 3 to 6 months is advised.\n2. Old change in the left lower lobe.",
        author={"username": "radiologist", "name": "Chen Siyuan", "title": "Attending radiologist"},
        signer={"username": "auditor", "name": "Zhou Huimin", "title": "Associate chief radiologist"},
    )
