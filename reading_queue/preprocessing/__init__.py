"""Pictures out of DICOM objects: pure functions from data sets to arrays and encoded bytes, no database, no network, no settings."""
