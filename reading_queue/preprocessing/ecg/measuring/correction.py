"""QT corrected for the rate, by the four usual formulas; QT in ms, RR in seconds."""


def bazett(qt_ms: float, rr_s: float) -> float:
    return float(qt_ms / rr_s**0.5)


def fridericia(qt_ms: float, rr_s: float) -> float:
    return float(qt_ms / rr_s ** (1 / 3))


def framingham(qt_ms: float, rr_s: float) -> float:
    return qt_ms + 154 * (1 - rr_s)


def hodges(qt_ms: float, rr_s: float) -> float:
    return qt_ms + 1.75 * (60 / rr_s - 60)
