"""`/api/v1/patients` and the earlier studies of a person: for the county's people alone, across all clinics.

A clinic never sees any of this (I8): the permission table leaves it out, and its own lists do not follow merges.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue import persons
from storage.db.models import User
from storage.db.queries import pairs
from storage.db.queries.persons import search_patients
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.persons.schemas import (
    ApartIn,
    MergeIn,
    MergeOut,
    PairOut,
    PairQuery,
    PatientQuery,
    PatientRowOut,
    PersonOut,
    PriorsOut,
    ProposeIn,
    UndoIn,
)
from viewer_api.persons.service import merge_out, pairs_out, person_out, priors_out, rows_out
from viewer_api.schemas import Page
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1", tags=["persons"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/patients")
def list_patients(
    asked: Annotated[PatientQuery, Query()], caller: CallerDep, services: ServicesDep
) -> Page[PatientRowOut]:
    """Patients of all clinics by name, pinyin, initials or number, the newest first."""
    with services.database.read(caller.scope) as work:
        page = search_patients(work, asked.q, asked.limit, asked.cursor)
        return Page(items=rows_out(work, page.rows), next=str(page.next_before) if page.next_before else None)


@router.get("/patients/candidates")
def list_candidates(asked: Annotated[PairQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[PairOut]:
    """Pairs of patients who may be one person: what people proposed first, then the most alike."""
    with services.database.read(caller.scope) as work:
        page = pairs.list_pairs(work, asked.limit, asked.cursor or None)
        return Page(items=pairs_out(work, page.pairs), next=page.next_cursor)


@router.post("/patients/candidates", status_code=201, responses=refusals(404, 409))
def propose_candidates(body: ProposeIn, caller: CallerDep, services: ServicesDep) -> PairOut:
    """Ask those who may merge to look at two patients."""
    with services.database.write(caller.scope) as work:
        pair = persons.propose(work, caller.actor, body.first, body.second, body.note)
        return pairs_out(work, [pair])[0]


@router.post("/patients/candidates/{pair_id}/different", responses=refusals(404, 409))
def tell_apart(pair_id: RowId, body: ApartIn, caller: CallerDep, services: ServicesDep) -> PairOut:
    """They are two people, and are not proposed again."""
    with services.database.write(caller.scope) as work:
        pair = persons.tell_apart(work, caller.actor, pair_id, body.note)
        return pairs_out(work, [pair])[0]


@router.post("/patients/merges/{merge_id}/undo", responses=refusals(404, 409))
def undo_merge(merge_id: RowId, body: UndoIn, caller: CallerDep, services: ServicesDep) -> MergeOut:
    """Everybody is again who he was without this merge."""
    with services.database.write(caller.scope) as work:
        merge = persons.unmerge(work, caller.actor, merge_id, body.reason, different=body.different)
        return merge_out(merge, work.session.get_one(User, merge.by_id))


@router.get("/patients/{patient_id}", responses=refusals(404))
def show_person(patient_id: RowId, caller: CallerDep, services: ServicesDep) -> PersonOut:
    """Everybody who is one person with this patient, with their studies, merges and candidates."""
    services.opened.note(caller, "patient_opened", f"patient:{patient_id}")
    with services.database.read(caller.scope) as work:
        return person_out(work, patient_id)


@router.post("/patients/{patient_id}/merge", status_code=201, responses=refusals(404, 409))
def merge_patients(patient_id: RowId, body: MergeIn, caller: CallerDep, services: ServicesDep) -> MergeOut:
    """Say that two patients are one person; the one of the path stands for both. Nothing of them is changed."""
    with services.database.write(caller.scope) as work:
        merge = persons.merge(work, caller.actor, patient_id, body.merged, body.reason)
        return merge_out(merge, work.session.get_one(User, merge.by_id))


@router.get("/studies/{study_instance_uid}/priors", responses=refusals(404))
def list_priors(study_instance_uid: Uid, caller: CallerDep, services: ServicesDep) -> PriorsOut:
    """The earlier studies of the study's person, whichever clinics they come from."""
    with services.database.read(caller.scope) as work:
        return PriorsOut(items=priors_out(work, study_instance_uid))
