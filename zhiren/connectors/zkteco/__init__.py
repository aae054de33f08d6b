"""ZKTeco clocks that push: they call us by HTTP, tell of punches, and ask for commands."""
