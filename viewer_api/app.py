"""Puts the HTTP interface together."""

from fastapi import Depends, FastAPI

from storage.db.session import Database
from storage.objects import ObjectStore
from storage.settings import Settings
from viewer_api import errors
from viewer_api.account.routes import router as account
from viewer_api.admin.devices import router as devices
from viewer_api.admin.hl7_destinations import router as hl7_destinations
from viewer_api.admin.routes import router as admin
from viewer_api.admin.signs_of_life import router as signs_of_life
from viewer_api.area import Area
from viewer_api.audit.routes import router as audit
from viewer_api.board.routes import router as board
from viewer_api.bodies import BodyLimit
from viewer_api.clinic.routes import router as clinic
from viewer_api.consultations.routes import router as consultations
from viewer_api.critical.routes import router as critical
from viewer_api.dependencies import authorise
from viewer_api.described import describe
from viewer_api.dicomweb.origins import DicomWebOrigins
from viewer_api.dicomweb.routes import router as dicomweb
from viewer_api.dicomweb.store import router as store_objects
from viewer_api.ecg.long_routes import router as long_ecg
from viewer_api.ecg.marks import router as ecg_marks
from viewer_api.ecg.paper import router as ecg_paper
from viewer_api.ecg.routes import catalogue_router as ecg_statements
from viewer_api.ecg.routes import router as ecg
from viewer_api.edge.routes import router as edge
from viewer_api.emergencies.routes import router as emergencies
from viewer_api.events.routes import router as events
from viewer_api.express.lane import ExpressLane
from viewer_api.fhir.outcomes import FhirOutcomes
from viewer_api.fhir.routes import router as fhir
from viewer_api.green_channel.routes import router as green_channel
from viewer_api.hanging.routes import router as hanging
from viewer_api.hooks.routes import router as result_hooks
from viewer_api.hub import Hub
from viewer_api.indicators.routes import router as national_indicators
from viewer_api.institutions.routes import router as institutions
from viewer_api.key_images.routes import router as key_images
from viewer_api.keys.routes import router as keys
from viewer_api.measurements.routes import router as measurements
from viewer_api.metrics import RequestMetrics
from viewer_api.middleware import AccessLog, AddressLimit, HeadAsGet, SafeErrors, SecurityHeaders
from viewer_api.notes.routes import router as notes
from viewer_api.notices.deliveries import router as deliveries
from viewer_api.notices.routes import router as notices
from viewer_api.orders.checking import figures_router as recognition_figures
from viewer_api.orders.checking import router as order_checks
from viewer_api.orders.routes import router as orders
from viewer_api.persons.routes import router as persons
from viewer_api.preferences.routes import router as preferences
from viewer_api.prefetch.routes import router as prefetch
from viewer_api.quality.review_routes import router as peer_reviews
from viewer_api.quality.routes import router as quality
from viewer_api.quarantine.routes import router as quarantine
from viewer_api.readings.routes import router as readings
from viewer_api.referrals.routes import router as referrals
from viewer_api.results.reports import router as reports
from viewer_api.results.routes import router as results
from viewer_api.rosters.routes import router as rosters
from viewer_api.rules.routes import router as rules
from viewer_api.services import Services
from viewer_api.session.routes import router as session
from viewer_api.session.sign_on import router as sign_on
from viewer_api.settlement.routes import router as settlement
from viewer_api.shares.routes import router as shares
from viewer_api.static import router as static
from viewer_api.studies.naming import router as study_names
from viewer_api.studies.routes import router as studies
from viewer_api.templates.phrases import router as phrases
from viewer_api.templates.routes import router as templates
from viewer_api.uploads.routes import router as uploads
from viewer_api.ups.routes import router as workitems
from viewer_api.users.routes import router as users
from viewer_api.worklist.routes import router as worklist

_DESCRIPTION = """The reading service of a county: township clinics examine, the county centre reads, the clinic gets the report.

Log in with `POST /api/v1/session` and send the token as `Authorization: Bearer`. A clinic sees its own patients only.
Errors are problem documents (RFC 9457) with a stable `code`. Times are UTC."""


_ROUTERS = (
    session,
    sign_on,
    preferences,
    account,
    users,
    keys,
    emergencies,
    shares,
    audit,
    worklist,
    readings,
    prefetch,
    consultations,
    critical,
    studies,
    study_names,
    ecg,
    long_ecg,
    ecg_paper,
    ecg_marks,
    ecg_statements,
    order_checks,
    recognition_figures,
    orders,
    key_images,
    measurements,
    dicomweb,
    store_objects,
    fhir,
    workitems,
    uploads,
    results,
    result_hooks,
    reports,
    events,
    edge,
    persons,
    templates,
    phrases,
    rules,
    green_channel,
    referrals,
    peer_reviews,
    quality,
    hanging,
    quarantine,
    rosters,
    notices,
    deliveries,
    notes,
    board,
    clinic,
    institutions,
    national_indicators,
    settlement,
    admin,
    hl7_destinations,
    devices,
    signs_of_life,
    static,
)
"""In this order: the pages of the web application take every path that nobody else has."""


def build_app(settings: Settings, database: Database, store: ObjectStore) -> FastAPI:
    """The application. `app.state.services.hub.close()` ends all waiting before the server stops."""
    app = FastAPI(
        title="County Reading",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        dependencies=[Depends(authorise)],
    )
    metrics = RequestMetrics()
    app.state.services = Services.build(settings, database, store, Hub(database), metrics)
    errors.install(app)
    _add_middleware(app, app.state.services, metrics)
    for router in _ROUTERS:
        app.include_router(Area(router))
    describe(app)
    return app


def _add_middleware(app: FastAPI, services: Services, metrics: RequestMetrics) -> None:
    """The innermost first."""
    app.add_middleware(ExpressLane, services=services)
    for middleware in (SafeErrors, BodyLimit, HeadAsGet, SecurityHeaders):
        app.add_middleware(middleware)
    if services.settings.dicomweb_origin_list:
        app.add_middleware(DicomWebOrigins, origins=services.settings.dicomweb_origin_list)
    app.add_middleware(FhirOutcomes)
    app.add_middleware(AddressLimit, wait_of=services.limits.wait_of)
    app.add_middleware(AccessLog, metrics=metrics)
