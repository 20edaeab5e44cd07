"""A recording as a DICOM waveform object (PS3.3 A.34.3 to A.34.6): the samples as they are, the cart's file beside them.

The original file lies in a private element, so that whatever a reader of its format missed can be had later.
"""

import hashlib
import json
import uuid
from datetime import datetime
from io import BytesIO

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import DSfloat

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.leads import NUMBERS
from storage.ingest.ecg.quantising import Stored, stored_as
from storage.ingest.ecg.recording import STANDARD_LEADS, Recording
from storage.ingest.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME

TWELVE_LEAD = UID("1.2.840.10008.5.1.4.1.1.9.1.1")
GENERAL = UID("1.2.840.10008.5.1.4.1.1.9.1.2")
AMBULATORY = UID("1.2.840.10008.5.1.4.1.1.9.1.3")
GENERAL_32_BIT = UID("1.2.840.10008.5.1.4.1.1.9.1.4")

PRIVATE_GROUP, PRIVATE_CREATOR = 0x0031, "COUNTYREAD ECG"
FORMAT, ORIGINAL, ASSUMED = 0x01, 0x02, 0x03
"""Elements of the private block: name of the format, the file as it came, what had to be taken for granted (JSON)."""

_NAMESPACE = uuid.UUID("6d1a4a0e-6f0b-5d0c-9f58-0e6c1a3f6a57")
_MOST_SAMPLES, _MOST_CHANNELS = 16384, 13
_GENERAL_CHANNELS, _AMBULATORY_CHANNELS = 24, 12
_DIAGNOSTIC, _LOWEST, _HIGHEST = 200.0, 50.0, 1000.0
_PADDING = b"\x00\x80"
_MEASURES = (
    ("hr", "2:16770", "Heart Rate", "{H.B.}/min"),
    ("rr_ms", "2:16168", "RR Interval Global", "ms"),
    ("p_ms", "2:16152", "P Duration Global", "ms"),
    ("pr_ms", "2:15872", "PR Interval Global", "ms"),
    ("qrs_ms", "2:16156", "QRS Duration Global", "ms"),
    ("qt_ms", "2:16160", "QT Interval Global", "ms"),
    ("qtc_ms", "2:16164", "QTc Interval Global", "ms"),
    ("qtc_bazett_ms", "2:15876", "QTc Interval Global, Bazett Formula", "ms"),
    ("qtc_fridericia_ms", "2:15880", "QTc Interval Global, Fridericia Formula", "ms"),
    ("p_axis_deg", "2:16128", "P Axis", "deg"),
    ("qrs_axis_deg", "2:16132", "QRS Axis", "deg"),
    ("t_axis_deg", "2:16136", "T Axis", "deg"),
)
_MOST_TEXT = 1024


def as_dicom(recording: Recording, original: bytes, source: str, received_at: datetime) -> bytes:
    """A Part 10 file. The same file from the same `source` (AE title) is the same object. Raises `UnreadableEcg`."""
    ds = Dataset()
    _identify(ds, recording, original, source)
    _describe(ds, recording, received_at)
    ds.WaveformSequence = [_group(recording)]
    if annotations := _annotations(recording):
        ds.WaveformAnnotationSequence = annotations
    block = ds.private_block(PRIVATE_GROUP, PRIVATE_CREATOR, create=True)
    block.add_new(FORMAT, "LO", recording.format)
    block.add_new(ORIGINAL, "OB", original + b"\0" * (len(original) % 2))
    block.add_new(ASSUMED, "UT", json.dumps(recording.assumed, ensure_ascii=False))
    return _encoded(ds)


