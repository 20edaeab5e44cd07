"""Which ECGs a report was read from, as its signed version keeps them."""

from collections.abc import Mapping
from typing import Any

from storage.db.models import EcgMeasurement, Instance
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork

MOST = 6
LOOK: Mapping[str, Any] = {
    "layout": "3x4+1",
    "speed": 25.0,
    "gain": 10.0,
    "start_s": 0.0,
    "filters": {"high": 0.0, "low": 0.0, "notch": 0.0},
}
"""How an ECG goes into a report: 3x4 with a rhythm strip, 25 mm/s, 10 mm/mV, as it was recorded."""

_AMBULATORY = "1.2.840.10008.5.1.4.1.1.9.1.3"
_LONGEST_S = 120.0
"""A resting ECG; hours of a Holter do not go on one sheet."""


def signed_ecgs(work: UnitOfWork, study_id: int) -> list[dict[str, Any]]:
    """What a version keeps of the ECGs it was read from: which objects, how they are printed, and the values beside them."""
    rows = queries.latest_measurements(work, study_id)
    found = [(one, rows.get(one.id)) for one in queries.ecg_instances(work, study_id)]
    return [_signed(one, row) for one, row in found if _is_short(one, row)][:MOST]


def values_of(row: EcgMeasurement | None) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    """The device's values, ours, and the engine that measured ours; all empty before it has."""
    if row is None or row.state != queries.DONE:
        return {}, {}, ""
    measurements = row.document["measurements"]
    return row.device, measurements["overall"], str(measurements["engine"])


def _signed(instance: Instance, row: EcgMeasurement | None) -> dict[str, Any]:
    device, measured, engine = values_of(row)
    return {
        "sop_instance_uid": instance.sop_instance_uid,
        "sha256": instance.sha256,
        "look": dict(LOOK),
        "device": dict(device),
        "measured": dict(measured),
        "engine": engine,
    }


def _is_short(instance: Instance, row: EcgMeasurement | None) -> bool:
    if row is None or row.state != queries.DONE:
        return instance.sop_class_uid != _AMBULATORY
    return float(row.document["recording"]["seconds"]) <= _LONGEST_S
