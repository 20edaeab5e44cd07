"""The modality worklist (PS3.4 K): what equipment is told to examine."""
