"""Systems of institutions that are called with their results."""
