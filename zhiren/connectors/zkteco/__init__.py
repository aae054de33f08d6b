"""ZKTeco clocks that push: they call us by HTTP, and tell of punches."""
