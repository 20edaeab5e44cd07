"""Templates, phrases and structured reports over HTTP."""
