"""Who may call what: one table for every route. A route that is not in it is refused to everybody.

Steps of a task are open to whoever the transition table lets take them from some state; whether from this one, with
this task, the reading queue decides.
"""

from collections.abc import Mapping

from reading_queue.critical.transitions import roles_for as roles_for_case
from reading_queue.key_images import READERS
from reading_queue.measuring.keeping import MEASURERS
from reading_queue.naming import NAMERS
from reading_queue.persons import MERGERS, PROPOSERS
from reading_queue.referrals import SENDERS
from reading_queue.rosters import EDITORS
from reading_queue.templates.library import WRITERS
from reading_queue.transitions import roles_for
from storage.domain.critical import CaseAction
from storage.domain.reading import Action, Role
from viewer_api.fhir.doors import fhir_doors
from viewer_api.ups.doors import ups_doors

PUBLIC: frozenset[Role] = frozenset()
"""No log-in needed: nothing here tells of patients."""

EVERYBODY = frozenset(Role)
PATIENT_LEVEL = frozenset({Role.CLINIC, Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER, Role.ADMIN})
"""Everybody but the health authority. A clinic's caller sees the rows of his own institution alone."""

SEES_IMAGES = PATIENT_LEVEL | {Role.CONSULTANT}
"""A consultant sees the study that his hospital is being asked about, and no other: `dependencies.authorise` looks."""

CONSULTANTS = frozenset({Role.CONSULTANT})

BRINGERS = frozenset({Role.CLINIC, Role.MANAGER, Role.ADMIN})
"""Who may bring images: a clinic its own, the county's people for the clinic that they name."""

OPERATORS = frozenset({Role.MANAGER, Role.ADMIN})

COUNTY_STAFF = PATIENT_LEVEL - {Role.CLINIC}
"""They see persons across clinics; a clinic never does."""

COUNTERS = OPERATORS | {Role.AUDITOR, Role.CLINIC}
"""They see quality figures: the county's people of all clinics, a clinic of its own."""

STATIONS: frozenset[Role | str] = frozenset({"edge station"})
"""No person: an edge station, by its key."""

WALLS: frozenset[Role | str] = frozenset({"wall screen"})
"""No person: a screen on the wall, by the token of its link."""

REGULATORS = frozenset({Role.REGULATOR, Role.AUDITOR, Role.MANAGER, Role.ADMIN})
"""They see the national indicators of all clinics, and the cases behind them with a reason and without names."""

KEEPERS = OPERATORS | {Role.CLINIC}
"""They give away what outsiders may see: links to a study."""

_STUDY = "/dicomweb/studies/{study_instance_uid}"
_SERIES = f"{_STUDY}/series/{{series_instance_uid}}"
_INSTANCE = f"{_SERIES}/instances/{{sop_instance_uid}}"
_FORMS = ("/metadata", "/bulkdata", "/pixeldata", "/rendered", "/thumbnail")

