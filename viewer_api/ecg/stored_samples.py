"""Some seconds of a stored recording: by range where that saves reading, whole where it does not."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from reading_queue.preprocessing.ecg.stored import StoredEcg, find_samples
from reading_queue.preprocessing.ecg.waveform import EcgWaveform, with_derived_limb_leads
from reading_queue.preprocessing.errors import UnreadableWaveform
from storage.db.models import Instance
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork
from storage.domain.errors import UnreadableEcg
from storage.objects import ObjectStore
from viewer_api.ecg.ranged import ranged
from viewer_api.ecg.samples import Part, part_of, span
from viewer_api.ecg.service import read_recording

_WHOLE_UP_TO = 4 << 20
"""Bytes of an object that is read at once: a resting ECG has a tenth of it."""


@dataclass(frozen=True, slots=True)
class StoredSamples:
    """An ECG object, and where its samples lie when that is known from measuring it."""

    object_key: str
    size: int
    known: StoredEcg | None

    @classmethod
    def of(cls, work: UnitOfWork, instance: Instance) -> "StoredSamples":
        row = queries.latest_ambulatory(work, instance) if instance.size > _WHOLE_UP_TO else None
        known = StoredEcg.from_json(row.document["stored"]) if row is not None else None
        return cls(instance.object_key, instance.size, known)

    def part(self, store: ObjectStore, start_s: float, seconds: float) -> Part:
        """All leads of some seconds. Raises `UnreadableEcg`."""
        try:
            ecg = self.known or self._found(store)
            if ecg is None:
                return part_of(read_recording(store, self.object_key), start_s, seconds)
            first, last = span(ecg.hz, ecg.samples, start_s, seconds)
            samples = ecg.cut(lambda begin, end: store.open_range(self.object_key, begin, end), first, last)
        except UnreadableWaveform as error:
            raise UnreadableEcg(f"The object has no ECG waveform that can be read ({error.reason}).") from error
        whole = with_derived_limb_leads(EcgWaveform(ecg.leads, ecg.hz, samples))
        return Part(whole.leads, whole.leads[len(ecg.leads) :], ecg.hz, whole.samples_uv, first, ecg.samples)

    def _found(self, store: ObjectStore) -> StoredEcg | None:
        """Of a large object that is not measured yet; None for one that is read whole."""
        if self.size <= _WHOLE_UP_TO:
            return None
        found = find_samples(cast(BinaryIO, ranged(store, self.object_key, self.size)))
        return found.ecg if found is not None else None
