"""Signed versions as DICOM objects of their study: structured report, encapsulated PDF, key object selection."""
