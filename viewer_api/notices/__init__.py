"""What people are told, where they are reached, and what could not be delivered."""
