"""The demonstration county: one centre, fifteen township clinics, their people and machines. All names are made up."""

from storage.db.queries import people
from storage.db.session import UnitOfWork
from storage.domain.reading import InstitutionKind, Role
from viewer_api.auth.passwords import hash_password

CENTRE = ("county", "清溪县人民医院影像诊断中心", "Qingxi County Hospital Reading Centre")

_TOWNSHIPS = (
    ("东河镇", "Donghe"),
    ("西岭乡", "Xiling"),
    ("南桥镇", "Nanqiao"),
    ("北坪乡", "Beiping"),
    ("石门镇", "Shimen"),
    ("柳林镇", "Liulin"),
    ("青山乡", "Qingshan"),
    ("白沙镇", "Baisha"),
    ("龙泉镇", "Longquan"),
    ("大湾乡", "Dawan"),
    ("杨柳镇", "Yangliu"),
    ("金竹乡", "Jinzhu"),
    ("永安镇", "Yongan"),
    ("双溪乡", "Shuangxi"),
    ("红岩镇", "Hongyan"),
)
CLINICS = tuple(
    (f"t{number:02d}", f"{name}卫生院", f"{english} Township Clinic")
    for number, (name, english) in enumerate(_TOWNSHIPS, start=1)
)

_DEVICES = (("DR", "DX"), ("CT", "CT"), ("US", "US"), ("ECG", "ECG"), ("MR", "MR"))

STAFF = (
    ("manager", Role.MANAGER, "陈立新", "中心主任", None),
    ("radiologist", Role.RADIOLOGIST, "林晓岚", "主治医师", None),
    ("auditor", Role.AUDITOR, "周文涛", "副主任医师", None),
    ("ecg", Role.RADIOLOGIST, "沈静怡", "主治医师", ["ECG"]),
    ("regulator", Role.REGULATOR, "县卫生健康局", "", None),
    ("admin", Role.ADMIN, "信息科", "", None),
)


def make_county(work: UnitOfWork, password: str) -> None:
    """Make what is missing, and give everybody `password`; harmless to repeat."""
    hashed = hash_password(password)
    centre = people.ensure_institution(work, *CENTRE, InstitutionKind.CENTRE)
    for username, role, name, title, modalities in STAFF:
        people.ensure_user(
            work, username, hashed, role=role, institution=centre, name=name, title=title, modalities=modalities
        )
    for number, (code, name, english) in enumerate(CLINICS, start=1):
        clinic = people.ensure_institution(work, code, name, english, InstitutionKind.CLINIC)
        people.ensure_user(
            work,
            f"clinic{number:02d}",
            hashed,
            role=Role.CLINIC,
            institution=clinic,
            name=f"{name}医生",
            title="医师",
            modalities=None,
        )
        for suffix, modality in _DEVICES:
            people.ensure_device(work, f"{code.upper()}_{suffix}", clinic, modality=modality, name=f"{name} {suffix}")
