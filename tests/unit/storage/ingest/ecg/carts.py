"""Files as carts write them, made from samples that the test knows: an encoder for each format that is read."""

import base64
import binascii
import struct
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

EIGHT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
SCP_NUMBERS = {name: number for number, name in enumerate(EIGHT, start=1)} | {
    "III": 61,
    "aVR": 62,
    "aVL": 63,
    "aVF": 64,
}


def beats(leads: int, samples: int, *, largest: int = 400) -> np.ndarray:
    """Integers that look like hearts: (leads, samples), each lead different, all within `largest`."""
    at = np.arange(samples)
    rows = []
    for lead in range(leads):
        row = 20 * np.sin(at / (37 + lead))
        for start in range(60, samples, 200):
            row += (largest - 60 - 9 * lead) * np.exp(-(((at - start) / (3 + lead / 4)) ** 2))
        rows.append(np.rint(row))
    return np.array(rows, dtype=np.int64)


def muse(rows: np.ndarray, leads: Sequence[str] = EIGHT, *, units: float = 4.88, hz: int = 500) -> bytes:
    def lead(name: str, row: np.ndarray) -> str:
        data = row.astype("<i2").tobytes()
        return (
            f"<LeadData><LeadSampleCountTotal>{len(row)}</LeadSampleCountTotal>"
            f"<LeadAmplitudeUnitsPerBit>{units}</LeadAmplitudeUnitsPerBit>"
            f"<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>{name}</LeadID>"
            f"<LeadDataCRC32>{zlib.crc32(data)}</LeadDataCRC32>"
            f"<WaveFormData>{base64.b64encode(data).decode()}</WaveFormData></LeadData>"
        )

    body = "".join(map(lead, leads, rows))
    return (
        '<?xml version="1.0" encoding="GBK"?><!DOCTYPE RestingECG SYSTEM "restecg.dtd"><RestingECG>'
        "<PatientDemographics><PatientID>0007</PatientID><PatientAge>61</PatientAge><AgeUnits>YEARS</AgeUnits>"
        "<Gender>FEMALE</Gender><PatientLastName>赵</PatientLastName><PatientFirstName>小兰</PatientFirstName>"
        "<DateofBirth>03-05-1965</DateofBirth></PatientDemographics>"
        "<TestDemographics><AcquisitionDate>11-20-2026</AcquisitionDate><AcquisitionTime>08:30:00</AcquisitionTime>"
        "<AcquisitionDevice>MAC55</AcquisitionDevice></TestDemographics>"
        "<RestingECGMeasurements><VentricularRate>71</VentricularRate><PRInterval>150</PRInterval></RestingECGMeasurements>"
        "<Diagnosis><DiagnosisStatement><StmtText>窦性心律</StmtText></DiagnosisStatement></Diagnosis>"
        f"<Waveform><WaveformType>Rhythm</WaveformType><SampleBase>{hz}</SampleBase><SampleExponent>0</SampleExponent>"
        f"<HighPassFilter>5</HighPassFilter><LowPassFilter>150</LowPassFilter><ACFilter>50</ACFilter>{body}</Waveform>"
        "</RestingECG>"
    ).encode("gbk")


def aecg(
    rows: np.ndarray, leads: Sequence[str] = TWELVE, *, step: str = "2.5", unit: str = "uV", origin: str = "0"
) -> bytes:
    def sequence(name: str, row: np.ndarray) -> str:
        digits = " ".join(map(str, row))
        return (
            f'<component><sequence><code code="MDC_ECG_LEAD_{name.upper()}"/><value><origin value="{origin}" unit="{unit}"/>'
            f'<scale value="{step}" unit="{unit}"/><digits>{digits}</digits></value></sequence></component>'
        )

    time = (
        '<component><sequence><code code="TIME_ABSOLUTE"/><value><head value="20261120083000"/>'
        '<increment value="2" unit="ms"/></value></sequence></component>'
    )
    return (
        '<AnnotatedECG xmlns="urn:hl7-org:v3"><component><series><code code="RHYTHM"/>'
        '<effectiveTime><low value="20261120083000.000"/></effectiveTime>'
        f"<component><sequenceSet>{time}{''.join(map(sequence, leads, rows))}</sequenceSet></component></series></component>"
        "</AnnotatedECG>"
    ).encode()


def sierra(rows: np.ndarray, *, packed: bool = True, hz: int = 500) -> bytes:
    """UTF-16 with a mark, as Philips writes it. `rows` are the twelve leads in fives of microvolts."""
    data = _xli(_remainders(rows)) if packed else rows.astype("<i2").tobytes()
    how = 'compression="XLI"' if packed else 'compression="Uncompressed"'
    return (
        '<?xml version="1.0" encoding="utf-16"?><restingecgdata xmlns="http://www3.medical.philips.com">'
        "<documentinfo><documentversion>1.04</documentversion></documentinfo>"
        '<dataacquisition date="2026-11-20" time="08:30:00"><machine machineid="S1">PageWriter</machine>'
        f"<signalcharacteristics><samplingrate>{hz}</samplingrate><resolution>5</resolution><signaloffset>0</signaloffset>"
        "</signalcharacteristics></dataacquisition>"
        "<patient><generalpatientdata><patientid>0007</patientid><name><lastname>赵</lastname><firstname>小兰</firstname></name>"
        "<age><dateofbirth>1965-03-05</dateofbirth></age><sex>Female</sex></generalpatientdata></patient>"
        f'<waveforms><parsedwaveforms {how} leadlabels="{" ".join(TWELVE)}" durationperchannel="{rows.shape[1] * 1000 // hz}">'
        f"{base64.b64encode(data).decode()}</parsedwaveforms></waveforms></restingecgdata>"
    ).encode("utf-16")


