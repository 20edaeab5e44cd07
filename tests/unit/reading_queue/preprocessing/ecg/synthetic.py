"""ECGs made of waves whose beginnings and ends are known to the sample.

P and T are raised cosines, the QRS straight lines between its corners. Each wave has its own direction, so that all twelve
leads follow from two: the frontal plane by Einthoven and Goldberger, the chest leads from a third component.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
_CHEST_QRS = (-0.7, -0.4, 0.2, 0.9, 1.0, 0.8)
_CHEST_PT = (0.2, 0.5, 0.7, 0.8, 0.7, 0.6)


@dataclass(frozen=True)
class Shape:
    """Milliseconds and microvolts; an axis in degrees. A P of no height is no P."""

    p_ms: float = 100
    pr_ms: float = 160
    qrs_ms: float = 90
    qt_ms: float = 400
    t_ms: float = 180
    p_uv: float = 150
    r_uv: float = 1200
    t_uv: float = 350
    p_axis: float = 50
    qrs_axis: float = 45
    t_axis: float = 40
    st_uv: float = 0


@dataclass(frozen=True)
class Made:
    """What was made: (12, samples) in µV, and the seconds at which each QRS begins."""

    signal: NDArray[np.float64]
    hz: float
    onsets: tuple[float, ...]
    shape: Shape = field(default_factory=Shape)


def make(
    onsets: Collection[float],
    shape: Shape | None = None,
    *,
    hz: float = 500,
    seconds: float = 10,
    others: Sequence[tuple[float, Shape]] = (),
    noise_uv: float = 3,
    seed: int = 1,
) -> Made:
    """Beats whose QRS begins at `onsets`, and `others` of other shapes, with a little white noise."""
    shape = shape or Shape()
    time = np.arange(round(hz * seconds)) / hz
    signal = np.random.default_rng(seed).normal(0, noise_uv, (len(LEADS), len(time)))
    for onset, one in [*((at, shape) for at in onsets), *others]:
        signal += _beat(time - onset, one)
    return Made(signal, hz, tuple(onsets), shape)


def regular(rate: float, shape: Shape | None = None, *, hz: float = 500, seconds: float = 10, **more: Any) -> Made:
    return make(np.arange(0.55, seconds - 0.3, 60 / rate), shape, hz=hz, seconds=seconds, **more)


def _beat(time: NDArray[np.float64], shape: Shape) -> NDArray[np.float64]:
    begin, end = np.searchsorted(time, -0.6), np.searchsorted(time, 0.9)
    beat = np.zeros((len(LEADS), len(time)))
    near = time[begin:end]
    beat[:, begin:end] += _leads(_hump(near, -shape.pr_ms, shape.p_ms) * shape.p_uv, shape.p_axis, _CHEST_PT)
    beat[:, begin:end] += _leads(_qrs(near, shape.qrs_ms) * shape.r_uv, shape.qrs_axis, _CHEST_QRS)
    beat[:, begin:end] += _leads(
        _hump(near, shape.qt_ms - shape.t_ms, shape.t_ms) * shape.t_uv, shape.t_axis, _CHEST_PT
    )
    level = np.interp(
        near * 1000, [shape.qrs_ms - 1, shape.qrs_ms, shape.qt_ms - shape.t_ms / 2, shape.qt_ms], [0, 1, 1, 0], 0, 0
    )
    beat[:, begin:end] += _leads(level * shape.st_uv, 40, _CHEST_PT)
    return beat


def _hump(time: NDArray[np.float64], start_ms: float, length_ms: float) -> NDArray[np.float64]:
    share = (time * 1000 - start_ms) / length_ms
    return np.where((share > 0) & (share < 1), np.sin(np.pi * np.clip(share, 0, 1)) ** 2, 0.0)


def _qrs(time: NDArray[np.float64], length_ms: float) -> NDArray[np.float64]:
    corners = np.array([0, 0.18, 0.45, 0.75, 1.0]) * length_ms
    return np.interp(time * 1000, corners, [0, -0.15, 1.0, -0.3, 0.0], 0, 0)


def _leads(wave: NDArray[np.float64], axis: float, chest: Sequence[float]) -> NDArray[np.float64]:
    across, down = np.cos(np.radians(axis)) * wave, np.sin(np.radians(axis)) * wave
    one, avf = across, down * np.sqrt(3) / 2
    two = avf + one / 2
    three = two - one
    limb = [one, two, three, -(one + two) / 2, one - two / 2, two - one / 2]
    return np.array([*limb, *(wave * share for share in chest)])


def fibrillating(onsets: Sequence[float], shape: Shape | None = None, *, seconds: float = 10) -> Made:
    """Beats at these times over an atrial wave of wandering rate around 400 a minute."""
    made = make(onsets, shape or Shape(p_uv=0), seconds=seconds)
    wander = np.random.default_rng(7)
    rate = 6.5 + np.interp(np.arange(made.signal.shape[1]), np.arange(0, 5500, 250), wander.normal(0, 1.2, 22))
    wave = 45 * np.sin(2 * np.pi * np.cumsum(rate) / made.hz)
    return Made(
        made.signal + np.outer([0.3, 1, 0.7, -0.6, 0.2, 0.9, 1.2, 0.8, 0.4, 0.3, 0.3, 0.2], wave), made.hz, made.onsets
    )
