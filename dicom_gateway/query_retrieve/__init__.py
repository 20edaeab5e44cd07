"""Query/Retrieve (PS3.4 annex C): C-FIND, C-MOVE and C-GET, patient root and study root."""
