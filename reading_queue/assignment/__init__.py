"""Who gets which case: rules of the county, a pure choice between cases, and why in words."""
