"""The audit trail: search, export, and its state."""