def _encoded(ds: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    ds.file_meta = meta
    stream = BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _identify(ds: Dataset, recording: Recording, original: bytes, source: str) -> None:
    digest = hashlib.sha256(original).hexdigest()

    def uid(level: str) -> str:
        return f"2.25.{uuid.uuid5(_NAMESPACE, f'{level}/{source}/{digest}').int}"

    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class_of(recording), uid("instance")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid("study"), uid("series")


def sop_class_of(recording: Recording) -> UID:
    """The narrowest that allows it (PS3.3 A.34.3.4, A.34.4.4, A.34.5.4, Supplement 237). Raises `UnreadableEcg`."""
    channels, samples = recording.microvolts.shape
    if recording.hz > _HIGHEST:
        return GENERAL_32_BIT
    if recording.hz >= _DIAGNOSTIC and channels <= _GENERAL_CHANNELS:
        of_twelve = set(STANDARD_LEADS) >= set(recording.leads) and channels <= _MOST_CHANNELS
        return TWELVE_LEAD if of_twelve and samples <= _MOST_SAMPLES else GENERAL
    if recording.hz >= _LOWEST and channels <= _AMBULATORY_CHANNELS:
        return AMBULATORY
    raise UnreadableEcg("The ECG has a rate, or a number of leads, that DICOM has no object for.")


def _describe(ds: Dataset, recording: Recording, received_at: datetime) -> None:
    patient, device = recording.patient, recording.device
    ds.PatientName, ds.PatientID, ds.PatientSex = patient.name[:64], patient.patient_id[:64], patient.sex
    ds.PatientBirthDate = patient.birth_date.strftime("%Y%m%d") if patient.birth_date else ""
    if patient.age_years is not None and patient.age_years >= 1:
        ds.PatientAge = f"{min(int(patient.age_years), 999):03d}Y"
    at = recording.started_at or received_at
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = at.strftime("%Y%m%d")
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = at.strftime("%H%M%S")
    ds.AcquisitionDateTime = at.strftime("%Y%m%d%H%M%S")
    ds.Modality = "ECG"
    ds.AccessionNumber = ds.ReferringPhysicianName = ""
    ds.StudyID = "1"
    ds.SeriesNumber = ds.InstanceNumber = 1
    ds.SeriesDescription = recording.format
    ds.Manufacturer = str(device.get("manufacturer", ""))[:64]
    for keyword, key in (
        ("ManufacturerModelName", "model"),
        ("DeviceSerialNumber", "serial"),
        ("SoftwareVersions", "software"),
    ):
        if device.get(key):
            setattr(ds, keyword, str(device[key]).replace("\\", "/")[:64])
    ds.AcquisitionContextSequence = []


def _group(recording: Recording) -> Dataset:
    wide = recording.hz > _HIGHEST
    stored = [stored_as(row, wide=wide) for row in recording.microvolts]
    item = Dataset()
    item.WaveformOriginality = "ORIGINAL"
    item.NumberOfWaveformChannels, item.NumberOfWaveformSamples = recording.microvolts.shape
    item.SamplingFrequency = DSfloat(recording.hz, auto_format=True)
    item.MultiplexGroupLabel = "RHYTHM"
    item.WaveformBitsAllocated = 32 if wide else 16
    item.WaveformSampleInterpretation = "SL" if wide else "SS"
    if np.isnan(recording.microvolts).any():
        item.add_new(0x5400100A, "OW", b"\0\0\0\x80" if wide else _PADDING)
    item.ChannelDefinitionSequence = [
        _channel(recording, name, one, bits=item.WaveformBitsAllocated)
        for name, one in zip(recording.leads, stored, strict=True)
    ]
    data = np.stack([one.samples for one in stored], axis=1).astype("<i4" if wide else "<i2").tobytes()
    item.add_new(0x54001010, "OW", data)
    return item


def _channel(recording: Recording, name: str, stored: Stored, *, bits: int) -> Dataset:
    channel = Dataset()
    channel.ChannelLabel = name
    channel.ChannelSourceSequence = [_lead(name)]
    channel.ChannelSensitivity = DSfloat(stored.step, auto_format=True)
    channel.ChannelSensitivityUnitsSequence = [_code("uV", "UCUM", "microvolt")]
    channel.ChannelSensitivityCorrectionFactor = 1
    channel.ChannelBaseline = DSfloat(stored.baseline, auto_format=True)
    channel.ChannelSampleSkew = 0
    channel.WaveformBitsStored = bits
    if name in recording.derived:
        channel.ChannelDerivationDescription = "Worked out from leads I and II"
    filters = recording.filters
    for keyword, hz in (
        ("FilterLowFrequency", filters.low_hz),
        ("FilterHighFrequency", filters.high_hz),
        ("NotchFilterFrequency", filters.notch_hz),
    ):
        if hz is not None:
            setattr(channel, keyword, DSfloat(hz, auto_format=True))
    return channel


def _lead(name: str) -> Dataset:
    """PS3.16 CID 3001; a lead without a code there is named, as carts do, beside the nearest."""
    if name in NUMBERS:
        return _code(f"2:{NUMBERS[name]}", "MDC", f"Lead {name}")
    return _code("2:0", "MDC", f"Unspecified lead {name}"[:64])


def _annotations(recording: Recording) -> list[Dataset]:
    items = []
    for field, code, meaning, unit in _MEASURES:
        value = getattr(recording.device_measurements, field)
        if value is None:
            continue
        item = _annotation()
        item.ConceptNameCodeSequence = [_code(code, "MDC", meaning)]
        item.MeasurementUnitsCodeSequence = [_code(unit, "UCUM", unit)]
        item.NumericValue = DSfloat(value, auto_format=True)
        items.append(item)
    for statement in recording.device_statements:
        item = _annotation()
        item.UnformattedTextValue = statement[:_MOST_TEXT]
        items.append(item)
    return items


def _annotation() -> Dataset:
    """On the whole of the first group."""
    item = Dataset()
    item.AnnotationGroupNumber = 1
    item.ReferencedWaveformChannels = [1, 0]
    return item


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code
