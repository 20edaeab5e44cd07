"""ECG objects made for one question each."""

from typing import Any

from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

CODES = {"I": "2:1", "II": "2:2", "III": "2:61", "aVR": "2:62", "aVL": "2:63", "aVF": "2:64"} | {
    f"V{n}": f"2:{n + 2}" for n in range(1, 7)
}


def code(value: str, meaning: str, scheme: str = "MDC") -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def channel(lead: str, **attributes: Any) -> Dataset:
    ds = Dataset()
    ds.ChannelSourceSequence = code(CODES.get(lead, ""), f"Lead {lead}")
    ds.ChannelSensitivity = "1"
    ds.ChannelSensitivityUnitsSequence = code("uV", "microvolt", "UCUM")
    ds.ChannelSensitivityCorrectionFactor = "1"
    ds.ChannelBaseline = "0"
    ds.WaveformBitsStored = 16
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def group(
    stored: NDArray[Any], channels: list[Dataset], hz: float = 500, label: str = "RHYTHM", **attributes: Any
) -> Dataset:
    """`stored` is (samples, channels), in the type and byte order that goes into the file."""
    ds = Dataset()
    kinds = {"i1": "SB", "u1": "UB", "i2": "SS", "u2": "US", "i4": "SL", "u4": "UL"}
    ds.WaveformOriginality = "ORIGINAL"
    ds.NumberOfWaveformChannels = stored.shape[1]
    ds.NumberOfWaveformSamples = stored.shape[0]
    ds.SamplingFrequency = str(hz)
    ds.MultiplexGroupLabel = label
    ds.ChannelDefinitionSequence = Sequence(channels)
    ds.WaveformBitsAllocated = 8 * stored.dtype.itemsize
    ds.WaveformSampleInterpretation = kinds[stored.dtype.str[1:]]
    ds.add_new("WaveformData", "OW", stored.tobytes())
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def ecg(*groups: Dataset) -> Dataset:
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.WaveformSequence = Sequence(groups)
    return ds
