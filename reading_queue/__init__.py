"""The reading workflow: from a study that is ready to a signed report that the clinic holds."""
