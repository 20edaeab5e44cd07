"""ECG objects as files, of waves made for a question."""

import io

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.unit.reading_queue.preprocessing.ecg.ecgs import channel, code, group
from tests.unit.reading_queue.preprocessing.ecg.synthetic import LEADS, Made

TWELVE_LEAD, AMBULATORY = "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.9.1.3"


def ecg_file(made: Made, *, sop_class: str = TWELVE_LEAD, annotations: tuple[Dataset, ...] = (), **attributes) -> bytes:
    """A Part 10 file with the samples in whole microvolts."""
    stored = np.rint(made.signal).astype("<i2").T
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.PatientID, ds.PatientName, ds.PatientSex, ds.PatientBirthDate = "P1", "Li^Hua", "M", "19600101"
    ds.Modality, ds.StudyDate, ds.StudyTime, ds.InstanceNumber = "ECG", "20260309", "080000", 1
    ds.WaveformSequence = Sequence([group(np.ascontiguousarray(stored), [channel(lead) for lead in LEADS], made.hz)])
    if annotations:
        ds.WaveformAnnotationSequence = Sequence(annotations)
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = sop_class, ds.SOPInstanceUID
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = io.BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def device_value(concept: str, meaning: str, value: float, unit: str = "ms", scheme: str = "SCPECG") -> Dataset:
    ds = Dataset()
    ds.ConceptNameCodeSequence = code(concept, meaning, scheme)
    ds.MeasurementUnitsCodeSequence = code(unit, unit, "UCUM")
    ds.NumericValue = value
    ds.ReferencedWaveformChannels = [1, 0]
    return ds


def device_words(words: str) -> Dataset:
    ds = Dataset()
    ds.UnformattedTextValue = words
    ds.ReferencedWaveformChannels = [1, 0]
    return ds
