"""Image grades, retake orders, the check of a report, peer review, discrepancies and quality figures."""
