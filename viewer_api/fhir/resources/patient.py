"""Patient: a person as one institution numbers him."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, false, func, or_, select

from storage.db.models import Institution, Patient, PatientMerge, Study
from storage.orders.names import has_chinese, romanised_name
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, coded, day, points, text_fits, token, words
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.terms import (
    NATIONAL_ID,
    Resource,
    date_of,
    identifier,
    patient_system,
    present,
    pruned,
    read_patient_system,
    reference,
)

GENDERS = {"M": "male", "F": "female", "O": "other", "": "unknown"}
"""Patient's Sex (0010,0040) in the words of administrative-gender."""

_REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"


def _query() -> Select[Patient]:
    return select(Patient)


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    links = _links(context, [one.row.id for one in found])
    return [_patient(context, one.row, links.get(one.row.id, [])) for one in found]


def _patient(context: Context, patient: Patient, links: list[Resource]) -> Resource:
    institution = context.institution(patient.institution_id)
    number = identifier(patient_system(institution.code, patient.issuer), patient.patient_id, "MR", "usual")
    return pruned(
        {
            "resourceType": "Patient",
            "id": str(patient.id),
            "identifier": present(
                [
                    number and {**number, "assigner": reference("Organization", institution.id)},
                    identifier(NATIONAL_ID, patient.national_id, "NI", "official"),
                ]
            ),
            "active": True,
            "name": human_names(patient.name),
            "telecom": [{"system": "phone", "value": patient.phone}] if patient.phone else [],
            "gender": GENDERS.get(patient.sex, "unknown"),
            "birthDate": date_of(patient.birth_date),
            "managingOrganization": reference("Organization", institution.id, institution.name),
            "link": links,
        }
    )


def human_names(name: str, romanised: str = "") -> list[Resource]:
    """The name as it is written, and a Chinese one in pinyin too."""
    if not name.strip("^ "):
        return []
    official = {"use": "official", **_parts(name)}
    if not has_chinese(name):
        return [official]
    latin = romanised or romanised_name(name)
    return present([{**official, **_written("IDE")}, {**_parts(latin), **_written("ABC")} if latin else {}])


def _parts(name: str) -> Resource:
    family, _, rest = name.partition("^")
    given = [part for part in rest.split("^") if part][:2]
    shown = "".join([family, *given]) if has_chinese(name) else " ".join([family, *given])
    return pruned({"text": shown, "family": family if given else "", "given": given})


def _written(how: str) -> Resource:
    return {"extension": [{"url": _REPRESENTATION, "valueCode": how}]}


def _links(context: Context, ids: Collection[int]) -> dict[int, list[Resource]]:
    """Which rows people have said to be one person; a clinic never sees across clinics."""
    if context.scope.institution_id is not None:
        return {}
    stands = PatientMerge.undone_at.is_(None)
    among = or_(PatientMerge.merged_id.in_(ids), PatientMerge.survivor_id.in_(ids))
    found: dict[int, list[Resource]] = {}
    for merge in context.work.session.execute(select(PatientMerge).where(stands, among)).scalars():
        for one, other, how in (
            (merge.merged_id, merge.survivor_id, "replaced-by"),
            (merge.survivor_id, merge.merged_id, "replaces"),
        ):
            found.setdefault(one, []).append({"other": reference("Patient", other), "type": how})
    return found


def identified(wanted: Token) -> Condition:
    """By a number of an institution or an issuer, or by that of the identity card."""
    if wanted.system is None:
        return or_(
            Patient.patient_id == wanted.code, and_(Patient.national_id == wanted.code, Patient.national_id != "")
        )
    if wanted.system == NATIONAL_ID:
        return and_(Patient.national_id == wanted.code, Patient.national_id != "")
    numbering = read_patient_system(wanted.system)
    if numbering is None:
        return false()
    code, issuer = numbering
    own = Patient.institution_id.in_(select(Institution.id).where(Institution.code == code))
    return and_(Patient.patient_id == wanted.code, Patient.issuer == issuer, *([own] if code else []))


def _named(value: str, modifier: str) -> Condition:
    """By characters, by pinyin (zhangsan), or by its initials (zs)."""
    fits = or_(
        text_fits(Patient.name, value, modifier),
        text_fits(func.replace(Patient.name, "^", ""), value.replace(" ", ""), modifier),
        text_fits(func.replace(Patient.name, "^", " "), value, modifier),
    )
    sound = value.replace(" ", "").casefold()
    if modifier == "exact" or not (sound.isascii() and sound.isalpha()):
        return fits
    return or_(fits, Patient.pinyin.startswith(sound, autoescape=True), Patient.initials == sound)


_BY_GENDER = {gender: (sex,) for sex, gender in GENDERS.items()}

PATIENT = Kind(
    "Patient",
    "Patients as each institution numbers them",
    _query,
    Patient.id,
    _rendered,
    (
        token("identifier", "number at the clinic or of the issuer, or of the identity card", identified),
        words("name", "characters, pinyin (zhangsan) or its initials (zs)", _named),
        words("family", "begins the name", lambda value, modifier: text_fits(Patient.name, value, modifier)),
        coded("gender", "male, female, other, unknown", Patient.sex, _BY_GENDER),
        day("birthdate", "day of birth", Patient.birth_date),
        token("phone", "telephone number", lambda wanted: (Patient.phone == wanted.code) & (Patient.phone != "")),
        points("organization", "the institution that numbers him", "Organization", Patient.institution_id),
    ),
    updated=select(func.min(Study.first_received_at))
    .where(Study.patient_id == Patient.id)
    .correlate(Patient)
    .scalar_subquery(),
    sorts={"name": Patient.name, "birthdate": Patient.birth_date},
    subject="patient",
    audited_as="patient_opened",
)
