"""From points to lengths, angles, areas and the cardiothoracic ratio."""

from math import atan2, degrees, hypot, pi

from reading_queue.measuring.spacing import Scale
from storage.domain.measuring import Figure, MeasurementKind, Point, Points

_FULL = 360.0
_VELOCITIES = ("cm/s", "Hz")
_ALONG = {"mm": "distance", "cm": "distance", "s": "time", "cm/s": "velocity", "Hz": "frequency", "px": "distance"}


def geometric_figures(kind: MeasurementKind, points: Points, scale: Scale) -> list[Figure]:
    """What the points say by themselves; empty where they say nothing, such as an angle in a Doppler region."""
    if kind is MeasurementKind.LENGTH:
        return _length(points, scale)
    if kind is MeasurementKind.PROBE:
        return [_velocity(points[0], scale)] if scale.y_unit in _VELOCITIES else []
    compute = _SPATIAL.get(kind)
    return [] if compute is None or not scale.is_spatial else compute(points, scale)


def _length(points: Points, scale: Scale) -> list[Figure]:
    x, y = _step(points[0], points[1], scale)
    if scale.is_spatial:
        return [_figure("length", hypot(x, y), scale.x_unit)]
    return [_figure(_ALONG[unit], abs(step), unit) for step, unit in ((x, scale.x_unit), (y, scale.y_unit))]


def _step(start: Point, end: Point, scale: Scale) -> tuple[float, float]:
    return (end[0] - start[0]) * scale.x, (end[1] - start[1]) * scale.y


def _angle(points: Points, scale: Scale) -> list[Figure]:
    """Between the arms at the middle point, 0 to 180 degrees."""
    turn = _between(_step(points[1], points[0], scale), _step(points[1], points[2], scale))
    return [_figure("angle", turn, "deg")]


def _cobb(points: Points, scale: Scale) -> list[Figure]:
    """Between the two lines, each taken from left to right, so that curves beyond 90 degrees stay what they are."""
    turn = _between(*(_rightward(_step(points[n], points[n + 1], scale)) for n in (0, 2)))
    return [_figure("cobb", turn, "deg")]


def _rightward(step: tuple[float, float]) -> tuple[float, float]:
    return step if step[0] >= 0 else (-step[0], -step[1])


def _between(one: tuple[float, float], other: tuple[float, float]) -> float:
    turn = abs(degrees(atan2(one[1], one[0]) - atan2(other[1], other[0]))) % _FULL
    return min(turn, _FULL - turn)


def _cardiothoracic(points: Points, scale: Scale) -> list[Figure]:
    """The heart's width along the line of the chest, as a share of that line's length."""
    chest, heart = _step(points[0], points[1], scale), _step(points[2], points[3], scale)
    width = hypot(*chest)
    if width == 0:
        return []
    along = abs(heart[0] * chest[0] + heart[1] * chest[1]) / width
    return [
        _figure("ratio", 100 * along / width, "%"),
        _figure("heart", along, scale.x_unit),
        _figure("chest", width, scale.x_unit),
    ]


def _rectangle(points: Points, scale: Scale) -> list[Figure]:
    """Of the shape as drawn, not of the pixels that count as inside."""
    width, height = (abs(step) for step in _step(points[0], points[1], scale))
    return [_figure("area", width * height, f"{scale.x_unit}2")]


def _ellipse(points: Points, scale: Scale) -> list[Figure]:
    (area,) = _rectangle(points, scale)
    return [_figure("area", pi / 4 * area["value"], area["unit"])]


def _velocity(point: Point, scale: Scale) -> Figure:
    value = scale.y_at_origin + (point[1] - scale.y_origin) * scale.y
    return _figure(_ALONG[scale.y_unit], value, scale.y_unit)


def _figure(name: str, value: float, unit: str) -> Figure:
    return {"name": name, "value": round(value, 6), "unit": unit}


_SPATIAL = {
    MeasurementKind.ANGLE: _angle,
    MeasurementKind.COBB: _cobb,
    MeasurementKind.CARDIOTHORACIC: _cardiothoracic,
    MeasurementKind.ELLIPSE: _ellipse,
    MeasurementKind.RECTANGLE: _rectangle,
}
