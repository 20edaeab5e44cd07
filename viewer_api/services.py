"""What the routes work with, built once by `build_app`."""

from dataclasses import dataclass
from typing import Self

from anyio import CapacityLimiter

from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.objects import ObjectStore
from storage.sealing import Seals
from storage.settings import Settings
from viewer_api.auth.oidc import SignOn
from viewer_api.auth.open_sessions import OpenSessions
from viewer_api.dicomweb.delivered import DeliveryReader
from viewer_api.dicomweb.documents import SeriesDocuments
from viewer_api.dicomweb.frames import FrameSource
from viewer_api.dicomweb.located import FrameLocator
from viewer_api.dicomweb.objects import ObjectReader
from viewer_api.edge.stations import Stations
from viewer_api.grouped_writes import GroupedWrites
from viewer_api.hub import Hub
from viewer_api.limits import Limits
from viewer_api.metrics import RequestMetrics
from viewer_api.opened import OpenedStudies
from viewer_api.uploads.deliveries import OpenDeliveries
from viewer_api.uploads.intake import HttpIntake


@dataclass(frozen=True)
class Services:
    """The parts that every route may ask for."""

    settings: Settings
    database: Database
    store: ObjectStore
    hub: Hub
    metrics: RequestMetrics
    opened: OpenedStudies
    small_writes: GroupedWrites
    objects: ObjectReader
    frames: FrameSource
    intake: HttpIntake
    deliveries: OpenDeliveries
    log_ins: CapacityLimiter
    """Checking a password is slow on purpose: a flood of log-ins waits here and leaves the threads to the others."""

    stations: Stations
    limits: Limits
    sign_on: SignOn
    located: FrameLocator
    delivered: DeliveryReader
    documents: SeriesDocuments
    seals: Seals
    open_sessions: OpenSessions

    @classmethod
    def build(
        cls, settings: Settings, database: Database, store: ObjectStore, hub: Hub, metrics: RequestMetrics
    ) -> Self:
        """The services of one process."""
        objects, small_writes = ObjectReader(store, settings.spool), GroupedWrites(database)
        return cls(
            settings,
            database,
            store,
            hub,
            metrics,
            OpenedStudies(small_writes),
            small_writes,
            objects,
            FrameSource(objects),
            HttpIntake(settings, SystemClock()),
            OpenDeliveries(),
            CapacityLimiter(2),
            Stations(settings, database, SystemClock()),
            Limits(settings),
            SignOn(settings),
            FrameLocator(database),
            DeliveryReader(store),
            SeriesDocuments(),
            Seals.of(settings),
            OpenSessions(database),
        )
