"""Links that show one study for a while."""
