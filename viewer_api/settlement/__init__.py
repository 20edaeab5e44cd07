"""Statements of clinics and readers, month by month."""
