"""The printed ECG under the ruler: rendered at twenty pixels to the millimetre, and measured."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader

from reading_queue.preprocessing.ecg.filters import FilterChoice
from reading_queue.report_pdf.ecg import LAYOUTS, EcgHead, EcgLook, PrintedEcg, render_ecg_pdf
from reading_queue.report_pdf.ecg.layout import GRID_HEIGHT_MM, GRID_WIDTH_MM, pages_of, pulse_room_mm
from reading_queue.report_pdf.ecg.paper import LEFT_MM, TOP_MM
from storage.ingest.ecg.recording import STANDARD_LEADS, Recording

pytestmark = pytest.mark.thorough


PIXELS_PER_MM = 20
DPI = str(PIXELS_PER_MM * 25.4)
_BLACK, _STRONG, _LINE = 90, 195, 245
NEAR = 0.1
"""Millimetres."""
HEAD = EcgHead("青山县诊断中心", "王建国", "男 / 59岁", "患者编号 P1", "", "柳河镇卫生院", "2026-03-09 08:00")
DATED = datetime(2026, 3, 9, tzinfo=UTC)
HZ = 500

Picture = NDArray[np.uint8]


def ticks(seconds: float = 10) -> Recording:
    """A millivolt for 20 ms at each full second, in every lead."""
    signal = np.zeros((len(STANDARD_LEADS), round(seconds * HZ)))
    for second in range(1, round(seconds)):
        signal[:, second * HZ : second * HZ + 10] = 1000
    return Recording("made", STANDARD_LEADS, HZ, signal, derived=("aVR",))


def printed(recording: Recording | None, look: EcgLook | None = None, **told: object) -> bytes:
    ecg = PrintedEcg(recording, look or EcgLook(), **told)  # type: ignore[arg-type]
    return render_ecg_pdf([ecg], HEAD, dated=DATED)


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf), strict=True).pages)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Picture]:
    """The first page in grey, 20 pixels to the millimetre."""
    folder = tmp_path_factory.mktemp("paper")

    def render(pdf: bytes) -> Picture:
        (folder / "ecg.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", DPI, "-gray", "-singlefile", str(folder / "ecg.pdf"), str(folder / "page")]
        subprocess.run(command, check=True, timeout=120)
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(folder / "page.pgm") as image:
            return np.asarray(image)

    return render


def mm(pixels: float) -> float:
    return pixels / PIXELS_PER_MM


def ink(picture: Picture) -> NDArray[np.bool_]:
    """What is black, without the grid."""
    return np.asarray(picture < _BLACK)


def centres(there: NDArray[np.bool_]) -> list[float]:
    """The middle of each run of true, in millimetres."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], there.astype(np.int8), [0]))))
    return [mm((first + last) / 2) for first, last in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize("speed, gain", [(25, 10), (50, 20)])
def test_a_ruler_finds_grid_pulse_second_and_millivolt(
    rendered: Callable[[bytes], Picture], speed: float, gain: float
) -> None:
    picture = rendered(printed(ticks(), EcgLook("12x1" if speed == 25 else "6x2", speed, gain)))
    assert mm(picture.shape[1]) == pytest.approx(297, abs=NEAR)
    assert mm(picture.shape[0]) == pytest.approx(210, abs=NEAR)
    _measure_grid(picture)
    layout = pages_of("12x1" if speed == 25 else "6x2", STANDARD_LEADS, 10, speed, gain)[0]
    middle = TOP_MM + layout.middle_mm(layout.rows - 1)
    _measure_pulse(ink(picture), middle, speed, gain)
    _measure_curve(ink(picture), middle, speed, gain)


def _measure_grid(picture: Picture) -> None:
    """Strong lines every five millimetres, fine ones between, from edge to edge."""
    lines = centres(picture[round((TOP_MM + GRID_HEIGHT_MM - 0.5) * PIXELS_PER_MM)] < _LINE)
    assert len(lines) == GRID_WIDTH_MM + 1
    assert lines[0] == pytest.approx(LEFT_MM, abs=NEAR)
    assert np.diff(lines) == pytest.approx(np.ones(len(lines) - 1), abs=NEAR)
    assert lines[-1] - lines[0] == pytest.approx(GRID_WIDTH_MM, abs=NEAR)
    column = picture[:, round((LEFT_MM + GRID_WIDTH_MM - 2.5) * PIXELS_PER_MM)]
    inside = column[round((TOP_MM - 1) * PIXELS_PER_MM) : round((TOP_MM + GRID_HEIGHT_MM + 1) * PIXELS_PER_MM)]
    assert np.diff(centres(inside < _LINE)) == pytest.approx(np.ones(round(GRID_HEIGHT_MM)), abs=NEAR)
    assert np.diff(centres(inside < _STRONG)) == pytest.approx(np.full(round(GRID_HEIGHT_MM / 5), 5.0), abs=NEAR)


def _measure_pulse(black: NDArray[np.bool_], middle: float, speed: float, gain: float) -> None:
    room = slice(round(LEFT_MM * PIXELS_PER_MM), round((LEFT_MM + pulse_room_mm(speed) - 0.5) * PIXELS_PER_MM))
    halfway = round((middle - gain / 2) * PIXELS_PER_MM)
    up, down = centres(black[halfway, room])
    assert down - up == pytest.approx(0.2 * speed, abs=NEAR)
    tall = slice(round((middle - gain - 1) * PIXELS_PER_MM), round((middle + 1) * PIXELS_PER_MM))
    top = centres(black[tall, round((LEFT_MM + (up + down) / 2) * PIXELS_PER_MM)])[0]
    foot = centres(black[tall, round((LEFT_MM + up - 0.6) * PIXELS_PER_MM)])[-1]
    assert foot - top == pytest.approx(gain, abs=NEAR)


def _measure_curve(black: NDArray[np.bool_], middle: float, speed: float, gain: float) -> None:
    """The ticks of the last row: their distance, and their height."""
    left = LEFT_MM + pulse_room_mm(speed)
    room = slice(round((left + 1) * PIXELS_PER_MM), round((LEFT_MM + GRID_WIDTH_MM - 1) * PIXELS_PER_MM))
    halfway = round((middle - gain / 2) * PIXELS_PER_MM)
    edges = centres(black[halfway, room])
    rising = edges[::2]
    assert len(rising) >= 4
    assert np.diff(rising) == pytest.approx(np.full(len(rising) - 1, speed), abs=NEAR)
    assert left + 1 + rising[0] == pytest.approx(left + speed, abs=NEAR), "the first full second"
    inside = round((left + 1 + (edges[0] + edges[1]) / 2) * PIXELS_PER_MM)
    tall = slice(round((middle - gain - 1) * PIXELS_PER_MM), round((middle + 1) * PIXELS_PER_MM))
    top = centres(black[tall, inside])[0]
    foot = centres(black[tall, round((left + speed / 2) * PIXELS_PER_MM)])[-1]
    assert foot - top == pytest.approx(gain, abs=NEAR)


@pytest.mark.parametrize("layout", ["3x4+1", "6x2"])
def test_a_page_holds_vectors_and_no_picture(layout: str) -> None:
    pdf = printed(ticks(), EcgLook(layout))  # type: ignore[arg-type]
    for one in PdfReader(BytesIO(pdf), strict=True).pages:
        assert not one.images
        assert (float(one.mediabox.width), float(one.mediabox.height)) == pytest.approx((841.89, 595.28), abs=0.01)
    assert b"/Subtype /Image" not in pdf
    assert b"BI\n" not in pdf


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("speed", [12.5, 25, 50])
@pytest.mark.parametrize("gain", [5, 10, 20])
def test_every_layout_stays_on_the_paper_and_shows_every_second(layout: str, speed: float, gain: float) -> None:
    pages = pages_of(layout, STANDARD_LEADS, 10, speed, gain)  # type: ignore[arg-type]
    cells = [cell for one in pages for cell in one.cells]
    assert all(cell.x_mm + cell.seconds * speed <= GRID_WIDTH_MM + 1e-9 for cell in cells)
    assert all(0 < one.middle_mm(cell.row) < GRID_HEIGHT_MM for one in pages for cell in one.cells)
    leads = {cell.lead for cell in cells}
    assert leads == ({"II"} if layout == "rhythm" else set(STANDARD_LEADS))
    shown = {"3x4": 2.5, "3x4+1": 2.5, "3x4+3": 2.5, "6x2": 5.0}.get(layout, 10.0)
    assert all(sum(cell.seconds for cell in cells if cell.lead == lead) >= shown - 1e-9 for lead in leads)


def test_cabrera_turns_avr_round_and_keeps_his_order() -> None:
    (one,) = pages_of("cabrera", STANDARD_LEADS, 10, 25, 10)
    assert [("-" if cell.inverted else "") + cell.lead for cell in one.cells][:6] == [
        *("aVL", "I", "-aVR", "II", "aVF", "III"),
    ]


def test_the_paper_says_what_it_is() -> None:
    look = EcgLook("3x4+1", 25, 5, FilterChoice(0.5, 40, 50))
    device, measured = {"pr_ms": 161, "statements": ["窦性心律"]}, {"pr_ms": 154.4, "hr": None}
    said = words(printed(ticks(), look, device=device, measured=measured, engine="e1"))
    for expected in (
        "王建国",
        "25mm/s5mm/mV显示滤波（零相位）：≥0.5Hz,≤40Hz,工频50Hz",
        "设备测量——161",
        "本系统测量e1——154",
        "设备自动诊断（未经医师确认）：窦性心律",
        "aVR′",
        "′为计算所得导联",
        "第1页共1页",
    ):
        assert expected in said, expected
    assert "未滤波" in words(printed(ticks()))


def test_lead_off_is_not_drawn_and_a_lost_lead_is_named(rendered: Callable[[bytes], Picture]) -> None:
    signal = np.full((2, 10 * HZ), 500.0)
    signal[0, 4 * HZ : 6 * HZ] = np.nan
    signal[1] = np.nan
    pdf = printed(Recording("made", ("I", "II"), HZ, signal), EcgLook("12x1"))
    assert "无信号" in words(pdf)
    (one,) = pages_of("12x1", ("I", "II"), 10, 25, 10)
    row = round((TOP_MM + one.middle_mm(0)) * PIXELS_PER_MM)
    drawn = ink(rendered(pdf))[row - 4 : row + 4].any(axis=0)
    left = LEFT_MM + pulse_room_mm(25)

    def between(first: float, last: float) -> NDArray[np.bool_]:
        return drawn[round((left + first) * PIXELS_PER_MM) : round((left + last) * PIXELS_PER_MM)]

    assert between(1, 99).all()
    assert not between(101, 149).any()
    assert between(151, 249).all()


def test_a_tracing_that_is_gone_is_told_and_not_drawn() -> None:
    assert "无法打印波形" in words(printed(None))


def test_the_same_ecg_gives_the_same_bytes() -> None:
    assert printed(ticks()) == printed(ticks())
