"""What follows from a station's report."""

from collections.abc import Mapping

from storage.db.queries import edge, signals
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.readiness import SignalKind
from storage.edge.parcels import record_from_json
from viewer_api.edge.schemas import AnnouncementIn, BacklogIn, ReportIn, ReportOut, StationOut
from viewer_api.edge.stations import Station, Stations


def take_report(database: Database, stations: Stations, station: Station, report: ReportIn) -> ReportOut:
    """Write down what the station says, and end the associations that are over."""
    with database.write() as work:
        titles = edge.titles_of(work, station.institution_id)
        edge.note_report(work, station.ae_title, {"version": report.version, **report.backlog.model_dump()})
        unknown = {one.ae_title: one.address for one in report.callers if one.ae_title not in titles}
        if unknown:
            edge.list_unknown(work, station.ae_title, unknown)
        ids = edge.device_ids(work, titles)
        refused = {one.association for one in report.announcements if one.ae_title not in ids}
        for announcement in report.announcements:
            if announcement.association not in refused:
                _announce(work, station, ids, announcement)
        # The image that a station sends ahead is to be seen while the others are under way.
        for study_id, priority in edge.without_picture(work, station.institution_id):
            work.after_commit(Hint("make_renditions", (study_id, priority)))
    for association in report.finished:
        stations.spool.note_association(record_from_json(association.model_dump()))
    return ReportOut(
        station=station.ae_title,
        institution=station.institution_code,
        titles=titles,
        refused_associations=sorted(refused),
    )


def _announce(work: UnitOfWork, station: Station, ids: Mapping[str, int], announcement: AnnouncementIn) -> None:
    signals.record_signal(
        work,
        kind=SignalKind.ANNOUNCED,
        device_id=ids[announcement.ae_title],
        institution_id=station.institution_id,
        study_instance_uid=announcement.study,
        objects=announcement.objects,
    )


def station_out(state: edge.StationState) -> StationOut:
    """As the list shows it."""
    device, told = state.device, dict(state.report)
    version = str(told.pop("version", ""))
    return StationOut(
        ae_title=device.ae_title,
        institution=device.institution.code,
        institution_name=device.institution.name,
        name=device.name,
        active=device.active,
        last_contact=state.reported_at or device.last_seen_at,
        version=version,
        backlog=BacklogIn(**told) if told else None,
    )
