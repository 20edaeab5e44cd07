"""What becomes of results once they are signed: fetched, printed, or waited for in vain."""