ROLES: Mapping[str, frozenset[Role] | frozenset[Role | str]] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /{path:path}": PUBLIC,
    "POST /api/v1/session": PUBLIC,
    "GET /api/v1/session/methods": PUBLIC,
    "GET /api/v1/session/sign-on": PUBLIC,
    "GET /api/v1/session/sign-on/answer": PUBLIC,
    "POST /api/v1/session/sign-on": PUBLIC,
    "POST /api/v1/shared": PUBLIC,
    "POST /api/v1/session/mask": PATIENT_LEVEL,
    "GET /api/v1/account": EVERYBODY,
    "POST /api/v1/account/password": EVERYBODY,
    "POST /api/v1/account/second-factor": EVERYBODY,
    "POST /api/v1/account/second-factor/confirm": EVERYBODY,
    "POST /api/v1/account/second-factor/remove": EVERYBODY,
    "POST /api/v1/account/recovery-codes": EVERYBODY,
    "GET /api/v1/account/sessions": EVERYBODY,
    "DELETE /api/v1/account/sessions": EVERYBODY,
    "DELETE /api/v1/account/sessions/{session_id}": EVERYBODY,
    "GET /api/v1/admin/users": OPERATORS,
    "POST /api/v1/admin/users": OPERATORS,
    "PATCH /api/v1/admin/users/{username}": OPERATORS,
    "POST /api/v1/admin/users/{username}/reset-password": OPERATORS,
    "POST /api/v1/admin/users/{username}/reset-second-factor": OPERATORS,
    "POST /api/v1/admin/users/{username}/unlock": OPERATORS,
    "GET /api/v1/admin/users/{username}/sessions": OPERATORS,
    "POST /api/v1/admin/users/{username}/end-sessions": OPERATORS,
    "GET /api/v1/admin/api-keys": OPERATORS,
    "POST /api/v1/admin/api-keys": OPERATORS,
    "POST /api/v1/admin/api-keys/{key_id}/rotate": OPERATORS,
    "POST /api/v1/admin/api-keys/{key_id}/revoke": OPERATORS,
    "GET /api/v1/emergencies": PATIENT_LEVEL,
    "POST /api/v1/emergencies": frozenset({Role.CLINIC, Role.RADIOLOGIST, Role.AUDITOR}),
    "POST /api/v1/emergencies/search": frozenset({Role.CLINIC}),
    "POST /api/v1/emergencies/{emergency_id}/end": frozenset({Role.CLINIC, Role.RADIOLOGIST, Role.AUDITOR}),
    "POST /api/v1/emergencies/{emergency_id}/review": OPERATORS,
    "GET /api/v1/shares": KEEPERS,
    "POST /api/v1/studies/{study_instance_uid}/shares": KEEPERS,
    "POST /api/v1/shares/{share_id}/revoke": KEEPERS,
    "POST /api/v1/audit/search": OPERATORS,
    "GET /api/v1/audit/export": OPERATORS,
    "GET /api/v1/audit/state": OPERATORS,
    "GET /api/v1/session": EVERYBODY,
    "DELETE /api/v1/session": EVERYBODY,
    "PUT /api/v1/session/preferences": EVERYBODY,
    "GET /api/v1/preferences": EVERYBODY,
    "PUT /api/v1/preferences/{name}": EVERYBODY,
    "GET /api/v1/tasks": PATIENT_LEVEL,
    "GET /api/v1/tasks/{task_id}": PATIENT_LEVEL,
    "POST /api/v1/tasks/next": roles_for(Action.CLAIM),
    "PUT /api/v1/tasks/{task_id}/draft": roles_for(Action.SUBMIT),
    "GET /api/v1/tasks/{task_id}/draft/pdf": roles_for(Action.SUBMIT),
    "POST /api/v1/tasks/{task_id}/claim": roles_for(Action.CLAIM),
    "GET /api/v1/tasks/{task_id}/prefetch": roles_for(Action.CLAIM),
    "POST /api/v1/tasks/{task_id}/resume": roles_for(Action.RESUME),
    "POST /api/v1/tasks/{task_id}/heartbeat": roles_for(Action.HEARTBEAT),
    "POST /api/v1/tasks/{task_id}/release": roles_for(Action.RELEASE),
    "POST /api/v1/tasks/{task_id}/submit": roles_for(Action.SUBMIT),
    "POST /api/v1/tasks/{task_id}/sign": roles_for(Action.SIGN),
    "POST /api/v1/tasks/{task_id}/reject": roles_for(Action.REJECT),
    "POST /api/v1/tasks/{task_id}/return": roles_for(Action.RETURN),
    "POST /api/v1/tasks/{task_id}/ask": roles_for(Action.ASK),
    "POST /api/v1/tasks/{task_id}/answer": roles_for(Action.ANSWER),
    "POST /api/v1/tasks/{task_id}/retaken": roles_for(Action.RETAKEN),
    "POST /api/v1/tasks/{task_id}/assign": roles_for(Action.ASSIGN),
    "POST /api/v1/tasks/{task_id}/decline": roles_for(Action.DECLINE),
    "POST /api/v1/tasks/{task_id}/cancel": roles_for(Action.CANCEL),
    "POST /api/v1/tasks/{task_id}/priority": roles_for(Action.PRIORITISE),
    "POST /api/v1/tasks/{task_id}/amend": roles_for(Action.AMEND),
    "POST /api/v1/tasks/{task_id}/withdraw": roles_for(Action.WITHDRAW),
    "POST /api/v1/tasks/{task_id}/reread": roles_for(Action.REREAD),
    "POST /api/v1/tasks/{task_id}/reconcile": roles_for(Action.RECONCILE),
    "POST /api/v1/tasks/{task_id}/preliminary": roles_for(Action.PRELIMINARY),
    "POST /api/v1/tasks/{task_id}/consult": roles_for(Action.CONSULT),
    "POST /api/v1/tasks/{task_id}/recall": roles_for(Action.RECALL),
    "GET /api/v1/upper-hospitals": COUNTY_STAFF,
    "GET /api/v1/consultations": CONSULTANTS,
    "GET /api/v1/consultations/{consultation_id}": CONSULTANTS,
    "POST /api/v1/consultations/{consultation_id}/accept": CONSULTANTS,
    "POST /api/v1/consultations/{consultation_id}/opinion": CONSULTANTS,
    "POST /api/v1/consultations/{consultation_id}/decline": CONSULTANTS,
    "GET /api/v1/critical-lists": PATIENT_LEVEL,
    "GET /api/v1/critical-indicators": frozenset({Role.AUDITOR, Role.MANAGER, Role.REGULATOR, Role.ADMIN}),
    "GET /api/v1/critical-indicators/cases": frozenset({Role.AUDITOR, Role.MANAGER, Role.ADMIN}),
    "GET /api/v1/critical-cases": PATIENT_LEVEL,
    "GET /api/v1/critical-cases/{critical_id}": PATIENT_LEVEL,
    "POST /api/v1/critical-cases": roles_for_case(CaseAction.SUSPECT),
    "POST /api/v1/critical-cases/{critical_id}/confirm": roles_for_case(CaseAction.CONFIRM),
    "POST /api/v1/critical-cases/{critical_id}/notify": roles_for_case(CaseAction.NOTIFY),
    "POST /api/v1/critical-cases/{critical_id}/ack": roles_for_case(CaseAction.ACKNOWLEDGE),
    "POST /api/v1/critical-cases/{critical_id}/feedback": roles_for_case(CaseAction.FEED_BACK),
    "POST /api/v1/critical-cases/{critical_id}/close": roles_for_case(CaseAction.CLOSE),
    "POST /api/v1/critical-cases/{critical_id}/false-alarm": roles_for_case(CaseAction.FALSE_ALARM),
    "GET /api/v1/studies": PATIENT_LEVEL,
    "GET /api/v1/studies/{study_instance_uid}": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/thumbnail": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg": SEES_IMAGES,
    "GET /api/v1/ecg-statements": EVERYBODY,
    "GET /api/v1/studies/{study_instance_uid}/ecg.pdf": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/samples": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/overview": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/beats": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/tendency": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/marks": PATIENT_LEVEL,
    "PUT /api/v1/tasks/{task_id}/ecg/{sop_instance_uid}/marks": roles_for(Action.SUBMIT),
    "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/thumbnail": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/preview": SEES_IMAGES,
    "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/slices/{sop_instance_uids}": SEES_IMAGES,
    "GET /api/v1/orders": PATIENT_LEVEL,
    "POST /api/v1/orders": PATIENT_LEVEL,
    "GET /api/v1/orders/candidates": PATIENT_LEVEL,
    "GET /api/v1/orders/rules": PATIENT_LEVEL,
    "POST /api/v1/orders/patients": PATIENT_LEVEL,
    "POST /api/v1/orders/checks": PATIENT_LEVEL,
    "POST /api/v1/orders/recognitions": PATIENT_LEVEL,
    "GET /api/v1/recognition-figures": COUNTERS | {Role.REGULATOR},
    "GET /api/v1/orders/recognitions/{recognition_id}/report": PATIENT_LEVEL,
    "GET /api/v1/orders/{order_id}": PATIENT_LEVEL,
    "PATCH /api/v1/orders/{order_id}": PATIENT_LEVEL,
    "POST /api/v1/orders/{order_id}/cancel": PATIENT_LEVEL,
    "POST /api/v1/uploads": BRINGERS,
    "GET /api/v1/uploads/{upload_id}": BRINGERS,
    "PUT /api/v1/uploads/{upload_id}/files/{name}": BRINGERS,
    "POST /api/v1/uploads/{upload_id}/complete": BRINGERS,
    "POST /dicomweb/studies": BRINGERS,
    "POST /dicomweb/studies/{study_instance_uid}": BRINGERS,
    "GET /dicomweb/": EVERYBODY,
    "OPTIONS /dicomweb/": EVERYBODY,
    "GET /wado": PATIENT_LEVEL,
    "GET /dicomweb/studies": PATIENT_LEVEL,
    "GET /dicomweb/series": PATIENT_LEVEL,
    "GET /dicomweb/instances": PATIENT_LEVEL,
    **{f"GET {_STUDY}{part}": SEES_IMAGES for part in ("", "/instances", *_FORMS)},
    **{f"GET {_SERIES}{part}": SEES_IMAGES for part in ("", *_FORMS)},
    **{f"GET {_INSTANCE}{part}": SEES_IMAGES for part in (*_FORMS, "/bulkdata/{value_path}")},
    **{f"GET {_INSTANCE}/frames/{{frames}}/{part}": SEES_IMAGES for part in ("rendered", "thumbnail")},
    "GET /dicomweb/studies/{study_instance_uid}/series": SEES_IMAGES,
    "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/instances": SEES_IMAGES,
    "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/metadata": SEES_IMAGES,
    "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}": (
        SEES_IMAGES
    ),
    "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}/frames/{frames}": (
        SEES_IMAGES
    ),
    "GET /api/v1/results": PATIENT_LEVEL,
    "POST /api/v1/results/{seq}/receipt": roles_for(Action.RECEIPT),
    "GET /api/v1/results/outstanding": OPERATORS | {Role.CLINIC},
    "GET /api/v1/results/figures": COUNTERS,
    "GET /api/v1/results/figures.csv": COUNTERS,
    "GET /api/v1/results/list.csv": OPERATORS | {Role.CLINIC},
    "GET /api/v1/result-hooks": OPERATORS | {Role.CLINIC},
    "POST /api/v1/result-hooks": OPERATORS | {Role.CLINIC},
    "PATCH /api/v1/result-hooks/{hook_id}": OPERATORS | {Role.CLINIC},
    "DELETE /api/v1/result-hooks/{hook_id}": OPERATORS | {Role.CLINIC},
    "POST /api/v1/result-hooks/{hook_id}/test": OPERATORS | {Role.CLINIC},
    "POST /api/v1/result-hooks/{hook_id}/replay": OPERATORS | {Role.CLINIC},
    "POST /api/v1/result-hooks/{hook_id}/keys": OPERATORS | {Role.CLINIC},
    "DELETE /api/v1/result-hooks/{hook_id}/keys/old": OPERATORS | {Role.CLINIC},
    "GET /api/v1/result-hooks/{hook_id}/attempts": OPERATORS | {Role.CLINIC},
    "GET /api/v1/tasks/{task_id}/key-images": PATIENT_LEVEL,
    "PUT /api/v1/tasks/{task_id}/key-images": READERS,
    "DELETE /api/v1/tasks/{task_id}/key-images/{key_image_id}": READERS,
    "GET /api/v1/tasks/{task_id}/key-images/{key_image_id}/picture": PATIENT_LEVEL,
    "GET /api/v1/studies/{study_instance_uid}/measurements": SEES_IMAGES,
    "POST /api/v1/studies/{study_instance_uid}/measurements": MEASURERS,
    "PUT /api/v1/studies/{study_instance_uid}/measurements/{measurement_id}": MEASURERS,
    "DELETE /api/v1/studies/{study_instance_uid}/measurements/{measurement_id}": MEASURERS,
    "GET /api/v1/reports/{report_id}": PATIENT_LEVEL,
    "GET /api/v1/reports/{report_id}/pdf": PATIENT_LEVEL,
    "GET /api/v1/reports/{report_id}/sr": PATIENT_LEVEL,
    "GET /api/v1/reports/{report_id}/key-images": PATIENT_LEVEL,
    "GET /api/v1/reports/{report_id}/key-images/{number}": PATIENT_LEVEL,
    "GET /api/v1/events": SEES_IMAGES,
    "GET /api/v1/rules": OPERATORS,
    "GET /api/v1/rules/{kind}": OPERATORS,
    "POST /api/v1/rules/{kind}": OPERATORS,
    "POST /api/v1/rules/{kind}/preview": OPERATORS,
    "GET /api/v1/referrals": PATIENT_LEVEL,
    "POST /api/v1/referrals": SENDERS,
    "GET /api/v1/referrals/{referral_id}": PATIENT_LEVEL,
    "POST /api/v1/referrals/{referral_id}/{action}": SENDERS,
    "GET /api/v1/green-channel": PATIENT_LEVEL,
    "POST /api/v1/green-channel": roles_for(Action.PRIORITISE),
    "GET /api/v1/green-channel/{case_id}": PATIENT_LEVEL,
    "POST /api/v1/green-channel/{case_id}/milestones": roles_for(Action.PRIORITISE),
    "POST /api/v1/green-channel/{case_id}/close": roles_for(Action.PRIORITISE),
    "GET /api/v1/hanging": COUNTY_STAFF,
    "PUT /api/v1/hanging/own": READERS,
    "DELETE /api/v1/hanging/own": READERS,
    "GET /api/v1/notices": EVERYBODY,
    "POST /api/v1/notices/seen": EVERYBODY,
    "GET /api/v1/notices/preferences": EVERYBODY,
    "PUT /api/v1/notices/preferences": EVERYBODY,
    "GET /api/v1/admin/contacts": OPERATORS,
    "PATCH /api/v1/admin/contacts/{username}": OPERATORS,
    "GET /api/v1/deliveries": OPERATORS,
    "POST /api/v1/deliveries/redrive": OPERATORS,
    "GET /api/v1/webhooks": OPERATORS,
    "POST /api/v1/webhooks": OPERATORS,
    "PATCH /api/v1/webhooks/{webhook_id}": OPERATORS,
    "POST /api/v1/webhooks/{webhook_id}/replay": OPERATORS,
    "GET /api/v1/dead-letters": OPERATORS,
    "POST /api/v1/dead-letters/{letter_id}/redrive": OPERATORS,
    "POST /api/v1/dead-letters/{letter_id}/dismiss": OPERATORS,
    "GET /api/v1/studies/{study_instance_uid}/notes": PATIENT_LEVEL,
    "POST /api/v1/studies/{study_instance_uid}/notes": PATIENT_LEVEL,
    "POST /api/v1/studies/{study_instance_uid}/notes/seen": PATIENT_LEVEL,
    "GET /api/v1/health": OPERATORS,
    "POST /api/v1/edge/report": STATIONS,
    "GET /api/v1/edge/parcels/{parcel_id}": STATIONS,
    "PATCH /api/v1/edge/parcels/{parcel_id}": STATIONS,
    "GET /api/v1/edge/stations": OPERATORS,
    "GET /api/v1/templates": COUNTY_STAFF,
    "POST /api/v1/templates": WRITERS,
    "GET /api/v1/templates/{template_id}": COUNTY_STAFF,
    "PUT /api/v1/templates/{template_id}": WRITERS,
    "DELETE /api/v1/templates/{template_id}": WRITERS,
    "POST /api/v1/templates/{template_id}/copy": WRITERS,
    "GET /api/v1/templates/{template_id}/file": COUNTY_STAFF,
    "POST /api/v1/templates/{template_id}/render": COUNTY_STAFF,
    "GET /api/v1/phrases": COUNTY_STAFF,
    "POST /api/v1/phrases": WRITERS,
    "PUT /api/v1/phrases/{phrase_id}": WRITERS,
    "DELETE /api/v1/phrases/{phrase_id}": WRITERS,
    "POST /api/v1/phrases/{phrase_id}/used": WRITERS,
    "GET /api/v1/patients": COUNTY_STAFF,
    "GET /api/v1/patients/candidates": COUNTY_STAFF,
    "POST /api/v1/patients/candidates": PROPOSERS,
    "POST /api/v1/patients/candidates/{pair_id}/different": MERGERS,
    "POST /api/v1/patients/merges/{merge_id}/undo": MERGERS,
    "GET /api/v1/patients/{patient_id}": COUNTY_STAFF,
    "POST /api/v1/patients/{patient_id}/merge": MERGERS,
    "GET /api/v1/studies/{study_instance_uid}/priors": COUNTY_STAFF,
    "GET /api/v1/roster": COUNTY_STAFF,
    "GET /api/v1/roster/coverage": COUNTY_STAFF,
    "GET /api/v1/roster/duty": COUNTY_STAFF,
    "POST /api/v1/roster/kinds": EDITORS,
    "PUT /api/v1/roster/kinds/{kind_id}": EDITORS,
    "POST /api/v1/roster/kinds/{kind_id}/retire": EDITORS,
    "PUT /api/v1/roster/shifts": EDITORS,
    "DELETE /api/v1/roster/shifts/{shift_id}": EDITORS,
    "POST /api/v1/roster/shifts/{shift_id}/swap": EDITORS,
    "POST /api/v1/roster/copy": EDITORS,
    "POST /api/v1/roster/absences": EDITORS,
    "DELETE /api/v1/roster/absences/{absence_id}": EDITORS,
    "GET /api/v1/roster/sheet": COUNTY_STAFF,
    "POST /api/v1/roster/sheet": EDITORS,
    "GET /api/v1/qualifications": COUNTY_STAFF,
    "POST /api/v1/qualifications": EDITORS,
    "PUT /api/v1/qualifications/{licence_id}": EDITORS,
    "POST /api/v1/qualifications/{licence_id}/end": EDITORS,
    "GET /api/v1/quality/rules": PATIENT_LEVEL,
    "GET /api/v1/quality/figures": COUNTERS,
    "GET /api/v1/quality/figures.csv": COUNTERS,
    "GET /api/v1/tasks/{task_id}/grade": PATIENT_LEVEL,
    "PUT /api/v1/tasks/{task_id}/grade": roles_for(Action.SUBMIT),
    "GET /api/v1/tasks/{task_id}/discrepancy": roles_for(Action.SIGN),
    "POST /api/v1/tasks/{task_id}/discrepancy": roles_for(Action.SIGN),
    "POST /api/v1/tasks/{task_id}/prior-score": roles_for(Action.SUBMIT),
    "POST /api/v1/report-check": roles_for(Action.SUBMIT) | roles_for(Action.AMEND),
    "GET /api/v1/retakes": PATIENT_LEVEL,
    "POST /api/v1/retakes/{retake_id}/seen": frozenset({Role.CLINIC}),
    "GET /api/v1/peer-reviews": frozenset({Role.AUDITOR}),
    "POST /api/v1/peer-reviews/next": frozenset({Role.AUDITOR}),
    "POST /api/v1/peer-reviews/{review_id}/submit": frozenset({Role.AUDITOR}),
    "GET /api/v1/peer-reviews/figures": OPERATORS | roles_for(Action.SUBMIT),
    "GET /api/v1/quarantine": OPERATORS,
    "POST /api/v1/quarantine/resolve": OPERATORS,
    "GET /api/v1/quarantine/{quarantine_id}": OPERATORS,
    "GET /api/v1/quarantine/{quarantine_id}/object": OPERATORS,
    "POST /api/v1/quarantine/{quarantine_id}/resolve": OPERATORS,
    "POST /api/v1/quarantine/{quarantine_id}/reopen": OPERATORS,
    "GET /api/v1/resend-requests": OPERATORS | {Role.CLINIC},
    "GET /api/v1/devices": OPERATORS,
    "GET /api/v1/admin/devices": OPERATORS,
    "POST /api/v1/admin/devices": OPERATORS,
    "PATCH /api/v1/admin/devices/{device_id}": OPERATORS,
    "GET /api/v1/admin/hl7-destinations": OPERATORS,
    "PUT /api/v1/admin/hl7-destinations/{institution}": OPERATORS,
    "POST /api/v1/admin/hl7-destinations/{institution}/skip": OPERATORS,
    **fhir_doors(PATIENT_LEVEL, OPERATORS),
    **ups_doors(PATIENT_LEVEL),
    "GET /api/v1/national-indicators": REGULATORS,
    "GET /api/v1/national-indicators/sheet.csv": REGULATORS,
    "POST /api/v1/national-indicators/cases": REGULATORS,
    "GET /api/v1/clinic-figures": OPERATORS | {Role.CLINIC},
    "GET /api/v1/admin/institutions": OPERATORS,
    "POST /api/v1/admin/institutions": OPERATORS,
    "PATCH /api/v1/admin/institutions/{code}": OPERATORS,
    "PUT /api/v1/studies/{study_instance_uid}/name": NAMERS,
    "GET /api/v1/board": OPERATORS,
    "GET /api/v1/wall": WALLS,
    "GET /api/v1/admin/walls": OPERATORS,
    "POST /api/v1/admin/walls": OPERATORS,
    "POST /api/v1/admin/walls/{wall_id}/revoke": OPERATORS,
    "GET /api/v1/settlement": OPERATORS | {Role.CLINIC},
    "GET /api/v1/settlement/lines": OPERATORS | {Role.CLINIC},
    "GET /api/v1/settlement/lines.csv": OPERATORS | {Role.CLINIC},
    "GET /api/v1/settlement/readers.csv": OPERATORS,
    "GET /api/v1/settlement/disputes": OPERATORS | {Role.CLINIC},
    "POST /api/v1/settlement/close": OPERATORS,
    "POST /api/v1/settlement/lines/{line_id}/dispute": frozenset({Role.CLINIC}),
    "POST /api/v1/settlement/lines/{line_id}/correct": OPERATORS,
    "POST /api/v1/settlement/disputes/{dispute_id}/answer": OPERATORS,
    "GET /api/v1/unknown-callers": OPERATORS,
    "POST /api/v1/unknown-callers/{caller_id}/accept": OPERATORS,
}

