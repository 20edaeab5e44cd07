"""Clinics, the centre and upper hospitals, for those who run the county."""
