"""Who is asking: passwords, tokens, and the caller of a request."""