def _remainders(rows: np.ndarray) -> np.ndarray:
    one, two, three, avr, avl, avf = rows[:6]
    rest = [two - one - three, -avr - (one + two) // 2, (one - three) // 2 - avl, (two + three) // 2 - avf]
    return np.array([one, two, *rest, *rows[6:]])


def _xli(rows: np.ndarray) -> bytes:
    packed = b""
    for row in rows:
        values = [int(value) for value in row]
        needed = [2 * values[i - 1] - values[i - 2] - values[i] for i in range(2, len(values))]
        start = needed[0] if needed else 0
        deltas = [*values[:2], *(value + 64 for value in needed[1:]), 64]
        words = np.array(deltas, dtype=np.int64).astype(np.uint16)
        chunk = _lzw((words >> 8).astype(np.uint8).tobytes() + (words & 0xFF).astype(np.uint8).tobytes())
        packed += struct.pack("<iHh", len(chunk), 0, start) + chunk
    return packed


def _lzw(data: bytes) -> bytes:
    codes: dict[bytes, int] = {bytes([value]): value for value in range(256)}
    out, text = [], b""
    for value in data:
        longer = text + bytes([value])
        if longer in codes:
            text = longer
            continue
        out.append(codes[text])
        if len(codes) <= 1022:
            codes[longer] = len(codes)
        text = bytes([value])
    bits = "".join(f"{code:010b}" for code in [*out, codes[text], 1023])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def scp(
    rows: np.ndarray,
    leads: Sequence[str] = EIGHT,
    *,
    hz: int = 500,
    nanovolts: int = 2500,
    differences: int = 2,
    huffman: bool = True,
    tables: bytes | None = None,
    codes: Mapping[int, str] | None = None,
    beat: tuple[np.ndarray, int, Sequence[tuple[int, int, int]]] | None = None,
) -> bytes:
    """`beat` is the reference beat, its fiducial sample, and first, fiducial and last sample of each place, all from 1."""
    whole = rows.copy()
    if beat is not None:
        reference, fiducial, places = beat
        for first, middle, last in places:
            start = first - 1 - (middle - fiducial)
            whole[:, first - 1 : last] -= reference[:, start : start + last - first + 1]
    sections = {1: _who(), 3: _leads(leads, rows.shape[1], subtracted=beat is not None)}
    if huffman:
        sections[2] = struct.pack("<H", 19999) if tables is None else tables
    if beat is not None:
        sections[4] = struct.pack("<HHH", reference.shape[1] * 1000 // hz, fiducial, len(places)) + b"".join(
            struct.pack("<HIII", 0, *place) for place in places
        )
        sections[5] = _samples(reference, hz, nanovolts, differences, huffman=huffman, codes=codes)
    sections[6] = _samples(whole, hz, nanovolts, differences, huffman=huffman, codes=codes)
    return _record(sections)


def _who() -> bytes:
    fields = {0: "赵".encode("gbk"), 1: b"Xiaolan", 2: b"0007", 5: struct.pack("<HBB", 1965, 3, 5), 8: b"\x02"}
    fields |= {25: struct.pack("<HBB", 2026, 11, 20), 26: bytes([8, 30, 0]), 27: struct.pack("<H", 5)}
    fields |= {28: struct.pack("<H", 150), 29: b"\x02"}
    return b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in fields.items()) + b"\xff\0\0"


def _leads(leads: Sequence[str], samples: int, *, subtracted: bool) -> bytes:
    head = bytes([len(leads), int(subtracted) | 4])
    return head + b"".join(struct.pack("<IIB", 1, samples, SCP_NUMBERS[name]) for name in leads)


def default_code(value: int) -> str:
    """EN 1064 table C.1."""
    size = abs(value)
    if size <= 8:
        return "0" if not size else "1" * size + "0" + ("0" if value > 0 else "1")
    if -128 <= value < 128:
        return "1111111110" + f"{value & 0xFF:08b}"
    return "1111111111" + f"{value & 0xFFFF:016b}"


