"""Orders: what clinics ask to be examined, for the worklists of their equipment."""