OWN_ACCOUNT = frozenset(
    route for route in ROLES if route.startswith(("GET /api/v1/account", "POST /api/v1/account"))
) | {"GET /api/v1/session", "DELETE /api/v1/session", "DELETE /api/v1/account/sessions"}
"""What opens while a person still owes a password of his own, or a second factor."""

PEOPLE_ONLY = frozenset(route for route in ROLES if "/session" in route or "/account" in route or "/admin/" in route)
"""What no API key opens, whatever its scopes say."""

SHARED = frozenset(
    route
    for route, roles in ROLES.items()
    if roles == SEES_IMAGES and "{study_instance_uid}" in route and route.startswith("GET ")
)
"""What a link to a study opens: that study's pictures."""

MASKABLE = OWN_ACCOUNT | {
    "PUT /api/v1/session/preferences",
    "GET /api/v1/preferences",
    "PUT /api/v1/preferences/{name}",
    "GET /api/v1/tasks",
    "GET /api/v1/studies",
    "GET /api/v1/events",
    "GET /api/v1/roster",
    "GET /api/v1/roster/duty",
    "GET /api/v1/quality/figures",
    "GET /api/v1/health",
}
"""What a session opens that hides who patients are: every name and number in these answers passes `viewer_api.masking`."""

PATIENT_READS = frozenset(
    route
    for route, roles in ROLES.items()
    if route.startswith("GET ")
    and roles in (PATIENT_LEVEL, SEES_IMAGES, COUNTY_STAFF, CONSULTANTS)
    and any(
        word in route
        for word in (
            "/tasks",
            "/studies",
            "/orders",
            "/results",
            "/reports",
            "/patients",
            "-cases",
            "/consultations",
            "/green-channel",
            "/referrals",
            "/retakes",
            "/fhir",
        )
    )
)
"""Looking at patients' data: each is put on the audit chain (`viewer_api.opened`)."""
