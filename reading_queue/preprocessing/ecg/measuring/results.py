"""What measuring an ECG gives. Times in seconds from the first sample, durations in ms, voltages in µV, axes in degrees.

None is "not measured"; `EcgMeasurements.not_measured` says why. Nothing here is a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ENGINE = "countyread-ecg 2"
"""Name and version: raised whenever a measurement may come out differently."""


class BeatClass(StrEnum):
    """What excited the ventricles, as far as shape, width and time tell."""

    NORMAL = "normal"
    VENTRICULAR = "ventricular"
    SUPRAVENTRICULAR = "supraventricular"
    PACED = "paced"
    UNCLASSIFIABLE = "unclassifiable"


class Presence(StrEnum):
    """Whether P waves are there; UNKNOWN where noise, rate or pacing forbid to say."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class AtrialRhythm(StrEnum):
    """What the atria do. SINUS_LIKE: a P of one shape before each QRS; where it comes from its axis tells."""

    SINUS_LIKE = "sinus_like"
    FIBRILLATION = "fibrillation"
    FLUTTER = "flutter"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """What is wrong with a lead."""

    FLAT = "flat"
    GAPS = "gaps"
    CLIPPED = "clipped"
    MAINS_50 = "mains_50"
    MAINS_60 = "mains_60"
    DRIFT = "drift"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Wave:
    """Onset, peak and offset in seconds; a part that is hidden is None."""

    on_s: float | None
    peak_s: float | None
    off_s: float | None


@dataclass(frozen=True, slots=True)
class Beat:
    """One excitation of the ventricles. `template` numbers the shapes, 0 the most frequent, -1 a shape of its own.

    `rr_s` is the time since the beat before, None for the first one and after a gap in the record.
    """

    at_s: float
    kind: BeatClass
    template: int
    rr_s: float | None
    premature: bool = False
    p: Wave | None = None
    qrs: Wave | None = None
    t: Wave | None = None


@dataclass(frozen=True, slots=True)
class Fiducials:
    """Marks on the median beat, in samples of it; None where there is nothing to mark."""

    qrs_on: int
    qrs_off: int
    p_on: int | None = None
    p_peak: int | None = None
    p_off: int | None = None
    t_peak: int | None = None
    t_off: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MedianBeat:
    """The median of `beats` beats of the most frequent shape: `microvolts` (leads, samples) at `hz`, R at sample `at`."""

    leads: tuple[str, ...]
    hz: float
    microvolts: NDArray[np.float64]
    at: int
    beats: int
    fiducials: Fiducials | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the record, as a pause, a run or a fibrillation. `rate` is the mean rate per minute of its beats."""

    start_s: float
    seconds: float
    beats: int = 0
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class RrStatistics:
    """Of the intervals between neighbouring beats. `irregularity`: mean change from one to the next, as a share of the mean,
    ectopic beats left out.
    """

    mean_ms: float | None = None
    sd_ms: float | None = None
    rmssd_ms: float | None = None
    shortest_ms: float | None = None
    longest_ms: float | None = None
    irregularity: float | None = None
    pauses: tuple[Span, ...] = ()
    ventricular_runs: tuple[Span, ...] = ()
    fast_runs: tuple[Span, ...] = ()
    trend_hr: tuple[float | None, ...] = ()
    """Mean rate of each minute of a long record."""


@dataclass(frozen=True, slots=True)
class GlobalMeasures:
    """Over all leads. Rates per minute; `hr` is of the ventricles."""

    hr: float | None = None
    p_ms: float | None = None
    pr_ms: float | None = None
    qrs_ms: float | None = None
    qt_ms: float | None = None
    qtc_bazett_ms: float | None = None
    qtc_fridericia_ms: float | None = None
    qtc_framingham_ms: float | None = None
    qtc_hodges_ms: float | None = None
    p_axis_deg: float | None = None
    qrs_axis_deg: float | None = None
    t_axis_deg: float | None = None
    atrial_rate: float | None = None


@dataclass(frozen=True, slots=True)
class LeadMeasures:
    """Of one lead's median beat, against the level just before the QRS. A wave that is not there is None.

    `r2_uv` is R'. A QRS that is negative throughout is a Q without R. `st_uv`: at J, J+40, J+60 and J+80 ms.
    """

    p_uv: float | None = None
    q_uv: float | None = None
    q_ms: float | None = None
    r_uv: float | None = None
    r_ms: float | None = None
    s_uv: float | None = None
    s_ms: float | None = None
    r2_uv: float | None = None
    t_uv: float | None = None
    qrs_ms: float | None = None
    intrinsicoid_ms: float | None = None
    st_uv: tuple[float | None, float | None, float | None, float | None] = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class LeadQuality:
    """`usable` leads are measured. Root mean squares in µV; `drift_uv` from the lowest to the highest of the baseline."""

    faults: tuple[Fault, ...]
    usable: bool
    mains_uv: float = 0.0
    noise_uv: float = 0.0
    drift_uv: float = 0.0
    missing_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Atria:
    """`consistency`: correlation of each beat's P with that of the others, median and lower quartile."""

    p_waves: Presence = Presence.UNKNOWN
    rhythm: AtrialRhythm = AtrialRhythm.UNKNOWN
    consistency: float | None = None
    consistency_low: float | None = None
    dissociated: bool = False
    """P waves march on at their own rate, faster than the ventricles and in no relation to them."""


@dataclass(frozen=True, slots=True)
class EcgMeasurements:
    """Everything measured of one record. `per_lead` and `quality` are by lead name; `pulses_s` are those of a pacemaker."""

    engine: str
    leads: tuple[str, ...]
    hz: float
    seconds: float
    overall: GlobalMeasures
    rr: RrStatistics
    atria: Atria
    beats: tuple[Beat, ...] = ()
    median: MedianBeat | None = None
    per_lead: Mapping[str, LeadMeasures] = field(default_factory=dict)
    quality: Mapping[str, LeadQuality] = field(default_factory=dict)
    pulses_s: tuple[float, ...] = ()
    fibrillation: tuple[Span, ...] = ()
    swapped: str = ""
    """Why limb electrodes seem to be swapped; empty when they do not."""
    not_measured: Mapping[str, str] = field(default_factory=dict)

    def count(self, kind: BeatClass) -> int:
        return sum(beat.kind == kind for beat in self.beats)
