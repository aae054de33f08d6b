"""Template filters without HR."""
