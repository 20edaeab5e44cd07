"""Memory: 200 associations held open while one 2 GB ultrasound clip comes in over another.

.venv/bin/python -m bench.many_associations [--associations 200] [--gigabytes 2]
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pydicom
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage, generate_uid

from bench.objects import write_objects
from bench.receivers import county_receiver, peak_megabytes, push, running_county
from tests.functional.gateway.raw import associated

_FRAME = 1 << 20


def write_clip(folder: Path, gigabytes: float) -> tuple[str, Path]:
    """A multi-frame object whose pixel data is that large, on a sparse file; its study, its file."""
    study, files = write_objects(folder, "CT 0.5 MB", 1, seed=1)
    frames = int(gigabytes * (1 << 30)) // _FRAME - 1
    dataset = pydicom.dcmread(files[0])
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.Modality, dataset.Rows, dataset.Columns, dataset.BitsAllocated = "US", 1024, 1024, 8
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation, dataset.NumberOfFrames = 8, 7, 0, frames
    for tag in [element.tag for element in dataset if element.VR in ("SS", "US or SS")]:
        del dataset[tag]
    for element in dataset.group_dataset(0xFFFC):
        del dataset[element.tag]
    dataset.PixelData = b"\0\0"
    dataset.save_as(files[0])
    length = frames * _FRAME
    start = files[0].read_bytes()[:-6]
    with files[0].open("wb") as file:
        file.write(start + length.to_bytes(4, "little"))
        file.truncate(file.tell() + length)
    return study, files[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--associations", type=int, default=200)
    parser.add_argument("--gigabytes", type=float, default=2)
    arguments = parser.parse_args()
    print("| associations | clip GB | s to the answer | s to visible | peak MB gateway | peak MB intake |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with running_county(folder) as county, ExitStack() as held:
            receiver = county_receiver(county)
            study, clip = write_clip(folder / "clip", arguments.gigabytes)
            # Of the CTs of fifteen clinics; a single device may not take all the room.
            lines = [
                held.enter_context(associated(receiver.port, f"T{number % 15 + 1:02d}_CT"))
                for number in range(arguments.associations)
            ]
            result = push(receiver, study, [clip], 1)
            memory = [peak_megabytes([pid]) for pid in receiver.pids]
            cells = f"{len(lines)} | {arguments.gigabytes:g} | {result.answered:.1f} | {result.visible or 0:.1f}"
            print(f"| {cells} | {memory[0]:.0f} | {memory[1]:.0f} |")


if __name__ == "__main__":
    main()
