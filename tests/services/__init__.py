"""Real servers and peers for the tests: every test session starts its own copies, on free ports, in folders of their own."""
