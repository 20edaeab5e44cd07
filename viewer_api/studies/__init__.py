"""What arrived, where it stands, and how it looks."""