def _samples(
    rows: np.ndarray, hz: int, nanovolts: int, differences: int, *, huffman: bool, codes: Mapping[int, str] | None
) -> bytes:
    chunks = []
    for row in rows:
        values = row if differences == 0 else np.concatenate((row[:differences], np.diff(row, differences)))
        if huffman:
            bits = "".join(codes[int(one)] if codes else default_code(int(one)) for one in values)
            bits += "0" * (-len(bits) % 16)
            chunks.append(int(bits, 2).to_bytes(len(bits) // 8, "big"))
        else:
            chunks.append(values.astype("<i2").tobytes())
    sizes = struct.pack(f"<{len(chunks)}H", *map(len, chunks))
    return struct.pack("<HHBB", nanovolts, 1_000_000 // hz, differences, 0) + sizes + b"".join(chunks)


def _record(sections: Mapping[int, bytes]) -> bytes:
    pointers, body, at = b"", b"", 6 + 16 + 10 * 12
    for number in range(1, 12):
        content = sections.get(number, b"")
        content += b"\0" * (len(content) % 2)
        size = 16 + len(content) if content else 0
        pointers += struct.pack("<HII", number, size, at + 1 if size else 0)
        if size:
            body += _section(number, content, b"\0" * 6)
            at += size
    pointers = struct.pack("<HII", 0, 16 + 120, 7) + pointers
    rest = struct.pack("<I", 6 + 136 + len(body)) + _section(0, pointers, b"SCPECG") + body
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def _section(number: int, content: bytes, reserved: bytes) -> bytes:
    rest = struct.pack("<HIBB", number, 16 + len(content), 20, 20) + reserved + content
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def edf(
    rows: np.ndarray, leads: Sequence[str] = EIGHT, *, hz: int = 500, unit: str = "mV", reach: float = 5.0
) -> bytes:
    """Records of a second; digital range of 16 bits over `reach` either way."""
    seconds, number = rows.shape[1] // hz, len(leads)
    head = b"0       " + b"0007 F 05-MAR-1965 Zhao_Xiaolan".ljust(80) + b"Startdate 20-NOV-2026 X X X".ljust(80)
    head += b"20.11.2608.30.00" + str(256 * (number + 1)).encode().ljust(8) + b"EDF+C".ljust(44)
    head += str(seconds).encode().ljust(8) + b"1       " + str(number).encode().ljust(4)
    columns = [[f"ECG {name}" for name in leads], ["Ag/AgCl"] * number, [unit] * number, [str(-reach)] * number]
    columns += [[str(reach)] * number, ["-32768"] * number, ["32767"] * number]
    columns += [["HP:0.05Hz LP:150Hz N:50Hz"] * number, [str(hz)] * number, [""] * number]
    for width, column in zip((16, 80, 8, 8, 8, 8, 8, 80, 8, 32), columns, strict=True):
        head += b"".join(one.encode().ljust(width) for one in column)
    records = rows[:, : seconds * hz].reshape(number, seconds, hz).transpose(1, 0, 2)
    return head + records.astype("<i2").tobytes()


def contec(rows: np.ndarray) -> bytes:
    """Fives of microvolts above a zero at 2048; a row of None would be an electrode that is off."""
    head = b"0000007\0\0\x002026-11-20 08:30:00\0\0\0" + "赵小兰".encode("gbk").ljust(8, b"\0") + bytes([0, 61, 0])
    return head + (rows + 2048).astype("<u2").T.tobytes() + bytes(37)


def zoncare(rows: np.ndarray, *, hz: int = 500) -> bytes:
    table = np.vstack([rows, np.zeros((1, rows.shape[1]), dtype=np.int64)]).astype("<i2").T.tobytes()
    return (
        f"<zqecg><lead>12</lead><sample>{hz}</sample><second>{rows.shape[1] // hz}</second>"
        f"<data>{base64.b64encode(table).decode()}</data></zqecg>"
    ).encode()


def mfer(rows: np.ndarray, leads: Sequence[str] = EIGHT, *, sequences: int = 4) -> bytes:
    """Big endian, 500 Hz, 2.5 microvolts."""

    def field(tag: int, value: bytes) -> bytes:
        size = bytes([len(value)]) if len(value) < 128 else b"\x84" + struct.pack(">I", len(value))
        return bytes([tag]) + size + value

    block = rows.shape[1] // sequences
    data = rows[:, : block * sequences].reshape(len(leads), sequences, block).transpose(1, 0, 2).astype(">i2").tobytes()
    parts = [field(0x40, b"MFR Standard 12 leads ECG".ljust(32)), field(0x01, b"\0"), field(0x08, b"\0\x01")]
    parts += [field(0x82, b"0007"), field(0x81, "赵小兰".encode("gbk")), field(0x84, b"\x02")]
    parts += [field(0x85, struct.pack(">H5B", 2026, 11, 20, 8, 30, 0) + bytes(4))]
    parts += [field(0x0B, b"\x01\xfd\x00\x02"), field(0x0C, b"\0\xf9\0\x19"), field(0x0A, b"\0")]
    parts += [field(0x05, bytes([len(leads)])), field(0x04, struct.pack(">I", block)), field(0x06, bytes([sequences]))]
    for channel, name in enumerate(leads):
        parts.append(bytes([0x3F, channel]) + bytes([3, 0x09, 1, SCP_NUMBERS[name]]))
    return b"".join(parts) + field(0x1E, data) + b"\x80\0"
