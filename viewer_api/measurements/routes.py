"""`/api/v1/studies/{uid}/measurements`: kept with the study, there again whenever it is opened."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from reading_queue.measuring import keeping, sealing
from reading_queue.measuring.values import Drawn, measure
from storage.db.models import Measurement
from storage.db.queries.measurements import measurement_as_known
from storage.db.queries.studies import study_by_uid
from storage.domain.measuring import MeasurementKind
from storage.domain.reading import InstitutionKind, Role
from viewer_api.auth.caller import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.measurements.schemas import MeasurementChange, MeasurementIn, MeasurementList, MeasurementOut
from viewer_api.openapi import refusals
from viewer_api.studies.routes import Uid

router = APIRouter(
    prefix="/api/v1/studies/{study_instance_uid}/measurements", tags=["readings"], responses=refusals(401, 403, 404)
)

MeasurementId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_measurements(study_instance_uid: Uid, caller: CallerDep, services: ServicesDep) -> MeasurementList:
    """All of a study, the first drawn first. A clinic sees those of the signed report that its reader chose for it."""
    with services.database.read(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        if not _sees_work(caller):
            return MeasurementList(
                items=[_sealed(one) for one in sealing.for_the_clinic(work, study)], may_measure=False
            )
        items = [_out(one) for one in keeping.seen_by(work, study, caller.actor)]
        return MeasurementList(items=items, may_measure=keeping.may_measure(work, study, caller.actor))


@router.post("", status_code=201, responses=refusals(422))
def add_measurement(
    study_instance_uid: Uid, body: MeasurementIn, caller: CallerDep, services: ServicesDep
) -> MeasurementOut:
    """Keep a drawing; the figures are the server's."""
    with services.database.read(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        instance = keeping.image_of(work, study, body.sop_instance_uid)
    drawn = Drawn(body.kind, body.frame, body.points)
    measured = measure(services.store, instance, drawn)
    with services.database.write(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        saying = keeping.Saying(body.label, body.for_clinic)
        return _out(keeping.create(work, caller.actor, study, instance, drawn, measured, saying))


@router.put("/{measurement_id}", responses=refusals(409, 422))
def change_measurement(
    study_instance_uid: Uid,
    measurement_id: MeasurementId,
    body: MeasurementChange,
    caller: CallerDep,
    services: ServicesDep,
) -> MeasurementOut:
    """Move, rename, or choose it for the clinic; what it was is kept."""
    with services.database.read(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        known = measurement_as_known(work, study, measurement_id, body.version)
        instance = keeping.image_of(work, study, known.sop_instance_uid)
    drawn = Drawn(MeasurementKind(known.kind), known.frame, body.points or [(x, y) for x, y in known.points])
    measured = measure(services.store, instance, drawn)
    with services.database.write(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        row = measurement_as_known(work, study, measurement_id, body.version, lock=True)
        label = row.label if body.label is None else body.label
        for_clinic = row.for_clinic if body.for_clinic is None else body.for_clinic
        keeping.change(work, caller.actor, study, row, drawn, measured, keeping.Saying(label, for_clinic))
        return _out(row)


@router.delete("/{measurement_id}", status_code=204, responses=refusals(409))
def remove_measurement(
    study_instance_uid: Uid,
    measurement_id: MeasurementId,
    version: Annotated[int, Query(ge=1, description="The one that the client knows.")],
    caller: CallerDep,
    services: ServicesDep,
) -> None:
    """Take it away; its history stays."""
    with services.database.write(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        row = measurement_as_known(work, study, measurement_id, version, lock=True)
        keeping.delete(work, caller.actor, study, row)


def _sees_work(caller: Caller) -> bool:
    """The centre's people and a hospital that is asked; not clinics, and not who comes by a link (`auth.admission`)."""
    by_a_consultant = caller.role == Role.CONSULTANT
    at_home = InstitutionKind.UPPER if by_a_consultant else InstitutionKind.CENTRE
    return caller.actor.institution_kind == at_home


def _out(one: Measurement) -> MeasurementOut:
    names = MeasurementOut.model_fields.keys() - {"author", "at"}
    members: dict[str, Any] = {name: getattr(one, name) for name in names}
    return MeasurementOut(**members, author=one.author.display_name, at=one.changed_at)


def _sealed(one: dict[str, Any]) -> MeasurementOut:
    members = {name: one[name] for name in MeasurementOut.model_fields.keys() - {"at"}}
    return MeasurementOut(**members, at=datetime.fromisoformat(one["at"]))
