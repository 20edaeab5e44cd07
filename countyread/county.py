"""The demonstration county: one centre, fifteen township clinics, their people and machines. All names are made up."""

from datetime import tzinfo

from storage.db.queries import people
from storage.db.queries.orders import order_by_placer
from storage.db.session import UnitOfWork
from storage.domain.orders import NewOrder, OrderContent
from storage.domain.reading import InstitutionKind, Role
from storage.orders.placing import place_order
from viewer_api.auth.passwords import hash_password

UPPER = ("city", "临江市第一人民医院", "Linjiang City First Hospital")
"""The hospital that the centre may consult."""

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

CONSULTANT = "consultant"


def make_county(work: UnitOfWork, password: str) -> None:
    """Make what is missing, and give everybody `password`; harmless to repeat."""
    hashed = hash_password(password)
    centre = people.ensure_institution(work, *CENTRE, InstitutionKind.CENTRE)
    for username, role, name, title, modalities in STAFF:
        people.ensure_user(
            work, username, hashed, role=role, institution=centre, name=name, title=title, modalities=modalities
        )
    upper = people.ensure_institution(work, *UPPER, InstitutionKind.UPPER)
    people.ensure_user(
        work,
        CONSULTANT,
        hashed,
        role=Role.CONSULTANT,
        institution=upper,
        name="顾明远",
        title="主任医师",
        modalities=None,
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


_ORDERS = (
    ("t01", "DEMO-1", "CT", "欧阳明", "M", "19580321", "胸部CT平扫", "CHEST", "P2", "咳嗽、咳痰两周"),
    ("t01", "DEMO-2", "DX", "李秀兰", "F", "19491102", "右膝关节正侧位", "KNEE", "P1", "摔伤后右膝肿痛两小时"),
    ("t01", "DEMO-3", "US", "王海燕", "F", "19850717", "肝胆胰脾超声", "ABDOMEN", "P3", "健康体检"),
)


def place_orders(work: UnitOfWork, zone: tzinfo) -> None:
    """Three examinations that are to be done now, for the worklists of the first clinic; harmless to repeat."""
    for number, (code, placer, modality, name, sex, born, procedure, part, priority, reason) in enumerate(_ORDERS, 1):
        clinic = people.institution_by_code(work, code)
        if order_by_placer(work, clinic.id, placer) is not None:
            continue
        content = OrderContent(
            patient_id=f"2026{number:04d}",
            patient_name=name,
            modality=modality,
            scheduled_at=work.now,
            sex=sex,
            birth_date=born,
            procedure_description=procedure,
            body_part=part,
            priority=priority,
            referring_doctor="赵建国",
            referring_department="全科门诊",
            clinical_information=reason,
        )
        place_order(work, clinic, NewOrder(content, placer_order_number=placer), author="system", zone=zone)
