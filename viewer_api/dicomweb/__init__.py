"""DICOMweb (PS3.18) for the viewer: search, series metadata, frames in the stored encoding, whole objects."""
