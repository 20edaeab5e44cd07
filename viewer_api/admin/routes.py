"""`/api/v1/health`."""

from fastapi import APIRouter

from viewer_api.admin import health as checks
from viewer_api.admin.schemas import HealthOut
from viewer_api.dependencies import ServicesDep
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1", tags=["admin"], responses=refusals(401, 403))


@router.get("/health")
def show_health(services: ServicesDep) -> HealthOut:
    """Whether everything works, who is alive, and how much waits."""
    fault = checks.store_fault(services.store)
    with services.database.read() as work:
        return checks.health(work, fault)
