"""Measuring in images: from points to figures, kept with the study, sealed with the report."""
