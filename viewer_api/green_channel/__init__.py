"""Green-channel cases and their milestones."""
