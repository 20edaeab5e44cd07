"""AuditEvent: a link of the audit chain."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, false, or_, select

from storage.db.models import AuditEvent, User
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, moment, referring, token
from viewer_api.fhir.parameters import Token, row_key
from viewer_api.fhir.terms import ACTIONS, DCM, USERS, Resource, coding, identifier, instant, pruned, reference

_DCM_TYPES = {
    "user": coding(DCM, "110114", "User Authentication"),
    "study": coding(DCM, "110103", "DICOM Instances Accessed"),
    "patient": coding(DCM, "110110", "Patient Record"),
    "order": coding(DCM, "110109", "Order Record"),
    "fhir": coding(DCM, "110112", "Query"),
}
_OTHER = coding(DCM, "110111", "Procedure Record")
_KINDS = {
    "study": "ImagingStudy",
    "task": "Task",
    "order": "ServiceRequest",
    "patient": "Patient",
    "critical": "Communication",
}
_READ, _CREATED, _DONE = "R", "C", "E"
_ENDINGS = {
    _READ: ("_opened", "_printed", "_searched"),
    _CREATED: ("_placed",),
    _DONE: ("login", "logout", "login_attempt"),
}


def _query() -> Select[AuditEvent]:
    return select(AuditEvent)


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    people = _people(context, {one.row.actor for one in found})
    return [_event(one.row, people.get(one.row.actor)) for one in found]


def _event(event: AuditEvent, person: User | None) -> Resource:
    kind = event.subject.partition(":")[0]
    return pruned(
        {
            "resourceType": "AuditEvent",
            "id": str(event.seq),
            "type": _DCM_TYPES.get(kind, _OTHER),
            "subtype": [coding(ACTIONS, event.action)],
            "action": action_of(event.action),
            "recorded": instant(event.at),
            "outcome": "0",
            "agent": [_agent(event, person)],
            "source": {"observer": {"display": "County Reading"}},
            "entity": [_entity(event)],
        }
    )


def action_of(action: str) -> str:
    """The kind of access (FHIR value set audit-event-action)."""
    return next((code for code, endings in _ENDINGS.items() if action.endswith(endings)), "U")


def _agent(event: AuditEvent, person: User | None) -> Resource:
    if person is None:
        return {"who": {"display": event.actor or "unknown"}, "requestor": event.actor not in ("", "system")}
    who = {
        **reference("Practitioner", person.id, person.display_name),
        "identifier": identifier(USERS, person.username),
    }
    return {"who": who, "altId": person.username, "requestor": True}


def _entity(event: AuditEvent) -> Resource:
    kind, _, key = event.subject.partition(":")
    named = kind in _KINDS and key.isdigit()
    what = reference(_KINDS[kind], key) if named else {"display": event.subject}
    detail = [
        {"type": name, "valueString": str(value)} for name, value in event.detail.items() if value not in ("", None)
    ]
    return pruned({"what": what, "detail": [one for one in detail if one["valueString"].strip()]})


def _people(context: Context, actors: Collection[str]) -> dict[str, User]:
    """Actors stand in the chain as `user:17`, or by name."""
    numbers = {int(one[5:]): one for one in actors if one.startswith("user:") and one[5:].isdigit()}
    query = select(User).where(or_(User.id.in_(numbers), User.username.in_(actors)))
    found: dict[str, User] = {}
    for user in context.work.session.execute(query).scalars():
        found[numbers.get(user.id, user.username)] = user
        found[user.username] = user
    return found


def _by_agent(value: str) -> Condition:
    key = value.rpartition("/")[2]
    number = row_key(key)
    if number is None:
        return false()
    name = select(User.username).where(User.id == number).scalar_subquery()
    return or_(AuditEvent.actor == f"user:{key}", AuditEvent.actor == name)


def _about(value: str) -> Condition:
    kind, _, key = value.rpartition("/")
    word = next((one for one, name in _KINDS.items() if name == kind.rpartition("/")[2]), None)
    return AuditEvent.subject == f"{word}:{key}" if word else false()


def _of_type(wanted: Token) -> Condition:
    kinds = [kind for kind, one in _DCM_TYPES.items() if one["code"] == wanted.code]
    begins: list[Any] = [AuditEvent.subject.startswith(f"{kind}:") for kind in kinds]
    if wanted.code == _OTHER["code"]:
        return and_(*(~AuditEvent.subject.startswith(f"{kind}:") for kind in _DCM_TYPES))
    return or_(*begins) if begins and wanted.is_of(DCM) else false()


def _of_action(wanted: Token) -> Condition:
    fits = {code: or_(*(AuditEvent.action.endswith(end) for end in ends)) for code, ends in _ENDINGS.items()}
    return and_(*(~one for one in fits.values())) if wanted.code == "U" else fits.get(wanted.code, false())


AUDIT_EVENT = Kind(
    "AuditEvent",
    "The audit chain, for the manager and the administrator",
    _query,
    AuditEvent.seq,
    _rendered,
    (
        moment("date", "when it happened", AuditEvent.at),
        referring("agent", "who did it", "Practitioner", _by_agent),
        referring("entity", "what it was done to: Type/id", "", _about),
        token("type", "DICOM audit event (DCM)", _of_type),
        token("action", "C, R, U or E", _of_action),
        token("subtype", "the action as the chain names it", lambda wanted: AuditEvent.action == wanted.code),
    ),
    updated=AuditEvent.at,
    sorts={"date": AuditEvent.at},
)
