"""Consultations: what an upper-level hospital is asked, and what it says."""
