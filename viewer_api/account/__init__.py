"""My account: password, second factor, my sessions."""
