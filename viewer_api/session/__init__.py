"""Log in, log out, and what the interface remembers for a user."""
