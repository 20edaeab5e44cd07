"""Intervals between marks on a median beat, whoever set them."""

from reading_queue.preprocessing.ecg.measuring import correction
from reading_queue.preprocessing.ecg.measuring.results import Fiducials, GlobalMeasures
from reading_queue.preprocessing.ecg.measuring.signals import HZ

_FORMULAS = {
    "qtc_bazett_ms": correction.bazett,
    "qtc_fridericia_ms": correction.fridericia,
    "qtc_framingham_ms": correction.framingham,
    "qtc_hodges_ms": correction.hodges,
}


def span_ms(start: int | None, end: int | None) -> float | None:
    """From one sample of the median beat to another; None when either mark is not there."""
    return None if start is None or end is None else (end - start) / HZ * 1000


def corrected(qt_ms: float | None, rr_s: float | None) -> dict[str, float | None]:
    """QTc by the four formulas, by the name of the measure."""
    return {name: formula(qt_ms, rr_s) if qt_ms and rr_s else None for name, formula in _FORMULAS.items()}


def between(marks: Fiducials, hr: float | None) -> GlobalMeasures:
    """The durations and intervals that these marks make at this rate; axes are not looked at."""
    qt_ms = span_ms(marks.qrs_on, marks.t_off)
    return GlobalMeasures(
        hr=hr,
        p_ms=span_ms(marks.p_on, marks.p_off),
        pr_ms=span_ms(marks.p_on, marks.qrs_on),
        qrs_ms=span_ms(marks.qrs_on, marks.qrs_off),
        qt_ms=qt_ms,
        **corrected(qt_ms, 60 / hr if hr else None),
    )
