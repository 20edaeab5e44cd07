"""ECGs in the reading workflow: read from DICOM, measured once, suspicions raised, statements proposed."""
