"""Patients who are sent on."""
