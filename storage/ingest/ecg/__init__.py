"""Readers of ECG files that are not DICOM, each a `read` into one `Recording`."""
